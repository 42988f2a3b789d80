"""A card that fails, stalls or is full holds no alarm: it leaves from memory within a second, and somebody is told of the card."""

from __future__ import annotations

import sqlite3
import time
from typing import TYPE_CHECKING

import attrs
import pytest
from failing_card import fill, small_disk, syncs_of, what_mount_lacks, what_strace_lacks
from kill_cycles import queued
from receipting_server import ReceiptingServer
from whole_wearable import WearableProcess, WholeWearable, config

from edge_agent import agent_events as told
from edge_agent.config import StorageSection
from edge_agent.faults import FaultCode
from sekur_sdk.models.device import AlertBody, AlertKind, GapBody, HealthBody

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from real_parts.mosquitto import Broker

pytestmark = [pytest.mark.services, pytest.mark.timeout(180)]


@pytest.fixture
def server(broker: Broker) -> Iterator[ReceiptingServer]:
    server = ReceiptingServer(broker.port)
    server.wait_subscribed()
    yield server
    server.stop()


def kinds(server: ReceiptingServer) -> list[AlertKind]:
    return [body.kind for body in server.bodies(AlertBody)]


def faults(server: ReceiptingServer) -> list[str | None]:
    return [body.fault for body in server.bodies(AlertBody)]


def seconds_to_the_server(server: ReceiptingServer, process: WearableProcess) -> float:
    before = kinds(server).count(AlertKind.SOS)
    pressed = time.monotonic()
    process.send("sos")
    server.wait_for(lambda server: kinds(server).count(AlertKind.SOS) > before)
    return time.monotonic() - pressed


@pytest.mark.parametrize(
    ("inject", "fault"),
    [
        ("error=EIO", FaultCode.STORAGE_FAILED),
        ("delay_enter=5000000", FaultCode.STORAGE_SLOW),
        ("delay_enter=30000000", FaultCode.STORAGE_SLOW),
    ],
    ids=["EIO", "stalled for 5 s", "stalled for 30 s"],
)
def test_an_sos_leaves_within_a_second_whatever_the_card_does(
    broker: Broker, server: ReceiptingServer, tmp_path: Path, inject: str, fault: FaultCode
) -> None:
    if (lacking := what_strace_lacks()) is not None:
        pytest.skip(f"not run: needs {lacking}")
    with WearableProcess(tmp_path / "device", broker.port) as process:
        process.wait_for("BrokerConnected")
        with syncs_of(process.pid, inject, tmp_path / "strace.log"):
            assert seconds_to_the_server(server, process) < 1.0
            server.wait_for(lambda server: fault in faults(server))
            # the next ones too, while the card still fails
            process.send("cancel")
            assert seconds_to_the_server(server, process) < 1.0


def test_health_is_told_from_memory_too_so_that_a_failing_card_is_no_loss_of_protection(
    broker: Broker, server: ReceiptingServer, tmp_path: Path
) -> None:
    with WearableProcess(tmp_path / "device", broker.port) as process:
        process.wait_for("BrokerConnected")
        with syncs_of(process.pid, "error=EIO", tmp_path / "strace.log"):
            process.send("duty")
            server.wait_for(lambda server: server.bodies(HealthBody))


