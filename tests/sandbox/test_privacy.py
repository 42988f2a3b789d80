"""Privacy: retention, all that is held about a person, its erasure."""

from __future__ import annotations

import hashlib
import io
import json
import re
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from people_bodies import Json, at_fault, create, made, refused
from wearable import Wearable, uid

from sekur_sdk.models.device import Fix
from sekur_sdk.sandbox.store import schema
from sekur_sdk.sandbox.store.files import folder_of
from sekur_sdk.sandbox.store.types import WireJson
from sekur_sdk.sandbox.trade.held import EXCUSED, HELD, referring
from sekur_sdk.sandbox.trade.retention import RULES, years_before
from sekur_sdk.sandbox.watch import look

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx
    from conftest import Clock

    from sekur_sdk.sandbox.server import SandboxServer

SITE = "sit_entrepot"
FIRST, LAST, EMAIL, PHONE, BORN = (
    "Aurélienne",
    "Quincampoix",
    "aurelienne@exemple.fr",
    "+33 1 99 00 55 66",
    "1991-04-23",
)
CARD = "CAR-075-2030-01-31-20240099887"
TRACES = (CARD, FIRST, LAST, LAST.upper(), EMAIL, PHONE, BORN, "Q4711", "48.9123", "habilitation de Quincampoix.pdf")
"""What nothing may hold any more after an erasure."""


# by construction


def test_each_table_is_held_about_people_or_excused_and_none_is_both() -> None:
    undecided = set(schema.metadata.tables) - set(HELD) - set(EXCUSED)
    assert undecided == set(), (
        "name each in trade/held.py: what an export shows of it and an erasure leaves, or why nothing"
    )
    assert set(HELD) | set(EXCUSED) <= set(schema.metadata.tables)
    assert not set(HELD) & set(EXCUSED)


def test_no_table_that_refers_to_employees_is_excused() -> None:
    telling = re.compile(r"^(employee_id|author_id|subject_id|email|first_name|last_name|born_on)$")
    for name in EXCUSED.keys() - {"organisation", "client"}:
        table = schema.metadata.tables[name]
        assert not referring(table), name
        assert not [column.name for column in table.columns if telling.match(column.name)], name


def test_each_place_that_is_kept_has_an_end() -> None:
    places = {
        table.name
        for table in schema.metadata.tables.values()
        for column in table.columns
        if column.name == "lat" or (isinstance(column.type, WireJson) and column.type.type_ is Fix)
    }
    # sites and checkpoints are places; what waits for its duty goes after 24 h
    places -= {"site", "checkpoint", "pending_position"}
    assert places == {"position", "alert", "checkpoint_scan"}
    assert places <= {rule.table.name for rule in RULES}


def test_docs_tell_of_each_table() -> None:
    page = (Path(__file__).parents[2] / "docs" / "privacy.md").read_text(encoding="utf-8")
    assert {name for name in HELD if f"`{name}`" not in page} == set()
    assert {rule.name for rule in RULES if f"`{rule.name}`" not in page} == set()


@pytest.mark.parametrize(
    ("now", "before"), [("2028-02-29", "2023-02-28"), ("2026-11-07", "2021-11-07"), ("2029-02-28", "2024-02-28")]
)
def test_years_are_counted_by_the_calendar(now: str, before: str) -> None:
    assert years_before(datetime.fromisoformat(now), 5) == datetime.fromisoformat(before)


# retention


def fix(at: str = "2026-11-07T19:00:00Z") -> Json:
    return {"lat": 48.9123, "lon": 2.38, "fix_at": at}


def rows(sandbox: SandboxServer, table: sa.Table) -> int:
    with sandbox.store.read() as connection:
        return connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()


def alert_with_fix(api: httpx.Client, employee_id: str) -> Json:
    return made(api.post("/alerts", json={"uid": uid(), "kind": "sos", "employee_id": employee_id, "fix": fix()}))


