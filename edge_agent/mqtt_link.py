"""One MQTT connection through paho, from its try to its end.

A client is made anew for each connection: what paho still holds after a loss would be resent by it as well as by us, and a
message that the broker refuses would end each following connection too. Its callbacks only enqueue.

paho's loop runs on the thread of who owns the link, and not on one of its own: an acknowledgement and the message that follows
it then change no thread, and a message is on the socket when `publish` returns. Only connecting, which blocks, has its own.
"""

from __future__ import annotations

import contextlib
import select
import socket
import ssl
import threading
from typing import TYPE_CHECKING, Final, TypeAlias

import attrs
from paho.mqtt.client import Client, ConnectFlags, DisconnectFlags, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode, MQTTProtocolVersion

from edge_agent.faults import FaultCode

if TYPE_CHECKING:
    from collections.abc import Callable

    from paho.mqtt.client import SocketLike
    from paho.mqtt.properties import Properties
    from paho.mqtt.reasoncodes import ReasonCode

    from edge_agent.config import BrokerSection

# X509_V_ERR_CERT_NOT_YET_VALID and X509_V_ERR_CERT_HAS_EXPIRED of OpenSSL's x509_vfy.h
_CLOCK_ERRORS: Final = (9, 10)
_QUICK_ACK: Final[int | None] = getattr(socket, "TCP_QUICKACK", None)
"""Of Linux alone, and for the next moment alone: it is set again and again."""
_CLOSE_S: Final = 1.0
_NOT_TAKEN: Final = (MQTTErrorCode.MQTT_ERR_NO_CONN, MQTTErrorCode.MQTT_ERR_QUEUE_SIZE)
_CONNECT_S: Final = 5.0


@attrs.frozen
class Opened:
    """There is a connection, which the broker has yet to accept: from now on the link needs its turns."""

    link: int


@attrs.frozen
class Connected:
    """The broker took us in."""

    link: int


@attrs.frozen
class Refused:
    """The broker does not want us (bad credentials, not authorised)."""

    link: int
    reason: str


@attrs.frozen
class Failed:
    """No connection came about."""

    link: int
    code: FaultCode
    reason: str


@attrs.frozen
class Lost:
    """The connection ended; may come twice, and after `Refused`."""

    link: int
    reason: str


@attrs.frozen
class Came:
    """A message from the server."""

    link: int
    topic: str
    payload: bytes = attrs.field(repr=False)


LinkSignal: TypeAlias = Opened | Connected | Refused | Failed | Lost | Came


