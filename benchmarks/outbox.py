"""Store-and-forward beside what it is made of, in one run on one disk and one mosquitto: bare SQLite, bare paho, and another durable queue.

Ours and the reference take turns, so that a slow moment of the machine is shared. Enqueue: messages a second that are durable. Drain: a
backlog to its last PUBACK, at the same window. Both: the best of the rounds, of either side. Alarm: from enqueue to PUBACK, at the 99th percentile, the median of
rounds; the reference commits a row and then publishes it, on one thread and with nothing else to do. Alarms come some milliseconds apart on either side: by then a
backlog leaves at full speed again.
"""

from __future__ import annotations

import itertools
import math
import queue
import random
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

import attrs
from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from persistqueue import SQLiteAckQueue

from benchmarks.row import Row
from edge_agent.cli import SWITCH_S
from edge_agent.clock import SystemClock
from edge_agent.config import BrokerSection
from edge_agent.messages import Draft, Lane, Message
from edge_agent.outbox import Outbox
from edge_agent.send_queue import WINDOWS
from edge_agent.uplink import Uplink
from edge_agent.uplink_events import LinkUp, Published, UplinkEvent
from sekur_sdk.models.device import (
    AlertBody,
    AlertKind,
    Channel,
    ClockState,
    DeviceAddress,
    DeviceSettings,
    Fix,
    FixSource,
    LogBody,
    PositionBody,
    Receipt,
    ReceiptOutcome,
    ReportedConfig,
    Status,
)
from sekur_sdk.models.uid import new_uid

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sekur_sdk.wire.messages import Body

ROUNDS = 9
ENQUEUED = 2000
AWAITED = 1000
OUTSTANDING = 500
DRAINED = 20_000
ALARMS = 100
ALARM_ROUNDS = 15
BACKLOG = 100_000
BETWEEN_ALARMS_S = (0.002, 0.006)
QUEUED = 1000

NOW = datetime(2026, 3, 1, 22, 0, tzinfo=UTC)
BOOT = new_uid(1)
_pauses = random.Random(1)
_SECONDS = itertools.count(1_700_000_000)
ADDRESS = DeviceAddress("bench", "w-1")
FIX = Fix(lat=48.9, lon=2.38, fix_at=NOW, age_s=0.5, accuracy_m=5.0, source=FixSource.GNSS)


def measure() -> list[Row]:
    """Return the rows; mosquitto has to be installed."""
    # as the agent runs
    sys.setswitchinterval(SWITCH_S)
    with tempfile.TemporaryDirectory(prefix="sekur-bench-") as name, mosquitto(Path(name)) as port:
        folder = Path(name)
        return [*_enqueue(folder), _drain(folder, port), *_alarms(folder, port), *_other_queue(folder)]


# Parts


