"""Quotes and invoices."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Unpack

import attrs

from sekur_sdk.client.endpoint import Resource, fetch, listing, post
from sekur_sdk.client.options import CallOptions, ListOptions, PostOptions, StepOptions
from sekur_sdk.client.shells import ShellT
from sekur_sdk.models.billing import Invoice, InvoiceStatus, LineKind, Party, Quote, QuoteStatus
from sekur_sdk.models.paging import Page


@attrs.frozen(kw_only=True)
class NewLine:
    """A line to be quoted; the server works out the amounts.

    `quantity` in hours, or in units for a flat line; `unit_price` in euros excluding VAT; `vat_rate` as a fraction
    (`Decimal("0.2")` is 20 %), that of the company when None.
    """

    kind: LineKind | str
    description: str
    quantity: Decimal | int
    unit_price: Decimal | int
    vat_rate: Decimal | int | None = None


class Quotes(Resource[ShellT]):
    """Quotes (devis)."""

    @listing("/quotes")
    def list(
        self, *, status: QuoteStatus | str | None = None, site_id: str | None = None, **options: Unpack[ListOptions]
    ) -> Page[Quote]:
        """Quotes, by `status` and site."""

    @fetch("/quotes/{quote_id}")
    def get(self, quote_id: str, **options: Unpack[CallOptions]) -> Quote:
        """One quote."""

    @post("/quotes")
    def create(
        self,
        *,
        buyer: Party,
        title: str,
        lines: Sequence[NewLine],
        site_id: str | None = None,
        valid_until: date | None = None,
        **options: Unpack[PostOptions],
    ) -> Quote:
        """A new quote, a draft; the server works out the amounts."""

    @post("/quotes/{quote_id}/send")
    def send(self, quote_id: str, **options: Unpack[StepOptions]) -> Quote:
        """Marks it as sent."""

    @post("/quotes/{quote_id}/accept")
    def accept(self, quote_id: str, **options: Unpack[StepOptions]) -> Quote:
        """The buyer accepts."""

    @post("/quotes/{quote_id}/refuse")
    def refuse(self, quote_id: str, **options: Unpack[StepOptions]) -> Quote:
        """The buyer refuses."""

    @post("/quotes/{quote_id}/convert", subject=Quote)
    def convert(
        self,
        quote_id: str,
        *,
        period_start: date | None = None,
        period_end: date | None = None,
        **options: Unpack[StepOptions],
    ) -> Invoice:
        """Makes a draft invoice of an accepted quote, for the period given."""


class Invoices(Resource[ShellT]):
    """Invoices (factures)."""

    @listing("/invoices")
    def list(
        self,
        *,
        status: InvoiceStatus | str | None = None,
        site_id: str | None = None,
        quote_id: str | None = None,
        **options: Unpack[ListOptions],
    ) -> Page[Invoice]:
        """Invoices, by `status`, site and the quote they came from."""

    @fetch("/invoices/{invoice_id}")
    def get(self, invoice_id: str, **options: Unpack[CallOptions]) -> Invoice:
        """One invoice."""

    @post("/invoices/{invoice_id}/issue")
    def issue(
        self,
        invoice_id: str,
        *,
        issued_on: date | None = None,
        due_on: date | None = None,
        **options: Unpack[StepOptions],
    ) -> Invoice:
        """Issues a draft: it gets its number and never changes again.

        `issued_on` is today in Europe/Paris when None, `due_on` 30 days later. With `version`, only if it has not changed since.
        """
