"""Inputs of quotes, invoices, credit notes, payments and the electronic life of invoices."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, UnsetType

from sekur_sdk.models.scalars import Amount, Rate
from sekur_sdk.sandbox.inputs.body import Patch, Strict
from sekur_sdk.sandbox.inputs.scalars import Address, At, Email, IdText, Name, ShortName, Siren, VatNumber

Kind = Literal["day", "night", "sunday", "holiday", "flat"]
QuoteStatusName = Literal["draft", "sent", "accepted", "refused", "expired", "cancelled", "converted"]
InvoiceStatusName = Literal[
    "draft", "issued", "sent", "partially_paid", "paid", "overdue", "disputed", "cancelled", "discarded"
]
PaymentStatusName = Literal["pending", "confirmed", "rejected", "refunded"]
MethodName = Literal["transfer", "direct_debit", "card", "cheque", "cash", "other"]
EInvoiceCodeName = Literal[
    "200",
    "201",
    "202",
    "203",
    "204",
    "205",
    "206",
    "207",
    "208",
    "209",
    "210",
    "211",
    "212",
    "213",
    "214",
    "220",
    "221",
    "224",
    "225",
]


class Buyer(Strict, kw_only=True, frozen=True):
    """The buyer as it shall be written on the document."""

    name: Name
    legal_form: ShortName | None = None
    address: Address
    siren: Siren | None = None
    vat_number: VatNumber | None = None
    email: Email | None = None


class QuoteLine(Strict, kw_only=True, frozen=True):
    """A line; its VAT is at the standard rate unless told, its discount a fraction of its amount.

    A quantity is above 0; a discount on the whole document is a line with a negative price.
    """

    kind: Kind
    description: Name
    quantity: Rate
    unit_price: Rate
    vat_rate: Rate | None = None
    discount_rate: Rate | None = None


Lines = Annotated[list[QuoteLine], msgspec.Meta(min_length=1, max_length=500)]


class QuoteCreate(Strict, kw_only=True, frozen=True):
    """A new quote, a draft; its buyer is the client unless told."""

    buyer: Buyer | None = None
    client_id: IdText | None = None
    title: Name
    lines: Lines
    site_id: IdText | None = None
    valid_until: date | None = None


class QuoteUpdate(Patch, kw_only=True, frozen=True):
    """What to change of a draft; another client is another buyer unless told."""

    buyer: Buyer | UnsetType = UNSET
    client_id: IdText | UnsetType | None = UNSET
    title: Name | UnsetType = UNSET
    lines: Lines | UnsetType = UNSET
    site_id: IdText | UnsetType | None = UNSET
    valid_until: date | UnsetType | None = UNSET


class Nothing(Strict, kw_only=True, frozen=True):
    """An action that needs nothing more."""


class QuoteConvert(Strict, kw_only=True, frozen=True):
    """The period that the invoice is for."""

    period_start: date | None = None
    period_end: date | None = None


class InvoiceCreate(Strict, kw_only=True, frozen=True):
    """A new invoice, a draft; its buyer is the client unless told."""

    buyer: Buyer | None = None
    client_id: IdText | None = None
    title: Name
    lines: Lines
    site_id: IdText | None = None
    period_start: date | None = None
    period_end: date | None = None


class InvoiceUpdate(Patch, kw_only=True, frozen=True):
    """What to change of a draft; another client is another buyer unless told."""

    buyer: Buyer | UnsetType = UNSET
    client_id: IdText | UnsetType | None = UNSET
    title: Name | UnsetType = UNSET
    lines: Lines | UnsetType = UNSET
    site_id: IdText | UnsetType | None = UNSET
    period_start: date | UnsetType | None = UNSET
    period_end: date | UnsetType | None = UNSET


class InvoiceIssue(Strict, kw_only=True, frozen=True):
    """The invoice's date and when it is due."""

    issued_on: date | None = None
    due_on: date | None = None


class InvoiceDispute(Strict, kw_only=True, frozen=True):
    """What the buyer objects to."""

    reason: Name


class CreditLine(Strict, kw_only=True, frozen=True):
    """So much of one of the invoice's lines, the first of which is 1; all that is left of it unless told."""

    line: Annotated[int, msgspec.Meta(ge=1, le=500)]
    quantity: Rate | None = None


class InvoiceCredit(Strict, kw_only=True, frozen=True):
    """What to take off an invoice: all that is left of it unless lines are told. Dated today unless told."""

    reason: Name
    lines: Annotated[list[CreditLine], msgspec.Meta(min_length=1, max_length=500)] | None = None
    issued_on: date | None = None


class PaymentCreate(Strict, kw_only=True, frozen=True):
    """Money that comes for an invoice, today unless told."""

    invoice_id: IdText
    amount: Amount
    method: MethodName
    paid_on: date | None = None
    reference: Name | None = None
    status: Literal["pending", "confirmed"] = "pending"


class PaymentConfirm(Strict, kw_only=True, frozen=True):
    """The day that the money came, as it was told before unless told anew."""

    paid_on: date | None = None


class PaymentReject(Strict, kw_only=True, frozen=True):
    """Why the money did not come, or went back."""

    reason: Name


class PaymentRefund(Strict, kw_only=True, frozen=True):
    """What is given back, all of it unless told, and why; today unless told."""

    reason: Name
    amount: Amount | None = None
    refunded_on: date | None = None


class EInvoiceRecord(Strict, kw_only=True, frozen=True):
    """What was said of an electronic invoice: by the token's own name and now unless told."""

    code: EInvoiceCodeName
    by: Name | None = None
    reason: Name | None = None
    at: At | None = None
