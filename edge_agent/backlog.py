"""Brings waiting messages from the outbox to the uplink, lane by lane, no more than it can hold."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

import attrs

from edge_agent.messages import Lane, Message

if TYPE_CHECKING:
    from edge_agent.outbox import Outbox

AHEAD: Final = {Lane.ALARM: 100, Lane.EVENT: 32, Lane.HEALTH: 1, Lane.POSITION: 32}
"""How many messages of a lane the uplink holds at once: more than are unacknowledged, so that an acknowledgement is answered by
the next message and not by a question to the storage thread; no more, since an alarm waits for the answer that is being given."""


@attrs.frozen
class Fetched:
    """The outbox's answer: what it has of a lane, of how many that were wanted, and when it was asked."""

    lane: Lane
    messages: tuple[Message, ...]
    wanted: int
    look: int


@attrs.define
class _LaneState:
    cursor: int = 0
    asked: bool = False
    exhausted: bool = False


class Backlog:
    """Which part of the outbox the uplink has seen; belongs to the uplink's thread.

    Args:
        outbox: where messages wait.
        post: takes the answers, from the storage thread; must only enqueue.
    """

    def __init__(self, outbox: Outbox, post: Callable[[Fetched], None]) -> None:
        self._outbox = outbox
        self._post = post
        self._lanes = {lane: _LaneState() for lane in Lane}
        self._looks = 0

    @property
    def exhausted(self) -> bool:
        """Whether nothing more waits, as far as is known."""
        return all(state.exhausted and not state.asked for state in self._lanes.values())

    def look_again(self) -> None:
        """More may wait; alarms are offered to the uplink, but for those of before its start."""
        self._looks += 1
        for lane in (Lane.EVENT, Lane.HEALTH, Lane.POSITION):
            self._lanes[lane].exhausted = False

    def refill(self, count: Callable[[Lane], int]) -> None:
        """Ask for what fits beside the `count` of messages that are on their way."""
        for lane, state in self._lanes.items():
            # the newest health message takes the place of the one before
            room = 1 if lane is Lane.HEALTH else AHEAD[lane] - count(lane)
            # half a window at a time: a question costs the storage thread as much for one message as for many
            if room >= (AHEAD[lane] + 1) // 2 and not state.asked and not state.exhausted:
                state.asked = True
                self._outbox.fetch(lane, state.cursor, room, _Answer(self._post, lane, room, self._looks))

    def take(self, fetched: Fetched) -> tuple[Message, ...]:
        """Note an answer; the messages in it."""
        state = self._lanes[fetched.lane]
        state.asked = False
        if fetched.messages:
            state.cursor = fetched.messages[-1].id
        # what was committed since the question may not be in the answer
        state.exhausted = len(fetched.messages) < fetched.wanted and fetched.look == self._looks
        return fetched.messages


@attrs.frozen
class _Answer:
    post: Callable[[Fetched], None]
    lane: Lane
    wanted: int
    look: int

    def __call__(self, messages: tuple[Message, ...]) -> None:
        self.post(Fetched(self.lane, messages, self.wanted, self.look))
