"""Store-and-forward: what the wearable has to say waits in SQLite (WAL, `synchronous=FULL`) until the server has it.

One thread owns the file. A message gets its number and its bytes when it is submitted and keeps both, whatever happens;
the storage thread commits in the order of the numbers, everything that waits in one transaction. Numbers come from durably
reserved blocks: none is given twice, and those that a crash left in doubt are told as a gap.
"""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from typing import TYPE_CHECKING, Final

import attrs

from edge_agent.messages import Draft, Lane, Message
from edge_agent.outbox_file import Recovery, connect, open_outbox_file
from edge_agent.outbox_queue import WriteQueue
from edge_agent.outbox_reserve import RESERVE_BYTES
from edge_agent.outbox_table import OutboxTable, gap_of
from edge_agent.outbox_writes import Done, Drop, Fetch, Insert, Quarantine, SetStates, TellGaps, Write
from sekur_sdk.models.device import MAX_MESSAGE_BYTES, Channel, ClockState, Envelope, GapBody
from sekur_sdk.models.uid import new_uid
from sekur_sdk.wire import encode

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime
    from pathlib import Path


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


class Outbox:
    """The messages and the small durable state of one device; every method may be called from any thread and none blocks on the disk.

    Args:
        path: the SQLite file.
        boot: identity of this start of the agent.
        now: the wall clock and the monotonic one in milliseconds, for what the outbox itself has to say.
        budget_bytes: how much telemetry may wait; alarms are not counted.
        reserve_bytes: disk space kept for alarms, given up when the disk is full.
        report: told of failures and recoveries, from the storage thread; must only enqueue.
        connect: opens the file.

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
        reserve_bytes: int = RESERVE_BYTES,
        report: Callable[[StorageReport], None] = lambda _: None,
        connect: Callable[[Path], sqlite3.Connection] = connect,
    ) -> None:
        self._boot = boot
        self._now = now
        self._file = open_outbox_file(
            path, lambda: new_uid(int(now()[0].timestamp() * 1000)), connect, reserve_bytes=reserve_bytes
        )
        self._table = OutboxTable(self._file.connection, budget_bytes)
        self._report = report
        self._stored: Callable[[], None] = lambda: None
        self.log = self._table.log
        self.recovery: Recovery | None = self._file.recovery
        self._next_seq = self._table.next_seq
        self._states = self._table.states()
        self._queue = WriteQueue()
        self._failing = False
        self._starved = False
        self._unfinished = False
        self._passed_over: set[int] = set()
        self._telling: set[tuple[str, str]] = set()
        self._thread = threading.Thread(target=self._run, name="storage", daemon=True)

    def when_stored(self, stored: Callable[[], None]) -> None:
        """Have `stored` called after each commit of telemetry, from the storage thread; it must only enqueue. To be set before `start`."""
        self._stored = stored

    # From any thread

    def start(self) -> None:
        """Start the storage thread."""
        self._thread.start()

    def stop(self, timeout_s: float = 5.0) -> bool:
        """Commit what waits and close the file; False when the disk did not let it in time."""
        self._queue.stop()
        if self._thread.ident is None:
            self._close()
            return True
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def settle(self, timeout_s: float) -> bool:
        """Wait until everything submitted so far is committed; False when the disk did not let it in time."""
        done = threading.Event()
        self._queue.put_last(SetStates({}, done.set))
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

    def set_state(self, states: Mapping[str, bytes | None], on_committed: Callable[[], None] | None = None) -> None:
        """Make small values durable, None to forget one."""
        self._queue.put(SetStates(states, on_committed))

    def done(self, *uids: str) -> None:
        """The server has these (or the broker, where that is enough): they need not be kept."""
        self._queue.put(Done(uids))

    def quarantine(self, uid: str) -> None:
        """Remember over restarts that the broker refuses this one."""
        self._queue.put(Quarantine(uid))

    def drop(self, message: Message, reason: str) -> None:
        """Give a message up; it is counted under `reason`."""
        self._queue.put(Drop(message, reason))

    def tell_gaps(self) -> None:
        """Make events of what was dropped since the last time."""
        self._queue.put(TellGaps())

    def fetch(self, lane: Lane, after: int, limit: int, reply: Callable[[tuple[Message, ...]], None]) -> None:
        """Hand `reply` the next messages of a lane whose `id` is above `after`; from the storage thread, must only enqueue."""
        self._queue.ask(Fetch(lane, after, limit, reply))

    def _submit(
        self,
        draft: Draft,
        on_committed: Callable[[], None] | None,
        states: Mapping[str, bytes | None],
        gap: GapBody | None,
    ) -> Message:
        with self._queue.lock:
            message = self._seal(draft)
            self._next_seq += 1
            self._queue.put_insert(Insert(message, states, on_committed, gap))
        return message

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
                taken = self._queue.take()
                for message in taken.overflow:
                    self._table.note_dropped(gap_of("storage_stalled", message.channel, message.seq))
                unfinished = self._write(taken.writes)
                for fetch in taken.fetches:
                    self._answer(fetch)
                if taken.stopping:
                    self._unfinished = bool(unfinished)
                    return
                if unfinished:
                    self._queue.put_back(unfinished, _RETRY_S)
        finally:
            self._close()

    def _close(self) -> None:
        if self._queue.empty and not self._unfinished and not self._failing:
            with contextlib.suppress(sqlite3.Error), self._table.transaction():
                self._table.close_numbers(self._next_seq)
        self._file.close()

    def _write(self, writes: list[Write]) -> list[Write]:
        """Commit all in one transaction; when that fails one by one, and what still has to be tried again is returned."""
        if self._starved:
            self._starved = not self._file.reserve.hold()
        if not writes:
            return []
        writes = _together(writes)
        if not self._starved and self._commit(writes) is None:
            self._committed(writes)
            self._table.checkpoint(quiet=not self._queue.urgent)
            return []
        unfinished: list[Write] = []
        for write in writes:
            reason = self._commit_alone(write, unfinished)
            if reason is None:
                self._committed([write])
            elif isinstance(write, Insert) and write.message.lane is not Lane.ALARM:
                self._table.note_dropped(gap_of("storage_failed", write.message.channel, write.message.seq))
                if write.states:
                    unfinished.append(SetStates(write.states, write.on_committed))
            else:
                unfinished.append(write)
            if reason is not None and not self._failing:
                self._failing = True
                self._report(StorageReport(failed=reason))
        return unfinished

    def _commit_alone(self, write: Write, unfinished: list[Write]) -> str | None:
        if self._starved and isinstance(write, Insert) and write.message.lane is not Lane.ALARM:
            return "the disk is full: what is left is kept for alarms"
        if isinstance(write, Done):
            for earlier in unfinished:
                # sent from memory: the server has it before the disk does
                if isinstance(earlier, Insert) and earlier.message.uid in write.uids:
                    earlier.moot = True
        passed_over = [earlier.message for earlier in unfinished if isinstance(earlier, Insert)]
        return self._commit([write], [each for each in passed_over if each.seq not in self._passed_over])

    def _commit(self, writes: list[Write], passed_over: list[Message] | None = None) -> str | None:
        passed_over = passed_over or []
        for attempt in (1, 2):
            try:
                with self._table.transaction():
                    for message in passed_over:
                        self._table.passed_over(message.seq, message.channel)
                    for write in writes:
                        self._apply(write)
            except (sqlite3.Error, OSError) as error:
                # what was kept for alarms is given up, for alarms
                if attempt == 1 and self._file.reserve.may_help(error) and self._file.reserve.release():
                    self._starved = True
                    if len(writes) == 1:
                        continue
                return str(error)
            self._passed_over |= {message.seq for message in passed_over}
            return None
        return None

    def _apply(self, write: Write) -> None:
        match write:
            case Insert():
                message = write.message
                if write.moot:
                    self._table.stored_after_all(message.seq)
                else:
                    self._table.insert(message.uid, message.seq, message.channel, message.lane, message.payload)
                if message.seq in self._passed_over:
                    self._table.stored_after_all(message.seq)
                self._table.set_states(write.states)
                if write.gap is not None:
                    self._table.gaps_told(write.gap)
            case SetStates():
                self._table.set_states(write.states)
            case Done():
                self._table.delete(write.uids)
            case Quarantine():
                self._table.quarantine(write.uid)
            case Drop():
                self._table.drop(write.message.uid, write.reason)
            case TellGaps():
                self._tell_gaps()

    def _tell_gaps(self) -> None:
        for gap in self._table.gaps():
            subject = _subject(gap)
            if subject in self._telling:
                # one at a time: what it tells is taken from the table by the transaction that stores the event
                continue
            self._telling.add(subject)
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
            self._submit(draft, None, {}, gap)

    def _committed(self, writes: list[Write]) -> None:
        if self._failing and not self._starved:
            self._failing = False
            self._report(StorageReport())
        for write in writes:
            if isinstance(write, Insert) and write.gap is not None:
                self._telling.discard(_subject(write.gap))
                if len(write.gap.seqs) > 1:
                    # one that was too long for one message
                    self.tell_gaps()
            if isinstance(write, Insert | SetStates) and write.on_committed is not None:
                write.on_committed()
        if any(isinstance(write, Insert) and write.message.lane is not Lane.ALARM for write in writes):
            self._stored()

    def _answer(self, fetch: Fetch) -> None:
        try:
            messages, corrupt = self._table.read(fetch.lane, fetch.after, fetch.limit)
        except sqlite3.Error as error:
            if not self._failing:
                self._failing = True
                self._report(StorageReport(failed=str(error)))
            fetch.reply(())
            return
        if corrupt:
            self._report(StorageReport(corrupt=corrupt))
        fetch.reply(tuple(messages))


def _together(writes: list[Write]) -> list[Write]:
    """The same, with what the server has in one."""
    gone = [write for write in writes if isinstance(write, Done)]
    if len(gone) < 2:  # noqa: PLR2004  # nothing to put together
        return writes
    rest: list[Write] = [write for write in writes if not isinstance(write, Done)]
    return [*rest, Done(tuple(uid for write in gone for uid in write.uids))]


def _subject(gap: GapBody) -> tuple[str, str]:
    return (gap.reason, next(iter(gap.dropped), ""))
