"""A real HTTP proxy on the loopback, in front of a server, that does to requests and answers what it is told to."""

from __future__ import annotations

import contextlib
import fnmatch
import json
import socket
import threading
from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

import attrs
import h11

from sekur_sdk.testing.faults import CorruptBody, CutBody, Fault, HangUp, Latency, Pass, Refuse, Stall

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType

API_PATH = "/api/v1"

_CHUNK = 64 * 1024
_UPSTREAM_S = 30.0
_HOP_BY_HOP = {b"connection", b"keep-alive", b"proxy-connection", b"te", b"trailer", b"upgrade"}
_NONSENSE = b"\xff"


@attrs.frozen(kw_only=True)
class SeenRequest:
    """A request that came through, and what was done to it. Its repr shows neither query, headers nor body.

    `path` is below `/api/v1`; names of `headers` are in lower case.
    """

    method: str
    path: str
    query: str = attrs.field(repr=False)
    headers: dict[str, str] = attrs.field(repr=False)
    body: bytes = attrs.field(repr=False)
    fault: Fault


@attrs.define
class _Rule:
    fault: Fault
    method: str | None
    path: str | None
    left: int | None

    def fits(self, method: str, path: str) -> bool:
        return (
            self.left != 0
            and self.method in (None, method)
            and (self.path is None or fnmatch.fnmatchcase(path, self.path))
        )


