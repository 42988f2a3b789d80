# Made from client/_async by tools/generate_sync.py: change it there.
"""Sites."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekur_sdk.client._sync.pager import Pager
from sekur_sdk.client._sync.shell import Resource
from sekur_sdk.client.operations import sites

if TYPE_CHECKING:
    from typing import Unpack

    from sekur_sdk.client.options import CallOptions, ListOptions, PostOptions
    from sekur_sdk.models.sites import Site, SiteStatus


class Sites(Resource):
    """Guarded places."""

    def list(self, *, status: SiteStatus | str | None = None, **options: Unpack[ListOptions]) -> Pager[Site]:
        """Sites, by `status`."""
        return Pager(self._shell, sites.list_all(status=status), options)

    def get(self, site_id: str, **options: Unpack[CallOptions]) -> Site:
        """One site."""
        return self._shell.call(sites.get(site_id), options)

    def create(
        self,
        *,
        name: str,
        customer_name: str,
        address: str,
        lat: float | None = None,
        lon: float | None = None,
        radius_m: float | None = None,
        time_zone: str | None = None,
        **options: Unpack[PostOptions],
    ) -> Site:
        """A new site.

        `lat`, `lon` in degrees (WGS 84), `radius_m` of its geofence in metres, `time_zone` by its IANA name
        ("Europe/Paris" when None).
        """
        return self._shell.call(
            sites.create(
                name=name,
                customer_name=customer_name,
                address=address,
                lat=lat,
                lon=lon,
                radius_m=radius_m,
                time_zone=time_zone,
            ),
            options,
        )
