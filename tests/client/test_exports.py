"""Waiting for an export, and bringing it home."""

from __future__ import annotations

import hashlib
import io
import json
import pickle
import time
from pathlib import Path

import pytest
from scripted_http import Answer, json_answer, problem

from sekur_sdk.client.errors import ArgumentError, DeadlineExceededError, ExportFailedError

EXAMPLE = json.loads(
    (Path(__file__).resolve().parents[2] / "docs" / "contract" / "examples" / "export.json").read_text()
)
QUICKLY = {"poll_every": 0.001}


def told(status, done=0, total=None, **fields):
    unready = {} if status == "ready" else {"size": None, "sha256": None, "expires_at": None}
    return json_answer(EXAMPLE | unready | {"status": status, "rows_done": done, "rows_total": total} | fields)


def test_it_waits_until_the_export_is_ready_and_tells_how_far_it_is(client, side, server):
    server.answer(told("requested"), told("running", 0, 9), told("running", 5, 9), told("ready", 9, 9))
    steps = []
    export = side.run(client.exports.wait("exp_1", progress=lambda *step: steps.append(step), **QUICKLY))
    assert (export.status, export.sha256) == ("ready", EXAMPLE["sha256"])
    assert steps == [(0, 9), (5, 9), (9, 9)]
    assert [request.path for request in server.received] == ["/api/v1/exports/exp_1"] * 4


def test_a_server_that_stumbles_meanwhile_is_asked_again(client, side, server):
    server.answer(told("running", 1, 9), problem(503), told("ready", 9, 9))
    assert side.run(client.exports.wait("exp_1", **QUICKLY)).status == "ready"


@pytest.mark.parametrize(
    ("status", "failure", "said"),
    [
        ("failed", "No space left on device", "the export is failed: No space left on device"),
        ("expired", None, "the export is expired"),
        ("of_the_future", None, "the export is of_the_future"),
    ],
)
def test_an_export_that_will_not_come_is_an_error_that_says_why(client, side, server, status, failure, said):
    server.answer(told(status, failure=failure))
    with pytest.raises(ExportFailedError) as failed:
        side.run(client.exports.wait("exp_1", **QUICKLY))
    assert str(pickle.loads(pickle.dumps(failed.value))) == said
    assert (failed.value.status, failed.value.failure) == (status, failure)


def test_the_deadline_is_for_the_whole_wait(client, side, server):
    server.answer(*[told("running", 1, 9)] * 100)
    started = time.monotonic()
    with pytest.raises(DeadlineExceededError):
        side.run(client.exports.wait("exp_1", poll_every=0.05, deadline=0.2))
    assert time.monotonic() - started < 1
    assert 2 <= len(server.received) <= 5


@pytest.mark.parametrize("poll_every", [0, -1, float("nan")])
def test_asking_without_a_pause_is_refused(client, side, server, poll_every):
    with pytest.raises(ArgumentError, match="poll_every"):
        side.run(client.exports.wait("exp_1", poll_every=poll_every))
    assert server.received == []


def test_a_ready_export_is_brought_home_and_one_that_is_not_is_an_error(client, side, server):
    content = b"PK" * 500
    fields = {"size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    server.answer(told("ready", 9, 9, **fields), Answer(body=content), told("running", 1, 9))
    home = io.BytesIO()
    assert side.run(client.exports.download("exp_1", home)).size == len(content)
    assert home.getvalue() == content
    with pytest.raises(ExportFailedError):
        side.run(client.exports.download("exp_1", home))
