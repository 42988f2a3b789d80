"""Invoices."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekur_sdk.client._async.pager import AsyncPager
from sekur_sdk.client._async.shell import AsyncResource
from sekur_sdk.client.operations import invoices

if TYPE_CHECKING:
    from datetime import date
    from typing import Unpack

    from sekur_sdk.client.options import CallOptions, ListOptions, PostOptions
    from sekur_sdk.models.billing import Invoice, InvoiceStatus


class AsyncInvoices(AsyncResource):
    """Invoices (factures)."""

    def list(
        self,
        *,
        status: InvoiceStatus | str | None = None,
        site_id: str | None = None,
        quote_id: str | None = None,
        **options: Unpack[ListOptions],
    ) -> AsyncPager[Invoice]:
        """Invoices, by `status`, site and the quote they came from."""
        return AsyncPager(self._shell, invoices.list_all(status=status, site_id=site_id, quote_id=quote_id), options)

    async def get(self, invoice_id: str, **options: Unpack[CallOptions]) -> Invoice:
        """One invoice."""
        return await self._shell.call(invoices.get(invoice_id), options)

    async def issue(
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
        return await self._shell.call(
            invoices.issue(invoice_id, issued_on=issued_on, due_on=due_on, version=version), options
        )
