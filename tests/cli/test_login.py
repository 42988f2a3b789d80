"""`sekur login`, completion, and warnings about what is not safe."""

from __future__ import annotations

import io
import json
import os
import pty
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from scripted_http import json_answer, page, problem

EXAMPLES = Path(__file__).resolve().parents[2] / "docs" / "contract" / "examples"
ORGANISATION = json.loads((EXAMPLES / "organisation.json").read_text("utf-8"))
MAIN = [sys.executable, "-c", "import sys; from sekur_sdk.cli import main; sys.exit(main())"]


@pytest.fixture
def file(tmp_path):
    return tmp_path / "sekur" / "config.toml"


@pytest.fixture
def typed(monkeypatch):
    return lambda text: monkeypatch.setattr("sys.stdin", io.StringIO(text))


def test_login_checks_the_token_and_keeps_it_where_others_can_not_read_it(sekur, server, typed, file, monkeypatch):
    monkeypatch.delenv("SEKUR_TOKEN")
    typed("l0gin-token\n")
    server.answer(json_answer(ORGANISATION), json_answer(page()))
    ended = sekur("login", "--base-url", server.url)
    assert (ended.code, ended.err) == (0, "")
    assert ended.out == f"{file}: {ORGANISATION['name']}\n"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    monkeypatch.delenv("SEKUR_BASE_URL")
    assert sekur("shifts", "list").code == 0
    assert [request.headers["authorization"] for request in server.received] == ["Bearer l0gin-token"] * 2


def test_a_token_that_the_server_refuses_is_not_kept(sekur, server, typed, file):
    typed("wr0ng\n")
    server.answer(problem(401, title="Unauthorized", request_id="r1"))
    ended = sekur("login", "--base-url", server.url)
    assert (ended.code, ended.err) == (1, "sekur: 401 Unauthorized (request r1)\n")
    assert not file.exists()


def test_a_token_can_be_kept_without_asking_the_server(sekur, server, typed, file):
    typed("l0gin-token\n")
    assert sekur("login", "--no-check", "--base-url", server.url).code == 0
    assert "l0gin-token" in file.read_text()
    assert server.received == []


@pytest.mark.parametrize("text", ["", "two words\n"])
def test_what_is_no_token_is_told_with_code_2(sekur, server, typed, text):
    typed(text)
    ended = sekur("login", "--base-url", server.url)
    assert ended.code == 2
    assert ended.err.startswith("sekur: token: a secret ")
    assert "two words" not in ended.err


def test_no_command_takes_a_token_as_an_argument(sekur):
    ended = sekur("login", "--token", "l0gin-token")
    assert (ended.code, "No such option" in ended.err) == (2, True)


def test_a_person_types_the_token_unseen(server, file, tmp_path):
    server.answer(json_answer(ORGANISATION))
    master, slave = pty.openpty()
    environ = os.environ | {"XDG_CONFIG_HOME": str(tmp_path), "SEKUR_BASE_URL": server.url}
    command = subprocess.Popen(
        [*MAIN, "login"], stdin=slave, stdout=slave, stderr=slave, env=environ, start_new_session=True
    )
    os.close(slave)
    shown = b""
    while b"Token:" not in shown:
        shown += os.read(master, 1000)
    os.write(master, b"l0gin-token\n")
    try:
        while chunk := os.read(master, 1000):
            shown += chunk
    except OSError:
        pass  # the other end is closed: the command ended
    os.close(master)
    assert command.wait(20) == 0
    assert b"l0gin-token" not in shown
    assert "l0gin-token" in file.read_text()


def test_a_server_without_tls_on_the_network_is_warned_about(sekur, typed, file):
    typed("l0gin-token\n")
    ended = sekur("login", "--no-check", "--base-url", "http://sekur.example.fr")
    assert ended.err == (
        "sekur: warning: sekur.example.fr is spoken to without TLS: anyone on the way reads the token\n"
    )


def test_a_file_that_others_can_read_is_warned_about_in_one_line(sekur, server, file, monkeypatch):
    monkeypatch.delenv("SEKUR_TOKEN")
    server.answer(json_answer(page()))
    file.parent.mkdir()
    file.write_text(f'base_url = "{server.url}"\ntoken = "t"\n')
    file.chmod(0o640)
    ended = sekur("shifts", "list")
    assert ended.code == 0
    assert ended.err == f"sekur: warning: {file} can be read by others: run `chmod 600 {file}`\n"


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_shell_is_told_how_to_complete(sekur, shell):
    ended = sekur("completion", shell)
    assert (ended.code, ended.err) == (0, "")
    assert "_SEKUR_COMPLETE" in ended.out


def test_commands_and_their_choices_are_completed():
    environ = os.environ | {"_SEKUR_COMPLETE": "bash_complete"}

    def completed(words, index):
        run = subprocess.run(
            MAIN,
            env=environ | {"COMP_WORDS": words, "COMP_CWORD": str(index)},
            capture_output=True,
            text=True,
            check=False,
        )
        return run.stdout.split()

    assert "plain,shifts" in completed("sekur sh", 1)
    assert "plain,draft" in completed("sekur shifts list --status dr", 4)
