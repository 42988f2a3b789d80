"""The whole agent against a real mosquitto and a server that receipts."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
from receipting_server import ReceiptingServer
from whole_wearable import WearableProcess, WholeWearable, config

from edge_agent import agent_events as told
from edge_agent.alarm_rules import Pattern
from edge_agent.drivers.emulated.wearer import SimulatedFall
from sekur_sdk.models.device import (
    AlertBody,
    AlertKind,
    AlertState,
    CancelBody,
    Channel,
    DutyAction,
    DutyBody,
    HealthBody,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from real_parts.mosquitto import Broker, StartBroker

pytestmark = pytest.mark.services


@pytest.fixture
def server(broker: Broker) -> Iterator[ReceiptingServer]:
    server = ReceiptingServer(broker.port)
    server.wait_subscribed()
    yield server
    server.stop()


def alarms(server: ReceiptingServer) -> list[AlertBody]:
    return [body for body in server.bodies(AlertBody) if body.kind is not AlertKind.TECHNICAL]


def test_a_fall_on_the_emulated_chip_becomes_an_alarm_at_the_server(
    broker: Broker, server: ReceiptingServer, tmp_path: Path
) -> None:
    with WholeWearable(config(tmp_path, broker.port, pre_alarm_s=2), speed=4) as wearable:
        wearable.agent.start_duty()
        wearable.clock.wait(threading.Event(), 8)
        wearable.chip.play(SimulatedFall())

        server.wait_for(alarms)
        raised = wearable.log.wait_for(told.AlarmRaised)
        wearable.log.wait_for(told.MessageReceipted, lambda event: event.uid == raised.uid)

    body = alarms(server)[0]
    assert body.kind is AlertKind.FALL
    assert body.impact_at is not None
    assert body.score is not None
    assert body.score > 0.5


def test_an_sos_is_received_then_acknowledged_then_resolved_and_the_wearer_feels_each(
    broker: Broker, server: ReceiptingServer, tmp_path: Path
) -> None:
    with WholeWearable(config(tmp_path, broker.port)) as wearable:
        wearable.agent.press_sos()
        uid = wearable.log.wait_for(told.AlarmRaised).uid
        wearable.log.wait_for(told.SignalChanged, lambda event: event.pattern is Pattern.RECEIVED)
        address = wearable.config.device.address
        server.tell(address, uid, AlertState.ACKNOWLEDGED)
        wearable.log.wait_for(told.SignalChanged, lambda event: event.pattern is Pattern.ACKNOWLEDGED)
        server.tell(address, uid, AlertState.RESOLVED)
        wearable.log.wait_for(told.AlertStateChanged, lambda event: event.state is AlertState.RESOLVED)

        assert wearable.agent.open_alarms == ()
        assert [pattern for _, pattern in wearable.wearer.signals][-2:] == [Pattern.ACKNOWLEDGED, Pattern.QUIET]


def test_an_alarm_raised_while_the_broker_is_down_is_stored_and_forwarded(
    start_broker: StartBroker, tmp_path: Path
) -> None:
    broker = start_broker(start=False)
    with WholeWearable(config(tmp_path, broker.port)) as wearable:
        wearable.agent.start_duty()
        wearable.agent.press_sos()
        uid = wearable.log.wait_for(told.AlarmCommitted).uid
        wearable.log.wait_for(told.BrokerLost)
        broker.start()
        server = ReceiptingServer(broker.port)
        try:
            wearable.log.wait_for(told.MessageReceipted, lambda event: event.uid == uid)
            (duty,) = server.wait_for(lambda server: server.bodies(DutyBody))
        finally:
            server.stop()

    assert duty.action is DutyAction.START


def test_an_alarm_that_the_broker_acknowledged_and_lost_is_sent_again(
    start_broker: StartBroker, tmp_path: Path
) -> None:
    broker = start_broker()
    with WholeWearable(config(tmp_path, broker.port)) as wearable:
        wearable.agent.press_sos()
        # nobody is subscribed: the broker acknowledges and forgets
        uid = wearable.log.wait_for(told.MessagePublished, lambda event: event.channel is Channel.ALERT).uid
        broker.kill()
        wearable.log.wait_for(told.BrokerLost)
        broker.start()
        server = ReceiptingServer(broker.port)
        try:
            wearable.log.wait_for(told.MessageReceipted, lambda event: event.uid == uid)
        finally:
            server.stop()

    # the file is closed: what is in it was counted last
    assert wearable.agent.waiting_messages == 0


def test_the_same_bytes_are_sent_again_until_the_receipt_and_not_after(
    broker: Broker, server: ReceiptingServer, tmp_path: Path
) -> None:
    server.receipts = False
    with WholeWearable(config(tmp_path, broker.port)) as wearable:
        wearable.agent.press_sos()
        uid = wearable.log.wait_for(told.AlarmRaised).uid
        server.wait_for(lambda server: server.times_received(uid) >= 3)
        server.receipts = True
        wearable.log.wait_for(told.MessageReceipted, lambda event: event.uid == uid)

    assert len({payload for _, other, payload in server.received if other == uid}) == 1


def test_a_receipt_that_comes_twice_changes_nothing(broker: Broker, server: ReceiptingServer, tmp_path: Path) -> None:
    server.receipts_each = 2
    with WholeWearable(config(tmp_path, broker.port)) as wearable:
        wearable.agent.press_sos()
        uid = wearable.log.wait_for(told.AlarmRaised).uid
        wearable.log.wait_for(told.MessageReceipted, lambda event: event.uid == uid)
        wearable.agent.start_duty()
        server.wait_for(lambda server: server.bodies(HealthBody))
        wearable.log.wait_for(told.MessageReceipted, lambda event: event.channel is Channel.HEALTH)

        assert len([event for event in wearable.log.of(told.MessageReceipted) if event.uid == uid]) == 1


def test_a_cancel_after_the_alarm_is_an_event_with_its_uid(
    broker: Broker, server: ReceiptingServer, tmp_path: Path
) -> None:
    with WholeWearable(config(tmp_path, broker.port)) as wearable:
        wearable.agent.press_sos()
        uid = wearable.log.wait_for(told.AlarmRaised).uid
        wearable.agent.press_cancel()

        (cancel,) = server.wait_for(lambda server: server.bodies(CancelBody))

    assert (cancel.alert, cancel.phase) == (uid, "alarm")


def test_an_agent_killed_between_commit_and_receipt_sends_the_alarm_after_its_restart(
    start_broker: StartBroker, tmp_path: Path
) -> None:
    broker = start_broker(start=False)
    with WearableProcess(tmp_path, broker.port) as first:
        first.send("sos")
        uid = first.wait_for("AlarmCommitted").split()[1]
        first.kill()
    broker.start()
    server = ReceiptingServer(broker.port)
    try:
        server.wait_subscribed()
        with WearableProcess(tmp_path, broker.port) as second:
            assert second.wait_for("AgentStarted") == "AgentStarted 1", first.lines
            second.wait_for(f"MessageReceipted {uid}")

        assert uid in server.messages
    finally:
        server.stop()


def test_an_agent_killed_in_a_pre_alarm_alarms_after_its_restart(
    broker: Broker, server: ReceiptingServer, tmp_path: Path
) -> None:
    with WearableProcess(tmp_path, broker.port, pre_alarm_s=3) as first:
        first.send("duty")
        first.send("fall")
        # the buzzer waits for the commit of the pre-alarm
        uid = first.wait_for("PreAlarmStarted").split()[1]
        first.wait_for("SignalChanged pre_alarm")
        first.kill()
    with WearableProcess(tmp_path, broker.port, pre_alarm_s=3) as second:
        assert second.wait_for("AlarmRaised") == f"AlarmRaised {uid}"
        second.wait_for(f"MessageReceipted {uid}")

    assert [body.kind for body in alarms(server)] == [AlertKind.FALL]


def test_a_duty_that_was_open_goes_on_after_a_kill(broker: Broker, server: ReceiptingServer, tmp_path: Path) -> None:
    with WearableProcess(tmp_path, broker.port, pre_alarm_s=0) as first:
        first.send("duty")
        server.wait_for(lambda server: server.bodies(DutyBody))
        first.wait_for("DutyChanged")
        first.kill()
    with WearableProcess(tmp_path, broker.port, pre_alarm_s=0) as second:
        second.wait_for("AgentStarted")
        second.send("fall")
        uid = second.wait_for("AlarmRaised").split()[1]
        second.wait_for(f"MessageReceipted {uid}")

    (duty,) = server.bodies(DutyBody)
    (_, envelope) = server.wait_for(
        lambda server: [pair for pair in server.messages.values() if isinstance(pair[1].body, AlertBody)]
    )[0]
    assert envelope.duty == duty.duty


def test_the_last_will_says_that_a_killed_device_is_offline(
    broker: Broker, server: ReceiptingServer, tmp_path: Path
) -> None:
    with WearableProcess(tmp_path, broker.port) as process:
        process.wait_for("BrokerConnected")
        server.wait_for(lambda server: any(b'"online":true' in payload for payload in server.statuses))
        process.kill()

        server.wait_for(lambda server: b'"online":false' in server.statuses[-1])


def test_a_frozen_broker_is_noticed_within_two_keepalives_and_the_alarm_gets_through_afterwards(
    broker: Broker, server: ReceiptingServer, tmp_path: Path
) -> None:
    with WholeWearable(config(tmp_path, broker.port)) as wearable:
        wearable.log.wait_for(told.BrokerConnected)
        broker.freeze()
        wearable.agent.press_sos()
        uid = wearable.log.wait_for(told.AlarmCommitted).uid
        # 5 s each, and a little for the threads
        wearable.log.wait_for(told.BrokerLost, timeout=11.0)
        broker.thaw()

        wearable.log.wait_for(told.MessageReceipted, lambda event: event.uid == uid)


def test_the_server_is_asked_about_an_open_alarm_every_ten_minutes(
    broker: Broker, server: ReceiptingServer, tmp_path: Path
) -> None:
    # its words on it may be lost, and until they come positions are taken
    with WholeWearable(config(tmp_path, broker.port), speed=200) as wearable:
        wearable.agent.press_sos()
        wearable.log.wait_for(told.SignalChanged, lambda event: event.pattern is Pattern.RECEIVED)
        asked = len(server.statuses)
        began = wearable.clock.monotonic()
        server.wait_for(lambda server: len(server.statuses) > asked)

        assert wearable.clock.monotonic() - began > 590
