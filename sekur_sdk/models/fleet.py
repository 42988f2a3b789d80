"""The fleet: wearables as the server knows them. What they say on the wire is in `device`."""

from __future__ import annotations

import attrs

from sekur_sdk.models.device import DeviceSettings, ReportedConfig
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


class DeviceCommandStatus(OpenEnum):
    """What became of a command."""

    SENT = "sent"
    DONE = "done"
    EXPIRED = "expired"
    REFUSED = "refused"
    FAILED = "failed"


@attrs.frozen(kw_only=True)
class DeviceCommand:
    """Something that a wearable shall do once, before `expires_at`; `detail` is what it answered."""

    id: str
    device_id: str
    kind: str
    args: dict[str, str] = attrs.field(factory=dict, repr=False)
    expires_at: Timestamp
    answered_at: Timestamp | None = None
    detail: str | None = None
    status: DeviceCommandStatus
    version: int
    created_at: Timestamp
    updated_at: Timestamp


@attrs.frozen(kw_only=True)
class DeviceConfig:
    """What a wearable shall run with, under its own `id`, and what it `reported` to run with.

    `version` is that of `settings`, 0 before any were set.
    """

    id: str
    settings: DeviceSettings
    reported: ReportedConfig | None = None
    version: int
    created_at: Timestamp
    updated_at: Timestamp
