"""Inputs of planning."""

from __future__ import annotations

from typing import Literal

from msgspec import UNSET, UnsetType

from sekur_sdk.sandbox.inputs.body import Patch, Strict
from sekur_sdk.sandbox.inputs.scalars import At, BreakMinutes, IdText, Name, Notes

Status = Literal["draft", "published", "acknowledged", "in_progress", "done", "cancelled"]


class ShiftCreate(Strict, kw_only=True, frozen=True):
    """A new shift, a draft."""

    site_id: IdText
    employee_id: IdText | None = None
    post: Name
    starts_at: At
    ends_at: At
    break_minutes: BreakMinutes = 0
    notes: Notes | None = None


class ShiftUpdate(Patch, kw_only=True, frozen=True):
    """What to change of a shift; `null` clears `employee_id` and `notes`."""

    employee_id: IdText | UnsetType | None = UNSET
    post: Name | UnsetType = UNSET
    starts_at: At | UnsetType = UNSET
    ends_at: At | UnsetType = UNSET
    break_minutes: BreakMinutes | UnsetType = UNSET
    notes: Notes | UnsetType | None = UNSET
    status: Status | UnsetType = UNSET
