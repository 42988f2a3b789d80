"""The link over TLS with a client certificate, against a real mosquitto; certificates are made by openssl for the test."""

from __future__ import annotations

import shutil
import threading
from typing import TYPE_CHECKING

import attrs
import pytest
from authority import Authority
from receipting_server import ReceiptingServer
from whole_wearable import WholeWearable, config

from edge_agent import agent_events as told
from edge_agent.certificates import CertificateFiles
from edge_agent.config import BrokerSection
from edge_agent.faults import FaultCode
from sekur_sdk.models.device import AlertBody

if TYPE_CHECKING:
    from pathlib import Path

    from real_parts.mosquitto import Broker, StartBroker

pytestmark = pytest.mark.services


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    if shutil.which("openssl") is None:
        pytest.fail("needs openssl (Debian package openssl), which mosquitto's package brings")
    return Authority(tmp_path / "authority")


def tls_broker(start_broker: StartBroker, authority: Authority, *settings: str, days: str = "2") -> Broker:
    certificate, key = authority.issue("broker", days=days)
    return start_broker(
        "listener {port} 127.0.0.1",
        f"cafile {authority.certificate}",
        f"certfile {certificate}",
        f"keyfile {key}",
        "require_certificate true",
        "use_identity_as_username true",
        "allow_anonymous false",
        *settings,
    )


def with_tls(folder: Path, broker: Broker, authority: Authority, client: tuple[Path, Path] | None) -> WholeWearable:
    section = BrokerSection(
        host="127.0.0.1",
        port=broker.port,
        ca_file=authority.certificate,
        cert_file=client[0] if client else None,
        key_file=client[1] if client else None,
    )
    return WholeWearable(attrs.evolve(config(folder, broker.port), broker=section))


def test_a_device_with_its_certificate_connects(
    start_broker: StartBroker, authority: Authority, tmp_path: Path
) -> None:
    broker = tls_broker(start_broker, authority)
    with with_tls(tmp_path, broker, authority, authority.issue("w-1")) as wearable:
        wearable.log.wait_for(told.BrokerConnected)


def test_a_device_without_one_does_not_connect_and_says_so(
    start_broker: StartBroker, authority: Authority, tmp_path: Path
) -> None:
    broker = tls_broker(start_broker, authority)
    with with_tls(tmp_path, broker, authority, None) as wearable:
        wearable.log.wait_for(told.BrokerLost)
        assert wearable.log.of(told.BrokerConnected) == []


def test_a_broker_of_another_authority_is_a_fault_of_its_own(
    start_broker: StartBroker, authority: Authority, tmp_path: Path
) -> None:
    other = Authority(tmp_path / "other")
    broker = tls_broker(start_broker, authority)
    with with_tls(tmp_path, broker, other, authority.issue("w-1")) as wearable:
        lost = wearable.log.wait_for(told.BrokerLost)

    assert lost.code is FaultCode.TLS_FAILED


def test_a_certificate_out_of_date_by_this_clock_is_told_as_a_fault_of_the_clock(
    start_broker: StartBroker, authority: Authority, tmp_path: Path
) -> None:
    broker = tls_broker(start_broker, authority, days="-1")
    with with_tls(tmp_path, broker, authority, authority.issue("w-1")) as wearable:
        lost = wearable.log.wait_for(told.BrokerLost)

    assert lost.code is FaultCode.TLS_CLOCK


ACCESS = """\
pattern write sekur/v1/+/%u/#
pattern read sekur/v1/+/%u/#
user the-server
topic readwrite sekur/#
"""


def server_of(broker: Broker, authority: Authority) -> ReceiptingServer:
    certificate, key = authority.issue("the-server")
    server = ReceiptingServer(
        broker.port, tls={"ca_certs": str(authority.certificate), "certfile": str(certificate), "keyfile": str(key)}
    )
    server.wait_subscribed()
    return server


def test_the_certificate_of_another_device_gets_no_alarm_through_and_its_own_does(
    start_broker: StartBroker, authority: Authority, tmp_path: Path
) -> None:
    access = tmp_path / "acl"
    access.write_text(ACCESS)
    broker = tls_broker(start_broker, authority, f"acl_file {access}")
    server = server_of(broker, authority)
    try:
        with with_tls(tmp_path / "theirs", broker, authority, authority.issue("w-2")) as wearable:
            wearable.agent.press_sos()
            # the broker acknowledges what it then drops: without the receipt the device would believe it
            wearable.log.wait_for(told.MessagePublished)
            assert wearable.log.of(told.MessageReceipted) == []
        assert server.bodies(AlertBody) == []
        with with_tls(tmp_path / "own", broker, authority, authority.issue("w-1")) as wearable:
            wearable.agent.press_sos()
            uid = wearable.log.wait_for(told.AlarmRaised).uid
            wearable.log.wait_for(told.MessageReceipted, lambda event: event.uid == uid)
    finally:
        server.stop()


def test_a_certificate_is_renewed_while_alarms_are_sent_and_none_is_lost(
    start_broker: StartBroker, authority: Authority, tmp_path: Path
) -> None:
    broker = tls_broker(start_broker, authority)
    server = server_of(broker, authority)
    certificate, key = authority.issue("w-1")
    new_certificate, new_key = authority.issue("w-1-renewed")
    try:
        with with_tls(tmp_path / "device", broker, authority, (certificate, key)) as wearable:
            wearable.log.wait_for(told.BrokerConnected)
            new_certificate.replace(certificate)
            new_key.replace(key)
            pressed = 0
            while len(wearable.log.of(told.BrokerConnected)) < 2:
                wearable.agent.press_sos()
                wearable.agent.press_cancel()
                pressed += 1
                assert pressed < 100
                wearable.clock.wait(threading.Event(), 0.2)
            wearable.agent.press_sos()
            raised = {event.uid for event in wearable.log.of(told.AlarmRaised)}
            for uid in raised:
                wearable.log.wait_for(told.MessageReceipted, lambda event, uid=uid: event.uid == uid)
            assert wearable.log.of(told.BrokerLost) == []
    finally:
        server.stop()

    # the broker names a client by its certificate
    assert "w-1-renewed" in broker.log


def test_half_of_a_renewal_leaves_the_connection_alone(authority: Authority, tmp_path: Path) -> None:
    certificate, key = authority.issue("w-1")
    other_certificate, other_key = authority.issue("w-1-renewed")
    files = CertificateFiles(
        BrokerSection(host="127.0.0.1", ca_file=authority.certificate, cert_file=certificate, key_file=key)
    )
    assert not files.renewed()
    other_certificate.replace(certificate)
    assert not files.renewed()
    other_key.replace(key)
    assert files.renewed()
    files.used()
    assert not files.renewed()
