"""Which message goes when: in the order of urgency, again until the server has it, and never one in the way of an alarm.

Pure but for the flag of a commit, which another thread sets; times are seconds of the link's clock.
"""

from __future__ import annotations

import hashlib
import threading
from typing import TYPE_CHECKING, Final

import attrs

from edge_agent.messages import Lane, Message

if TYPE_CHECKING:
    from edge_agent.reconnect import ResendPolicy

COMMIT_WAIT_S: Final = 0.25
"""How long an alarm waits for its commit before it leaves without."""

_REFUSALS: Final = 2
"""So many connections lost on one message, without an acknowledgement between, set it aside."""


@attrs.define(eq=False)
class Outgoing:
    """A message on its way. `mid` is set while the broker has not acknowledged it, `acked` once it ever did."""

    message: Message
    due: float
    committed: threading.Event | None = None
    tries: int = 0
    refusals: int = 0
    mid: int | None = None
    acked: bool = False

    @property
    def set_aside(self) -> bool:
        """Whether it is sent alone and slowly, since connections ended on it."""
        return self.refusals >= _REFUSALS


class SendQueue:
    """What is on its way to the server."""

    def __init__(self, policy: ResendPolicy) -> None:
        self._policy = policy
        self._outgoing: dict[str, Outgoing] = {}
        self._in_flight: dict[int, str] = {}
        self._suspect: str | None = None

    def count(self, lane: Lane) -> int:
        """How many messages of a lane are here."""
        return sum(1 for outgoing in self._outgoing.values() if outgoing.message.lane is lane)

    @property
    def all_acked(self) -> bool:
        """Whether the broker has acknowledged everything at least once."""
        return all(outgoing.acked for outgoing in self._outgoing.values())

    def add(self, message: Message, now: float, committed: threading.Event | None = None) -> None:
        """Take a message; one that waits for its commit is due when that has come, or after 250 ms."""
        if message.uid in self._outgoing:
            return
        if message.lane is Lane.HEALTH:
            for older in [other for other in self._outgoing.values() if other.message.lane is Lane.HEALTH]:
                self._forget(older)
        due = now + COMMIT_WAIT_S if committed is not None else now
        refusals = _REFUSALS if message.quarantined else 0
        self._outgoing[message.uid] = Outgoing(message, due, committed, refusals=refusals)

    def ready(self, now: float) -> list[Outgoing]:
        """What goes out now, in this order."""
        ready = sorted((each for each in self._outgoing.values() if _is_ready(each, now)), key=_urgency)
        # one at a time while a message is under suspicion, so that the next loss tells which one it is
        if self._suspect in self._outgoing:
            return [] if self._in_flight else ready[:1]
        together = [each for each in ready if not each.set_aside]
        return together or ([] if self._in_flight else ready[:1])

    def sent(self, outgoing: Outgoing, mid: int, now: float) -> None:
        """The connection took it."""
        outgoing.tries += 1
        outgoing.mid = mid
        outgoing.due = now + self._policy.wait_s(outgoing.tries)
        self._in_flight[mid] = outgoing.message.uid

    def left_uncommitted(self, now: float) -> list[Outgoing]:
        """What is due although its commit has not come; each once."""
        slow = [each for each in self._outgoing.values() if _is_ready(each, now) and each.committed is not None]
        for outgoing in slow:
            outgoing.committed = None
        return slow

    def acked(self, mid: int) -> tuple[Message, bool] | None:
        """The broker has a message: which, and whether for the first time. Where that is enough it is forgotten."""
        outgoing = self._outgoing.get(self._in_flight.pop(mid, ""))
        if outgoing is None:
            return None
        first = not outgoing.acked
        outgoing.acked, outgoing.mid, outgoing.refusals = True, None, 0
        if outgoing.message.uid == self._suspect:
            self._suspect = None
        if not outgoing.message.channel.needs_receipt:
            self._forget(outgoing)
        return outgoing.message, first

    def receipted(self, uid: str | None, sha256: str | None) -> Message | None:
        """The server has a message, named by its uid or by the hash of its payload; it is forgotten."""
        outgoing = self._outgoing.get(uid) if uid is not None else self._by_hash(sha256)
        if outgoing is None:
            return None
        self._forget(outgoing)
        return outgoing.message

    def lost(self, now: float) -> Outgoing | None:
        """The connection ended: the message that it ended on, if that is now one too many (its `set_aside` is true)."""
        head = self._outgoing.get(next(iter(self._in_flight.values()), ""))
        self._in_flight.clear()
        for outgoing in self._outgoing.values():
            outgoing.mid = None
            # what the broker has not confirmed, and any alarm, goes again as soon as there is a connection
            if outgoing.committed is not None and not outgoing.committed.is_set():
                continue
            if not outgoing.set_aside and (not outgoing.acked or outgoing.message.lane is Lane.ALARM):
                outgoing.due = min(outgoing.due, now)
        self._suspect = head.message.uid if head is not None else None
        if head is None:
            return None
        head.refusals += 1
        if not head.set_aside:
            return None
        self._suspect = None
        if head.message.lane is Lane.ALARM:
            # never given up, it may be the network after all: but from now on alone, and slowly
            head.due = now + self._policy.quarantined_wait_s(head.refusals - _REFUSALS)
        else:
            self._forget(head)
        return head

    def next_due(self, now: float) -> float | None:
        """When something is due next, after `now`."""
        return min((each.due for each in self._outgoing.values() if each.due > now), default=None)

    def _forget(self, outgoing: Outgoing) -> None:
        del self._outgoing[outgoing.message.uid]
        if outgoing.mid is not None:
            self._in_flight.pop(outgoing.mid, None)

    def _by_hash(self, sha256: str | None) -> Outgoing | None:
        if sha256 is None:
            return None
        return next(
            (each for each in self._outgoing.values() if hashlib.sha256(each.message.payload).hexdigest() == sha256),
            None,
        )


def _is_ready(outgoing: Outgoing, now: float) -> bool:
    if outgoing.committed is not None and outgoing.committed.is_set():
        outgoing.committed = None
        outgoing.due = min(outgoing.due, now)
    # an alarm goes again on the same connection too, should the broker never acknowledge it
    return outgoing.due <= now and (outgoing.mid is None or outgoing.message.lane is Lane.ALARM)


def _urgency(outgoing: Outgoing) -> tuple[int, int, int]:
    return (outgoing.message.lane, outgoing.refusals, outgoing.message.seq)
