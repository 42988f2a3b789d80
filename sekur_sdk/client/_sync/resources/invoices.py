# Made from client/_async by tools/generate_sync.py: change it there.
"""Invoices."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekur_sdk.client._sync.pager import Pager
from sekur_sdk.client._sync.shell import Resource
from sekur_sdk.client.operations import invoices

if TYPE_CHECKING:
    from datetime import date
    from typing import Unpack

    from sekur_sdk.client.options import CallOptions, ListOptions, PostOptions
    from sekur_sdk.models.billing import Invoice, InvoiceStatus


class Invoices(Resource):
    """Invoices (factures)."""

    def list(
        self,
        *,
        status: InvoiceStatus | str | None = None,
        site_id: str | None = None,
        quote_id: str | None = None,
        **options: Unpack[ListOptions],
    ) -> Pager[Invoice]:
        """Invoices, by `status`, site and the quote they came from."""
        return Pager(self._shell, invoices.list_all(status=status, site_id=site_id, quote_id=quote_id), options)

    def get(self, invoice_id: str, **options: Unpack[CallOptions]) -> Invoice:
        """One invoice."""
        return self._shell.call(invoices.get(invoice_id), options)

    def issue(
        self,
        invoice_id: str,
        *,
        issued_on: date | None = None,
        due_on: date | None = None,
        version: int | None = None,
        **options: Unpack[PostOptions],
    ) -> Invoice:
        """Issues a draft: it gets its number and never changes again.

        `issued_on` is today in Europe/Paris when None, `due_on` 30 days later. With `version`, only if it has not changed since.
        """
        return self._shell.call(
            invoices.issue(invoice_id, issued_on=issued_on, due_on=due_on, version=version), options
        )
