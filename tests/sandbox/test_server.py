"""The server as a process: its start, its end, and what a kill leaves."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import threading
from typing import TYPE_CHECKING, Any

import attrs
import httpx
import pytest

from sekur_sdk.sandbox.errors import SandboxError
from sekur_sdk.sandbox.serve import parse_broker, serve
from sekur_sdk.sandbox.server import SandboxServer

if TYPE_CHECKING:
    from pathlib import Path

    from sekur_sdk.sandbox.settings import Settings


def test_a_busy_port_is_one_clear_error(sandbox: SandboxServer, settings: Settings, tmp_path: Path) -> None:
    other = attrs.evolve(settings, database=tmp_path / "other.sqlite3")
    with pytest.raises(SandboxError, match=rf"can't listen on 127\.0\.0\.1:{sandbox.port} .* another port"):
        SandboxServer(other, port=sandbox.port).start()


@pytest.mark.parametrize("port", [70_000, -1])
def test_a_port_that_is_none_is_one_clear_error(settings: Settings, port: int) -> None:
    with pytest.raises(SandboxError, match="can't listen on"):
        SandboxServer(settings, port=port).start()


def test_a_database_that_cant_be_opened_frees_the_port(settings: Settings, tmp_path: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    broken = attrs.evolve(settings, database=tmp_path / "none" / "x.sqlite3")
    with pytest.raises(SandboxError, match="folder"):
        SandboxServer(broken, port=port).start()
    with SandboxServer(settings, port=port) as server:
        assert server.port == port


def test_a_restart_keeps_everything(settings: Settings, shift_body: dict[str, object]) -> None:
    headers = {"Authorization": f"Bearer {settings.token}", "Idempotency-Key": "k1"}
    with SandboxServer(settings) as server:
        made = httpx.post(f"{server.url}/api/v1/shifts", json=shift_body, headers=headers).json()
        latest = server.feed.latest
    with SandboxServer(settings) as server:
        assert httpx.get(f"{server.url}/api/v1/shifts/{made['id']}", headers=headers).json() == made
        again = httpx.post(f"{server.url}/api/v1/shifts", json=shift_body, headers=headers)
        assert (again.json(), again.headers["idempotency-replayed"]) == (made, "true")
        assert server.feed.latest == latest


def test_serve_says_where_it_listens_and_its_own_token(tmp_path: Path) -> None:
    lines: list[str] = []
    ready, stop = threading.Event(), threading.Event()

    def say(line: str) -> None:
        lines.append(line)
        if "Ctrl+C" in line:
            ready.set()

    thread = threading.Thread(
        target=serve,
        kwargs={"port": 0, "database": tmp_path / "s.sqlite3", "broker": None, "say": say, "stop": stop},
    )
    thread.start()
    try:
        assert ready.wait(15)
        said = dict(line.split(maxsplit=1) for line in lines)
        headers = {"Authorization": f"Bearer {said['Token']}"}
        assert httpx.get(f"{said['Sandbox']}/sites", headers=headers).status_code == 200
    finally:
        stop.set()
        thread.join(10)


@pytest.mark.parametrize("url", ["localhost:1883", "http://x", "mqtt://", "mqtt://h:x", "mqtt://h/path", "mqtt://[::1"])
def test_a_broker_that_is_no_address_is_one_clear_error(url: str) -> None:
    with pytest.raises(SandboxError, match="mqtt://host:port"):
        parse_broker(url)


SCRIPT = """
import sys, pathlib
from sekur_sdk.sandbox.serve import serve
serve(port=int(sys.argv[2]), database=pathlib.Path(sys.argv[1]), broker=None, token="t" * 20,
      say=lambda line: print(line, flush=True))
"""

KILLED = (
    """
import os, signal, sys
import sekur_sdk.sandbox.store.writer as writer
perform = writer.Writer.perform
def perform_and_die(self, change):
    result = perform(self, change)
    if os.path.exists(sys.argv[3]):
        os.kill(os.getpid(), signal.SIGKILL)
    return result
writer.Writer.perform = perform_and_die
"""
    + SCRIPT
)


class Process:
    """A sandbox in a process of its own."""

    def __init__(self, script: str, *arguments: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", script, *arguments], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        assert self.process.stdout is not None
        self.lines: list[str] = []
        for line in self.process.stdout:
            self.lines.append(line)
            if "Ctrl+C" in line:
                break
        found = re.search(r"http://127\.0\.0\.1:\d+/api/v1", "".join(self.lines))
        assert found, self.lines
        self.base = found[0]

    def client(self) -> httpx.Client:
        return httpx.Client(base_url=self.base, headers={"Authorization": "Bearer " + "t" * 20}, timeout=10)

    def end(self, how: signal.Signals) -> int:
        self.process.send_signal(how)
        code = self.process.wait(10)
        assert self.process.stdout is not None
        self.process.stdout.close()
        return code


@pytest.mark.services
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_in_order_with_streams_open(tmp_path: Path, how: signal.Signals) -> None:
    process = Process(SCRIPT, str(tmp_path / "p.sqlite3"), "0")
    with process.client() as client, client.stream("GET", "/events") as answer:
        assert answer.status_code == 200
        assert process.end(how) == 0


def made(answer: httpx.Response) -> dict[str, Any]:
    assert answer.status_code in (200, 201), answer.text
    return answer.json()  # type: ignore[no-any-return]  # JSON of the contract


@pytest.mark.services
def test_killed_between_commit_and_answer_the_sequence_goes_on_and_a_retry_gets_its_answer(
    tmp_path: Path, quote_body: dict[str, object]
) -> None:
    database, flag = str(tmp_path / "k.sqlite3"), tmp_path / "die"
    process = Process(KILLED, database, "0", str(flag))
    drafts = []
    with process.client() as client:
        for _ in range(2):
            quote = made(client.post("/quotes", json=quote_body))
            for action in ("send", "accept"):
                made(client.post(f"/quotes/{quote['id']}/{action}", json={}))
            drafts.append(made(client.post(f"/quotes/{quote['id']}/convert", json={}))["id"])
        flag.touch()
        with pytest.raises(httpx.TransportError):
            client.post(f"/invoices/{drafts[0]}/issue", json={}, headers={"Idempotency-Key": "k1"})
    assert process.process.wait(10) == -signal.SIGKILL
    assert process.process.stdout is not None
    process.process.stdout.close()

    again = Process(SCRIPT, database, "0")
    with again.client() as client:
        retried = client.post(f"/invoices/{drafts[0]}/issue", json={}, headers={"Idempotency-Key": "k1"})
        assert retried.headers["idempotency-replayed"] == "true"
        numbers = [retried.json()["number"], made(client.post(f"/invoices/{drafts[1]}/issue", json={}))["number"]]
    assert again.end(signal.SIGTERM) == 0
    year = numbers[0].split("-")[1]
    assert numbers == [f"FA-{year}-000001", f"FA-{year}-000002"]


def test_the_sandbox_loads_without_the_client() -> None:
    code = (
        "import sys, sekur_sdk.sandbox.serve as _; "
        "sys.exit(any(name.startswith('sekur_sdk.client') for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], env=os.environ, check=False).returncode == 0
