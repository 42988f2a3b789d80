"""The transport over `requests`, for companies behind Kerberos or NTLM proxies."""

from __future__ import annotations

import json
import threading
import time

import pytest
import requests
import responses
from scripted_http import SHIFT, Answer, ScriptedServer, event_stream, json_answer, page, problem, shift

from sekur_sdk import RetryPolicy, SekurClient, Timeouts
from sekur_sdk.client import errors
from sekur_sdk.requests_transport import RequestsTransport

ONCE = RetryPolicy(retries=0)
API = "https://sekur.example.fr/api/v1"


@pytest.fixture
def server():
    server = ScriptedServer()
    yield server
    server.close()


@pytest.fixture
def make_client(server):
    made = []

    def make(base_url=None, *, session=None, retries=ONCE, **settings):
        transport = RequestsTransport(session)
        client = SekurClient(base_url or server.url, token="t0ken", transport=transport, retries=retries, **settings)
        made.append(client)
        return client

    yield make
    for client in made:
        client.close()


@responses.activate
def test_a_call_is_carried_and_its_answer_typed(make_client):
    responses.get(f"{API}/shifts/shf_1", json=SHIFT, headers={"X-RateLimit-Limit": "60"})
    seen = []
    found = make_client("https://sekur.example.fr").shifts.get("shf_1", on_response=seen.append)
    assert found.id == "shf_1"
    assert seen[0].rate_limit.limit == 60
    [call] = responses.calls
    assert call.request.headers["Authorization"] == "Bearer t0ken"
    assert call.request.headers["Sekur-Version"]


@responses.activate
def test_a_post_is_tried_again_with_its_key(make_client):
    responses.post(f"{API}/quotes/quo_1/send", status=503)
    responses.post(f"{API}/quotes/quo_1/send", status=409, json={"title": "Conflict", "status": 409})
    client = make_client("https://sekur.example.fr", retries=RetryPolicy(first_pause=0.001))
    with pytest.raises(errors.ConflictError):
        client.quotes.send("quo_1")
    keys = {call.request.headers["Idempotency-Key"] for call in responses.calls}
    assert (len(responses.calls), len(keys)) == (2, 1)


@responses.activate
@pytest.mark.parametrize(
    ("raised", "error_class"),
    [
        (requests.exceptions.ConnectTimeout(), errors.ConnectTimeoutError),
        (requests.exceptions.ReadTimeout(), errors.ReadTimeoutError),
        (requests.exceptions.ProxyError(), errors.ConnectError),
        (requests.exceptions.SSLError(), errors.ConnectError),
        (requests.exceptions.ConnectionError("reset by s3cret"), errors.ConnectionLostError),
        (requests.exceptions.ChunkedEncodingError(), errors.ConnectionLostError),
        (requests.exceptions.ContentDecodingError(), errors.ConnectionLostError),
    ],
    ids=lambda value: getattr(value, "__name__", None) or type(value).__name__,
)
def test_each_cause_has_its_class_and_nothing_of_the_library(make_client, raised, error_class):
    responses.get(f"{API}/shifts", body=raised)
    with pytest.raises(errors.TransportError) as caught:
        make_client("https://sekur.example.fr").shifts.list(employee_id="emp_7").page()
    assert type(caught.value) is error_class
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None
    assert not {"s3cret", "emp_7", "t0ken"} & set(str(caught.value).replace("=", " ").split())


@responses.activate
def test_a_redirect_is_not_followed_with_the_token(make_client):
    responses.get(f"{API}/shifts/shf_1", status=302, headers={"Location": "https://evil.example/"})
    with pytest.raises(errors.APIError, match="302"):
        make_client("https://sekur.example.fr").shifts.get("shf_1")
    assert len(responses.calls) == 1


def test_a_list_is_read_over_a_real_connection(make_client, server):
    server.answer(json_answer(page(shift(1), next_cursor="c2")), json_answer(page(shift(2))))
    assert [found.id for found in make_client().shifts.list()] == ["shf_1", "shf_2"]


def test_a_netrc_file_does_not_replace_the_token(make_client, server, tmp_path, monkeypatch):
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login root password toor\n")
    (tmp_path / ".netrc").chmod(0o600)
    monkeypatch.setenv("HOME", str(tmp_path))
    server.answer(json_answer(SHIFT))
    make_client().shifts.get("shf_1")
    assert server.received[0].headers["authorization"] == "Bearer t0ken"


def test_what_the_session_authenticates_with_is_kept(make_client, server):
    session = requests.Session()

    def negotiate(prepared):
        prepared.headers["Proxy-Authorization"] = "Negotiate YII"
        return prepared

    session.auth = negotiate
    server.answer(json_answer(SHIFT))
    make_client(session=session).shifts.get("shf_1")
    headers = server.received[0].headers
    assert (headers["authorization"], headers["proxy-authorization"]) == ("Bearer t0ken", "Negotiate YII")


@pytest.mark.parametrize(
    ("answer", "timeouts", "error_class"),
    [
        (Answer(drop=True), Timeouts(), errors.ConnectionLostError),
        (Answer(body=b"x" * 100, stop_after=10), Timeouts(), errors.ConnectionLostError),
        (Answer(pause_s=5), Timeouts(read=0.2), errors.ReadTimeoutError),
        (Answer(body=b"no gzip", headers={"Content-Encoding": "gzip"}), Timeouts(), errors.ConnectionLostError),
    ],
)
def test_a_real_failure_has_its_class(make_client, server, answer, timeouts, error_class):
    server.answer(answer)
    with pytest.raises(error_class):
        make_client(timeout=timeouts).shifts.get("shf_1")


def test_nobody_listening_is_a_connect_error(make_client):
    with pytest.raises(errors.ConnectError):
        make_client("http://127.0.0.1:9").shifts.get("shf_1")


def test_an_answer_that_trickles_ends_with_the_deadline(make_client, server):
    server.answer(Answer(headers={"Content-Type": "application/json"}, chunks=(b" " * 20_000, 0.05) * 60))
    with pytest.raises(errors.DeadlineExceededError):
        make_client().shifts.get("shf_1", deadline=0.3)


def test_events_come_as_they_happen_and_go_on_after_a_drop(make_client, server):
    def event(number):
        body = {"id": number, "type": "robot.started", "at": "2026-11-07T22:00:00Z", "subject": {}}
        return f"id: {number}\ndata: {json.dumps(body)}\n\n".encode()

    server.answer(event_stream(event(1)), event_stream(event(2), 20.0))
    with make_client(retries=RetryPolicy(first_pause=0.001)).events.stream(after=0) as stream:
        started = time.monotonic()
        assert [next(stream).id, next(stream).id] == [1, 2]
        assert time.monotonic() - started < 2
        timer = threading.Timer(0.2, stream.close)
        timer.start()
        assert list(stream) == []
        timer.join()
    assert time.monotonic() - started < 3


def test_an_attachment_is_sent_with_its_length_and_not_in_chunks(make_client, server):
    attachment = {
        "id": "att_1",
        "name": "x",
        "content_type": "a/b",
        "size": 9,
        "sha256": "0",
        "created_at": SHIFT["created_at"],
    }
    server.answer(problem(503), json_answer(attachment, status=201))
    make_client(retries=RetryPolicy(first_pause=0.001)).attachments.upload(b"x" * 100_000, name="x.bin")
    assert [request.body for request in server.received] == [b"x" * 100_000] * 2
    assert "transfer-encoding" not in server.received[1].headers
