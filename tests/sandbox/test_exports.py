"""Exports: all of the store in a ZIP that its owner can load with tools of the trade, made while others write, whole or not at all."""

from __future__ import annotations

import hashlib
import io
import json
import os
import sqlite3
import subprocess
import threading
import time
import zipfile
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from killed_server import served_until_killed
from people_bodies import create, made, refused

from sekur_sdk.sandbox.export.archive import _safe
from sekur_sdk.sandbox.export.dump import LEFT_OUT, literal
from sekur_sdk.sandbox.export.maker import ExportMaker, exports_of
from sekur_sdk.sandbox.inputs.exports import ExportCreate
from sekur_sdk.sandbox.store import schema
from sekur_sdk.sandbox.store.database import Store
from sekur_sdk.sandbox.store.records import exports
from sekur_sdk.sandbox.trade import exports as trade
from sekur_sdk.sandbox.watch import look

if TYPE_CHECKING:
    from pathlib import Path

    import httpx
    from conftest import Clock

    from sekur_sdk.models.exports import Export
    from sekur_sdk.sandbox.server import SandboxServer

PHOTO = b"\xff\xd8\xff" + os.urandom(1000)
NASTY = "l'entr\u00e9e\r\nd\u00e9j\u00e0\n.quit\n;--\ttab '' \u2028 ~0~ \U0001f6a8"


def export_of(api: httpx.Client) -> dict[str, Any]:
    """A ready export."""
    export = made(api.post("/exports", json={"format": "zip"}))
    until = time.monotonic() + 30
    while export["status"] in ("requested", "running"):
        assert time.monotonic() < until
        time.sleep(0.01)  # as a client without the SDK would
        export = api.get(f"/exports/{export['id']}").json()
    assert export["status"] == "ready", export
    return export


def opened(content: bytes) -> zipfile.ZipFile:
    archive = zipfile.ZipFile(io.BytesIO(content))
    assert archive.testzip() is None
    return archive


