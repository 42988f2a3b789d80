"""What waits for the storage thread: urgent writes at once, the others together; bounded, since a card can stall for long."""

from __future__ import annotations

import threading
from collections import deque
from typing import Final

import attrs

from edge_agent.clock import SystemClock
from edge_agent.messages import Lane, Message
from edge_agent.outbox_writes import Done, Fetch, Insert, SetStates, Write, may_wait

_MAX_WAITING: Final = 1000
_COMPANY_S: Final = 1.0
"""How long what may wait is kept for others to share its commit."""
_COMPANY: Final = 500
"""So many share a commit at most: while a backlog leaves, fewer and larger commits are less in the way of an alarm."""
_OVERDUE: Final = 4 * _COMPANY
"""With so many even an alarm's commit takes them along."""


@attrs.frozen
class Taken:
    """What is to be done now; `overflow` are messages for which there was no room."""

    writes: list[Write]
    fetches: list[Fetch]
    overflow: list[Message]
    stopping: bool


class WriteQueue:
    """Any thread puts, one takes. `lock` is held by who has to number and put in one step."""

    def __init__(self) -> None:
        self.lock = threading.Condition()
        self._waiting: deque[Write] = deque()
        self._urgent = False
        # what may wait: how much it is, and since when
        self._company = 0
        self._company_since: float | None = None
        # real time, whatever clock the agent has: it is the card's
        self._real = SystemClock()
        self._fetches: deque[Fetch] = deque()
        self._overflow: list[Message] = []
        self._stopping = False

    @property
    def urgent(self) -> bool:
        """Whether something waits that must not."""
        return self._urgent

    @property
    def empty(self) -> bool:
        """Whether nothing waits."""
        return not self._waiting

    def put(self, write: Write) -> None:
        """Add a write."""
        with self.lock:
            self._append(write)

    def put_insert(self, insert: Insert) -> None:
        """Add a message, or count it as dropped where there is no room and it is no alarm; its durable values are added."""
        with self.lock:
            if len(self._waiting) < _MAX_WAITING or insert.message.lane is Lane.ALARM:
                self._append(insert)
                return
            self._overflow.append(insert.message)
            if insert.states:
                self._append(SetStates(insert.states, insert.on_committed))
            self.lock.notify()

    def put_last(self, write: Write) -> None:
        """Add a write with which everything is to be written that waits."""
        with self.lock:
            if self._company_since is not None:
                self._company = _OVERDUE
            self._append(write)

    def put_back(self, writes: list[Write], pause_s: float) -> None:
        """Put back what could not be written, before all others, and give the disk a moment."""
        with self.lock:
            self._waiting.extendleft(reversed(writes))
            self._urgent = True
            self.lock.wait(pause_s)

    def ask(self, fetch: Fetch) -> None:
        """Add a question."""
        with self.lock:
            self._fetches.append(fetch)
            self.lock.notify()

    def stop(self) -> None:
        """Nothing more comes."""
        with self.lock:
            self._stopping = True
            self.lock.notify()

    def take(self) -> Taken:
        """Wait until something is to be done, and take it."""
        with self.lock:
            while not (self._urgent or self._fetches or self._overflow or self._stopping):
                patience_s = self._patience_s()
                if patience_s == 0:
                    break
                self.lock.wait(patience_s)
            taken = Taken(self._take_writes(), list(self._fetches), self._overflow, self._stopping)
            self._urgent = False
            self._fetches.clear()
            self._overflow = []
        return taken

    def _take_writes(self) -> list[Write]:
        due = self._patience_s() == 0
        if self._stopping or self._company >= _OVERDUE or (due and not self._urgent):
            writes = list(self._waiting)
            self._waiting.clear()
            self._company, self._company_since = 0, None
            return writes
        if not self._urgent:
            # a question needs no commit
            return []
        # an alarm pays for no others: that the server has them is written by the next commit
        writes = [write for write in self._waiting if not isinstance(write, Done)]
        self._waiting = deque(write for write in self._waiting if isinstance(write, Done))
        return writes

    def _append(self, write: Write) -> None:
        self._waiting.append(write)
        if not may_wait(write):
            self._urgent = True
            self.lock.notify()
            return
        self._company += len(write.uids) if isinstance(write, Done) else 1
        if self._company_since is None:
            self._company_since = self._real.monotonic()
            self.lock.notify()
        elif self._company >= _COMPANY:
            self.lock.notify()

    def _patience_s(self) -> float | None:
        """How long what may wait still does; None when nothing waits."""
        if self._company_since is None:
            return None
        if self._company >= _COMPANY:
            return 0.0
        return max(0.0, self._company_since + _COMPANY_S - self._real.monotonic())
