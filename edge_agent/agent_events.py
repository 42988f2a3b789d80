"""What an agent's observer is told: frozen, typed, in the order in which it happened. `at` is the agent's monotonic clock."""

from __future__ import annotations

from typing import TypeAlias

import attrs

from edge_agent.alarm_rules import Pattern
from edge_agent.duty import DutyState
from edge_agent.faults import FaultCode
from sekur_sdk.models.device import AlarmPhase, AlertKind, AlertState, Channel, DutyAction, ReceiptOutcome


@attrs.frozen(kw_only=True)
class AgentStarted:
    """The agent runs; `restored` tells how many alarms were open when it ended."""

    at: float
    duty: DutyState
    restored: int


@attrs.frozen(kw_only=True)
class DutyChanged:
    """A step of a duty."""

    at: float
    action: DutyAction
    duty: str


@attrs.frozen(kw_only=True)
class FallDetected:
    """The detector decided; `score` is from 0 to 1, 0.5 at its edge."""

    at: float
    impact_at: float
    score: float


@attrs.frozen(kw_only=True)
class PreAlarmStarted:
    """The wearer is asked."""

    at: float
    uid: str
    kind: AlertKind
    deadline: float


@attrs.frozen(kw_only=True)
class AlarmCancelled:
    """By the wearer, by walking on, by being normal again, or by the end of a fault."""

    at: float
    uid: str
    kind: AlertKind
    phase: AlarmPhase
    by: str


@attrs.frozen(kw_only=True)
class AlarmRaised:
    """An alarm is on its way."""

    at: float
    uid: str
    kind: AlertKind
    fault: str | None = None


@attrs.frozen(kw_only=True)
class AlarmCommitted:
    """The alarm is on the card."""

    at: float
    uid: str


@attrs.frozen(kw_only=True)
class MessagePublished:
    """The broker has a message (PUBACK)."""

    at: float
    uid: str
    channel: Channel


@attrs.frozen(kw_only=True)
class MessageReceipted:
    """The server has a message."""

    at: float
    uid: str
    channel: Channel
    outcome: ReceiptOutcome


@attrs.frozen(kw_only=True)
class AlertStateChanged:
    """What became of an alarm, by the server's word."""

    at: float
    uid: str
    state: AlertState


@attrs.frozen(kw_only=True)
class SignalChanged:
    """What the wearer feels from now on."""

    at: float
    pattern: Pattern


@attrs.frozen(kw_only=True)
class BrokerConnected:
    """The connection is there."""

    at: float


@attrs.frozen(kw_only=True)
class BrokerLost:
    """The connection ended, or none came about."""

    at: float
    code: FaultCode
    reason: str


@attrs.frozen(kw_only=True)
class FaultRaised:
    """Something of the chain failed."""

    at: float
    code: str
    detail: str


@attrs.frozen(kw_only=True)
class FaultCleared:
    """It works again."""

    at: float
    code: str


@attrs.frozen(kw_only=True)
class PositionSent:
    """A position was stored; `alert` is the alarm that it belongs to."""

    at: float
    uid: str
    alert: str | None


AgentEvent: TypeAlias = (
    AgentStarted
    | DutyChanged
    | FallDetected
    | PreAlarmStarted
    | AlarmCancelled
    | AlarmRaised
    | AlarmCommitted
    | MessagePublished
    | MessageReceipted
    | AlertStateChanged
    | SignalChanged
    | BrokerConnected
    | BrokerLost
    | FaultRaised
    | FaultCleared
    | PositionSent
)
