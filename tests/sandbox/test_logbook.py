"""The logbook: fields, amendments, acknowledgement, attachments, erasure, and a chain that tells what was done to it."""

from __future__ import annotations

import shutil
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING

import pytest
from people_bodies import Json, at_fault, create, made, refused
from uploads import SHA256, files, upload

from sekur_sdk.models.logbook import LogbookCategory, LogbookEntry
from sekur_sdk.models.paging import Page
from sekur_sdk.rules.logbook_chain import first_break, first_broken
from sekur_sdk.sandbox.store.database import Store
from sekur_sdk.sandbox.store.engine import make_engine, migrate
from sekur_sdk.sandbox.store.records import logbook_entries
from sekur_sdk.sandbox.trade.attachments import remove_erased
from sekur_sdk.sandbox.trade.logbook import append_entry
from sekur_sdk.sandbox.trade.logbook_check import verify
from sekur_sdk.wire import decode

if TYPE_CHECKING:
    from pathlib import Path

    import httpx
    from conftest import Clock
    from wearable import Wearable

    from sekur_sdk.sandbox.server import SandboxServer
    from sekur_sdk.sandbox.store.writer import Transaction

SITE = "/sites/sit_tour/logbook"
BODY: Json = {"author_id": "emp_demo", "category": "anomalie", "text": "Porte sud ouverte, refermée"}
FULL: Json = BODY | {
    "title": "Porte sud",
    "persons": ["M. Gardien", "Mme Passante"],
    "measures": "Porte refermée, responsable prévenu",
    "called_services": [
        {"name": "Police", "called_at": "2026-11-07T18:40:00Z", "arrived_at": "2026-11-07T18:55:00Z"},
        {"name": "Serrurier", "called_at": "2026-11-07T18:41:00Z", "arrived_at": None},
    ],
    "location": {"lat": 48.8915, "lon": 2.2402, "accuracy_m": 8.5, "zone": "Accès sud"},
    "severity": "high",
    "occurred_at": "2026-11-07T19:35:00+01:00",
    "shared_with_client": True,
    "requires_ack": True,
}


def append(api: httpx.Client, **changes: object) -> Json:
    return made(api.post(SITE, json=BODY | changes))


def entries(api: httpx.Client, **query: object) -> list[Json]:
    items: list[Json] = made(api.get(SITE, params={"limit": 200, **query}))["items"]  # type: ignore[dict-item]  # values that httpx writes
    return items


def verified(api: httpx.Client) -> Json:
    return made(api.get(f"{SITE}/verify"))


