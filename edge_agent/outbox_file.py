"""The outbox's SQLite file: its schema with migrations, its durability, and what is done when it can't be read."""

from __future__ import annotations

import contextlib
import fcntl
import os
import sqlite3
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Final

import attrs

from edge_agent.outbox_reserve import Reserve

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_MIGRATIONS: Final = (
    """
    CREATE TABLE log (one INTEGER PRIMARY KEY CHECK (one = 1), uid TEXT NOT NULL, next_seq INTEGER NOT NULL);
    CREATE TABLE message (
        -- never used twice: it is the place up to which the uplink has read
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        uid TEXT NOT NULL UNIQUE,
        seq INTEGER NOT NULL,
        channel TEXT NOT NULL,
        priority INTEGER NOT NULL,
        quarantined INTEGER NOT NULL DEFAULT 0,
        crc INTEGER NOT NULL,
        payload BLOB NOT NULL
    );
    CREATE INDEX message_order ON message (priority, id);
    CREATE TABLE state (key TEXT PRIMARY KEY, crc INTEGER NOT NULL, value BLOB NOT NULL) WITHOUT ROWID;
    CREATE TABLE gap (
        reason TEXT NOT NULL,
        channel TEXT NOT NULL,
        first_seq INTEGER NOT NULL,
        last_seq INTEGER NOT NULL,
        count INTEGER NOT NULL,
        PRIMARY KEY (reason, channel)
    ) WITHOUT ROWID;
    """,
    """
    -- numbers below `reserved` may have been given; those of a block that a crash left open are never given again
    ALTER TABLE log ADD COLUMN reserved INTEGER NOT NULL DEFAULT 1;
    UPDATE log SET reserved = next_seq;
    -- of another log: saved from a file that was set aside
    ALTER TABLE message ADD COLUMN rescued INTEGER NOT NULL DEFAULT 0;
    -- given, not stored, and passed over by later numbers
    CREATE TABLE hole (seq INTEGER PRIMARY KEY, channel TEXT NOT NULL);
    ALTER TABLE gap RENAME TO inexact_gap;
    -- `exact`: every number from first to last was dropped; older files only counted
    CREATE TABLE gap (
        reason TEXT NOT NULL,
        channel TEXT NOT NULL,
        first_seq INTEGER NOT NULL,
        last_seq INTEGER NOT NULL,
        count INTEGER NOT NULL,
        exact INTEGER NOT NULL,
        PRIMARY KEY (reason, channel, first_seq)
    ) WITHOUT ROWID;
    INSERT INTO gap SELECT reason, channel, first_seq, last_seq, count, 0 FROM inexact_gap;
    DROP TABLE inexact_gap;
    """,
)
"""One script a version of the schema; `PRAGMA user_version` counts those that were applied. A released one never changes."""

_SIDE_FILES: Final = ("", "-wal", "-shm")


class OutboxError(Exception):
    """The outbox can't be opened: where, why, and what to do."""


@attrs.frozen
class Recovery:
    """What was found in a file that could not be trusted: how much of it was saved, and where the rest lies now."""

    set_aside: Path
    reason: str
    messages: int
    states: int


@attrs.frozen
class OutboxFile:
    """The open file: its connection, the lock that keeps a second agent out, and what had to be recovered."""

    connection: sqlite3.Connection
    lock: int
    recovery: Recovery | None
    reserve: Reserve

    def close(self) -> None:
        """Give both back."""
        self.connection.close()
        os.close(self.lock)


def connect(path: Path) -> sqlite3.Connection:
    """A connection in autocommit mode that any one thread may use."""
    return sqlite3.connect(path, isolation_level=None, check_same_thread=False, cached_statements=64)


