"""One connection to the broker: given up while it is made, closed on a broker that reads nothing, without a thread of paho's."""

from __future__ import annotations

import queue
import select
import socket
import threading
import time
from typing import TYPE_CHECKING

import pytest

from edge_agent.config import BrokerSection
from edge_agent.mqtt_link import Connected, Failed, LinkSignal, Lost, MqttLink, Opened

if TYPE_CHECKING:
    from collections.abc import Iterator

    from real_parts.mosquitto import Broker

CONNECT, DISCONNECT = 0x10, bytes((0xE0, 0))


class Tried:
    """A link, and what it posted."""

    def __init__(self, port: int) -> None:
        self.posted: queue.SimpleQueue[LinkSignal] = queue.SimpleQueue()
        section = BrokerSection(host="127.0.0.1", port=port)
        self.link = MqttLink(1, section, "sekur-acme-w-1", ("will", b"{}"), self.posted.put)

    def turn_until(self, kind: type[LinkSignal]) -> LinkSignal:
        """Give it turns, as the uplink does, until it posts one of a kind."""
        until = time.monotonic() + 10
        while time.monotonic() < until:
            line = self.link.line
            if line is not None:
                select.select([line], [], [], 0.05)
                self.link.turn()
            try:
                posted = self.posted.get(timeout=0 if line is not None else 0.05)
            except queue.Empty:
                continue
            if isinstance(posted, kind):
                return posted
        raise AssertionError(f"no {kind.__name__}")


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    """Takes connections, and stands for a broker that says nothing: a real one answers at once."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(10)
        yield server


def test_a_connection_that_was_given_up_while_it_was_made_is_dropped_and_never_told(listener: socket.socket) -> None:
    tried = Tried(listener.getsockname()[1])
    tried.link.close()
    tried.link.connect()
    line, _ = listener.accept()
    with line:
        line.settimeout(10)
        heard = b""
        while more := line.recv(4096):
            heard += more

    assert heard[0] == CONNECT
    assert heard.endswith(DISCONNECT)
    assert tried.posted.empty()
    assert tried.link.line is None


def test_nobody_listening_is_a_failure_that_is_told(listener: socket.socket) -> None:
    port = listener.getsockname()[1]
    listener.close()
    tried = Tried(port)
    tried.link.connect()

    assert isinstance(tried.turn_until(Failed), Failed)
    assert tried.link.line is None


def test_a_broker_that_hangs_up_is_a_loss_that_is_told(listener: socket.socket) -> None:
    tried = Tried(listener.getsockname()[1])
    tried.link.connect()
    listener.accept()[0].close()

    tried.turn_until(Lost)
    assert tried.link.line is None
    assert tried.link.publish("topic", b"{}") is None


@pytest.mark.services
def test_closing_takes_about_a_second_with_a_broker_that_reads_nothing(listener: socket.socket) -> None:
    tried = Tried(listener.getsockname()[1])
    tried.link.connect()
    tried.turn_until(Opened)
    line, _ = listener.accept()
    with line:
        while not tried.link.wants_write:
            assert tried.link.publish("topic", b"x" * 1_000_000) is not None
        began = time.monotonic()
        tried.link.close()

        assert time.monotonic() - began < 2
        # nothing of it is left open: the other side sees the end
        line.settimeout(10)
        while line.recv(1_000_000):
            pass


@pytest.mark.services
def test_a_connection_has_no_thread_of_its_own(broker: Broker) -> None:
    before = set(threading.enumerate())
    tried = Tried(broker.port)
    tried.link.connect()
    tried.turn_until(Connected)
    mid = tried.link.publish("sekur/v1/acme/w-1/alert", b"{}")
    acked: list[int] = []
    until = time.monotonic() + 10
    while not acked and time.monotonic() < until:
        line = tried.link.line
        assert line is not None
        select.select([line], [], [], 0.05)
        acked += tried.link.turn()

    assert acked == [mid]
    assert {thread for thread in threading.enumerate() if thread.name != "connecting"} <= before
    tried.link.close()
    assert tried.link.line is None
