"""Billing: quotes and the invoices they become."""

from __future__ import annotations

from datetime import date

import attrs

from sekur_sdk.models.scalars import Amount, OpenEnum, Rate, Timestamp


class QuoteStatus(OpenEnum):
    """The life of a quote."""

    DRAFT = "draft"
    SENT = "sent"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    EXPIRED = "expired"
    CONVERTED = "converted"


class InvoiceStatus(OpenEnum):
    """The life of an invoice: a draft has no number, an issued one never changes."""

    DRAFT = "draft"
    ISSUED = "issued"
    SENT = "sent"
    PARTIALLY_PAID = "partially_paid"
    PAID = "paid"
    DISPUTED = "disputed"
    CANCELLED = "cancelled"


class LineKind(OpenEnum):
    """What a line bills: hours by their kind, or a flat amount."""

    DAY = "day"
    NIGHT = "night"
    SUNDAY = "sunday"
    HOLIDAY = "holiday"
    FLAT = "flat"


@attrs.frozen(kw_only=True)
class Party:
    """The buyer as written on a document, kept as it was then."""

    name: str
    address: str = attrs.field(repr=False)
    siren: str | None = None
    vat_number: str | None = None
    email: str | None = attrs.field(default=None, repr=False)


@attrs.frozen(kw_only=True)
class Line:
    """A line of a quote or an invoice.

    `quantity` in hours, or in units for a flat line; `unit_price` and `amount` in euros excluding VAT;
    `vat_rate` as a fraction (0.2000 is 20 %).
    """

    kind: LineKind
    description: str
    quantity: Rate
    unit_price: Rate
    vat_rate: Rate
    amount: Amount


@attrs.frozen(kw_only=True)
class VatLine:
    """The VAT of one rate: `base` and `vat` in euros."""

    rate: Rate
    base: Amount
    vat: Amount


@attrs.frozen(kw_only=True)
class Totals:
    """Sums of a document in euros: `net` excludes VAT, `gross` includes it."""

    net: Amount
    vat: Amount
    gross: Amount
    vat_lines: tuple[VatLine, ...]


@attrs.frozen(kw_only=True)
class Quote:
    """A quote (devis)."""

    id: str
    number: str
    site_id: str | None = None
    buyer: Party
    title: str
    lines: tuple[Line, ...]
    totals: Totals
    valid_until: date | None = None
    invoice_id: str | None = None
    status: QuoteStatus
    version: int
    created_at: Timestamp
    updated_at: Timestamp


@attrs.frozen(kw_only=True)
class Invoice:
    """An invoice (facture). `number` is given at issue, in one unbroken sequence; `notes` are the legal mentions."""

    id: str
    number: str | None = None
    quote_id: str | None = None
    site_id: str | None = None
    buyer: Party
    title: str
    lines: tuple[Line, ...]
    totals: Totals
    period_start: date | None = None
    period_end: date | None = None
    issued_on: date | None = None
    due_on: date | None = None
    notes: tuple[str, ...] = ()
    status: InvoiceStatus
    version: int
    created_at: Timestamp
    updated_at: Timestamp
