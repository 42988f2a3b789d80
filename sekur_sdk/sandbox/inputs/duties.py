"""Inputs of duties."""

from __future__ import annotations

from sekur_sdk.sandbox.inputs.body import Strict
from sekur_sdk.sandbox.inputs.scalars import At, IdText


class DutyStart(Strict, kw_only=True, frozen=True):
    """A duty that starts, now unless told when."""

    employee_id: IdText
    site_id: IdText
    shift_id: IdText | None = None
    device_id: IdText | None = None
    started_at: At | None = None


class DutyStep(Strict, kw_only=True, frozen=True):
    """A break's start or end, or the end of a duty, now unless told when."""

    at: At | None = None
