"""Cycles: patterns of shifts that repeat."""

from __future__ import annotations

from datetime import date

import attrs

from sekur_sdk.models.scalars import OpenEnum, Timestamp


class CycleStatus(OpenEnum):
    """Whether shifts are made from a cycle."""

    ACTIVE = "active"
    ARCHIVED = "archived"


@attrs.frozen(kw_only=True)
class CycleSlot:
    """A shift on a day of the cycle, from 1; `start` and `end` are on the site's clock (`19:00`), an end at or before the start the next day's."""

    day: int
    start: str
    end: str
    employee_id: str | None = None
    break_minutes: int | None = None


@attrs.frozen(kw_only=True)
class Cycle:
    """A pattern of `length_days` days of a post; `anchor_on` is a first day of it."""

    id: str
    name: str
    site_id: str
    post: str
    post_id: str | None = None
    length_days: int
    anchor_on: date
    slots: tuple[CycleSlot, ...]
    status: CycleStatus
    version: int
    created_at: Timestamp
    updated_at: Timestamp
