"""Attachments: stored whole and right, or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from uploads import CONTENT, SHA256, digest, files, upload

from sekur_sdk.models.attachments import Attachment
from sekur_sdk.wire import decode

if TYPE_CHECKING:
    import httpx

    from sekur_sdk.sandbox.server import SandboxServer


def test_a_file_is_stored_and_given_back(api: httpx.Client, sandbox: SandboxServer) -> None:
    answer = upload(api, Repr_Digest=digest(CONTENT))
    assert answer.status_code == 201, answer.text
    made = decode(answer.content, Attachment)
    assert (made.name, made.content_type, made.size, made.sha256) == (
        "portail é.jpg",
        "image/jpeg",
        len(CONTENT),
        SHA256,
    )
    assert answer.headers["location"] == f"/api/v1/attachments/{made.id}"
    assert decode(api.get(f"/attachments/{made.id}").content, Attachment) == made
    content = api.get(f"/attachments/{made.id}/content")
    assert content.content == CONTENT
    assert content.headers["content-type"] == "image/jpeg"
    assert content.headers["etag"] == f'"{SHA256}"'
    assert "portail" not in str(content.headers)
    assert files(sandbox) == [SHA256]


def test_a_wrong_digest_is_422_and_nothing_is_stored(api: httpx.Client, sandbox: SandboxServer) -> None:
    answer = upload(api, Repr_Digest=digest(b"something else"))
    assert answer.status_code == 422
    assert files(sandbox) == []


def test_a_part_is_given_to_whom_asks_for_it(api: httpx.Client) -> None:
    made = upload(api).json()
    path = f"/attachments/{made['id']}/content"
    rest = api.get(path, headers={"Range": "bytes=100000-"})
    assert (rest.status_code, rest.content) == (206, CONTENT[100_000:])
    assert rest.headers["content-range"] == f"bytes 100000-{len(CONTENT) - 1}/{len(CONTENT)}"
    some = api.get(path, headers={"Range": "bytes=10-19"})
    assert (some.status_code, some.content) == (206, CONTENT[10:20])
    for other in ("bytes=5-2", "bytes=-5", "lines=1-2", "bytes=1-2,4-5"):
        assert api.get(path, headers={"Range": other}).status_code == 200, other
    behind = api.get(path, headers={"Range": f"bytes={len(CONTENT)}-"})
    assert (behind.status_code, behind.headers["content-range"]) == (416, f"bytes */{len(CONTENT)}")


def test_the_same_key_stores_once_and_another_content_under_it_is_422(api: httpx.Client) -> None:
    first, again = upload(api, Idempotency_Key="k1"), upload(api, Idempotency_Key="k1")
    assert (first.json(), again.headers["idempotency-replayed"]) == (again.json(), "true")
    assert upload(api, b"other", Idempotency_Key="k1").status_code == 422


def test_two_files_with_the_same_content_are_two_attachments_of_one_file(
    api: httpx.Client, sandbox: SandboxServer
) -> None:
    assert upload(api).json()["id"] != upload(api).json()["id"]
    assert files(sandbox) == [SHA256]


@pytest.mark.parametrize(
    ("content", "headers", "status"),
    [
        (b"", {}, 422),
        (b"x", {"Content_Type": "jpeg"}, 422),
        (b"x", {"Content_Disposition": "attachment"}, 422),
        (b"x", {"Content_Disposition": "attachment; filename*=UTF-8''a%0Ab"}, 422),
        (b"x", {"Content_Disposition": f'attachment; filename="{"a" * 201}"'}, 422),
        (b"x", {"Repr_Digest": "sha-256=:abc:"}, 422),
        (b"x", {"Idempotency_Key": ""}, 400),
    ],
)
def test_what_can_not_be_stored_is_refused_and_leaves_nothing(
    api: httpx.Client, sandbox: SandboxServer, content: bytes, headers: dict[str, str], status: int
) -> None:
    answer = upload(api, content, **headers)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert files(sandbox) == []


@pytest.mark.parametrize(
    ("disposition", "name"),
    [
        ('attachment; filename="main courante.pdf"', "main courante.pdf"),
        ("attachment; filename=a.pdf", "a.pdf"),
        (r'attachment; filename="a\"b.pdf"', 'a"b.pdf'),
        ("attachment; filename=x.pdf; filename*=UTF-8''%C3%A9t%C3%A9.pdf", "été.pdf"),
        ('attachment; filename="../../etc/passwd"', "passwd"),
    ],
)
def test_names_are_read_as_browsers_and_clients_write_them(api: httpx.Client, disposition: str, name: str) -> None:
    assert upload(api, Content_Disposition=disposition).json()["name"] == name


def test_above_25_mib_is_413(api: httpx.Client, sandbox: SandboxServer) -> None:
    assert upload(api, bytes(25 * 1024 * 1024 + 1)).status_code == 413
    assert files(sandbox) == []


def test_25_mib_are_taken(api: httpx.Client) -> None:
    assert upload(api, bytes(25 * 1024 * 1024)).json()["size"] == 25 * 1024 * 1024


def test_what_is_not_there_is_404(api: httpx.Client) -> None:
    assert api.get("/attachments/att_none").status_code == 404
    assert api.get("/attachments/att_none/content").status_code == 404


# what holds for every route


def test_every_answer_names_the_version_and_another_is_400(api: httpx.Client) -> None:
    assert api.get("/organisation").headers["sekur-version"] == "2026-11-01"
    assert api.get("/organisation", headers={"Sekur-Version": "2026-11-01"}).status_code == 200
    other = api.get("/organisation", headers={"Sekur-Version": "2031-01-01"})
    assert (other.status_code, other.headers["content-type"]) == (400, "application/problem+json")


def test_a_conflict_shows_the_resource_as_it_is_now(api: httpx.Client, shift_body: dict[str, object]) -> None:
    shift = api.post("/shifts", json=shift_body).json()
    stale = api.patch(f"/shifts/{shift['id']}", json={"notes": "x"}, headers={"If-Match": '"99"'})
    assert (stale.status_code, stale.json()["current"], stale.json()["current_version"]) == (
        412,
        shift,
        shift["version"],
    )
    forbidden = api.patch(
        f"/shifts/{shift['id']}", json={"status": "done"}, headers={"If-Match": f'"{shift["version"]}"'}
    )
    assert (forbidden.status_code, forbidden.json()["current"]) == (409, shift)
