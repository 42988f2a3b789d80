"""Protection that died is noticed, by the wearer and by the server, whatever died between the wearer and the database."""

from __future__ import annotations

import sqlite3
import time
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import attrs
import pytest
from kill_cycles import Server
from whole_wearable import WholeWearable, config

from edge_agent import agent_events as told
from edge_agent.alarm_rules import Pattern
from edge_agent.config import DeviceSection, HealthSection, WearerSection
from edge_agent.faults import FaultCode
from sekur_sdk.models.device import Channel
from sekur_sdk.sandbox.store.records import alerts
from sekur_sdk.sandbox.watch import look

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from real_parts.mosquitto import Broker

    from edge_agent.config import Config

pytestmark = pytest.mark.services

INTERVAL_S = 1.0
"""Of health, in place of 60 s; the time to notice goes with it: three of them are 180 s."""


def on_duty(folder: Path, broker: Broker, interval_s: float = INTERVAL_S) -> Config:
    return attrs.evolve(
        config(folder, broker.port),
        device=DeviceSection(tenant="demo", id="dev_demo"),
        wearer=WearerSection(employee_id="emp_demo", site_id="sit_entrepot"),
        health=HealthSection(interval_s=interval_s),
    )


@contextmanager
def dead(what: str, broker: Broker, server: Server) -> Iterator[None]:
    """Something between the wearer and the database, dead while the context is open."""
    if what == "broker killed":
        broker.kill()
        yield
        broker.start()
    elif what == "broker frozen":
        broker.freeze()
        yield
        broker.thaw()
    elif what == "ingest dead":
        # the broker goes on acknowledging
        server.link.stop()
        yield
    else:
        blocker = sqlite3.connect(server.store.path, isolation_level=None)
        blocker.execute("BEGIN IMMEDIATE")
        yield
        blocker.execute("ROLLBACK")
        blocker.close()


@pytest.mark.parametrize("what", ["broker killed", "broker frozen", "ingest dead", "database locked"])
def test_the_wearer_feels_that_protection_is_lost_within_three_health_intervals(
    broker: Broker, tmp_path: Path, what: str
) -> None:
    with Server(tmp_path / "server.sqlite3", broker.port) as server:
        server.link.wait_until_subscribed(15)
        with WholeWearable(on_duty(tmp_path / "device", broker)) as wearable:
            wearable.agent.start_duty()
            wearable.log.wait_for(told.MessageReceipted, lambda event: event.channel is Channel.HEALTH)
            with dead(what, broker, server):
                died_at = time.monotonic()
                felt = wearable.log.wait_for(told.SignalChanged, lambda event: event.pattern is Pattern.PROTECTION_LOST)
                assert felt.at - died_at <= 3 * INTERVAL_S
            if what != "ingest dead":
                wearable.log.wait_for(told.FaultCleared, lambda event: event.code == FaultCode.NO_RECEIPT, timeout=30)


def test_the_control_a_wearable_that_trusts_the_broker_feels_nothing(
    broker: Broker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Server(tmp_path / "server.sqlite3", broker.port) as server:
        server.link.wait_until_subscribed(15)
        with WholeWearable(on_duty(tmp_path / "device", broker)) as wearable:
            # the mechanism switched off: the broker's acknowledgement counts as an answer
            core = wearable.agent._core
            original = core.observe

            def observe(event: object) -> None:
                if isinstance(event, told.MessagePublished):
                    core._health.answered(core._now())
                original(event)  # type: ignore[arg-type]  # passed on as it came

            monkeypatch.setattr(core, "observe", observe)
            wearable.agent.start_duty()
            wearable.log.wait_for(told.MessageReceipted, lambda event: event.channel is Channel.HEALTH)
            with dead("ingest dead", broker, server), pytest.raises(TimeoutError):
                wearable.log.wait_for(
                    told.SignalChanged, lambda event: event.pattern is Pattern.PROTECTION_LOST, timeout=4 * INTERVAL_S
                )


def test_a_killed_wearable_is_missed_at_the_server_after_180_s(broker: Broker, tmp_path: Path) -> None:
    with Server(tmp_path / "server.sqlite3", broker.port) as server:
        server.link.wait_until_subscribed(15)
        with WholeWearable(on_duty(tmp_path / "device", broker)) as wearable:
            wearable.agent.start_duty()
            wearable.log.wait_for(told.MessageReceipted, lambda event: event.channel is Channel.HEALTH)
        # the server's clock is injected: 181 s pass in no time
        server.store._writer._now = lambda: datetime.fromtimestamp(time.time() + 181, UTC)  # type: ignore[method-assign]  # see above
        server.store.write(look)
        with server.store.read() as connection:
            assert "no_health" in [alert.fault for alert in alerts.all(connection)]
