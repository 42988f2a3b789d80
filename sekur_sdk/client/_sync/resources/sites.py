# Made from client/_async by tools/generate_sync.py: change it there.
"""Guarded places."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekur_sdk.client._sync.shell import Resource
from sekur_sdk.client.operations import sites

if TYPE_CHECKING:
    from typing import Unpack

    from sekur_sdk.client._sync.pager import Pager
    from sekur_sdk.client.fields import Step
    from sekur_sdk.client.operations.sites import NewSite, SiteChange, SiteFilters
    from sekur_sdk.client.options import CallOptions
    from sekur_sdk.models.sites import Site


class Sites(Resource):
    """Guarded places."""

    def list(self, **given: Unpack[SiteFilters]) -> Pager[Site]:
        """All that meet the filters."""
        return self._list(sites.list_all, given)

    def get(self, site_id: str, **options: Unpack[CallOptions]) -> Site:
        """One by its id."""
        return self._shell.call(sites.get(site_id), options)

    def create(self, **given: Unpack[NewSite]) -> Site:
        """A new site, of a client (`client_id`) or of a customer known by name alone.

        `lat`, `lon` in degrees (WGS 84), `radius_m` of its geofence in metres, `time_zone` by its IANA name
        ("Europe/Paris" when None).
        """
        return self._call(sites.create, given)

    def update(self, site_id: str, **given: Unpack[SiteChange]) -> Site:
        """Changes what is given; None clears what may be empty.

        Raises:
            PreconditionFailedError: it has changed since `version`.
        """
        return self._call(sites.update, given, site_id)

    def activate(self, site_id: str, **given: Unpack[Step]) -> Site:
        """In service."""
        return self._call(sites.activate, given, site_id)

    def close(self, site_id: str, **given: Unpack[Step]) -> Site:
        """Served no more."""
        return self._call(sites.close, given, site_id)

    def reopen(self, site_id: str, **given: Unpack[Step]) -> Site:
        """Served again."""
        return self._call(sites.reopen, given, site_id)
