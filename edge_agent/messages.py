"""What the wearable has to say: drafts, and messages with their number and bytes."""

from __future__ import annotations

from datetime import datetime
from enum import IntEnum
from typing import Final

import attrs

from sekur_sdk.models.device import Channel, ClockState
from sekur_sdk.wire.messages import Body


class Lane(IntEnum):
    """Priorities: the lower one leaves first and is evicted last; alarms never are."""

    ALARM = 0
    EVENT = 1
    HEALTH = 2
    POSITION = 3

    @classmethod
    def of(cls, channel: Channel) -> Lane:
        """The lane of a channel."""
        return _LANES[channel]


_LANES: Final = {
    Channel.ALERT: Lane.ALARM,
    Channel.EVENT: Lane.EVENT,
    Channel.HEALTH: Lane.HEALTH,
    Channel.POSITION: Lane.POSITION,
}


QUEUED: Final = tuple(_LANES)
"""The channels whose messages wait in the outbox."""


@attrs.frozen(kw_only=True)
class Draft:
    """A message to be, with the moment it was made: by the wall clock and by the monotonic one, in milliseconds."""

    uid: str
    channel: Channel
    at: datetime
    up_ms: int
    clock: ClockState
    duty: str | None
    body: Body = attrs.field(repr=False)


@attrs.frozen(kw_only=True)
class Message:
    """A message with its number and its bytes. `id` is its place in the file, 0 before the commit."""

    uid: str
    seq: int
    channel: Channel
    payload: bytes = attrs.field(repr=False)
    quarantined: bool = False
    id: int = 0
    lane: Lane = attrs.field(init=False, repr=False, eq=False)
    needs_receipt: bool = attrs.field(init=False, repr=False, eq=False)

    @lane.default
    def _lane_of_the_channel(self) -> Lane:
        return Lane.of(self.channel)

    @needs_receipt.default
    def _needs_receipt_of_the_channel(self) -> bool:
        return self.channel.needs_receipt
