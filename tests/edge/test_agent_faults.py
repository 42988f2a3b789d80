"""The agent with parts that fail: each fault is announced, and no alarm waits for it to end."""

from __future__ import annotations

import sqlite3
import threading
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import attrs
import pytest
from kill_cycles import Server
from receipting_server import ReceiptingServer
from whole_wearable import WholeWearable, config, decide_fall

from edge_agent import agent_events as told
from edge_agent.alarm_rules import Pattern
from edge_agent.clock import ScaledClock
from edge_agent.config import DeviceSection, HealthSection
from edge_agent.faults import FaultCode
from sekur_sdk.models.device import (
    AlertBody,
    AlertKind,
    CancelBody,
    Channel,
    ClockState,
    DesiredConfig,
    DeviceSettings,
    HealthBody,
)
from sekur_sdk.wire import encode

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


def technical(server: ReceiptingServer) -> list[str | None]:
    return [body.fault for body in server.bodies(AlertBody) if body.kind is AlertKind.TECHNICAL]


def sos(server: ReceiptingServer) -> list[AlertBody]:
    return [body for body in server.bodies(AlertBody) if body.kind is AlertKind.SOS]


def test_a_message_that_the_broker_refuses_by_hanging_up_holds_no_alarm(
    start_broker: StartBroker, tmp_path: Path
) -> None:
    broker = start_broker("max_packet_size 1000")
    server = ReceiptingServer(broker.port)
    server.wait_subscribed()
    big = tuple((f"feature_{number}", 1.0) for number in range(100))
    try:
        with WholeWearable(config(tmp_path, broker.port, pre_alarm_s=0)) as wearable:
            wearable.log.wait_for(told.BrokerConnected)
            wearable.agent.start_duty()
            decide_fall(wearable, features=big)
            wearable.log.wait_for(told.BrokerLost)
            wearable.agent.press_sos()

            server.wait_for(sos)
            server.wait_for(lambda server: FaultCode.MESSAGE_REFUSED in technical(server))
            # it is tried again, later and alone, and nothing else suffers from it
            lost = len(wearable.log.of(told.BrokerLost))
            wearable.log.wait_for(told.BrokerLost, lambda _: len(wearable.log.of(told.BrokerLost)) > lost)
            wearable.agent.press_cancel()
            server.wait_for(lambda server: server.bodies(CancelBody))
    finally:
        server.stop()


def test_two_devices_with_one_identity_are_noticed(broker: Broker, tmp_path: Path) -> None:
    with WholeWearable(config(tmp_path / "one", broker.port)) as one:
        one.log.wait_for(told.BrokerConnected)
        with WholeWearable(config(tmp_path / "two", broker.port)) as two:
            for wearable in (one, two):
                wearable.log.wait_for(
                    told.FaultRaised, lambda event: event.code == FaultCode.IDENTITY_TAKEN, timeout=30
                )


def test_a_broker_that_refuses_the_device_on_duty_is_told_to_the_wearer_and_nothing_is_lost(
    start_broker: StartBroker, tmp_path: Path
) -> None:
    broker = start_broker("allow_anonymous false")
    with WholeWearable(config(tmp_path, broker.port)) as wearable:
        wearable.agent.start_duty()
        fault = wearable.log.wait_for(told.FaultRaised, lambda event: event.code == FaultCode.BROKER_REFUSED)
        assert fault.detail == "Not authorized"
        wearable.log.wait_for(told.SignalChanged, lambda event: event.pattern is Pattern.PROTECTION_LOST)
        wearable.agent.press_sos()
        wearable.log.wait_for(told.AlarmCommitted)

        assert [alarm.kind for alarm in wearable.agent.open_alarms] == [AlertKind.SOS]


def test_a_stalled_card_holds_no_sos(broker: Broker, server: ReceiptingServer, tmp_path: Path) -> None:
    with WholeWearable(config(tmp_path, broker.port)) as wearable:
        wearable.log.wait_for(told.BrokerConnected)
        blocker = sqlite3.connect(tmp_path / "outbox.db", isolation_level=None)
        blocker.execute("BEGIN IMMEDIATE")
        pressed = time.monotonic()
        wearable.agent.press_sos()
        server.wait_for(sos)
        assert time.monotonic() - pressed < 1.0
        server.wait_for(lambda server: FaultCode.STORAGE_SLOW in technical(server))
        assert wearable.log.of(told.AlarmCommitted) == []
        blocker.execute("ROLLBACK")
        blocker.close()

        wearable.log.wait_for(told.AlarmCommitted)
        wearable.log.wait_for(told.FaultCleared, lambda event: event.code == FaultCode.STORAGE_SLOW)