def load(archive: zipfile.ZipFile, path: Path) -> sqlite3.Connection:
    """The database, as the sqlite3 command makes it of the export."""
    done = subprocess.run(
        ["sqlite3", "-bail", str(path)],
        input=archive.read("database.sql"),
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert (done.returncode, done.stderr, done.stdout) == (0, b"", b"")
    return sqlite3.connect(path)


def rows(connection: sqlite3.Connection, table: str) -> list[tuple[Any, ...]]:
    columns = [column[1] for column in connection.execute(f'PRAGMA table_info("{table}")')]
    shown = [f'"{column}"' for column in columns if (table, column) not in LEFT_OUT]
    kinds = [f"typeof({column})" for column in shown]
    return sorted(connection.execute(f'SELECT {",".join(shown + kinds)} FROM "{table}"'), key=repr)


def test_the_sqlite3_command_loads_every_table_and_every_row(
    api: httpx.Client, sandbox: SandboxServer, tmp_path: Path
) -> None:
    disposition = "attachment; filename*=UTF-8''portail%20%C3%A9.jpg"
    photo = made(
        api.post(
            "/attachments", content=PHOTO, headers={"Content-Type": "image/jpeg", "Content-Disposition": disposition}
        )
    )
    create(api, "/clients", notes=NASTY)
    token = create(api, "/tokens")["secret"]
    hook = made(api.post("/webhooks", json={"url": "https://hook.invalid/"}))
    hook = made(api.post(f"/webhooks/{hook['id']}/rotate-secret", json={}))
    create(api, "/sites")
    export = export_of(api)
    content = api.get(f"/exports/{export['id']}/content")
    assert content.headers["content-type"] == "application/zip"
    assert hashlib.sha256(content.content).hexdigest() == export["sha256"] == content.headers["etag"].strip('"')
    assert len(content.content) == export["size"]
    archive = opened(content.content)
    manifest = json.loads(archive.read("manifest.json"))

    with sqlite3.connect(sandbox.store.path) as original, load(archive, tmp_path / "loaded.sqlite3") as loaded:
        tables = {name for (name,) in original.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        assert tables == {name for (name,) in loaded.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        # what the making of the export itself went on to write
        moved = {"export", "event", "counter", "webhook_delivery", "webhook"}
        for table in tables - moved:
            assert rows(loaded, table) == rows(original, table), table
            assert manifest["tables"][table] == len(rows(loaded, table))
        events = loaded.execute("SELECT * FROM event ORDER BY id").fetchall()
        assert events == original.execute("SELECT * FROM event ORDER BY id").fetchmany(len(events))
        assert len(events) == manifest["tables"]["event"] > 50
        assert loaded.execute("PRAGMA foreign_key_check").fetchall() == []
        assert loaded.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        indexes = "SELECT name, sql FROM sqlite_master WHERE type = 'index' ORDER BY name"
        assert loaded.execute(indexes).fetchall() == original.execute(indexes).fetchall()
        assert loaded.execute("SELECT notes FROM client WHERE notes IS NOT NULL").fetchall() == [(NASTY,)]
    original.close()
    loaded.close()

    [name] = [name for name in archive.namelist() if name.startswith("attachments/")]
    assert name == f"attachments/{photo['id']}/portail \u00e9.jpg"
    assert archive.read(name) == PHOTO
    for entry in manifest["files"]:
        data = archive.read(entry["path"])
        assert (entry["size"], entry["sha256"]) == (len(data), hashlib.sha256(data).hexdigest())
    assert {entry["path"] for entry in manifest["files"]} | {"manifest.json"} == set(archive.namelist())
    assert export["rows_done"] == export["rows_total"] == sum(manifest["tables"].values()) + 1

    dump = archive.read("database.sql")
    hashes = [hashlib.sha256(secret.encode()).hexdigest() for secret in (token, api.headers["authorization"][7:])]
    for secret in (token, hook["secret"], *hashes):
        assert secret.encode() not in dump
    assert manifest["left_out"] == sorted(f"{table}.{column}" for table, column in LEFT_OUT)
    assert "webhook.secret" in archive.read("LISEZMOI.txt").decode()


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd", "_.._etc_passwd"),
        ("C:\\x.jpg", "C__x.jpg"),
        ("..", "file"),
        ("a\nb", "a_b"),
        ("\u00e9t\u00e9.pdf", "\u00e9t\u00e9.pdf"),
    ],
)
def test_no_name_of_a_file_leads_out_of_the_archive(name: str, safe: str) -> None:
    assert _safe(name) == safe


def test_no_column_that_holds_a_secret_is_forgotten() -> None:
    columns = {(table.name, column.name) for table in schema.metadata.tables.values() for column in table.columns}
    assert columns >= LEFT_OUT
    telling = ("secret", "password", "token", "key")
    suspects = {
        (table, column)
        for table, column in columns
        if any(word in column for word in telling) or (column == "sha256" and "token" in table)
    }
    told_apart = {
        ("webhook", "previous_secret_until"),  # a time
        ("idempotency", "key"),  # what a caller called its request
    }
    assert suspects - told_apart <= LEFT_OUT


def test_a_part_of_the_file_is_given_and_an_unready_export_has_none(
    api: httpx.Client, sandbox: SandboxServer, clock: Clock
) -> None:
    export = export_of(api)
    path = f"/exports/{export['id']}/content"
    whole = api.get(path).content
    rest = api.get(path, headers={"Range": "bytes=100-"})
    assert (rest.status_code, rest.content) == (206, whole[100:])
    assert rest.headers["content-range"] == f"bytes 100-{len(whole) - 1}/{len(whole)}"
    refused(api.get(path, headers={"Range": f"bytes={len(whole)}-"}), 416)
    refused(api.get("/exports/exp_nobody/content"), 404)
    refused(api.post("/exports", json={"format": "sql"}), 422)
    clock.advance(trade.KEPT.total_seconds() + 1)
    sandbox.store.write(look)
    told = refused(api.get(path), 409)
    assert told["current"]["status"] == "expired"
    until = time.monotonic() + 10
    while list(exports_of(sandbox.store.path).iterdir()):
        assert time.monotonic() < until


def test_the_scope_of_exports_is_its_own(api: httpx.Client) -> None:
    all_but = [s for s in api.get("/roles?limit=1").json()["items"][0]["scopes"] if not s.startswith("exports")]
    weak = create(api, "/tokens", scopes=all_but[:20])["secret"]
    export = export_of(api)
    for method, path in (("POST", "/exports"), ("GET", "/exports"), ("GET", f"/exports/{export['id']}/content")):
        refused(api.request(method, path, headers={"Authorization": f"Bearer {weak}"}), 403)


def ask(store: Store) -> Export:
    return store.write(lambda tx: trade.create_export(tx, ExportCreate()))


def state(store: Store, export: Export) -> Any:
    with store.read() as connection:
        return exports.find(connection, export.id)


def test_writers_go_on_while_an_export_is_made_and_it_shows_one_moment(
    store: Store, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    maker, export = ExportMaker(store), ask(store)
    seen: list[tuple[int, int]] = []

    def tell(_id: str, done: int, total: int) -> None:
        # as if each batch took long: somebody writes between any two
        seen.append((done, total))
        store.write(lambda tx: tx.next_number(f"beside-{len(seen)}"))

    monkeypatch.setattr(maker, "_tell", tell)
    maker.make_all()
    ready = state(store, export)
    assert (ready.status, seen[0][0]) == ("ready", 0)
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)
    assert seen[-1] == (ready.rows_total, ready.rows_total)
    archive = opened((exports_of(store.path) / ready.sha256).read_bytes())
    with load(archive, tmp_path / "moment.sqlite3") as loaded:
        assert loaded.execute("SELECT count(*) FROM counter WHERE name LIKE 'beside-%'").fetchone() == (0,)
    loaded.close()


def test_an_export_that_fails_says_why_and_leaves_nothing(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    maker, export = ExportMaker(store), ask(store)

    def full(_part: Path) -> tuple[int, str]:
        raise OSError(28, "No space left on device")  # a disk of a test's own would take root

    monkeypatch.setattr(maker, "_keep", full)
    maker.make_all()
    failed = state(store, export)
    assert (failed.status, failed.failure) == ("failed", "No space left on device")
    assert list(exports_of(store.path).iterdir()) == []


def test_an_export_that_ends_the_server_each_time_is_given_up(store: Store) -> None:
    export = ask(store)
    for _ in range(trade.MAX_STARTS):
        assert state(store, export).status == "requested"
        store.write(trade.begin)
        store.write(trade.take_up)
    assert state(store, export).status == "failed"
    assert "3 times" in state(store, export).failure


def test_a_server_told_to_end_puts_an_export_back(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    maker, export = ExportMaker(store), ask(store)
    monkeypatch.setattr(maker, "_sweep", lambda: None)
    told = maker._tell

    def end(id_: str, done: int, total: int) -> None:
        if done > 100:
            maker._ended = True
        told(id_, done, total)

    monkeypatch.setattr(maker, "_tell", end)
    maker.make_all()
    assert state(store, export).status == "requested"
    assert list(exports_of(store.path).iterdir()) == []
    ExportMaker(store).make_all()
    assert state(store, export).status == "ready"


def test_a_file_that_is_not_there_or_was_damaged_is_said(api: httpx.Client, sandbox: SandboxServer) -> None:
    headers = {"Content-Type": "image/jpeg", "Content-Disposition": 'attachment; filename="x.jpg"'}
    gone, damaged = (made(api.post("/attachments", content=PHOTO + one, headers=headers)) for one in (b"1", b"2"))
    folder = sandbox.store.path.with_name(f"{sandbox.store.path.name}.attachments")
    (folder / gone["sha256"]).unlink()
    (folder / damaged["sha256"]).write_bytes(b"other")
    export = export_of(api)
    manifest = json.loads(opened(api.get(f"/exports/{export['id']}/content").content).read("manifest.json"))
    told = {entry["path"].split("/")[1]: entry for entry in manifest["files"] if entry["path"].startswith("att")}
    assert told[gone["id"]]["is_missing"] is True
    assert told[damaged["id"]]["is_damaged"] is True


def test_what_is_erased_is_in_no_export_that_can_still_be_had(api: httpx.Client, sandbox: SandboxServer) -> None:
    body = {"author_id": "emp_demo", "category": "anomalie", "text": "Nom : Exemplaire-Rare"}
    entry = made(api.post("/sites/sit_entrepot/logbook", json=body))
    before = export_of(api)
    content = api.get(f"/exports/{before['id']}/content").content
    assert b"Exemplaire-Rare" in opened(content).read("database.sql")
    made(api.post(f"/logbook-entries/{entry['id']}/erase", json={"reason": "Demande"}))
    refused(api.get(f"/exports/{before['id']}/content"), 409)
    after = export_of(api)
    content = api.get(f"/exports/{after['id']}/content").content
    assert b"Exemplaire-Rare" not in opened(content).read("database.sql")
    assert [path.name for path in exports_of(sandbox.store.path).iterdir()] == [after["sha256"]]


def test_an_erasure_while_an_export_is_made_makes_it_begin_anew(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    maker, export = ExportMaker(store), ask(store)
    begun: list[str] = []

    def erase_once(id_: str, done: int, total: int) -> None:
        if done == total and not begun:
            begun.append(id_)
            store.write(trade.withdraw_exports)

    monkeypatch.setattr(maker, "_tell", erase_once)
    maker.make_all()
    ready = state(store, export)
    assert (ready.status, begun) == ("ready", [export.id])
    assert [path.name for path in exports_of(store.path).iterdir()] == [ready.sha256]
    with store.read() as connection:
        assert connection.execute(sa.select(exports.table.c.starts)).scalar_one() == 2


def test_no_more_than_a_few_exports_wait(store: Store) -> None:
    from sekur_sdk.sandbox.problems import RefusalError

    for _ in range(trade.MAX_WAITING):
        ask(store)
    with pytest.raises(RefusalError):
        ask(store)


@given(
    st.lists(
        st.one_of(
            st.none(),
            st.integers(-(2**63), 2**63 - 1),
            st.floats(allow_nan=False),
            st.binary(),
            st.text(alphabet=st.characters(exclude_categories=["Cs"])),
        ),
        max_size=20,
    )
)
def test_any_value_is_spelled_so_that_sqlite_reads_it_back(values: list[object]) -> None:
    connection = sqlite3.connect(":memory:")
    for value in values:
        assert connection.execute(f"SELECT {literal(value)}").fetchone()[0] == value
        # the command would change these between two lines of a text
        assert not isinstance(value, str) or not {"\r", "\n", "\0"} & set(literal(value))
    connection.close()


@pytest.mark.services
def test_a_kill_in_the_middle_leaves_no_half_a_file_and_the_export_is_made_anew(tmp_path: Path, clock: Clock) -> None:
    database = tmp_path / "killed.sqlite3"
    store = Store(database, clock)

    def fill(tx: Any) -> None:
        text = "x" * 300
        tx.connection.execute(
            sa.insert(schema.event),
            [{"id": n, "type": "client.created", "at": tx.now, "data": text} for n in range(1, 200_001)],
        )
        tx.connection.execute(sa.insert(schema.counter).values(name="event", value=200_000))

    store.write(fill)
    store.close()
    with served_until_killed(database) as api:
        export = made(api.post("/exports", json={}))
        until = time.monotonic() + 30
        while not 0 < (now := api.get(f"/exports/{export['id']}").json())["rows_done"] < (now["rows_total"] or 0):
            assert now["status"] in ("requested", "running"), now
            assert time.monotonic() < until
    assert [path.suffix for path in exports_of(database).iterdir()] == [".part"]
    with served_until_killed(database) as api:
        until = time.monotonic() + 60
        while (now := api.get(f"/exports/{export['id']}").json())["status"] in ("requested", "running"):
            assert time.monotonic() < until
            time.sleep(0.05)  # as a client without the SDK would
        content = api.get(f"/exports/{export['id']}/content").content
    assert hashlib.sha256(content).hexdigest() == now["sha256"]
    assert [path.name for path in exports_of(database).iterdir()] == [now["sha256"]]
    with load(opened(content), tmp_path / "loaded.sqlite3") as loaded:
        assert loaded.execute("SELECT count(*) FROM event WHERE id <= 200000").fetchone() == (200_000,)
    loaded.close()


@pytest.mark.services
def test_no_write_waits_for_an_export_of_much(tmp_path: Path, clock: Clock) -> None:
    store = Store(tmp_path / "much.sqlite3", clock)

    def fill(tx: Any) -> None:
        rows_of = [{"id": n, "type": "client.created", "at": tx.now, "data": "x" * 300} for n in range(1, 100_001)]
        tx.connection.execute(sa.insert(schema.event), rows_of)
        tx.connection.execute(sa.insert(schema.counter).values(name="event", value=100_000))

    store.write(fill)
    ask(store)
    maker, done = ExportMaker(store), threading.Event()

    def make() -> None:
        maker.make_all()
        done.set()

    thread = threading.Thread(target=make)
    thread.start()
    slowest, count = 0.0, 0
    while not done.is_set():
        started = time.monotonic()
        store.write(lambda tx: tx.next_number("beside"))
        slowest, count = max(slowest, time.monotonic() - started), count + 1
    thread.join()
    store.close()
    assert count > 10
    assert slowest < 1.0
