"""The organisation's subscription to SEKUR, in euros excluding VAT (SEKUR terms art. 7 and 10)."""

from __future__ import annotations

from datetime import date

import attrs

from sekur_sdk.models.scalars import Amount, OpenEnum, Timestamp


class SubscriptionTerm(OpenEnum):
    """How the 12 months are paid: month by month, or at once for the price of 11."""

    MONTHLY = "monthly"
    YEARLY = "yearly"


class OverageBilling(OpenEnum):
    """How an account beyond the quota is billed."""

    MONTHLY = "monthly"
    DAILY = "daily"


@attrs.frozen(kw_only=True)
class LicencePack:
    """So many packs of a size; the unit is the pack of 1."""

    size: int
    count: int


@attrs.frozen(kw_only=True)
class Subscription:
    """What was ordered, what is used of it, what it costs.

    `quota` is the licences of all packs, and the 5 that a young company's price includes; `used` the active accounts.
    `overage_price` is what the accounts beyond the quota cost in the current month so far. `renews_on` is the next
    anniversary of going live, `notice_by` the last safe day for the letter before it; `renewal_packs` are the packs from
    then on, where they change.
    """

    id: str
    packs: tuple[LicencePack, ...]
    renewal_packs: tuple[LicencePack, ...] | None = None
    term: SubscriptionTerm
    overage_billing: OverageBilling
    young: bool
    company_created_on: date | None = None
    ordered_on: date
    go_live_on: date
    renews_on: date
    notice_by: date
    quota: int
    used: int
    monthly_price: Amount
    year_price: Amount
    overage_price: Amount
    version: int
    created_at: Timestamp
    updated_at: Timestamp


@attrs.frozen(kw_only=True)
class Overage:
    """An account active beyond the quota, billed as the subscription said when it was activated."""

    id: str
    user_id: str
    billing: OverageBilling
    started_at: Timestamp
    ended_at: Timestamp | None = None


@attrs.frozen(kw_only=True)
class PackPurchase:
    """The packs to buy and what they cost."""

    price: Amount
    packs: tuple[LicencePack, ...]


@attrs.frozen(kw_only=True)
class SubscriptionPrice:
    """What a subscription would cost: `licences` a month, `employee_files`, `signatures` and `training` once.

    `net`, `vat` and `gross` are the 12 months and what is paid once.
    """

    licences: PackPurchase
    monthly: Amount
    year: Amount
    employee_files: PackPurchase
    signatures: PackPurchase
    training: Amount
    net: Amount
    vat: Amount
    gross: Amount
