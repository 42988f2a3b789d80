"""What rounds are planned from: checkpoints, templates over them, schedules."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from people_bodies import Json, at_fault, create, made, refused
from round_bodies import PLACE, act, scan, uids

from sekur_sdk.sandbox.store.records import rounds, sites
from sekur_sdk.sandbox.watch import look

if TYPE_CHECKING:
    import httpx
    from conftest import Clock

    from sekur_sdk.sandbox.server import SandboxServer


# checkpoints and templates


@pytest.mark.parametrize(
    ("path", "change"),
    [
        ("$.tag", {"tag": None}),
        ("$.tag", {"tag_kind": "gps", **PLACE}),
        ("$.tag", {"tag_kind": "manual"}),
        ("$.lat", {"tag_kind": "gps", "tag": None}),
        ("$.lat", {"lon": 2.0, "radius_m": 5}),
        ("$.lon", {"lat": 48.0, "radius_m": 5}),
        ("$.radius_m", {"lat": 48.0, "lon": 2.0}),
        ("$.lat", {"radius_m": 5}),
        ("$.site_id", {"site_id": "sit_nobody"}),
    ],
)
def test_a_checkpoint_is_told_by_what_its_kind_has(shared_api: httpx.Client, path: str, change: Json) -> None:
    body = {"site_id": "sit_entrepot", "name": "Quai", "tag_kind": "nfc", "tag": f"k-{next(uids)}"} | change
    at_fault(shared_api.post("/checkpoints", json=body), path)


def test_a_tag_is_one_checkpoints_and_its_text_is_kept_nowhere(api: httpx.Client, sandbox: SandboxServer) -> None:
    place = create(api, "/checkpoints", tag="tag-secret")
    body = {"site_id": "sit_tour", "name": "Hall", "tag_kind": "qr", "tag": "tag-secret"}
    at_fault(api.post("/checkpoints", json=body), "$.tag")
    made(api.post(f"/checkpoints/{place['id']}/archive"))
    other = made(api.post("/checkpoints", json=body, headers={"Idempotency-Key": "k"}))
    assert other["tag_hash"] == place["tag_hash"]
    refused(api.post(f"/checkpoints/{place['id']}/restore"), 409)
    changed = made(api.patch(f"/checkpoints/{other['id']}", json={"tag": "tag-secret-2"}, headers={"If-Match": "*"}))
    assert changed["tag_hash"] == hashlib.sha256(b"tag-secret-2").hexdigest()
    made(api.post(f"/checkpoints/{place['id']}/restore"))
    template = create(api, "/round-templates", checkpoint_ids=[place["id"]])
    scan(api, create(api, "/rounds", template_id=template["id"]), "tag-secret")
    with sandbox.store.read() as connection:
        dump = "\n".join(connection.connection.dbapi_connection.iterdump())  # type: ignore[union-attr]  # SQLite's own
    assert "tag-secret" not in dump


def test_a_template_has_active_checkpoints_of_its_site_once_each(shared_api: httpx.Client) -> None:
    place, elsewhere = (
        create(shared_api, "/checkpoints")["id"],
        create(shared_api, "/checkpoints", site_id="sit_tour")["id"],
    )
    body = {"site_id": "sit_entrepot", "name": "Ronde", "checkpoint_ids": [place]}
    template = made(shared_api.post("/round-templates", json=body))
    own = f"/round-templates/{template['id']}"
    at_fault(shared_api.post("/round-templates", json=body | {"checkpoint_ids": [place, place]}), "$.checkpoint_ids")
    at_fault(
        shared_api.post("/round-templates", json=body | {"checkpoint_ids": [place, elsewhere]}), "$.checkpoint_ids[1]"
    )
    told_ = refused(shared_api.post(f"/checkpoints/{place}/archive"), 409)
    assert "Templates" in told_["detail"]
    made(shared_api.post(f"{own}/archive"))
    made(shared_api.post(f"/checkpoints/{place}/archive"))
    refused(shared_api.post(f"{own}/restore"), 409)
    at_fault(shared_api.post("/rounds", json={"template_id": template["id"]}), "$.template_id")
    at_fault(shared_api.post("/round-templates", json=body), "$.checkpoint_ids[0]")


# schedules


def planned(api: httpx.Client, template: Json, **query: str) -> list[str]:
    found = made(api.get("/rounds", params={"template_id": template["id"], **query}))["items"]
    return [round_["planned_at"].removeprefix("2026-11-") for round_ in found]


def test_a_schedule_plans_a_day_ahead_in_the_sites_time(
    api: httpx.Client, sandbox: SandboxServer, clock: Clock
) -> None:
    template = create(api, "/round-templates", schedule={"start_times": ["22:00", "02:30", "22:00"]})
    # the clock stands at 20:00 in Paris
    assert planned(api, template) == ["07T21:00:00Z", "08T01:30:00Z"]
    assert template["schedule"]["start_times"] == ["02:30", "22:00"]
    sandbox.store.write(look)
    assert len(planned(api, template)) == 2
    clock.advance(6 * 3600)
    sandbox.store.write(look)
    assert planned(api, template, status="planned") == ["08T01:30:00Z", "08T21:00:00Z"]


def test_a_schedule_keeps_to_its_days(api: httpx.Client, sandbox: SandboxServer, clock: Clock) -> None:
    # the 7th is a Saturday
    template = create(api, "/round-templates", schedule={"start_times": ["23:00"], "weekdays": [7, 1]})
    assert planned(api, template) == []
    for _ in range(4):
        clock.advance(24 * 3600)
        sandbox.store.write(look)
    assert planned(api, template) == ["08T22:00:00Z", "09T22:00:00Z"]


def test_planned_rounds_follow_their_template(api: httpx.Client, sandbox: SandboxServer) -> None:
    template = create(api, "/round-templates", schedule={"start_times": ["22:00", "23:00"]})
    own, version = f"/round-templates/{template['id']}", {"If-Match": "*"}
    places = [*template["checkpoint_ids"], create(api, "/checkpoints")["id"]]
    cancelled = made(api.get("/rounds", params={"template_id": template["id"]}))["items"][0]
    act(api, cancelled, "cancel")
    changes = {"checkpoint_ids": places, "schedule": {"start_times": ["22:00", "23:00", "23:30"]}}
    made(api.patch(own, json=changes, headers=version))
    sandbox.store.write(look)
    found = made(api.get("/rounds", params={"template_id": template["id"], "status": "planned"}))["items"]
    # what was cancelled is not planned again
    assert [round_["planned_at"][11:16] for round_ in found] == ["22:00", "22:30"]
    assert all(round_["checkpoint_ids"] == places for round_ in found)
    made(api.patch(own, json={"schedule": {"start_times": ["23:00"]}}, headers=version))
    assert planned(api, template, status="planned") == ["07T22:00:00Z"]
    made(api.post(f"{own}/archive"))
    sandbox.store.write(look)
    assert planned(api, template, status="planned") == []


@pytest.mark.parametrize(
    ("at", "start", "planned_at"),
    [
        # the clocks go from 2 to 3 in the night to the 29th of March, and back in that to the 25th of October
        (datetime(2026, 3, 28, 20, tzinfo=UTC), "02:30", "2026-03-29T01:30:00Z"),
        (datetime(2026, 10, 24, 20, tzinfo=UTC), "02:30", "2026-10-25T00:30:00Z"),
        (datetime(2026, 10, 24, 20, tzinfo=UTC), "03:30", "2026-10-25T02:30:00Z"),
    ],
)
def test_a_night_on_which_the_clocks_change_has_its_round_once(
    api: httpx.Client, sandbox: SandboxServer, clock: Clock, at: datetime, start: str, planned_at: str
) -> None:
    clock.at = at
    template = create(api, "/round-templates", schedule={"start_times": [start]})
    clock.advance(3600)
    sandbox.store.write(look)
    found = made(api.get("/rounds", params={"template_id": template["id"]}))["items"]
    assert [round_["planned_at"] for round_ in found] == [planned_at]


def test_a_closed_sites_schedule_plans_nothing(api: httpx.Client, sandbox: SandboxServer) -> None:
    template = create(api, "/round-templates", schedule={"start_times": ["22:00"]})
    sandbox.store.write(
        lambda tx: tx.connection.execute(sa.delete(rounds.table).where(rounds.table.c.template_id == template["id"]))
    )
    sandbox.store.write(lambda tx: tx.connection.execute(sa.update(sites.table).values(status="closed")))
    sandbox.store.write(look)
    assert planned(api, template) == []
