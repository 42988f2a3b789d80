"""Contracts with clients: what is guarded, from when, at which prices."""

from __future__ import annotations

from datetime import date

import attrs

from sekur_sdk.models.billing import LineKind
from sekur_sdk.models.scalars import OpenEnum, Rate, Timestamp


class ContractStatus(OpenEnum):
    """The life of a contract: a signed one is active from its first day on."""

    DRAFT = "draft"
    SIGNED = "signed"
    ACTIVE = "active"
    ENDED = "ended"
    CANCELLED = "cancelled"


class BillingPeriod(OpenEnum):
    """What one invoice is for."""

    MONTH = "month"
    QUARTER = "quarter"


@attrs.frozen(kw_only=True)
class ContractPrice:
    """A price in euros excluding VAT: of an hour of its kind, or of `quantity` units in each billing period (flat)."""

    kind: LineKind
    description: str
    unit_price: Rate
    vat_rate: Rate
    quantity: Rate | None = None


@attrs.frozen(kw_only=True)
class Contract:
    """A contract with a client for one of its sites.

    With `renewal_months` it is renewed tacitly by so many months when `ends_on` is over; without `ends_on` it has no end.
    """

    id: str
    number: str
    client_id: str
    site_id: str
    quote_id: str | None = None
    title: str
    prices: tuple[ContractPrice, ...]
    billing_period: BillingPeriod
    starts_on: date
    ends_on: date | None = None
    renewal_months: int | None = None
    signed_on: date | None = None
    end_reason: str | None = attrs.field(default=None, repr=False)
    status: ContractStatus
    version: int
    created_at: Timestamp
    updated_at: Timestamp