class MqttLink:
    """A try to connect, and the connection when it succeeds; all its methods belong to one thread.

    Args:
        number: carried by each signal, so that those of an older link are told apart.
        broker: where and as whom.
        client_id: the same each time: the broker keeps the session.
        will: topic and payload of the last will, retained.
        post: takes the signals, those about connecting from a thread of the link; must neither block nor fail.

    `hasty` is set while an acknowledgement is waited for in haste, at the price of more packets.
    """

    def __init__(
        self,
        number: int,
        broker: BrokerSection,
        client_id: str,
        will: tuple[str, bytes],
        post: Callable[[LinkSignal], None],
    ) -> None:
        self.number = number
        self.hasty = False
        self._broker = broker
        self._post = post
        self._acked: list[int] = []
        # whose the client is: the connecting thread's, then its owner's, unless that has given it up before
        self._handover = threading.Lock()
        self._opened = False
        self._given_up = False
        client = Client(
            CallbackAPIVersion.VERSION2,
            client_id,
            clean_session=False,
            protocol=MQTTProtocolVersion.MQTTv311,
            reconnect_on_failure=False,
        )
        client.connect_timeout = _CONNECT_S
        # the window is ours, so that nothing of an alarm waits in paho's queue
        client.max_inflight_messages_set(0)
        client.will_set(will[0], will[1], qos=1, retain=True)
        client.on_socket_open = _send_at_once
        client.on_connect = self._on_connect
        client.on_disconnect = self._on_disconnect
        client.on_publish = self._on_publish
        client.on_message = self._on_message
        self._client = client

    def connect(self) -> None:
        """Start connecting; what comes of it is posted."""
        broker = self._broker
        try:
            if broker.user is not None:
                self._client.username_pw_set(broker.user, broker.password())
        except (OSError, LookupError) as error:
            self._post(Failed(self.number, FaultCode.BROKER_REFUSED, f"no password: {_why(error)}"))
            return
        try:
            if broker.uses_tls:
                self._client.tls_set_context(tls_context(broker))
        except OSError as error:
            self._post(Failed(self.number, FaultCode.TLS_FAILED, f"certificate files: {_why(error)}"))
            return
        threading.Thread(target=self._open, name="connecting", daemon=True).start()

    @property
    def line(self) -> SocketLike | None:
        """What to wait for; None while connecting and when the connection has ended."""
        return self._client.socket() if self._opened else None

    @property
    def wants_write(self) -> bool:
        """Whether something waits until the line takes it."""
        return self._client.want_write()

    @property
    def pending(self) -> bool:
        """Whether something has come that the line would not tell of: the encryption took it in already."""
        line = self.line
        return isinstance(line, ssl.SSLSocket) and line.pending() > 0

    def turn(self) -> list[int]:
        """Read what has come, write what waited, look at the clock; the ids of what the broker has now (PUBACK).

        A PUBACK proves nothing about its storage. To be called when the line is ready, and at least once a second.
        """
        if self.line is None:
            return []
        client = self._client
        client.loop_read()
        if client.want_write():
            client.loop_write()
        client.loop_misc()
        acked, self._acked = self._acked, []
        if self.hasty and acked:
            _acknowledge_at_once(client)
        return acked

    def publish(self, topic: str, payload: bytes, *, retain: bool = False) -> int | None:
        """Hand a message to the connection; its id, or None when the connection does not take it."""
        info = self._client.publish(topic, payload, qos=1, retain=retain)
        # one on which the connection ended may have left, and may be why
        return None if info.rc in _NOT_TAKEN else info.mid

    def subscribe(self, topics: tuple[str, ...]) -> None:
        """Subscribe at QoS 1; a connection that is gone posts its loss by itself."""
        self._client.subscribe([(topic, 1) for topic in topics])

    def close(self) -> None:
        """Disconnect, within a second whatever the broker does."""
        with self._handover:
            self._given_up = True
            mine = self._opened
        if mine:
            self._hang_up()

    def _hang_up(self) -> None:
        self._client.disconnect()
        line = self._client.socket()
        if line is None:
            return
        # a broker that does not read keeps the farewell in paho's buffer
        select.select([], [line], [], _CLOSE_S)
        self._client.loop_write()
        line.close()

    # On the connecting thread

    def _open(self) -> None:
        # paho looks at the clock once a second: with that a dead peer is noticed within twice what is configured
        broker = self._broker
        try:
            self._client.connect(broker.host, broker.port_number, keepalive=broker.keepalive_s - 1)
        except (OSError, ValueError) as error:
            code = FaultCode.BROKER_UNREACHABLE
            if isinstance(error, ssl.SSLCertVerificationError) and error.verify_code in _CLOCK_ERRORS:
                code = FaultCode.TLS_CLOCK
            elif isinstance(error, ssl.SSLError):
                code = FaultCode.TLS_FAILED
            self._post(Failed(self.number, code, _why(error)))
            return
        with self._handover:
            self._opened = not self._given_up
        if self._opened:
            self._post(Opened(self.number))
        else:
            self._hang_up()

    # paho's callbacks, within a turn

    def _on_connect(
        self, _client: Client, _data: object, _flags: ConnectFlags, reason: ReasonCode, _properties: Properties | None
    ) -> None:
        self._post(Refused(self.number, str(reason)) if reason.is_failure else Connected(self.number))

    def _on_disconnect(
        self,
        _client: Client,
        _data: object,
        _flags: DisconnectFlags,
        reason: ReasonCode,
        _properties: Properties | None,
    ) -> None:
        if not self._given_up:
            self._post(Lost(self.number, str(reason)))

    def _on_publish(
        self, _client: Client, _data: object, mid: int, _reason: ReasonCode, _properties: Properties
    ) -> None:
        self._acked.append(mid)

    def _on_message(self, _client: Client, _data: object, message: MQTTMessage) -> None:
        try:
            topic = message.topic
        except UnicodeDecodeError:
            return
        self._post(Came(self.number, topic, bytes(message.payload)))


def _send_at_once(_client: Client, _data: object, line: object) -> None:
    # an alarm must not wait for the acknowledgement of a smaller packet before it (Nagle)
    line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # type: ignore[attr-defined]  # paho types its sockets by what it needs itself


def _acknowledge_at_once(client: Client) -> None:
    # a broker that holds small packets back (mosquitto by default) would send the next acknowledgement up to 40 ms late
    line = client.socket()
    if line is not None and _QUICK_ACK is not None:
        with contextlib.suppress(OSError):
            line.setsockopt(socket.IPPROTO_TCP, _QUICK_ACK, 1)  # type: ignore[attr-defined]  # as above


class _ClosingSocket(ssl.SSLSocket):
    """Closed when its handshake fails, which paho leaves to the garbage collector."""

    def do_handshake(self, block: bool = False) -> None:  # the signature of the standard library
        try:
            super().do_handshake(block)
        except BaseException:
            self.close()
            raise


def tls_context(broker: BrokerSection) -> ssl.SSLContext:
    """The context of a new connection, from the files as they are now.

    Raises:
        OSError: they can't be read, or don't fit each other.
    """
    context = ssl.create_default_context(cafile=broker.ca_file)
    context.sslsocket_class = _ClosingSocket
    if broker.cert_file is not None:
        context.load_cert_chain(broker.cert_file, broker.key_file)
    return context


def _why(error: BaseException | None) -> str:
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return str(error) or type(error).__name__
