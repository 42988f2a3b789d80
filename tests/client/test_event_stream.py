"""The event stream: every event once and in order, whatever the connection does."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from scripted_http import Answer, event_stream, problem

from sekur_sdk import RetryPolicy, models
from sekur_sdk.client import errors

EXAMPLES = Path(__file__).resolve().parents[2] / "docs" / "contract" / "examples"
BODY = json.loads((EXAMPLES / "event.json").read_text("utf-8"))
LONG = 20.0
BEAT = b": heartbeat\n\n"


def event(number, **changes):
    body = json.dumps(BODY | {"id": number} | changes)
    return f"id: {number}\nevent: {BODY['type']}\ndata: {body}\n\n".encode()


def ids(found):
    return [found_event.id for found_event in found]


def positions(server):
    return [request.headers.get("last-event-id") for request in server.received]


def test_events_come_typed_with_their_subject(client, side, server):
    server.answer(event_stream(BEAT, event(42), LONG))
    stream = client.events.stream()
    [found] = side.collect(stream, count=1)
    side.close(stream)
    assert isinstance(found, models.Event)
    assert type(found.subject) is getattr(models, BODY["type"].partition(".")[0].title().replace("_", ""))
    [request] = server.received
    assert (request.path, request.query) == ("/api/v1/events", {})
    assert request.headers["accept"] == "text/event-stream"
    assert request.headers["authorization"] == "Bearer t0ken"


def test_the_stream_asks_for_what_comes_after_a_position_and_for_some_types(client, side, server):
    server.answer(event_stream(event(8), LONG))
    stream = client.events.stream(after=7, types=["alert.opened", models.EventType.ALERT_RESOLVED])
    side.collect(stream, count=1)
    side.close(stream)
    assert server.received[0].query == {"types": "alert.opened,alert.resolved"}
    assert server.received[0].headers["last-event-id"] == "7"


def test_a_dropped_connection_is_taken_up_without_gap_or_duplicate(client, side, server):
    half = event(4)[:30]
    server.answer(
        event_stream(event(1), event(2), event(3) + half),
        event_stream(event(3), event(4)),
        Answer(drop=True),
        problem(503),
        event_stream(event(5), LONG),
    )
    stream = client.events.stream(after=0)
    assert ids(side.collect(stream, count=5)) == [1, 2, 3, 4, 5]
    side.close(stream)
    assert positions(server) == ["0", "3", "4", "4", "4"]


def test_where_the_stream_begins_is_kept_before_the_first_event(client, side, server):
    server.answer(event_stream(b"id: 41\n\n", BEAT), event_stream(event(42), LONG))
    stream = client.events.stream()
    assert ids(side.collect(stream, count=1)) == [42]
    side.close(stream)
    assert positions(server) == [None, "41"]


def test_the_position_can_be_saved(client, side, server):
    server.answer(event_stream(event(5), event(6), LONG))
    stream = client.events.stream(after=4)
    assert stream.last_event_id == 4
    side.collect(stream, count=1)
    assert stream.last_event_id == 5
    side.close(stream)


def test_a_dead_connection_is_noticed_by_its_silence(client, side, server):
    server.answer(event_stream(event(1), LONG), event_stream(event(2), LONG))
    stream = client.events.stream(timeout=0.2)
    assert ids(side.collect(stream, count=2)) == [1, 2]
    side.close(stream)


def test_heartbeats_keep_a_quiet_connection(client, side, server):
    server.answer(event_stream(event(1), *[0.1, BEAT] * 6, event(2), LONG))
    stream = client.events.stream(timeout=0.4)
    assert ids(side.collect(stream, count=2)) == [1, 2]
    side.close(stream)
    assert len(server.received) == 1


def test_silence_is_judged_by_the_heartbeat_unless_told_otherwise(client):
    stream = client.events.stream()
    assert stream._call.timeouts.read > 2 * 15


def test_an_event_of_an_unknown_type_comes_typed_as_unknown(client, side, server):
    server.answer(event_stream(event(1, type="robot.started", subject={"id": "rob_1"}), LONG))
    stream = client.events.stream()
    [found] = side.collect(stream, count=1)
    side.close(stream)
    assert not found.type.is_known
    assert json.loads(found.subject.json) == {"id": "rob_1"}


def test_an_unreadable_event_is_an_error_that_names_the_path_and_the_stream_goes_on_behind_it(client, side, server):
    server.answer(event_stream(event(1, at="yesterday"), event(2), LONG))
    stream = client.events.stream()
    with pytest.raises(errors.ResponseDecodeError) as caught:
        side.collect(stream, count=1)
    assert caught.value.path == "$.at"
    assert ids(side.collect(stream, count=1)) == [2]
    side.close(stream)


def test_closing_it_elsewhere_ends_an_iteration_that_waits(client, side, server):
    server.answer(event_stream(event(1), LONG))
    started = time.monotonic()
    assert ids(side.collect_closing_after(client.events.stream(), 0.2)) == [1]
    assert time.monotonic() - started < 2


def test_closing_it_elsewhere_ends_an_iteration_that_reconnects(make_client, side, server):
    server.answer(event_stream(event(1)), problem(503, headers={"Retry-After": "60"}))
    started = time.monotonic()
    assert ids(side.collect_closing_after(make_client().events.stream(), 0.3)) == [1]
    assert time.monotonic() - started < 2


def test_a_stream_may_be_connected_before_it_is_iterated(client, side, server):
    server.answer(problem(503), event_stream(b"id: 41\n\n", event(42), LONG))
    stream = client.events.stream()
    side.run(stream.connect())
    assert len(server.received) == 2
    assert ids(side.collect(stream, count=1)) == [42]
    side.close(stream)
    assert len(server.received) == 2


def test_a_stream_that_can_not_be_connected_says_so(client, side, server):
    server.answer(problem(403))
    with pytest.raises(errors.PermissionDeniedError):
        side.run(client.events.stream().connect())


def test_a_closed_stream_gives_no_more(client, side, server):
    server.answer(event_stream(event(1), event(2), LONG))
    stream = client.events.stream()
    side.collect(stream, count=1)
    side.close(stream)
    side.close(stream)
    assert side.collect(stream) == []


def test_a_refusal_ends_the_stream(client, side, server):
    server.answer(problem(403))
    with pytest.raises(errors.PermissionDeniedError):
        side.collect(client.events.stream())
    assert len(server.received) == 1


def test_a_first_connection_is_tried_as_often_as_a_call(make_client, side, server):
    server.answer(problem(503))
    client = make_client(retries=RetryPolicy(retries=2, first_pause=0.001))
    with pytest.raises(errors.ServerError):
        side.collect(client.events.stream())
    assert len(server.received) == 3


def test_reconnecting_may_be_given_a_time(client, side, server):
    server.answer(event_stream(event(1)), problem(503))
    with pytest.raises(errors.ServerError):
        side.collect(client.events.stream(reconnect_for=0.3))
    assert len(server.received) > 2


def test_an_answer_that_is_no_event_stream_is_an_error(client, side, server):
    server.answer(Answer(body=b"<html>", headers={"Content-Type": "text/html"}))
    with pytest.raises(errors.ResponseDecodeError):
        side.collect(client.events.stream())


@pytest.mark.parametrize("arguments", [{"after": -1}, {"types": ["alert.open"]}, {"types": "alert.opened"}])
def test_a_bad_argument_is_told_at_once(client, arguments):
    with pytest.raises(errors.ArgumentError, match=r"^(after|types): "):
        client.events.stream(**arguments)
