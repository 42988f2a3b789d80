"""Inputs of availability incidents."""

from __future__ import annotations

from typing import Literal

from msgspec import UNSET, UnsetType

from sekur_sdk.sandbox.inputs.body import Patch, Strict
from sekur_sdk.sandbox.inputs.scalars import At, Notes

IncidentKindName = Literal["outage", "internet_fault", "planned_maintenance"]
IncidentStatusName = Literal["open", "ended", "withdrawn"]


class IncidentCreate(Strict, kw_only=True, frozen=True):
    """A new incident, open unless its end is told."""

    kind: IncidentKindName
    started_at: At
    ended_at: At | None = None
    announced_at: At | None = None
    notes: Notes | None = None


class IncidentUpdate(Patch, kw_only=True, frozen=True):
    """What to change of an incident."""

    kind: IncidentKindName | UnsetType = UNSET
    started_at: At | UnsetType = UNSET
    ended_at: At | UnsetType | None = UNSET
    announced_at: At | UnsetType | None = UNSET
    notes: Notes | UnsetType | None = UNSET


class IncidentEnd(Strict, kw_only=True, frozen=True):
    """An incident's end, now unless told when."""

    ended_at: At | None = None
