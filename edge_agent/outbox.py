"""Store-and-forward: what the wearable has to say waits in SQLite (WAL, `synchronous=FULL`) until the server has it.

One thread owns the file. A message gets its number and its bytes when it is submitted and keeps both, whatever happens;
the storage thread commits in the order of the numbers, everything that waits in one transaction. A number whose commit
never came about may be used again after a crash: it is the `uid` that identifies a message.
"""

from __future__ import annotations

import sqlite3
import threading
from collections import deque
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final, TypeAlias

import attrs

from edge_agent.messages import Draft, Lane, Message
from edge_agent.outbox_file import Recovery, open_outbox_file
from edge_agent.outbox_table import OutboxTable, gap_of
from sekur_sdk.models.device import MAX_MESSAGE_BYTES, Channel, ClockState, Envelope, GapBody
from sekur_sdk.models.uid import new_uid
from sekur_sdk.wire import encode

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path


_MAX_WAITING: Final = 1000
_RETRY_S: Final = 1.0
_DEFAULT_BUDGET: Final = 64 * 1024 * 1024


@attrs.frozen
class StorageReport:
    """The state of the card: `failed` with the reason, or working again with None; `corrupt` counts unreadable rows."""

    failed: str | None = None
    corrupt: int = 0


@attrs.frozen
class OutboxSize:
    """What waits, as far as the storage thread has committed it."""

    messages: int
    bytes: int


@attrs.define
class _Insert:
    message: Message
    states: Mapping[str, bytes | None]
    on_committed: Callable[[], None] | None
    gap: GapBody | None = None


@attrs.define
class _SetStates:
    states: Mapping[str, bytes | None]
    on_committed: Callable[[], None] | None


@attrs.define
class _Done:
    uids: tuple[str, ...]


@attrs.define
class _Quarantine:
    uid: str


@attrs.define
class _Drop:
    message: Message
    reason: str


@attrs.define
class _TellGaps:
    pass


@attrs.define
class _Fetch:
    lane: Lane
    after: int
    limit: int
    reply: Callable[[tuple[Message, ...]], None]


_Write: TypeAlias = _Insert | _SetStates | _Done | _Quarantine | _Drop | _TellGaps


