# Made from client/_async by tools/generate_sync.py: change it there.
"""The event stream, held open over dropped connections."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Self

from sekur_sdk.client._sync import seam
from sekur_sdk.client.abort import Abort
from sekur_sdk.client.errors import APIError, ConnectionLostError, ResponseDecodeError, SekurError, TransportError
from sekur_sdk.client.event_position import EventPosition
from sekur_sdk.client.forking import remember
from sekur_sdk.client.sse import EventParser, ServerSentEvent

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from sekur_sdk.client._sync.shell import Shell
    from sekur_sdk.client._sync.transport import Body
    from sekur_sdk.client.operation import Operation
    from sekur_sdk.client.options import Call
    from sekur_sdk.models.events import Event

HEARTBEAT_S = 15.0
"""The server sends a comment at least this often."""

SILENCE_S = 2.5 * HEARTBEAT_S
"""A connection that is silent for longer is taken for dead."""


class EventStream:
    """Events in the order of their commit, without gap or duplicate, until closed.

    A dropped or dead connection is made anew, from the last event on, for `reconnect_for` seconds at most (None: for ever); the first
    connection is tried as often as the client's retries allow. `last_event_id` is the position to save and to pass as `after=`.
    Closing it, from another thread or task too, ends the iteration.
    """

    def __init__(
        self,
        shell: Shell,
        stream_after: Callable[[int | None], Operation[object]],
        call: Call,
        *,
        after: int | None,
        reconnect_for: float | None,
    ) -> None:
        self._shell = shell
        self._stream_after = stream_after
        self._call = call
        self._reconnect_for = reconnect_for
        self._position = EventPosition(after)
        self._closing = seam.Flag()
        self._waiting: deque[ServerSentEvent] = deque()
        self._failures = 0
        self._was_open = False
        self._lost_at: float | None = None
        stream_after(after)  # a bad argument is told here, and not at the first event
        self.after_fork()
        remember(self)

    def after_fork(self) -> None:
        """The connection is the parent's: this side connects anew, from its position on."""
        was_closing = self._closing.is_set()
        self._closing = seam.Flag()
        if was_closing:
            self._closing.set()
        self._lock = seam.make_lock()
        self._abort = Abort()
        self._is_busy = False
        self._body: Body | None = None
        self._parser = EventParser()

    @property
    def last_event_id(self) -> int | None:
        """The id of the last event that was given out, or where the server said that the stream begins."""
        return self._position.last_id

    def connect(self) -> None:
        """Connects now and not at the first iteration: nothing that happens from here on is missed.

        A `with` block does it.

        Raises:
            SekurError: there is no connection after the tries that the client's policy allows.
        """
        while self._body is None and not self._closing.is_set():
            try:
                self._connect()
            except SekurError as error:
                self._pause_after(error)
        if self._closing.is_set():
            self._drop()

    def __enter__(self) -> Self:
        self.connect()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> Event:
        while not self._closing.is_set():
            while self._waiting:
                event = self._position.read(self._waiting.popleft())
                if event is not None:
                    return event
            self._receive()
        raise StopIteration

    def close(self) -> None:
        """Ends the stream; an iteration that waits elsewhere ends too."""
        with self._lock:
            self._closing.set()
            body = self._body
            if body is None:
                self._abort.fire()
            elif self._is_busy:
                body.abort()
                return
            self._body = None
        if body is not None:
            body.close()

    def _receive(self) -> None:
        try:
            chunk = self._read_chunk()
        except SekurError as error:
            self._drop()
            if not self._closing.is_set():
                self._pause_after(error)
            return
        if chunk:
            self._failures, self._lost_at = 0, None
            self._feed(chunk)
        elif not self._closing.is_set():
            self._drop()
            self._pause_after(ConnectionLostError("the server ended the event stream"))

    def _read_chunk(self) -> bytes:
        with self._lock:
            if self._closing.is_set():
                return b""
            self._is_busy = True
        try:
            body = self._body
            if body is None:
                body = self._connect()
            return body.read_chunk()
        finally:
            with self._lock:
                self._is_busy = False
                leftover = self._body if self._closing.is_set() else None
                if leftover is not None:
                    self._body = None
            if leftover is not None:
                leftover.close()

    def _connect(self) -> Body:
        with self._lock:
            abort = self._abort = Abort()
            if self._closing.is_set():
                abort.fire()
        body = self._shell.open_stream(self._stream_after(self._position.last_id), self._call, abort=abort)
        with self._lock:
            self._body = body
            if self._closing.is_set():
                body.abort()
        self._parser = EventParser()
        self._was_open = True
        return body

    def _feed(self, chunk: bytes) -> None:
        try:
            self._waiting.extend(self._parser.feed(chunk))
        except ValueError as error:
            self._drop()
            raise ResponseDecodeError("$", str(error)) from None

    def _drop(self) -> None:
        with self._lock:
            body, self._body = self._body, None
        if body is not None:
            body.close()

    def _pause_after(self, error: SekurError) -> None:
        now = seam.monotonic()
        if self._lost_at is None:
            self._lost_at = now
        self._failures += 1
        if not self._may_go_on(error, now):
            raise error
        asked = error.retry_after if isinstance(error, APIError) else self._parser.retry_s
        self._closing.wait(self._shell.retries.pause(self._failures, asked))

    def _may_go_on(self, error: SekurError, now: float) -> bool:
        if not isinstance(error, TransportError | APIError) or not error.is_retryable:
            return False
        if not self._was_open:
            return self._failures <= self._shell.retries.retries
        return self._reconnect_for is None or self._lost_at is None or now - self._lost_at < self._reconnect_for
