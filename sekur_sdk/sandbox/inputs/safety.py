"""Inputs of alerts that apps raise, PTI sessions, positions, and what wearables are told."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, UnsetType

from sekur_sdk.models.uid import Uid
from sekur_sdk.sandbox.inputs.body import Patch, Strict
from sekur_sdk.sandbox.inputs.scalars import At, IdText, Lat, Lon, Name

AlertKindName = Literal[
    "fall",
    "no_motion",
    "tilt",
    "sos",
    "check_in_missed",
    "low_battery",
    "tear_off",
    "reinforcement",
    "technical",
    "test",
]
FixSourceName = Literal["gnss", "network", "beacon"]
PurposeName = Literal["protection", "proof_of_service"]
PtiStatusName = Literal["open", "lost", "ended"]
CommandStatusName = Literal["sent", "done", "expired", "refused", "failed"]
AgeS = Annotated[float, msgspec.Meta(ge=0, le=86_400)]
AccuracyM = Annotated[float, msgspec.Meta(ge=0, le=100_000)]
HeartbeatS = Annotated[int, msgspec.Meta(ge=30, le=3600)]
Code = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9_]{1,64}$")]
Argument = Annotated[str, msgspec.Meta(max_length=500)]
Arguments = Annotated[dict[Code, Argument], msgspec.Meta(max_length=20)]


class FixSent(Strict, kw_only=True, frozen=True):
    """A place, WGS 84."""

    lat: Lat
    lon: Lon
    fix_at: At
    age_s: AgeS = 0.0
    accuracy_m: AccuracyM | None = None
    source: FixSourceName = "gnss"


class PositionSent(FixSent, kw_only=True, frozen=True):
    """A position with the id that the app gave it."""

    uid: Uid


class PositionBatch(Strict, kw_only=True, frozen=True):
    """Positions of one duty, of one alert, or of an alert within a duty."""

    duty_id: IdText | None = None
    alert_id: IdText | None = None
    purpose: PurposeName = "protection"
    positions: Annotated[list[PositionSent], msgspec.Meta(min_length=1, max_length=500)]


class AlertRaise(Strict, kw_only=True, frozen=True):
    """A call for help by an app, under the app's own id of it."""

    uid: Uid
    kind: AlertKindName
    employee_id: IdText | None = None
    device_id: IdText | None = None
    site_id: IdText | None = None
    duty_id: IdText | None = None
    occurred_at: At | None = None
    silent: bool = False
    fix: FixSent | None = None
    fix_is_stale: bool = False
    fault: Code | None = None


class AlertEscalate(Strict, kw_only=True, frozen=True):
    """Who calls for more; the token's own name unless told."""

    by: Name | None = None


class PtiOpen(Strict, kw_only=True, frozen=True):
    """A session for a duty: by a wearable, or by an app without one."""

    duty_id: IdText
    device_id: IdText | None = None
    heartbeat_s: HeartbeatS = 180


class CommandSend(Strict, kw_only=True, frozen=True):
    """What the wearable shall do, and until when it makes sense."""

    kind: Code
    args: Arguments = msgspec.field(default_factory=dict)
    expires_at: At


class ConfigUpdate(Patch, kw_only=True, frozen=True):
    """What to set on a wearable; null leaves its own value."""

    pre_alarm_s: Annotated[float, msgspec.Meta(ge=0, le=90)] | UnsetType | None = UNSET
    tilt_deg: Annotated[float, msgspec.Meta(ge=20, le=90)] | UnsetType | None = UNSET
    tilt_hold_s: Annotated[float, msgspec.Meta(ge=1, le=600)] | UnsetType | None = UNSET
    no_motion_mg: Annotated[float, msgspec.Meta(ge=20, le=999)] | UnsetType | None = UNSET
    no_motion_hold_s: Annotated[float, msgspec.Meta(ge=5, le=1800)] | UnsetType | None = UNSET
    check_in_s: Annotated[float, msgspec.Meta(ge=60, le=86_400)] | UnsetType | None = UNSET
    position_interval_s: Annotated[float, msgspec.Meta(ge=5, le=3600)] | UnsetType | None = UNSET
    silent_sos: bool | UnsetType | None = UNSET
