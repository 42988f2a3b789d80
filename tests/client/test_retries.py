"""When a call is tried again, and what its tries have in common."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scripted_http import SHIFT, Answer, json_answer, problem

from sekur_sdk import RetryPolicy
from sekur_sdk.client import errors
from sekur_sdk.client._async import seam as async_seam
from sekur_sdk.client._sync import seam as sync_seam
from sekur_sdk.client.retry import parse_retry_after

NOW = datetime(2026, 11, 7, 19, 0, 0, tzinfo=UTC)
LOST = Answer(drop=True)
CUT = Answer(body=b'{"id": "shf_1", ' + b" " * 100, stop_after=20, headers={"Content-Type": "application/json"})


@pytest.fixture
def pauses(monkeypatch):
    """The pauses that were made, without waiting for them: real ones would take minutes."""
    made = []

    async def pause(seconds):
        made.append(seconds)

    monkeypatch.setattr(sync_seam, "sleep", made.append)
    monkeypatch.setattr(async_seam, "sleep", pause)
    return made


@pytest.mark.parametrize("failure", [LOST, CUT, problem(503), problem(500), problem(502), problem(429)], ids=repr)
def test_a_read_is_tried_again_after_a_failure_that_may_pass(client, side, server, failure):
    server.answer(failure, failure, json_answer(SHIFT))
    assert side.run(client.shifts.get("shf_1")).id == "shf_1"
    assert len(server.received) == 3


@pytest.mark.parametrize("failure", [LOST, CUT, problem(503), problem(429)], ids=repr)
def test_a_post_is_tried_again_with_the_key_of_its_first_try(client, side, server, failure):
    server.answer(failure, failure, json_answer(SHIFT, status=201))
    start = datetime(2026, 11, 7, 19, tzinfo=UTC)
    side.run(client.shifts.create(site_id="sit_1", post="PC", starts_at=start, ends_at=start + timedelta(hours=12)))
    keys = [request.headers["idempotency-key"] for request in server.received]
    assert len(keys) == 3
    assert len(set(keys)) == 1
    assert len({request.body for request in server.received}) == 1


def test_two_logical_calls_have_two_keys(client, side, server):
    server.answer(problem(409))
    for _ in range(2):
        with pytest.raises(errors.ConflictError):
            side.run(client.quotes.send("quo_1"))
    assert len({request.headers["idempotency-key"] for request in server.received}) == 2


def test_the_caller_may_pass_a_key(client, side, server):
    server.answer(problem(409))
    with pytest.raises(errors.ConflictError):
        side.run(client.quotes.send("quo_1", idempotency_key="import-42"))
    assert server.received[0].headers["idempotency-key"] == "import-42"


def test_a_call_whose_key_is_still_running_waits_as_told(client, side, server, pauses):
    server.answer(problem(409, headers={"Retry-After": "1"}), json_answer(SHIFT))
    side.run(client.shifts.get("shf_1"))
    assert pauses == [1.0]


@pytest.mark.parametrize("failure", [LOST, CUT, problem(503), problem(500)], ids=repr)
def test_an_update_is_not_tried_again_once_it_may_have_arrived(client, side, server, failure):
    server.answer(failure)
    with pytest.raises((errors.TransportError, errors.ServerError)):
        side.run(client.shifts.update("shf_1", version=1, status="published"))
    assert len(server.received) == 1


def test_an_update_that_was_turned_away_is_tried_again(client, side, server):
    server.answer(problem(429), json_answer(SHIFT))
    side.run(client.shifts.update("shf_1", version=1, status="published"))
    assert len(server.received) == 2


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 412, 422, 428])
def test_a_refusal_is_final(client, side, server, status):
    server.answer(problem(status))
    with pytest.raises(errors.APIError):
        side.run(client.shifts.get("shf_1"))
    assert len(server.received) == 1


def test_the_last_failure_is_what_the_caller_gets(make_client, side, server):
    server.answer(problem(503), problem(500), problem(502))
    with pytest.raises(errors.ServerError, match="502"):
        side.run(make_client(retries=RetryPolicy(retries=2, first_pause=0.001)).shifts.get("shf_1"))
    assert len(server.received) == 3


def test_retry_after_in_seconds_is_waited(client, side, server, pauses):
    server.answer(problem(429, headers={"Retry-After": "7"}), json_answer(SHIFT))
    side.run(client.shifts.get("shf_1"))
    assert pauses == [7.0]


def test_retry_after_as_a_date_is_waited(client, side, server, pauses):
    moment = datetime.now(UTC) + timedelta(seconds=20)
    server.answer(problem(503, headers={"Retry-After": format_datetime(moment, usegmt=True)}), json_answer(SHIFT))
    side.run(client.shifts.get("shf_1"))
    assert pauses == [pytest.approx(20, abs=2)]


def test_retry_after_is_waited_two_minutes_at_most(make_client, side, server, pauses):
    server.answer(problem(429, headers={"Retry-After": "86400"}), json_answer(SHIFT))
    side.run(make_client(deadline=None).shifts.get("shf_1"))
    assert pauses == [120.0]


def test_a_pause_beyond_the_deadline_is_not_begun(client, side, server, pauses):
    server.answer(problem(429, headers={"Retry-After": "90"}))
    with pytest.raises(errors.RateLimitError) as caught:
        side.run(client.shifts.get("shf_1", deadline=60))
    assert caught.value.retry_after == 90.0
    assert pauses == []


def test_the_deadline_ends_a_call_over_all_its_tries(client, side, server):
    server.answer(Answer(pause_s=0.2, drop=True))
    started = time.monotonic()
    with pytest.raises(errors.DeadlineExceededError, match=r"0\.3 s") as caught:
        side.run(client.shifts.get("shf_1", deadline=0.3, request_id="mine"))
    assert time.monotonic() - started < 0.6
    assert caught.value.request_id == "mine"
    assert not caught.value.is_retryable


def test_the_deadline_ends_an_answer_that_trickles(client, side, server):
    server.answer(Answer(headers={"Content-Type": "application/json"}, chunks=(b" ", 0.05) * 60))
    started = time.monotonic()
    with pytest.raises(errors.DeadlineExceededError):
        side.run(client.shifts.get("shf_1", deadline=0.3))
    assert time.monotonic() - started < 0.8


def test_a_server_that_does_not_answer_is_a_read_timeout(make_client, side, server):
    server.answer(Answer(pause_s=2))
    client = make_client(timeout=0.1, retries=RetryPolicy(retries=0))
    with pytest.raises(errors.ReadTimeoutError):
        side.run(client.shifts.get("shf_1"))


def test_a_timeout_may_be_set_for_one_call(make_client, side, server):
    server.answer(Answer(pause_s=2))
    client = make_client(retries=RetryPolicy(retries=0))
    with pytest.raises(errors.ReadTimeoutError):
        side.run(client.shifts.get("shf_1", timeout=0.1))


def test_nobody_listening_is_a_connect_error_that_names_the_place(make_client, side):
    client = make_client("http://127.0.0.1:9")
    with pytest.raises(errors.ConnectError, match=r"http://127\.0\.0\.1:9/api/v1/shifts/shf_1") as caught:
        side.run(client.shifts.get("shf_1"))
    assert caught.value.is_retryable


def test_an_update_that_found_no_connection_is_tried_again(make_client, side, pauses):
    client = make_client("http://127.0.0.1:9", retries=RetryPolicy(retries=2))
    with pytest.raises(errors.ConnectError):
        side.run(client.shifts.update("shf_1", version=1, status="published"))
    assert len(pauses) == 2


@given(st.integers(1, 2000), st.floats(0.001, 10), st.floats(0.001, 60))
def test_pauses_are_jittered_grow_and_are_bounded(failures, first, longest):
    pause = RetryPolicy(first_pause=first, longest_pause=longest).pause(failures)
    ceiling = min(first * 2.0 ** min(failures - 1, 100), longest)
    assert ceiling / 2 <= pause <= ceiling


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        (None, None),
        ("0", 0.0),
        (" 30 ", 30.0),
        ("Sat, 07 Nov 2026 19:00:30 GMT", 30.0),
        ("Saturday, 07-Nov-26 19:00:30 GMT", 30.0),
        ("Sat, 07 Nov 2026 18:00:00 GMT", 0.0),
        ("-5", None),
        ("1.5", None),
        ("soon", None),
        ("", None),
        ("٣", None),
        ("Sat, 99 Nov 2026 19:00:30 GMT", None),
    ],
)
def test_retry_after_is_read_in_both_its_forms(text, seconds):
    assert parse_retry_after(text, NOW) == seconds


@given(st.text())
def test_no_retry_after_breaks_the_reader(text):
    seconds = parse_retry_after(text, NOW)
    assert seconds is None or seconds >= 0
