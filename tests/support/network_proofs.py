"""Proofs over a network that is really cut, at the length that a test or a soak gives them."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import attrs
from receipting_server import ReceiptingServer
from whole_wearable import WholeWearable, config

from edge_agent import agent_events as told
from edge_agent.config import BrokerSection
from sekur_sdk.models.device import AlertBody, AlertKind

if TYPE_CHECKING:
    from pathlib import Path

    from real_parts.partition import PartitionedBroker


def seconds_to_notice(folder: Path, broker: PartitionedBroker, keepalive_s: int) -> float:
    """How long after a silent cut, with an SOS pressed after it, the agent gives the connection up; the SOS comes after the healing."""
    server = ReceiptingServer(broker.port, host=broker.host)
    server.wait_subscribed()
    configuration = attrs.evolve(
        config(folder, broker.port),
        broker=BrokerSection(host=broker.host, port=broker.port, keepalive_s=keepalive_s),
    )
    try:
        with WholeWearable(configuration) as wearable:
            wearable.log.wait_for(told.BrokerConnected)
            server.wait_for(lambda server: server.statuses)
            broker.cut()
            cut_at = time.monotonic()
            wearable.agent.press_sos()
            wearable.log.wait_for(told.BrokerLost, timeout=keepalive_s * 3)
            noticed_s = time.monotonic() - cut_at
            broker.heal()
            uid = wearable.log.wait_for(told.AlarmRaised).uid
            wearable.log.wait_for(told.MessageReceipted, lambda event: event.uid == uid, timeout=60)
    finally:
        broker.heal()
        server.stop()
    return noticed_s


@attrs.frozen
class Flapping:
    """What came of a link that was cut and healed by turns: SOS raised, received, lost, and the worst delay in seconds."""

    raised: int
    received: int
    cuts: int
    connections: int
    worst_s: float


def flap(folder: Path, broker: PartitionedBroker, seconds: float, *, period_s: float = 1.0) -> Flapping:
    """Cut and heal every period; an SOS now and then; what became of them once the link stays."""
    server = ReceiptingServer(broker.port, host=broker.host)
    server.wait_subscribed()
    cuts = 0
    raised_at: dict[str, float] = {}
    try:
        with WholeWearable(config(folder, broker.port, host=broker.host)) as wearable:
            wearable.log.wait_for(told.BrokerConnected)
            until = time.monotonic() + seconds
            while time.monotonic() < until:
                broker.cut()
                cuts += 1
                # the one before is cancelled: else it would stand for the new one
                wearable.agent.press_cancel()
                wearable.agent.press_sos()
                time.sleep(period_s)
                broker.heal()
                time.sleep(period_s)
            raised = [event for event in wearable.log.of(told.AlarmRaised) if event.kind is AlertKind.SOS]
            raised_at = {event.uid: event.at for event in raised}
            for uid in raised_at:
                wearable.log.wait_for(told.MessageReceipted, lambda event, uid=uid: event.uid == uid, timeout=90)  # type: ignore[misc]  # a default binds the loop's value
            receipted = {event.uid: event.at for event in wearable.log.of(told.MessageReceipted)}
            connections = len(wearable.log.of(told.BrokerConnected))
    finally:
        broker.heal()
        server.stop()
    received = sum(body.kind is AlertKind.SOS for body in server.bodies(AlertBody))
    worst = max(receipted[uid] - at for uid, at in raised_at.items())
    return Flapping(len(raised_at), received, cuts, connections, worst)