@pytest.mark.parametrize("reserved", [True, False])
def test_on_a_full_disk_alarms_leave_at_once_and_are_kept_in_the_space_that_is_reserved_for_them(
    broker: Broker, server: ReceiptingServer, tmp_path: Path, reserved: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if (lacking := what_mount_lacks()) is not None:
        pytest.skip(f"not run: needs {lacking}")
    if not reserved:
        monkeypatch.setattr("edge_agent.outbox_reserve.Reserve.hold", lambda _: False)
    server.receipts = False
    with small_disk(tmp_path / "disk", 16) as disk:
        configuration = attrs.evolve(config(tmp_path, broker.port), storage=StorageSection(path=disk / "outbox.db"))
        with WholeWearable(configuration) as wearable:
            wearable.log.wait_for(told.BrokerConnected)
            filler = fill(disk)
            uids = set()
            for number in range(1, 21):
                pressed = time.monotonic()
                wearable.agent.press_sos()
                server.wait_for(lambda server, number=number: kinds(server).count(AlertKind.SOS) == number)
                assert time.monotonic() - pressed < 1.0
                wearable.agent.press_cancel()
                uids = {event.uid for event in wearable.log.of(told.AlarmRaised) if event.kind is AlertKind.SOS}
            server.wait_for(lambda server: FaultCode.STORAGE_FAILED in faults(server))
            committed = {event.uid for event in wearable.log.of(told.AlarmCommitted)}
            if not reserved:
                # the control: without that space the disk takes none of them
                assert not uids & committed
                filler.unlink()
                return
            last = wearable.log.of(told.AlarmRaised)[-1].uid
            wearable.log.wait_for(told.AlarmCommitted, lambda event: event.uid == last)
            filler.unlink()
            server.receipts = True
            wearable.log.wait_for(told.FaultCleared, lambda event: event.code == FaultCode.STORAGE_FAILED, timeout=30)
            wearable.agent.start_duty()
            # what was dropped meanwhile is told
            server.wait_for(lambda server: server.bodies(GapBody) or server.bodies(HealthBody))
        raised = {event.uid for event in wearable.log.of(told.AlarmRaised)}
        assert queued(disk / "outbox.db") <= raised


def test_an_agent_that_starts_on_a_full_disk_uses_the_space_that_was_reserved(broker: Broker, tmp_path: Path) -> None:
    if (lacking := what_mount_lacks()) is not None:
        pytest.skip(f"not run: needs {lacking}")
    with small_disk(tmp_path / "disk", 16) as disk:
        configuration = attrs.evolve(config(tmp_path, broker.port), storage=StorageSection(path=disk / "outbox.db"))
        with WholeWearable(configuration, connect=False):
            pass
        fill(disk)
        with WholeWearable(configuration, connect=False) as again:
            again.agent.press_sos()
            again.log.wait_for(told.AlarmCommitted)


def test_a_file_of_the_first_version_is_brought_up_to_date_with_all_that_is_in_it(tmp_path: Path) -> None:
    from edge_agent import outbox_file

    path = tmp_path / "outbox.db"
    with WholeWearable(config(tmp_path, 1), connect=False) as new:
        new.agent.press_sos()
        new.log.wait_for(told.AlarmCommitted)
    # as the first version would have left it
    old = sqlite3.connect(path, isolation_level=None)
    row = old.execute("SELECT uid, seq, channel, priority, crc, payload FROM message").fetchone()
    log = old.execute("SELECT uid FROM log").fetchone()[0]
    old.executescript("DROP TABLE log; DROP TABLE message; DROP TABLE state; DROP TABLE gap; DROP TABLE hole;")
    old.executescript(outbox_file._MIGRATIONS[0])
    old.execute("INSERT INTO log VALUES (1, ?, 8)", (log,))
    old.execute("INSERT INTO message (uid, seq, channel, priority, crc, payload) VALUES (?, ?, ?, ?, ?, ?)", row)
    old.execute("INSERT INTO gap VALUES ('disk_budget', 'position', 2, 6, 3)")
    old.execute("PRAGMA user_version = 1")
    old.close()

    with WholeWearable(config(tmp_path, 1), connect=False) as again:
        outbox = again.agent._outbox
        assert (outbox.log, outbox.recovery) == (log, None)
        assert row[0] in {each.uid for each in outbox._table.read(0, 0, 10)[0]}
        (gap,) = [gap for gap in outbox._table.gaps() if gap.reason == "disk_budget"]
        assert (gap.first_seq, gap.last_seq, gap.dropped, gap.seqs) == (2, 6, {"position": 3}, ())
