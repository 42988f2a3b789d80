"""Cursors: sealed, and right when the row that they stand at moves or vanishes."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from people_bodies import Json, create, made, refused

from sekur_sdk.sandbox.sealing import ensure_key, key_of, seal, unseal
from sekur_sdk.sandbox.store import schema

if TYPE_CHECKING:
    import httpx
    from conftest import Clock

    from sekur_sdk.sandbox.server import SandboxServer
    from sekur_sdk.sandbox.store.database import Store

KEY = bytes(range(32))


@given(st.binary(max_size=600).map(lambda text: text.rstrip(b" ")))
def test_what_was_sealed_is_read_back_and_its_length_shows_in_steps_alone(text: bytes) -> None:
    sealed = seal(KEY, text)
    assert unseal(KEY, sealed) == text
    assert len(base64.urlsafe_b64decode(sealed + "==")) % 64 == 16


@given(st.data())
def test_what_was_changed_anywhere_is_not_read(data: st.DataObject) -> None:
    raw = bytearray(base64.urlsafe_b64decode(seal(KEY, b'["last_name","","Rochefontaine","emp_1"]') + "=="))
    at = data.draw(st.integers(0, len(raw) - 1))
    raw[at] ^= data.draw(st.integers(1, 255))
    with pytest.raises(ValueError, match="not sealed by this key"):
        unseal(KEY, base64.urlsafe_b64encode(raw).decode())


def test_each_store_has_a_key_of_its_own(store: Store) -> None:
    with store.read() as connection:
        key = key_of(connection)
    store.write(lambda tx: ensure_key(tx.connection))
    with store.read() as connection:
        assert key_of(connection) == key
    assert len(key) == 32
    with pytest.raises(ValueError, match="not sealed"):
        unseal(KEY, seal(key, b"text"))


def pages(api: httpx.Client, sort: str) -> Json:
    return made(api.get("/employees", params={"sort": sort, "limit": 3}))


def test_a_cursor_of_a_list_by_name_holds_no_name(shared_api: httpx.Client) -> None:
    page = pages(shared_api, "last_name")
    raw = base64.urlsafe_b64decode(page["next_cursor"] + "==")
    names = [employee[field] for employee in page["items"] for field in ("last_name", "id")]
    assert not [name for name in names if name.encode() in raw or name in page["next_cursor"]]
    assert pages(shared_api, "last_name") == page


def rest(api: httpx.Client, sort: str, cursor: str | None) -> list[str]:
    found = []
    while cursor:
        page = made(api.get("/employees", params={"sort": sort, "limit": 3, "cursor": cursor}))
        found += [employee["id"] for employee in page["items"]]
        cursor = page["next_cursor"]
    return found


@pytest.mark.parametrize("sort", ["last_name", "-last_name", "updated_at"])
def test_the_next_page_is_right_when_the_last_row_was_changed_meanwhile(
    api: httpx.Client, clock: Clock, sort: str
) -> None:
    first = pages(api, sort)
    expected = rest(api, sort, first["next_cursor"])
    anchor = first["items"][-1]["id"]
    other_end = "Zzz" if sort == "last_name" else "Aaa"
    clock.advance(1)
    made(api.patch(f"/employees/{anchor}", json={"last_name": other_end}, headers={"If-Match": "*"}))
    # it moved behind: it comes again, and nothing is left out
    assert rest(api, sort, first["next_cursor"]) == [*expected, anchor]


def test_the_next_page_is_right_when_the_last_row_has_vanished(api: httpx.Client, sandbox: SandboxServer) -> None:
    create(api, "/employees", last_name="Baa")
    first = pages(api, "last_name")
    expected = rest(api, "last_name", first["next_cursor"])
    draft = next(employee["id"] for employee in first["items"] if employee["last_name"] == "Baa")
    made_anchor = made(api.get("/employees", params={"sort": "last_name", "limit": 1}))
    assert made_anchor["items"][0]["id"] == draft
    others = [employee["id"] for employee in first["items"][1:]]
    sandbox.store.write(
        lambda tx: tx.connection.execute(sa.delete(schema.employee).where(schema.employee.c.id == draft))
    )
    assert rest(api, "last_name", made_anchor["next_cursor"]) == [*others, *expected]


@pytest.mark.parametrize("cursor", ["x", "é", "AAAA", base64.urlsafe_b64encode(bytes(80)).decode(), " "])
def test_a_made_up_cursor_is_refused(shared_api: httpx.Client, cursor: str) -> None:
    told = refused(shared_api.get("/employees", params={"cursor": cursor}), 400)
    assert [error["path"] for error in told["errors"]] == ["query.cursor"]