def test_the_purge_takes_what_is_past_its_retention_and_a_dry_run_only_counts(
    api: httpx.Client, sandbox: SandboxServer, clock: Clock
) -> None:
    duty = made(api.post("/duties", json={"employee_id": "emp_demo", "site_id": SITE}))
    for purpose in ("protection", "proof_of_service"):
        positions = [{"uid": uid(), **fix()}]
        made(api.post("/positions/batch", json={"duty_id": duty["id"], "purpose": purpose, "positions": positions}))
    ended, waiting = alert_with_fix(api, "emp_demo"), alert_with_fix(api, "emp_diallo")
    made(api.post(f"/alerts/{ended['id']}/resolve", json={"resolution": "RAS"}))
    clock.advance(1)
    made(api.post(f"/duties/{duty['id']}/end"))
    api.get("/positions")

    def counted(*, dry_run: bool) -> Json:
        told = made(api.post("/privacy/purge", json={"dry_run": dry_run}))
        assert told["dry_run"] is dry_run
        return {name: count for name, count in told["counts"].items() if count}

    clock.at = datetime(2027, 1, 6, 19, 0, tzinfo=UTC)
    assert counted(dry_run=False) == {}
    clock.advance(1)
    due = {"positions": 1, "alert_fixes": 1, "event_fixes": 3}
    assert counted(dry_run=True) == due
    assert rows(sandbox, schema.position) == 2
    assert counted(dry_run=False) == due
    assert counted(dry_run=False) == {}
    assert [one["purpose"] for one in api.get("/positions").json()["items"]] == ["proof_of_service"]
    assert api.get(f"/alerts/{ended['id']}").json()["fix"] is None
    assert api.get(f"/alerts/{waiting['id']}").json()["fix"] is not None
    assert not [data for _, _, data in sandbox.feed.read(0, frozenset())[0] if "48.9123" in data]

    clock.at = datetime(2027, 11, 7, 19, 0, 2, tzinfo=UTC)
    # the first reading of positions is a year old, the purges and the other readings are not
    assert counted(dry_run=False) == {"positions": 1, "audit_events": 1}
    clock.at = datetime(2031, 11, 7, 19, 0, tzinfo=UTC)
    assert "duties" not in counted(dry_run=False)
    clock.advance(2)
    assert counted(dry_run=False)["duties"] == 1
    assert rows(sandbox, schema.duty) == rows(sandbox, schema.duty_step) == 0
    acts = api.get("/audit-events?action=privacy.purged").json()["items"]
    assert [act["count"] for act in acts][:3] == [0, 5, 0]


def test_the_server_purges_by_itself_each_day(api: httpx.Client, sandbox: SandboxServer, clock: Clock) -> None:
    duty = made(api.post("/duties", json={"employee_id": "emp_demo", "site_id": SITE}))
    sandbox.store.write(look)
    clock.advance(60 * 86400 - 3600)
    positions = [{"uid": uid(), **fix()}]
    made(api.post("/positions/batch", json={"duty_id": duty["id"], "positions": positions}))
    sandbox.store.write(look)
    clock.advance(3601)
    sandbox.store.write(look)
    assert rows(sandbox, schema.position) == 1, "once a day"
    clock.advance(86400)
    sandbox.store.write(look)
    assert rows(sandbox, schema.position) == 0
    assert api.get("/audit-events?action=privacy.purged").json()["items"][0]["actor"] == "sekur"


def test_the_register_forgets_who_left_five_years_ago(api: httpx.Client, clock: Clock) -> None:
    clock.at = datetime(2026, 11, 7, 19, tzinfo=UTC)
    gone = create(api, "/employees", status="active", hired_on="2026-01-01")
    made(api.post(f"/employees/{gone['id']}/leave", json={"left_on": "2026-11-07"}))
    clock.at = datetime(2031, 11, 8, 19, tzinfo=UTC)
    made(api.post("/privacy/purge", json={}))
    lines = api.get(f"/personnel-register?employee_id={gone['id']}").json()["items"]
    assert {(line["last_name"], line["job_title"]) for line in lines} == {("effacé", "Agent de sécurité")}


# a person's data


