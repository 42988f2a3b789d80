"""Positions, collected between start and end of duty only (terms of sale, art. 32.3)."""

from __future__ import annotations

import attrs

from sekur_sdk.models.device import FixSource
from sekur_sdk.models.scalars import Timestamp


@attrs.frozen(kw_only=True)
class Position:
    """Where a wearable was, WGS 84. `age_s` is how old the fix was when it was sent. Its repr shows no coordinates."""

    id: str
    device_id: str
    duty_id: str | None = None
    alert_id: str | None = None
    lat: float = attrs.field(repr=False)
    lon: float = attrs.field(repr=False)
    fix_at: Timestamp
    age_s: float
    accuracy_m: float | None = None
    source: FixSource
    received_at: Timestamp
