"""The ingest's line to an MQTT broker.

paho acknowledges a message to the broker only after its commit (`manual_ack`): what a crash interrupts is delivered again
to the persistent session. Its callbacks only enqueue; one worker takes the messages in their order.
"""

from __future__ import annotations

import logging
import queue
import threading
from typing import TYPE_CHECKING, Final

import attrs
import paho.mqtt.client as mqtt
import sqlalchemy as sa
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode

from sekur_sdk.models.device import upward_topics
from sekur_sdk.sandbox.diagnosis import where
from sekur_sdk.sandbox.errors import SandboxError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from paho.mqtt.client import ConnectFlags, DisconnectFlags
    from paho.mqtt.properties import Properties
    from paho.mqtt.reasoncodes import ReasonCode

    from sekur_sdk.sandbox.ingest.ingest import Ingest
    from sekur_sdk.sandbox.store.database import Store
    from sekur_sdk.sandbox.store.writer import Publication, Transaction

_log = logging.getLogger("sekur_sdk.sandbox.mqtt")

KEEPALIVE_S = 15
RECONNECT_S = (1, 2)
"""The shortest and the longest wait before the next try to connect, in whole seconds as paho counts: alarms wait for it."""

RETRY_S = (0.1, 5.0)
"""The shortest and the longest wait before a message is handed in again to a database that can't write."""

MAX_WAITING = 10_000
"""Messages that may wait for the worker. Brokers stop at 20 to 100 unacknowledged ones; this bounds QoS 0 and strange brokers."""


@attrs.frozen
class _Received:
    topic: str
    payload: bytes = attrs.field(repr=False)
    mid: int
    qos: int
    connection: int


_END: Final = "end"
_STANDING: Final = "standing"


