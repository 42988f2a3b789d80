"""A real HTTP server on the loopback that answers by a script.

The sandbox answers what the contract says; this server is for what no good server does (drops, delays, nonsense).
"""

from __future__ import annotations

import json
import threading
from collections import deque
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

import attrs

SHIFT = {
    "id": "shf_1",
    "site_id": "sit_1",
    "employee_id": "emp_1",
    "post": "PC sécurité",
    "starts_at": "2026-11-07T19:00:00Z",
    "ends_at": "2026-11-08T07:00:00Z",
    "break_minutes": 30,
    "notes": None,
    "status": "draft",
    "version": 1,
    "created_at": "2026-11-01T10:00:00Z",
    "updated_at": "2026-11-01T10:00:00Z",
}


def shift(number: int, **changes) -> dict:
    return SHIFT | {"id": f"shf_{number}"} | changes


def page(*items, next_cursor=None) -> dict:
    return {"items": list(items), "next_cursor": next_cursor}


@attrs.frozen
class Received:
    method: str
    path: str
    query: dict
    headers: dict
    body: bytes

    @property
    def json(self):
        return json.loads(self.body)


@attrs.frozen(kw_only=True)
class Answer:
    """`stop_after` bytes of the body the connection is dropped; `pause_s` is waited before the head, `chunks` come one by one."""

    status: int = 200
    body: bytes = b""
    headers: dict = attrs.field(factory=dict)
    pause_s: float = 0.0
    stop_after: int | None = None
    drop: bool = False
    chunks: tuple[bytes | float, ...] | None = None


def json_answer(value, status=200, **headers) -> Answer:
    names = {name.replace("_", "-"): text for name, text in headers.items()}
    return Answer(status=status, body=json.dumps(value).encode(), headers={"Content-Type": "application/json"} | names)


def problem(status, title="Refused", headers=None, **members) -> Answer:
    body = json.dumps({"type": "about:blank", "title": title, "status": status} | members).encode()
    return Answer(status=status, body=body, headers={"Content-Type": "application/problem+json"} | (headers or {}))


def event_stream(*chunks) -> Answer:
    return Answer(headers={"Content-Type": "text/event-stream"}, chunks=chunks)


class ScriptedServer:
    """Answers in the order of `script`; its last answer is given for ever. An answer may be a function of what was received."""

    def __init__(self) -> None:
        self.received: list[Received] = []
        self.script: deque[Answer] = deque()
        self.stopping = threading.Event()
        self.lock = threading.Lock()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do(self):
                outer.handle(self)

            do_GET = do_POST = do_PATCH = do  # noqa: N815  # names that http.server asks for

            def log_message(self, *args):
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 64  # the default drops connections that come at once
            block_on_close = False

            def handle_error(self, request, client_address):
                pass  # a client that went away is part of these tests

        self._server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self._thread.start()

    def answer(self, *answers: Answer) -> None:
        self.script.extend(answers)

    def handle(self, handler) -> None:
        length = int(handler.headers.get("Content-Length") or 0)
        parts = urlsplit(handler.path)
        received = Received(
            method=handler.command,
            path=parts.path,
            query=dict(parse_qsl(parts.query)),
            headers={name.lower(): value for name, value in handler.headers.items()},
            body=handler.rfile.read(length),
        )
        with self.lock:
            self.received.append(received)
            answer = self.script.popleft() if len(self.script) > 1 else self.script[0]
        if callable(answer):
            answer = answer(received)
        if answer.pause_s:
            self.stopping.wait(answer.pause_s)
        if answer.drop:
            handler.close_connection = True
            return
        handler.send_response(answer.status)
        for name, value in answer.headers.items():
            handler.send_header(name, value)
        if answer.chunks is not None:
            handler.send_header("Connection", "close")
            handler.end_headers()
            handler.close_connection = True
            for chunk in answer.chunks:
                if isinstance(chunk, float):
                    self.stopping.wait(chunk)
                else:
                    handler.wfile.write(chunk)
                    handler.wfile.flush()
            return
        handler.send_header("Content-Length", str(len(answer.body)))
        handler.end_headers()
        if answer.stop_after is None:
            handler.wfile.write(answer.body)
        else:
            handler.wfile.write(answer.body[: answer.stop_after])
            handler.close_connection = True

    def close(self) -> None:
        self.stopping.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
