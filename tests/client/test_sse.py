"""Server-sent events, read from bytes cut anywhere."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sekur_sdk.client.sse import MAX_EVENT_BYTES, EventParser, ServerSentEvent

STREAM = (
    b"\xef\xbb\xbf: welcome\n\nid: 41\n\n"
    b'id: 42\nevent: alert.opened\ndata: {"a":\ndata:  1}\n\n'
    b": heartbeat\r\n\r\nid:43\r\ndata:x\r\n\r\n"
    b"retry: 1500\ndata\rid\r\r"
    b"data: cut off"
)
EVENTS = [
    ServerSentEvent(id="41", type="message", data=b""),
    ServerSentEvent(id="42", type="alert.opened", data=b'{"a":\n 1}'),
    ServerSentEvent(id="43", type="message", data=b"x"),
]


def read(chunks):
    parser = EventParser()
    return [event for chunk in chunks for event in parser.feed(chunk)], parser


def test_events_are_read_with_their_ids_types_and_data():
    events, parser = read([STREAM + b"\n"])
    assert events[:3] == EVENTS
    assert events[3] == ServerSentEvent(id="", type="message", data=b"")
    assert parser.retry_s == 1.5


@given(st.lists(st.integers(0, len(STREAM)), max_size=20))
def test_where_the_bytes_are_cut_makes_no_difference(cuts):
    edges = [0, *sorted(cuts), len(STREAM)]
    assert read(STREAM[a:b] for a, b in itertools.pairwise(edges))[0] == read([STREAM])[0]


def test_an_event_that_is_not_finished_is_not_given():
    events, parser = read([b"data: half\n"])
    assert events == []
    assert parser.feed(b"\n") == [ServerSentEvent(id=None, type="message", data=b"half")]


def test_a_comment_is_no_event():
    assert read([b": heartbeat\n\n" * 3])[0] == []


def test_an_id_with_a_null_is_ignored():
    assert read([b"id: 1\ndata: a\n\nid: 2\x00\ndata: b\n\n"])[0][1].id == "1"


@pytest.mark.parametrize("endless", [b"x" * 65536, b"data: " + b"x" * 1000 + b"\n"])
def test_an_endless_event_is_an_error_and_not_a_full_memory(endless):
    with pytest.raises(ValueError, match="an event above"):
        read([endless] * (2 * MAX_EVENT_BYTES // len(endless) + 2))


@given(st.lists(st.binary(max_size=40), max_size=20))
def test_no_bytes_break_the_parser(chunks):
    read(chunks)
