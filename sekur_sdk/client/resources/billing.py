"""Quotes and invoices."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Unpack

import attrs
from msgspec import UNSET, UnsetType

from sekur_sdk.client.endpoint import Resource, fetch, listing, patch, post
from sekur_sdk.client.options import CallOptions, ListOptions, PostOptions, StepOptions
from sekur_sdk.client.shells import ShellT
from sekur_sdk.models.billing import (
    CreditNote,
    EInvoiceCode,
    EInvoiceStatus,
    Invoice,
    InvoiceStatus,
    LatePenalty,
    LineKind,
    Party,
    Quote,
    QuoteStatus,
)
from sekur_sdk.models.contracts import BillingPeriod, Contract
from sekur_sdk.models.paging import Page


@attrs.frozen(kw_only=True)
class NewLine:
    """A line to be quoted; the server works out the amounts.

    `quantity` in hours, or in units for a flat line; `unit_price` in euros excluding VAT; `vat_rate` as a fraction
    (`Decimal("0.2")` is 20 %), that of the company when None; `discount_rate` too, no discount when None.
    """

    kind: LineKind | str
    description: str
    quantity: Decimal | int
    unit_price: Decimal | int
    vat_rate: Decimal | int | None = None
    discount_rate: Decimal | int | None = None


@attrs.frozen(kw_only=True)
class CreditedLine:
    """So much of one of an invoice's lines, the first of which is 1; all that is left of it when `quantity` is None."""

    line: int
    quantity: Decimal | int | None = None


class Quotes(Resource[ShellT]):
    """Quotes (devis)."""

    @listing("/quotes")
    def list(
        self,
        *,
        status: QuoteStatus | str | None = None,
        site_id: str | None = None,
        client_id: str | None = None,
        **options: Unpack[ListOptions],
    ) -> Page[Quote]:
        """Quotes, by `status`, site and client."""

    @fetch("/quotes/{quote_id}")
    def get(self, quote_id: str, **options: Unpack[CallOptions]) -> Quote:
        """One quote."""

    @post("/quotes")
    def create(
        self,
        *,
        title: str,
        lines: Sequence[NewLine],
        buyer: Party | None = None,
        client_id: str | None = None,
        site_id: str | None = None,
        valid_until: date | None = None,
        **options: Unpack[PostOptions],
    ) -> Quote:
        """A new quote, a draft; the server works out the amounts. Its buyer is the client unless told."""

    @patch("/quotes/{quote_id}")
    def update(
        self,
        quote_id: str,
        *,
        version: int,
        title: str | UnsetType = UNSET,
        lines: Sequence[NewLine] | UnsetType = UNSET,
        buyer: Party | UnsetType = UNSET,
        client_id: str | UnsetType | None = UNSET,
        site_id: str | UnsetType | None = UNSET,
        valid_until: date | UnsetType | None = UNSET,
        **options: Unpack[CallOptions],
    ) -> Quote:
        """Changes what is given of a draft; None clears what may be empty.

        Raises:
            PreconditionFailedError: it has changed since `version`.
            ConflictError: it is no draft any more.
        """

    @post("/quotes/{quote_id}/cancel")
    def cancel(self, quote_id: str, **options: Unpack[StepOptions]) -> Quote:
        """Given up, before or after it was sent."""

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

    @post("/quotes/{quote_id}/convert-to-contract", subject=Quote)
    def convert_to_contract(
        self,
        quote_id: str,
        *,
        starts_on: date,
        client_id: str | None = None,
        site_id: str | None = None,
        ends_on: date | None = None,
        renewal_months: int | None = None,
        billing_period: BillingPeriod | str | None = None,
        **options: Unpack[StepOptions],
    ) -> Contract:
        """Makes a draft contract of an accepted quote, at its prices, for its client and site unless told."""


