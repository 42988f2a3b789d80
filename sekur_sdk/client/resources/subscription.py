"""The subscription to SEKUR."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Literal, Unpack

from msgspec import UNSET, UnsetType

from sekur_sdk.client.endpoint import Resource, fetch, listing, patch, post
from sekur_sdk.client.options import CallOptions, ListOptions, PostOptions
from sekur_sdk.client.shells import ShellT
from sekur_sdk.models.paging import Page
from sekur_sdk.models.subscription import (
    LicencePack,
    Overage,
    OverageBilling,
    Subscription,
    SubscriptionPrice,
    SubscriptionTerm,
)


class OwnSubscription(Resource[ShellT]):
    """What the organisation ordered of SEKUR."""

    @fetch("/subscription")
    def get(self, **options: Unpack[CallOptions]) -> Subscription:
        """What was ordered, what is used of it, what it costs."""

    @patch("/subscription")
    def update(
        self,
        *,
        version: int,
        packs: Sequence[LicencePack] | UnsetType = UNSET,
        renewal_packs: Sequence[LicencePack] | UnsetType | None = UNSET,
        term: SubscriptionTerm | str | UnsetType = UNSET,
        overage_billing: OverageBilling | str | UnsetType = UNSET,
        company_created_on: date | UnsetType | None = UNSET,
        ordered_on: date | UnsetType = UNSET,
        go_live_on: date | UnsetType = UNSET,
        **options: Unpack[CallOptions],
    ) -> Subscription:
        """Changes what is given: more `packs` at once, fewer as `renewal_packs` from the anniversary on.

        Raises:
            PreconditionFailedError: it has changed since `version`.
        """

    @post("/subscription/price")
    def price(
        self,
        *,
        licences: int,
        young: bool | None = None,
        term: SubscriptionTerm | str | None = None,
        strategy: Literal["combine", "pack_and_units", "single_pack"] | None = None,
        employee_files: int | None = None,
        signatures: int | None = None,
        trainings: Sequence[Literal["online_5h", "trainer_3h", "trainer_4h", "trainer_8h"]] | None = None,
        **options: Unpack[PostOptions],
    ) -> SubscriptionPrice:
        """What a subscription ordered today would cost, by the cheapest packs; nothing is ordered."""

    @listing("/subscription/overages")
    def overages(self, *, user_id: str | None = None, **options: Unpack[ListOptions]) -> Page[Overage]:
        """Accounts that are or were active beyond the quota."""