@pytest.fixture
def person(api: httpx.Client, sandbox: SandboxServer, clock: Clock) -> Json:
    """Somebody with something in every table that can hold something about a person, who has left since."""
    who = create(
        api,
        "/employees",
        staff_number="Q4711",
        first_name=FIRST,
        last_name=LAST,
        email=EMAIL,
        phone=PHONE,
        born_on=BORN,
        nationality="FR",
        sex="female",
        status="active",
        hired_on="2026-01-05",
        card_number=CARD,
    )
    id_ = who["id"]
    made(
        api.post(
            "/qualifications", json={"employee_id": id_, "kind": "sst", "obtained_on": "2025-01-15", "label": LAST}
        )
    )
    contract = create(api, "/employment-contracts", employee_id=id_, starts_on="2026-01-05", ends_on="2026-11-30")
    made(api.post(f"/employment-contracts/{contract['id']}/sign", json={"signed_on": "2026-01-04"}))
    for number, retain_until in enumerate((None, "2031-12-31")):
        file = api.post(
            "/attachments",
            content=b"%PDF " + bytes([number]),
            headers={
                "Content-Type": "application/pdf",
                "Content-Disposition": f'attachment; filename="habilitation de {LAST}.pdf"',
            },
        ).json()
        body = {"attachment_id": file["id"], "kind": "card", "subject_kind": "employee", "subject_id": id_}
        title = "Bulletin" if retain_until else f"Carte de {LAST}"
        made(api.post("/documents", json=body | {"title": title, "retain_until": retain_until}))
    role = create(api, "/roles", scopes=["alerts:write", "geolocation:read"])
    user = made(
        api.post(
            "/users",
            json={
                "email": EMAIL,
                "first_name": FIRST,
                "last_name": LAST,
                "role_ids": [role["id"]],
                "employee_id": id_,
            },
        )
    )
    made(api.post(f"/users/{user['id']}/activate"))
    token = create(
        api, "/tokens", name=f"{FIRST} {LAST}", scopes=["alerts:write", "geolocation:read"], user_id=user["id"]
    )
    own = {"Authorization": f"Bearer {token['secret']}"}
    api.get("/positions", headers=own)
    shift = made(
        api.post(
            "/shifts",
            json={
                "site_id": SITE,
                "employee_id": id_,
                "post": "Ronde",
                "starts_at": "2026-11-08T19:00:00Z",
                "ends_at": "2026-11-09T03:00:00Z",
                "notes": f"Prévenir {FIRST} {LAST.upper()} la veille",
            },
        )
    )
    assert shift["employee_id"] == id_
    device = Wearable(sandbox.ingest.handle, clock)
    device.send("event", device.duty_step("start", employee_id=id_, site_id=SITE))
    (duty,) = api.get(f"/duties?employee_id={id_}").json()["items"]
    made(api.post("/pti-sessions", json={"duty_id": duty["id"], "device_id": "dev_demo"}))
    device.send("position", device.position())
    device.send("position", device.position(alert=uid(), duty=None))
    scan = {"kind": "scan", "method": "nfc", "tag": "04A2", "occurred_at": clock.at.isoformat(), "fix": device.fix()}
    device.send("event", device.envelope(scan))
    alarm = device.alert("fall", fix=device.fix() | {"lat": 48.9123})
    device.send("alert", alarm)
    device.send("event", device.cancel(alarm["uid"]))
    (alert,) = api.get(f"/alerts?employee_id={id_}").json()["items"]
    made(api.post(f"/alerts/{alert['id']}/acknowledge", headers=own))
    made(api.post(f"/alerts/{alert['id']}/resolve", json={"resolution": f"Mme {LAST} va bien"}, headers=own))
    (order,) = api.get("/instructions?status=published").json()["items"]
    draft = create(api, "/instructions")
    made(api.post(f"/instructions/{draft['id']}/publish", json={"by": f"{FIRST} {LAST}"}))
    made(api.post(f"/instructions/{order['id']}/acknowledge", json={"employee_id": id_, "edition": 1}))
    made(
        api.post(
            f"/sites/{SITE}/logbook",
            json={"author_id": id_, "category": "ras", "text": "Rien à signaler"},
            headers={"Idempotency-Key": "main-courante"},
        )
    )
    bad = {"kind": "log", "text": 7, "author": id_}
    device.send("event", device.envelope(bad))
    made(api.post("/devices", json={"label": "PTI 21", "model": "Zero", "employee_id": id_, "site_id": SITE}))
    clock.advance(60)
    device.send("event", device.duty_step("end"))
    return api.get(f"/employees/{id_}").json()


