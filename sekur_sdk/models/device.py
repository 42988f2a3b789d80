"""The contract between wearable and server, over MQTT 3.1.1 at QoS 1.

Topics are `sekur/v1/{tenant}/{device}/{channel}`. Upward, every channel but `status`, `config/reported` and `cmd/{id}/result` carries an
`Envelope` around its body. Downward, the server answers with `Receipt`, `AlertUpdate`, `DesiredConfig` and `Command`.

A PUBACK of the broker proves nothing about storage: a message leaves the device's outbox on the server's `Receipt` alone where
`Channel.needs_receipt` says so.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Annotated, Generic, TypeVar

import attrs
import msgspec

from sekur_sdk.models.scalars import OpenEnum, Timestamp
from sekur_sdk.models.uid import Uid

CONTRACT_VERSION = 1
MAX_MESSAGE_BYTES = 8 * 1024
"""A message above this is never published: brokers drop the connection over it, again and again."""

Percent = Annotated[int, msgspec.Meta(ge=0, le=100)]
Count = Annotated[int, msgspec.Meta(ge=0)]
Seq = Annotated[int, msgspec.Meta(ge=1, le=2**63 - 1)]
Latitude = Annotated[float, msgspec.Meta(ge=-90, le=90)]
Longitude = Annotated[float, msgspec.Meta(ge=-180, le=180)]
Metres = Annotated[float, msgspec.Meta(ge=0)]
Seconds = Annotated[float, msgspec.Meta(ge=0)]
Text = Annotated[str, msgspec.Meta(max_length=2000)]
Code = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9_]{1,64}$")]
"""A machine-readable name, such as a fault code."""


class Channel(StrEnum):
    """The last part of a device's topic, by direction."""

    ALERT = "alert"
    EVENT = "event"
    POSITION = "position"
    HEALTH = "health"
    STATUS = "status"
    CONFIG_REPORTED = "config/reported"

    RECEIPT = "receipt"
    ALERT_STATE = "alert/state"
    CONFIG_DESIRED = "config/desired"

    @property
    def needs_receipt(self) -> bool:
        """Whether the outbox keeps the message until the server's receipt, and not merely until the broker's PUBACK."""
        return self in (Channel.ALERT, Channel.EVENT, Channel.HEALTH)


_NAME = r"[A-Za-z0-9_-]{1,64}"
_TOPIC = re.compile(rf"sekur/v{CONTRACT_VERSION}/({_NAME})/({_NAME})/(.+)", re.ASCII)
_COMMAND = re.compile(rf"cmd/({_NAME})", re.ASCII)
_COMMAND_RESULT = re.compile(rf"cmd/({_NAME})/result", re.ASCII)


@attrs.frozen
class DeviceAddress:
    """Where one wearable lives on the broker."""

    tenant: str
    device: str

    def __attrs_post_init__(self) -> None:
        for part in (self.tenant, self.device):
            if re.fullmatch(_NAME, part, re.ASCII) is None:
                raise ValueError(f"{part!r} can't stand in a topic: use 1 to 64 letters, digits, '_' and '-'")

    def topic(self, channel: str) -> str:
        """The topic of one channel of this device."""
        return f"sekur/v{CONTRACT_VERSION}/{self.tenant}/{self.device}/{channel}"

    @property
    def downward(self) -> tuple[str, ...]:
        """The topics that the device subscribes to."""
        return tuple(
            self.topic(channel) for channel in (Channel.RECEIPT, Channel.ALERT_STATE, Channel.CONFIG_DESIRED, "cmd/+")
        )


def upward_topics(tenant: str = "+") -> tuple[str, ...]:
    """The topics that the server subscribes to, for one tenant or for all."""
    base = f"sekur/v{CONTRACT_VERSION}/{tenant}/+"
    channels = (
        Channel.ALERT,
        Channel.EVENT,
        Channel.POSITION,
        Channel.HEALTH,
        Channel.STATUS,
        Channel.CONFIG_REPORTED,
        "cmd/+/result",
    )
    return tuple(f"{base}/{channel}" for channel in channels)


def parse_topic(topic: str) -> tuple[DeviceAddress, str]:
    """The device and the channel that `topic` names.

    Raises:
        ValueError: not a topic of this contract's version.
    """
    match = _TOPIC.fullmatch(topic)
    if match is None:
        raise ValueError("not a topic of this contract")
    return DeviceAddress(match[1], match[2]), match[3]


def command_id(channel: str) -> str | None:
    """The id in `cmd/{id}`, or None for another channel."""
    match = _COMMAND.fullmatch(channel)
    return match[1] if match else None


def command_result_id(channel: str) -> str | None:
    """The id in `cmd/{id}/result`, or None for another channel."""
    match = _COMMAND_RESULT.fullmatch(channel)
    return match[1] if match else None


