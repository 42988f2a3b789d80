"""The ingest behind real brokers."""

from __future__ import annotations

import json
import queue
import threading
from typing import TYPE_CHECKING, Any

import paho.mqtt.client as mqtt
import pytest
import sqlalchemy as sa
from paho.mqtt.enums import CallbackAPIVersion

from sekur_sdk.models.device import DeviceAddress
from sekur_sdk.sandbox.broker import EmbeddedBroker
from sekur_sdk.sandbox.errors import SandboxError
from sekur_sdk.sandbox.ingest.ingest import Ingest
from sekur_sdk.sandbox.ingest.mqtt import MqttLink
from sekur_sdk.sandbox.inputs.safety import ConfigUpdate
from sekur_sdk.sandbox.store import schema
from sekur_sdk.sandbox.store.records import alerts, devices
from sekur_sdk.sandbox.trade import alerts as trade
from sekur_sdk.sandbox.trade import commands

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conftest import Clock
    from real_parts.mosquitto import Broker, StartBroker
    from wearable import Wearable

    from sekur_sdk.sandbox.store.database import Store
    from sekur_sdk.sandbox.store.writer import Transaction

pytestmark = pytest.mark.services

WAIT_S = 15


class Line:
    """A wearable's own line to the broker: what comes down, in a queue."""

    def __init__(self, port: int, address: DeviceAddress) -> None:
        self.address = address
        self.came: queue.Queue[tuple[str, dict[str, Any]]] = queue.Queue()
        self.subscribed = threading.Event()
        self.client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id=address.device, clean_session=False)
        self.client.reconnect_delay_set(1, 1)
        self.client.on_connect = lambda client, *_: client.subscribe([(topic, 1) for topic in address.downward])
        self.client.on_subscribe = lambda *_: self.subscribed.set()
        self.client.on_message = self._on_message
        self.client.connect_async("127.0.0.1", port)
        self.client.loop_start()
        assert self.subscribed.wait(WAIT_S)

    def _on_message(self, _client: mqtt.Client, _data: object, message: mqtt.MQTTMessage) -> None:
        self.came.put((message.topic.removeprefix(self.address.topic("")), json.loads(message.payload)))

    def send(self, channel: str, message: dict[str, Any] | bytes) -> None:
        payload = message if isinstance(message, bytes) else json.dumps(message).encode()
        self.client.publish(self.address.topic(channel), payload, qos=1)

    def next(self) -> tuple[str, dict[str, Any]]:
        return self.came.get(timeout=WAIT_S)

    def stop(self) -> None:
        self.client.disconnect()
        self.client.loop_stop()


@pytest.fixture
def link(store: Store, ingest: Ingest, broker: Broker) -> Iterator[MqttLink]:
    link = MqttLink(ingest, store, host="127.0.0.1", port=broker.port)
    link.start()
    link.wait_until_subscribed(WAIT_S)
    yield link
    link.stop()


@pytest.fixture
def line(broker: Broker) -> Iterator[Line]:
    line = Line(broker.port, DeviceAddress("demo", "dev_demo"))
    yield line
    line.stop()


def open_alerts(store: Store) -> list[Any]:
    with store.read() as connection:
        return alerts.all(connection)


@pytest.mark.usefixtures("link")
def test_an_alarm_is_receipted_acknowledged_and_resolved_over_mosquitto(
    store: Store, wearable: Wearable, line: Line
) -> None:
    message = wearable.alert()
    line.send("alert", message)
    channel, receipt = line.next()
    assert (channel, receipt["uid"], receipt["outcome"]) == ("receipt", message["uid"], "stored")
    (alert,) = open_alerts(store)
    assert line.next()[1]["state"] == "received"
    taken = store.write(lambda tx: trade.acknowledge(tx, alert, by="Sophie"))
    assert line.next()[1]["state"] == "acknowledged"
    store.write(lambda tx: trade.resolve(tx, taken, by="Sophie", resolution="RAS", false_alarm=False))
    assert line.next()[1]["state"] == "resolved"


@pytest.mark.usefixtures("link")
def test_what_a_wearable_hears_of_its_alarm_survives_a_dead_broker(
    store: Store, wearable: Wearable, line: Line, broker: Broker
) -> None:
    line.send("alert", wearable.alert())
    assert [line.next()[0], line.next()[0]] == ["receipt", "alert/state"]
    broker.kill()
    (alert,) = open_alerts(store)
    store.write(lambda tx: trade.acknowledge(tx, alert, by="Sophie"))
    line.subscribed.clear()
    broker.start()
    assert line.subscribed.wait(WAIT_S)
    line.send("status", wearable.status())
    while (told := line.next()[1]).get("state") != "acknowledged":
        pass
    assert told["alert_id"] == alert.id


def test_messages_that_came_while_the_ingest_was_down_are_taken_when_it_is_back(
    store: Store, ingest: Ingest, broker: Broker, line: Line, wearable: Wearable
) -> None:
    first = MqttLink(ingest, store, host="127.0.0.1", port=broker.port)
    first.start()
    first.wait_until_subscribed(WAIT_S)
    first.stop()
    messages = [wearable.health() for _ in range(50)]
    for message in messages:
        line.send("health", message)
    second = MqttLink(ingest, store, host="127.0.0.1", port=broker.port)
    second.start()
    try:
        receipts = [line.next()[1]["uid"] for _ in messages]
    finally:
        second.stop()
    assert receipts == [message["uid"] for message in messages]


