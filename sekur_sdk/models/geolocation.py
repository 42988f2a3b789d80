"""Positions, collected between start and end of duty only (terms of sale, art. 32.3)."""

from __future__ import annotations

import attrs

from sekur_sdk.models.device import FixSource
from sekur_sdk.models.scalars import OpenEnum, Timestamp


class PositionPurpose(OpenEnum):
    """What a position was collected for; it decides how long it is kept."""

    PROTECTION = "protection"
    PROOF_OF_SERVICE = "proof_of_service"


@attrs.frozen(kw_only=True)
class Position:
    """Where a wearable was, WGS 84; without a `device_id` it came from an app. Its repr shows no coordinates.

    `age_s` is how old the fix was when it was sent.
    """

    id: str
    device_id: str | None = None
    duty_id: str | None = None
    alert_id: str | None = None
    lat: float = attrs.field(repr=False)
    lon: float = attrs.field(repr=False)
    fix_at: Timestamp
    age_s: float
    accuracy_m: float | None = None
    source: FixSource
    purpose: PositionPurpose = PositionPurpose.PROTECTION
    received_at: Timestamp


@attrs.frozen(kw_only=True)
class PositionBatchResult:
    """How many positions of a batch are stored now, and how many were stored before under their `uid`."""

    stored: int
    duplicates: int