class MqttLink:
    """Subscribes to what wearables publish, hands it to the ingest, and publishes what goes down.

    Args:
        ingest: takes the messages.
        store: whose commits may have something for a wearable.
        host, port: the broker's.
        tenant: whose wearables; all when None.
        client_id: the identity of the persistent session: one ingest only may have it.
        username, password: the broker's, where it asks for them.
    """

    def __init__(
        self,
        ingest: Ingest,
        store: Store,
        *,
        host: str,
        port: int,
        tenant: str | None = None,
        client_id: str = "sekur-ingest",
        username: str | None = None,
        password: str | None = None,
    ) -> None:
        self._ingest = ingest
        self._host, self._port = host, port
        self._topics = upward_topics(tenant or "+")
        self._waiting: queue.Queue[_Received | str] = queue.Queue(MAX_WAITING)
        self._ended = threading.Event()
        self._subscribed = threading.Event()
        self._connection = 0
        self._client = mqtt.Client(
            CallbackAPIVersion.VERSION2, client_id=client_id, clean_session=False, manual_ack=True
        )
        if username is not None:
            self._client.username_pw_set(username, password)
        self._client.reconnect_delay_set(*RECONNECT_S)
        self._client.max_queued_messages_set(MAX_WAITING)
        self._client.on_connect = self._on_connect
        self._client.on_connect_fail = self._on_connect_fail
        self._client.on_disconnect = self._on_disconnect
        self._client.on_subscribe = self._on_subscribe
        self._client.on_message = self._on_message
        self._worker = threading.Thread(target=self._work, name="sandbox-ingest", daemon=True)
        store.on_commit(self._committed)

    @property
    def subscribed(self) -> threading.Event:
        """Set while the broker has our subscriptions."""
        return self._subscribed

    def start(self) -> None:
        """Connect in the background, for ever again when the line breaks."""
        self._worker.start()
        self._client.connect_async(self._host, self._port, keepalive=KEEPALIVE_S)
        self._client.loop_start()

    def wait_until_subscribed(self, timeout_s: float) -> None:
        """Return once the broker has our subscriptions.

        Raises:
            SandboxError: not within `timeout_s` seconds.
        """
        if not self._subscribed.wait(timeout_s):
            raise SandboxError(
                f"no MQTT broker took our subscriptions on {self._host}:{self._port} within {timeout_s:g} s;"
                " start it or name another"
            )

    def stop(self) -> None:
        """Finish the message in work and disconnect; what is not acknowledged, the broker keeps for the next start."""
        self._ended.set()
        try:
            self._waiting.put_nowait(_END)
        except queue.Full:
            _log.debug("the worker sees the end by itself")
        if self._worker.is_alive():
            self._worker.join()
        self._client.disconnect()
        self._client.loop_stop()

    # paho's thread: nothing here may block

    def _on_connect(
        self, client: mqtt.Client, _data: object, _flags: ConnectFlags, code: ReasonCode, _properties: Properties | None
    ) -> None:
        if code.is_failure:
            _log.warning("the broker on %s:%d refuses us: %s", self._host, self._port, code)
            return
        self._connection += 1
        client.subscribe([(topic, 1) for topic in self._topics])

    def _on_subscribe(
        self,
        _client: mqtt.Client,
        _data: object,
        _mid: int,
        codes: list[ReasonCode],
        _properties: Properties | None,
    ) -> None:
        if any(code.is_failure for code in codes):
            _log.error("the broker on %s:%d refuses our subscriptions", self._host, self._port)
            return
        self._subscribed.set()
        self._enqueue(_STANDING)

    def _on_connect_fail(self, _client: mqtt.Client, _data: object) -> None:
        _log.info("no broker on %s:%d yet", self._host, self._port)

    def _on_disconnect(
        self,
        _client: mqtt.Client,
        _data: object,
        _flags: DisconnectFlags,
        code: ReasonCode,
        _properties: Properties | None,
    ) -> None:
        self._subscribed.clear()
        if not self._ended.is_set():
            _log.info("the line to the broker broke: %s", code)

    def _on_message(self, _client: mqtt.Client, _data: object, message: mqtt.MQTTMessage) -> None:
        try:
            topic = message.topic
        except UnicodeDecodeError:
            # no topic of ours: acknowledged, so that it does not come again
            topic = ""
        self._enqueue(_Received(topic, bytes(message.payload), message.mid, message.qos, self._connection))

    def _enqueue(self, item: _Received | str) -> None:
        try:
            self._waiting.put_nowait(item)
        except queue.Full:
            # not acknowledged: the broker delivers it again
            _log.error("the ingest does not keep up: a message was left to the broker")

    # the worker's thread

    def _work(self) -> None:
        while not self._ended.is_set():
            item = self._waiting.get()
            if item == _END:
                return
            if item == _STANDING:
                self._tell_standing()
            elif isinstance(item, _Received):
                self._take(item)

    def _take(self, received: _Received) -> None:
        wait_s = RETRY_S[0]
        while (downward := self._handed_in(received)) is None:
            if self._ended.wait(wait_s):
                return
            wait_s = min(wait_s * 2, RETRY_S[1])
        if received.connection == self._connection:
            self._client.ack(received.mid, received.qos)
        self._publish(downward)

    def _handed_in(self, received: _Received) -> list[Publication] | None:
        try:
            return self._ingest.handle(received.topic, received.payload)
        except (sa.exc.SQLAlchemyError, SandboxError) as error:
            _log.error("a message waits for the database: %s", where(error))  # the message may hold people's data
            return None

    def _tell_standing(self) -> None:
        try:
            self._publish(self._ingest.standing())
        except sa.exc.SQLAlchemyError as error:
            _log.error("open alarms could not be told again: %s", where(error))  # as above

    def _committed(self, transaction: Transaction) -> None:
        # the writer's thread: it must not wait for the network
        self._publish(transaction.publications)

    def _publish(self, publications: Iterable[Publication]) -> None:
        for publication in publications:
            info = self._client.publish(publication.topic, publication.payload, qos=1, retain=publication.retain)
            if info.rc not in (MQTTErrorCode.MQTT_ERR_SUCCESS, MQTTErrorCode.MQTT_ERR_NO_CONN):
                # a lost receipt is asked for again, a lost alarm state told again when the wearable is back
                _log.warning("a message for a wearable was not sent: %s", info.rc.name)