def test_a_message_is_acknowledged_to_the_broker_only_after_its_commit(
    store: Store, broker: Broker, line: Line, wearable: Wearable
) -> None:
    # the first ingest stands for one whose process died in its commit: it takes the message and never ends with it
    taken = threading.Event()
    ended = threading.Event()

    class Dying(Ingest):
        def handle(self, topic: str, payload: bytes) -> list[Any]:  # noqa: ARG002  # the ingest's own signature
            taken.set()
            ended.wait(WAIT_S)
            raise sa.exc.OperationalError("COMMIT", None, OSError("gone"))

    dying = MqttLink(Dying(store), store, host="127.0.0.1", port=broker.port)
    dying.start()
    dying.wait_until_subscribed(WAIT_S)
    message = wearable.alert()
    line.send("alert", message)
    assert taken.wait(WAIT_S)
    dying._ended.set()
    ended.set()
    dying.stop()
    assert open_alerts(store) == []

    heir = MqttLink(Ingest(store), store, host="127.0.0.1", port=broker.port)
    heir.start()
    try:
        assert line.next()[1]["uid"] == message["uid"]
    finally:
        heir.stop()
    assert len(open_alerts(store)) == 1


def test_a_database_that_cant_write_for_a_while_only_delays_an_alarm(
    store: Store, broker: Broker, line: Line, wearable: Wearable
) -> None:
    class Stalling(Ingest):
        failures = 3

        def handle(self, topic: str, payload: bytes) -> list[Any]:
            if self.failures:
                self.failures -= 1
                raise sa.exc.OperationalError("COMMIT", None, OSError("disk full"))
            return super().handle(topic, payload)

    link = MqttLink(Stalling(store), store, host="127.0.0.1", port=broker.port)
    link.start()
    try:
        link.wait_until_subscribed(WAIT_S)
        line.send("alert", wearable.alert())
        assert line.next()[1]["outcome"] == "stored"
    finally:
        link.stop()


@pytest.mark.usefixtures("link")
def test_hostile_messages_do_not_stop_the_ingest(store: Store, line: Line, wearable: Wearable) -> None:
    for payload in (b"", b"\xff", b"[" * 5000, b"x" * 50_000):
        line.send("event", payload)
        assert line.next()[1]["outcome"] == "quarantined"
    line.client.publish("sekur/v1/demo/dev demo/alert", b"x", qos=1)
    line.client.publish("sekur/v1/other/dev_demo/alert", b"x", qos=1)
    line.send("alert", wearable.alert())
    assert line.next()[1]["outcome"] == "stored"


def test_the_link_waits_for_a_broker_that_comes_later(store: Store, ingest: Ingest, start_broker: StartBroker) -> None:
    broker = start_broker(start=False)
    link = MqttLink(ingest, store, host="127.0.0.1", port=broker.port)
    link.start()
    try:
        with pytest.raises(SandboxError, match=f"127.0.0.1:{broker.port}"):
            link.wait_until_subscribed(0.2)
        broker.start()
        link.wait_until_subscribed(WAIT_S)
    finally:
        link.stop()


def test_the_embedded_broker_carries_an_alarm_and_its_receipt_over_a_restart(
    store: Store, ingest: Ingest, clock: Clock, wearable: Wearable
) -> None:
    with EmbeddedBroker() as broker:
        link = MqttLink(ingest, store, host=broker.host, port=broker.port)
        link.start()
        line = Line(broker.port, DeviceAddress("demo", "dev_demo"))
        try:
            link.wait_until_subscribed(WAIT_S)
            line.send("alert", wearable.alert())
            assert [line.next()[1].get("outcome"), line.next()[1].get("state")] == ["stored", "received"]
            line.subscribed.clear()
            broker.kill()
            assert not broker.running
            broker.start()
            assert line.subscribed.wait(WAIT_S)
            link.wait_until_subscribed(WAIT_S)
            message = wearable.alert("sos")
            line.send("alert", message)
            while line.next()[1]["uid"] != message["uid"]:
                pass
        finally:
            line.stop()
            link.stop()
    assert len(open_alerts(store)) == 2
    with store.read() as connection:
        assert connection.execute(sa.select(schema.quarantine)).all() == []


def test_a_taken_port_is_one_clear_error_for_the_embedded_broker(broker: Broker) -> None:
    with pytest.raises(SandboxError, match=f"127.0.0.1:{broker.port}: the port is taken"):
        EmbeddedBroker(broker.port).start()


@pytest.mark.usefixtures("link")
def test_a_configuration_waits_at_the_broker_for_a_wearable_that_was_never_there(store: Store, broker: Broker) -> None:
    def configure(tx: Transaction) -> None:
        device = devices.find(tx.connection, "dev_demo")
        assert device is not None
        commands.configure(tx, device, commands.config_of(tx.connection, device), ConfigUpdate(tilt_deg=50.0))

    store.write(configure)
    late = Line(broker.port, DeviceAddress("demo", "dev_demo"))
    channel, body = late.next()
    assert (channel, body["version"], body["settings"]["tilt_deg"]) == ("config/desired", 1, 50.0)
    late.stop()
