"""Faults on the line to the sandbox, as the clients see them."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from client_sides import AsyncSide, SyncSide

from sekur_sdk import (
    ConnectionLostError,
    RateLimitError,
    ReadTimeoutError,
    ResponseDecodeError,
    RetryPolicy,
    ServerError,
)
from sekur_sdk.testing import CorruptBody, CutBody, FaultyLine, HangUp, Latency, Pass, Refuse, Stall

pytestmark = pytest.mark.services

ONCE = RetryPolicy(retries=0)
QUICK = RetryPolicy(first_pause=0.001, longest_pause=0.002)


@pytest.fixture(params=[SyncSide, AsyncSide], ids=["sync", "async"])
def side(request):
    side = request.param()
    yield side
    side.stop()


@pytest.fixture
def make_client(side, sekur_sandbox, sekur_faults):
    made = []

    def make(retries=ONCE, timeout=2.0):
        client = side.client_class(sekur_faults.url, token=sekur_sandbox.token, retries=retries, timeout=timeout)
        made.append(client)
        return client

    yield make
    for client in made:
        side.close(client)


def test_without_rules_everything_goes_through(side, make_client, sekur_faults) -> None:
    client = make_client()

    assert len(side.collect(client.shifts.list(page_size=5))) > 10
    assert all(seen.fault == Pass() for seen in sekur_faults.requests)


def test_latency_delays_the_answer(side, make_client, sekur_faults) -> None:
    client = make_client()
    sekur_faults.script(Latency(0.2))

    began = time.monotonic()
    side.run(client.organisation.get())

    assert time.monotonic() - began >= 0.2


def test_a_refusal_is_problem_details_of_its_status(side, make_client, sekur_faults) -> None:
    client = make_client()
    sekur_faults.script(Refuse(500))

    with pytest.raises(ServerError) as caught:
        side.run(client.organisation.get())

    assert caught.value.status == 500
    assert caught.value.problem.title == "Injected fault"


def test_retry_after_goes_out_in_seconds(side, make_client, sekur_faults) -> None:
    client = make_client()
    sekur_faults.script(Refuse(429, retry_after=7))

    with pytest.raises(RateLimitError) as caught:
        side.run(client.organisation.get())

    assert caught.value.retry_after == 7


def test_retry_after_goes_out_as_an_http_date(side, make_client, sekur_faults) -> None:
    client = make_client()
    sekur_faults.script(Refuse(429, retry_after=datetime.now(UTC) + timedelta(seconds=90)))

    with pytest.raises(RateLimitError) as caught:
        side.run(client.organisation.get())

    assert 85 < caught.value.retry_after <= 90


def test_a_refusal_in_the_servers_stead_does_no_work(side, make_client, sekur_faults) -> None:
    client = make_client()
    sekur_faults.script(Refuse(503))

    with pytest.raises(ServerError):
        side.run(client.sites.create(name="Dock", customer_name="ACME", address="Lyon"))

    assert "Dock" not in {site.name for site in side.collect(client.sites.list())}


@pytest.mark.parametrize("fault", [Refuse(503, after_work=True), HangUp(), CutBody()], ids=repr)
def test_a_lost_answer_leaves_the_work_done_and_a_second_try_with_the_key_adds_nothing(
    side, make_client, sekur_faults, fault
) -> None:
    client = make_client(QUICK)
    sekur_faults.script(fault)

    made = side.run(client.sites.create(name="Dock", customer_name="ACME", address="Lyon"))

    first, second = sekur_faults.requests
    assert first.headers["idempotency-key"] == second.headers["idempotency-key"]
    assert [site.id for site in side.collect(client.sites.list()) if site.name == "Dock"] == [made.id]


@pytest.mark.parametrize("fault", [HangUp(), CutBody(), CutBody(after_bytes=1)], ids=repr)
def test_a_dropped_connection_is_a_lost_connection(side, make_client, sekur_faults, fault) -> None:
    client = make_client()
    sekur_faults.script(fault)

    with pytest.raises(ConnectionLostError):
        side.run(client.organisation.get())


def test_a_corrupt_body_is_an_answer_that_cannot_be_read(side, make_client, sekur_faults) -> None:
    client = make_client()
    sekur_faults.script(CorruptBody())

    with pytest.raises(ResponseDecodeError):
        side.run(client.organisation.get())


def test_a_stall_ends_in_the_clients_own_timeout(side, make_client, sekur_faults) -> None:
    client = make_client(timeout=0.2)
    sekur_faults.script(Stall(30))

    with pytest.raises(ReadTimeoutError):
        side.run(client.organisation.get())


def test_a_rule_waits_for_what_fits_and_is_used_up(side, make_client, sekur_faults) -> None:
    client = make_client()
    sekur_faults.add(Refuse(500), method="GET", path="/shifts/*", times=2)

    side.run(client.organisation.get())
    shift = side.run(client.shifts.list().page()).items[0]
    for _ in range(2):
        with pytest.raises(ServerError):
            side.run(client.shifts.get(shift.id))

    assert side.run(client.shifts.get(shift.id)) == shift


def test_a_rule_without_number_holds_until_it_is_cleared(side, make_client, sekur_faults) -> None:
    client = make_client()
    sekur_faults.add(Refuse(500), times=None)
    for _ in range(5):
        with pytest.raises(ServerError):
            side.run(client.organisation.get())

    sekur_faults.clear()

    side.run(client.organisation.get())
    assert len(sekur_faults.requests) == 1


def test_an_event_stream_cut_in_the_middle_is_resumed_without_loss(side, make_client, sekur_faults) -> None:
    client = make_client(QUICK)
    sekur_faults.add(CutBody(after_bytes=1500), path="/events", times=3)

    numbers = [event.id for event in side.collect(client.events.stream(after=0), 20)]

    assert numbers == list(range(numbers[0], numbers[0] + 20))
    assert len([seen for seen in sekur_faults.requests if seen.path == "/events"]) > 1


def test_what_came_through_shows_nothing_private_in_its_repr(side, make_client, sekur_sandbox, sekur_faults) -> None:
    client = make_client()
    side.run(client.sites.create(name="Dock", customer_name="ACME", address="Lyon"))

    (seen,) = sekur_faults.requests

    assert (seen.method, seen.path) == ("POST", "/sites")
    assert b"Dock" in seen.body
    assert seen.headers["authorization"] == f"Bearer {sekur_sandbox.token}"
    assert sekur_sandbox.token not in repr(seen)
    assert "Dock" not in repr(seen)


def test_stopping_ends_what_is_under_way(sekur_sandbox) -> None:
    line = FaultyLine(sekur_sandbox.url)
    line.start()
    line.add(Stall(600), times=None)
    headers = {"Authorization": f"Bearer {sekur_sandbox.token}"}
    with httpx.stream("GET", f"{line.url}/api/v1/organisation", headers=headers) as answer:
        assert answer.status_code == 200
        line.stop()
        with pytest.raises(httpx.RemoteProtocolError):
            answer.read()


@pytest.mark.parametrize("status", [200, 302, 999])
def test_a_refusal_needs_a_status_that_refuses(status) -> None:
    with pytest.raises(ValueError, match="no status of a refusal"):
        Refuse(status)


def test_a_naive_retry_after_is_refused() -> None:
    with pytest.raises(ValueError, match="needs its zone"):
        Refuse(429, retry_after=datetime(2026, 11, 7, 19))  # noqa: DTZ001  # the naive time is the point


@pytest.mark.parametrize("address", ["https://sekur.example.fr:443", "127.0.0.1:80", "http://127.0.0.1"])
def test_a_line_needs_the_address_of_a_plain_server(address) -> None:
    with pytest.raises(ValueError, match="http://host:port"):
        FaultyLine(address)
