"""What the storage thread is asked to do, and which of it can wait for company: a commit costs a card the same for one or for many."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

import attrs

from edge_agent.messages import Lane, Message
from sekur_sdk.models.device import GapBody


@attrs.define
class Insert:
    """Keep a message, with durable values of the same transaction.

    `gap` is what it tells, if it tells a gap; `moot` says that the server had it before the disk did.
    """

    message: Message
    states: Mapping[str, bytes | None]
    on_committed: Callable[[], None] | None
    gap: GapBody | None = None
    moot: bool = False


@attrs.define
class SetStates:
    """Make durable values."""

    states: Mapping[str, bytes | None]
    on_committed: Callable[[], None] | None


@attrs.define
class Done:
    """Forget messages."""

    uids: tuple[str, ...]


@attrs.define
class Quarantine:
    """Remember that the broker refuses a message."""

    uid: str


@attrs.define
class Drop:
    """Give a message up, and count it."""

    message: Message
    reason: str


@attrs.define
class TellGaps:
    """Make events of what was dropped."""


Write: TypeAlias = Insert | SetStates | Done | Quarantine | Drop | TellGaps


@attrs.frozen
class Fetch:
    """Read the next messages of a lane."""

    lane: Lane
    after: int
    limit: int
    reply: Callable[[tuple[Message, ...]], None]


def may_wait(write: Write) -> bool:
    """Whether a power cut within the next second may undo it: a position, or that the server has a message, which comes again."""
    if isinstance(write, Insert):
        return write.message.lane is Lane.POSITION and not write.states and write.on_committed is None
    return isinstance(write, Done)
