"""`sekur sandbox serve`, as a process of its own."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys

import pytest

pytestmark = pytest.mark.services

MAIN = [sys.executable, "-c", "import sys; from sekur_sdk.cli import main; sys.exit(main())"]


@pytest.fixture
def serve(tmp_path):
    running = []

    def start(*arguments, **environ):
        command = [*MAIN, "sandbox", "serve", "--database", str(tmp_path / "sandbox.sqlite3"), *arguments]
        process = subprocess.Popen(
            command, env=os.environ | environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        running.append(process)
        return process

    yield start
    for process in running:
        process.kill()
        process.communicate()


def read_until(process, pattern):
    lines = []
    for line in process.stdout:
        lines.append(line)
        found = re.search(pattern, line)
        if found:
            return found
    raise AssertionError("".join(lines) + process.stderr.read())


def test_it_says_where_it_listens_serves_and_ends_on_ctrl_c(serve):
    process = serve("--port", "0", "--broker", "none", PYTHONUNBUFFERED="1", SEKUR_SANDBOX_TOKEN="my-own-token")
    base_url = read_until(process, r"(http://127\.0\.0\.1:\d+)\S*")[1]
    read_until(process, "Ctrl")
    environ = os.environ | {"SEKUR_BASE_URL": base_url, "SEKUR_TOKEN": "my-own-token"}
    listed = subprocess.run([*MAIN, "shifts", "list"], env=environ, capture_output=True, text=True, check=False)
    assert (listed.returncode, listed.stderr) == (0, "")
    assert listed.stdout.split()[0] == "id"
    process.send_signal(signal.SIGINT)
    _, error = process.communicate(timeout=20)
    assert (process.returncode, error) == (0, "")


def test_a_port_that_is_taken_is_one_line_and_code_2(serve):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        process = serve("--port", str(taken.getsockname()[1]), "--broker", "none")
        _, error = process.communicate(timeout=30)
    assert process.returncode == 2
    assert error.startswith("sekur: can't listen on 127.0.0.1:")
    assert error.count("\n") == 1


def test_an_address_that_is_no_broker_is_one_line_and_code_2(serve):
    process = serve("--port", "0", "--broker", "http://127.0.0.1")
    _, error = process.communicate(timeout=30)
    assert (process.returncode, error.count("\n")) == (2, 1)
    assert "mqtt://" in error
