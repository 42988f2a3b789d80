# Made from client/_async by tools/generate_sync.py: change it there.
"""Who orders the guarding (donneurs d'ordre)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekur_sdk.client._sync.shell import Resource
from sekur_sdk.client.operations import clients

if TYPE_CHECKING:
    from typing import Unpack

    from sekur_sdk.client._sync.pager import Pager
    from sekur_sdk.client.fields import Step
    from sekur_sdk.client.operations.clients import ClientChange, ClientFilters, NewClient
    from sekur_sdk.client.options import CallOptions
    from sekur_sdk.models.clients import Client


class Clients(Resource):
    """Who orders the guarding (donneurs d'ordre)."""

    def list(self, **given: Unpack[ClientFilters]) -> Pager[Client]:
        """All that meet the filters."""
        return self._list(clients.list_all, given)

    def get(self, client_id: str, **options: Unpack[CallOptions]) -> Client:
        """One by its id."""
        return self._shell.call(clients.get(client_id), options)

    def create(self, **given: Unpack[NewClient]) -> Client:
        """A new client, a prospect unless `status` is "active". Invoices are due `payment_days` (30) after their date."""
        return self._call(clients.create, given)

    def update(self, client_id: str, **given: Unpack[ClientChange]) -> Client:
        """Changes what is given; None clears what may be empty.

        Raises:
            PreconditionFailedError: it has changed since `version`.
        """
        return self._call(clients.update, given, client_id)

    def activate(self, client_id: str, **given: Unpack[Step]) -> Client:
        """In service."""
        return self._call(clients.activate, given, client_id)

    def close(self, client_id: str, **given: Unpack[Step]) -> Client:
        """Served no more."""
        return self._call(clients.close, given, client_id)

    def reopen(self, client_id: str, **given: Unpack[Step]) -> Client:
        """Served again."""
        return self._call(clients.reopen, given, client_id)
