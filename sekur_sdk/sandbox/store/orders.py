"""What is kept of the subscription; the rest of what it shows follows from it, the accounts and the day."""

from __future__ import annotations

from datetime import date, datetime

import attrs

from sekur_sdk.models.subscription import LicencePack, OverageBilling, SubscriptionTerm


@attrs.frozen(kw_only=True)
class Order:
    """The subscription as it was ordered."""

    id: str
    packs: tuple[LicencePack, ...]
    renewal_packs: tuple[LicencePack, ...] | None = None
    renewal_on: date | None = None
    term: SubscriptionTerm
    overage_billing: OverageBilling
    company_created_on: date | None = None
    ordered_on: date
    go_live_on: date
    version: int
    created_at: datetime
    updated_at: datetime
