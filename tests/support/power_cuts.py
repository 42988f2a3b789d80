"""Power cuts, simulated: what the real outbox writes is recorded below SQLite, and any of it that no sync had reached may be missing.

A VFS (apsw's) passes everything on and records each write, truncation, sync and deletion, with what the outbox acknowledged between
them. A cut takes the recording up to a point: what was synced is on the disk; of the rest each write is there, is not, or is torn at
its sectors, in any order; a deletion may not have reached the directory. The real outbox then opens what is left.

Sectors of 512 bytes are written whole or not at all, and a file's first sync makes its name durable, as SQLite's own VFS sees to.
"""

from __future__ import annotations

import random
import shutil
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import apsw
import attrs

from edge_agent.messages import Draft, Lane
from edge_agent.outbox import Outbox
from sekur_sdk.models.device import AlertBody, AlertKind, Channel, ClockState, HealthBody, LogBody, PositionBody
from sekur_sdk.models.uid import new_uid

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

SECTOR = 512
NOW = datetime(2026, 3, 1, 22, 0, tzinfo=UTC)
BOOT = new_uid(1)


# What is recorded


@attrs.frozen
class Opened:
    name: str


@attrs.frozen
class Wrote:
    name: str
    offset: int
    data: bytes


@attrs.frozen
class Truncated:
    name: str
    size: int


@attrs.frozen
class Synced:
    name: str


@attrs.frozen
class Deleted:
    name: str
    durable: bool


@attrs.frozen
class Given:
    """A message got its number."""

    seq: int


@attrs.frozen
class Acknowledged:
    """The outbox said that a message is durable."""

    uid: str


@attrs.frozen
class Forgotten:
    """The outbox was told that the server has a message: it may be there or not."""

    uid: str


@attrs.frozen
class StateKept:
    """The outbox said that a value is durable."""

    value: int


class RecordingVFS(apsw.VFS):  # type: ignore[misc]  # apsw's classes are of a C module
    """Passes on to the system's, and records."""

    def __init__(self, name: str, trace: list[object]) -> None:
        self.trace = trace
        super().__init__(name, "")

    def xOpen(self, name: Any, flags: list[int]) -> Any:  # noqa: N802  # apsw names it
        file = _RecordingFile(self.trace, name, flags)
        self.trace.append(Opened(file.name))
        return file

    def xDelete(self, filename: str, syncdir: bool) -> None:  # noqa: N802  # apsw names it
        super().xDelete(filename, syncdir)
        self.trace.append(Deleted(Path(filename).name, bool(syncdir)))


class _RecordingFile(apsw.VFSFile):  # type: ignore[misc]  # as above
    def __init__(self, trace: list[object], name: Any, flags: list[int]) -> None:
        self.name = Path(name.filename() if isinstance(name, apsw.URIFilename) else name).name
        self._trace = trace
        super().__init__("", name, flags)

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802  # apsw names it
        super().xWrite(data, offset)
        self._trace.append(Wrote(self.name, offset, bytes(data)))

    def xTruncate(self, size: int) -> None:  # noqa: N802  # apsw names it
        super().xTruncate(size)
        self._trace.append(Truncated(self.name, size))

    def xSync(self, flags: int) -> None:  # noqa: N802  # apsw names it
        super().xSync(flags)
        self._trace.append(Synced(self.name))

    def xDeviceCharacteristics(self) -> int:  # noqa: N802  # apsw names it
        # what the system's VFS says of a disk: a write does not harm its neighbours
        return int(apsw.SQLITE_IOCAP_POWERSAFE_OVERWRITE)


class _Cursor:
    def __init__(self, cursor: Any, changes: int) -> None:
        self._cursor = cursor
        self.rowcount = changes

    def fetchone(self) -> Any:
        return self._cursor.fetchone()

    def fetchall(self) -> Any:
        return self._cursor.fetchall()

    def __iter__(self) -> Iterator[Any]:
        return iter(self._cursor)


class RecordedConnection:
    """An apsw connection that looks like one of the standard library, as far as the outbox needs it.

    ``synchronous`` replaces the FULL of the outbox, for a control; ``checkpoint_pages`` makes checkpoints more frequent.
    """

    def __init__(self, path: Path, vfs: str, *, synchronous: str, checkpoint_pages: int) -> None:
        self._connection = apsw.Connection(str(path), vfs=vfs)
        self._synchronous = synchronous
        self._connection.execute(f"PRAGMA wal_autocheckpoint = {checkpoint_pages}")

    def execute(self, sql: str, values: tuple[Any, ...] = ()) -> _Cursor:
        sql = sql.replace("synchronous = FULL", f"synchronous = {self._synchronous}")
        cursor = self._connection.execute(sql, values)
        return _Cursor(cursor, self._connection.changes())

    def executescript(self, sql: str) -> None:
        self._connection.execute(sql)

    def close(self) -> None:
        self._connection.close()