@contextmanager
def mosquitto(folder: Path) -> Iterator[int]:
    """A broker of its own, on a free port."""
    program = shutil.which("mosquitto", path="/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin")
    if program is None:
        sys.exit("python -m benchmarks outbox: mosquitto is not installed (Debian package mosquitto)")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    file = folder / "mosquitto.conf"
    # as many as a client sends: what is measured is the client
    file.write_text(
        f"listener {port} 127.0.0.1\nallow_anonymous true\nmax_inflight_messages 0\nlog_dest none\nuser root\n"
    )
    process = subprocess.Popen([program, "-c", str(file)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(500):
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                time.sleep(0.02)
        yield port
    finally:
        process.terminate()
        process.wait(10)


def draft(channel: Channel, body: Body) -> Draft:
    # a message a second, as a wearable makes them: uids are in the order of time, and so is their index
    return Draft(
        uid=new_uid(1000 * next(_SECONDS)),
        channel=channel,
        at=NOW,
        up_ms=5,
        clock=ClockState.SYNCED,
        duty=None,
        body=body,
    )


def event() -> Draft:
    return draft(Channel.EVENT, LogBody(category="round", text="RAS", occurred_at=NOW))


def not_started(path: Path) -> Outbox:
    return Outbox(path, boot=BOOT, now=lambda: (NOW, 5, ClockState.SYNCED), budget_bytes=2**30)


@contextmanager
def outbox(path: Path) -> Iterator[Outbox]:
    opened = not_started(path)
    opened.start()
    try:
        yield opened
    finally:
        opened.stop(30)


@contextmanager
def bare_table(path: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("CREATE TABLE message (id INTEGER PRIMARY KEY, payload BLOB)")
        yield connection


def apart(alarm: Callable[[], float]) -> list[float]:
    """So many alarms with a pause before each; what they took."""
    found = []
    for _ in range(ALARMS):
        time.sleep(_pauses.uniform(*BETWEEN_ALARMS_S))
        found.append(alarm())
    return found


def best(times: list[float]) -> float:
    return min(times)


def p99(times: list[float]) -> float:
    return sorted(times)[math.ceil(len(times) * 0.99) - 1]


def usual_p99(rounds: list[list[float]]) -> float:
    """The median of the rounds': a hiccup of the disk in one of them says nothing of either side."""
    return median(p99(times) for times in rounds)


# Enqueue


def _enqueue(folder: Path) -> list[Row]:
    payload = event_payload(folder)
    with outbox(folder / "enqueue.db") as ours, bare_table(folder / "bare.db") as bare:
        times: dict[str, list[float]] = {"together": [], "awaited": [], "bare": []}
        for _ in range(ROUNDS):
            times["bare"].append(_timed(lambda: _insert_bare(bare, payload, AWAITED)) / AWAITED)
            times["together"].append(_timed(lambda: _submit_all(ours, ENQUEUED)) / ENQUEUED)
            times["awaited"].append(_timed(lambda: _submit_awaited(ours, AWAITED)) / AWAITED)
    rate = {name: 1 / best(each) for name, each in times.items()}
    return [
        Row("durable enqueue, as they come", rate["together"], rate["bare"], 0.7, "/s", at_least=True),
        Row("durable enqueue, each awaited", rate["awaited"], rate["bare"], None, "/s", at_least=True),
    ]


def event_payload(folder: Path) -> bytes:
    with outbox(folder / "one.db") as ours:
        return ours.submit(event()).payload


def _timed(work: Callable[[], None]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _insert_bare(connection: sqlite3.Connection, payload: bytes, count: int) -> None:
    for _ in range(count):
        connection.execute("INSERT INTO message (payload) VALUES (?)", (payload,))


def _submit_all(ours: Outbox, count: int) -> None:
    room = threading.Semaphore(OUTSTANDING)
    for _ in range(count):
        room.acquire()
        ours.submit(event(), room.release)
    for _ in range(OUTSTANDING):
        room.acquire()


def _submit_awaited(ours: Outbox, count: int) -> None:
    for _ in range(count):
        done = threading.Event()
        ours.submit(event(), done.set)
        done.wait()


# Drain


@attrs.define
class Heard:
    """What our uplink told."""

    connected: threading.Event = attrs.field(factory=threading.Event)
    published: dict[str, threading.Event] = attrs.field(factory=dict)
    count: int = 0
    waiting_for: int = 0
    all_published: threading.Event = attrs.field(factory=threading.Event)

    def report(self, told: UplinkEvent) -> None:
        if isinstance(told, LinkUp):
            self.connected.set()
        elif isinstance(told, Published):
            self.count += 1
            if told.uid in self.published:
                self.published[told.uid].set()
            if self.count == self.waiting_for:
                self.all_published.set()


@attrs.frozen
class Line:
    """Our uplink on an outbox, connected, and what it tells."""

    uplink: Uplink
    heard: Heard


@contextmanager
def line(ours: Outbox, port: int, waiting_for: int = 0) -> Iterator[Line]:
    """As it runs in the agent; `waiting_for` messages set `all_published`."""
    heard = Heard(waiting_for=waiting_for)
    uplink = Uplink(
        BrokerSection(host="127.0.0.1", port=port),
        ADDRESS,
        ours,
        SystemClock(),
        status=lambda online: Status(online=online, boot=BOOT, log=ours.log),
        reported=lambda: ReportedConfig(version=0, settings=DeviceSettings()),
        report=heard.report,
    )
    ours.start()
    uplink.start()
    try:
        if not heard.connected.wait(10):
            raise RuntimeError("our uplink found no broker")
        yield Line(uplink, heard)
    finally:
        uplink.stop(0.1)
        ours.stop(30)


def _drain(folder: Path, port: int) -> Row:
    ours, bare = [], []
    for number in range(ROUNDS):
        path = folder / f"drain-{number}.db"
        payloads = fill(path, DRAINED)
        bare.append(_drain_bare(port, payloads))
        ours.append(_drain_ours(path, port, DRAINED))
    return Row("backlog drain", DRAINED / best(ours), DRAINED / best(bare), 0.6, "/s", at_least=True)


def fill(path: Path, count: int) -> list[bytes]:
    """So many positions in an outbox, put there by what the storage thread uses, in one transaction."""
    opened = Outbox(path, boot=BOOT, now=lambda: (NOW, 5, ClockState.SYNCED), budget_bytes=2**30)
    payloads = []
    table = opened._table  # noqa: SLF001  # to fill it in a second and not in minutes
    with table.transaction():
        for _ in range(count):
            message = opened._seal(draft(Channel.POSITION, PositionBody(fix=FIX)))  # noqa: SLF001  # as above
            opened._next_seq += 1  # noqa: SLF001  # as above
            table.insert(message.uid, message.seq, message.channel, message.lane, message.payload)
            payloads.append(message.payload)
    opened.stop()
    return payloads


def _drain_ours(path: Path, port: int, count: int) -> float:
    with line(not_started(path), port, waiting_for=count) as made:
        began = time.perf_counter()
        if not made.heard.all_published.wait(120):
            raise RuntimeError(f"only {made.heard.count} of {count} were published")
        return time.perf_counter() - began


@contextmanager
def bare_client(port: int) -> Iterator[Client]:
    client = Client(CallbackAPIVersion.VERSION2, "bare", clean_session=True, protocol=MQTTProtocolVersion.MQTTv311)
    client.max_inflight_messages_set(WINDOWS[Lane.POSITION])
    ready = threading.Event()
    client.on_connect = lambda *_: ready.set()
    client.connect("127.0.0.1", port)
    client.loop_start()
    ready.wait(10)
    yield client
    client.disconnect()
    client.loop_stop()


def _drain_bare(port: int, payloads: list[bytes]) -> float:
    topic = ADDRESS.topic(Channel.POSITION)
    with bare_client(port) as client:
        done, counted = threading.Event(), [0]

        def published(*_: object) -> None:
            counted[0] += 1
            if counted[0] == len(payloads):
                done.set()

        client.on_publish = published
        began = time.perf_counter()
        for payload in payloads:
            client.publish(topic, payload, qos=1)
        done.wait(120)
        return time.perf_counter() - began


# Alarms


def _alarms(folder: Path, port: int) -> list[Row]:
    payload = event_payload(folder)
    idle: list[list[float]] = []
    bare: list[list[float]] = []
    ours = not_started(folder / "alarms.db")
    with ExitStack() as stack:
        made = stack.enter_context(line(ours, port))
        client = stack.enter_context(bare_client(port))
        table = stack.enter_context(bare_table(folder / "bare-alarms.db"))
        for _ in range(ALARM_ROUNDS):
            idle.append(apart(lambda: _alarm(ours, made)))
            bare.append(apart(lambda: _bare_alarm(table, client, payload)))
    behind, bare_beside = _behind_a_backlog(folder, port, payload)
    return [
        Row("alarm, enqueue to PUBACK, p99", usual_p99(idle) * 1000, usual_p99(bare) * 1000, 3.0),
        Row("the same behind 100,000 queued", usual_p99(behind) * 1000, usual_p99(bare_beside) * 1000, 5.0),
    ]


def _behind_a_backlog(folder: Path, port: int, payload: bytes) -> tuple[list[list[float]], list[list[float]]]:
    behind: list[list[float]] = []
    bare: list[list[float]] = []
    left, path = 0, folder
    for number in range(ALARM_ROUNDS):
        if left < BACKLOG * 3 // 4:
            path = folder / f"behind-{number}.db"
            fill(path, BACKLOG)
        with bare_client(port) as client, bare_table(folder / f"bare-behind-{number}.db") as table:
            bare.append(apart(lambda: _bare_alarm(table, client, payload)))
        ours = not_started(path)
        with line(ours, port) as made:
            behind.append(apart(lambda: _alarm(ours, made)))  # noqa: B023  # of this turn
            left = ours.size.messages
            if left < BACKLOG // 2:
                raise RuntimeError("the backlog was gone before the alarms were")
    return behind, bare


def _alarm(ours: Outbox, made: Line) -> float:
    stored = threading.Event()
    began = time.perf_counter()
    made_draft = draft(Channel.ALERT, AlertBody(kind=AlertKind.SOS, started_at=NOW))
    acknowledged = made.heard.published[made_draft.uid] = threading.Event()

    def committed() -> None:
        stored.set()
        made.uplink.wake()

    message = ours.submit(made_draft, committed)
    made.uplink.offer(message, stored)
    if not acknowledged.wait(30):
        raise RuntimeError("an alarm was not published")
    took = time.perf_counter() - began
    # as the server's receipt does
    made.uplink.receipt(receipt_of(message.uid))
    return took


def receipt_of(uid: str) -> Receipt:
    return Receipt(uid=uid, outcome=ReceiptOutcome.STORED, at=NOW)


def _bare_alarm(table: sqlite3.Connection, client: Client, payload: bytes) -> float:
    acknowledged = threading.Event()
    client.on_publish = lambda *_: acknowledged.set()
    began = time.perf_counter()
    table.execute("INSERT INTO message (payload) VALUES (?)", (payload,))
    client.publish(ADDRESS.topic(Channel.ALERT), payload, qos=1)
    acknowledged.wait(30)
    return time.perf_counter() - began


# Another durable queue


def _other_queue(folder: Path) -> list[Row]:
    payload = event_payload(folder)
    # each a thousand messages until all are durable: ours need not wait for one before it takes the next
    puts: dict[str, list[float]] = {"ours": [], "theirs": []}
    takes: dict[str, list[float]] = {"ours": [], "theirs": []}
    theirs = SQLiteAckQueue(str(folder / "peer"), auto_commit=True)
    with outbox(folder / "peer.db") as ours:
        for _ in range(3):
            puts["theirs"].append(_timed(lambda: _put_all(theirs, payload)))
            puts["ours"].append(_timed(lambda: _submit_all(ours, QUEUED)))
            takes["theirs"].append(_timed(lambda: _get_all(theirs)))
            takes["ours"].append(_timed(lambda: _take_all(ours, QUEUED)))
    theirs.close()
    return [
        Row(
            "put, beside persist-queue",
            QUEUED / best(puts["ours"]),
            QUEUED / best(puts["theirs"]),
            1.0,
            "/s",
            at_least=True,
        ),
        Row(
            "get and ack, beside persist-queue",
            QUEUED / best(takes["ours"]),
            QUEUED / best(takes["theirs"]),
            1.0,
            "/s",
            at_least=True,
        ),
    ]


def _put_all(theirs: SQLiteAckQueue, payload: bytes) -> None:
    for _ in range(QUEUED):
        theirs.put(payload)


def _get_all(theirs: SQLiteAckQueue) -> None:
    for _ in range(QUEUED):
        theirs.ack(theirs.get())


def _take_all(ours: Outbox, count: int) -> None:
    """As the uplink does: half a window at a time, each message acknowledged by itself."""
    after = taken = 0
    answers: queue.SimpleQueue[tuple[Message, ...]] = queue.SimpleQueue()
    while taken < count:
        ours.fetch(Lane.EVENT, after, WINDOWS[Lane.EVENT] // 2, answers.put)
        for message in answers.get():
            ours.done(message.uid)
            after = message.id
            taken += 1
    ours.settle(30)
