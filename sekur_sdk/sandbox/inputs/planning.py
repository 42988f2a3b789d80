"""Inputs of planning."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, UnsetType

from sekur_sdk.sandbox.inputs.body import Patch, Strict
from sekur_sdk.sandbox.inputs.scalars import At, BreakMinutes, IdText, Name, Notes

ShiftStatusName = Literal[
    "draft", "published", "acknowledged", "in_progress", "done", "cancelled", "no_show", "replaced"
]
MAX_SHIFTS = 500
"""How many shifts are made or chosen at once."""


class ShiftCreate(Strict, kw_only=True, frozen=True):
    """A new shift, a draft; on a post, or with the name of one."""

    site_id: IdText
    employee_id: IdText | None = None
    post: Name | None = None
    post_id: IdText | None = None
    starts_at: At
    ends_at: At
    break_minutes: BreakMinutes | None = None
    notes: Notes | None = None


class ShiftUpdate(Patch, kw_only=True, frozen=True):
    """What to change of a shift; `null` clears `employee_id`, `post_id`, `break_minutes` and `notes`."""

    employee_id: IdText | UnsetType | None = UNSET
    post: Name | UnsetType = UNSET
    post_id: IdText | UnsetType | None = UNSET
    starts_at: At | UnsetType = UNSET
    ends_at: At | UnsetType = UNSET
    break_minutes: BreakMinutes | UnsetType | None = UNSET
    notes: Notes | UnsetType | None = UNSET
    status: ShiftStatusName | UnsetType = UNSET


class ShiftsCreate(Strict, kw_only=True, frozen=True):
    """Shifts that are made together, or none of them."""

    shifts: Annotated[list[ShiftCreate], msgspec.Meta(min_length=1, max_length=MAX_SHIFTS)]


class ShiftSelection(Strict, kw_only=True, frozen=True):
    """Which shifts: those of `ids`, or those that start in a period."""

    ids: Annotated[list[IdText], msgspec.Meta(min_length=1, max_length=MAX_SHIFTS)] | None = None
    starts_from: At | None = None
    starts_before: At | None = None
    site_id: IdText | None = None
    employee_id: IdText | None = None


AcceptedCode = Literal["REST_MIN_12H", "REST_DAY_AFTER_48H", "PERIOD_MIN_4H", "PERIOD_MIN_6H", "ABSENT"]
"""What a planner may answer for: rules of the branch and the company that are not of public order."""
Accepted = Annotated[list[AcceptedCode], msgspec.Meta(max_length=5)]


class ShiftPublish(ShiftSelection, kw_only=True, frozen=True):
    """Which drafts, and the codes of findings that shall not block: whoever sends them answers for it."""

    accept: Accepted | None = None


class ShiftAssign(Strict, kw_only=True, frozen=True):
    """Who shall work the shift; `accept` as of ShiftPublish."""

    employee_id: IdText
    accept: Accepted | None = None


class ShiftSwap(Strict, kw_only=True, frozen=True):
    """The other shift; `agreed` that both employees consent in writing."""

    other_shift_id: IdText
    agreed: bool


class ShiftReplace(Strict, kw_only=True, frozen=True):
    """Who stands in, from when on if not from the start; `accept` as of ShiftPublish."""

    employee_id: IdText
    starts_at: At | None = None
    accept: Accepted | None = None


AbsenceKindName = Literal[
    "conge_paye",
    "conge_sans_solde",
    "evenement_familial",
    "maternite_paternite",
    "maladie",
    "accident_travail",
    "repos_compensateur",
    "formation",
    "injustifiee",
    "autre",
]
AbsenceStatusName = Literal["requested", "approved", "refused", "cancelled"]


class AbsenceCreate(Strict, kw_only=True, frozen=True):
    """An absence that is asked for."""

    employee_id: IdText
    kind: AbsenceKindName
    starts_at: At
    ends_at: At
    notes: Notes | None = None
    document_id: IdText | None = None


class AbsenceUpdate(Patch, kw_only=True, frozen=True):
    """What to change of an absence; of a decided one its document and notes alone."""

    kind: AbsenceKindName | UnsetType = UNSET
    starts_at: At | UnsetType = UNSET
    ends_at: At | UnsetType = UNSET
    notes: Notes | UnsetType | None = UNSET
    document_id: IdText | UnsetType | None = UNSET


class AbsenceDecide(Strict, kw_only=True, frozen=True):
    """Who decides, the token's own name unless told."""

    by: Name | None = None


CycleStatusName = Literal["active", "archived"]
Clock = Annotated[str, msgspec.Meta(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
CycleDay = Annotated[int, msgspec.Meta(ge=1, le=84)]


class Slot(Strict, kw_only=True, frozen=True):
    """A shift on a day of the cycle, on the site's clock."""

    day: CycleDay
    start: Clock
    end: Clock
    employee_id: IdText | None = None
    break_minutes: BreakMinutes | None = None


Slots = Annotated[list[Slot], msgspec.Meta(min_length=1, max_length=200)]


class CycleCreate(Strict, kw_only=True, frozen=True):
    """A new cycle; on a post, or with the name of one."""

    name: Name
    site_id: IdText
    post: Name | None = None
    post_id: IdText | None = None
    length_days: CycleDay
    anchor_on: date
    slots: Slots


class CycleUpdate(Patch, kw_only=True, frozen=True):
    """What to change of a cycle; shifts made before stay as they are."""

    name: Name | UnsetType = UNSET
    length_days: CycleDay | UnsetType = UNSET
    anchor_on: date | UnsetType = UNSET
    slots: Slots | UnsetType = UNSET


class CycleGenerate(Strict, kw_only=True, frozen=True):
    """The first and the last day to make shifts for."""

    first_on: date
    last_on: date
