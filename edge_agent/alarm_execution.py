"""Does what the alarm machine decides: stores and sends, tells the observer, signals to the wearer."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Final

import attrs

from edge_agent import agent_events as told
from edge_agent.alarm_events import Advance, Cancel, Clear, Effect, Persist, Raise, Signal, StartPreAlarm
from edge_agent.alarm_records import save_alarms
from edge_agent.alarm_rules import OpenAlarm, Pattern
from edge_agent.send_queue import COMMIT_WAIT_S
from sekur_sdk.models.device import AlertState, Channel

if TYPE_CHECKING:
    from collections.abc import Callable

    from edge_agent.agent_events import AgentEvent
    from edge_agent.core_parts import Parts
    from edge_agent.duty import Duty

ALARMS_KEY: Final = "alarms"
DUTY_KEY: Final = "duty"

_ASKING: Final = (Pattern.PRE_ALARM, Pattern.CALLING)
"""Signals that wait for the commit of what they announce, 250 ms at most."""


@attrs.define
class _PendingSignal:
    pattern: Pattern
    committed: threading.Event
    deadline: float


class AlarmExecution:
    """The hands of the core, used on its thread.

    Args:
        parts: what there is to work with.
        observe: tells the observer.
        alarm_committed: told of each alarm's commit, from the storage thread; must only enqueue.
        signal_failed: told that the wearer could not be signalled to; on the core's thread.
        wake: makes the core look at `signal_when_due` again; from any thread.
    """

    def __init__(
        self,
        parts: Parts,
        *,
        observe: Callable[[AgentEvent], None],
        alarm_committed: Callable[[str], None],
        signal_failed: Callable[[str], None],
        wake: Callable[[], None],
    ) -> None:
        self._parts = parts
        self._observe = observe
        self._alarm_committed = alarm_committed
        self._signal_failed = signal_failed
        self._wake = wake
        self._pending_signal: _PendingSignal | None = None

    @property
    def next_deadline(self) -> float | None:
        """When a signal stops waiting for its commit."""
        return self._pending_signal.deadline if self._pending_signal is not None else None

    def store(self, effects: tuple[Effect, ...], alarms: tuple[OpenAlarm, ...], duty: Duty) -> threading.Event:
        """Submit what is to be sent, the durable state with the last of it; the event is set by the commit of that."""
        committed = threading.Event()

        def on_committed() -> None:
            committed.set()
            self._wake()

        states: dict[str, bytes | None] = {}
        if any(isinstance(effect, Persist) for effect in effects):
            states = {ALARMS_KEY: save_alarms(alarms, self._parts.moment()), DUTY_KEY: duty.snapshot()}
        sent = [effect for effect in effects if isinstance(effect, Raise | Cancel)]
        for effect in sent[:-1]:
            self._send(effect, duty, {}, lambda: None)
        if sent:
            self._send(sent[-1], duty, states, on_committed)
        elif states:
            self._parts.outbox.set_state(states, on_committed)
        else:
            committed.set()
        return committed

    def tell(self, effects: tuple[Effect, ...], committed: threading.Event) -> None:
        """Tell the observer and the wearer."""
        for effect in effects:
            event = _event_of(effect, self._parts.now())
            if event is not None:
                self._observe(event)
            if isinstance(effect, Signal):
                wait_s = COMMIT_WAIT_S if effect.pattern in _ASKING else 0.0
                self._pending_signal = _PendingSignal(effect.pattern, committed, self._parts.now() + wait_s)
        self.signal_when_due()

    def signal_when_due(self) -> None:
        """Play the signal that waited, if its commit has come or took too long."""
        pending, now = self._pending_signal, self._parts.now()
        if pending is not None and (pending.committed.is_set() or now >= pending.deadline):
            self._pending_signal = None
            try:
                self._parts.wearer.signal(pending.pattern)
            except Exception as error:  # noqa: BLE001  # a buzzer that fails must not keep the alarm from leaving
                self._signal_failed(type(error).__name__)
                return
            self._observe(told.SignalChanged(at=now, pattern=pending.pattern))

    def _send(
        self,
        effect: Raise | Cancel,
        duty: Duty,
        states: dict[str, bytes | None],
        on_committed: Callable[[], None],
    ) -> None:
        parts = self._parts
        if isinstance(effect, Cancel):
            draft = parts.draft(Channel.EVENT, parts.cancel_body(effect), duty=duty.duty)
            parts.outbox.submit(draft, on_committed, states)
            return
        alarm = effect.alarm
        stored = threading.Event()

        def alarm_stored() -> None:
            stored.set()
            parts.uplink.wake()
            on_committed()
            self._alarm_committed(alarm.uid)

        body = parts.alert_body(alarm)
        draft = parts.draft(Channel.ALERT, body, duty=duty.duty, uid=alarm.uid)
        try:
            message = parts.outbox.submit(draft, alarm_stored, states)
        except ValueError:
            # too large: an alarm goes without its features rather than not at all
            bare = attrs.evolve(draft, body=attrs.evolve(body, features={}))
            message = parts.outbox.submit(bare, alarm_stored, states)
        parts.uplink.offer(message, stored)
        if parts.position is not None and alarm.rule.calls:
            parts.position.sample_now()


def _event_of(effect: Effect, at: float) -> AgentEvent | None:
    match effect:
        case StartPreAlarm(alarm):
            return told.PreAlarmStarted(at=at, uid=alarm.uid, kind=alarm.kind, deadline=alarm.deadline)
        case Raise(alarm):
            return told.AlarmRaised(at=at, uid=alarm.uid, kind=alarm.kind, fault=alarm.fault)
        case Cancel(alarm, phase, _, by):
            return told.AlarmCancelled(at=at, uid=alarm.uid, kind=alarm.kind, phase=phase, by=by)
        case Advance(alarm):
            return told.AlertStateChanged(at=at, uid=alarm.uid, state=AlertState(alarm.phase.value))
        case Clear(alarm):
            return told.AlertStateChanged(at=at, uid=alarm.uid, state=AlertState.RESOLVED)
        case Persist() | Signal():
            return None