def token(api: httpx.Client, *scopes: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {create(api, '/tokens', scopes=list(scopes))['secret']}"}


def tampered(store: Store, *statements: str) -> None:
    """Rows changed behind the server's back, as by somebody with the file in hand."""
    with sqlite3.connect(store.path) as connection:
        for statement in statements:
            assert connection.execute(statement).rowcount != 0, statement
    connection.close()


# what an entry tells


def test_an_entry_is_shown_with_all_that_was_told(shared_api: httpx.Client) -> None:
    entry = append(shared_api, **FULL)
    told = FULL | {"occurred_at": "2026-11-07T18:35:00Z"}
    assert {name: entry[name] for name in told} == told
    answer = shared_api.get(f"/logbook-entries/{entry['id']}")
    assert made(answer) == entry
    assert first_broken(decode(shared_api.get(f"{SITE}?limit=200").content, Page[LogbookEntry]).items) is None
    assert verified(shared_api)["broken"] is None


FUTURE, LATER = "2026-11-07T19:06:00Z", "2026-11-07T20:00:00Z"
CALL = {"name": "Police", "called_at": "2026-11-07T18:40:00Z"}
WRONG = [
    ("$.author_id", {"author_id": "emp_nobody"}),
    ("$.category", {"category": "bavardage"}),
    ("$.severity", {"severity": "urgent"}),
    ("$.text", {"text": ""}),
    ("$.text", {"text": "x" * 5001}),
    ("$.title", {"title": "x" * 201}),
    ("$.measures", {"measures": ""}),
    ("$.persons[1]", {"persons": ["A", " "]}),
    ("$.persons", {"persons": ["A"] * 51}),
    ("$.called_services[0].called_at", {"called_services": [CALL | {"called_at": FUTURE}]}),
    ("$.called_services[0].called_at", {"called_services": [CALL | {"called_at": "2026-11-07T18:40:00"}]}),
    ("$.called_services[0].arrived_at", {"called_services": [CALL | {"arrived_at": "2026-11-07T18:39:59Z"}]}),
    ("$.called_services[0].arrived_at", {"called_services": [CALL | {"arrived_at": LATER}]}),
    ("$.called_services", {"called_services": [CALL] * 21}),
    ("$.location", {"location": {}}),
    ("$.location.lon", {"location": {"lat": 48.0}}),
    ("$.location.lat", {"location": {"lon": 2.0, "zone": "Quai"}}),
    ("$.location.lat", {"location": {"lat": 90.5, "lon": 2.0}}),
    ("$.location.accuracy_m", {"location": {"zone": "Quai", "accuracy_m": 5}}),
    ("$.location.accuracy_m", {"location": {"lat": 48.0, "lon": 2.0, "accuracy_m": -1}}),
    ("$.occurred_at", {"occurred_at": FUTURE}),
    ("$.occurred_at", {"occurred_at": "2026-11-07T18:00:00"}),
    ("$.occurred_at", {"occurred_at": "0001-01-01T00:00:00+05:00"}),
    ("$.alert_id", {"alert_id": "alt_nobody"}),
    ("$.amends_id", {"amends_id": "log_nobody"}),
    ("$.attachments[0]", {"attachments": ["att_nobody"]}),
    ("$.attachments", {"attachments": ["att_nobody"] * 21}),
    ("$.requires_ack", {"requires_ack": "yes"}),
    ("$", {"hash": "0" * 64}),
]


@pytest.mark.parametrize(("path", "change"), WRONG, ids=[f"{path}{number}" for number, (path, _) in enumerate(WRONG)])
def test_what_can_not_be_is_refused_and_named(shared_api: httpx.Client, path: str, change: Json) -> None:
    before = len(entries(shared_api))
    at_fault(shared_api.post(SITE, json=BODY | change), path)
    assert len(entries(shared_api)) == before


def test_there_is_no_way_to_change_or_delete_an_entry(shared_api: httpx.Client) -> None:
    own = f"/logbook-entries/{append(shared_api)['id']}"
    for method in ("PUT", "PATCH", "DELETE"):
        assert shared_api.request(method, own, json={"text": "autre"}).status_code == 405
        assert shared_api.request(method, SITE, json={"text": "autre"}).status_code == 405


FOUND: list[tuple[Json, list[int]]] = [
    ({"severity": "high"}, [1]),
    ({"author_id": "emp_diallo"}, [2]),
    ({"shared_with_client": "true"}, [1]),
    ({"shared_with_client": "false"}, [0, 2]),
    ({"to_acknowledge": "true"}, [1]),
    ({"to_acknowledge": "false"}, [0, 2]),
    ({"category": "ras"}, [2]),
]


def test_entries_are_found_by_what_they_are(api: httpx.Client) -> None:
    made_ = [
        append(api)["id"],
        append(api, **FULL)["id"],
        append(api, author_id="emp_diallo", category="ras", text="RAS")["id"],
    ]
    found = [[made_.index(entry["id"]) for entry in entries(api, **query)] for query, _ in FOUND]
    assert found == [kept for _, kept in FOUND]


# amendments


def test_a_correction_is_an_entry_of_its_own_and_the_original_stays(shared_api: httpx.Client) -> None:
    original = append(shared_api)
    second = append(shared_api, text="Porte nord, et non sud", amends_id=original["id"])
    third = append(shared_api, text="Porte nord du quai 3", amends_id=second["id"])
    for one in (original, second, third):
        chain = made(shared_api.get(f"/logbook-entries/{one['id']}/amendments"))
        assert chain == {"items": [original, second, third], "next_cursor": None}
    assert made(shared_api.get(f"/logbook-entries/{original['id']}")) == original
    assert entries(shared_api, amends_id=original["id"]) == [second]
    alone = append(shared_api)
    assert made(shared_api.get(f"/logbook-entries/{alone['id']}/amendments"))["items"] == [alone]


def test_an_entry_is_amended_once_and_at_its_own_site(shared_api: httpx.Client) -> None:
    original = append(shared_api)
    append(shared_api, amends_id=original["id"])
    at_fault(shared_api.post(SITE, json=BODY | {"amends_id": original["id"]}), "$.amends_id")
    elsewhere = "/sites/sit_chantier/logbook"
    at_fault(shared_api.post(elsewhere, json=BODY | {"amends_id": original["id"]}), "$.amends_id")


# acknowledgement


def test_an_acknowledgement_is_said_once_and_changes_no_hash(shared_api: httpx.Client) -> None:
    entry = append(shared_api, requires_ack=True)
    own = f"/logbook-entries/{entry['id']}/acknowledge"
    first = made(shared_api.post(own, json={"by": "Chef de poste"}))
    assert (first["acknowledged_by"], first["acknowledged_at"]) == ("Chef de poste", "2026-11-07T19:00:00Z")
    assert made(shared_api.post(own)) == first
    assert entry | {"acknowledged_by": first["acknowledged_by"], "acknowledged_at": first["acknowledged_at"]} == first
    assert verified(shared_api)["broken"] is None
    refused(shared_api.post("/logbook-entries/log_nobody/acknowledge"), 404)
    at_fault(shared_api.post(own, json={"by": ""}), "$.by")


# attachments


def test_attachments_are_listed_with_their_hashes_and_belong_to_one_entry(shared_api: httpx.Client) -> None:
    photo, other = upload(shared_api).json(), upload(shared_api, b"plan").json()
    assert photo["owner_id"] is None
    entry = append(shared_api, attachments=[photo["id"], other["id"]])
    assert entry["attachments"] == [{"id": one["id"], "sha256": one["sha256"]} for one in (photo, other)]
    assert made(shared_api.get(f"/attachments/{photo['id']}"))["owner_id"] == entry["id"]
    at_fault(shared_api.post(SITE, json=BODY | {"attachments": [photo["id"]]}), "$.attachments[0]")
    third = upload(shared_api).json()["id"]
    at_fault(shared_api.post(SITE, json=BODY | {"attachments": [third, third]}), "$.attachments[1]")
    # nothing of a refused entry is kept: the file is still free
    append(shared_api, attachments=[third])


def test_a_file_that_belongs_to_nothing_yet_is_its_uploaders_alone(shared_api: httpx.Client) -> None:
    photo = upload(shared_api).json()["id"]
    other = token(shared_api, "logbook:write", "documents:write")
    refused(shared_api.get(f"/attachments/{photo}", headers=other), 404)
    refused(shared_api.get(f"/attachments/{photo}/content", headers=other), 404)
    at_fault(shared_api.post(SITE, json=BODY | {"attachments": [photo]}, headers=other), "$.attachments[0]")


def test_an_attachment_is_read_with_the_scope_of_what_it_belongs_to(shared_api: httpx.Client) -> None:
    logbook, papers = token(shared_api, "logbook:read"), token(shared_api, "documents:read")
    photo, medical = upload(shared_api).json()["id"], upload(shared_api).json()["id"]
    append(shared_api, attachments=[photo])
    document = {
        "attachment_id": medical,
        "kind": "other",
        "title": "Visite médicale",
        "subject_kind": "employee",
        "subject_id": "emp_demo",
    }
    made(shared_api.post("/documents", json=document))
    for path in ("", "/content"):
        assert shared_api.get(f"/attachments/{photo}{path}", headers=logbook).status_code == 200
        assert shared_api.get(f"/attachments/{medical}{path}", headers=papers).status_code == 200
        told = refused(shared_api.get(f"/attachments/{medical}{path}", headers=logbook), 403)
        assert "documents:read" in told["detail"]
        refused(shared_api.get(f"/attachments/{photo}{path}", headers=papers), 403)
    at_fault(shared_api.post(SITE, json=BODY | {"attachments": [medical]}), "$.attachments[0]")
    at_fault(shared_api.post("/documents", json=document | {"attachment_id": photo}), "$.attachment_id")
    nobody = token(shared_api, "planning:write")
    refused(shared_api.get(f"/attachments/{photo}", headers=nobody), 403)


@pytest.mark.parametrize("scope", ["documents:write", "rounds:write", "logbook:write"])
def test_who_may_write_what_has_files_may_upload(shared_api: httpx.Client, scope: str) -> None:
    headers = token(shared_api, scope) | {
        "Content-Type": "text/plain",
        "Content-Disposition": "attachment; filename=a.txt",
    }
    assert shared_api.post("/attachments", content=b"x", headers=headers).status_code == 201


# erasure


def test_an_erased_entry_has_lost_what_it_told_and_the_chain_holds(api: httpx.Client, sandbox: SandboxServer) -> None:
    photo, twin = upload(api, Idempotency_Key="upload-1").json(), upload(api, b"plan").json()
    upload(api, b"plan")
    append(api)
    key = {"Idempotency-Key": "append-1"}
    body = FULL | {"attachments": [photo["id"], twin["id"]]}
    entry = made(api.post(SITE, json=body, headers=key))
    append(api)
    erased = made(api.post(f"/logbook-entries/{entry['id']}/erase", json={"reason": "Demande RGPD", "by": "DPO"}))
    assert (erased["erased_by"], erased["erasure_reason"], erased["text"]) == ("DPO", "Demande RGPD", "")
    gone = {"title": None, "persons": [], "measures": None, "called_services": [], "location": None, "attachments": []}
    assert gone.items() <= erased.items()
    kept = ("id", "seq", "site_id", "author_id", "occurred_at", "recorded_at", "category", "hash", "prev_hash")
    assert [erased[name] for name in kept] == [entry[name] for name in kept]
    assert verified(api)["broken"] is None
    assert first_break(decode(api.get(SITE).content, Page[LogbookEntry]).items) is None
    last = entries(api)[-1]
    assert (last["erases_id"], last["author_id"]) == (entry["id"], "org_demo")
    assert last["text"] == "Entrée n° 2 effacée par DPO : Demande RGPD"
    refused(api.post(f"/logbook-entries/{last['id']}/erase", json={"reason": "pour le cacher"}), 409)
    # the content of one is another attachment's too
    assert SHA256 not in files(sandbox)
    assert twin["sha256"] in files(sandbox)
    refused(api.get(f"/attachments/{photo['id']}/content"), 404)
    told = made(api.get(f"/attachments/{photo['id']}"))
    assert (told["name"], told["erased_at"]) == ("", "2026-11-07T19:00:00Z")
    # neither in the events nor in the answers that are kept for their keys
    assert api.post(SITE, json=body, headers=key).json()["text"] == ""
    with sandbox.store.read() as connection:
        dump = "\n".join(connection.connection.dbapi_connection.iterdump())  # type: ignore[union-attr]  # SQLite's own
    assert "Passante" not in dump
    assert "Demande RGPD" in dump
    with sandbox.store.read() as connection:
        keys = connection.exec_driver_sql("SELECT body FROM idempotency WHERE key = 'upload-1'").scalar_one()
    assert b"portail" not in keys
    # nor in the file's free pages
    tampered(sandbox.store, "PRAGMA wal_checkpoint(TRUNCATE)")
    assert b"Passante" not in sandbox.store.path.read_bytes()


def test_an_erased_entry_is_done_with(shared_api: httpx.Client) -> None:
    entry = append(shared_api)
    own = f"/logbook-entries/{entry['id']}"
    erased = made(shared_api.post(f"{own}/erase", json={"reason": "Demande RGPD"}))
    for action, body in (("erase", {"reason": "encore"}), ("acknowledge", {})):
        told = refused(shared_api.post(f"{own}/{action}", json=body), 409)
        assert (told["allowed"], told["current"]) == ([], erased)
    at_fault(shared_api.post(SITE, json=BODY | {"amends_id": entry["id"]}), "$.amends_id")
    at_fault(shared_api.post(f"{own}/erase", json={}), "$")


def test_erasing_takes_more_than_the_logbooks_scope(shared_api: httpx.Client) -> None:
    own = f"/logbook-entries/{append(shared_api)['id']}/erase"
    refused(shared_api.post(own, json={"reason": "x"}, headers=token(shared_api, "logbook:write")), 403)


def test_a_file_that_a_crash_left_is_removed_at_the_next_look(api: httpx.Client, sandbox: SandboxServer) -> None:
    photo = upload(api).json()
    append(api, attachments=[photo["id"]])
    tampered(sandbox.store, "UPDATE attachment SET erased_at = '2026-11-07 19:00:00', to_remove = 1")
    assert files(sandbox) == [SHA256]
    remove_erased(sandbox.store)
    assert files(sandbox) == []


# the chain


def test_a_whole_chain_is_told_with_its_last_link(api: httpx.Client) -> None:
    assert verified(api) == {
        "site_id": "sit_tour",
        "seq": 0,
        "hash": "0" * 64,
        "verified_at": "2026-11-07T19:00:00Z",
        "broken": None,
    }
    append(api)
    last = append(api, **FULL)
    told = verified(api)
    assert (told["seq"], told["hash"], told["broken"]) == (2, last["hash"], None)
    refused(api.get("/sites/sit_nobody/logbook/verify"), 404)


ENTRY = "UPDATE logbook_entry SET {} WHERE site_id = 'sit_tour' AND seq = 2"
TAMPERING: dict[str, tuple[tuple[str, ...], int, str, bool]] = {
    "a text": ((ENTRY.format("text = 'RAS'"),), 2, "hash", True),
    "a time": ((ENTRY.format("occurred_at = '2026-11-07 18:00:00.000000'"),), 2, "hash", True),
    "an author": ((ENTRY.format("author_id = 'emp_petit'"),), 2, "hash", True),
    "a place": ((ENTRY.format("location = NULL"),), 2, "hash", True),
    "a person": ((ENTRY.format("persons = '[]'"),), 2, "hash", True),
    "an attachment": ((ENTRY.format('attachments = \'[{"id":"att_1","sha256":"00"}]\''),), 2, "hash", True),
    "a hash": ((ENTRY.format("hash = replace(hash, substr(hash, 1, 8), '00000000')"),), 2, "hash", True),
    "a link": ((ENTRY.format("prev_hash = hash"),), 2, "prev_hash", True),
    "a time that is none": ((ENTRY.format("recorded_at = 'hier'"),), 2, "unreadable", False),
    "a list that is none": ((ENTRY.format("persons = 'x'"),), 2, "unreadable", False),
    "deleted": (("DELETE FROM logbook_entry WHERE site_id = 'sit_tour' AND seq = 2",), 2, "missing", True),
    "the first deleted": (("DELETE FROM logbook_entry WHERE site_id = 'sit_tour' AND seq = 1",), 1, "missing", True),
    "the last deleted": (("DELETE FROM logbook_entry WHERE site_id = 'sit_tour' AND seq = 4",), 4, "missing", True),
    "all deleted": (("DELETE FROM logbook_entry WHERE site_id = 'sit_tour'",), 1, "missing", False),
    "moved to another site": ((ENTRY.format("site_id = 'sit_chantier'"),), 2, "missing", True),
    "reordered": (
        (
            ENTRY.format("seq = 99"),
            "UPDATE logbook_entry SET seq = 2 WHERE site_id = 'sit_tour' AND seq = 3",
            "UPDATE logbook_entry SET seq = 3 WHERE site_id = 'sit_tour' AND seq = 99",
        ),
        2,
        "prev_hash",
        True,
    ),
    "emptied as if erased": ((ENTRY.format("text = '', persons = '[]', erased_at = recorded_at"),), 2, "hash", True),
    "the last taken to be erased": (
        (ENTRY.replace("seq = 2", "seq = 4").format("text = '', erased_at = recorded_at, hash = prev_hash"),),
        4,
        "hash",
        True,
    ),
}


@pytest.fixture(scope="module")
def four_entries(demo_database: Path, tmp_path_factory: pytest.TempPathFactory, examples: Path) -> Path:
    """A store's file in which the tower's logbook has four entries."""
    path = shutil.copy(demo_database, tmp_path_factory.mktemp("chain") / "four.sqlite3")
    full = decode((examples / "logbook-entry.json").read_bytes(), LogbookEntry)
    told = ("title", "persons", "measures", "called_services", "location", "attachments")
    store = Store(path, lambda: full.recorded_at)
    for number in range(4):
        more = {name: getattr(full, name) for name in told} if number == 1 else {}
        store.write(partial(append_entry, **WRITTEN, occurred_at=full.occurred_at, **more))
    store.close()
    return path


WRITTEN: Json = {
    "site_id": "sit_tour",
    "author_id": "emp_demo",
    "category": LogbookCategory.ANOMALY,
    "text": "Porte sud",
}


@pytest.mark.parametrize("what", TAMPERING)
def test_what_was_done_to_the_rows_shows_at_the_first_link_that_does_not_hold(
    four_entries: Path, tmp_path: Path, clock: Clock, what: str
) -> None:
    statements, seq, reason, expects = TAMPERING[what]
    store = Store(shutil.copy(four_entries, tmp_path / "tampered.sqlite3"), clock)
    with store.read() as connection:
        written = logbook_entries.all(connection, logbook_entries.table.c.site_id == "sit_tour")
        assert verify(connection, "sit_tour", clock()).broken is None
    tampered(store, *statements)
    with store.read() as connection:
        broken = verify(connection, "sit_tour", clock()).broken
    store.close()
    assert broken is not None
    assert (broken.seq, broken.reason) == (seq, reason)
    assert (broken.expected is not None) == expects
    assert broken.expected != broken.found or not expects
    if reason == "missing":
        assert broken.entry_id is None
        assert not expects or broken.expected == written[seq - 1].hash
    elif what != "reordered":
        assert broken.entry_id == written[seq - 1].id


def test_an_entry_added_behind_the_servers_back_shows(api: httpx.Client, sandbox: SandboxServer) -> None:
    append(api)
    columns = "author_id, occurred_at, recorded_at, category, severity, text, prev_hash, hash"
    tampered(
        sandbox.store,
        f"INSERT INTO logbook_entry (id, site_id, seq, {columns}) SELECT 'log_x', site_id, 2, {columns}"
        " FROM logbook_entry WHERE site_id = 'sit_tour'",
    )
    broken = verified(api)["broken"]
    assert (broken["seq"], broken["entry_id"], broken["reason"]) == (2, "log_x", "unexpected")


def test_entries_after_a_deleted_end_do_not_hide_it(api: httpx.Client, sandbox: SandboxServer) -> None:
    append(api)
    last = append(api)
    tampered(sandbox.store, "DELETE FROM logbook_entry WHERE site_id = 'sit_tour' AND seq = 2")
    assert append(api)["seq"] == 3
    broken = verified(api)["broken"]
    assert (broken["seq"], broken["reason"], broken["expected"]) == (2, "missing", last["hash"])


@pytest.mark.services
def test_a_break_far_down_a_long_chain_is_found(api: httpx.Client, sandbox: SandboxServer) -> None:
    def write(tx: Transaction) -> None:
        for _ in range(1100):
            append_entry(tx, **WRITTEN, occurred_at=tx.now)

    sandbox.store.write(write)
    assert verified(api)["broken"] is None
    tampered(sandbox.store, "UPDATE logbook_entry SET persons = 'x' WHERE site_id = 'sit_tour' AND seq = 1042")
    broken = verified(api)["broken"]
    assert (broken["seq"], broken["reason"]) == (1042, "unreadable")
    tampered(sandbox.store, "UPDATE logbook_entry SET text = 'x' WHERE site_id = 'sit_tour' AND seq = 1007")
    assert verified(api)["broken"]["seq"] == 1007


@pytest.mark.services
def test_sixteen_writers_leave_a_gapless_whole_chain(api: httpx.Client) -> None:
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda number: append(api, text=f"Entrée {number}"), range(96)))
    assert sorted(entry["seq"] for entry in answers) == list(range(1, 97))
    told = verified(api)
    assert (told["seq"], told["broken"]) == (96, None)


