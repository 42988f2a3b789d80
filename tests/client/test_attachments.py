"""Up- and downloads, piece by piece, whole or not at all."""

from __future__ import annotations

import base64
import hashlib
import io
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scripted_http import Answer, json_answer, problem

from sekur_sdk import RetryPolicy
from sekur_sdk.client import errors
from sekur_sdk.client.content import MAX_BYTES, read_content
from sekur_sdk.client.sink import Sink

CONTENT = bytes(range(256)) * 1200
SHA256 = hashlib.sha256(CONTENT).hexdigest()
ATTACHMENT = {
    "id": "att_1",
    "name": "portail de nuit.jpg",
    "content_type": "image/jpeg",
    "size": len(CONTENT),
    "sha256": SHA256,
    "created_at": "2026-11-07T22:00:00Z",
}


def stored(received):
    return json_answer(ATTACHMENT, status=201)


def part(start=0, stop=None):
    """An answer with CONTENT from `start`, cut off before `stop` as a dropped connection cuts it."""

    def answer(received):
        asked = received.headers.get("range")
        assert asked == (f"bytes={start}-" if start else None)
        headers = {"Content-Type": "image/jpeg"}
        if start:
            headers["Content-Range"] = f"bytes {start}-{len(CONTENT) - 1}/{len(CONTENT)}"
        return Answer(
            status=206 if start else 200,
            body=CONTENT[start:],
            headers=headers,
            stop_after=None if stop is None else stop - start,
        )

    return answer


def names(folder):
    return [path.name for path in folder.iterdir()]


@pytest.fixture
def photo(tmp_path):
    path = tmp_path / "portail de nuit.jpg"
    path.write_bytes(CONTENT)
    return path


def test_a_file_is_sent_with_its_name_size_and_digest(client, side, server, photo):
    server.answer(stored)
    told = []
    attachment = side.run(client.attachments.upload(photo, progress=lambda done, total: told.append((done, total))))
    [request] = server.received
    assert (request.method, request.path, request.body) == ("POST", "/api/v1/attachments", CONTENT)
    assert request.headers["content-length"] == str(len(CONTENT))
    assert request.headers["content-type"] == "image/jpeg"
    assert unquote(request.headers["content-disposition"]) == "attachment; filename*=UTF-8''portail de nuit.jpg"
    digest = base64.b64encode(hashlib.sha256(CONTENT).digest()).decode()
    assert request.headers["repr-digest"] == f"sha-256=:{digest}:"
    assert request.headers["idempotency-key"]
    assert told[-1] == (len(CONTENT), len(CONTENT))
    assert [done for done, _ in told] == sorted({done for done, _ in told})
    assert len(told) > 2
    assert attachment.sha256 == SHA256
    assert "portail" not in repr(attachment)


@pytest.mark.parametrize("kind", ["bytes", "file", "file from where it stands"])
def test_bytes_and_open_files_are_sent_too_and_the_file_stays_open(client, side, server, kind):
    server.answer(problem(503), stored)
    source = CONTENT if kind == "bytes" else io.BytesIO(CONTENT)
    if kind == "file from where it stands":
        source.seek(1000)
    side.run(client.attachments.upload(source, name="rapport.pdf"))
    expected = CONTENT[1000:] if "stands" in kind else CONTENT
    assert [request.body for request in server.received] == [expected, expected]
    assert len({request.headers["idempotency-key"] for request in server.received}) == 1
    assert server.received[0].headers["content-type"] == "application/pdf"
    if kind != "bytes":
        assert not source.closed


@pytest.mark.parametrize(
    ("source", "arguments", "parameter"),
    [
        (b"", {"name": "x"}, "source"),
        (bytes(MAX_BYTES + 1), {"name": "x"}, "source"),
        ("/nowhere/x.jpg", {}, "source"),
        ("/", {"name": "x"}, "source"),
        (b"x", {}, "name"),
        (b"x", {"name": " "}, "name"),
        (b"x", {"name": "x", "content_type": "jpeg"}, "content_type"),
        (iter([b"x"]), {"name": "x"}, "source"),
    ],
    ids=["empty", "too long", "missing", "a folder", "unnamed", "named by a space", "no media type", "an iterator"],
)
def test_what_can_not_be_sent_is_told_before_anything_is(client, side, server, source, arguments, parameter):
    with pytest.raises(errors.ArgumentError, match=f"^{parameter}: "):
        side.run(client.attachments.upload(source, **arguments))
    assert server.received == []


def test_a_file_that_shrinks_while_it_is_sent_is_an_error(tmp_path):
    path = tmp_path / "growing.log"
    path.write_bytes(CONTENT)
    content = read_content(path, None)
    path.write_bytes(b"x")
    with pytest.raises(errors.ArgumentError, match="became shorter"):
        list(content)


