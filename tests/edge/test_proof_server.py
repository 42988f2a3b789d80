"""An alarm takes effect once: the ingest killed at every statement of its transaction, and messages that come twice and in any order."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from kill_cycles import Server
from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion
from wearable import Wearable

from sekur_sdk.sandbox.ingest.ingest import Ingest
from sekur_sdk.sandbox.seed import seed
from sekur_sdk.sandbox.store import schema
from sekur_sdk.sandbox.store.database import Store
from sekur_sdk.sandbox.store.records import alerts, logbook_entries

if TYPE_CHECKING:
    from collections.abc import Iterator

    from real_parts.mosquitto import Broker

pytestmark = pytest.mark.services

DYING = """
import os, signal, sys
from pathlib import Path
import sqlalchemy as sa
from kill_cycles import Server
folder, port, last = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
server = Server(folder / "server.sqlite3", port)
count = 0
def before(*_):
    global count
    count += 1
    if count == last:
        os.kill(os.getpid(), signal.SIGKILL)
server.link.wait_until_subscribed(15)
sa.event.listen(server.store._writing, "before_cursor_execute", before)
sa.event.listen(server.store._writing, "commit", before)
print("ready", flush=True)
import threading
threading.Event().wait(60)
"""


def dying_server(folder: Path, port: int, statement: int) -> subprocess.Popen[str]:
    support = str(Path(__file__).parents[1] / "support")
    process = subprocess.Popen(
        [sys.executable, "-c", DYING, str(folder), str(port), str(statement)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": support},
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


@pytest.mark.timeout(180)
def test_an_ingest_killed_at_any_statement_takes_the_alarm_once_when_it_is_back(broker: Broker, tmp_path: Path) -> None:
    wearable = Wearable(lambda *_: [], lambda: datetime.now(UTC))
    wearable.address = type(wearable.address)("demo", "dev_demo")
    with Server(tmp_path / "server.sqlite3", broker.port) as server:
        server.link.wait_until_subscribed(15)
    client = Client(CallbackAPIVersion.VERSION2, "the-device")
    client.connect("127.0.0.1", broker.port)
    client.loop_start()
    uids = []
    survived = 0
    for statement in (1, 2, 3, 5, 8, 12, 16, 200):
        process = dying_server(tmp_path, broker.port, statement)
        message = wearable.alert()
        uids.append(message["uid"])
        client.publish(wearable.address.topic("alert"), msgspec.json.encode(message), qos=1)
        try:
            process.wait(timeout=3)
        except subprocess.TimeoutExpired:
            survived += 1
            process.kill()
            process.wait()
        assert process.stdout is not None
        process.stdout.close()
    client.disconnect()
    client.loop_stop()
    with Server(tmp_path / "server.sqlite3", broker.port) as server:
        server.link.wait_until_subscribed(15)
        deadline = threading.Event()
        for _ in range(100):
            if set(uids) <= server.alarms():
                break
            deadline.wait(0.1)
        incidents = server.incidents()

    # the last one has fewer statements than it would take to die
    assert survived == 1
    assert {uid: incidents.get(uid) for uid in uids} == dict.fromkeys(uids, 1)


@pytest.fixture(scope="module")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    store = Store(tmp_path_factory.mktemp("seeded") / "store.sqlite3", lambda: datetime.now(UTC))
    store.write(seed)
    yield store
    store.close()


def deliveries() -> st.SearchStrategy[list[int]]:
    """Six messages, each at least once and up to three times, in any order."""
    return st.permutations([*range(6), *range(6), *range(6)]).flatmap(
        lambda order: st.integers(0, 12).map(
            lambda cut: [*order[cut:], *(each for each in range(6) if each not in order[cut:])]
        )
    )


def effects(store: Store, device: Wearable) -> tuple[int, int, int]:
    """Alerts, logbook entries by hand, and missing numbers of one wearable's outbox."""
    with store.read() as connection:
        uids = {
            row.uid
            for row in connection.execute(sa.select(schema.message.c.uid).where(schema.message.c.log == device.log))
        }
        opened = [alert for alert in alerts.all(connection) if alert.uid in uids]
        entries = [entry for entry in logbook_entries.all(connection) if entry.text.endswith(device.log)]
        gap = schema.seq_gap
        missing = connection.execute(sa.select(sa.func.count()).where(gap.c.log == device.log)).scalar()
    return len(opened), len(entries), int(missing or 0)


def messages_of(device: Wearable) -> list[tuple[str, dict[str, Any]]]:
    log = {"kind": "log", "category": "ronde", "text": f"Ronde {device.log}", "occurred_at": device.now().isoformat()}
    return [
        ("alert", device.alert("sos")),
        ("event", device.envelope(log)),
        ("alert", device.alert()),
        ("health", device.health()),
        ("event", device.envelope({**log, "text": f"Fin {device.log}"})),
        ("position", device.position()),
    ]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=deliveries())
def test_duplicates_in_any_order_have_the_effect_of_one(seeded: Store, order: list[int]) -> None:
    device = Wearable(Ingest(seeded).handle, lambda: datetime.now(UTC))
    messages = messages_of(device)
    for number in order:
        device.send(*messages[number])

    assert effects(seeded, device) == (2, 2, 0)


def test_the_control_without_the_memory_of_uids_entries_are_doubled(seeded: Store) -> None:
    device = Wearable(Ingest(seeded).handle, lambda: datetime.now(UTC))
    messages = messages_of(device)
    for number in (1, 1, 4, 4):
        device.send(*messages[number])
        # the mechanism switched off
        seeded.write(lambda tx: tx.connection.execute(sa.delete(schema.message)))

    with seeded.read() as connection:
        entries = [entry for entry in logbook_entries.all(connection) if entry.text.endswith(device.log)]
    assert len(entries) == 4
