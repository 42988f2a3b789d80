"""What the outbox does with its tables, inside transactions of the one thread that owns the connection."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Final

import attrs

from edge_agent.outbox_file import checksum, message_checksum
from sekur_sdk.models.device import Channel, EventKind, GapBody
from sekur_sdk.wire import WireError
from sekur_sdk.wire.messages import decode_message

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Mapping

_ALARM_LANE: Final = 0
_ROW_BYTES: Final = 200
"""What a row costs beside its payload: uid, numbers and two index entries."""
_EVICT_TO: Final = 0.9


@attrs.frozen
class Row:
    """One message as the table has it."""

    id: int
    uid: str
    seq: int
    channel: str
    payload: bytes
    quarantined: bool


@attrs.frozen
class Dropped:
    """Messages of one channel that were dropped for one reason."""

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

    def plus(self, lane: int, size: int, sign: int = 1) -> _Totals:
        return _Totals(
            self.messages + sign,
            self.bytes + sign * size,
            self.telemetry_bytes + (sign * (size + _ROW_BYTES) if lane != _ALARM_LANE else 0),
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
        self.log: str
        self.next_seq: int
        self.log, self.next_seq = connection.execute("SELECT uid, next_seq FROM log").fetchone()
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
            self._connection.execute("COMMIT")
            del self._unwritten[:unwritten]
        except BaseException:
            self._totals = totals
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
        self._connection.execute("UPDATE log SET next_seq = max(next_seq, ?)", (seq + 1,))
        if added:
            self._totals = self._totals.plus(lane, len(payload))
        else:
            self._write_dropped(gap_of("duplicate", channel, seq))

    def delete(self, uids: tuple[str, ...]) -> None:
        """Forget messages; unknown ones are no error."""
        for uid in uids:
            for number, lane, size in self._connection.execute(
                "SELECT id, priority, length(payload) FROM message WHERE uid = ?", (uid,)
            ).fetchall():
                self._connection.execute("DELETE FROM message WHERE id = ?", (number,))
                self._totals = self._totals.plus(lane, size, -1)

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

    def read(self, lane: int, after: int, limit: int) -> tuple[list[Row], int]:
        """The next messages of a lane in their order, and how many unreadable ones were dropped on the way."""
        rows = self._rows("priority = ? AND id > ? ORDER BY id LIMIT ?", (lane, after, limit))
        sound = [row for row, crc in rows if crc == message_checksum(row.uid, row.channel, row.payload)]
        corrupt = [(row, crc) for row, crc in rows if row not in sound]
        if corrupt:
            with self.transaction():
                self._drop("corrupt", corrupt)
        return sound, len(corrupt)

    def note_dropped(self, dropped: Dropped) -> None:
        """Count a message that never came into the table."""
        self._unwritten.append(dropped)

    def gaps(self) -> list[GapBody]:
        """What was dropped and not told yet, one body a reason."""
        bodies: dict[str, GapBody] = {}
        for reason, channel, first, last, count in self._connection.execute(
            "SELECT reason, channel, first_seq, last_seq, count FROM gap ORDER BY reason"
        ):
            body = bodies.get(reason, GapBody(first_seq=first, last_seq=last, dropped={}, reason=reason))
            bodies[reason] = attrs.evolve(
                body,
                first_seq=min(first, body.first_seq),
                last_seq=max(last, body.last_seq),
                dropped=body.dropped | {channel: count},
            )
        return list(bodies.values())

    def gaps_told(self, gap: GapBody) -> None:
        """Forget what `gap` tells; to be called in the transaction that stores its message."""
        for channel, count in gap.dropped.items():
            self._connection.execute(
                "UPDATE gap SET count = count - ? WHERE reason = ? AND channel = ?", (count, gap.reason, channel)
            )
        self._connection.execute("DELETE FROM gap WHERE count <= 0")

    def _rows(self, where: str, values: tuple[object, ...]) -> list[tuple[Row, int]]:
        query = f"SELECT id, uid, seq, channel, payload, quarantined, crc FROM message WHERE {where}"  # noqa: S608  # our own conditions
        return [
            (Row(number, uid, seq, channel, payload, bool(quarantined)), crc)
            for number, uid, seq, channel, payload, quarantined, crc in self._connection.execute(query, values)
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
            for dropped in _told_by(row) or [gap_of(reason, row.channel, row.seq)]:
                self._write_dropped(dropped)
        self.delete(tuple(row.uid for row, _ in rows))

    def _write_dropped(self, dropped: Dropped) -> None:
        self._connection.execute("UPDATE log SET next_seq = max(next_seq, ?)", (dropped.last_seq + 1,))
        self._connection.execute(
            "INSERT INTO gap VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET first_seq = min(first_seq, excluded.first_seq),"
            " last_seq = max(last_seq, excluded.last_seq), count = count + excluded.count",
            (dropped.reason, dropped.channel, dropped.first_seq, dropped.last_seq, dropped.count),
        )

    def _count(self) -> _Totals:
        messages, size = self._connection.execute("SELECT count(*), total(length(payload)) FROM message").fetchone()
        telemetry, telemetry_size = self._connection.execute(
            "SELECT count(*), total(length(payload)) FROM message WHERE priority > ?", (_ALARM_LANE,)
        ).fetchone()
        return _Totals(messages, int(size), int(telemetry_size) + telemetry * _ROW_BYTES)


def _told_by(row: Row) -> list[Dropped]:
    """What a gap event that is itself dropped would have told, and itself: a count is never lost."""
    if row.channel != Channel.EVENT:
        return []
    try:
        body = decode_message(row.channel, row.payload).body
    except WireError:
        return []
    if not isinstance(body, GapBody) or body.kind is not EventKind.GAP:
        return []
    told = [
        Dropped(body.reason, channel, body.first_seq, body.last_seq, count) for channel, count in body.dropped.items()
    ]
    return [*told, gap_of(body.reason, row.channel, row.seq)]
