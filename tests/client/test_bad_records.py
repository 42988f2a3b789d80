"""One bad record of a page, skipped if the caller asks."""

from __future__ import annotations

import pytest
from scripted_http import Answer, json_answer, page, shift

from sekur_sdk.client import errors

BAD = shift(2, starts_at="2026-11-07T20:00:00", notes="Chez Madame Martin")


def test_a_bad_record_is_an_error_that_names_the_path_unless_someone_takes_it(client, side, server):
    server.answer(json_answer(page(shift(1), BAD, shift(3))))
    with pytest.raises(errors.ResponseDecodeError) as caught:
        side.collect(client.shifts.list())
    assert caught.value.path == "$.items[1].starts_at"


def test_a_bad_record_is_handed_over_and_the_others_come(client, side, server):
    server.answer(
        json_answer(page(shift(1), BAD, shift(3), next_cursor="c2"), X_Request_Id="r1"),
        json_answer(page(shift(4, version="x"), shift(5))),
    )
    bad = []
    found = side.collect(client.shifts.list(on_bad_record=bad.append))
    assert [item.id for item in found] == ["shf_1", "shf_3", "shf_5"]
    assert [(record.path, record.cursor) for record in bad] == [
        ("$.items[1].starts_at", None),
        ("$.items[0].version", "c2"),
    ]
    assert bad[0].request_id == "r1"
    assert b"shf_2" in bad[0].json
    assert "Martin" not in repr(bad)


def test_a_page_that_is_none_is_an_error_all_the_same(client, side, server):
    server.answer(Answer(body=b'{"items": 3}', headers={"Content-Type": "application/json"}))
    with pytest.raises(errors.ResponseDecodeError) as caught:
        side.collect(client.shifts.list(on_bad_record=print))
    assert caught.value.path == "$.items"


def test_a_list_goes_on_from_the_cursor_of_the_error_that_ended_it(client, side, server):
    server.answer(
        json_answer(page(shift(1), next_cursor="c2")),
        json_answer(page(BAD)),
        json_answer(page(shift(2), next_cursor="c3")),
        json_answer(page(shift(3))),
    )
    found = []
    with pytest.raises(errors.ResponseDecodeError) as caught:
        side.collect_into(found, client.shifts.list(page_size=1))
    assert caught.value.cursor == "c2"
    side.collect_into(found, client.shifts.list(page_size=1, cursor=caught.value.cursor))
    assert [item.id for item in found] == ["shf_1", "shf_2", "shf_3"]
