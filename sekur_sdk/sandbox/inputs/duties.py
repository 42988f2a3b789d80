"""Inputs of duties."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from sekur_sdk.sandbox.inputs.body import Strict
from sekur_sdk.sandbox.inputs.scalars import At, IdText, Name

MethodName = Literal["api", "nfc", "qr", "phone", "manual"]


class DutyStart(Strict, kw_only=True, frozen=True):
    """A duty that starts, now unless told when; the device is handed over with it."""

    employee_id: IdText
    site_id: IdText
    shift_id: IdText | None = None
    device_id: IdText | None = None
    method: MethodName = "api"
    started_at: At | None = None


class DutyStep(Strict, kw_only=True, frozen=True):
    """A break's start or end, or the end of a duty, now unless told when."""

    at: At | None = None


class BreakTimes(Strict, kw_only=True, frozen=True):
    """A break that is over."""

    started_at: At
    ended_at: At


class DutyCorrect(Strict, kw_only=True, frozen=True):
    """The times as they should have been told, those left out as they are; `by` is the token's own name unless told."""

    started_at: At | None = None
    ended_at: At | None = None
    breaks: Annotated[list[BreakTimes], msgspec.Meta(max_length=50)] | None = None
    reason: Annotated[str, msgspec.Meta(min_length=1, max_length=2000, pattern=r"\S")]
    by: Name | None = None


class DutyValidate(Strict, kw_only=True, frozen=True):
    """Who validates, the token's own name unless told."""

    by: Name | None = None
