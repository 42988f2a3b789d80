"""Positions over HTTP: on duty and outside breaks or for an alert alone, each reading of them written down."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from people_bodies import Json, at_fault, create, made, refused
from wearable import Wearable, uid

if TYPE_CHECKING:
    import httpx
    from conftest import Clock

    from sekur_sdk.sandbox.server import SandboxServer

SITE, GUARD = "sit_entrepot", "emp_demo"
OUTSIDE = "urn:sekur:problem:outside_service"


def place(minute: int, **changes: object) -> Json:
    return {"uid": uid(), "lat": 48.9, "lon": 2.38, "fix_at": f"2026-11-07T19:{minute:02}:00Z"} | changes


def send(api: httpx.Client, *places: Json, **of: object) -> httpx.Response:
    return api.post("/positions/batch", json={"positions": list(places)} | of)


@pytest.fixture
def duty(api: httpx.Client, clock: Clock) -> Json:
    """From 19:00, on break from 19:10 to 19:20; it is 19:30."""
    own = made(api.post("/duties", json={"employee_id": GUARD, "site_id": SITE}))
    clock.advance(600)
    made(api.post(f"/duties/{own['id']}/break-start"))
    clock.advance(600)
    made(api.post(f"/duties/{own['id']}/break-end"))
    clock.advance(600)
    return made(api.get(f"/duties/{own['id']}"))


def test_positions_on_duty_are_stored_once_whatever_comes_again(api: httpx.Client, duty: Json) -> None:
    first, second, third = place(0), place(9, accuracy_m=4.0, source="network"), place(30)
    told = made(send(api, first, second, duty_id=duty["id"]))
    assert told == {"stored": 2, "duplicates": 0}
    assert made(send(api, second, third, third, duty_id=duty["id"])) == {"stored": 1, "duplicates": 2}
    kept = api.get("/positions", params={"duty_id": duty["id"], "sort": "fix_at"}).json()["items"]
    assert [one["fix_at"] for one in kept] == [one["fix_at"] for one in (first, second, third)]
    assert {(one["device_id"], one["purpose"], one["alert_id"]) for one in kept} == {(None, "protection", None)}


def test_positions_outside_the_duty_or_on_break_are_named_and_none_of_the_batch_is_stored(
    api: httpx.Client, clock: Clock, duty: Json
) -> None:
    made(api.post(f"/duties/{duty['id']}/end", json={"at": "2026-11-07T19:25:00Z"}))
    places = [place(24), place(10), place(20), place(19), place(25), place(0, fix_at="2026-11-07T18:59:59Z")]
    told = refused(send(api, *places, duty_id=duty["id"]), 422)
    assert told["type"] == OUTSIDE
    assert [error["path"] for error in told["errors"]] == [f"$.positions[{index}].fix_at" for index in (1, 3, 4, 5)]
    assert api.get("/positions").json()["items"] == []
    assert made(send(api, places[0], places[2], duty_id=duty["id"]))["stored"] == 2


def test_an_end_that_is_told_late_drops_what_came_after_it(api: httpx.Client, duty: Json) -> None:
    made(send(api, place(24), place(29), duty_id=duty["id"]))
    made(api.post(f"/duties/{duty['id']}/end", json={"at": "2026-11-07T19:25:00Z"}))
    assert [one["fix_at"] for one in api.get("/positions").json()["items"]] == ["2026-11-07T19:24:00Z"]


def test_an_alert_exempts_its_own_positions_until_it_is_resolved(api: httpx.Client, clock: Clock) -> None:
    alert = made(api.post("/alerts", json={"uid": uid(), "kind": "sos", "employee_id": GUARD}))
    clock.advance(600)
    assert made(send(api, place(5), alert_id=alert["id"]))["stored"] == 1
    refused(send(api, place(0, fix_at="2026-11-07T18:30:00Z"), alert_id=alert["id"]), 422)
    made(api.post(f"/alerts/{alert['id']}/resolve", json={"resolution": "RAS"}))
    clock.advance(600)
    assert made(send(api, place(9), alert_id=alert["id"]))["stored"] == 1
    assert refused(send(api, place(15), alert_id=alert["id"]), 422)["type"] == OUTSIDE
    other = made(api.post("/duties", json={"employee_id": "emp_benali", "site_id": SITE}))
    at_fault(send(api, place(20), alert_id=alert["id"], duty_id=other["id"]), "$.alert_id")


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"lat": 0, "lon": 0}, "$.positions[1]"),
        ({"fix_at": "2026-11-07T19:31:01Z"}, "$.positions[1].fix_at"),
        ({"fix_at": "2026-11-07T19:05:00"}, "$.positions[1].fix_at"),
        ({"fix_at": "0001-01-01T00:00:00+14:00"}, "$.positions[1].fix_at"),
        ({"fix_at": "9999-12-31T23:59:59-14:00"}, "$.positions[1].fix_at"),
        ({"lat": 90.5}, "$.positions[1].lat"),
        ({"lon": -180.5}, "$.positions[1].lon"),
        ({"lat": None}, "$.positions[1].lat"),
        ({"accuracy_m": -1}, "$.positions[1].accuracy_m"),
        ({"age_s": -0.1}, "$.positions[1].age_s"),
        ({"source": "guess"}, "$.positions[1].source"),
        ({"uid": "1"}, "$.positions[1].uid"),
        ({"speed": 3.2}, "$.positions[1]"),
    ],
)
def test_a_position_that_can_not_be_is_named(api: httpx.Client, duty: Json, changes: Json, path: str) -> None:
    at_fault(send(api, place(1), place(2, **changes), duty_id=duty["id"]), path)
    assert api.get("/positions").json()["items"] == []


def test_a_batch_is_of_a_duty_or_an_alert_and_has_its_limits(api: httpx.Client) -> None:
    at_fault(send(api, place(0)), "$.duty_id")
    at_fault(send(api, place(0), duty_id="dty_none"), "$.duty_id")
    at_fault(send(api, place(0), alert_id="alt_none"), "$.alert_id")
    at_fault(send(api, duty_id="dty_none"), "$.positions")
    at_fault(send(api, *(place(0) for _ in range(501)), duty_id="dty_none"), "$.positions")
    at_fault(send(api, place(0), duty_id="dty_none", purpose="curiosity"), "$.purpose")


def test_a_wearables_nowhere_is_dropped(api: httpx.Client, sandbox: SandboxServer, clock: Clock) -> None:
    device = Wearable(sandbox.ingest.handle, clock)
    device.send("event", device.duty_step("start"))
    message = device.position()
    message["body"]["fix"] |= {"lat": 0.0, "lon": 0.0}
    device.send("position", message)
    device.send("position", device.position())
    assert [one["lat"] for one in api.get("/positions").json()["items"]] == [48.9]
    device.send("alert", device.alert(fix=message["body"]["fix"]))
    assert [alert["fix"] for alert in api.get("/alerts").json()["items"]] == [None]


def test_the_last_position_is_shown_on_duty_or_with_an_open_alert_alone(
    api: httpx.Client, clock: Clock, duty: Json
) -> None:
    path = f"/employees/{GUARD}/last-position"
    refused(api.get(path), 404)
    made(send(api, place(21), place(29, lat=48.95), place(5), duty_id=duty["id"]))
    last = made(api.get(path))
    assert (last["fix_at"], last["lat"]) == ("2026-11-07T19:29:00Z", 48.95)
    made(api.post(f"/duties/{duty['id']}/break-start"))
    assert refused(api.get(path), 409)["type"] == OUTSIDE
    made(api.post(f"/duties/{duty['id']}/end"))
    refused(api.get(path), 409)
    fix = {"lat": 48.97, "lon": 2.4, "fix_at": "2026-11-07T19:29:30Z"}
    alert = made(api.post("/alerts", json={"uid": uid(), "kind": "sos", "employee_id": GUARD, "fix": fix}))
    told = made(api.get(path))
    assert (told["id"], told["alert_id"], told["lat"]) == (alert["id"], alert["id"], 48.97)
    clock.advance(60)
    made(send(api, place(30, lat=48.98), alert_id=alert["id"]))
    assert made(api.get(path))["lat"] == 48.98
    made(api.post(f"/alerts/{alert['id']}/resolve", json={"resolution": "RAS"}))
    refused(api.get(path), 409)
    refused(api.get("/employees/emp_nobody/last-position"), 404)


def test_each_reading_of_positions_is_written_down_without_any(api: httpx.Client, duty: Json) -> None:
    made(send(api, place(21), place(29), duty_id=duty["id"]))
    api.get("/positions", params={"duty_id": duty["id"], "received_from": "2026-11-07T19:00:00Z", "limit": 1})
    api.get("/positions?alert_id=alt_none")
    made(api.get(f"/employees/{GUARD}/last-position"))
    for asked in ("cursor=x", "received_from=0001-01-01T00:00:00%2B14:00", "updated_since=9999-12-31T23:59:59-14:00"):
        refused(api.get(f"/positions?{asked}"), 400)
    audit = api.get("/audit-events").json()["items"]
    assert [(one["action"], one["count"], one["filters"], one["employee_id"]) for one in audit] == [
        ("positions.read", 1, {"duty_id": duty["id"], "received_from": "2026-11-07 19:00:00+00:00"}, None),
        ("positions.read", 0, {"alert_id": "alt_none"}, None),
        ("positions.last", 1, {}, GUARD),
    ]
    assert {one["actor"] for one in audit} == {"Poste central"}
    assert "48.9" not in str(audit)
    assert len(api.get(f"/audit-events?employee_id={GUARD}&action=positions.last").json()["items"]) == 1
    for method in ("POST", "PATCH", "DELETE"):
        assert api.request(method, "/audit-events").status_code == 405


def test_positions_need_their_own_scope_and_the_audit_another(api: httpx.Client) -> None:
    weak = create(api, "/tokens", scopes=["alerts:write", "duties:write", "geolocation:read"])["secret"]
    own = {"Authorization": f"Bearer {weak}"}
    refused(api.get("/audit-events", headers=own), 403)
    refused(api.post("/positions/batch", json={}, headers=own), 403)
    assert api.get("/positions", headers=own).status_code == 200
    assert api.get("/audit-events").json()["items"][0]["actor"] == "Essai"
