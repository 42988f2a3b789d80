"""The sandbox as a running server: uvicorn in a thread, ready when it answers, ended in order."""

from __future__ import annotations

import logging
import socket
import threading
from collections import defaultdict, deque
from typing import TYPE_CHECKING, Self

import uvicorn

from sekur_sdk.sandbox.access import Access
from sekur_sdk.sandbox.app import BASE, attach, create_app
from sekur_sdk.sandbox.delivery.addresses import Policy
from sekur_sdk.sandbox.delivery.courier import Courier
from sekur_sdk.sandbox.errors import SandboxError
from sekur_sdk.sandbox.export.maker import ExportMaker
from sekur_sdk.sandbox.feed import EventFeed
from sekur_sdk.sandbox.ingest.ingest import Ingest
from sekur_sdk.sandbox.seed import seed
from sekur_sdk.sandbox.store.database import Store
from sekur_sdk.sandbox.watch import Watch

if TYPE_CHECKING:
    from types import TracebackType

    from litestar import Litestar

    from sekur_sdk.sandbox.settings import Settings

_START_S = 15.0
_GRACE_S = 5

_idle: defaultdict[Policy, deque[Litestar]] = defaultdict(deque)
"""Applications of servers that have ended. One takes half a second to make and holds nothing of its store: the next server takes it."""


class SandboxServer:
    """A sandbox that answers on `host:port` while its context is open.

    `port` 0 takes a free one. `ingest` takes what wearables send, `access` makes tokens, `store` is the open database.

    Raises:
        SandboxError: on entering, when the port is taken, the database can't be opened or the server does not start.
    """

    def __init__(self, settings: Settings, *, host: str = "127.0.0.1", port: int = 0) -> None:
        self._settings = settings
        self._host = host
        self._port = port
        self._socket: socket.socket | None = None
        self._server: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None
        self._failure: BaseException | None = None
        self._app: Litestar
        self._policy: Policy
        self.store: Store
        self.feed: EventFeed
        self.access: Access
        self.ingest: Ingest
        self._watch: Watch
        self.courier: Courier
        self._exports: ExportMaker

    @property
    def host(self) -> str:
        """The address it listens on."""
        return self._host

    @property
    def port(self) -> int:
        """The port it listens on, once started."""
        return self._port

    @property
    def url(self) -> str:
        """Where clients find it, without the `/api/v1`."""
        host = f"[{self._host}]" if ":" in self._host else self._host
        return f"http://{host}:{self._port}"

    def start(self) -> None:
        """Open the store and listen; return once it answers."""
        self._socket = _listen(self._host, self._port)
        self._port = self._socket.getsockname()[1]
        try:
            self._open()
            self._serve(self._socket)
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """End event streams, finish running requests, close the store. Nothing happens when it is not running."""
        if hasattr(self, "feed"):
            self.feed.close()
        if self._server is not None and self._thread is not None:
            self._server.should_exit = True
            self._thread.join()
            self._thread = None
            _idle[self._policy].append(self._app)
        if self._socket is not None:
            self._socket.close()
            self._socket = None
        if hasattr(self, "_watch"):
            self._watch.stop()
        if hasattr(self, "courier"):
            self.courier.stop()
        if hasattr(self, "_exports"):
            self._exports.stop()
        if hasattr(self, "store"):
            self.store.close()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _open(self) -> None:
        settings = self._settings
        self.store = Store(settings.database, settings.now)
        self.feed = EventFeed(self.store)
        self.access = Access(self.store)
        self.ingest = Ingest(self.store)
        if settings.seed:
            self.store.write(seed)
        if settings.token is not None:
            self.access.allow(settings.token, name=settings.token_name)
        self._policy = Policy(private=settings.private_webhooks)
        self.courier = Courier(self.store, self._policy, settings.watch_every_s)
        self.courier.start()
        self._exports = ExportMaker(self.store)
        self._exports.start()
        self._watch = Watch(self.store, settings.watch_every_s)
        self._watch.start()

    def _serve(self, listening: socket.socket) -> None:
        self._app = _idle_app(self._policy)
        attach(self._app, self.store, self.feed, self.access)
        config = uvicorn.Config(
            self._app,
            log_config=None,
            # the access log would hold query strings
            access_log=False,
            lifespan="off",
            http="h11",
            ws="none",
            server_header=False,
            timeout_graceful_shutdown=_GRACE_S,
        )
        # access_log=False rests on the logger having no handlers: whoever attaches one gets no query strings either
        logging.getLogger("uvicorn.access").setLevel(logging.CRITICAL)
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._run, args=(listening,), name="sandbox-http", daemon=True)
        self._thread.start()
        _wait_for_answer(self)

    def _run(self, listening: socket.socket) -> None:
        assert self._server is not None
        try:
            self._server.run(sockets=[listening])
        except BaseException as error:  # noqa: BLE001  # told to the thread that waits for the start
            self._failure = error

    def _check_running(self) -> None:
        if self._thread is None or not self._thread.is_alive():
            raise SandboxError(f"the sandbox's HTTP server ended at its start: {self._failure}")


def _idle_app(policy: Policy) -> Litestar:
    try:
        return _idle[policy].popleft()
    except IndexError:
        return create_app(webhook_policy=policy)


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # with its protocol named: asyncio sets TCP_NODELAY only where it sees TCP
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    # a port in TIME_WAIT after a restart is free; one that somebody listens on is not
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen(256)
    except (OSError, OverflowError) as error:
        listening.close()
        reason = error.strerror if isinstance(error, OSError) else "a port is at most 65535"
        raise SandboxError(
            f"can't listen on {host}:{port} ({reason}); name another port, or 0 for a free one"
        ) from error
    return listening


def _wait_for_answer(server: SandboxServer) -> None:
    """Return once the server answers `GET /health`."""
    # the socket listens already: the request waits in its backlog until the server takes it
    with socket.socket(socket.AF_INET6 if ":" in server.host else socket.AF_INET) as line:
        line.settimeout(_START_S)
        try:
            line.connect((server.host, server.port))
            line.sendall(f"GET {BASE}/health HTTP/1.1\r\nHost: sandbox\r\nConnection: close\r\n\r\n".encode())
            status = line.recv(64)
        except OSError as error:
            server._check_running()  # noqa: SLF001  # same module
            raise SandboxError(f"the sandbox's HTTP server did not answer within {_START_S:.0f} s") from error
    if not status.startswith(b"HTTP/1.1 200"):
        raise SandboxError("the sandbox's HTTP server does not answer as it should; its log tells why")
