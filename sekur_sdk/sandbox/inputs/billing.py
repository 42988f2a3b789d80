"""Inputs of billing."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

import msgspec

from sekur_sdk.models.scalars import Rate
from sekur_sdk.sandbox.inputs.body import Strict
from sekur_sdk.sandbox.inputs.scalars import Address, Email, IdText, Name, Siren, VatNumber

Kind = Literal["day", "night", "sunday", "holiday", "flat"]


class Buyer(Strict, kw_only=True, frozen=True):
    """The buyer as it shall be written on the document."""

    name: Name
    address: Address
    siren: Siren | None = None
    vat_number: VatNumber | None = None
    email: Email | None = None


class QuoteLine(Strict, kw_only=True, frozen=True):
    """A line; its VAT is at the standard rate unless told. A discount is a line with a negative price."""

    kind: Kind
    description: Name
    quantity: Rate
    unit_price: Rate
    vat_rate: Rate | None = None

    def __post_init__(self) -> None:
        if self.quantity <= 0:
            raise ValueError("A quantity is above 0")
        if self.vat_rate is not None and not 0 <= self.vat_rate < 1:
            raise ValueError("A VAT rate is a fraction from 0 to below 1, like '0.2000'")


class QuoteCreate(Strict, kw_only=True, frozen=True):
    """A new quote, a draft."""

    buyer: Buyer
    title: Name
    lines: Annotated[list[QuoteLine], msgspec.Meta(min_length=1, max_length=500)]
    site_id: IdText | None = None
    valid_until: date | None = None


class Nothing(Strict, kw_only=True, frozen=True):
    """An action that needs nothing more."""


class QuoteConvert(Strict, kw_only=True, frozen=True):
    """The period that the invoice is for."""

    period_start: date | None = None
    period_end: date | None = None


class InvoiceIssue(Strict, kw_only=True, frozen=True):
    """The invoice's date and when it is due."""

    issued_on: date | None = None
    due_on: date | None = None
