"""Billing: quotes, invoices, their credit notes and payments, what platforms said of them."""

from __future__ import annotations

from datetime import date

import attrs

from sekur_sdk.models.scalars import Amount, OpenEnum, Rate, Timestamp

_NONE_OFF = Rate(0)
_NOTHING = Amount(0)


class QuoteStatus(OpenEnum):
    """The life of a quote."""

    DRAFT = "draft"
    SENT = "sent"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    CONVERTED = "converted"


class InvoiceStatus(OpenEnum):
    """The life of an invoice: a draft has no number, an issued one never changes and is cancelled by a credit note alone."""

    DRAFT = "draft"
    ISSUED = "issued"
    SENT = "sent"
    PARTIALLY_PAID = "partially_paid"
    PAID = "paid"
    OVERDUE = "overdue"
    DISPUTED = "disputed"
    CANCELLED = "cancelled"
    DISCARDED = "discarded"


class PaymentStatus(OpenEnum):
    """The life of a payment."""

    PENDING = "pending"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"
    REFUNDED = "refunded"


class PaymentMethod(OpenEnum):
    """How money came."""

    TRANSFER = "transfer"
    DIRECT_DEBIT = "direct_debit"
    CARD = "card"
    CHEQUE = "cheque"
    CASH = "cash"
    OTHER = "other"


class EInvoiceCode(OpenEnum):
    """Statuses of an electronic invoice (AFNOR XP Z12-012), by their codes."""

    SUBMITTED = "200"
    ISSUED = "201"
    RECEIVED = "202"
    AVAILABLE = "203"
    IN_HAND = "204"
    APPROVED = "205"
    PARTLY_APPROVED = "206"
    IN_DISPUTE = "207"
    SUSPENDED = "208"
    COMPLETED = "209"
    REFUSED = "210"
    PAYMENT_SENT = "211"
    PAID = "212"
    REJECTED = "213"
    ENDORSED = "214"
    CANCELLED = "220"
    ROUTING_ERROR = "221"
    DIRECT_PAYMENT_ASKED = "224"
    FACTORED = "225"


class LineKind(OpenEnum):
    """What a line bills: hours by their kind, or a flat amount."""

    DAY = "day"
    NIGHT = "night"
    SUNDAY = "sunday"
    HOLIDAY = "holiday"
    FLAT = "flat"


@attrs.frozen(kw_only=True)
class Party:
    """The seller or the buyer as written on a document, kept as they were then."""

    name: str
    legal_form: str | None = None
    address: str = attrs.field(repr=False)
    siren: str | None = None
    vat_number: str | None = None
    email: str | None = attrs.field(default=None, repr=False)


@attrs.frozen(kw_only=True)
class Line:
    """A line of a quote or an invoice.

    `quantity` in hours, or in units for a flat line; `unit_price` and `amount` in euros excluding VAT;
    `vat_rate` and `discount_rate` as fractions (0.2000 is 20 %). The discount is off `amount` already.
    """

    kind: LineKind
    description: str
    quantity: Rate
    unit_price: Rate
    vat_rate: Rate
    discount_rate: Rate = _NONE_OFF
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
    """A quote (devis); `invoice_id` or `contract_id` is what it was converted into."""

    id: str
    number: str
    client_id: str | None = None
    site_id: str | None = None
    buyer: Party
    title: str
    lines: tuple[Line, ...]
    totals: Totals
    valid_until: date | None = None
    invoice_id: str | None = None
    contract_id: str | None = None
    status: QuoteStatus
    version: int
    created_at: Timestamp
    updated_at: Timestamp


@attrs.frozen(kw_only=True)
class Invoice:
    """An invoice (facture). `number` is given at issue, in one unbroken sequence; `notes` are the legal mentions.

    In euros including VAT: `paid` by confirmed payments, `credited` by credit notes, `balance` what is left to pay (below
    0 what is to be given back). `einvoice_code` is the last status that was recorded of its electronic life.
    """

    id: str
    number: str | None = None
    quote_id: str | None = None
    contract_id: str | None = None
    client_id: str | None = None
    site_id: str | None = None
    seller: Party | None = None
    buyer: Party
    title: str
    lines: tuple[Line, ...]
    totals: Totals
    paid: Amount
    credited: Amount
    balance: Amount
    period_start: date | None = None
    period_end: date | None = None
    issued_on: date | None = None
    due_on: date | None = None
    sent_at: Timestamp | None = None
    dispute_reason: str | None = attrs.field(default=None, repr=False)
    einvoice_code: EInvoiceCode | None = None
    notes: tuple[str, ...] = ()
    status: InvoiceStatus
    version: int
    created_at: Timestamp
    updated_at: Timestamp


@attrs.frozen(kw_only=True)
class CreditNote:
    """A credit note (avoir): what it takes off an invoice, in a sequence of numbers of its own; it never changes."""

    id: str
    number: str
    invoice_id: str
    seller: Party
    buyer: Party
    reason: str
    lines: tuple[Line, ...]
    totals: Totals
    issued_on: date
    notes: tuple[str, ...]
    version: int
    created_at: Timestamp
    updated_at: Timestamp


@attrs.frozen(kw_only=True)
class Payment:
    """Money for an invoice, in euros; `reason` is that of a rejection or a refund.

    It counts for the invoice once confirmed, less what was `refunded` of it.
    """

    id: str
    invoice_id: str
    amount: Amount
    method: PaymentMethod
    paid_on: date
    reference: str | None = attrs.field(default=None, repr=False)
    reason: str | None = attrs.field(default=None, repr=False)
    refunded: Amount = _NOTHING
    refunded_on: date | None = None
    status: PaymentStatus
    version: int
    created_at: Timestamp
    updated_at: Timestamp


@attrs.frozen(kw_only=True)
class LatePenalty:
    """What a late payment costs by `on`, in euros: `penalty` at the yearly `rate` (a fraction), and the flat recovery fee."""

    invoice_id: str
    on: date
    due_on: date
    days_late: int
    balance: Amount
    rate: Rate
    penalty: Amount
    recovery_fee: Amount


@attrs.frozen(kw_only=True)
class EInvoiceStatus:
    """One status of an invoice's electronic life, as `by` told it. `is_mandatory`: the tax administration has to know it.

    Recorded here, not transmitted: this is no approved platform.
    """

    id: str
    invoice_id: str
    code: EInvoiceCode
    is_mandatory: bool
    by: str = attrs.field(repr=False)
    reason: str | None = attrs.field(default=None, repr=False)
    at: Timestamp
    recorded_at: Timestamp