class Outbox:
    """The messages and the small durable state of one device; every method may be called from any thread and none blocks on the disk.

    Args:
        path: the SQLite file.
        boot: identity of this start of the agent.
        now: the wall clock and the monotonic one in milliseconds, for what the outbox itself has to say.
        budget_bytes: how much telemetry may wait; alarms are not counted.
        report: told of failures and recoveries, from the storage thread; must only enqueue.
        stored: told when telemetry was committed, from the storage thread; must only enqueue.

    Raises:
        OutboxError: the file can't be opened.
    """

    def __init__(
        self,
        path: Path,
        *,
        boot: str,
        now: Callable[[], tuple[datetime, int, ClockState]],
        budget_bytes: int = _DEFAULT_BUDGET,
        report: Callable[[StorageReport], None] = lambda _: None,
        stored: Callable[[], None] = lambda: None,
    ) -> None:
        self._boot = boot
        self._now = now
        self._file = open_outbox_file(path, lambda: new_uid(int(now()[0].timestamp() * 1000)))
        self._table = OutboxTable(self._file.connection, budget_bytes)
        self._report = report
        self._stored = stored
        self.log = self._table.log
        self.recovery: Recovery | None = self._file.recovery
        self._next_seq = self._table.next_seq
        self._states = self._table.states()
        self._condition = threading.Condition()
        self._waiting: deque[_Write] = deque()
        self._fetches: deque[_Fetch] = deque()
        self._overflow: list[Message] = []
        self._stopping = False
        self._failing = False
        self._telling: set[str] = set()
        self._thread = threading.Thread(target=self._run, name="storage", daemon=True)

    # From any thread

    def start(self) -> None:
        """Start the storage thread."""
        self._thread.start()

    def stop(self, timeout_s: float = 5.0) -> bool:
        """Commit what waits and close the file; False when the disk did not let it in time."""
        with self._condition:
            self._stopping = True
            self._condition.notify()
        if self._thread.ident is None:
            self._file.close()
            return True
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def settle(self, timeout_s: float) -> bool:
        """Wait until everything submitted so far is committed; False when the disk did not let it in time."""
        done = threading.Event()
        self.set_state({}, done.set)
        return done.wait(timeout_s)

    @property
    def alive(self) -> bool:
        """Whether the storage thread runs."""
        return self._thread.is_alive()

    @property
    def size(self) -> OutboxSize:
        """How much waits."""
        return OutboxSize(self._table.messages, self._table.payload_bytes)

    def state(self, key: str) -> bytes | None:
        """The durable value of a key, as it was found at the start."""
        return self._states.get(key)

    def submit(
        self,
        draft: Draft,
        on_committed: Callable[[], None] | None = None,
        states: Mapping[str, bytes | None] | None = None,
    ) -> Message:
        """Number a message, make its bytes, and hand it to the storage thread with durable values of the same transaction.

        `on_committed` is called from the storage thread after the commit and must only enqueue.

        Raises:
            ValueError: more than 8 KiB.
        """
        return self._submit(draft, on_committed, states or {}, None)

    def _submit(
        self,
        draft: Draft,
        on_committed: Callable[[], None] | None,
        states: Mapping[str, bytes | None],
        gap: GapBody | None,
    ) -> Message:
        with self._condition:
            message = self._seal(draft)
            self._next_seq += 1
            full = len(self._waiting) >= _MAX_WAITING and message.lane is not Lane.ALARM
            if full:
                # the card has stalled for long: memory is bounded, and what is dropped is counted
                self._overflow.append(message)
            if not full or states:
                self._waiting.append(
                    _SetStates(states, on_committed) if full else _Insert(message, states, on_committed, gap)
                )
            self._condition.notify()
        return message

    def set_state(self, states: Mapping[str, bytes | None], on_committed: Callable[[], None] | None = None) -> None:
        """Make small values durable, None to forget one."""
        self._put(_SetStates(states, on_committed))

    def done(self, *uids: str) -> None:
        """The server has these (or the broker, where that is enough): they need not be kept."""
        self._put(_Done(uids))

    def quarantine(self, uid: str) -> None:
        """Remember over restarts that the broker refuses this one."""
        self._put(_Quarantine(uid))

    def drop(self, message: Message, reason: str) -> None:
        """Give a message up; it is counted under `reason`."""
        self._put(_Drop(message, reason))

    def tell_gaps(self) -> None:
        """Make events of what was dropped since the last time."""
        self._put(_TellGaps())

    def fetch(self, lane: Lane, after: int, limit: int, reply: Callable[[tuple[Message, ...]], None]) -> None:
        """Hand `reply` the next messages of a lane whose `id` is above `after`; from the storage thread, must only enqueue."""
        with self._condition:
            self._fetches.append(_Fetch(lane, after, limit, reply))
            self._condition.notify()

    def _put(self, write: _Write) -> None:
        with self._condition:
            self._waiting.append(write)
            self._condition.notify()

    def _seal(self, draft: Draft) -> Message:
        payload = encode(
            Envelope(
                uid=draft.uid,
                log=self.log,
                seq=self._next_seq,
                boot=self._boot,
                up_ms=draft.up_ms,
                at=draft.at,
                clock=draft.clock,
                duty=draft.duty,
                body=draft.body,
            )
        )
        if len(payload) > MAX_MESSAGE_BYTES:
            raise ValueError(f"a message of {len(payload)} bytes; at most {MAX_MESSAGE_BYTES} can be sent")
        return Message(uid=draft.uid, seq=self._next_seq, channel=draft.channel, payload=payload)

    # On the storage thread

    def _run(self) -> None:
        try:
            while True:
                writes, fetches, stopping = self._take()
                unfinished = self._write(writes)
                for fetch in fetches:
                    self._answer(fetch)
                if stopping:
                    return
                if unfinished:
                    with self._condition:
                        self._waiting.extendleft(reversed(unfinished))
                        self._condition.wait(_RETRY_S)
        finally:
            self._file.close()

    def _take(self) -> tuple[list[_Write], list[_Fetch], bool]:
        with self._condition:
            while not (self._waiting or self._fetches or self._overflow or self._stopping):
                self._condition.wait()
            writes, self._waiting = list(self._waiting), deque()
            fetches, self._fetches = list(self._fetches), deque()
            overflow, self._overflow = self._overflow, []
            stopping = self._stopping
        for message in overflow:
            self._table.note_dropped(gap_of("storage_stalled", message.channel, message.seq))
        return writes, fetches, stopping

    def _write(self, writes: list[_Write]) -> list[_Write]:
        """Commit all in one transaction; when that fails one by one, and what still has to be tried again is returned."""
        if not writes:
            return []
        reason = self._commit(writes)
        if reason is None:
            self._committed(writes)
            return []
        unfinished: list[_Write] = []
        for write in writes:
            reason = self._commit([write])
            if reason is None:
                self._committed([write])
            elif isinstance(write, _Insert) and write.message.lane is not Lane.ALARM:
                self._table.note_dropped(gap_of("storage_failed", write.message.channel, write.message.seq))
                if write.states:
                    unfinished.append(_SetStates(write.states, write.on_committed))
            else:
                unfinished.append(write)
            if reason is not None and not self._failing:
                self._failing = True
                self._report(StorageReport(failed=reason))
        return unfinished

    def _commit(self, writes: list[_Write]) -> str | None:
        try:
            with self._table.transaction():
                for write in writes:
                    self._apply(write)
        except (sqlite3.Error, OSError) as error:
            return str(error)
        return None

    def _apply(self, write: _Write) -> None:
        match write:
            case _Insert():
                message = write.message
                self._table.insert(message.uid, message.seq, message.channel, message.lane, message.payload)
                self._table.set_states(write.states)
                if write.gap is not None:
                    self._table.gaps_told(write.gap)
            case _SetStates():
                self._table.set_states(write.states)
            case _Done():
                self._table.delete(write.uids)
            case _Quarantine():
                self._table.quarantine(write.uid)
            case _Drop():
                self._table.drop(write.message.uid, write.reason)
            case _TellGaps():
                self._tell_gaps()

    def _tell_gaps(self) -> None:
        for gap in self._table.gaps():
            if gap.reason in self._telling:
                continue
            self._telling.add(gap.reason)
            at, up_ms, clock = self._now()
            draft = Draft(
                uid=new_uid(int(at.timestamp() * 1000)),
                channel=Channel.EVENT,
                at=at,
                up_ms=up_ms,
                clock=clock,
                duty=None,
                body=gap,
            )
            # its count is taken from the table by the transaction that stores the event
            self._submit(draft, None, {}, gap)

    def _committed(self, writes: list[_Write]) -> None:
        if self._failing:
            self._failing = False
            self._report(StorageReport())
        for write in writes:
            if isinstance(write, _Insert) and write.gap is not None:
                self._telling.discard(write.gap.reason)
            if isinstance(write, _Insert | _SetStates) and write.on_committed is not None:
                write.on_committed()
        if any(isinstance(write, _Insert) for write in writes):
            self._stored()

    def _answer(self, fetch: _Fetch) -> None:
        try:
            rows, corrupt = self._table.read(fetch.lane, fetch.after, fetch.limit)
        except sqlite3.Error as error:
            if not self._failing:
                self._failing = True
                self._report(StorageReport(failed=str(error)))
            fetch.reply(())
            return
        if corrupt:
            self._report(StorageReport(corrupt=corrupt))
        fetch.reply(
            tuple(
                Message(
                    id=row.id,
                    uid=row.uid,
                    seq=row.seq,
                    channel=Channel(row.channel),
                    payload=row.payload,
                    quarantined=row.quarantined,
                )
                for row in rows
            )
        )
