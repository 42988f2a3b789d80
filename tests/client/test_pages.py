"""Lists: the whole of them, or a page."""

from __future__ import annotations

import pytest
from scripted_http import json_answer, page, problem, shift

from sekur_sdk.client import errors
from sekur_sdk.models import Shift


def ids(found):
    return [item.id for item in found]


def test_iterating_is_the_whole_list(client, side, server):
    server.answer(
        json_answer(page(shift(1), shift(2), next_cursor="c2")),
        json_answer(page(shift(3), next_cursor="c3")),
        json_answer(page(shift(4))),
    )
    assert ids(side.collect(client.shifts.list(page_size=2, site_id="sit_1"))) == ["shf_1", "shf_2", "shf_3", "shf_4"]
    assert [request.query.get("cursor") for request in server.received] == [None, "c2", "c3"]
    assert all(request.query["site_id"] == "sit_1" for request in server.received)


def test_pages_are_fetched_when_they_are_reached(client, side, server):
    server.answer(json_answer(page(shift(1), shift(2), next_cursor="c2")))
    pager = client.shifts.list()
    assert server.received == []
    assert ids(side.collect(pager, count=2)) == ["shf_1", "shf_2"]
    assert len(server.received) == 1


def test_a_list_knows_the_class_of_its_items_before_it_is_fetched(client, server):
    assert client.shifts.list(page_size=2).item_type is Shift
    assert server.received == []


def test_an_empty_page_with_a_cursor_is_not_the_end(client, side, server):
    server.answer(json_answer(page(next_cursor="c2")), json_answer(page(next_cursor="c3")), json_answer(page(shift(1))))
    assert ids(side.collect(client.shifts.list())) == ["shf_1"]


def test_a_cursor_that_comes_back_is_an_error_and_not_an_endless_list(client, side, server):
    server.answer(
        json_answer(page(shift(1), next_cursor="c2")),
        json_answer(page(shift(2), next_cursor="c3")),
        json_answer(page(shift(3), next_cursor="c2")),
    )
    with pytest.raises(errors.RepeatedCursorError):
        side.collect(client.shifts.list())
    assert len(server.received) == 3


def test_one_page_comes_with_the_cursor_of_the_next(client, side, server):
    server.answer(json_answer(page(shift(1), next_cursor="c2")))
    found = side.run(client.shifts.list().page())
    assert (ids(found.items), found.next_cursor) == (["shf_1"], "c2")


def test_pages_may_be_iterated_too(client, side, server):
    server.answer(json_answer(page(shift(1), next_cursor="c2")), json_answer(page(shift(2))))
    assert [ids(found.items) for found in side.collect(client.shifts.list().pages())] == [["shf_1"], ["shf_2"]]


def test_a_list_goes_on_from_a_saved_cursor(client, side, server):
    server.answer(json_answer(page(shift(3))))
    assert ids(side.collect(client.shifts.list(cursor="c3"))) == ["shf_3"]
    assert server.received[0].query["cursor"] == "c3"


def test_the_pager_tells_the_cursor_of_the_page_it_reads(client, side, server):
    server.answer(json_answer(page(shift(1), next_cursor="c2")), json_answer(page(shift(2), shift(3))))
    pager = client.shifts.list()
    assert pager.cursor is None
    side.collect(pager, count=2)
    assert pager.cursor == "c2"


def test_an_error_on_the_way_carries_where_to_go_on(client, side, server):
    server.answer(json_answer(page(shift(1), next_cursor="c2")), problem(403))
    with pytest.raises(errors.PermissionDeniedError) as caught:
        side.collect(client.shifts.list())
    assert caught.value.cursor == "c2"


def test_an_unreadable_item_names_its_place_in_the_page(client, side, server):
    server.answer(json_answer(page(shift(1), shift(2, version="x"))))
    with pytest.raises(errors.ResponseDecodeError) as caught:
        side.collect(client.shifts.list())
    assert caught.value.path == "$.items[1].version"


def test_a_list_may_be_iterated_twice(client, side, server):
    server.answer(json_answer(page(shift(1))))
    pager = client.shifts.list()
    assert ids(side.collect(pager)) == ids(side.collect(pager)) == ["shf_1"]
