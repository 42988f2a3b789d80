"""What goes into the alarm state machine and what comes out of it. Times are seconds of the agent's monotonic clock."""

from __future__ import annotations

from typing import TypeAlias

import attrs

from edge_agent.alarm_rules import OpenAlarm, Pattern, Uid
from sekur_sdk.models.device import AlarmPhase, AlertKind, AlertState

# What happened


@attrs.frozen(kw_only=True)
class FallDecided:
    """The detector decided that the wearer fell."""

    at: float
    impact_at: float
    score: float | None = None
    features: tuple[tuple[str, float], ...] = ()


@attrs.frozen(kw_only=True)
class ConditionStarted:
    """The wearer has been tilted, or without motion, for long enough; `since` is when it began."""

    at: float
    kind: AlertKind
    since: float


@attrs.frozen(kw_only=True)
class ConditionEnded:
    """The condition has been over for long enough."""

    at: float
    kind: AlertKind


@attrs.frozen(kw_only=True)
class SosPressed:
    """The wearer calls for help; `silent` None is as the settings say."""

    at: float
    silent: bool | None = None


@attrs.frozen(kw_only=True)
class CancelPressed:
    """The wearer says that all is well."""

    at: float


@attrs.frozen(kw_only=True)
class WalkingResumed:
    """The wearer walks on."""

    at: float


@attrs.frozen(kw_only=True)
class DutyChanged:
    """A duty began or ended; a break is duty."""

    at: float
    on_duty: bool


@attrs.frozen(kw_only=True)
class FaultStarted:
    """Something of the chain failed: whether the server and the wearer are to be told."""

    at: float
    code: str
    server: bool
    wearer: bool


@attrs.frozen(kw_only=True)
class FaultEnded:
    """It works again."""

    at: float
    code: str


@attrs.frozen(kw_only=True)
class ServerTold:
    """What became of an alarm, as the server says."""

    at: float
    uid: Uid
    state: AlertState


@attrs.frozen(kw_only=True)
class Tick:
    """Time has passed."""

    at: float


Input: TypeAlias = (
    FallDecided
    | ConditionStarted
    | ConditionEnded
    | SosPressed
    | CancelPressed
    | WalkingResumed
    | DutyChanged
    | FaultStarted
    | FaultEnded
    | ServerTold
    | Tick
)


# What is to be done


@attrs.frozen
class StartPreAlarm:
    """Ask the wearer."""

    alarm: OpenAlarm


@attrs.frozen
class Raise:
    """Send the alarm."""

    alarm: OpenAlarm


@attrs.frozen
class Cancel:
    """Tell the server that the wearer, or the end of the condition or fault, cancelled it; `by` says which."""

    alarm: OpenAlarm
    phase: AlarmPhase
    at: float
    by: str


@attrs.frozen
class Advance:
    """The alarm has a new phase, by the server's word."""

    alarm: OpenAlarm


@attrs.frozen
class Clear:
    """The alarm is over."""

    alarm: OpenAlarm


@attrs.frozen
class Persist:
    """Make what is open durable, in the same transaction as what `Raise` and `Cancel` send."""

    open: tuple[OpenAlarm, ...]


@attrs.frozen
class Signal:
    """From now on the wearer feels this."""

    pattern: Pattern


Effect: TypeAlias = StartPreAlarm | Raise | Cancel | Advance | Clear | Persist | Signal