def test_a_download_is_written_whole_and_checked(client, side, server, tmp_path):
    server.answer(json_answer(ATTACHMENT), part())
    told = []
    target = tmp_path / "got.jpg"
    found = side.run(client.attachments.download("att_1", target, progress=lambda *step: told.append(step)))
    assert target.read_bytes() == CONTENT
    assert found.sha256 == SHA256
    assert told[-1] == (len(CONTENT), len(CONTENT))
    assert [request.path for request in server.received] == [
        "/api/v1/attachments/att_1",
        "/api/v1/attachments/att_1/content",
    ]
    assert names(tmp_path) == ["got.jpg"]


def test_a_dropped_download_goes_on_where_it_broke(client, side, server, tmp_path):
    server.answer(json_answer(ATTACHMENT), part(0, 100_000), part(100_000, 250_000), problem(503), part(250_000))
    target = tmp_path / "got.jpg"
    side.run(client.attachments.download("att_1", target))
    assert target.read_bytes() == CONTENT
    assert len(server.received) == 5


def test_a_server_that_knows_no_parts_sends_all_again_and_nothing_is_written_twice(client, side, server):
    whole = Answer(body=CONTENT, headers={"Content-Type": "image/jpeg"})
    server.answer(json_answer(ATTACHMENT), part(0, 100_000), whole)
    target = io.BytesIO()
    side.run(client.attachments.download("att_1", target))
    assert target.getvalue() == CONTENT


@pytest.mark.parametrize("body", [CONTENT[:-1] + b"x", CONTENT + b"more"], ids=["damaged", "longer than announced"])
def test_a_damaged_download_is_an_error_and_leaves_nothing(client, side, server, tmp_path, body):
    server.answer(json_answer(ATTACHMENT), Answer(body=body, headers={"Content-Type": "image/jpeg"}))
    (tmp_path / "got.jpg").write_bytes(b"what was there before")
    with pytest.raises(errors.ChecksumError):
        side.run(client.attachments.download("att_1", tmp_path / "got.jpg"))
    assert (tmp_path / "got.jpg").read_bytes() == b"what was there before"
    assert names(tmp_path) == ["got.jpg"]


def test_a_download_that_never_gets_on_ends(make_client, side, server, tmp_path):
    server.answer(json_answer(ATTACHMENT), part(0, 100_000), Answer(drop=True))
    client = make_client(retries=RetryPolicy(retries=2, first_pause=0.001))
    with pytest.raises(errors.ConnectionLostError):
        side.run(client.attachments.download("att_1", tmp_path / "got.jpg"))
    assert len(server.received) == 2 + 2
    assert names(tmp_path) == []


def test_another_part_than_the_one_asked_for_is_an_error(client, side, server):
    wrong = Answer(status=206, body=b"x", headers={"Content-Type": "image/jpeg", "Content-Range": "bytes 5-5/10"})
    server.answer(json_answer(ATTACHMENT), part(0, 100_000), wrong)
    with pytest.raises(errors.ResponseDecodeError, match="another part"):
        side.run(client.attachments.download("att_1", io.BytesIO()))


def test_a_download_has_a_deadline_if_it_is_given_one(client, side, server):
    trickle = Answer(headers={"Content-Type": "image/jpeg"}, chunks=(b"x", 0.05) * 100)
    server.answer(json_answer(ATTACHMENT), trickle)
    with pytest.raises(errors.DeadlineExceededError):
        side.run(client.attachments.download("att_1", io.BytesIO(), deadline=0.3))


def test_nothing_is_written_where_nothing_can_be(client, side, server):
    server.answer(json_answer(ATTACHMENT))
    with pytest.raises(errors.ArgumentError, match=r"^to: can't be written"):
        side.run(client.attachments.download("att_1", "/nowhere/got.jpg"))


@given(st.lists(st.integers(1, 5000), max_size=20), st.booleans())
def test_whatever_the_breaks_a_sink_has_every_byte_once(breaks, knows_parts):
    file = io.BytesIO()
    sink = Sink(file, len(CONTENT), None)
    for length in [*breaks, len(CONTENT)]:
        start = sink.received if knows_parts and sink.received else 0
        headers = {"content-range": f"bytes {start}-{len(CONTENT) - 1}/{len(CONTENT)}"} if start else {}
        sink.begin(206 if start else 200, headers)
        sink.write(CONTENT[start : start + length])
    assert sink.is_whole
    assert file.getvalue() == CONTENT
    sink.check(SHA256)