def leave(api: httpx.Client, person: Json) -> None:
    (contract,) = api.get(f"/employment-contracts?employee_id={person['id']}").json()["items"]
    made(api.post(f"/employment-contracts/{contract['id']}/end", json={"reason": "Départ", "ended_on": "2026-11-07"}))
    made(api.post(f"/employees/{person['id']}/leave", json={"left_on": "2026-11-07"}))


def exported(api: httpx.Client, employee_id: str) -> tuple[Json, zipfile.ZipFile, httpx.Response]:
    export = made(api.post("/privacy/exports", json={"employee_id": employee_id}))
    answer = api.get(f"/privacy/exports/{export['id']}/content")
    assert answer.status_code == 200
    archive = zipfile.ZipFile(io.BytesIO(answer.content))
    return json.loads(archive.read("person.json")), archive, answer


def test_an_export_holds_all_that_is_held_about_the_person_and_nobody_else(api: httpx.Client, person: Json) -> None:
    told, archive, answer = exported(api, person["id"])
    # the rest is about absences, clients, signatures, wearables whose clock was wrong, what waits, pay that was not run, licences too many, rounds, erasures
    assert {name for name, rows in told["tables"].items() if not rows} == {
        "absence",
        "client_user",
        "share",
        "signature_request",
        "unsynced_alert",
        "pending_position",
        "payroll_run",
        "payroll_line",
        "payroll_hours",
        "payroll_problem",
        "overage",
        "patrol_round",
        "privacy_erasure",
    }
    assert told["tables"]["employee"][0]["email"] == EMAIL
    assert [line["last_name"] for line in told["tables"]["register_entry"]] == [LAST]
    assert {row["lat"] for row in told["tables"]["position"]} == {48.9}
    assert "sha256" not in told["tables"]["api_token"][0]
    assert set(told["tables_without_personal_data"]) == set(EXCUSED)
    people = re.findall(
        r"emp_\w+", json.dumps({name: told["tables"][name] for name in told["tables"] if name != "event"})
    )
    assert set(people) == {person["id"]}
    files = {archive.read(name) for name in archive.namelist() if name != "person.json"}
    assert files == {b"%PDF \x00", b"%PDF \x01"}
    assert answer.headers["etag"] == f'"{hashlib.sha256(answer.content).hexdigest()}"'
    assert answer.headers["cache-control"] == "no-store"


def test_an_export_is_written_down_each_time_and_expires(api: httpx.Client, clock: Clock) -> None:
    export = made(api.post("/privacy/exports", json={"employee_id": "emp_demo"}))
    path = f"/privacy/exports/{export['id']}/content"
    for _ in range(3):
        assert api.get(path).status_code == 200
    actions = [one["action"] for one in api.get("/audit-events?employee_id=emp_demo").json()["items"]]
    assert actions == ["privacy.export_requested", *["privacy.export_read"] * 3]
    assert api.get("/privacy/exports?employee_id=emp_demo").json()["items"] == [export]
    clock.advance(7 * 86400)
    assert refused(api.get(path), 409)["current"] == export
    at_fault(api.post("/privacy/exports", json={"employee_id": "emp_nobody"}), "$.employee_id")
    refused(api.get("/privacy/exports/pex_none/content"), 404)


def test_nobody_is_erased_while_active(api: httpx.Client, person: Json) -> None:
    body = {"employee_id": person["id"], "reason": "Demande du 3 novembre"}
    told = refused(api.post("/privacy/erasures", json=body), 409)
    assert (told["allowed"], told["current"]["status"]) == (["leave"], "active")
    for changes, path in (
        ({"reason": ""}, "$.reason"),
        ({"reason": " "}, "$.reason"),
        ({"employee_id": "emp_x"}, "$.employee_id"),
    ):
        at_fault(api.post("/privacy/erasures", json=body | changes), path)
    refused(api.post("/privacy/erasures", json={"employee_id": person["id"]}), 422)


