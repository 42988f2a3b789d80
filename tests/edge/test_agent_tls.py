"""The link over TLS with a client certificate, against a real mosquitto; certificates are made by openssl for the test."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

import attrs
import pytest
from whole_wearable import WholeWearable, config

from edge_agent import agent_events as told
from edge_agent.config import BrokerSection
from edge_agent.faults import FaultCode

if TYPE_CHECKING:
    from pathlib import Path

    from real_parts.mosquitto import Broker, StartBroker

pytestmark = pytest.mark.services


class Authority:
    """A certificate authority in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(exist_ok=True)
        self._openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2")

    @property
    def certificate(self) -> Path:
        return self.folder / "ca.pem"

    def issue(self, name: str, *, days: str = "2") -> tuple[Path, Path]:
        key, request, certificate = (self.folder / f"{name}.{suffix}" for suffix in ("key", "csr", "pem"))
        extensions = self.folder / "san.ext"
        extensions.write_text("subjectAltName=IP:127.0.0.1\n")
        run("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", f"/CN={name}",
            "-keyout", str(key), "-out", str(request))  # fmt: skip
        run("x509", "-req", "-in", str(request), "-CA", str(self.certificate), "-CAkey", str(self.folder / "ca.key"),
            "-CAcreateserial", "-days", days, "-extfile", str(extensions), "-out", str(certificate))  # fmt: skip
        return certificate, key

    def _openssl(self, *arguments: str) -> None:
        run(*arguments, "-subj", "/CN=test authority", "-keyout", str(self.folder / "ca.key"),
            "-out", str(self.certificate))  # fmt: skip


def run(*arguments: str) -> None:
    subprocess.run(["openssl", *arguments], check=True, capture_output=True)


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    if shutil.which("openssl") is None:
        pytest.fail("needs openssl (Debian package openssl), which mosquitto's package brings")
    return Authority(tmp_path / "authority")


def tls_broker(start_broker: StartBroker, authority: Authority, days: str = "2") -> Broker:
    certificate, key = authority.issue("broker", days=days)
    return start_broker(
        "listener {port} 127.0.0.1",
        f"cafile {authority.certificate}",
        f"certfile {certificate}",
        f"keyfile {key}",
        "require_certificate true",
        "use_identity_as_username true",
        "allow_anonymous false",
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
