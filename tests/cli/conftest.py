"""The `sekur` command in this process, against a server that answers by a script."""

from __future__ import annotations

import attrs
import pytest
from scripted_http import ScriptedServer

from sekur_sdk.cli.program import run


@attrs.frozen
class Ended:
    code: int
    out: str
    err: str


@pytest.fixture
def server():
    server = ScriptedServer()
    yield server
    server.close()


@pytest.fixture
def sekur(server, monkeypatch, capsys, tmp_path):
    """Runs `sekur` with arguments, configured for the server."""
    monkeypatch.setenv("SEKUR_BASE_URL", server.url)
    monkeypatch.setenv("SEKUR_TOKEN", "t0ken")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.delenv("SEKUR_DEBUG", raising=False)

    def run_command(*arguments):
        code = run(arguments)
        captured = capsys.readouterr()
        return Ended(code, captured.out, captured.err)

    return run_command
