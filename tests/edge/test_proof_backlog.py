"""An alarm overtakes the backlog: a hundred thousand messages wait, and it is at the broker at once."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from receipting_server import ReceiptingServer
from whole_wearable import WholeWearable, config

from edge_agent import agent_events as told
from edge_agent import messages
from edge_agent.messages import Draft, Lane
from edge_agent.outbox import Outbox
from edge_agent.uplink import Uplink
from sekur_sdk.models.device import AlertKind, Channel, ClockState, PositionBody
from sekur_sdk.models.uid import new_uid

if TYPE_CHECKING:
    from pathlib import Path

    from real_parts.mosquitto import Broker

pytestmark = pytest.mark.services

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def fill(path: Path, count: int) -> None:
    """So many positions, put there by what the storage thread uses, in one transaction."""
    outbox = Outbox(path, boot=new_uid(1), now=lambda: (NOW, 5, ClockState.SYNCED), budget_bytes=2**30)
    with outbox._table.transaction():
        for _ in range(count):
            message = outbox._seal(
                Draft(
                    uid=new_uid(1),
                    channel=Channel.POSITION,
                    at=NOW,
                    up_ms=5,
                    clock=ClockState.SYNCED,
                    duty=None,
                    body=PositionBody(fix=None),
                )
            )
            outbox._next_seq += 1
            outbox._table.insert(message.uid, message.seq, message.channel, message.lane, message.payload)
    outbox.stop()


def delays(wearable: WholeWearable, count: int) -> list[float]:
    """Seconds from the button to the broker's acknowledgement, of so many SOS one after the other."""
    found = []
    for number in range(1, count + 1):
        pressed = time.monotonic()
        wearable.agent.press_sos()
        raised = wearable.log.wait_for(
            told.AlarmRaised,
            lambda _, number=number: (
                sum(each.kind is AlertKind.SOS for each in wearable.log.of(told.AlarmRaised)) == number
            ),
        )
        del raised
        uid = [each.uid for each in wearable.log.of(told.AlarmRaised) if each.kind is AlertKind.SOS][-1]
        wearable.log.wait_for(told.MessagePublished, lambda event, uid=uid: event.uid == uid, timeout=60)
        found.append(time.monotonic() - pressed)
        wearable.agent.press_cancel()
    return found


def test_an_sos_behind_100_000_queued_messages_is_at_the_broker_within_a_second(broker: Broker, tmp_path: Path) -> None:
    fill(tmp_path / "outbox.db", 100_000)
    server = ReceiptingServer(broker.port)
    server.wait_subscribed()
    try:
        with WholeWearable(config(tmp_path, broker.port)) as wearable:
            server.wait_for(lambda server: server.received)
            found = delays(wearable, 20)
            assert wearable.agent.waiting_messages > 1000, "the backlog was gone before the alarms were"
    finally:
        server.stop()

    assert max(found) < 1.0


def test_the_control_without_priority_it_comes_after_the_backlog(
    broker: Broker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # the mechanism switched off: an alarm is one of the positions, in their order
    monkeypatch.setitem(messages._LANES, Channel.ALERT, Lane.POSITION)
    monkeypatch.setattr(Uplink, "offer", lambda *_: None)
    fill(tmp_path / "outbox.db", 20_000)
    with WholeWearable(config(tmp_path, broker.port)) as wearable:
        wearable.log.wait_for(told.BrokerConnected)
        (delay,) = delays(wearable, 1)
        assert delay > 0.5
