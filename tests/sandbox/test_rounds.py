"""Rounds: planned, walked with and without network, judged, and what time makes of them."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from people_bodies import Json, at_fault, create, made, refused
from round_bodies import FAR, NEAR, PLACE, act, now, scan, scanned, told, uids, walk
from uploads import upload

from sekur_sdk.sandbox.store import schema
from sekur_sdk.sandbox.store.records import logbook_entries
from sekur_sdk.sandbox.trade.logbook_check import verify
from sekur_sdk.sandbox.watch import look

if TYPE_CHECKING:
    import httpx
    from conftest import Clock

    from sekur_sdk.sandbox.server import SandboxServer
    from sekur_sdk.sandbox.store.database import Store


def entries(store: Store, site_id: str = "sit_entrepot") -> list[tuple[str, str, str]]:
    with store.read() as connection:
        found = logbook_entries.all(connection, logbook_entries.table.c.site_id == site_id)
    return [(str(entry.category), str(entry.severity), entry.text) for entry in found if entry.seq > 4]


# the course of a round


def test_a_round_that_was_walked_whole_is_complete(api: httpx.Client, sandbox: SandboxServer, clock: Clock) -> None:
    round_, tags = walk(api, name="Ronde de nuit")
    begun = act(api, round_, "start", device_id="dev_demo")
    assert (begun["status"], begun["started_at"], begun["device_id"]) == ("running", "2026-11-07T19:00:00Z", "dev_demo")
    for number, tag in enumerate(tags, start=1):
        clock.advance(60)
        read = scan(api, round_, tag)
        assert (read["employee_id"], read["device_id"], read["valid"]) == ("emp_demo", "dev_demo", True)
        assert read["tag_hash"] == hashlib.sha256(tag.encode()).hexdigest()
        assert (now(api, round_)["scanned"], now(api, round_)["completion"]) == (number, f"{number / 3:.4f}")
    done = act(api, round_, "end")
    assert (done["status"], done["ended_at"], done["is_late"]) == ("completed", "2026-11-07T19:03:00Z", False)
    assert told(sandbox.store) == ["planned", "started", *["updated"] * 3, "completed"]
    assert told(sandbox.store, "checkpoint.") == ["scanned"] * 3
    assert entries(sandbox.store) == [("ronde", "info", "Ronde « Ronde de nuit » terminée : 3 pointeau(x) sur 3.")]
    listed = made(api.get("/scans", params={"round_id": round_["id"]}))["items"]
    assert [one["checkpoint_id"] for one in listed] == round_["checkpoint_ids"]


def test_a_round_with_a_checkpoint_left_out_is_incomplete(api: httpx.Client, sandbox: SandboxServer) -> None:
    round_, tags = walk(api)
    scan(api, round_, tags[0])
    assert act(api, round_, "end")["status"] == "incomplete"
    assert told(sandbox.store)[-1] == "incomplete"
    [(category, severity, text)] = entries(sandbox.store)
    assert (category, severity) == ("ronde", "low")
    assert text.endswith("incomplète : 1 pointeau(x) sur 3.")


def test_a_scan_begins_a_round_that_nobody_started(shared_api: httpx.Client) -> None:
    round_, tags = walk(shared_api)
    scan(shared_api, round_, tags[1], scanned_at="2026-11-07T18:50:00Z")
    begun = now(shared_api, round_)
    assert (begun["status"], begun["started_at"], begun["scanned"]) == ("running", "2026-11-07T18:50:00Z", 1)
    # one from before, that came later
    scan(shared_api, round_, tags[0], scanned_at="2026-11-07T18:45:00Z")
    assert now(shared_api, round_)["started_at"] == "2026-11-07T18:45:00Z"


@pytest.mark.parametrize(
    ("mode", "walked", "order_ok"),
    [
        ("ordered", "012", [True, True, True]),
        ("ordered", "02", [True, True]),
        ("ordered", "021", [True, True, False]),
        ("ordered", "0012", [True, True, True, True]),
        ("free", "210", [None, None, None]),
    ],
)
def test_the_order_is_judged_where_a_round_has_one(
    shared_api: httpx.Client, mode: str, walked: str, order_ok: list[bool | None]
) -> None:
    round_, tags = walk(shared_api, mode=mode)
    for minute, number in enumerate(walked):
        scan(shared_api, round_, tags[int(number)], scanned_at=f"2026-11-07T18:{30 + minute}:00Z")
    listed = made(shared_api.get("/scans", params={"round_id": round_["id"]}))["items"]
    assert [one["order_ok"] for one in listed] == order_ok
    assert now(shared_api, round_)["scanned"] == len(set(walked))


def test_scans_that_come_out_of_order_are_judged_by_when_they_were_made(shared_api: httpx.Client) -> None:
    round_, tags = walk(shared_api, mode="ordered")
    for minute in (2, 0, 1):
        scan(shared_api, round_, tags[minute], scanned_at=f"2026-11-07T18:{30 + minute}:00Z")
    listed = made(shared_api.get("/scans", params={"round_id": round_["id"]}))["items"]
    assert [one["order_ok"] for one in listed] == [True, True, True]


def test_a_random_round_has_an_order_of_its_own(shared_api: httpx.Client) -> None:
    places = [create(shared_api, "/checkpoints")["id"] for _ in range(12)]
    template = create(shared_api, "/round-templates", mode="random", checkpoint_ids=places)
    orders = {tuple(create(shared_api, "/rounds", template_id=template["id"])["checkpoint_ids"]) for _ in range(4)}
    assert all(sorted(order) == sorted(places) for order in orders)
    assert len(orders) > 1


# scans


def test_a_scan_sent_again_is_the_first_and_another_under_its_uid_is_refused(shared_api: httpx.Client) -> None:
    round_, tags = walk(shared_api)
    own, body = f"/rounds/{round_['id']}/scan", scanned(tags[0], device_at="2026-11-07T18:00:00Z")
    first = made(shared_api.post(own, json=body))
    again = made(shared_api.post(own, json=body | {"device_at": "2026-11-07T18:00:07Z"}))
    assert again == first
    assert refused(shared_api.post(own, json=body | {"tag": tags[1]}), 409)["current"] == now(shared_api, round_)
    other, others = walk(shared_api)
    refused(shared_api.post(f"/rounds/{other['id']}/scan", json=body | {"tag": others[0]}), 409)
    assert now(shared_api, round_)["scanned"] == 1


def test_a_checkpoint_scanned_twice_counts_once(shared_api: httpx.Client) -> None:
    round_, tags = walk(shared_api)
    assert scan(shared_api, round_, tags[0])["id"] != scan(shared_api, round_, tags[0])["id"]
    assert now(shared_api, round_)["completion"] == "0.3333"


@pytest.mark.parametrize(
    ("where", "in_zone"), [(NEAR, True), (FAR, False), ({}, None), ({"lat": 48.9076, "lon": 2.3831}, False),
                           ({"lat": 48.9076, "lon": 2.3831, "accuracy_m": 30}, True)]
)  # fmt: skip
def test_a_scan_told_from_elsewhere_does_not_count(shared_api: httpx.Client, where: Json, in_zone: bool | None) -> None:
    tag = f"z-{next(uids)}"
    place = create(shared_api, "/checkpoints", tag=tag, **PLACE)
    template = create(shared_api, "/round-templates", checkpoint_ids=[place["id"]])
    round_ = create(shared_api, "/rounds", template_id=template["id"])
    read = scan(shared_api, round_, tag, **where)
    assert (read["in_zone"], read["valid"]) == (in_zone, in_zone is not False)
    assert now(shared_api, round_)["scanned"] == (in_zone is not False)


@pytest.mark.parametrize(
    ("scanned_at", "device_at", "shown", "drift_s", "drifted"),
    [
        (None, None, "19:00:00", None, False),
        ("18:40:00", None, "18:40:00", None, False),
        ("18:40:00", "18:59:20", "18:40:00", 40.0, False),
        # an hour behind, an hour ahead: mended by what the device's clock showed as it sent
        ("17:40:00", "18:00:00", "18:40:00", 3600.0, True),
        ("19:40:00", "20:00:00", "18:40:00", -3600.0, True),
    ],
)
def test_a_scan_without_network_has_its_own_time_and_tells_how_far_the_clock_was(
    shared_api: httpx.Client, scanned_at: str | None, device_at: str | None, shown: str, drift_s: float, drifted: bool
) -> None:
    round_, tags = walk(shared_api)
    times = {"scanned_at": scanned_at, "device_at": device_at}
    read = scan(shared_api, round_, tags[0], **{name: f"2026-11-07T{at}Z" for name, at in times.items() if at})
    assert read["scanned_at"] == f"2026-11-07T{shown}Z"
    assert read["received_at"] == "2026-11-07T19:00:00Z"
    assert (read["drift_s"], read["clock_drifted"]) == (drift_s, drifted)


AT = "2026-11-07T{}Z"
WRONG: list[tuple[str, Json]] = [
    ("$.uid", {"uid": ""}),
    ("$.method", {"method": "smell"}),
    ("$.tag", {"tag": "unknown"}),
    ("$.tag", {"tag": None}),
    ("$.tag", {"tag": "x" * 201}),
    ("$.tag", {"method": "manual", "manual_reason": "Badge illisible"}),
    ("$.checkpoint_id", {"checkpoint_id": "FIRST"}),
    ("$.checkpoint_id", {"method": "manual", "tag": None, "manual_reason": "x", "checkpoint_id": "chk_nobody"}),
    ("$.checkpoint_id", {"method": "manual", "tag": None, "manual_reason": "x"}),
    ("$.manual_reason", {"method": "manual", "tag": None, "checkpoint_id": "FIRST"}),
    ("$.manual_reason", {"manual_reason": "pour rien"}),
    ("$.method", {"method": "qr"}),
    ("$.method", {"method": "gps", "tag": None, "checkpoint_id": "FIRST", **NEAR}),
    ("$.scanned_at", {"scanned_at": AT.format("19:01:01")}),
    ("$.scanned_at", {"scanned_at": AT.format("19:30:00"), "device_at": AT.format("19:00:30")}),
    ("$.scanned_at", {"scanned_at": AT.format("18:59:00"), "device_at": AT.format("18:00:00")}),
    ("$.scanned_at", {"scanned_at": AT.format("06:59:59")}),
    ("$.scanned_at", {"scanned_at": "2026-11-07T18:00:00"}),
    ("$.scanned_at", {"scanned_at": "9999-12-31T23:59:59Z", "device_at": "2020-01-01T00:00:00Z"}),
    ("$.device_at", {"device_at": "0001-01-01T00:00:00+05:00"}),
    ("$.lat", {"lon": 2.0}),
    ("$.lon", {"lat": 48.0}),
    ("$.lat", {"lat": 90.1, "lon": 2.0}),
    ("$.accuracy_m", {"accuracy_m": 5}),
    ("$.accuracy_m", {"accuracy_m": -1, **NEAR}),
    ("$.employee_id", {"employee_id": "emp_nobody"}),
    ("$.device_id", {"device_id": "dev_nobody"}),
    ("$.photo_id", {"photo_id": "att_nobody"}),
    ("$.answer", {"answer": ""}),
    ("$", {"valid": True}),
]


@pytest.mark.parametrize(("path", "change"), WRONG, ids=[f"{path}{number}" for number, (path, _) in enumerate(WRONG)])
def test_a_scan_that_can_not_be_is_refused_and_named(shared_api: httpx.Client, path: str, change: Json) -> None:
    round_, tags = walk(shared_api)
    if change.get("checkpoint_id") == "FIRST":
        change = change | {"checkpoint_id": round_["checkpoint_ids"][0]}
    at_fault(shared_api.post(f"/rounds/{round_['id']}/scan", json=scanned(tags[0]) | change), path)
    assert now(shared_api, round_) == round_


def test_a_manual_scan_tells_why(shared_api: httpx.Client) -> None:
    round_, _ = walk(shared_api)
    told_ = {"method": "manual", "checkpoint_id": round_["checkpoint_ids"][0], "manual_reason": "Badge arraché"}
    read = scan(shared_api, round_, **told_)
    assert (read["manual_reason"], read["tag_hash"], read["valid"]) == ("Badge arraché", None, True)


def test_a_place_on_the_map_is_scanned_by_being_there(shared_api: httpx.Client) -> None:
    place = create(shared_api, "/checkpoints", tag_kind="gps", tag=None, **PLACE)
    template = create(shared_api, "/round-templates", checkpoint_ids=[place["id"]])
    round_ = create(shared_api, "/rounds", template_id=template["id"])
    at_fault(
        shared_api.post(f"/rounds/{round_['id']}/scan", json=scanned(method="gps", checkpoint_id=place["id"])), "$.lat"
    )
    assert not scan(shared_api, round_, method="gps", checkpoint_id=place["id"], **FAR)["valid"]
    assert scan(shared_api, round_, method="gps", checkpoint_id=place["id"], **NEAR)["valid"]
    assert now(shared_api, round_)["scanned"] == 1


def test_a_checkpoint_may_ask_for_a_photo_and_an_answer(shared_api: httpx.Client) -> None:
    tag = f"p-{next(uids)}"
    place = create(shared_api, "/checkpoints", tag=tag, photo_required=True, answer_required=True)
    template = create(shared_api, "/round-templates", checkpoint_ids=[place["id"]])
    round_ = create(shared_api, "/rounds", template_id=template["id"])
    own, photo = f"/rounds/{round_['id']}/scan", upload(shared_api).json()["id"]
    at_fault(shared_api.post(own, json=scanned(tag, answer="2 bar")), "$.photo_id")
    at_fault(shared_api.post(own, json=scanned(tag, photo_id=photo)), "$.answer")
    read = scan(shared_api, round_, tag, photo_id=photo, answer="2 bar")
    assert (read["photo_id"], read["answer"], read["valid"]) == (photo, "2 bar", True)
    assert made(shared_api.get(f"/attachments/{photo}"))["owner_id"] == read["id"]
    weak = create(shared_api, "/tokens", scopes=["logbook:write"])["secret"]
    refused(shared_api.get(f"/attachments/{photo}", headers={"Authorization": f"Bearer {weak}"}), 403)


# anomalies


def test_anomalies_are_entries_of_the_logbook(api: httpx.Client, sandbox: SandboxServer) -> None:
    round_, tags = walk(api)
    photo = upload(api).json()["id"]
    read = scan(api, round_, tags[0], anomaly="Extincteur manquant", **NEAR)
    entry = made(api.get(f"/logbook-entries/{read['entry_id']}"))
    assert (entry["category"], entry["severity"], entry["author_id"]) == ("anomalie", "medium", "emp_demo")
    assert (entry["text"], entry["location"]["lat"]) == ("Extincteur manquant", NEAR["lat"])
    other = act(
        api,
        round_,
        "report-anomaly",
        text="Vitre brisée",
        severity="high",
        checkpoint_id=round_["checkpoint_ids"][1],
        attachments=[photo],
        shared_with_client=True,
    )
    assert (other["seq"], other["title"]) == (6, made(api.get(f"/checkpoints/{round_['checkpoint_ids'][1]}"))["name"])
    assert other["attachments"][0]["id"] == photo
    assert (now(api, round_)["anomalies"], now(api, round_)["scanned"]) == (2, 1)
    with sandbox.store.read() as connection:
        assert verify(connection, "sit_entrepot", sandbox.store.now()).broken is None
    own = f"/rounds/{round_['id']}/report-anomaly"
    at_fault(api.post(own, json={"text": "x", "checkpoint_id": "chk_nobody"}), "$.checkpoint_id")
    at_fault(api.post(own, json={"text": "x", "author_id": "emp_nobody"}), "$.author_id")
    at_fault(api.post(own, json={"text": "x", "occurred_at": "2026-11-07T19:10:00Z"}), "$.occurred_at")
    at_fault(api.post(own, json={"text": "x", "attachments": [photo]}), "$.attachments[0]")


def test_an_anomaly_has_an_author(shared_api: httpx.Client) -> None:
    round_, tags = walk(shared_api, round_={"employee_id": None})
    own = f"/rounds/{round_['id']}"
    at_fault(shared_api.post(f"{own}/scan", json=scanned(tags[0], anomaly="Porte ouverte")), "$.employee_id")
    act(shared_api, round_, "start")
    at_fault(shared_api.post(f"{own}/report-anomaly", json={"text": "Porte ouverte"}), "$.author_id")


# what time makes of a round


def test_a_round_that_nobody_begins_is_late_then_missed(
    api: httpx.Client, sandbox: SandboxServer, clock: Clock
) -> None:
    round_, _ = walk(api, name="Ronde 20 h", round_={"employee_id": None}, grace_minutes=10, expected_minutes=30)
    states = []
    for seconds in (600, 1, 30 * 60 - 1, 1, 3600):
        clock.advance(seconds)
        sandbox.store.write(look)
        states.append(now(api, round_)["status"])
    assert states == ["planned", "late", "late", "missed", "missed"]
    assert told(sandbox.store) == ["planned", "late", "missed"]
    assert entries(sandbox.store) == [("ronde", "medium", "Ronde « Ronde 20 h » prévue à 20:00 non effectuée.")]


def test_a_late_round_can_still_be_made_and_a_missed_one_only_told(
    api: httpx.Client, sandbox: SandboxServer, clock: Clock
) -> None:
    round_, _ = walk(api)
    for seconds, allowed in ((15 * 60 + 1, ["update", "start", "scan", "cancel"]), (60 * 60, ["scan"])):
        clock.advance(seconds)
        sandbox.store.write(look)
        own = f"/rounds/{round_['id']}"
        for action, body in (("end", {}), ("report-anomaly", {"text": "x", "author_id": "emp_demo"})):
            assert refused(api.post(f"{own}/{action}", json=body), 409)["allowed"] == allowed
    for action in ("start", "cancel"):
        assert refused(api.post(f"{own}/{action}", json={}), 409)["allowed"] == ["scan"]
    changed = api.patch(own, json={"employee_id": None}, headers={"If-Match": "*"})
    assert refused(changed, 409)["allowed"] == ["scan"]


def test_a_round_begun_after_its_grace_is_late_even_unwatched(
    api: httpx.Client, sandbox: SandboxServer, clock: Clock
) -> None:
    round_, _ = walk(api)
    clock.advance(15 * 60 + 1)
    begun = act(api, round_, "start")
    assert (begun["status"], begun["is_late"]) == ("running", True)
    assert told(sandbox.store) == ["planned", "late", "started"]


def test_a_late_round_is_planned_anew_for_later(api: httpx.Client, sandbox: SandboxServer, clock: Clock) -> None:
    round_, _ = walk(api)
    clock.advance(15 * 60 + 1)
    sandbox.store.write(look)
    late = now(api, round_)
    assert (late["status"], late["is_late"]) == ("late", True)
    changes = {"planned_at": "2026-11-07T21:00:00Z"}
    put_off = made(api.patch(f"/rounds/{round_['id']}", json=changes, headers={"If-Match": f'"{late["version"]}"'}))
    assert (put_off["status"], put_off["is_late"]) == ("planned", False)


def test_a_round_that_nobody_ends_ends_at_its_last_scan(
    api: httpx.Client, sandbox: SandboxServer, clock: Clock
) -> None:
    round_, tags = walk(api, grace_minutes=10, expected_minutes=30)
    act(api, round_, "start")
    clock.advance(300)
    scan(api, round_, tags[0])
    clock.advance(35 * 60)
    sandbox.store.write(look)
    assert now(api, round_)["status"] == "running"
    clock.advance(1)
    sandbox.store.write(look)
    done = now(api, round_)
    assert (done["status"], done["ended_at"]) == ("incomplete", "2026-11-07T19:05:00Z")


def test_scans_that_come_after_the_end_complete_a_round(
    api: httpx.Client, sandbox: SandboxServer, clock: Clock
) -> None:
    round_, tags = walk(api, grace_minutes=10, expected_minutes=30)
    clock.advance(7200)
    sandbox.store.write(look)
    assert now(api, round_)["status"] == "missed"
    at_fault(
        api.post(f"/rounds/{round_['id']}/scan", json=scanned(tags[0], scanned_at="2026-11-07T20:30:00Z")),
        "$.scanned_at",
    )
    states = []
    for minute, tag in enumerate(tags):
        scan(api, round_, tag, scanned_at=f"2026-11-07T19:1{minute}:00Z")
        states.append(now(api, round_)["status"])
    assert states == ["incomplete", "incomplete", "completed"]
    done = now(api, round_)
    assert (done["started_at"], done["ended_at"]) == ("2026-11-07T19:10:00Z", "2026-11-07T19:12:00Z")
    assert (done["is_late"], done["completion"]) == (False, "1.0000")
    assert [name for name in told(sandbox.store) if name != "updated"] == [
        "planned",
        "missed",
        "incomplete",
        "completed",
    ]


@pytest.mark.parametrize(
    ("action", "at", "path"),
    [
        ("start", "2026-11-07T19:01:01Z", "$.at"),
        ("start", "2026-11-07T06:59:59Z", "$.at"),
        ("start", "2026-11-07T18:00:00", "$.at"),
        ("end", "2026-11-07T19:01:01Z", "$.at"),
        ("end", "2026-11-07T18:29:59Z", "$.at"),
        ("end", "2026-11-07T18:39:59Z", "$.at"),
    ],
)
def test_a_round_neither_begins_nor_ends_when_it_can_not(
    shared_api: httpx.Client, action: str, at: str, path: str
) -> None:
    round_, tags = walk(shared_api)
    if action == "end":
        act(shared_api, round_, "start", at="2026-11-07T18:30:00Z")
        scan(shared_api, round_, tags[0], scanned_at="2026-11-07T18:40:00Z")
    at_fault(shared_api.post(f"/rounds/{round_['id']}/{action}", json={"at": at}), path)


# people


def test_where_a_scan_was_made_is_kept_for_a_year_and_is_in_no_event(
    api: httpx.Client, sandbox: SandboxServer, clock: Clock
) -> None:
    round_, tags = walk(api)
    read = scan(api, round_, tags[0], **NEAR, accuracy_m=5)
    assert read["lat"] == NEAR["lat"]
    with sandbox.store.read() as connection:
        types = schema.event.c.type == "checkpoint.scanned"
        assert str(NEAR["lat"]) not in connection.execute(sa.select(schema.event.c.data).where(types)).scalar_one()
    clock.advance(365 * 24 * 3600 - 1)
    sandbox.store.write(look)
    assert made(api.get(f"/scans/{read['id']}")) == read
    clock.advance(1)
    sandbox.store.write(look)
    forgotten = {"lat": None, "lon": None, "accuracy_m": None}
    assert made(api.get(f"/scans/{read['id']}")) == read | forgotten


def test_a_round_is_given_to_who_works_here(shared_api: httpx.Client) -> None:
    draft = create(shared_api, "/employees")["id"]
    round_, _ = walk(shared_api)
    at_fault(
        shared_api.post("/rounds", json={"template_id": round_["template_id"], "employee_id": draft}), "$.employee_id"
    )
    own, version = f"/rounds/{round_['id']}", {"If-Match": "*"}
    at_fault(shared_api.patch(own, json={"employee_id": draft}, headers=version), "$.employee_id")
    at_fault(shared_api.post(f"{own}/start", json={"employee_id": draft}), "$.employee_id")