def test_a_sensor_that_no_longer_answers_is_a_technical_alarm_that_ends_with_it(
    broker: Broker, server: ReceiptingServer, tmp_path: Path
) -> None:
    configuration = attrs.evolve(config(tmp_path, broker.port), health=HealthSection(interval_s=1.0))
    with WholeWearable(configuration) as wearable:
        wearable.agent.start_duty()
        server.wait_for(lambda server: [body for body in server.bodies(HealthBody) if body.protected])
        wearable.bus.nack(0x53)
        server.wait_for(lambda server: [code for code in technical(server) if code and code.startswith("sensor_")])
        wearable.log.wait_for(told.SignalChanged, lambda event: event.pattern is Pattern.PROTECTION_LOST)
        server.wait_for(lambda server: [body for body in server.bodies(HealthBody) if not body.protected])
        wearable.bus.heal()

        server.wait_for(
            lambda server: [body for body in server.bodies(CancelBody) if body.alert_kind is AlertKind.TECHNICAL]
        )


def test_a_server_that_no_longer_answers_is_told_to_the_wearer(
    broker: Broker, server: ReceiptingServer, tmp_path: Path
) -> None:
    configuration = attrs.evolve(config(tmp_path, broker.port), health=HealthSection(interval_s=1.0))
    with WholeWearable(configuration) as wearable:
        wearable.agent.start_duty()
        wearable.log.wait_for(told.MessageReceipted, lambda event: event.channel is Channel.HEALTH)
        server.receipts = False
        wearable.log.wait_for(told.SignalChanged, lambda event: event.pattern is Pattern.PROTECTION_LOST)
        server.receipts = True

        wearable.log.wait_for(told.FaultCleared, lambda event: event.code == FaultCode.NO_RECEIPT)


@pytest.mark.parametrize("year", [1970, 2040])
def test_a_clock_that_starts_wrong_delays_no_alarm_and_is_told(
    broker: Broker, server: ReceiptingServer, tmp_path: Path, year: int
) -> None:
    clock = ScaledClock(1.0, start=datetime(year, 1, 1, tzinfo=UTC))
    with WholeWearable(config(tmp_path, broker.port), clock=clock) as wearable:
        wearable.agent.press_sos()
        server.wait_for(sos)
        server.wait_for(lambda server: FaultCode.CLOCK_WRONG in technical(server))

    assert {envelope.clock for _, envelope in server.messages.values()} == {ClockState.UNSYNCED}


def test_a_dead_thread_is_noticed(tmp_path: Path) -> None:
    with WholeWearable(config(tmp_path, 1), connect=False) as wearable:
        wearable.log.wait_for(told.AgentStarted)
        wearable.agent._acquisition.stop()

        fault = wearable.log.wait_for(told.FaultRaised, lambda event: event.code == FaultCode.THREAD_DEAD)
        assert fault.detail == "acquisition"


