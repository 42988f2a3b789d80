"""What the outbox does with its tables, inside transactions of the one thread that owns the connection."""

from __future__ import annotations

import contextlib
import sqlite3
from typing import TYPE_CHECKING, Final

import attrs

from edge_agent.messages import QUEUED, Message
from edge_agent.outbox_file import checksum, message_checksum
from edge_agent.outbox_numbers import Numbers
from sekur_sdk.models.device import Channel, EventKind, GapBody
from sekur_sdk.wire import WireError, decode
from sekur_sdk.wire.messages import decode_message

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_CHANNELS: Final = {str(channel): channel for channel in QUEUED}
_ALARM_LANE: Final = 0
_ROW_BYTES: Final = 200
"""What a row costs beside its payload: uid, numbers and two index entries."""
_EVICT_TO: Final = 0.9
_AT_ONCE: Final = 500
_CHECKPOINT_COMMITS: Final = 200
_CHECKPOINT_DELETED: Final = 5000
"""While a backlog leaves, SQLite's log grows by that much larger commits. Its own checkpoint (`wal_autocheckpoint`) would come in the
midst of one, an alarm's perhaps, and take four times as long."""
_RANGES_A_BODY: Final = 200
"""What fits well into a message of 8 KiB."""


@attrs.frozen
class Row:
    """One message as the table has it."""

    id: int
    uid: str
    seq: int
    channel: str
    payload: bytes
    quarantined: bool
    rescued: bool


@attrs.frozen
class Dropped:
    """Messages of one channel, with these and no other numbers, that were dropped for one reason."""

    reason: str
    channel: str
    first_seq: int
    last_seq: int
    count: int


def gap_of(reason: str, channel: str, seq: int) -> Dropped:
    """One dropped message."""
    return Dropped(reason, channel, seq, seq, 1)


@attrs.frozen
class _Totals:
    messages: int = 0
    bytes: int = 0
    telemetry_bytes: int = 0

    def plus(self, lane: int, size: int, messages: int = 1) -> _Totals:
        """With so many more messages of `size` bytes together; fewer when negative."""
        change = size if messages > 0 else -size
        return _Totals(
            self.messages + messages,
            self.bytes + change,
            self.telemetry_bytes + (change + messages * _ROW_BYTES if lane != _ALARM_LANE else 0),
        )