class ClockState(OpenEnum):
    """How far the wall clock behind `at` can be trusted."""

    SYNCED = "synced"
    GNSS = "gnss"
    UNSYNCED = "unsynced"


class FixSource(OpenEnum):
    """What a position was made from."""

    GNSS = "gnss"
    NETWORK = "network"
    BEACON = "beacon"


class AlertKind(OpenEnum):
    """Why the wearer, or the device, calls for help."""

    FALL = "fall"
    NO_MOTION = "no_motion"
    TILT = "tilt"
    SOS = "sos"
    CHECK_IN_MISSED = "check_in_missed"
    LOW_BATTERY = "low_battery"
    TEAR_OFF = "tear_off"
    REINFORCEMENT = "reinforcement"
    TECHNICAL = "technical"
    TEST = "test"


class EventKind(OpenEnum):
    """What the body of an `event` message tells."""

    DUTY = "duty"
    CANCEL = "cancel"
    SCAN = "scan"
    LOG = "log"
    GAP = "gap"


class DutyAction(OpenEnum):
    """A step of a duty (prise et fin de service)."""

    START = "start"
    BREAK_START = "break_start"
    BREAK_END = "break_end"
    END = "end"


class AlarmPhase(OpenEnum):
    """When a wearer cancelled: before anybody was told, or after."""

    PRE_ALARM = "pre_alarm"
    ALARM = "alarm"


class ScanMethod(OpenEnum):
    """How a checkpoint was read."""

    NFC = "nfc"
    QR = "qr"
    BLE = "ble"
    GPS = "gps"
    MANUAL = "manual"


class ReceiptOutcome(OpenEnum):
    """What the server did with a message, after its commit."""

    STORED = "stored"
    DUPLICATE = "duplicate"
    QUARANTINED = "quarantined"


class AlertState(OpenEnum):
    """What became of an alarm: the system has it, a person has it, it is over."""

    RECEIVED = "received"
    ACKNOWLEDGED = "acknowledged"
    RESOLVED = "resolved"


class CommandOutcome(OpenEnum):
    """What a device did with a command."""

    DONE = "done"
    EXPIRED = "expired"
    REFUSED = "refused"
    FAILED = "failed"


@attrs.frozen(kw_only=True)
class Fix:
    """One position, WGS 84. An unknown position is None in its place, never 0,0.

    `age_s` is the age of the fix when the message was made, by the device's monotonic clock: `fix_at` alone would hide
    a receiver that died. Its repr shows no coordinates.
    """

    lat: Latitude = attrs.field(repr=False)
    lon: Longitude = attrs.field(repr=False)
    fix_at: Timestamp
    age_s: Seconds
    accuracy_m: Metres | None = None
    source: FixSource


@attrs.frozen(kw_only=True)
class AlertBody:
    """An alarm. It leaves at once, with the last fix or none; positions that follow carry its `uid`.

    `impact_at` is the moment of the impact for a fall, `started_at` the moment the condition began. `score` is the
    detector's (0 to 1), with the features that drove it. `fault` names the fault of a technical alarm.
    """

    kind: AlertKind
    started_at: Timestamp
    impact_at: Timestamp | None = None
    silent: bool = False
    fix: Fix | None = None
    fix_is_stale: bool = False
    score: Annotated[float, msgspec.Meta(ge=0, le=1)] | None = None
    features: dict[str, float] = attrs.field(factory=dict)
    fault: Code | None = None
    battery_pct: Percent | None = None


@attrs.frozen(kw_only=True)
class DutyBody:
    """A step of a duty, made on the device: `duty` is the id the device gave it, the same from start to end."""

    kind: EventKind = EventKind.DUTY
    action: DutyAction
    duty: Uid
    occurred_at: Timestamp
    employee_id: str | None = None
    site_id: str | None = None
    shift_id: str | None = None


@attrs.frozen(kw_only=True)
class CancelBody:
    """The wearer cancelled a pre-alarm or an alarm; `alert` is the uid that the alarm has or would have had."""

    kind: EventKind = EventKind.CANCEL
    alert: Uid
    alert_kind: AlertKind
    phase: AlarmPhase
    occurred_at: Timestamp


@attrs.frozen(kw_only=True)
class ScanBody:
    """A checkpoint read during a round."""

    kind: EventKind = EventKind.SCAN
    method: ScanMethod
    tag: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    occurred_at: Timestamp
    fix: Fix | None = None


@attrs.frozen(kw_only=True)
class LogBody:
    """A logbook entry written on the device."""

    kind: EventKind = EventKind.LOG
    category: Code
    text: Text = attrs.field(repr=False)
    occurred_at: Timestamp


