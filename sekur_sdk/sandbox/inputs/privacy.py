"""Inputs of privacy."""

from __future__ import annotations

from typing import Annotated

import msgspec

from sekur_sdk.sandbox.inputs.body import Strict
from sekur_sdk.sandbox.inputs.scalars import IdText

Reason = Annotated[str, msgspec.Meta(min_length=1, max_length=500, pattern=r"\S")]


class PrivacyExportCreate(Strict, kw_only=True, frozen=True):
    """Whose data are exported."""

    employee_id: IdText


class PrivacyErasureCreate(Strict, kw_only=True, frozen=True):
    """Whose data are erased, and why."""

    employee_id: IdText
    reason: Reason


class PurgeRun(Strict, kw_only=True, frozen=True):
    """Delete what is past its retention, or only count it."""

    dry_run: bool = False
