"""The alarm state machine: what happened goes in, what is to be done comes out; it has no I/O and no clock.

Each alarm passes ``monitoring -> condition (hold) -> pre_alarm -> alarm -> received -> acknowledged -> cleared``. Several may
be open at once. All times are seconds of the agent's monotonic clock. It is not a certified lone-worker device.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import attrs

from edge_agent.alarm_events import (
    Advance,
    Cancel,
    CancelPressed,
    Clear,
    ConditionEnded,
    ConditionStarted,
    DutyChanged,
    Effect,
    FallDecided,
    FaultEnded,
    FaultStarted,
    Input,
    Persist,
    Raise,
    ServerTold,
    Signal,
    SosPressed,
    StartPreAlarm,
    Tick,
    WalkingResumed,
)
from edge_agent.alarm_rules import RULES, AlarmSettings, OpenAlarm, Pattern, Phase, SelfCancel, Uid
from sekur_sdk.models.device import AlarmPhase, AlertKind, AlertState

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


_PHASES: Final = {AlertState.RECEIVED: Phase.RECEIVED, AlertState.ACKNOWLEDGED: Phase.ACKNOWLEDGED}
_ORDER: Final = tuple(Phase)
_HEARD_EVERY_S: Final = 60.0


class AlarmMachine:
    """The alarms of one wearer.

    Args:
        settings: delays; may be replaced at any time.
        new_uid: makes the uid of an alarm.
    """

    def __init__(self, settings: AlarmSettings, new_uid: Callable[[], Uid]) -> None:
        self.settings = settings
        self._new_uid = new_uid
        self._on_duty = False
        self._open: dict[Uid, OpenAlarm] = {}
        # what the wearer is in, by when it began; out of it as soon as it was asked about
        self._conditions: dict[AlertKind, float] = {}
        self._wearer_faults: set[str] = set()
        self._signal = Pattern.QUIET
        self._at = float("-inf")

    @property
    def open(self) -> tuple[OpenAlarm, ...]:
        """All that is open, oldest first."""
        return tuple(self._open.values())

    @property
    def next_deadline(self) -> float | None:
        """When the next `Tick` matters."""
        asked = [alarm.deadline for alarm in self.open if alarm.phase is Phase.PRE_ALARM]
        forgotten = [alarm.forgotten_at for alarm in self.open if alarm.forgotten_at is not None]
        return min((*asked, *forgotten), default=None)

    def restore(self, alarms: tuple[OpenAlarm, ...]) -> None:
        """Go on with what was open before a restart; a pre-alarm whose deadline has passed is raised by the next input."""
        self._open |= {alarm.uid: alarm for alarm in alarms}

    def handle(self, event: Input) -> tuple[Effect, ...]:
        """What `event` leads to, in order. Time never goes back: an event from the past counts as now."""
        before = self.open
        self._at = at = max(self._at, event.at)
        effects = [*self._pass_time(at), *self._react(event, at)]
        effects += self._pass_time(at)
        if self.open != before:
            effects.append(Persist(self.open))
        pattern = self._pattern()
        if pattern is not self._signal:
            self._signal = pattern
            effects.append(Signal(pattern))
        return tuple(effects)

    def _react(self, event: Input, at: float) -> Iterator[Effect]:  # noqa: C901, PLR0912  # one flat case an input
        match event:
            case FallDecided():
                yield from self._fall(event, at)
            case ConditionStarted():
                self._conditions[event.kind] = event.since
            case ConditionEnded():
                self._conditions.pop(event.kind, None)
                yield from self._cancel_where(SelfCancel.ON_NORMAL, event.kind, at, by="normal")
            case SosPressed():
                yield from self._sos(event, at)
            case CancelPressed():
                yield from self._wearer_cancels(at)
            case WalkingResumed():
                yield from self._cancel_where(SelfCancel.ON_WALKING, None, at, by="walking")
            case DutyChanged():
                self._on_duty = event.on_duty
                self._conditions.clear()
            case FaultStarted():
                if event.wearer:
                    self._wearer_faults.add(event.code)
                if event.server and self._technical(event.code) is None:
                    yield self._raise(self._new(AlertKind.TECHNICAL, at, started_at=at, fault=event.code))
            case FaultEnded():
                self._wearer_faults.discard(event.code)
                technical = self._technical(event.code)
                if technical is not None:
                    del self._open[technical.uid]
                    yield Cancel(technical, AlarmPhase.ALARM, at, by="fault_over")
            case ServerTold():
                yield from self._server_told(event)
            case Tick():
                pass

    def _pass_time(self, at: float) -> Iterator[Effect]:
        # first what was due, then what ends it: a deadline that has passed is an alarm, whatever came after it
        for alarm in self.open:
            if alarm.phase is Phase.PRE_ALARM and alarm.deadline <= at:
                yield self._raise(alarm)
            elif alarm.forgotten_at is not None and alarm.forgotten_at <= at:
                del self._open[alarm.uid]
                yield Clear(alarm)
        for kind, since in tuple(self._conditions.items()):
            if self._on_duty and not self._covered(kind):
                del self._conditions[kind]
                yield from self._ask(self._new(kind, at, started_at=since))

    # Alarms

    def _fall(self, event: FallDecided, at: float) -> Iterator[Effect]:
        if not self._on_duty or self._already_told(AlertKind.FALL):
            return
        alarm = self._new(AlertKind.FALL, at, started_at=event.impact_at)
        yield from self._ask(attrs.evolve(alarm, impact_at=event.impact_at, score=event.score, features=event.features))

    def _sos(self, event: SosPressed, at: float) -> Iterator[Effect]:
        if self._already_told(AlertKind.SOS):
            return
        silent = self.settings.silent_sos if event.silent is None else event.silent
        yield self._raise(attrs.evolve(self._new(AlertKind.SOS, at, started_at=at), silent=silent))
        if silent:
            # a buzzer would give the wearer away: who was about to be asked is believed instead
            for alarm in self.open:
                if alarm.phase is Phase.PRE_ALARM:
                    yield self._raise(attrs.evolve(alarm, silent=True))

    def _ask(self, alarm: OpenAlarm) -> Iterator[Effect]:
        if self._discreet():
            yield self._raise(attrs.evolve(alarm, silent=True))
            return
        self._open[alarm.uid] = alarm
        yield StartPreAlarm(alarm)

    def _raise(self, alarm: OpenAlarm) -> Raise:
        raised = attrs.evolve(alarm, phase=Phase.ALARM)
        self._open[raised.uid] = raised
        return Raise(raised)

    def _wearer_cancels(self, at: float) -> Iterator[Effect]:
        # pressing the button is a sign of life: what the wearer is in has to last anew (the detectors count from here)
        self._conditions.clear()
        asked = [alarm for alarm in self.open if alarm.phase is Phase.PRE_ALARM]
        if asked:
            for alarm in asked:
                yield self._cancel_pre_alarm(alarm, at, by="wearer")
            return
        for alarm in self.open:
            if alarm.rule.wearer_cancels and not alarm.cancelled:
                cancelled = self._open[alarm.uid] = attrs.evolve(alarm, cancelled=True)
                yield Cancel(cancelled, AlarmPhase.ALARM, at, by="wearer")

    def _cancel_where(self, self_cancel: SelfCancel, kind: AlertKind | None, at: float, by: str) -> Iterator[Effect]:
        for alarm in self.open:
            if alarm.phase is Phase.PRE_ALARM and alarm.rule.self_cancel is self_cancel and kind in (None, alarm.kind):
                yield self._cancel_pre_alarm(alarm, at, by)

    def _cancel_pre_alarm(self, alarm: OpenAlarm, at: float, by: str) -> Cancel:
        del self._open[alarm.uid]
        return Cancel(alarm, AlarmPhase.PRE_ALARM, at, by)

    def _server_told(self, event: ServerTold) -> Iterator[Effect]:
        alarm = self._open.get(event.uid)
        if alarm is None:
            return
        if event.state is AlertState.RESOLVED:
            del self._open[event.uid]
            yield Clear(alarm)
            return
        phase = _PHASES.get(event.state)
        # messages may come twice and out of order: an alarm never goes back
        if phase is not None and _ORDER.index(phase) > _ORDER.index(alarm.phase):
            advanced = self._open[event.uid] = attrs.evolve(alarm, phase=phase, heard_at=self._at)
            yield Advance(advanced)
        elif alarm.heard_at is None or self._at - alarm.heard_at >= _HEARD_EVERY_S:
            # not each of many words: what is open is made durable each time it changes
            self._open[event.uid] = attrs.evolve(alarm, heard_at=self._at)

    # What is known

    def _new(self, kind: AlertKind, at: float, *, started_at: float, fault: str | None = None) -> OpenAlarm:
        return OpenAlarm(
            uid=self._new_uid(),
            kind=kind,
            phase=Phase.PRE_ALARM,
            started_at=started_at,
            deadline=at + self.settings.pre_alarm_s,
            fault=fault,
        )

    def _technical(self, code: str) -> OpenAlarm | None:
        return next((alarm for alarm in self._open.values() if alarm.fault == code), None)

    def _covered(self, kind: AlertKind) -> bool:
        return any(
            alarm.kind in RULES[kind].covered_by or alarm.kind is kind
            for alarm in self._open.values()
            if not alarm.cancelled
        )

    def _already_told(self, kind: AlertKind) -> bool:
        """Whether an open alarm of the kind stands for a new one: not once a person has it or the wearer cancelled it."""
        return any(
            alarm.kind is kind and not alarm.cancelled and alarm.phase is not Phase.ACKNOWLEDGED
            for alarm in self._open.values()
        )

    def _discreet(self) -> bool:
        return any(alarm.silent for alarm in self._open.values())

    def _pattern(self) -> Pattern:
        discreet = self._discreet()
        phases = {alarm.phase for alarm in self._open.values() if alarm.rule.calls and not alarm.cancelled}
        if Phase.PRE_ALARM in phases:
            return Pattern.PRE_ALARM
        if Phase.ALARM in phases:
            return Pattern.QUIET if discreet else Pattern.CALLING
        if Phase.RECEIVED in phases:
            return Pattern.DISCREET_RECEIVED if discreet else Pattern.RECEIVED
        if self._wearer_faults and self._on_duty and not discreet:
            return Pattern.PROTECTION_LOST
        if Phase.ACKNOWLEDGED in phases:
            return Pattern.DISCREET_ACKNOWLEDGED if discreet else Pattern.ACKNOWLEDGED
        return Pattern.QUIET