def traces(path: Path) -> Iterator[tuple[str, str]]:
    """Where a database still holds what it should not: the table, and what."""
    engine = sa.create_engine(f"sqlite:///{path}")
    with engine.connect() as connection:
        for table in schema.metadata.tables.values():
            for row in connection.execute(sa.text(f"SELECT * FROM {table.name}")):
                text = " ".join(
                    value.decode(errors="replace") if isinstance(value, bytes) else str(value) for value in row
                )
                yield from ((table.name, trace) for trace in TRACES if trace in text)
    engine.dispose()


def test_an_erasure_leaves_the_id_what_the_law_wants_kept_and_nothing_else(
    api: httpx.Client, sandbox: SandboxServer, person: Json
) -> None:
    leave(api, person)
    database = sandbox.store.path
    before = {name for name, _ in traces(database)}
    assert before >= {"employee", "card", "qualification", "document", "attachment", "account", "api_token", "shift"}
    assert before >= {"alert", "event", "audit_event", "instruction", "instruction_edition"}
    logbook = api.get(f"/sites/{SITE}/logbook").json()["items"]
    user = api.get(f"/users?employee_id={person['id']}").json()["items"][0]
    token = create(api, "/tokens", user_id=user["id"], scopes=["alerts:read"])["secret"]
    assert api.get("/alerts", headers={"Authorization": f"Bearer {token}"}).status_code == 200
    reason = f"Demande de {FIRST} {LAST}"
    erasure = made(api.post("/privacy/erasures", json={"employee_id": person["id"], "reason": reason}))
    assert (erasure["reason"], erasure["kept_until"]) == ("Demande de effacé", "2031-12-31")
    assert erasure["counts"]["position"] >= 1
    # the register is kept; the document that must be kept is, under its file's name
    assert {name for name, _ in traces(database)} == {"register_entry", "attachment"}
    # nor do the files hold what no row has: freed pages, the log of changes
    for file in (database, database.with_name(f"{database.name}-wal")):
        assert not [trace for trace in (EMAIL, PHONE, CARD, "48.9123") if trace.encode() in file.read_bytes()]
    now = api.get(f"/employees/{person['id']}").json()
    assert (now["status"], now["first_name"], now["last_name"], now["email"]) == ("erased", "Personne", "effacée", None)
    assert len(api.get(f"/documents?subject_id={person['id']}").json()["items"]) == 1
    assert len(list(folder_of(database).iterdir())) == 1
    assert api.get(f"/users?employee_id={person['id']}").json()["items"][0]["status"] == "closed"
    refused(api.get("/alerts", headers={"Authorization": f"Bearer {token}"}), 401)
    # each entry is sealed by the one before: the chain holds
    assert api.get(f"/sites/{SITE}/logbook").json()["items"] == logbook
    with sandbox.store.read() as connection:
        events = connection.execute(sa.select(schema.event.c.id).order_by(schema.event.c.id)).scalars().all()
    assert list(events) == list(range(1, len(events) + 1))


def test_one_who_is_erased_stays_so_and_what_was_kept_goes_when_its_time_is_over(
    api: httpx.Client, sandbox: SandboxServer, person: Json, clock: Clock
) -> None:
    leave(api, person)
    body = {"employee_id": person["id"], "reason": "Demande"}
    made(api.post("/privacy/erasures", json=body))
    own = f"/employees/{person['id']}"
    assert refused(api.post(f"{own}/rehire"), 409)["allowed"] == []
    refused(api.patch(own, json={"first_name": FIRST}, headers={"If-Match": "*"}), 409)
    clock.at = datetime(2032, 1, 1, 12, tzinfo=UTC)
    again = made(api.post("/privacy/erasures", json=body))
    assert (again["kept_until"], again["counts"]) == (None, {"document": 1, "attachment": 1, "event": 1})
    made(api.post("/privacy/purge", json={}))
    assert {name for name, _ in traces(sandbox.store.path)} == set()
    assert list(folder_of(sandbox.store.path).iterdir()) == []
    # the act of 2026 is more than five years old
    acts = api.get(f"/audit-events?employee_id={person['id']}").json()["items"]
    assert [(act["action"], act["at"][:4]) for act in acts] == [("privacy.erased", "2032")]
