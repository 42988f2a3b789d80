"""The frame of the command: help, errors, exit codes, what it loads."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time

import pytest
from scripted_http import Answer, event_stream, json_answer, page, problem, shift

MAIN = [sys.executable, "-c", "import sys; from sekur_sdk.cli import main; sys.exit(main())"]


def python(code, **settings):
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, **settings)


def test_help_lists_the_commands(sekur):
    ended = sekur("--help")
    assert ended.code == 0
    for command in ("demo", "sandbox", "shifts", "alerts", "logbook", "invoices"):
        assert f"\n  {command} " in ended.out


def test_help_loads_no_command_and_nothing_heavy():
    run = python(
        "import sys, io; from sekur_sdk.cli.program import run\n"
        "sys.stdout = io.StringIO(); run(['--help']); sys.stdout = sys.__stdout__\n"
        "print([name for name in ('httpx', 'rich', 'msgspec', 'asyncio', 'litestar', 'sekur_sdk.cli.shifts') if name in sys.modules])"
    )
    assert run.stdout == "[]\n"


@pytest.mark.parametrize("group", ["sandbox", "shifts", "alerts", "logbook", "invoices"])
def test_each_group_has_help(sekur, group):
    ended = sekur(group, "--help")
    assert ended.code == 0
    assert f"Usage: sekur {group}" in ended.out


def test_version_is_told(sekur):
    ended = sekur("--version")
    assert (ended.code, ended.out.split()[0]) == (0, "sekur-sdk")


def test_without_the_extra_the_command_says_which_to_install():
    run = python("import sys; sys.modules['click'] = None\nfrom sekur_sdk.cli import main; sys.exit(main())")
    assert run.returncode == 2
    assert run.stderr == "sekur: the command needs the extra `cli`: pip install 'sekur-sdk[cli]'\n"


@pytest.mark.parametrize(
    ("missing", "arguments", "extra"),
    [
        ("rich", ["shifts", "list"], "cli"),
        ("litestar", ["sandbox", "serve"], "sandbox"),
        ("sqlalchemy", ["sandbox", "serve"], "sandbox"),
    ],
)
def test_a_command_without_its_extra_says_which_to_install(server, missing, arguments, extra):
    server.answer(json_answer(page()))
    run = python(
        f"import sys; sys.modules[{missing!r}] = None\nfrom sekur_sdk.cli.program import run; sys.exit(run({arguments!r}))",
        env=os.environ | {"SEKUR_BASE_URL": server.url, "SEKUR_TOKEN": "t"},
    )
    assert run.returncode == 2
    assert run.stderr == f"sekur: this command needs the extra `{extra}`: pip install 'sekur-sdk[{extra}]'\n"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["shfits"], "No such command 'shfits'"),
        (["shifts", "list", "--format", "xml"], "'xml' is not one of"),
        (["shifts", "list", "--from", "tomorrow"], "'tomorrow' is neither a day"),
        (["shifts", "list", "--time-zone", "Paris"], "'Paris' is no time zone"),
        (["shifts", "list", "--site", "a/b"], "site_id: not an id"),
        (["alerts", "acknowledge"], "Missing argument 'ALERT_ID'"),
        (["alerts", "resolve", "alt_1"], "Missing option '--resolution'"),
        (["sandbox", "serve", "--port", "70000"], "70000 is not in the range"),
    ],
)
def test_wrong_usage_is_one_line_and_code_2(sekur, server, arguments, told):
    ended = sekur(*arguments)
    assert ended.code == 2
    assert ended.err.startswith("sekur: ")
    assert told in ended.err
    assert ended.err.count("\n") == 1
    assert server.received == []


def test_missing_configuration_is_named_with_code_2(sekur, monkeypatch):
    monkeypatch.delenv("SEKUR_TOKEN")
    ended = sekur("shifts", "list")
    assert (ended.code, ended.err) == (2, "sekur: set SEKUR_TOKEN in the environment, or run `sekur login`\n")


def test_a_refusal_of_the_server_is_one_line_and_code_1(sekur, server):
    server.answer(problem(403, title="Forbidden", detail="The token lacks planning:read", request_id="req-1"))
    ended = sekur("shifts", "list")
    assert (ended.code, ended.out) == (1, "")
    assert ended.err == "sekur: 403 Forbidden: The token lacks planning:read (request req-1)\n"


@pytest.mark.services  # takes the seconds of its retries
def test_a_server_that_is_not_there_is_one_line_and_code_1(sekur, monkeypatch):
    monkeypatch.setenv("SEKUR_BASE_URL", "http://127.0.0.1:9")
    ended = sekur("invoices", "list")
    assert ended.code == 1
    assert (
        ended.err == "sekur: no connection ([Errno 111] Connection refused): GET http://127.0.0.1:9/api/v1/invoices\n"
    )


def test_a_fault_of_ours_is_one_line_too(sekur, monkeypatch):
    monkeypatch.setattr("sekur_sdk.client.resources.planning.Shifts.list", lambda *_, **__: 1 / 0)
    ended = sekur("shifts", "list")
    assert (ended.code, ended.err) == (1, "sekur: internal error (ZeroDivisionError); SEKUR_DEBUG=1 shows where\n")


def test_a_reader_that_goes_away_is_no_error(server):
    server.answer(*[json_answer(page(*[shift(n) for n in range(200)], next_cursor=f"c{i}")) for i in range(50)])
    server.answer(json_answer(page()))
    environ = os.environ | {"SEKUR_BASE_URL": server.url, "SEKUR_TOKEN": "t"}
    command = subprocess.Popen(
        [*MAIN, "shifts", "list", "--format", "csv"], env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    command.stdout.readline()
    command.stdout.close()
    error = command.stderr.read()
    command.stderr.close()
    assert (command.wait(20), error) == (141, b"")


def test_ctrl_c_is_quiet(server):
    server.answer(event_stream(b": hello\n\n", 20.0))
    environ = os.environ | {"SEKUR_BASE_URL": server.url, "SEKUR_TOKEN": "t"}
    # a shell starts what it runs in the background with SIGINT ignored, and children inherit that
    code = f"import signal; signal.signal(signal.SIGINT, signal.default_int_handler); {MAIN[-1]}"
    command = subprocess.Popen(
        [*MAIN[:-1], code, "alerts", "watch"], env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    with command:
        try:
            deadline = time.monotonic() + 20
            while not server.received and time.monotonic() < deadline:
                time.sleep(0.01)  # the request is what tells that it runs; nothing else can be awaited from outside
            command.send_signal(signal.SIGINT)
            out, error = command.communicate(timeout=20)
        finally:
            command.kill()
    assert (command.returncode, out, error.strip()) == (130, b"", b"")


def test_json_goes_through_whole(sekur, server):
    server.answer(json_answer(page(shift(1), next_cursor="c")), json_answer(page(shift(2))))
    ended = sekur("shifts", "list", "--format", "json")
    assert [item["id"] for item in json.loads(ended.out)] == ["shf_1", "shf_2"]


def test_an_answer_that_makes_no_sense_is_one_line_and_code_1(sekur, server):
    server.answer(Answer(body=b"<html>", headers={"Content-Type": "text/html"}))
    ended = sekur("shifts", "list")
    assert ended.code == 1
    assert ended.err.startswith("sekur: $ in the answer 200: ")
