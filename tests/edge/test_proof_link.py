"""The link to the server: brokers in their order, messages that a broker can't bear, clocks that jump."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import attrs
import pytest
from receipting_server import ReceiptingServer
from whole_wearable import WholeWearable, config, decide_fall

from edge_agent import agent_events as told
from edge_agent.clock import SystemClock
from edge_agent.config import BrokerSection
from edge_agent.outbox import Outbox
from edge_agent.reconnect import Endpoints
from sekur_sdk.models.device import AlertBody, AlertKind, Channel, ClockState
from sekur_sdk.models.uid import new_uid
from sekur_sdk.sandbox.broker import EmbeddedBroker

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from real_parts.mosquitto import Broker, StartBroker

    from edge_agent.config import Config


def test_brokers_are_tried_in_their_order_and_from_the_first_one_after_a_connection_that_lasted() -> None:
    endpoints = Endpoints((("one", 1), ("two", 2), ("three", 3)))
    tried = []
    for _ in range(4):
        tried.append(endpoints.present[0])
        endpoints.failed()
    assert tried == ["one", "two", "three", "one"]
    assert endpoints.rounds == 2
    endpoints.ended()
    assert endpoints.present == ("one", 1)


def test_only_a_whole_round_of_failures_is_followed_by_a_pause() -> None:
    endpoints = Endpoints((("one", 1), ("two", 2)))
    fresh = []
    for _ in range(4):
        endpoints.failed()
        fresh.append(endpoints.next_is_fresh)
    assert fresh == [True, False, True, False]


@pytest.fixture
def server(broker: Broker) -> Iterator[ReceiptingServer]:
    server = ReceiptingServer(broker.port)
    server.wait_subscribed()
    yield server
    server.stop()


def with_broker(folder: Path, section: BrokerSection) -> Config:
    return attrs.evolve(config(folder, 1), broker=section)


@pytest.mark.services
def test_an_alarm_goes_by_the_next_broker_when_the_first_is_down_and_by_the_first_again_later(
    start_broker: StartBroker, broker: Broker, server: ReceiptingServer, tmp_path: Path
) -> None:
    first = start_broker(start=False)
    section = BrokerSection(host="127.0.0.1", port=first.port, fallbacks=(f"127.0.0.1:{broker.port}",), keepalive_s=5)
    with WholeWearable(with_broker(tmp_path, section)) as wearable:
        wearable.agent.press_sos()
        uid = wearable.log.wait_for(told.AlarmRaised).uid
        wearable.log.wait_for(told.MessageReceipted, lambda event: event.uid == uid)
        first.start()
        other = ReceiptingServer(first.port)
        try:
            other.wait_subscribed()
            broker.kill()
            wearable.agent.press_cancel()
            wearable.agent.press_sos()
            other.wait_for(lambda server: [body for body in server.bodies(AlertBody) if body.kind is AlertKind.SOS])
        finally:
            other.stop()


def poison(path: Path, channel: Channel, payload: bytes) -> None:
    """A message in the outbox that no broker of ours bears; the agent itself makes none."""
    outbox = Outbox(path, boot=new_uid(1), now=lambda: (datetime.now(UTC), 1, ClockState.UNSYNCED), reserve_bytes=0)
    with outbox._table.transaction():
        outbox._table.insert(new_uid(1), 1, channel, 0 if channel is Channel.ALERT else 1, payload)
    outbox._next_seq = 2
    outbox.stop()


@pytest.mark.services
@pytest.mark.parametrize("channel", [Channel.EVENT, Channel.ALERT])
def test_a_message_of_30_kb_that_the_embedded_broker_hangs_up_on_holds_no_sos(tmp_path: Path, channel: Channel) -> None:
    poison(tmp_path / "outbox.db", channel, b'{"pad": "' + b"x" * 30_000 + b'"}')
    with EmbeddedBroker() as broker:
        server = ReceiptingServer(broker.port)
        try:
            server.wait_subscribed()
            with WholeWearable(config(tmp_path, broker.port)) as wearable:
                wearable.log.wait_for(told.BrokerLost)
                wearable.agent.press_sos()
                server.wait_for(
                    lambda server: [body for body in server.bodies(AlertBody) if body.kind is AlertKind.SOS]
                )
                server.wait_for(
                    lambda server: [body for body in server.bodies(AlertBody) if body.fault == "message_refused"]
                )
        finally:
            server.stop()


@pytest.mark.services
def test_a_topic_that_the_broker_forbids_holds_no_sos(start_broker: StartBroker, tmp_path: Path) -> None:
    access = tmp_path / "acl"
    access.write_text("topic readwrite sekur/v1/acme/w-1/alert\ntopic readwrite sekur/v1/acme/w-1/receipt\n")
    broker = start_broker(f"acl_file {access}")
    server = ReceiptingServer(broker.port)
    try:
        server.wait_subscribed()
        with WholeWearable(config(tmp_path / "device", broker.port)) as wearable:
            # its events are forbidden, and never receipted
            wearable.agent.start_duty()
            wearable.agent.press_sos()
            uid = wearable.log.wait_for(told.AlarmRaised).uid
            wearable.log.wait_for(told.MessageReceipted, lambda event: event.uid == uid)
    finally:
        server.stop()


class JumpingClock(SystemClock):
    """The machine's clock, whose wall clock somebody sets."""

    def __init__(self) -> None:
        self.offset = timedelta()

    def now(self) -> datetime:
        return super().now() + self.offset


@pytest.mark.services
@pytest.mark.parametrize("days", [1, -1])
def test_a_wall_clock_that_jumps_a_day_in_a_pre_alarm_moves_no_deadline_and_times_are_flagged(
    broker: Broker, server: ReceiptingServer, tmp_path: Path, days: int
) -> None:
    clock = JumpingClock()
    with WholeWearable(config(tmp_path, broker.port, pre_alarm_s=1.5), clock=clock) as wearable:
        wearable.log.wait_for(told.BrokerConnected)
        wearable.agent.start_duty()
        decide_fall(wearable)
        asked = wearable.log.wait_for(told.PreAlarmStarted)
        clock.offset = timedelta(days=days)
        raised = wearable.log.wait_for(told.AlarmRaised, lambda event: event.uid == asked.uid)
        assert 1.4 <= raised.at - asked.at <= 2.0
        server.wait_for(lambda server: asked.uid in server.messages)

    assert server.messages[asked.uid][1].clock is ClockState.UNSYNCED


@pytest.mark.services
def test_a_silent_network_does_not_keep_the_agent_from_ending(broker: Broker, tmp_path: Path) -> None:
    with WholeWearable(config(tmp_path, broker.port)) as wearable:
        wearable.log.wait_for(told.BrokerConnected)
        broker.freeze()
        wearable.agent.press_sos()
        began = time.monotonic()
        assert wearable.agent.stop(flush_s=1.0)
        assert time.monotonic() - began < 6.0
    broker.thaw()
