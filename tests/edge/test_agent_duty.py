"""Duty, positions and pre-alarms of a whole agent, with a real gpsd where positions matter."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
from receipting_server import ReceiptingServer
from whole_wearable import WholeWearable, config, decide_fall

from edge_agent import agent_events as told
from edge_agent.alarm_rules import Pattern
from edge_agent.clock import SystemClock
from edge_agent.drivers.emulated.wearer import SimulatedFall
from edge_agent.drivers.gpio import Button
from edge_agent.drivers.gpsd import GpsdSource
from edge_agent.duty import DutyError, DutyState
from sekur_sdk.models.device import AlarmPhase, AlertBody, AlertKind, AlertState, DutyAction, DutyBody, PositionBody

if TYPE_CHECKING:
    from pathlib import Path

    from real_parts.gpsd import Gpsd
    from real_parts.mosquitto import Broker

pytestmark = pytest.mark.services


def alone(folder: Path, **alarms: float) -> WholeWearable:
    return WholeWearable(config(folder, 1, **alarms), connect=False)


def test_the_steps_of_a_duty_are_events_with_one_id(tmp_path: Path) -> None:
    with alone(tmp_path) as wearable:
        agent = wearable.agent
        for step in (agent.start_duty, agent.start_break, agent.end_break, agent.end_duty):
            step()
        steps = wearable.log.of(told.DutyChanged)

    assert [event.action for event in steps] == [
        DutyAction.START,
        DutyAction.BREAK_START,
        DutyAction.BREAK_END,
        DutyAction.END,
    ]
    assert len({event.duty for event in steps}) == 1


def test_a_step_that_is_not_possible_is_refused_to_the_caller(tmp_path: Path) -> None:
    with alone(tmp_path) as wearable:
        wearable.agent.start_duty()

        with pytest.raises(DutyError):
            wearable.agent.start_duty()


def test_the_buzzer_asks_and_the_button_answers(tmp_path: Path) -> None:
    with alone(tmp_path) as wearable:
        wearable.agent.start_duty()
        decide_fall(wearable)
        wearable.log.wait_for(told.SignalChanged, lambda event: event.pattern is Pattern.PRE_ALARM)
        wearable.wearer.press(Button.CANCEL)

        cancelled = wearable.log.wait_for(told.AlarmCancelled)
        assert (cancelled.phase, cancelled.by) == (AlarmPhase.PRE_ALARM, "wearer")
        wearable.log.wait_for(told.SignalChanged, lambda event: event.pattern is Pattern.QUIET)
        assert wearable.log.of(told.AlarmRaised) == []


def test_a_fall_on_break_alarms_and_off_duty_does_not(tmp_path: Path) -> None:
    with alone(tmp_path, pre_alarm_s=0) as wearable:
        decide_fall(wearable)
        wearable.agent.start_duty()
        wearable.agent.start_break()
        assert wearable.log.of(told.AlarmRaised) == []
        decide_fall(wearable)

        assert wearable.log.wait_for(told.AlarmRaised).kind is AlertKind.FALL
        assert wearable.agent.duty.state is DutyState.ON_BREAK


def test_the_duty_button_takes_up_and_ends_a_duty(tmp_path: Path) -> None:
    with alone(tmp_path) as wearable:
        wearable.wearer.press(Button.DUTY)
        wearable.log.wait_for(told.DutyChanged)
        wearable.wearer.press(Button.DUTY)

        wearable.log.wait_for(told.DutyChanged, lambda event: event.action is DutyAction.END)


def test_the_alarm_has_the_last_fix_and_the_positions_that_follow_carry_its_uid_until_it_is_resolved(
    broker: Broker, gpsd: Gpsd, tmp_path: Path
) -> None:
    gpsd.wait_for_fix()
    server = ReceiptingServer(broker.port)
    server.wait_subscribed()
    source = GpsdSource(clock=SystemClock(), port=gpsd.port)
    try:
        with WholeWearable(config(tmp_path, broker.port), position_source=source) as wearable:
            wearable.agent.start_duty()
            server.wait_for(lambda server: server.bodies(PositionBody))
            wearable.agent.press_sos()
            uid = wearable.log.wait_for(told.AlarmRaised).uid
            server.wait_for(lambda server: [body for body in server.bodies(PositionBody) if body.alert == uid])
            wearable.agent.end_duty()
            assert wearable.agent.duty.gate_open
            server.tell(wearable.config.device.address, uid, AlertState.RESOLVED)
            wearable.log.wait_for(told.AlertStateChanged, lambda event: event.state is AlertState.RESOLVED)
            assert not wearable.agent.duty.gate_open
        # what was committed last is sent before the agent ends
        server.wait_for(lambda server: len(server.bodies(DutyBody)) == 2)
    finally:
        server.stop()

    (alert,) = [body for body in server.bodies(AlertBody) if body.kind is AlertKind.SOS]
    assert round(alert.fix.lat, 3) == 48.857
    assert not alert.fix_is_stale
    assert [body.action for body in server.bodies(DutyBody)] == [DutyAction.START, DutyAction.END]


def test_an_sos_off_duty_leaves_at_once_without_a_position_and_opens_the_gate(
    broker: Broker, gpsd: Gpsd, tmp_path: Path
) -> None:
    gpsd.wait_for_fix()
    server = ReceiptingServer(broker.port)
    server.wait_subscribed()
    source = GpsdSource(clock=SystemClock(), port=gpsd.port)
    try:
        with WholeWearable(config(tmp_path, broker.port), position_source=source) as wearable:
            wearable.log.wait_for(told.BrokerConnected)
            threading.Event().wait(1.0)  # long enough for a position, were one taken
            assert server.bodies(PositionBody) == []
            wearable.agent.press_sos()
            uid = wearable.log.wait_for(told.AlarmRaised).uid

            server.wait_for(lambda server: [body for body in server.bodies(PositionBody) if body.alert == uid])
    finally:
        server.stop()

    (alert,) = [body for body in server.bodies(AlertBody) if body.kind is AlertKind.SOS]
    assert alert.fix is None


def test_an_alarm_whose_features_do_not_fit_a_message_goes_without_them(tmp_path: Path) -> None:
    with alone(tmp_path, pre_alarm_s=0) as wearable:
        wearable.agent.start_duty()
        decide_fall(wearable, features=tuple((f"feature_{number}", 1.0) for number in range(1000)))

        wearable.log.wait_for(told.AlarmCommitted)
        assert wearable.agent.faults == ()


@pytest.mark.parametrize("ending", ["end of duty", "end of the agent"])
def test_an_impact_whose_decision_was_still_to_come_is_not_lost_by_an_end(tmp_path: Path, ending: str) -> None:
    fall = SimulatedFall()
    with alone(tmp_path) as wearable:
        wearable.agent.start_duty()
        threading.Event().wait(3.0)  # the detector compares with how the wearer stood before
        wearable.chip.play(fall)
        threading.Event().wait(fall.impact_s + 1.6)
        assert wearable.log.of(told.FallDetected) == []
        if ending == "end of duty":
            wearable.agent.end_duty()
            wearable.log.wait_for(told.PreAlarmStarted)

    assert wearable.log.of(told.PreAlarmStarted)
