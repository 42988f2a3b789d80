"""Guarded places."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekur_sdk.client._async.shell import AsyncResource
from sekur_sdk.client.operations import sites

if TYPE_CHECKING:
    from typing import Unpack

    from sekur_sdk.client._async.pager import AsyncPager
    from sekur_sdk.client.fields import Step
    from sekur_sdk.client.operations.sites import NewSite, SiteChange, SiteFilters
    from sekur_sdk.client.options import CallOptions
    from sekur_sdk.models.sites import Site


class AsyncSites(AsyncResource):
    """Guarded places."""

    def list(self, **given: Unpack[SiteFilters]) -> AsyncPager[Site]:
        """All that meet the filters."""
        return self._list(sites.list_all, given)

    async def get(self, site_id: str, **options: Unpack[CallOptions]) -> Site:
        """One by its id."""
        return await self._shell.call(sites.get(site_id), options)

    async def create(self, **given: Unpack[NewSite]) -> Site:
        """A new site, of a client (`client_id`) or of a customer known by name alone.

        `lat`, `lon` in degrees (WGS 84), `radius_m` of its geofence in metres, `time_zone` by its IANA name
        ("Europe/Paris" when None).
        """
        return await self._call(sites.create, given)

    async def update(self, site_id: str, **given: Unpack[SiteChange]) -> Site:
        """Changes what is given; None clears what may be empty.

        Raises:
            PreconditionFailedError: it has changed since `version`.
        """
        return await self._call(sites.update, given, site_id)

    async def activate(self, site_id: str, **given: Unpack[Step]) -> Site:
        """In service."""
        return await self._call(sites.activate, given, site_id)

    async def close(self, site_id: str, **given: Unpack[Step]) -> Site:
        """Served no more."""
        return await self._call(sites.close, given, site_id)

    async def reopen(self, site_id: str, **given: Unpack[Step]) -> Site:
        """Served again."""
        return await self._call(sites.reopen, given, site_id)
