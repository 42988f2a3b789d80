"""`sekur sandbox serve`: the sandbox until it is told to end."""

from __future__ import annotations

import signal
import threading
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import attrs

from sekur_sdk.sandbox.access import new_token
from sekur_sdk.sandbox.app import BASE
from sekur_sdk.sandbox.broker import EmbeddedBroker
from sekur_sdk.sandbox.errors import SandboxError
from sekur_sdk.sandbox.ingest.mqtt import MqttLink
from sekur_sdk.sandbox.server import SandboxServer
from sekur_sdk.sandbox.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType

EMBEDDED = "embedded"
DEFAULT_MQTT_PORT = 1883
_BROKER_READY_S = 10.0


@attrs.frozen
class BrokerAddress:
    """Where a broker is, and who we are to it."""

    host: str
    port: int
    username: str | None = None
    password: str | None = attrs.field(default=None, repr=False)


def parse_broker(url: str) -> BrokerAddress:
    """The broker that `mqtt://[user:password@]host[:port]` names.

    Raises:
        SandboxError: any other form.
    """
    wanted = "write it as mqtt://host:port, or 'embedded'"
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise SandboxError(f"not the address of a broker; {wanted}") from error
    if parts.scheme != "mqtt" or not host or parts.path not in ("", "/") or parts.query or parts.fragment:
        raise SandboxError(f"not the address of a broker; {wanted}")
    return BrokerAddress(host, port or DEFAULT_MQTT_PORT, parts.username, parts.password)


def serve(
    *,
    host: str = "127.0.0.1",
    port: int = 8080,
    database: Path = Path("sekur-sandbox.sqlite3"),
    broker: str | None = EMBEDDED,
    broker_port: int = DEFAULT_MQTT_PORT,
    token: str | None = None,
    seed: bool = True,
    private_webhooks: bool = False,
    say: Callable[[str], None] = print,
    stop: threading.Event | None = None,
) -> None:
    """Run a sandbox until SIGINT or SIGTERM (or `stop` is set), and say where it listens.

    Args:
        host: the address to listen on.
        port: the port to listen on; 0 takes a free one.
        database: the SQLite file; made when it is not there.
        broker: `embedded` for a broker of our own on 127.0.0.1, `mqtt://host:port` for another, None for none.
        broker_port: where the embedded broker listens; 0 takes a free port.
        token: a static API token that may do everything; one is made and said when None.
        seed: put the demo data into an empty database.
        private_webhooks: let webhooks go to private networks' addresses too, not to public ones and this machine alone.
        say: takes each line for the user.
        stop: ends the sandbox when set; for callers that are not the main thread, where signals don't reach.

    Raises:
        SandboxError: a port is taken, the database can't be opened, the broker does not answer; the message says what to do.
    """
    made = token is None
    text = new_token() if token is None else token
    ended = stop or threading.Event()
    with ExitStack() as stack:
        stack.enter_context(_ending_on_signals(ended))
        address = _broker_address(stack, broker, broker_port)
        settings = Settings(database=database, token=text, seed=seed, private_webhooks=private_webhooks)
        server = stack.enter_context(SandboxServer(settings, host=host, port=port))
        if address is not None:
            stack.enter_context(_linked(server, address))
        say(f"Sandbox   {server.url}{BASE}")
        say(f"OpenAPI   {server.url}{BASE}/openapi.json")
        if address is not None:
            say(f"Broker    mqtt://{address.host}:{address.port}" + (" (embedded)" if broker == EMBEDDED else ""))
        say(f"Database  {database}")
        if made:
            say(f"Token     {text}")
        say("Unofficial: the contract is this project's own. Ctrl+C ends it.")
        ended.wait()


def _broker_address(stack: ExitStack, broker: str | None, port: int) -> BrokerAddress | None:
    if broker is None:
        return None
    if broker != EMBEDDED:
        return parse_broker(broker)
    embedded = stack.enter_context(EmbeddedBroker(port))
    return BrokerAddress(embedded.host, embedded.port)


@contextmanager
def _linked(server: SandboxServer, address: BrokerAddress) -> Iterator[MqttLink]:
    """The line to the broker, while the context is open."""
    link = MqttLink(
        server.ingest,
        server.store,
        host=address.host,
        port=address.port,
        username=address.username,
        password=address.password,
    )
    link.start()
    try:
        link.wait_until_subscribed(_BROKER_READY_S)
        yield link
    finally:
        link.stop()


@contextmanager
def _ending_on_signals(ended: threading.Event) -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def end(_number: int, _frame: FrameType | None) -> None:
        ended.set()

    before = {number: signal.signal(number, end) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
