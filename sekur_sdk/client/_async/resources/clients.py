"""Who orders the guarding (donneurs d'ordre)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekur_sdk.client._async.shell import AsyncResource
from sekur_sdk.client.operations import clients

if TYPE_CHECKING:
    from typing import Unpack

    from sekur_sdk.client._async.pager import AsyncPager
    from sekur_sdk.client.fields import Step
    from sekur_sdk.client.operations.clients import ClientChange, ClientFilters, NewClient
    from sekur_sdk.client.options import CallOptions
    from sekur_sdk.models.clients import Client


class AsyncClients(AsyncResource):
    """Who orders the guarding (donneurs d'ordre)."""

    def list(self, **given: Unpack[ClientFilters]) -> AsyncPager[Client]:
        """All that meet the filters."""
        return self._list(clients.list_all, given)

    async def get(self, client_id: str, **options: Unpack[CallOptions]) -> Client:
        """One by its id."""
        return await self._shell.call(clients.get(client_id), options)

    async def create(self, **given: Unpack[NewClient]) -> Client:
        """A new client, a prospect unless `status` is "active". Invoices are due `payment_days` (30) after their date."""
        return await self._call(clients.create, given)

    async def update(self, client_id: str, **given: Unpack[ClientChange]) -> Client:
        """Changes what is given; None clears what may be empty.

        Raises:
            PreconditionFailedError: it has changed since `version`.
        """
        return await self._call(clients.update, given, client_id)

    async def activate(self, client_id: str, **given: Unpack[Step]) -> Client:
        """In service."""
        return await self._call(clients.activate, given, client_id)

    async def close(self, client_id: str, **given: Unpack[Step]) -> Client:
        """Served no more."""
        return await self._call(clients.close, given, client_id)

    async def reopen(self, client_id: str, **given: Unpack[Step]) -> Client:
        """Served again."""
        return await self._call(clients.reopen, given, client_id)
