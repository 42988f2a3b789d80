"""What happened, as one line for the terminal or the journal: no names, no positions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from edge_agent import agent_events as told
from edge_agent.faults import fault_of
from sekur_sdk.models.device import Channel

if TYPE_CHECKING:
    from edge_agent.agent_events import AgentEvent


def line_of(event: AgentEvent) -> str | None:  # noqa: C901, PLR0911, PLR0912  # one flat case an event
    """The line, or None for what happens all the time."""
    match event:
        case told.AgentStarted():
            return f"started, {event.duty.replace('_', ' ')}" + (
                f", {event.restored} open alarms restored" if event.restored else ""
            )
        case told.DutyChanged():
            return f"duty: {event.action.replace('_', ' ')}"
        case told.FallDetected():
            return f"fall detected, score {event.score:.2f}"
        case told.PreAlarmStarted():
            return f"pre-alarm {event.kind}, {event.deadline - event.at:.0f} s to cancel"
        case told.AlarmCancelled():
            return f"{event.phase.replace('_', '-')} {event.kind} cancelled ({event.by})"
        case told.AlarmRaised():
            return f"ALARM {event.kind}" + (f" {event.fault}" if event.fault else "") + f"  {event.uid}"
        case told.AlarmCommitted():
            return f"alarm stored  {event.uid}"
        case told.MessagePublished():
            return f"alarm published  {event.uid}" if event.channel is Channel.ALERT else None
        case told.MessageReceipted():
            return f"alarm receipted: {event.outcome}  {event.uid}" if event.channel is Channel.ALERT else None
        case told.AlertStateChanged():
            return f"alarm {event.state}  {event.uid}"
        case told.SignalChanged():
            return f"signal: {event.pattern.replace('_', ' ')}"
        case told.BrokerConnected():
            return "broker: connected"
        case told.BrokerLost():
            return f"broker: {event.reason}"
        case told.FaultRaised():
            return f"FAULT {event.code}: {fault_of(event.code).french} ({event.detail})"
        case told.FaultCleared():
            return f"fault over: {event.code}"
        case told.PositionSent():
            return None
