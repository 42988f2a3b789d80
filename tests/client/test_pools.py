"""Pools of connections: shared by threads, never with a forked child, one for each event loop."""

from __future__ import annotations

import asyncio
import gc
import json
import os
import threading
import time
import warnings

import pytest
from scripted_http import SHIFT, Answer, event_stream, json_answer

from sekur_sdk import AsyncSekurClient, SekurClient
from sekur_sdk.client import errors, forking


@pytest.fixture
def ports(server):
    """The ports that requests came from."""
    seen = []
    original = server.handle
    server.handle = lambda handler: (seen.append(handler.client_address[1]), original(handler))
    return seen


def in_child(work):
    """What `work` gives in a forked child, as JSON."""
    reader, writer = os.pipe()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # Python 3.12 warns of forking beside threads: the case
        pid = os.fork()
    if pid == 0:
        try:
            os.write(writer, json.dumps(work()).encode())
        except BaseException as error:  # noqa: BLE001  # whatever it is, the parent is to see it
            os.write(writer, json.dumps(repr(error)).encode())
        finally:
            os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as pipe:
        answer = pipe.read()
    os.waitpid(pid, 0)
    return json.loads(answer)


def test_a_forked_child_makes_connections_of_its_own_and_the_parents_go_on(server, ports):
    server.answer(json_answer(SHIFT))
    with SekurClient(server.url, token="t") as client:
        client.shifts.get("shf_1")
        assert in_child(lambda: client.shifts.get("shf_1").id) == "shf_1"
        client.shifts.get("shf_1")
    assert ports[0] == ports[2]
    assert ports[1] != ports[0]


def test_a_fork_while_threads_call_leaves_no_child_hanging_on_a_lock(server):
    server.answer(lambda received: json_answer({"access_token": "a", "token_type": "bearer", "expires_in": 0})
                  if received.path.endswith("token") else json_answer(SHIFT))  # fmt: skip
    stop = threading.Event()
    with SekurClient(server.url, client_id="c", client_secret="s") as client:

        def call():
            while not stop.is_set():
                client.shifts.get("shf_1")

        threads = [threading.Thread(target=call) for _ in range(4)]
        for thread in threads:
            thread.start()
        try:
            found = [in_child(lambda: client.shifts.get("shf_1", deadline=5).id) for _ in range(8)]
        finally:
            stop.set()
            for thread in threads:
                thread.join()
    assert found == ["shf_1"] * 8


def test_an_event_stream_in_a_forked_child_connects_anew_from_its_position(server):
    def event(number):
        body = {"id": number, "type": "robot.started", "at": "2026-11-07T22:00:00Z", "subject": {}}
        return f"id: {number}\ndata: {json.dumps(body)}\n\n".encode()

    server.answer(event_stream(event(1), 20.0), event_stream(event(2), 20.0))
    with SekurClient(server.url, token="t") as client:
        stream = client.events.stream(after=0)
        assert next(stream).id == 1
        assert in_child(lambda: next(stream).id) == 2
        stream.close()
    assert [request.headers["last-event-id"] for request in server.received] == ["0", "1"]


def test_a_client_may_be_used_from_one_event_loop_after_another(server, ports):
    server.answer(json_answer(SHIFT))
    client = AsyncSekurClient(server.url, token="t")

    async def calls():
        return [(await client.shifts.get("shf_1")).id for _ in range(2)]

    async def calls_and_close():
        found = await calls()
        await client.aclose()
        return found

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # asyncio's own, for what the first loop left open
        assert asyncio.run(calls()) == asyncio.run(calls_and_close()) == ["shf_1", "shf_1"]
        gc.collect()
    assert ports[0] == ports[1] != ports[2] == ports[3]


def test_two_event_loops_may_share_a_client_and_its_token(server):
    server.answer(
        lambda received: (
            json_answer({"access_token": "a", "token_type": "bearer", "expires_in": 3600})
            if received.path.endswith("token")
            else json_answer(SHIFT)
        )
    )
    client = AsyncSekurClient(server.url, client_id="c", client_secret="s")
    found = []

    async def calls():
        shifts = await asyncio.gather(*[client.shifts.get("shf_1") for _ in range(10)])
        found.extend(shift.id for shift in shifts)

    async def calls_and_close():
        await calls()
        done.wait(5)
        await client.aclose()

    done = threading.Event()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # as above
        first = threading.Thread(target=lambda: (asyncio.run(calls()), done.set()))
        first.start()
        asyncio.run(calls_and_close())
        first.join()
        gc.collect()
    assert found == ["shf_1"] * 20
    assert sum(request.path.endswith("token") for request in server.received) <= 2


def test_forks_are_told_to_what_lives_and_keep_nothing_alive(server):
    before = len(forking._alive)
    with SekurClient(server.url, token="t"):
        assert len(forking._alive) == before + 1
    gc.collect()
    assert len(forking._alive) <= before + 1


def test_many_threads_renew_a_token_that_expires_once(server):
    grants = iter(range(100))

    def answer(received):
        if received.path.endswith("token"):
            return json_answer({"access_token": f"t{next(grants)}", "token_type": "bearer", "expires_in": 3600})
        return json_answer(SHIFT) if received.headers["authorization"] != "Bearer t0" else Answer(status=401)

    server.answer(answer)
    with SekurClient(server.url, client_id="c", client_secret="s") as client:
        threads = [threading.Thread(target=lambda: client.shifts.get("shf_1")) for _ in range(16)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sum(request.path.endswith("token") for request in server.received) == 2


def test_the_renewal_of_a_token_is_within_the_deadline_of_its_call(make_client, side, server):
    server.answer(Answer(pause_s=5, body=b"{}"))
    client = make_client(client_id="c", client_secret="s")
    started = time.monotonic()
    with pytest.raises(errors.DeadlineExceededError):
        side.run(client.shifts.get("shf_1", deadline=0.3))
    assert time.monotonic() - started < 1


def test_closing_a_stream_ends_its_wait_for_the_head_of_an_answer(client, side, server):
    server.answer(Answer(pause_s=20))
    started = time.monotonic()
    assert side.collect_closing_after(client.events.stream(), 0.3) == []
    assert time.monotonic() - started < 1.3


def test_closing_a_stream_ends_its_wait_on_a_connection_too(client, side, server):
    server.answer(event_stream(b"id: 4\n\n", 20.0))
    stream = client.events.stream()
    side.run(stream.connect())
    started = time.monotonic()
    assert side.collect_closing_after(stream, 0.3) == []
    assert time.monotonic() - started < 1.3