# The work of a wearable


def record(
    folder: Path, seed: int, *, synchronous: str = "FULL", steps: int = 120, checkpoint_pages: int = 60
) -> list[object]:
    """What an outbox did over three starts of its agent, each ended in order, with alarms, telemetry, receipts and states."""
    trace: list[object] = []
    name = f"recording-{seed}-{synchronous}"
    vfs = RecordingVFS(name, trace)
    path = folder / "outbox.db"
    chance = random.Random(seed)
    value = 0
    waiting: list[str] = []
    try:
        for _ in range(3):
            outbox = Outbox(
                path,
                boot=BOOT,
                now=lambda: (NOW, 5, ClockState.SYNCED),
                budget_bytes=20_000,
                reserve_bytes=0,
                connect=lambda file: cast(
                    "sqlite3.Connection",
                    RecordedConnection(file, name, synchronous=synchronous, checkpoint_pages=checkpoint_pages),
                ),
            )
            outbox.start()
            for _ in range(steps // 3):
                value += 1
                _step(outbox, chance, trace, waiting, value)
                if chance.random() < 0.6:
                    outbox.settle(10)
            assert outbox.stop(10)
    finally:
        vfs.unregister()
    return trace


def _step(outbox: Outbox, chance: random.Random, trace: list[object], waiting: list[str], value: int) -> None:
    match chance.choice(("alert", "alert", "event", "health", "position", "done", "state", "gaps")):
        case "done" if waiting:
            uid = waiting.pop(chance.randrange(len(waiting)))
            trace.append(Forgotten(uid))
            outbox.done(uid)
        case "state":
            outbox.set_state({"value": str(value).encode()}, lambda: trace.append(StateKept(value)))
        case "gaps":
            outbox.tell_gaps()
        case "health" | "position" | "event" as channel:
            body = {
                "health": HealthBody(protected=True),
                "position": PositionBody(fix=None),
                "event": LogBody(category="round", text="RAS " * chance.randrange(1, 100), occurred_at=NOW),
            }[channel]
            message = outbox.submit(_draft(Channel(channel), body))
            trace.append(Given(message.seq))
        case _:
            features = {f"f{number}": chance.random() for number in range(chance.randrange(0, 60))}
            body_ = AlertBody(kind=AlertKind.FALL, started_at=NOW, features=features)
            draft = _draft(Channel.ALERT, body_)
            message = outbox.submit(draft, lambda: trace.append(Acknowledged(draft.uid)))
            trace.append(Given(message.seq))
            waiting.append(message.uid)


def _draft(channel: Channel, body: Any) -> Draft:
    return Draft(uid=new_uid(1), channel=channel, at=NOW, up_ms=5, clock=ClockState.SYNCED, duty=None, body=body)


# The disk


@attrs.define
class _File:
    durable: bytearray = attrs.field(factory=bytearray)
    pending: list[Wrote | Truncated] = attrs.field(factory=list)
    named: bool = False

    def sync(self) -> None:
        for operation in self.pending:
            _apply(self.durable, operation)
        self.pending.clear()
        self.named = True

    def after_a_cut(self, chance: random.Random) -> bytes:
        content = bytearray(self.durable)
        mode = chance.choice(("none", "all", "some", "some", "torn", "torn", "prefix"))
        until = chance.randrange(len(self.pending) + 1)
        for number, operation in enumerate(self.pending):
            if mode == "all" or (mode == "prefix" and number < until) or (mode == "some" and chance.random() < 0.5):
                _apply(content, operation)
            elif mode == "torn" and chance.random() < 0.8:
                _tear(content, operation, chance)
        return bytes(content)


def _apply(content: bytearray, operation: Wrote | Truncated) -> None:
    if isinstance(operation, Truncated):
        del content[operation.size :]
        return
    end = operation.offset + len(operation.data)
    if len(content) < end:
        content.extend(bytes(end - len(content)))
    content[operation.offset : end] = operation.data


def _tear(content: bytearray, operation: Wrote | Truncated, chance: random.Random) -> None:
    if isinstance(operation, Truncated):
        return
    start, end = operation.offset, operation.offset + len(operation.data)
    while start < end:
        stop = min(end, (start // SECTOR + 1) * SECTOR)
        if chance.random() < 0.5:
            part = operation.data[start - operation.offset : stop - operation.offset]
            _apply(content, Wrote(operation.name, start, part))
        start = stop


class Disk:
    """Plays a recording; at any moment the power may be cut."""

    def __init__(self) -> None:
        self._files: dict[str, _File] = {}
        # deleted, but the directory may not know yet
        self._deleted: dict[str, _File] = {}

    def play(self, operation: object) -> None:
        match operation:
            case Opened(name):
                self._files.setdefault(name, _File())
            case Wrote(name, _, _) | Truncated(name, _):
                self._files[name].pending.append(operation)
            case Synced(name):
                file = self._files[name]
                if not file.named:
                    # SQLite syncs the directory with the first sync of a new file
                    self._deleted.clear()
                file.sync()
            case Deleted(name, durable):
                file = self._files.pop(name)
                if durable:
                    self._deleted.clear()
                elif file.named:
                    self._deleted[name] = file

    def cut(self, folder: Path, chance: random.Random) -> None:
        """Write into ``folder`` what a cut now leaves."""
        for name, file in self._files.items():
            if file.named or chance.random() < 0.5:
                (folder / name).write_bytes(file.after_a_cut(chance))
        for name, file in self._deleted.items():
            if not (folder / name).exists() and chance.random() < 0.5:
                (folder / name).write_bytes(file.after_a_cut(chance))


# The proof


@attrs.define
class Figures:
    cuts: int = 0
    acknowledged: int = 0
    lost: int = 0
    cuts_with_loss: int = 0
    states_lost: int = 0
    reused: int = 0
    corrupt: int = 0

    @property
    def sound(self) -> bool:
        return not (self.lost or self.states_lost or self.reused or self.corrupt)


@attrs.define
class _Expected:
    acknowledged: set[str] = attrs.field(factory=set)
    forgotten: set[str] = attrs.field(factory=set)
    state: int = 0
    last_seq: int = 0

    def note(self, operation: object) -> None:
        match operation:
            case Given(seq):
                self.last_seq = max(self.last_seq, seq)
            case Acknowledged(uid):
                self.acknowledged.add(uid)
            case Forgotten(uid):
                self.forgotten.add(uid)
            case StateKept(value):
                self.state = max(self.state, value)


def cut_power(trace: list[object], folder: Path, cuts: int, seed: int, figures: Figures) -> None:
    """Cut the power ``cuts`` times, spread over the recording, and count what is missing afterwards."""
    chance = random.Random(seed)
    moments = sorted(chance.randrange(len(trace) + 1) for _ in range(cuts))
    disk, expected, played = Disk(), _Expected(), 0
    image = folder / "image"
    for moment in moments:
        while played < moment:
            disk.play(trace[played])
            expected.note(trace[played])
            played += 1
        shutil.rmtree(image, ignore_errors=True)
        image.mkdir()
        disk.cut(image, chance)
        _look(image, expected, figures)
    shutil.rmtree(image, ignore_errors=True)


def _look(image: Path, expected: _Expected, figures: Figures) -> None:
    outbox = Outbox(
        image / "outbox.db", boot=BOOT, now=lambda: (NOW, 5, ClockState.SYNCED), budget_bytes=20_000, reserve_bytes=0
    )
    try:
        rows, corrupt = outbox._table.read(Lane.ALARM, 0, 10_000)
        kept = {row.uid for row in rows}
        state = int(outbox.state("value") or b"0")
        lost = expected.acknowledged - expected.forgotten - kept
        figures.cuts += 1
        figures.acknowledged += len(expected.acknowledged)
        figures.lost += len(lost)
        figures.cuts_with_loss += bool(lost)
        figures.states_lost += state < expected.state
        figures.reused += outbox._next_seq <= expected.last_seq
        figures.corrupt += bool(corrupt) or outbox.recovery is not None
    finally:
        outbox.stop()


def simulate(
    folder: Path,
    cuts: int,
    *,
    synchronous: str = "FULL",
    seeds: Iterator[int],
    cuts_per_trace: int = 500,
    **settings: int,
) -> Figures:
    """Record as often as it takes for so many cuts, and make them."""
    figures = Figures()
    while figures.cuts < cuts:
        seed = next(seeds)
        work = folder / f"{synchronous}-{seed}"
        work.mkdir(parents=True)
        trace = record(work, seed, synchronous=synchronous, **settings)
        cut_power(trace, work, min(cuts_per_trace, cuts - figures.cuts), seed, figures)
        shutil.rmtree(work)
    return figures


def fast_folder(fallback: Path) -> Path:
    """A folder in memory where there is one: the disk's own syncs prove nothing here and cost much."""
    memory = Path("/dev/shm")
    if not memory.is_dir():
        return fallback
    folder = memory / f"sekur-{threading.get_native_id()}-{new_uid(1)[-8:]}"
    folder.mkdir()
    return folder