def open_outbox_file(
    path: Path,
    new_log: Callable[[], str],
    connect: Callable[[Path], sqlite3.Connection] = connect,
    reserve_bytes: int = 0,
) -> OutboxFile:
    """Open the outbox at `path`, or make it; one that is corrupt is set aside and everything readable in it is kept.

    `connect` is SQLite's, or stands for it where a test records what would reach the disk. `reserve_bytes` are kept on the
    disk for alarms.

    Raises:
        OutboxError: another process has it, it was written by a newer version, or the disk refuses.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = _lock(path)
    except OSError as error:
        raise OutboxError(f"{path}: {error.strerror}; choose another [storage] path or free the disk") from error
    reserve = Reserve(path.with_name(path.name + ".reserve"), reserve_bytes)
    try:
        try:
            connection, recovery = _open_or_recover(path, new_log, connect)
        except (sqlite3.Error, OSError) as error:
            if not (reserve.may_help(error) and reserve.take_back()):
                raise
            connection, recovery = _open_or_recover(path, new_log, connect)
    except (sqlite3.Error, OSError) as error:
        os.close(lock)
        raise OutboxError(f"{path}: {error}; choose another [storage] path or free the disk") from error
    except OutboxError:
        os.close(lock)
        raise
    reserve.hold()
    return OutboxFile(connection, lock, recovery, reserve)


def checksum(*parts: bytes) -> int:
    """CRC-32 over the parts."""
    crc = 0
    for part in parts:
        crc = zlib.crc32(part, crc)
    return crc


def message_checksum(uid: str, channel: str, payload: bytes) -> int:
    """What a row of `message` carries in `crc`."""
    return zlib.crc32(payload, zlib.crc32(f"{uid}{channel}".encode()))


def _lock(path: Path) -> int:
    lock = os.open(path.with_name(path.name + ".lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        raise OutboxError(f"{path}: another agent uses this outbox; end it, or choose another [storage] path") from None
    return lock


def _open_or_recover(
    path: Path, new_log: Callable[[], str], connect: Callable[[Path], sqlite3.Connection]
) -> tuple[sqlite3.Connection, Recovery | None]:
    connection = connect(path)
    try:
        reason = _damage(connection)
        if reason is None:
            _migrate(connection, path, new_log)
            return connection, None
    except sqlite3.DatabaseError as error:
        # OperationalError (disk full, I/O error, permission) is no damage of the file: setting it aside would lose it
        if isinstance(error, sqlite3.OperationalError):
            connection.close()
            raise
        reason = str(error)
    except OutboxError:
        connection.close()
        raise
    connection.close()
    return _recover(path, reason, new_log)


def _damage(connection: sqlite3.Connection) -> str | None:
    connection.execute("PRAGMA busy_timeout = 2000")
    # the outbox looks after it: an alarm is not the one to pay for it (here only a bound, should it not come to it)
    connection.execute("PRAGMA wal_autocheckpoint = 8000")
    connection.execute("PRAGMA journal_mode = WAL")
    # with NORMAL a power cut loses commits that were acknowledged
    connection.execute("PRAGMA synchronous = FULL")
    found = [row[0] for row in connection.execute("PRAGMA integrity_check(1)")]
    return None if found == ["ok"] else str(found[0])


def _migrate(connection: sqlite3.Connection, path: Path, new_log: Callable[[], str]) -> None:
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version > len(_MIGRATIONS):
        raise OutboxError(f"{path}: written by a newer version of the agent (schema {version}); update the agent")
    for number, script in enumerate(_MIGRATIONS[version:], start=version + 1):
        connection.executescript(f"BEGIN IMMEDIATE; {script} PRAGMA user_version = {number}; COMMIT;")
    connection.execute("INSERT OR IGNORE INTO log VALUES (1, ?, 1, 1)", (new_log(),))


def _recover(path: Path, reason: str, new_log: Callable[[], str]) -> tuple[sqlite3.Connection, Recovery]:
    aside = _set_aside(path)
    connection = connect(path)
    _damage(connection)
    _migrate(connection, path, new_log)
    connection.execute("BEGIN IMMEDIATE")
    messages = states = 0
    with contextlib.closing(connect(aside)) as damaged:
        for row in _readable_messages(damaged):
            connection.execute(
                "INSERT OR IGNORE INTO message (uid, seq, channel, priority, quarantined, crc, payload, rescued)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, 1)",
                row,
            )
            messages += 1
        for state in _readable_states(damaged):
            connection.execute("INSERT OR IGNORE INTO state VALUES (?, ?, ?)", state)
            states += 1
    connection.execute("COMMIT")
    return connection, Recovery(aside, reason, messages, states)


def _set_aside(path: Path) -> Path:
    number = 1
    while (aside := path.with_name(f"{path.name}.corrupt-{number}")).exists():
        number += 1
    for suffix in _SIDE_FILES:
        with contextlib.suppress(FileNotFoundError):
            path.with_name(path.name + suffix).rename(aside.with_name(aside.name + suffix))
    return aside


def _readable_messages(damaged: sqlite3.Connection) -> Iterator[tuple[str, int, str, int, int, int, bytes]]:
    columns = "uid, seq, channel, priority, quarantined, crc, payload"
    last = _bound(damaged, "SELECT max(id) FROM message")
    for number in range(_bound(damaged, "SELECT min(id) FROM message"), last + 1):
        # one row at a time: a damaged page costs its own rows and no other
        with contextlib.suppress(sqlite3.DatabaseError, TypeError, AttributeError):
            row = damaged.execute(f"SELECT {columns} FROM message WHERE id = ?", (number,)).fetchone()  # noqa: S608  # our own column names
            if row is not None and row[5] == message_checksum(row[0], row[2], row[6]):
                yield row


def _bound(damaged: sqlite3.Connection, query: str) -> int:
    try:
        return int(damaged.execute(query).fetchone()[0] or 0)
    except (sqlite3.DatabaseError, TypeError, ValueError):
        return 0


def _readable_states(damaged: sqlite3.Connection) -> Iterator[tuple[str, int, bytes]]:
    with contextlib.suppress(sqlite3.DatabaseError, TypeError, AttributeError):
        for key, crc, value in damaged.execute("SELECT key, crc, value FROM state"):
            if crc == checksum(key.encode(), value):
                yield key, crc, value