class FaultyLine:
    """Stands in front of the server at `upstream` (`http://host:port`) while its context is open; clients are given its `url`.

    Without rules everything goes through. Each request takes the first rule that fits it and is not used up.
    """

    def __init__(self, upstream: str) -> None:
        parts = urlsplit(upstream)
        if parts.scheme != "http" or parts.hostname is None or parts.port is None:
            raise ValueError("upstream: give the address of a server as http://host:port")
        self._upstream = (parts.hostname, parts.port)
        self._rules: list[_Rule] = []
        self._seen: list[SeenRequest] = []
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._sockets: set[socket.socket] = set()
        self._threads: list[threading.Thread] = []
        self._listening: socket.socket | None = None
        self._port = 0

    @property
    def url(self) -> str:
        """Where clients find it, without the `/api/v1`."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def requests(self) -> tuple[SeenRequest, ...]:
        """What came through, in order."""
        with self._lock:
            return tuple(self._seen)

    def add(self, fault: Fault, *, method: str | None = None, path: str | None = None, times: int | None = 1) -> None:
        """Do this to the next `times` requests that fit, to all from now on with None.

        `method` is as in `"POST"`, `path` a pattern for the path below `/api/v1`, as in `"/shifts/*"`; None fits any.
        """
        with self._lock:
            self._rules.append(_Rule(fault, method, path, times))

    def script(self, *faults: Fault) -> None:
        """Do this to the next requests, one fault each in order, whatever they ask for; `Pass()` lets one through."""
        for fault in faults:
            self.add(fault)

    def clear(self) -> None:
        """Forget all rules and what came through."""
        with self._lock:
            self._rules.clear()
            self._seen.clear()

    def start(self) -> None:
        """Listen on a free port of 127.0.0.1."""
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._port = self._listening.getsockname()[1]
        self._start_thread(self._accept, self._listening)

    def stop(self) -> None:
        """Close all connections and stop listening. Nothing happens when it is not running."""
        self._stopping.set()
        listening, self._listening = self._listening, None
        if listening is None:
            return
        # where closing a socket does not end an `accept` on it, a connection does
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self._port)):
            pass
        accepting = self._threads[0]
        accepting.join()
        listening.close()
        with self._lock:
            for line in self._sockets:
                _shut_down(line)
            _, *serving = self._threads
        for thread in serving:
            thread.join()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _start_thread(self, work: object, line: socket.socket) -> None:
        assert callable(work)
        thread = threading.Thread(target=work, args=(line,), name="sekur-faulty-line", daemon=True)
        with self._lock:
            self._threads.append(thread)
        thread.start()

    def _accept(self, listening: socket.socket) -> None:
        while True:
            line, _ = listening.accept()
            if self._stopping.is_set():
                line.close()
                return
            with self._lock:
                self._sockets.add(line)
            self._start_thread(self._serve, line)

    def _serve(self, line: socket.socket) -> None:
        try:
            with line:
                line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                _Exchange(self, line).run()
        except (OSError, h11.ProtocolError, _HungUpError):
            pass  # either side went away: that is what this line is for
        finally:
            with self._lock:
                self._sockets.discard(line)

    def connect(self) -> socket.socket:
        """A connection to the server behind, closed by `stop`."""
        line = socket.create_connection(self._upstream, timeout=_UPSTREAM_S)
        # an event stream is silent for longer
        line.settimeout(None)
        with self._lock:
            self._sockets.add(line)
        if self._stopping.is_set():
            _shut_down(line)
        return line

    def forget(self, line: socket.socket) -> None:
        """A connection of `connect` that was closed."""
        with self._lock:
            self._sockets.discard(line)

    def take(self, request: h11.Request, body: bytes) -> Fault:
        """What to do to the request, which is noted."""
        method = request.method.decode("ascii")
        path, _, query = request.target.decode("ascii").partition("?")
        path = path.removeprefix(API_PATH)
        with self._lock:
            rule = next((rule for rule in self._rules if rule.fits(method, path)), None)
            if rule is not None and rule.left is not None:
                rule.left -= 1
            fault = Pass() if rule is None else rule.fault
            headers = {name.decode("ascii").lower(): value.decode("latin-1") for name, value in request.headers}
            self._seen.append(
                SeenRequest(method=method, path=path, query=query, headers=headers, body=body, fault=fault)
            )
        return fault

    def pause(self, seconds: float) -> None:
        """Wait, unless the line is stopped meanwhile."""
        if self._stopping.wait(seconds):
            raise _HungUpError


class _HungUpError(Exception):
    """The connection to the client ends here."""


class _Exchange:
    """The requests of one connection, one after the other."""

    def __init__(self, faulty: FaultyLine, line: socket.socket) -> None:
        self._faulty = faulty
        self._line = line
        self._client = h11.Connection(h11.SERVER)

    def run(self) -> None:
        while True:
            request, body = self._read_request()
            self._answer(request, body)
            if self._client.our_state is h11.MUST_CLOSE:
                return
            self._client.start_next_cycle()

    def _read_request(self) -> tuple[h11.Request, bytes]:
        request, body = None, b""
        while True:
            event = self._client.next_event()
            if event is h11.NEED_DATA:
                self._client.receive_data(self._line.recv(_CHUNK))
            elif isinstance(event, h11.Request):
                request = event
            elif isinstance(event, h11.Data):
                body += event.data
            elif isinstance(event, h11.EndOfMessage):
                assert request is not None
                return request, body
            else:
                raise _HungUpError

    def _answer(self, request: h11.Request, body: bytes) -> None:
        fault = self._faulty.take(request, body)
        if isinstance(fault, Latency):
            self._faulty.pause(fault.seconds)
        if isinstance(fault, Refuse) and not fault.after_work:
            self._refuse(fault)
            return
        upstream = self._faulty.connect()
        try:
            events = _forward(upstream, request, body)
            head = next(events)
            assert isinstance(head, h11.Response)
            self._pass_on(fault, head, events)
        finally:
            upstream.close()
            self._faulty.forget(upstream)

    def _pass_on(self, fault: Fault, head: h11.Response, events: Iterator[h11.Event]) -> None:
        match fault:
            case Refuse():
                _drain(events)
                self._refuse(fault)
            case HangUp():
                _drain(events)
                raise _HungUpError
            case CutBody(after_bytes=int(after)):
                self._send(_closing(head))
                self._send_bytes(events, after)
                raise _HungUpError
            case CutBody() | Stall() | CorruptBody():
                self._spoil(fault, head, _drain(events))
            case _:
                self._send(_closing(head))
                for event in events:
                    self._send(event)

    def _spoil(self, fault: CutBody | Stall | CorruptBody, head: h11.Response, body: bytes) -> None:
        half = len(body) // 2
        self._send(_closing(head))
        self._send(h11.Data(data=body[:half]))
        if isinstance(fault, CorruptBody):
            self._send(h11.Data(data=_NONSENSE * (len(body) - half)))
            self._send(h11.EndOfMessage())
            return
        if isinstance(fault, Stall):
            self._faulty.pause(fault.seconds)
        raise _HungUpError

    def _send_bytes(self, events: Iterator[h11.Event], count: int) -> None:
        """The first `count` bytes of the body; an event stream may be silent for long after them."""
        while count > 0 and isinstance(event := next(events), h11.Data):
            self._send(h11.Data(data=bytes(event.data[:count])))
            count -= len(event.data)

    def _refuse(self, fault: Refuse) -> None:
        problem = {"type": "about:blank", "title": "Injected fault", "status": fault.status}
        body = json.dumps(problem).encode()
        headers = {
            "Content-Type": "application/problem+json",
            "Content-Length": str(len(body)),
            "Connection": "close",
        }
        if fault.retry_after_text is not None:
            headers["Retry-After"] = fault.retry_after_text
        self._send(h11.Response(status_code=fault.status, headers=list((headers | dict(fault.headers)).items())))
        self._send(h11.Data(data=body))
        self._send(h11.EndOfMessage())

    def _send(self, event: h11.Event) -> None:
        data = self._client.send(event)
        if data:
            self._line.sendall(data)


def _forward(upstream: socket.socket, request: h11.Request, body: bytes) -> Iterator[h11.Event]:
    """The answer's events, its head first."""
    connection = h11.Connection(h11.CLIENT)
    kept = [(name, value) for name, value in request.headers if name.lower() not in _HOP_BY_HOP]
    sent = [
        h11.Request(method=request.method, target=request.target, headers=[*kept, (b"Connection", b"close")]),
        *([h11.Data(data=body)] if body else []),
        h11.EndOfMessage(),
    ]
    for event in sent:
        upstream.sendall(connection.send(event) or b"")
    while True:
        answer = connection.next_event()
        if answer is h11.NEED_DATA:
            connection.receive_data(upstream.recv(_CHUNK))
        elif isinstance(answer, h11.Response | h11.Data | h11.EndOfMessage):
            yield answer
            if isinstance(answer, h11.EndOfMessage):
                return
        elif not isinstance(answer, h11.InformationalResponse):
            raise _HungUpError


def _drain(events: Iterator[h11.Event]) -> bytes:
    return b"".join(bytes(event.data) for event in events if isinstance(event, h11.Data))


def _closing(head: h11.Response) -> h11.Response:
    """The head for a connection that ends with this answer: what is left of it must not be taken for the next one's."""
    kept = [(name, value) for name, value in head.headers if name.lower() not in _HOP_BY_HOP]
    return h11.Response(status_code=head.status_code, reason=head.reason, headers=[*kept, (b"Connection", b"close")])


def _shut_down(line: socket.socket) -> None:
    with contextlib.suppress(OSError):  # not connected, or closed already
        line.shutdown(socket.SHUT_RDWR)