@attrs.frozen(kw_only=True)
class GapBody:
    """Numbers that will not come: how many messages that was, by the channel they were for, and why.

    `seqs` are the numbers, as pairs of first and last; when there are none, all from `first_seq` to `last_seq` are meant.
    `dropped` is empty for numbers that belonged to no message that is known of, as after a crash.
    """

    kind: EventKind = EventKind.GAP
    first_seq: Seq
    last_seq: Seq
    dropped: dict[str, Count]
    reason: Code
    seqs: Annotated[tuple[tuple[Seq, Seq], ...], msgspec.Meta(max_length=1000)] = ()


@attrs.frozen(kw_only=True)
class PositionBody:
    """A position on duty, or after an alarm, whose uid `alert` then carries."""

    fix: Fix | None
    alert: Uid | None = None


@attrs.frozen(kw_only=True)
class HealthBody:
    """The device's own state, every 60 s on duty: `protected` is whether a fall now would become an alarm."""

    protected: bool
    faults: tuple[Code, ...] = ()
    battery_pct: Percent | None = None
    outbox_messages: Count = 0
    outbox_bytes: Count = 0
    samples: Count = 0
    samples_lost: Count = 0
    fix_age_s: Seconds | None = None


BodyT = TypeVar("BodyT")


@attrs.frozen(kw_only=True)
class Envelope(Generic[BodyT]):
    """What every upward message has around its body.

    `log` is the identity of the outbox (new when the card is), `seq` counts gaplessly within it from 1. `up_ms` is the
    device's monotonic clock since `boot`, so that an `at` from before the clock was right can be mended.
    `duty` is the device's id of the open duty.
    """

    v: int = CONTRACT_VERSION
    uid: Uid
    log: Uid
    seq: Seq
    boot: Uid
    up_ms: Count
    at: Timestamp
    clock: ClockState
    duty: Uid | None = None
    body: BodyT


@attrs.frozen(kw_only=True)
class Status:
    """Retained presence; the last will has `online` false and no time, since the broker publishes it later."""

    v: int = CONTRACT_VERSION
    online: bool
    boot: Uid
    log: Uid
    at: Timestamp | None = None
    agent: str | None = None


@attrs.frozen(kw_only=True)
class Receipt:
    """The server has committed a message. Without a readable `uid`, `payload_sha256` (hex) says which message it was."""

    v: int = CONTRACT_VERSION
    uid: Uid | None = None
    payload_sha256: str | None = None
    outcome: ReceiptOutcome
    at: Timestamp
    reason: Code | None = None


@attrs.frozen(kw_only=True)
class AlertUpdate:
    """What became of the alarm `uid`, for the wearer to feel."""

    v: int = CONTRACT_VERSION
    uid: Uid
    alert_id: str
    state: AlertState
    at: Timestamp


@attrs.frozen(kw_only=True)
class DeviceSettings:
    """What a server may set on a device; None leaves the device's own value.

    Degrees, seconds and milli-g, as control rooms know them.
    """

    pre_alarm_s: Annotated[float, msgspec.Meta(ge=0, le=90)] | None = None
    tilt_deg: Annotated[float, msgspec.Meta(ge=20, le=90)] | None = None
    tilt_hold_s: Annotated[float, msgspec.Meta(ge=1, le=600)] | None = None
    no_motion_mg: Annotated[float, msgspec.Meta(ge=20, le=999)] | None = None
    no_motion_hold_s: Annotated[float, msgspec.Meta(ge=5, le=1800)] | None = None
    check_in_s: Annotated[float, msgspec.Meta(ge=60, le=86400)] | None = None
    position_interval_s: Annotated[float, msgspec.Meta(ge=5, le=3600)] | None = None
    silent_sos: bool | None = None


@attrs.frozen(kw_only=True)
class DesiredConfig:
    """A configuration for the device, applied whole or not at all."""

    v: int = CONTRACT_VERSION
    version: Count
    settings: DeviceSettings


@attrs.frozen(kw_only=True)
class ReportedConfig:
    """The configuration the device runs with; `refused` is the version it could not apply, `reason` why."""

    v: int = CONTRACT_VERSION
    version: Count
    settings: DeviceSettings
    refused: Count | None = None
    reason: Text | None = None


@attrs.frozen(kw_only=True)
class Command:
    """Something the device shall do once, before `expires_at`; a later arrival is answered `expired`."""

    v: int = CONTRACT_VERSION
    id: str
    kind: Code
    expires_at: Timestamp
    args: dict[str, str] = attrs.field(factory=dict, repr=False)


@attrs.frozen(kw_only=True)
class CommandResult:
    """The device's answer to a command."""

    v: int = CONTRACT_VERSION
    id: str
    outcome: CommandOutcome
    at: Timestamp
    detail: Text | None = None
