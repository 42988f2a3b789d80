"""Server-sent events: bytes to events, without I/O (WHATWG HTML, 9.2.6)."""

from __future__ import annotations

import attrs

MAX_EVENT_BYTES = 1024 * 1024
"""An event above this is an error: memory is bounded whatever the server sends."""

_BOM = b"\xef\xbb\xbf"


@attrs.frozen(kw_only=True)
class ServerSentEvent:
    """One event; `id` is the last id seen up to it. With empty `data` it only moves the id."""

    id: str | None
    type: str
    data: bytes = attrs.field(repr=False)


class EventParser:
    """Feeds on chunks cut anywhere, gives whole events.

    Raises:
        ValueError: (from `feed`) an event above `MAX_EVENT_BYTES`.
    """

    def __init__(self) -> None:
        self.retry_s: float | None = None
        """The pause before reconnecting that the server asked for, in seconds."""
        self._rest = b""
        self._is_start = True
        self._last_id: str | None = None
        self._has_new_id = False
        self._type = ""
        self._data: list[bytes] = []
        self._size = 0

    def feed(self, chunk: bytes) -> list[ServerSentEvent]:
        """The events that `chunk` completes."""
        lines = self._split(chunk)
        events = []
        for line in lines:
            if line:
                self._read_line(line)
            elif (event := self._take()) is not None:
                events.append(event)
        return events

    def _split(self, chunk: bytes) -> list[bytes]:
        data = self._rest + chunk
        if self._is_start and len(data) >= len(_BOM):
            data = data.removeprefix(_BOM)
            self._is_start = False
        held = b"\r" if data.endswith(b"\r") else b""  # it may be the first half of CRLF
        whole = data[: len(data) - len(held)].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        *lines, rest = whole.split(b"\n")
        self._rest = rest + held
        if len(self._rest) + self._size > MAX_EVENT_BYTES:
            raise ValueError(f"an event above {MAX_EVENT_BYTES} bytes")
        return lines

    def _read_line(self, line: bytes) -> None:
        name, _, value = line.partition(b":")
        value = value.removeprefix(b" ")
        if name == b"data":
            self._data.append(value)
            self._size += len(value)
            if self._size > MAX_EVENT_BYTES:
                raise ValueError(f"an event above {MAX_EVENT_BYTES} bytes")
        elif name == b"event":
            self._type = value.decode("utf-8", "replace")
        elif name == b"id" and b"\0" not in value:
            self._last_id = value.decode("utf-8", "replace")
            self._has_new_id = True
        elif name == b"retry" and value.isdigit():
            self.retry_s = int(value[:9]) / 1000

    def _take(self) -> ServerSentEvent | None:
        event = None
        if self._data or self._has_new_id:
            event = ServerSentEvent(id=self._last_id, type=self._type or "message", data=b"\n".join(self._data))
        self._type, self._data, self._size, self._has_new_id = "", [], 0, False
        return event
