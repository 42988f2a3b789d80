"""The fleet: wearables as the server knows them. What they say on the wire is in `device`."""

from __future__ import annotations

import attrs

from sekur_sdk.models.scalars import OpenEnum, Timestamp


class DeviceStatus(OpenEnum):
    """Whether a wearable may be used."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    RETIRED = "retired"


@attrs.frozen(kw_only=True)
class Device:
    """A wearable. `protected` is None while it is off duty or unknown, False when a fall now would not become an alarm."""

    id: str
    label: str
    model: str
    employee_id: str | None = None
    site_id: str | None = None
    status: DeviceStatus
    online: bool
    protected: bool | None = None
    faults: tuple[str, ...] = ()
    battery_pct: int | None = None
    agent_version: str | None = None
    last_seen_at: Timestamp | None = None
    version: int
    created_at: Timestamp
    updated_at: Timestamp
