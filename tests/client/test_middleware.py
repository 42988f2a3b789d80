"""Middleware: what stands between the client and its transport."""

from __future__ import annotations

import attrs
import pytest
from scripted_http import SHIFT, event_stream, json_answer, problem

from sekur_sdk import Request, Response
from sekur_sdk.client import errors


class Recorder:
    """A middleware for both sides: it adds a header and notes what goes by."""

    def __init__(self, name, seen):
        self.name = name
        self.seen = seen

    def before(self, request):
        assert isinstance(request, Request)
        self.seen.append((self.name, request.method))
        return attrs.evolve(request, headers=(*request.headers, ("X-By", self.name)))

    def after(self, response):
        assert isinstance(response, Response)
        self.seen.append((self.name, response.status))
        return response


@pytest.fixture
def layer(side):
    class Sync(Recorder):
        def __call__(self, request, send):
            return self.after(send(self.before(request)))

    class Async(Recorder):
        async def __call__(self, request, send):
            return self.after(await send(self.before(request)))

    return Sync if side.name == "sync" else Async


def test_the_first_is_outermost_and_each_try_is_seen(make_client, side, server, layer):
    server.answer(problem(503), json_answer(SHIFT))
    seen = []
    client = make_client(middleware=[layer("outer", seen), layer("inner", seen)])
    side.run(client.shifts.get("shf_1"))
    one_try = [("outer", "GET"), ("inner", "GET")]
    assert seen == [*one_try, ("inner", 503), ("outer", 503), *one_try, ("inner", 200), ("outer", 200)]
    assert server.received[0].headers["x-by"] in ("outer", "inner", "outer, inner")


def test_it_sees_the_head_of_an_event_stream(make_client, side, server, layer):
    server.answer(event_stream(b"id: 41\n\n", 20.0))
    seen = []
    stream = make_client(middleware=[layer("outer", seen)]).events.stream()
    side.run(stream.connect())
    side.close(stream)
    assert seen == [("outer", "GET"), ("outer", 200)]
    assert server.received[0].headers["x-by"] == "outer"


def test_it_may_answer_by_itself(make_client, side, server):
    answer = Response(status=404, headers={}, body=b"")
    if side.name == "sync":

        def refuse(request, send):
            return answer
    else:

        async def refuse(request, send):
            return answer

    with pytest.raises(errors.NotFoundError):
        side.run(make_client(middleware=[refuse]).shifts.get("shf_1"))
    assert server.received == []


def test_a_request_shows_no_token_in_its_repr(make_client, side, server):
    server.answer(json_answer(SHIFT))
    shown = []

    def note(request, send):
        shown.append(repr(request))
        return send(request)

    side.run(make_client(middleware=[note]).shifts.get("shf_1"))
    assert "t0ken" not in shown[0]
