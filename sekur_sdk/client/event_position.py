"""Where an event stream stands: what it has given out, and what it gives out next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekur_sdk.client.errors import ResponseDecodeError
from sekur_sdk.wire import WireError
from sekur_sdk.wire.events import decode_event

if TYPE_CHECKING:
    from sekur_sdk.client.sse import ServerSentEvent
    from sekur_sdk.models.events import Event


class EventPosition:
    """`last_id` is that of the last event that was given out, or where the server said that the stream begins."""

    def __init__(self, after: int | None) -> None:
        self.last_id: int | None = after

    def read(self, message: ServerSentEvent) -> Event | None:
        """The event in `message`; None when it holds none, or one that was given out already.

        Raises:
            ResponseDecodeError: not an event; the position is behind it, so that an iteration can go on.
        """
        if not message.data:
            self._move_to(message.id)
            return None
        try:
            event = decode_event(message.data)
        except WireError as error:
            self._move_to(message.id)
            raise ResponseDecodeError(error.path, error.reason) from None
        if self.last_id is not None and event.id <= self.last_id:
            return None
        self.last_id = event.id
        return event

    def _move_to(self, position: str | None) -> None:
        if position is not None and position.isascii() and position.isdigit():
            self.last_id = max(int(position), self.last_id or 0)