def test_an_input_on_which_the_core_fails_is_told_and_the_next_one_is_handled(tmp_path: Path) -> None:
    with WholeWearable(config(tmp_path, 1), connect=False) as wearable:
        wearable.agent._core.post(lambda: 1 // 0)
        wearable.log.wait_for(told.FaultRaised, lambda event: event.code == FaultCode.INTERNAL_ERROR)
        wearable.agent.press_sos()

        wearable.log.wait_for(told.AlarmRaised, lambda event: event.kind is AlertKind.SOS)


def test_an_observer_that_fails_costs_nobody_their_alarm(tmp_path: Path) -> None:
    def failing(event: object) -> None:
        raise RuntimeError("an observer")

    with WholeWearable(config(tmp_path, 1), connect=False, observe=failing) as wearable:
        wearable.agent.press_sos()
        until = time.monotonic() + 10
        while Pattern.CALLING not in [pattern for _, pattern in wearable.wearer.signals]:
            assert time.monotonic() < until
            threading.Event().wait(0.01)


def test_durable_state_that_is_unreadable_is_told_and_the_agent_starts(tmp_path: Path) -> None:
    with WholeWearable(config(tmp_path, 1), connect=False) as first:
        first.agent._outbox.set_state({"alarms": b"[", "duty": b"{"})
    with WholeWearable(config(tmp_path, 1), connect=False) as second:
        second.log.wait_for(told.FaultRaised, lambda event: event.code == FaultCode.STORAGE_CORRUPT)
        second.agent.start_duty()

        assert second.agent.duty.monitoring


def test_a_desired_configuration_is_applied_kept_and_reported(
    broker: Broker, server: ReceiptingServer, tmp_path: Path
) -> None:
    configuration = config(tmp_path, broker.port)
    topic = configuration.device.address.topic(Channel.CONFIG_DESIRED)
    with WholeWearable(configuration) as wearable:
        wearable.log.wait_for(told.BrokerConnected)
        # the subscription is answered before anything that is published after it
        settings = DeviceSettings(pre_alarm_s=7.0, silent_sos=True)
        server.publish(topic, encode(DesiredConfig(version=3, settings=settings)))
        until = time.monotonic() + 10
        while wearable.agent._core._machine.settings.pre_alarm_s != 7.0:
            assert time.monotonic() < until
            threading.Event().wait(0.02)
        server.publish(topic, encode(DesiredConfig(version=4, settings=DeviceSettings(check_in_s=600))))
        while wearable.agent._words.reported().refused != 4:
            assert time.monotonic() < until
            threading.Event().wait(0.02)
    with WholeWearable(configuration, connect=False) as again:
        reported = again.agent._words.reported()

    assert (reported.version, reported.settings.pre_alarm_s, reported.settings.silent_sos) == (3, 7.0, True)


def test_garbage_from_the_broker_changes_nothing(broker: Broker, server: ReceiptingServer, tmp_path: Path) -> None:
    configuration = config(tmp_path, broker.port)
    with WholeWearable(configuration) as wearable:
        wearable.log.wait_for(told.BrokerConnected)
        for channel in (Channel.RECEIPT, Channel.ALERT_STATE, Channel.CONFIG_DESIRED, "cmd/1"):
            for payload in (b"", b"\xff\xfe", b"[" * 100_000, b'{"uid": 3}'):
                server.publish(configuration.device.address.topic(channel), payload)
        wearable.agent.press_sos()

        uid = wearable.log.wait_for(told.AlarmRaised).uid
        wearable.log.wait_for(told.MessageReceipted, lambda event: event.uid == uid)
        assert all(wearable.agent.threads_alive.values())


def test_a_technical_alarm_of_before_a_restart_is_ended_by_it(tmp_path: Path) -> None:
    with WholeWearable(config(tmp_path, 1), connect=False) as first:
        first.agent._core.post(lambda: 1 // 0)
        raised = first.log.wait_for(told.AlarmRaised)
    with WholeWearable(config(tmp_path, 1), connect=False) as second:
        ended = second.log.wait_for(told.AlarmCancelled)

        assert (ended.uid, ended.by) == (raised.uid, "fault_over")
        assert second.agent.open_alarms == ()


def test_samples_that_stop_coming_are_told(tmp_path: Path) -> None:
    with WholeWearable(config(tmp_path, 1), connect=False) as wearable:
        wearable.log.wait_for(told.AgentStarted)
        until = time.monotonic() + 10
        while wearable.agent._acquisition.stats.last_block_at is None:
            assert time.monotonic() < until
            threading.Event().wait(0.01)
        wearable.agent._acquisition.stop()

        wearable.log.wait_for(told.FaultRaised, lambda event: event.code == FaultCode.SENSOR_SILENT)


def test_samples_that_the_detectors_had_no_time_for_are_told(tmp_path: Path) -> None:
    with WholeWearable(config(tmp_path, 1), connect=False) as wearable:
        wearable.agent._core._blocks = 10_000

        wearable.log.wait_for(told.FaultRaised, lambda event: event.code == FaultCode.SAMPLES_DROPPED)


def test_a_buzzer_that_fails_is_told_and_the_alarm_leaves(
    broker: Broker, server: ReceiptingServer, tmp_path: Path
) -> None:
    def broken(pattern: Pattern) -> None:
        raise OSError(5, "no such line")

    with WholeWearable(config(tmp_path, broker.port)) as wearable:
        wearable.wearer.signal = broken  # type: ignore[method-assign]  # the part that fails
        wearable.agent.press_sos()
        server.wait_for(sos)

        server.wait_for(lambda server: FaultCode.WEARER_INTERFACE in technical(server))


def test_two_devices_with_one_identity_are_noticed_at_the_server_too(broker: Broker, tmp_path: Path) -> None:
    identity = {"device": DeviceSection(tenant="demo", id="dev_demo")}
    one = attrs.evolve(config(tmp_path / "one", broker.port), **identity)
    two = attrs.evolve(config(tmp_path / "two", broker.port), **identity)
    with Server(tmp_path / "server.sqlite3", broker.port) as at_server:
        at_server.link.wait_until_subscribed(15)
        with WholeWearable(one), WholeWearable(two):
            until = time.monotonic() + 30
            while "identity_shared" not in at_server.faults():
                assert time.monotonic() < until
                threading.Event().wait(0.1)
