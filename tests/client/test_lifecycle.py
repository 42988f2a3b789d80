"""Opening and closing."""

from __future__ import annotations

import gc
import threading
import warnings

import pytest
from scripted_http import SHIFT, Answer, json_answer

from sekur_sdk import SekurClient
from sekur_sdk.client import errors


def test_a_client_that_is_left_open_is_warned_about(side, server):
    clients = [side.client_class(server.url, token="t")]
    with pytest.warns(ResourceWarning, match=f"a {side.client_class.__name__} was not closed"):
        clients.clear()


def test_a_client_that_was_closed_is_not_warned_about(side, server):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        client = side.client_class(server.url, token="t")
        side.close(client)
        del client
        gc.collect()


def test_nothing_happens_in_a_destructor(side):
    assert not hasattr(side.client_class, "__del__")


def test_a_with_block_closes_the_client(side, server):
    server.answer(json_answer(SHIFT))
    if side.name == "sync":
        with side.client_class(server.url, token="t") as client:
            client.shifts.get("shf_1")
    else:

        async def use():
            async with side.client_class(server.url, token="t") as client:
                await client.shifts.get("shf_1")
            return client

        client = side.run(use())
    with pytest.raises(errors.ClientClosedError):
        side.run(client.shifts.get("shf_1"))


def test_closing_twice_is_harmless(side, server):
    client = side.client_class(server.url, token="t")
    side.close(client)
    side.close(client)


def test_the_repr_of_a_client_shows_no_address_and_no_token(client):
    assert repr(client) == f"<{type(client).__name__}>"


def test_a_client_may_be_used_from_many_threads(server):
    server.answer(json_answer(SHIFT))
    found = []
    with SekurClient(server.url, token="t") as client:
        threads = [threading.Thread(target=lambda: found.append(client.shifts.get("shf_1").id)) for _ in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert found == ["shf_1"] * 20


def test_many_async_calls_may_run_at_once(side, client, server):
    server.answer(json_answer(SHIFT))
    found = side.gather(*[lambda: client.shifts.get("shf_1") for _ in range(20)])
    assert [shift.id for shift in found] == ["shf_1"] * 20


def test_another_transport_may_carry_the_requests(side, server):
    """A fake transport, since being replaceable is what is tested."""
    from sekur_sdk import Response

    sent = []

    class Transport:
        def answer(self, request):
            sent.append(request)
            return Response(status=200, headers={}, body=b'{"status": "ok", "version": "9"}')

    class Sync(Transport):
        def send(self, request):
            return self.answer(request)

        def close(self):
            sent.append("closed")

    class Async(Transport):
        async def send(self, request):
            return self.answer(request)

        async def aclose(self):
            sent.append("closed")

    client = side.client_class(
        "https://sekur.example.fr", token="t", transport=Sync() if side.name == "sync" else Async()
    )
    assert side.run(client.health()).version == "9"
    assert sent[0].url == "https://sekur.example.fr/api/v1/health"
    assert "Bearer" not in repr(sent[0])
    side.close(client)
    assert sent[-1] == "closed"


def test_a_compressed_answer_is_read(client, side, server):
    import gzip
    import json

    body = gzip.compress(json.dumps(SHIFT).encode())
    server.answer(Answer(body=body, headers={"Content-Type": "application/json", "Content-Encoding": "gzip"}))
    assert side.run(client.shifts.get("shf_1")).id == "shf_1"


def test_a_compressed_answer_that_is_corrupt_is_tried_again(client, side, server):
    headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
    server.answer(Answer(body=b"no gzip at all", headers=headers), json_answer(SHIFT))
    assert side.run(client.shifts.get("shf_1")).id == "shf_1"


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_a_proxy_of_the_environment_does_not_stand_before_this_machine(make_client, side, server, monkeypatch, host):
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    server.answer(json_answer(SHIFT))
    client = make_client(server.url.replace("127.0.0.1", host))
    assert side.run(client.shifts.get("shf_1")).id == "shf_1"
