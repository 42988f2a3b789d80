"""The alarm state machine: pure, so that each rule is a sentence here."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, TypeVar

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from edge_agent.alarm_events import (
    Advance,
    Cancel,
    CancelPressed,
    Clear,
    ConditionEnded,
    ConditionStarted,
    DutyChanged,
    FallDecided,
    FaultEnded,
    FaultStarted,
    Persist,
    Raise,
    ServerTold,
    Signal,
    SosPressed,
    StartPreAlarm,
    Tick,
    WalkingResumed,
)
from edge_agent.alarm_rules import FORGOTTEN_S, RULES, AlarmSettings, Pattern, Phase
from edge_agent.alarms import AlarmMachine
from sekur_sdk.models.device import AlarmPhase, AlertKind, AlertState

if TYPE_CHECKING:
    from edge_agent.alarm_events import Effect, Input

E = TypeVar("E")


def machine(*, on_duty: bool = True, **settings_: float | bool) -> AlarmMachine:
    numbers = count(1)
    made = AlarmMachine(AlarmSettings(**settings_), lambda: f"uid-{next(numbers)}")
    made.handle(DutyChanged(at=0, on_duty=on_duty))
    return made


def only(effects: tuple[Effect, ...], kind: type[E]) -> list[E]:
    return [effect for effect in effects if isinstance(effect, kind)]


def fall(at: float) -> FallDecided:
    return FallDecided(at=at, impact_at=at - 2, score=0.8, features=(("peak_g", 3.0),))


def raised(effects: tuple[Effect, ...]) -> list[AlertKind]:
    return [effect.alarm.kind for effect in only(effects, Raise)]


def test_a_fall_asks_the_wearer_and_alarms_when_nobody_answers() -> None:
    alarms = machine()
    asked = alarms.handle(fall(10))
    assert [effect.alarm.kind for effect in only(asked, StartPreAlarm)] == [AlertKind.FALL]
    assert raised(alarms.handle(Tick(at=24.9))) == []
    assert alarms.next_deadline == 25

    late = alarms.handle(Tick(at=25))

    (effect,) = only(late, Raise)
    assert (effect.alarm.impact_at, effect.alarm.score) == (8, 0.8)


def test_an_alarm_that_the_server_has_and_does_not_speak_of_for_a_day_is_over_so_that_positions_end() -> None:
    alarms = machine()
    (raise_,) = only(alarms.handle(SosPressed(at=10)), Raise)
    alarms.handle(ServerTold(at=20, uid=raise_.alarm.uid, state=AlertState.RECEIVED))
    # asked, it answers
    alarms.handle(ServerTold(at=1000, uid=raise_.alarm.uid, state=AlertState.RECEIVED))
    assert alarms.next_deadline == 1000 + FORGOTTEN_S
    assert only(alarms.handle(Tick(at=999 + FORGOTTEN_S)), Clear) == []

    (cleared,) = only(alarms.handle(Tick(at=1000 + FORGOTTEN_S)), Clear)

    assert cleared.alarm.uid == raise_.alarm.uid
    assert alarms.open == ()


def test_an_alarm_that_the_server_never_had_stays_open_for_as_long_as_it_takes() -> None:
    alarms = machine()
    alarms.handle(SosPressed(at=10))
    alarms.handle(Tick(at=10 + 3 * FORGOTTEN_S))

    assert [alarm.kind for alarm in alarms.open] == [AlertKind.SOS]


def test_a_pre_alarm_is_persisted_before_anything_is_felt() -> None:
    effects = machine().handle(fall(10))

    kinds = [type(effect) for effect in effects]
    assert kinds.index(Persist) < kinds.index(Signal)
    assert [alarm.phase for alarm in only(effects, Persist)[0].open] == [Phase.PRE_ALARM]


def test_the_button_ends_a_pre_alarm_with_an_event_and_no_alarm() -> None:
    alarms = machine()
    alarms.handle(fall(10))
    effects = alarms.handle(CancelPressed(at=20))

    (cancel,) = only(effects, Cancel)
    assert (cancel.phase, cancel.by) == (AlarmPhase.PRE_ALARM, "wearer")
    assert raised(alarms.handle(Tick(at=100))) == []


def test_a_cancel_that_comes_with_the_deadline_is_too_late_and_cancels_the_alarm() -> None:
    alarms = machine()
    alarms.handle(fall(10))
    effects = alarms.handle(CancelPressed(at=25))

    assert raised(effects) == [AlertKind.FALL]
    assert [cancel.phase for cancel in only(effects, Cancel)] == [AlarmPhase.ALARM]


def test_an_alarm_that_the_wearer_cancelled_stays_open_until_a_person_resolves_it() -> None:
    alarms = machine()
    (effect,) = only(alarms.handle(SosPressed(at=1)), Raise)
    alarms.handle(CancelPressed(at=2))
    assert [alarm.cancelled for alarm in alarms.open] == [True]

    cleared = alarms.handle(ServerTold(at=3, uid=effect.alarm.uid, state=AlertState.RESOLVED))

    assert only(cleared, Clear)
    assert alarms.open == ()


@pytest.mark.parametrize(
    ("kind", "by_movement", "by_walking"),
    [(AlertKind.FALL, False, True), (AlertKind.TILT, True, False), (AlertKind.NO_MOTION, True, False)],
)
def test_which_pre_alarms_end_themselves_is_stated_per_kind(
    kind: AlertKind, by_movement: bool, by_walking: bool
) -> None:
    def asked() -> AlarmMachine:
        alarms = machine()
        alarms.handle(fall(10) if kind is AlertKind.FALL else ConditionStarted(at=10, kind=kind, since=0))
        return alarms

    assert bool(only(asked().handle(ConditionEnded(at=12, kind=kind)), Cancel)) is by_movement
    assert bool(only(asked().handle(WalkingResumed(at=12)), Cancel)) is by_walking


def test_sos_goes_at_once_also_during_a_pre_alarm_which_goes_on() -> None:
    alarms = machine()
    alarms.handle(fall(10))
    assert raised(alarms.handle(SosPressed(at=12))) == [AlertKind.SOS]

    assert raised(alarms.handle(Tick(at=25))) == [AlertKind.FALL]


@pytest.mark.parametrize("kind", [AlertKind.TILT, AlertKind.NO_MOTION])
def test_off_duty_no_motion_alarm_is_raised_and_sos_is(kind: AlertKind) -> None:
    alarms = machine(on_duty=False)
    alarms.handle(fall(10))
    alarms.handle(ConditionStarted(at=10, kind=kind, since=0))
    assert alarms.open == ()

    assert raised(alarms.handle(SosPressed(at=11))) == [AlertKind.SOS]


def test_a_pre_alarm_that_began_on_duty_runs_on_when_the_duty_ends() -> None:
    alarms = machine()
    alarms.handle(fall(10))
    alarms.handle(DutyChanged(at=12, on_duty=False))

    assert raised(alarms.handle(Tick(at=25))) == [AlertKind.FALL]


def test_a_silent_sos_makes_no_sound_and_what_would_have_asked_is_raised_silently() -> None:
    alarms = machine()
    alarms.handle(fall(10))
    effects = alarms.handle(SosPressed(at=12, silent=True))

    assert {effect.alarm.kind: effect.alarm.silent for effect in only(effects, Raise)} == {
        AlertKind.SOS: True,
        AlertKind.FALL: True,
    }
    assert only(effects, Signal) == [Signal(Pattern.QUIET)]


def test_lying_still_after_a_fall_is_not_told_again_while_the_fall_is_open() -> None:
    alarms = machine()
    alarms.handle(fall(10))
    alarms.handle(Tick(at=25))
    effects = alarms.handle(ConditionStarted(at=40, kind=AlertKind.TILT, since=10))
    assert not only(effects, StartPreAlarm)

    over = alarms.handle(ServerTold(at=50, uid=alarms.open[0].uid, state=AlertState.RESOLVED))

    assert [effect.alarm.kind for effect in only(over, StartPreAlarm)] == [AlertKind.TILT]


def test_a_second_fall_is_told_once_a_person_has_the_first() -> None:
    alarms = machine()
    alarms.handle(fall(10))
    alarms.handle(Tick(at=25))
    assert not only(alarms.handle(fall(30)), StartPreAlarm)
    alarms.handle(ServerTold(at=31, uid=alarms.open[0].uid, state=AlertState.ACKNOWLEDGED))

    assert only(alarms.handle(fall(32)), StartPreAlarm)


def test_the_wearer_feels_received_and_acknowledged_apart() -> None:
    alarms = machine()
    (effect,) = only(alarms.handle(SosPressed(at=1)), Raise)
    told = [
        only(alarms.handle(ServerTold(at=2, uid=effect.alarm.uid, state=state)), Signal)
        for state in (AlertState.RECEIVED, AlertState.ACKNOWLEDGED)
    ]

    assert told == [[Signal(Pattern.RECEIVED)], [Signal(Pattern.ACKNOWLEDGED)]]


def test_an_alarm_never_goes_back_when_messages_come_out_of_order() -> None:
    alarms = machine()
    (effect,) = only(alarms.handle(SosPressed(at=1)), Raise)
    uid = effect.alarm.uid
    alarms.handle(ServerTold(at=2, uid=uid, state=AlertState.ACKNOWLEDGED))

    assert not only(alarms.handle(ServerTold(at=3, uid=uid, state=AlertState.RECEIVED)), Advance)
    assert not alarms.handle(ServerTold(at=4, uid=uid, state=AlertState("escalated")))
    assert alarms.open[0].phase is Phase.ACKNOWLEDGED


def test_a_fault_raises_one_technical_alarm_and_its_end_cancels_it() -> None:
    alarms = machine()
    first = alarms.handle(FaultStarted(at=1, code="sensor_stuck", server=True, wearer=True))
    assert raised(first) == [AlertKind.TECHNICAL]
    assert only(first, Signal) == [Signal(Pattern.PROTECTION_LOST)]
    assert alarms.handle(FaultStarted(at=2, code="sensor_stuck", server=True, wearer=True)) == ()

    over = alarms.handle(FaultEnded(at=3, code="sensor_stuck"))

    assert [cancel.by for cancel in only(over, Cancel)] == ["fault_over"]
    assert only(over, Signal) == [Signal(Pattern.QUIET)]


def test_the_cancel_button_does_not_cancel_a_technical_alarm() -> None:
    alarms = machine()
    alarms.handle(FaultStarted(at=1, code="sensor_stuck", server=True, wearer=True))

    assert not only(alarms.handle(CancelPressed(at=2)), Cancel)


def test_a_pre_alarm_restored_after_its_deadline_is_raised_by_the_first_input() -> None:
    before = machine()
    before.handle(fall(10))
    after = machine(on_duty=False)
    after.restore(before.open)

    assert raised(after.handle(DutyChanged(at=100, on_duty=True))) == [AlertKind.FALL]


def test_every_kind_of_the_contract_has_its_rule() -> None:
    assert set(RULES) == set(AlertKind)


class NoFallIsLost(RuleBasedStateMachine):
    """Every fall decided on duty ends as an alarm or a cancel, whatever happens around it."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0
        self.on_duty = False
        self.machine = AlarmMachine(AlarmSettings(), (f"uid-{number}" for number in count(1)).__next__)
        self.asked: set[str] = set()
        self.answered: set[str] = set()
        self.persisted: tuple[object, ...] = ()

    def feed(self, event: Input) -> tuple[Effect, ...]:
        effects = self.machine.handle(event)
        for effect in effects:
            match effect:
                case StartPreAlarm(alarm):
                    self.asked.add(alarm.uid)
                case Raise(alarm) | Cancel(alarm):
                    self.answered.add(alarm.uid)
                case Persist(alarms):
                    self.persisted = alarms
                case _:
                    pass
        return effects

    @rule(seconds=st.floats(0, 40))
    def time_passes(self, seconds: float) -> None:
        self.now += seconds
        self.feed(Tick(at=self.now))

    @rule(on_duty=st.booleans())
    def duty_changes(self, on_duty: bool) -> None:
        self.on_duty = on_duty
        self.feed(DutyChanged(at=self.now, on_duty=on_duty))

    @rule()
    def falls(self) -> None:
        known = [alarm for alarm in self.machine.open if alarm.kind is AlertKind.FALL]
        stands = [alarm for alarm in known if not alarm.cancelled and alarm.phase is not Phase.ACKNOWLEDGED]
        effects = self.feed(fall(self.now))
        told = only(effects, StartPreAlarm) or only(effects, Raise)
        assert bool(told) == (self.on_duty and not stands)

    @rule(kind=st.sampled_from([AlertKind.TILT, AlertKind.NO_MOTION]), on=st.booleans())
    def condition(self, kind: AlertKind, on: bool) -> None:
        if on:
            self.feed(ConditionStarted(at=self.now, kind=kind, since=self.now - 30))
        else:
            self.feed(ConditionEnded(at=self.now, kind=kind))

    @rule(silent=st.booleans())
    def sos(self, silent: bool) -> None:
        stands = [
            alarm
            for alarm in self.machine.open
            if alarm.kind is AlertKind.SOS and not alarm.cancelled and alarm.phase is not Phase.ACKNOWLEDGED
        ]
        assert (AlertKind.SOS in raised(self.feed(SosPressed(at=self.now, silent=silent)))) == (not stands)

    @rule()
    def cancel(self) -> None:
        self.feed(CancelPressed(at=self.now))

    @rule()
    def walks(self) -> None:
        self.feed(WalkingResumed(at=self.now))

    @precondition(lambda self: self.machine.open)
    @rule(data=st.data(), state=st.sampled_from(list(AlertState)))
    def server(self, data: st.DataObject, state: AlertState) -> None:
        # a server knows of an alarm once it was raised, and not before
        known = [alarm.uid for alarm in self.machine.open if alarm.phase is not Phase.PRE_ALARM]
        if known:
            self.feed(ServerTold(at=self.now, uid=data.draw(st.sampled_from(known)), state=state))

    @rule()
    def crashes(self) -> None:
        numbers = count(1000 + len(self.asked | self.answered))
        kept = self.machine.open
        self.machine = AlarmMachine(AlarmSettings(), lambda: f"uid-{next(numbers)}-{self.now}")
        self.machine.restore(kept)
        self.feed(DutyChanged(at=self.now, on_duty=self.on_duty))

    @invariant()
    def what_was_asked_is_open_or_answered(self) -> None:
        open_ = {alarm.uid for alarm in self.machine.open}
        assert self.asked <= open_ | self.answered

    @invariant()
    def no_pre_alarm_outlives_its_deadline(self) -> None:
        assert all(alarm.deadline > self.now for alarm in self.machine.open if alarm.phase is Phase.PRE_ALARM)

    @invariant()
    def what_is_open_is_what_was_persisted(self) -> None:
        assert tuple(self.persisted) == self.machine.open

    @invariant()
    def nothing_sounds_while_a_silent_alarm_is_open(self) -> None:
        if any(alarm.silent for alarm in self.machine.open):
            assert not any(alarm.phase is Phase.PRE_ALARM for alarm in self.machine.open)


TestNoFallIsLost = NoFallIsLost.TestCase
TestNoFallIsLost.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
