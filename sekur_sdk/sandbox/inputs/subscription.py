"""Inputs of the subscription to SEKUR."""

from __future__ import annotations

from datetime import date  # noqa: TC003  # msgspec resolves the annotations at run time
from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, UnsetType

from sekur_sdk.sandbox.inputs.body import Patch, Strict

# the search for the cheapest packs runs where alarms are written too: it has to be short
Quantity = Annotated[int, msgspec.Meta(ge=0, le=10_000)]
TermName = Literal["monthly", "yearly"]
TrainingName = Literal["online_5h", "trainer_3h", "trainer_4h", "trainer_8h"]


class PackOrder(Strict, kw_only=True, frozen=True):
    """So many packs of a size."""

    size: Annotated[int, msgspec.Meta(ge=1, le=1000)]
    count: Annotated[int, msgspec.Meta(ge=1, le=1000)]


Packs = Annotated[list[PackOrder], msgspec.Meta(max_length=20)]


class SubscriptionUpdate(Patch, kw_only=True, frozen=True):
    """An order, or what else to change of the subscription."""

    packs: Packs | UnsetType = UNSET
    renewal_packs: Packs | UnsetType | None = UNSET
    term: TermName | UnsetType = UNSET
    overage_billing: Literal["monthly", "daily"] | UnsetType = UNSET
    company_created_on: date | UnsetType | None = UNSET
    ordered_on: date | UnsetType = UNSET
    go_live_on: date | UnsetType = UNSET


class PriceQuestion(Strict, kw_only=True, frozen=True):
    """What a price is asked for; the day of the order is today."""

    licences: Quantity
    young: bool = False
    term: TermName = "monthly"
    strategy: Literal["combine", "pack_and_units", "single_pack"] = "combine"
    employee_files: Quantity = 0
    signatures: Quantity = 0
    trainings: Annotated[list[TrainingName], msgspec.Meta(max_length=20)] = msgspec.field(default_factory=list)