class OutboxTable:
    """The tables behind one connection.

    Args:
        connection: open, migrated, in autocommit mode.
        budget_bytes: how much all messages but alarms may take.
    """

    def __init__(self, connection: sqlite3.Connection, budget_bytes: int) -> None:
        self._connection = connection
        self._budget = budget_bytes
        self._numbers = Numbers(connection)
        self._commits = self._deleted = 0
        self.log: str
        self.next_seq: int
        self.log, self.next_seq = self._numbers.open()
        self._totals = self._count()
        # dropped while the file could not be written; the next transaction takes them in
        self._unwritten: list[Dropped] = []

    @property
    def messages(self) -> int:
        """How many messages wait."""
        return self._totals.messages

    @property
    def payload_bytes(self) -> int:
        """Bytes of their payloads."""
        return self._totals.bytes

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing, durable when it returns."""
        totals = self._totals
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            unwritten = len(self._unwritten)
            for dropped in self._unwritten:
                self._write_dropped(dropped)
            yield
            self._evict()
            self._numbers.before_commit()
            self._connection.execute("COMMIT")
            self._numbers.after_commit()
            del self._unwritten[:unwritten]
        except BaseException:
            self._totals = totals
            self._numbers.after_rollback()
            # a failed COMMIT may have ended the transaction already
            with contextlib.suppress(Exception):
                self._connection.execute("ROLLBACK")
            raise

    def insert(self, uid: str, seq: int, channel: Channel, lane: int, payload: bytes) -> None:
        """Add a message; of `health` only the newest is kept."""
        if channel is Channel.HEALTH:
            self._drop("superseded", self._rows("priority = ?", (lane,)))
        added = self._connection.execute(
            "INSERT OR IGNORE INTO message (uid, seq, channel, priority, crc, payload) VALUES (?, ?, ?, ?, ?, ?)",
            (uid, seq, channel, lane, message_checksum(uid, channel, payload), payload),
        ).rowcount
        self._numbers.used(seq)
        if added:
            self._totals = self._totals.plus(lane, len(payload))
        else:
            self._write_dropped(gap_of("duplicate", channel, seq))

    def delete(self, uids: tuple[str, ...]) -> None:
        """Forget messages; unknown ones are no error."""
        for start in range(0, len(uids), _AT_ONCE):
            some = uids[start : start + _AT_ONCE]
            marks = ",".join("?" * len(some))
            # in two statements for all: SQLite works without Python's lock within one, and waits for it after each
            found = self._connection.execute(
                f"SELECT priority, count(*), sum(length(payload)) FROM message WHERE uid IN ({marks}) GROUP BY priority",  # noqa: S608  # question marks alone
                some,
            ).fetchall()
            if found:
                self._connection.execute(f"DELETE FROM message WHERE uid IN ({marks})", some)  # noqa: S608  # as above
            for lane, messages, size in found:
                self._totals = self._totals.plus(lane, size, -messages)
                self._deleted += messages

    def quarantine(self, uid: str) -> None:
        """Mark a message that the broker refuses."""
        self._connection.execute("UPDATE message SET quarantined = 1 WHERE uid = ?", (uid,))

    def drop(self, uid: str, reason: str) -> None:
        """Give a message up and count it."""
        self._drop(reason, self._rows("uid = ?", (uid,)))

    def states(self) -> dict[str, bytes]:
        """All durable values whose checksum holds."""
        rows = self._connection.execute("SELECT key, crc, value FROM state")
        return {key: value for key, crc, value in rows if crc == checksum(key.encode(), value)}

    def set_states(self, states: Mapping[str, bytes | None]) -> None:
        """Set durable values, or forget those that are None."""
        for key, value in states.items():
            if value is None:
                self._connection.execute("DELETE FROM state WHERE key = ?", (key,))
            else:
                self._connection.execute(
                    "INSERT OR REPLACE INTO state VALUES (?, ?, ?)", (key, checksum(key.encode(), value), value)
                )

    def read(self, lane: int, after: int, limit: int) -> tuple[list[Message], int]:
        """The next messages of a lane in their order, and how many unreadable ones were dropped on the way."""
        at_once = self._read_at_once(lane, after, limit)
        if at_once is not None:
            return at_once, 0
        rows = self._rows("priority = ? AND id > ? ORDER BY id LIMIT ?", (lane, after, limit))
        sound: list[Message] = []
        corrupt: list[tuple[Row, int]] = []
        for row, crc in rows:
            if crc == message_checksum(row.uid, row.channel, row.payload):
                sound.append(_message(row.id, row.uid, row.seq, row.channel, row.payload, row.quarantined))
            else:
                corrupt.append((row, crc))
        if corrupt:
            with self.transaction():
                self._drop("corrupt", corrupt)
        return sound, len(corrupt)

    def _read_at_once(self, lane: int, after: int, limit: int) -> list[Message] | None:
        """The same in one row of JSON; None when anything in it is not as it was written.

        Each row that SQLite hands over costs a wait for Python's lock: with a backlog that is most of the time.
        """
        (found,) = self._connection.execute(
            "SELECT json_group_array(json_array(id, uid, seq, channel, CAST(payload AS TEXT), quarantined, crc))"
            " FROM (SELECT * FROM message WHERE priority = ? AND id > ? ORDER BY id LIMIT ?)",
            (lane, after, limit),
        ).fetchone()
        try:
            decoded = decode(found, list[tuple[int, str, int, str, str, bool | int, int]])
        except (WireError, TypeError):
            return None
        messages = []
        for number, uid, seq, channel, text, quarantined, crc in decoded:
            payload = text.encode()
            if crc != message_checksum(uid, channel, payload):
                return None
            messages.append(_message(number, uid, seq, channel, payload, bool(quarantined)))
        return messages

    def note_dropped(self, dropped: Dropped) -> None:
        """Count a message that never came into the table."""
        self._unwritten.append(dropped)

    def checkpoint(self, *, quiet: bool) -> None:
        """Take SQLite's log into the file when it has grown: at a quiet moment, or when it is very long."""
        self._commits += 1
        grown = max(self._commits / _CHECKPOINT_COMMITS, self._deleted / _CHECKPOINT_DELETED)
        if grown < (1 if quiet else 4):
            return
        self._commits = self._deleted = 0
        # one that fails is done by a later one
        with contextlib.suppress(sqlite3.Error):
            self._connection.execute("PRAGMA wal_checkpoint(PASSIVE)")

    def passed_over(self, seq: int, channel: str) -> None:
        """A number is not stored yet, and later ones are."""
        self._numbers.passed_over(seq, channel)

    def stored_after_all(self, seq: int) -> None:
        """It is now, or the server has it."""
        self._numbers.used(seq)
        self._numbers.stored(seq)

    def close_numbers(self, next_seq: int) -> None:
        """Give back the numbers from `next_seq` on."""
        self._numbers.close(next_seq)

    def gaps(self) -> list[GapBody]:
        """What was dropped and not told yet: bodies of one reason and one channel each, with the exact numbers."""
        bodies: list[GapBody] = []
        for reason, channel, first, last, count, exact in self._connection.execute(
            "SELECT reason, channel, first_seq, last_seq, count, exact FROM gap ORDER BY reason, channel, first_seq"
        ):
            seqs = ((first, last),) if exact else ()
            body = bodies[-1] if bodies else None
            same = body is not None and body.reason == reason and channel == next(iter(body.dropped), "")
            if body is not None and same and exact and body.seqs and len(body.seqs) < _RANGES_A_BODY:
                dropped = {channel: body.dropped[channel] + count} if channel else {}
                bodies[-1] = attrs.evolve(body, last_seq=last, dropped=dropped, seqs=(*body.seqs, *seqs))
            else:
                dropped = {channel: count} if channel else {}
                bodies.append(GapBody(first_seq=first, last_seq=last, dropped=dropped, reason=reason, seqs=seqs))
        return bodies

    def gaps_told(self, gap: GapBody) -> None:
        """Forget what `gap` tells; to be called in the transaction that stores its message."""
        channel = next(iter(gap.dropped), "")
        for first, last in gap.seqs or ((gap.first_seq, gap.last_seq),):
            key = (gap.reason, channel, first)
            row = self._connection.execute(
                "SELECT last_seq FROM gap WHERE reason = ? AND channel = ? AND first_seq = ?", key
            ).fetchone()
            self._connection.execute("DELETE FROM gap WHERE reason = ? AND channel = ? AND first_seq = ?", key)
            if row is not None and row[0] > last:
                # it has grown since it was told
                self._insert_gap(Dropped(gap.reason, channel, last + 1, row[0], row[0] - last))

    def _rows(self, where: str, values: tuple[object, ...]) -> list[tuple[Row, int]]:
        query = f"SELECT id, uid, seq, channel, payload, quarantined, rescued, crc FROM message WHERE {where}"  # noqa: S608  # our own conditions
        return [
            (Row(number, uid, seq, channel, payload, bool(quarantined), bool(rescued)), crc)
            for number, uid, seq, channel, payload, quarantined, rescued, crc in self._connection.execute(query, values)
        ]

    def _evict(self) -> None:
        if self._totals.telemetry_bytes <= self._budget:
            return
        while self._totals.telemetry_bytes > self._budget * _EVICT_TO:
            rows = self._rows("priority > ? ORDER BY priority DESC, id LIMIT 50", (_ALARM_LANE,))
            if not rows:
                return
            excess = self._totals.telemetry_bytes - self._budget * _EVICT_TO
            chosen = []
            for row, crc in rows:
                if excess <= 0:
                    break
                chosen.append((row, crc))
                excess -= len(row.payload) + _ROW_BYTES
            self._drop("disk_budget", chosen)

    def _drop(self, reason: str, rows: list[tuple[Row, int]]) -> None:
        for row, _ in rows:
            # the numbers of another log are no gap in this one; the server misses them there
            dropped = [] if row.rescued else [*_told_by(row), gap_of(reason, row.channel, row.seq)]
            for each in dropped:
                self._write_dropped(each)
        self.delete(tuple(row.uid for row, _ in rows))

    def _write_dropped(self, dropped: Dropped) -> None:
        self._numbers.used(dropped.last_seq)
        before = self._connection.execute(
            "SELECT first_seq, last_seq, exact FROM gap WHERE reason = ? AND channel = ? AND first_seq <= ?"
            " ORDER BY first_seq DESC LIMIT 1",
            (dropped.reason, dropped.channel, dropped.first_seq),
        ).fetchone()
        if before is not None and before[2] and before[1] == dropped.first_seq - 1:
            self._connection.execute(
                "UPDATE gap SET last_seq = ?, count = count + ? WHERE reason = ? AND channel = ? AND first_seq = ?",
                (dropped.last_seq, dropped.count, dropped.reason, dropped.channel, before[0]),
            )
        else:
            self._insert_gap(dropped)

    def _insert_gap(self, dropped: Dropped) -> None:
        self._connection.execute(
            "INSERT OR REPLACE INTO gap VALUES (?, ?, ?, ?, ?, 1)",
            (dropped.reason, dropped.channel, dropped.first_seq, dropped.last_seq, dropped.count),
        )

    def _count(self) -> _Totals:
        messages, size = self._connection.execute("SELECT count(*), total(length(payload)) FROM message").fetchone()
        telemetry, telemetry_size = self._connection.execute(
            "SELECT count(*), total(length(payload)) FROM message WHERE priority > ?", (_ALARM_LANE,)
        ).fetchone()
        return _Totals(messages, int(size), int(telemetry_size) + telemetry * _ROW_BYTES)


def _message(number: int, uid: str, seq: int, channel: str, payload: bytes, quarantined: bool) -> Message:
    return Message(id=number, uid=uid, seq=seq, channel=_CHANNELS[channel], payload=payload, quarantined=quarantined)


def _told_by(row: Row) -> list[Dropped]:
    """What a gap event that is itself dropped would have told: nothing of it is lost."""
    if row.channel != Channel.EVENT:
        return []
    try:
        body = decode_message(row.channel, row.payload).body
    except WireError:
        return []
    if not isinstance(body, GapBody) or body.kind is not EventKind.GAP:
        return []
    channel = next(iter(body.dropped), "")
    return [
        Dropped(body.reason, channel, first, last, last - first + 1 if channel else 0)
        for first, last in body.seqs or ((body.first_seq, body.last_seq),)
    ]
