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
    NFC = "nfc"
    QR = "qr"
    PHONE = "phone"
    MANUAL = "manual"


@attrs.frozen(kw_only=True)
class Break:
    """A break within a duty; `ended_at` is None while it lasts."""

    started_at: Timestamp
    ended_at: Timestamp | None = None


@attrs.frozen(kw_only=True)
class DutyCorrection:
    """Who corrected a duty and why, with the times that it told before."""

    at: Timestamp
    by: str = attrs.field(repr=False)
    reason: str = attrs.field(repr=False)
    started_at: Timestamp
    ended_at: Timestamp | None = None
    breaks: tuple[Break, ...] = ()


@attrs.frozen(kw_only=True)
class Duty:
    """A worked period. Positions are collected within it and outside its breaks only.

    `device_ref` is the id that a wearable gave the duty, under which its messages arrive. `late_minutes` and
    `left_early_minutes` are against its shift, None without one; `forgotten_end` that nobody ended it in time.
    `corrections` are in their order: the first has the original times.
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
    late_minutes: int | None = None
    left_early_minutes: int | None = None
    forgotten_end: bool = False
    corrections: tuple[DutyCorrection, ...] = ()
    validated_by: str | None = attrs.field(default=None, repr=False)
    version: int
    created_at: Timestamp
    updated_at: Timestamp
