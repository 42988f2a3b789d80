"""The daemons that other tests rest on behave as those tests assume."""

from __future__ import annotations

import os
import socket
from typing import TYPE_CHECKING

import pytest
from real_parts.ports import accepts_connections
from real_parts.receiver import Sky, burst, sentence

if TYPE_CHECKING:
    from real_parts.gpsd import Gpsd, StartGpsd
    from real_parts.mosquitto import Broker, StartBroker


def _answers_ping(port: int, timeout: float) -> bool:
    """Whether a broker answers an MQTT 3.1.1 CONNECT with its CONNACK."""
    connect = bytes([0x10, 13, 0, 4]) + b"MQTT" + bytes([4, 2, 0, 10, 0, 1]) + b"t"
    with socket.create_connection(("127.0.0.1", port), timeout=timeout) as line:
        line.sendall(connect)
        try:
            return line.recv(4) == bytes([0x20, 2, 0, 0])
        except TimeoutError:
            return False


def test_a_sentence_ends_with_the_exclusive_or_of_its_characters() -> None:
    body = "GPGLL,5057.970,N,00146.110,E,142451,A"

    assert sentence(body) == b"$GPGLL,5057.970,N,00146.110,E,142451,A*27\r\n"


def test_a_place_south_and_west_is_told_in_degrees_and_minutes() -> None:
    from datetime import UTC, datetime

    told = burst(Sky(latitude=-12.5, longitude=-0.25), datetime(2026, 3, 1, 22, 15, 30, tzinfo=UTC)).decode()

    assert "$GPRMC,221530.00,A,1230.00000,S,00015.00000,W,0.00,0.0,010326,,,A*" in told


@pytest.mark.services
def test_a_broker_comes_back_on_its_port_after_a_kill(broker: Broker) -> None:
    assert _answers_ping(broker.port, timeout=5)
    broker.kill()
    assert not accepts_connections(broker.port)
    broker.start()
    assert _answers_ping(broker.port, timeout=5)


@pytest.mark.services
def test_a_frozen_broker_takes_connections_and_answers_nothing(broker: Broker) -> None:
    broker.freeze()
    assert not _answers_ping(broker.port, timeout=0.3)
    broker.thaw()
    assert _answers_ping(broker.port, timeout=5)


@pytest.mark.services
def test_a_broker_left_frozen_is_still_ended(start_broker: StartBroker) -> None:
    broker = start_broker()
    pid = broker.pid
    broker.freeze()

    broker.stop()

    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


@pytest.mark.services
def test_a_broker_takes_the_given_settings(start_broker: StartBroker) -> None:
    broker = start_broker("allow_anonymous false")

    assert not _answers_ping(broker.port, timeout=5)


@pytest.mark.services
def test_a_broker_that_refuses_its_configuration_says_why(start_broker: StartBroker) -> None:
    with pytest.raises(RuntimeError, match="no_such_setting"):
        start_broker("no_such_setting 1")


@pytest.mark.services
def test_gpsd_reports_where_the_receiver_is(gpsd: Gpsd) -> None:
    fix = gpsd.wait_for_fix()

    assert (round(fix["lat"], 4), round(fix["lon"], 4)) == (48.8566, 2.3522)


@pytest.mark.services
def test_gpsd_reports_a_move_and_a_lost_fix(gpsd: Gpsd) -> None:
    gpsd.wait_for_fix()
    gpsd.receiver.place(45.7640, 4.8357)
    gpsd.wait_for(lambda report: round(report.get("lat", 0), 4) == 45.7640)
    gpsd.receiver.lose_fix()

    gpsd.wait_for(lambda report: report["class"] == "TPV" and report["mode"] == 1)


@pytest.mark.services
def test_gpsd_killed_and_started_again_finds_its_receiver(gpsd: Gpsd) -> None:
    gpsd.wait_for_fix()
    gpsd.kill()
    gpsd.start()

    gpsd.wait_for_fix()


@pytest.mark.services
def test_gpsd_without_a_device_has_none_to_report(start_gpsd: StartGpsd) -> None:
    bare = start_gpsd(device=False)

    assert bare.wait_for(lambda report: report["class"] == "DEVICES")["devices"] == []
