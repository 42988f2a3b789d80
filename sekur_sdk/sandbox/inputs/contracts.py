"""Inputs of contracts with clients."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, UnsetType

from sekur_sdk.models.scalars import Rate
from sekur_sdk.sandbox.inputs.billing import Kind
from sekur_sdk.sandbox.inputs.body import Patch, Strict
from sekur_sdk.sandbox.inputs.scalars import IdText, Name

ContractStatusName = Literal["draft", "signed", "active", "ended", "cancelled"]
PeriodName = Literal["month", "quarter"]
Months = Annotated[int, msgspec.Meta(ge=1, le=60)]


class PriceGiven(Strict, kw_only=True, frozen=True):
    """A price: of an hour, or of `quantity` units (1 unless told) in each billing period for a flat one."""

    kind: Kind
    description: Name
    unit_price: Rate
    vat_rate: Rate | None = None
    quantity: Rate | None = None


Prices = Annotated[list[PriceGiven], msgspec.Meta(min_length=1, max_length=50)]


class ContractCreate(Strict, kw_only=True, frozen=True):
    """A contract, a draft."""

    client_id: IdText
    site_id: IdText
    title: Name
    prices: Prices
    billing_period: PeriodName = "month"
    starts_on: date
    ends_on: date | None = None
    renewal_months: Months | None = None


class ContractUpdate(Patch, kw_only=True, frozen=True):
    """What to change of a draft."""

    title: Name | UnsetType = UNSET
    prices: Prices | UnsetType = UNSET
    billing_period: PeriodName | UnsetType = UNSET
    starts_on: date | UnsetType = UNSET
    ends_on: date | UnsetType | None = UNSET
    renewal_months: Months | UnsetType | None = UNSET


class ContractSign(Strict, kw_only=True, frozen=True):
    """The day of signing, today unless told."""

    signed_on: date | None = None


class ContractEnd(Strict, kw_only=True, frozen=True):
    """Why the contract ends, and its last day: today unless told, later for a notice that runs."""

    reason: Name
    ends_on: date | None = None


class ContractInvoice(Strict, kw_only=True, frozen=True):
    """The days to bill, within one billing period of the contract."""

    period_start: date
    period_end: date


class QuoteToContract(Strict, kw_only=True, frozen=True):
    """What a quote does not say of the contract; its client and its site unless told."""

    client_id: IdText | None = None
    site_id: IdText | None = None
    billing_period: PeriodName = "month"
    starts_on: date
    ends_on: date | None = None
    renewal_months: Months | None = None