def test_entries_of_wearables_are_links_of_the_same_chain(store: Store, wearable: Wearable) -> None:
    for category in ("anomalie", "une_categorie_a_venir"):
        body = {"kind": "log", "category": category, "text": "Vu", "occurred_at": wearable.now().isoformat()}
        wearable.send("event", wearable.envelope(body))
    with store.read() as connection:
        told = verify(connection, "sit_entrepot", wearable.now())
    assert (told.seq, told.broken) == (6, None)


# from before


def test_an_old_stores_entries_and_files_keep_what_they_were(tmp_path: Path, clock: Clock) -> None:
    path = tmp_path / "old.sqlite3"
    engine = make_engine(path, begin="BEGIN IMMEDIATE", size=1)
    migrate(engine, "0004")
    at = "'2026-03-01 08:00:00.000000'"
    vectors = (
        ("log_1", 1, "2026-11-07 19:00:00.000000", "2026-11-07 19:00:05.000000", "prise_de_service", "Prise de service, RAS"),
        ("log_2", 2, "2026-11-07 22:10:00.000000", "2026-11-07 22:11:00.000000", "anomalie", "Porte sud ouverte, refermée"),
    )  # fmt: skip
    hashes = (
        "0" * 64,
        "f2bfa891c3f80ab94ee1698423ca509123e50233227f901ddf236e86982e4e82",
        "b0a64e858a46fa5de53586c44d9ea670e81579e22b7d87d682bdc64c83dae2d7",
    )
    with engine.begin() as connection:
        run = connection.exec_driver_sql
        run(
            "INSERT INTO site (id, name, customer_name, address, time_zone, status, version, created_at, updated_at) VALUES"
            f" ('site_1', 'Quai', 'ACME', 'Lyon', 'Europe/Paris', 'active', 1, {at}, {at})"
        )
        for number, row in enumerate(vectors):
            run(
                "INSERT INTO logbook_entry (id, site_id, author_id, severity, seq, occurred_at, recorded_at, category, text,"
                " prev_hash, hash) VALUES (?, 'site_1', 'agt_1', 'info', ?, ?, ?, ?, ?, ?, ?)",
                (*row, hashes[number], hashes[number + 1]),
            )
        for id_ in ("att_1", "att_2"):
            run(
                f"INSERT INTO attachment (id, name, content_type, size, sha256, created_at)"
                f" VALUES (?, 'a.jpg', 'image/jpeg', 1, 'ab', {at})",
                (id_,),
            )
        run(
            "INSERT INTO document (id, attachment_id, sha256, size, content_type, kind, title, subject_kind, subject_id, status,"
            f" version, created_at, updated_at) VALUES ('doc_1', 'att_2', 'ab', 1, 'image/jpeg', 'other', 'T', 'site', 'site_1',"
            f" 'active', 1, {at}, {at})"
        )
        run(
            "INSERT INTO device (id, label, model, status, online, faults, version, created_at, updated_at)"
            f" VALUES ('dev_1', 'PTI', 'Pi', 'active', 0, '[]', 1, {at}, {at})"
        )
        run(
            "INSERT INTO scan (id, device_id, method, tag, fix, occurred_at, received_at) VALUES ('scn_1', 'dev_1', 'nfc',"
            f" '04:A2', '{{\"lat\": 48.5, \"lon\": 2.5}}', {at}, {at})"
        )
    engine.dispose()
    store = Store(path, clock)
    with store.read() as connection:
        told = verify(connection, "site_1", clock())
        assert (told.seq, told.hash, told.broken) == (2, hashes[2], None)
        owners = connection.exec_driver_sql("SELECT id, owner_id FROM attachment ORDER BY id").all()
        assert [tuple(row) for row in owners] == [("att_1", None), ("att_2", "doc_1")]
        [scan] = connection.exec_driver_sql("SELECT tag_hash, lat, scanned_at, valid FROM checkpoint_scan").all()
        assert (len(scan.tag_hash), scan.lat, bool(scan.valid)) == (64, 48.5, False)
    store.close()
