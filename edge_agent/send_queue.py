"""Which message goes when: in the order of urgency, again until the server has it, and never one in the way of an alarm.

Pure but for the flag of a commit, which another thread sets; times are seconds of the link's clock.
"""

from __future__ import annotations

import hashlib
import threading
from heapq import heappop, heappush
from itertools import count, islice
from typing import TYPE_CHECKING, Final

import attrs

from edge_agent.messages import Lane, Message

if TYPE_CHECKING:
    from edge_agent.reconnect import ResendPolicy

COMMIT_WAIT_S: Final = 0.25
"""How long an alarm waits for its commit before it leaves without."""

WINDOWS: Final = {Lane.ALARM: 1000, Lane.EVENT: 16, Lane.HEALTH: 1, Lane.POSITION: 16}
"""How many messages of a lane may be unacknowledged at once: what an alarm finds on the line before it."""

ALARM_ALONE_S: Final = 1.0
"""How long nothing else is sent while an alarm has not come through: it has the line, the card and the processor to itself."""

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
        self._counts = dict.fromkeys(Lane, 0)
        # due now, in the order of their numbers; due later; in the hands of the broker
        self._idle: dict[Lane, dict[str, Outgoing]] = {lane: {} for lane in Lane}
        self._later: list[tuple[float, int, Outgoing]] = []
        self._in_flight: dict[int, str] = {}
        self._flying = dict.fromkeys(Lane, 0)
        self._uncommitted: dict[str, Outgoing] = {}
        self._unheard_alarms: set[str] = set()
        self._alone_until = float("-inf")
        self._suspect: str | None = None
        self._aside = 0
        self._ties = count()

    def count(self, lane: Lane) -> int:
        """How many messages of a lane are here."""
        return self._counts[lane]

    @property
    def has_unheard_alarm(self) -> bool:
        """Whether the broker has yet to acknowledge an alarm."""
        return bool(self._unheard_alarms)

    def alone(self, now: float) -> bool:
        """Whether an alarm has everything to itself."""
        return bool(self._unheard_alarms) and now < self._alone_until

    @property
    def all_acked(self) -> bool:
        """Whether the broker has acknowledged everything at least once."""
        return all(outgoing.acked for outgoing in self._outgoing.values())

    def add(self, message: Message, now: float, committed: threading.Event | None = None) -> None:
        """Take a message; one that waits for its commit is due when that has come, or after 250 ms."""
        if message.uid in self._outgoing:
            return
        if message.lane is Lane.HEALTH:
            for other in [other for other in self._outgoing.values() if other.message.lane is Lane.HEALTH]:
                if other.message.seq > message.seq:
                    return
                self._forget(other)
        due = now + COMMIT_WAIT_S if committed is not None else now
        outgoing = Outgoing(message, due, committed, refusals=_REFUSALS if message.quarantined else 0)
        self._outgoing[message.uid] = outgoing
        self._counts[message.lane] += 1
        self._aside += outgoing.set_aside
        if message.lane is Lane.ALARM:
            self._unheard_alarms.add(message.uid)
            self._alone_until = now + ALARM_ALONE_S
        if committed is not None:
            self._uncommitted[message.uid] = outgoing
            self._wait(outgoing)
        else:
            self._idle[message.lane][message.uid] = outgoing

    def ready(self, now: float) -> list[Outgoing]:
        """What goes out now, in this order."""
        self._wake(now)
        if self._aside or self._suspect is not None:
            return self._one_by_one()
        ready = list(self._idle[Lane.ALARM].values())
        if len(ready) > 1:
            ready.sort(key=_urgency)
        if self.alone(now):
            return ready
        for lane in (Lane.EVENT, Lane.HEALTH, Lane.POSITION):
            if self._idle[lane]:
                room = WINDOWS[lane] - self._flying[lane]
                ready += islice(self._idle[lane].values(), max(0, room))
        return ready

    def sent(self, outgoing: Outgoing, mid: int, now: float) -> None:
        """The connection took it."""
        message = outgoing.message
        outgoing.tries += 1
        if outgoing.mid is None:
            self._flying[message.lane] += 1
        outgoing.mid = mid
        self._idle[message.lane].pop(message.uid, None)
        self._in_flight[mid] = message.uid
        if message.needs_receipt:
            outgoing.due = now + self._policy.wait_s(outgoing.tries)
            self._wait(outgoing)

    def left_uncommitted(self, now: float) -> list[Outgoing]:
        """What is due although its commit has not come; each once."""
        self._wake(now)
        slow = [each for each in self._uncommitted.values() if each.due <= now]
        for outgoing in slow:
            outgoing.committed = None
            del self._uncommitted[outgoing.message.uid]
        return slow

    def acked(self, mid: int) -> tuple[Message, bool] | None:
        """The broker has a message: which, and whether for the first time. Where that is enough it is forgotten."""
        outgoing = self._outgoing.get(self._in_flight.pop(mid, ""))
        if outgoing is None:
            return None
        message, first = outgoing.message, not outgoing.acked
        self._land(outgoing)
        self._aside -= outgoing.set_aside
        outgoing.acked, outgoing.refusals = True, 0
        self._unheard_alarms.discard(message.uid)
        if message.uid == self._suspect:
            self._suspect = None
        if not message.needs_receipt:
            self._forget(outgoing)
        return message, first

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
        self.interrupted(now)
        self._suspect = head.message.uid if head is not None else None
        if head is None:
            return None
        head.refusals += 1
        if not head.set_aside:
            return None
        self._suspect = None
        if head.message.lane is Lane.ALARM:
            # never given up, it may be the network after all: but from now on alone, and slowly
            self._aside += head.refusals == _REFUSALS
            self._idle[Lane.ALARM].pop(head.message.uid, None)
            head.due = now + self._policy.quarantined_wait_s(head.refusals - _REFUSALS)
            self._wait(head)
        else:
            self._aside += 1
            self._forget(head)
        return head

    def interrupted(self, now: float) -> None:
        """The connection ended, by nobody's fault: what the broker has not confirmed, and any alarm, goes again with the next."""
        self._in_flight.clear()
        self._flying = dict.fromkeys(Lane, 0)
        for lane in Lane:
            self._idle[lane].clear()
        for outgoing in sorted(self._outgoing.values(), key=_urgency):
            message, outgoing.mid = outgoing.message, None
            if message.uid in self._uncommitted:
                continue
            if outgoing.due <= now or not (outgoing.set_aside or (outgoing.acked and message.lane is not Lane.ALARM)):
                outgoing.due = min(outgoing.due, now)
                self._idle[message.lane][message.uid] = outgoing
            else:
                self._wait(outgoing)

    def next_due(self, now: float) -> float | None:
        """When something is due next, after `now`."""
        while self._later and not self._waits(self._later[0]):
            heappop(self._later)
        moments = [self._later[0][0]] if self._later else []
        if self.alone(now):
            moments.append(self._alone_until)
        return min(moments, default=None)

    def _one_by_one(self) -> list[Outgoing]:
        idle = [outgoing for lane in Lane for outgoing in self._idle[lane].values()]
        ready = sorted(idle, key=_urgency)
        # one at a time while a message is under suspicion, so that the next loss tells which one it is
        if self._suspect in self._outgoing:
            return [] if self._in_flight else ready[:1]
        self._suspect = None
        together = [each for each in ready if not each.set_aside]
        return together[: WINDOWS[Lane.POSITION]] or ([] if self._in_flight else ready[:1])

    def _wait(self, outgoing: Outgoing) -> None:
        heappush(self._later, (outgoing.due, next(self._ties), outgoing))

    def _waits(self, entry: tuple[float, int, Outgoing]) -> bool:
        due, _, outgoing = entry
        message = outgoing.message
        # an alarm goes again on the same connection too, should the broker never acknowledge it
        return (
            outgoing.due == due
            and self._outgoing.get(message.uid) is outgoing
            and message.uid not in self._idle[message.lane]
            and (outgoing.mid is None or message.lane is Lane.ALARM)
        )

    def _wake(self, now: float) -> None:
        if self._uncommitted:
            for outgoing in [each for each in self._uncommitted.values() if _is_committed(each)]:
                del self._uncommitted[outgoing.message.uid]
                outgoing.committed = None
                outgoing.due = min(outgoing.due, now)
                self._idle[outgoing.message.lane][outgoing.message.uid] = outgoing
        while self._later and self._later[0][0] <= now:
            entry = heappop(self._later)
            if self._waits(entry):
                outgoing = entry[2]
                self._idle[outgoing.message.lane][outgoing.message.uid] = outgoing

    def _land(self, outgoing: Outgoing) -> None:
        if outgoing.mid is not None:
            self._in_flight.pop(outgoing.mid, None)
            self._flying[outgoing.message.lane] -= 1
            outgoing.mid = None
            if outgoing.message.needs_receipt and outgoing.message.lane is not Lane.ALARM:
                # while it was in the air its next turn did not count
                self._wait(outgoing)

    def _forget(self, outgoing: Outgoing) -> None:
        message = outgoing.message
        self._land(outgoing)
        del self._outgoing[message.uid]
        self._counts[message.lane] -= 1
        self._idle[message.lane].pop(message.uid, None)
        self._uncommitted.pop(message.uid, None)
        self._unheard_alarms.discard(message.uid)
        self._aside -= outgoing.set_aside

    def _by_hash(self, sha256: str | None) -> Outgoing | None:
        if sha256 is None:
            return None
        return next(
            (each for each in self._outgoing.values() if hashlib.sha256(each.message.payload).hexdigest() == sha256),
            None,
        )


def _is_committed(outgoing: Outgoing) -> bool:
    return outgoing.committed is not None and outgoing.committed.is_set()


def _urgency(outgoing: Outgoing) -> tuple[int, int, int]:
    return (outgoing.message.lane, outgoing.refusals, outgoing.message.seq)
