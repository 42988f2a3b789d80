"""The server of the demo: the embedded broker, the sandbox, and the line between them, on 127.0.0.1."""

from __future__ import annotations

import secrets
from contextlib import ExitStack
from typing import TYPE_CHECKING, Self

from sekur_sdk.sandbox.app import BASE
from sekur_sdk.sandbox.broker import EmbeddedBroker
from sekur_sdk.sandbox.ingest.mqtt import MqttLink
from sekur_sdk.sandbox.server import SandboxServer
from sekur_sdk.sandbox.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

_READY_S = 10.0


class ServerSide:
    """Broker, sandbox and ingest, running while the context is open; a port of 0 takes a free one.

    Raises:
        sekur_sdk.sandbox.errors.SandboxError: on entering, when a port is taken or something does not start.
    """

    def __init__(self, folder: Path, *, http_port: int, mqtt_port: int) -> None:
        self.token: str = secrets.token_urlsafe(24)
        self.broker: EmbeddedBroker = EmbeddedBroker(mqtt_port)
        self.sandbox: SandboxServer = SandboxServer(
            Settings(database=folder / "sandbox.sqlite3", token=self.token), port=http_port
        )
        self._stack = ExitStack()

    @property
    def url(self) -> str:
        """Where the sandbox is."""
        return self.sandbox.url

    @property
    def api(self) -> str:
        """Where its API is."""
        return self.url + BASE

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            stack.enter_context(self.broker)
            stack.enter_context(self.sandbox)
            link = MqttLink(self.sandbox.ingest, self.sandbox.store, host=self.broker.host, port=self.broker.port)
            stack.callback(link.stop)
            link.start()
            link.wait_until_subscribed(_READY_S)
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._stack.close()
