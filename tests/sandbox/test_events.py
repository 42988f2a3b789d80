"""The event stream."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any

import httpx
import msgspec
import pytest

from sekur_sdk.models.events import EventType
from sekur_sdk.sandbox.server import SandboxServer
from sekur_sdk.wire.events import decode_event

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sekur_sdk.sandbox.settings import Settings


class Reader:
    """Reads frames of an event stream."""

    def __init__(self, answer: httpx.Response) -> None:
        self.lines = answer.iter_lines()

    def frame(self) -> dict[str, str]:
        fields: dict[str, str] = {}
        for line in self.lines:
            if line == "":
                return fields
            name, _, value = line.partition(":")
            fields[name] = value.removeprefix(" ")
        raise EOFError

    def event(self) -> dict[str, str]:
        while "data" not in (frame := self.frame()):
            pass
        return frame


def write_event(api: httpx.Client) -> None:
    body = {"author_id": "emp_demo", "category": "ras", "text": "RAS"}
    assert api.post("/sites/sit_tour/logbook", json=body).status_code == 201


def test_an_event_is_told_as_it_is_committed(api: httpx.Client, sandbox: SandboxServer) -> None:
    with api.stream("GET", "/events") as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        reader = Reader(answer)
        assert reader.frame() == {"id": str(sandbox.feed.latest)}
        write_event(api)
        frame = reader.event()
    event = decode_event(frame["data"].encode())
    assert (str(event.id), str(event.type)) == (frame["id"], frame["event"])
    assert event.type == EventType.LOGBOOK_ENTRY_CREATED


def test_a_stream_resumes_without_gap_or_duplicate_while_others_write(
    api: httpx.Client, sandbox: SandboxServer
) -> None:
    start = sandbox.feed.latest
    writers = [threading.Thread(target=lambda: [write_event(api) for _ in range(15)]) for _ in range(4)]
    for thread in writers:
        thread.start()
    seen: list[int] = []
    last = str(start)
    while len(seen) < 60:
        # the line breaks after each few events
        with api.stream("GET", "/events", headers={"Last-Event-ID": last}) as answer:
            reader = Reader(answer)
            for _ in range(min(7, 60 - len(seen))):
                frame = reader.event()
                seen.append(int(frame["id"]))
                last = frame["id"]
    for thread in writers:
        thread.join()
    assert seen == list(range(start + 1, start + 61))


def test_a_long_past_is_told_in_order(api: httpx.Client, sandbox: SandboxServer) -> None:
    for _ in range(5):
        write_event(api)
    latest = sandbox.feed.latest
    with api.stream("GET", "/events?after=0") as answer:
        reader = Reader(answer)
        assert [int(reader.event()["id"]) for _ in range(latest)] == list(range(1, latest + 1))


def test_types_choose_events(api: httpx.Client, quote_body: dict[str, Any]) -> None:
    with api.stream("GET", "/events?types=quote.created,quote.updated") as answer:
        reader = Reader(answer)
        reader.frame()
        write_event(api)
        api.post("/quotes", json=quote_body)
        assert reader.event()["event"] == "quote.created"


def test_last_event_id_wins_over_after(api: httpx.Client, sandbox: SandboxServer) -> None:
    headers = {"Last-Event-ID": str(sandbox.feed.latest - 1)}
    with api.stream("GET", "/events?after=0", headers=headers) as answer:
        assert Reader(answer).event()["id"] == str(sandbox.feed.latest)


@pytest.mark.parametrize(
    ("query", "headers"),
    [
        ("?after=-1", {}),
        ("?after=x", {}),
        ("?after=999999", {}),
        ("?types=nope", {}),
        ("", {"Last-Event-ID": "x"}),
        ("", {"Last-Event-ID": "9" * 30}),
    ],
)
def test_a_place_that_is_none_is_400(api: httpx.Client, query: str, headers: dict[str, str]) -> None:
    answer = api.get(f"/events{query}", headers=headers)
    assert (answer.status_code, answer.headers["content-type"]) == (400, "application/problem+json")


def test_a_quiet_stream_has_comments(api: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sekur_sdk.sandbox.routes.events.COMMENT_EVERY_S", 0.05)
    with api.stream("GET", "/events") as answer:
        reader = Reader(answer)
        reader.frame()
        assert reader.frame() == {"": ""}
        assert reader.frame() == {"": ""}


@pytest.fixture
def ending(settings: Settings) -> Iterator[SandboxServer]:
    server = SandboxServer(settings)
    server.start()
    yield server
    server.stop()


def test_a_stop_closes_open_streams_at_once(ending: SandboxServer, settings: Settings) -> None:
    headers = {"Authorization": f"Bearer {settings.token}"}
    with httpx.stream("GET", f"{ending.url}/api/v1/events", headers=headers, timeout=10) as answer:
        reader = Reader(answer)
        reader.frame()
        began = time.monotonic()
        ending.stop()
        with pytest.raises(EOFError):
            reader.frame()
    assert time.monotonic() - began < 2


def test_an_event_is_the_resource_as_the_change_left_it(api: httpx.Client, sandbox: SandboxServer) -> None:
    after = sandbox.feed.latest
    write_event(api)
    ((_, _, data),), _ = sandbox.feed.read(after, frozenset())
    told = msgspec.json.decode(data)["subject"]
    assert told in api.get("/sites/sit_tour/logbook").json()["items"]