class Invoices(Resource[ShellT]):
    """Invoices (factures)."""

    @listing("/invoices")
    def list(
        self,
        *,
        status: InvoiceStatus | str | None = None,
        site_id: str | None = None,
        client_id: str | None = None,
        quote_id: str | None = None,
        contract_id: str | None = None,
        number: str | None = None,
        einvoice_code: EInvoiceCode | str | None = None,
        due_before: date | None = None,
        **options: Unpack[ListOptions],
    ) -> Page[Invoice]:
        """Invoices, by `status`, site, client, and the quote or the contract they came from."""

    @fetch("/invoices/{invoice_id}")
    def get(self, invoice_id: str, **options: Unpack[CallOptions]) -> Invoice:
        """One invoice."""

    @post("/invoices")
    def create(
        self,
        *,
        title: str,
        lines: Sequence[NewLine],
        buyer: Party | None = None,
        client_id: str | None = None,
        site_id: str | None = None,
        period_start: date | None = None,
        period_end: date | None = None,
        **options: Unpack[PostOptions],
    ) -> Invoice:
        """A draft made by hand; the server works out the amounts. Its buyer is the client unless told."""

    @patch("/invoices/{invoice_id}")
    def update(
        self,
        invoice_id: str,
        *,
        version: int,
        title: str | UnsetType = UNSET,
        lines: Sequence[NewLine] | UnsetType = UNSET,
        buyer: Party | UnsetType = UNSET,
        client_id: str | UnsetType | None = UNSET,
        site_id: str | UnsetType | None = UNSET,
        period_start: date | UnsetType | None = UNSET,
        period_end: date | UnsetType | None = UNSET,
        **options: Unpack[CallOptions],
    ) -> Invoice:
        """Changes what is given of a draft; None clears what may be empty. An issued invoice never changes.

        Raises:
            PreconditionFailedError: it has changed since `version`.
            ConflictError: it is no draft any more.
        """

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

        `issued_on` is today in Europe/Paris when None, `due_on` the client's `payment_days` later, or 30.
        With `version`, only if it has not changed since.
        """

    @post("/invoices/{invoice_id}/discard")
    def discard(self, invoice_id: str, **options: Unpack[StepOptions]) -> Invoice:
        """Throws a draft away; an issued invoice is taken back by `credit`."""

    @post("/invoices/{invoice_id}/send")
    def send(self, invoice_id: str, **options: Unpack[StepOptions]) -> Invoice:
        """Marks it as sent; again once it is overdue, as a reminder."""

    @post("/invoices/{invoice_id}/dispute")
    def dispute(self, invoice_id: str, *, reason: str, **options: Unpack[StepOptions]) -> Invoice:
        """The buyer objects."""

    @post("/invoices/{invoice_id}/settle")
    def settle(self, invoice_id: str, **options: Unpack[StepOptions]) -> Invoice:
        """The dispute is over."""

    @post("/invoices/{invoice_id}/credit", subject=Invoice)
    def credit(
        self,
        invoice_id: str,
        *,
        reason: str,
        lines: Sequence[CreditedLine] | None = None,
        issued_on: date | None = None,
        **options: Unpack[StepOptions],
    ) -> CreditNote:
        """Issues a credit note (avoir), today unless told: for the lines given, or for all that is left."""

    @fetch("/invoices/{invoice_id}/late-penalty")
    def late_penalty(self, invoice_id: str, *, on: date | None = None, **options: Unpack[CallOptions]) -> LatePenalty:
        """What its late payment costs by a day, today unless told."""

    @post("/invoices/{invoice_id}/record-einvoice-status", subject=Invoice)
    def record_einvoice_status(
        self,
        invoice_id: str,
        *,
        code: EInvoiceCode | str,
        by: str | None = None,
        reason: str | None = None,
        at: datetime | None = None,
        **options: Unpack[StepOptions],
    ) -> EInvoiceStatus:
        """Keeps what was said of the electronic invoice: by the token's own name and now unless told. Nothing is transmitted."""

    @listing("/invoices/{invoice_id}/einvoice-statuses")
    def einvoice_statuses(self, invoice_id: str, **options: Unpack[ListOptions]) -> Page[EInvoiceStatus]:
        """All that was said of the electronic invoice, in its order."""
