"""Duties: what was really worked, from prise de service to fin de service."""

from __future__ import annotations

import attrs

from sekur_sdk.models.scalars import OpenEnum, Timestamp


class DutyStatus(OpenEnum):
    """The life of a duty."""

    OPEN = "open"
    ON_BREAK = "on_break"
    CLOSED = "closed"
    VALIDATED = "validated"


class DutyMethod(OpenEnum):
    """By what a duty was started."""

    DEVICE = "device"
    API = "api"


@attrs.frozen(kw_only=True)
class Break:
    """A break within a duty; `ended_at` is None while it lasts."""

    started_at: Timestamp
    ended_at: Timestamp | None = None


@attrs.frozen(kw_only=True)
class Duty:
    """A worked period. Positions are collected within it and outside its breaks only.

    `device_ref` is the id that a wearable gave the duty, under which its messages arrive.
    """

    id: str
    employee_id: str
    site_id: str
    shift_id: str | None = None
    device_id: str | None = None
    device_ref: str | None = None
    method: DutyMethod
    status: DutyStatus
    started_at: Timestamp
    ended_at: Timestamp | None = None
    breaks: tuple[Break, ...] = ()
    version: int
    created_at: Timestamp
    updated_at: Timestamp
