"""A server on the broker that does what the contract asks of one, kept in memory: it decodes, dedupes on uid, and receipts.

It stands in for the sandbox's ingest where a test is about the wearable: it can fall silent, send receipts twice, or lose them.
"""

from __future__ import annotations

import hashlib
import threading
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

from sekur_sdk.models.device import AlertUpdate, Channel, DeviceAddress, Envelope, Receipt, ReceiptOutcome, parse_topic
from sekur_sdk.wire import WireError, encode
from sekur_sdk.wire.messages import decode_message, read_uid

if TYPE_CHECKING:
    from collections.abc import Callable

    from sekur_sdk.models.device import AlertState


class ReceiptingServer:
    """Subscribed to every device's upward topics. ``receipts`` False: it takes everything and answers nothing."""

    def __init__(
        self, port: int, *, receipts: bool = True, host: str = "127.0.0.1", tls: dict[str, str] | None = None
    ) -> None:
        self.receipts = receipts
        self.receipts_each = 1
        self.received: list[tuple[str, str, bytes]] = []
        self.messages: dict[str, tuple[str, Envelope[Any]]] = {}
        self.unreadable: list[tuple[str, bytes]] = []
        self.statuses: list[bytes] = []
        self._changed = threading.Condition()
        self._client = Client(
            CallbackAPIVersion.VERSION2, "the-server", clean_session=False, protocol=MQTTProtocolVersion.MQTTv311
        )
        self._client.reconnect_delay_set(1, 1)
        self._client.on_connect = lambda client, *_: client.subscribe([("sekur/v1/#", 1)])
        self._subscribed = threading.Event()
        self._client.on_subscribe = lambda *_: self._subscribed.set()
        self._client.on_message = lambda _client, _data, message: self._take(message.topic, bytes(message.payload))
        if tls is not None:
            self._client.tls_set(**tls)
        self._client.connect_async(host, port, keepalive=5)
        self._client.loop_start()

    def wait_subscribed(self, timeout: float = 10.0) -> None:
        if not self._subscribed.wait(timeout):
            raise TimeoutError("the server did not get its subscription")

    def wait_for(self, wanted: Callable[[ReceiptingServer], Any], timeout: float = 20.0) -> Any:
        """Return the first true answer of ``wanted`` to this server."""
        deadline = time.monotonic() + timeout
        with self._changed:
            while not (found := wanted(self)):
                left = deadline - time.monotonic()
                if left <= 0:
                    kinds = [f"{channel} {envelope.body!r}" for channel, envelope in self.messages.values()]
                    raise TimeoutError(f"not seen in {timeout} s; the server has {kinds}")
                self._changed.wait(left)
            return found

    def bodies(self, kind: type) -> list[Any]:
        return [envelope.body for _, envelope in self.messages.values() if isinstance(envelope.body, kind)]

    def times_received(self, uid: str) -> int:
        return sum(1 for _, _, payload in self.received if read_uid(payload) == uid)

    def tell(self, address: DeviceAddress, uid: str, state: AlertState) -> None:
        update = AlertUpdate(uid=uid, alert_id="alt_1", state=state, at=datetime.now(UTC))
        self._client.publish(address.topic(Channel.ALERT_STATE), encode(update), qos=1)

    def publish(self, topic: str, payload: bytes) -> None:
        self._client.publish(topic, payload, qos=1)

    def stop(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()

    def _take(self, topic: str, payload: bytes) -> None:
        address, channel = parse_topic(topic)
        if channel == Channel.STATUS:
            with self._changed:
                self.statuses.append(payload)
                self._changed.notify_all()
        if channel not in (Channel.ALERT, Channel.EVENT, Channel.POSITION, Channel.HEALTH):
            return
        receipt = self._store(channel, payload)
        if self.receipts and Channel(channel).needs_receipt:
            for _ in range(self.receipts_each):
                self._client.publish(address.topic(Channel.RECEIPT), encode(receipt), qos=1)

    def _store(self, channel: str, payload: bytes) -> Receipt:
        now = datetime.now(UTC)
        try:
            envelope = decode_message(channel, payload)
        except WireError:
            with self._changed:
                self.unreadable.append((channel, payload))
                self._changed.notify_all()
            uid = read_uid(payload)
            sha = None if uid else hashlib.sha256(payload).hexdigest()
            return Receipt(uid=uid, payload_sha256=sha, outcome=ReceiptOutcome.QUARANTINED, at=now)
        with self._changed:
            new = envelope.uid not in self.messages
            self.messages.setdefault(envelope.uid, (channel, envelope))
            self.received.append((channel, envelope.uid, payload))
            self._changed.notify_all()
        return Receipt(uid=envelope.uid, outcome=ReceiptOutcome.STORED if new else ReceiptOutcome.DUPLICATE, at=now)
