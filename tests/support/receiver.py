"""A receiver of webhooks: a real HTTP server on loopback that answers as it is told and keeps what came."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Self

import attrs

if TYPE_CHECKING:
    from collections.abc import Callable


@attrs.frozen
class Received:
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def id(self) -> int:
        return int(self.headers["webhook-id"])


@attrs.define
class Answer:
    status: int = 200
    body: bytes = b"thanks"
    headers: dict[str, str] = attrs.field(factory=dict)


class Receiver:
    """`answer` is asked what to say to each; it may block, on `released` for one."""

    def __init__(self, answer: Callable[[Received], Answer] | None = None) -> None:
        self.answer = answer or (lambda _received: Answer())
        self.received: list[Received] = []
        self.released = threading.Event()
        self._came = threading.Condition()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/hook?key=receivers-own"

    @property
    def ids(self) -> list[int]:
        return [one.id for one in self.received]

    def wait_for(self, count: int, timeout_s: float = 10) -> None:
        with self._came:
            assert self._came.wait_for(lambda: len(self.received) >= count, timeout_s), self.ids

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.released.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                headers = {name.lower(): value for name, value in self.headers.items()}
                received = Received(self.path, headers, body)
                with receiver._came:
                    receiver.received.append(received)
                    receiver._came.notify_all()
                answer = receiver.answer(received)
                try:
                    self.send_response(answer.status)
                    for name, value in answer.headers.items():
                        self.send_header(name, value)
                    self.send_header("Content-Length", str(len(answer.body)))
                    self.end_headers()
                    self.wfile.write(answer.body)
                except OSError:
                    return  # the sender has given up

            def do_GET(self) -> None:
                self.do_POST()

            def log_message(self, *_: object) -> None:
                """Nothing: tests look at what was received."""

        return Handler
