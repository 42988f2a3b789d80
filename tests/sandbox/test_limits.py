"""Each field of people's and places' inputs at its limits: the last that is taken, the first that is refused, and where."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from people_bodies import BODIES, at_fault, body_of, made, refused

if TYPE_CHECKING:
    import httpx


def text(longest: int) -> tuple[list[Any], list[Any]]:
    return ["x", "é" * longest], ["", " ", "x" * (longest + 1), 5, True, ["x"]]


def among(*names: str) -> tuple[list[Any], list[Any]]:
    return list(names), ["", names[0].upper(), "nope", 1, [names[0]]]


DAY = ["2026-02-29", "2026-13-01", "26-01-01", "2026-01-01T00:00:00Z", "", 20260101]
TIME = [
    "2027-01-01T00:00:00",
    "2027-01-01",
    "2027-02-30T00:00:00Z",
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-12:00",
    "",
    0,
]
ID = ["", "a b", "a/b", "x" * 65, "é", 5]
EMAIL = ([f"a@{'b' * 198}", "a+b@c.fr"], ["a", "a@", "@b", "a b@c", "a@b@c", f"a@{'b' * 199}", 5])
PHONE = (["+33 1 99 00 12 34", "0199", "+" + "1" * 30], ["", "12", "+33x1990012", "1" * 31, "\u0661" * 4, 5])
BOOL = ([True, False], ["true", 1, 0, "yes"])

LIMITS: dict[str, dict[str, tuple[list[Any], list[Any]]]] = {
    "/roles": {
        "scopes": (
            [["planning:read"]],
            [[], "planning:read", [""], ["planning:READ"], ["planning"], ["planning:read"] * 101],
        )
    },
    "/users": {
        "email": EMAIL,
        "first_name": text(100),
        "last_name": text(100),
        "role_ids": ([], [[], "rol_1", [5], ["a b"], ["x"] * 21]),
        "employee_id": (["emp_demo"], ID),
    },
    "/tokens": {
        "name": text(200),
        "user_id": ([], ID),
        "expires_at": (["2027-01-01T00:00:00Z", "2027-01-01T00:00:00+02:00"], TIME),
    },
    "/clients": {
        "name": text(200),
        "billing_address": text(500),
        "legal_form": text(100),
        "siren": ([], ["99900107", "9990010766", "99900107x", "\uff19" * 9, 999001076]),
        "siret": ([], ["9990010760001", "999001076000100"]),
        "vat_number": (["FR60999001076", "DE99"], ["fr60999001076", "F1", "FR", "FR" + "1" * 14, ""]),
        "email": EMAIL,
        "phone": PHONE,
        "payment_days": ([0, 60], [-1, 61, 30.5, "30", True]),
        "status": among("prospect", "active"),
    },
    "/sites": {
        "name": text(200),
        "customer_name": text(200),
        "address": text(500),
        "client_id": ([], ID),
        "radius_m": ([0.001, 100_000], [0, -1, 100_001, "5", 1e400]),
        "status": among("prospect", "active"),
    },
    "/posts": {
        "site_id": ([], ID),
        "activity": among(
            "guarding",
            "dog_handling",
            "remote_monitoring",
            "close_protection",
            "cash_in_transit",
            "airport_security",
            "event_security",
        ),
        "qualifications": ([[], ["sst", "ssiap_1"]], [["nope"], "sst", ["sst"] * 11, [1]]),
        "is_break_paid": BOOL,
    },
    "/instructions": {
        "title": text(200),
        "text": text(5000),
        "must_read": BOOL,
        "kind": (["site"], ["GENERAL", "", "nope", 1]),
        "valid_from": (["2027-01-01T00:00:00Z", "2027-01-01T01:00:00+01:00"], TIME),
    },
    "/employees": {
        "staff_number": ([], ["", "-1", "é1", "a b", "x" * 51, 42]),
        "first_name": text(100),
        "last_name": text(100),
        "job_title": text(200),
        "coefficient": ([100, 999], [99, 1000, "140", 140.5, True]),
        "hired_on": (["2026-11-07", "1970-01-01"], DAY),
        "born_on": (["1950-01-01"], DAY),
        "nationality": (["FR", "XK"], ["fr", "FRA", "", "F1", 1]),
        "sex": among("female", "male"),
        "email": EMAIL,
        "phone": PHONE,
        "card_number": ([], ["", "car-075", "-1", "X" * 65, 5]),
        "status": among("draft", "active"),
    },
    "/cards": {
        "employee_id": ([], ID),
        "activities": ([["guarding"], ["guarding", "guarding"]], [[], ["nope"], "guarding", ["guarding"] * 8]),
        "dog_icad": ([], ["", "12345", "x" * 16, "1234567890123456", 250269800123456]),
        "expires_on": (["2030-01-31"], DAY),
    },
    "/qualifications": {
        "kind": among("tfp_aps", "cqp_aps", "mac_aps", "ssiap_1", "ssiap_2", "ssiap_3", "cynophile", "sst", "h0b0"),
        "label": text(200),
        "obtained_on": (["2026-11-07"], DAY),
        "expires_on": (["2025-01-15"], DAY),
        "document_id": ([], ID),
    },
    "/employment-contracts": {
        "reason": text(200),
        "job_title": text(200),
        "coefficient": ([100, 999], [99, 1000, "140"]),
        "weekly_hours": (
            ["0.0001", "48", "35.5000"],
            ["35,5", "1e1", "NaN", "35.00001", "+35", "", 35, "1234567890123"],
        ),
        "starts_on": (["2021-03-31"], DAY),
        "ends_on": (["2021-01-04"], DAY),
        "trial_ends_on": (["2021-01-04"], DAY),
        "kind": (["cdd"], ["CDI", "interim", "", 1]),
    },
}
LIMITS |= {
    "/checkpoints": {
        "site_id": ([], ID),
        "name": text(200),
        "tag_kind": (["nfc", "qr", "ble"], ["", "NFC", "nope", 1]),
        "radius_m": ([], [0, -1, 100_001, "5", 1e400]),
        "lat": ([], [90.1, -91, "48", 1e400]),
        "lon": ([], [180.1, -181]),
        "tag": ([], ["", "x" * 201, 5]),
        "instructions": (["x", "é" * 2000], ["", "x" * 2001, 5]),
        "photo_required": BOOL,
        "answer_required": BOOL,
    },
    "/round-templates": {
        "name": text(200),
        "mode": among("ordered", "free", "random"),
        "checkpoint_ids": ([], [[], "chk_1", [5], ["a b"], ["x"] * 201, ["chk_nobody"]]),
        "expected_minutes": ([1, 1440], [0, 1441, -5, "60", 60.5]),
        "grace_minutes": ([0, 720], [-1, 721, "15"]),
        "schedule": (
            [None, {"start_times": ["00:00", "23:59"], "weekdays": [1, 7]}],
            [
                {},
                {"start_times": []},
                {"start_times": ["24:00"]},
                {"start_times": ["9:00"]},
                {"start_times": ["22:00"], "weekdays": [0]},
                {"start_times": ["22:00"], "weekdays": [8]},
                {"start_times": ["22:00"], "every": 2},
            ],
        ),
    },
    "/rounds": {
        "template_id": ([], ID),
        "planned_at": (
            ["2026-11-07T19:00:00Z", "2027-01-01T00:00:00+01:00"],
            [*TIME, "2026-11-07T18:58:00Z", "2028-01-01T00:00:00Z", "0001-01-01T00:00:00+05:00"],
        ),
        "employee_id": (["emp_demo"], [*ID, "emp_nobody"]),
        "device_id": (["dev_demo"], [*ID, "dev_nobody"]),
    },
}
CASES = [(path, field) for path, fields in LIMITS.items() for field in fields]


@pytest.mark.parametrize(("path", "field"), CASES)
def test_a_value_beyond_the_limit_is_refused_and_named(shared_api: httpx.Client, path: str, field: str) -> None:
    body = body_of(shared_api, path)
    before = shared_api.get(f"{path}?sort=-created_at&limit=1").json()["items"]
    for value in LIMITS[path][field][1]:
        answer = shared_api.post(path, content=written(body | {field: value}))
        [error] = refused(answer, 422)["errors"]
        assert error["path"].partition("[")[0].split(".")[:2] == ["$", field], (value, error)
        assert not isinstance(value, str) or len(value) < 6 or value not in answer.text
    assert shared_api.get(f"{path}?sort=-created_at&limit=1").json()["items"] == before


@pytest.mark.parametrize(("path", "field"), CASES)
def test_a_value_at_the_limit_is_taken_and_shown_as_it_was(shared_api: httpx.Client, path: str, field: str) -> None:
    for value in LIMITS[path][field][0]:
        body = body_of(shared_api, path) | {field: value}
        if "number" in body:
            body |= {"number": body["number"][:19] + BODIES["/cards"]()["number"][19:]}
        shown = made(shared_api.post(path, json=body))[field]
        if field == "weekly_hours":
            assert float(shown) == float(value)
        elif field == "activities":
            assert shown == list(dict.fromkeys(value))
        elif not isinstance(value, str) or "T" not in value[10:11]:
            assert shown == value


@pytest.mark.parametrize("path", BODIES)
def test_an_unknown_or_a_missing_field_or_another_body_is_refused(shared_api: httpx.Client, path: str) -> None:
    body = body_of(shared_api, path)
    at_fault(shared_api.post(path, json=body | {"colour": "red"}), "$")
    at_fault(shared_api.post(path, json={}), "$")
    at_fault(shared_api.post(path, json=[body]), "$")
    at_fault(shared_api.post(path), "$")
    for content in (b"{", b"\xff"):
        refused(shared_api.post(path, content=content), 400)
    own = f"{path}/{made(shared_api.post(path, json=body))['id']}"
    any_version = {"If-Match": "*"}
    at_fault(shared_api.patch(own, json={"colour": "red"}, headers=any_version), "$")
    at_fault(shared_api.patch(own, json={"id": "x_1"}, headers=any_version), "$")
    at_fault(shared_api.patch(own, json={"version": 9}, headers=any_version), "$")
    at_fault(shared_api.patch(own, json={"status": "active"}, headers=any_version), "$")


NEVER_EMPTY = {
    "/roles": ("name", "scopes"),
    "/users": ("email", "first_name", "role_ids"),
    "/tokens": ("name",),
    "/clients": ("name", "billing_address", "payment_days"),
    "/sites": ("name", "customer_name", "address", "time_zone"),
    "/posts": ("name", "activity", "qualifications", "is_break_paid"),
    "/instructions": ("title", "text", "must_read"),
    "/employees": ("staff_number", "first_name", "job_title", "hired_on"),
    "/cards": ("activities",),
    "/qualifications": ("obtained_on",),
    "/employment-contracts": ("kind", "job_title", "coefficient", "weekly_hours", "starts_on"),
    "/checkpoints": ("name", "tag", "photo_required", "answer_required"),
    "/round-templates": ("name", "mode", "checkpoint_ids", "expected_minutes", "grace_minutes"),
    "/rounds": ("planned_at",),
}


@pytest.mark.parametrize("path", NEVER_EMPTY)
def test_what_has_to_be_there_is_not_cleared(shared_api: httpx.Client, path: str) -> None:
    own = f"{path}/{made(shared_api.post(path, json=body_of(shared_api, path)))['id']}"
    for field in NEVER_EMPTY[path]:
        at_fault(shared_api.patch(own, json={field: None}, headers={"If-Match": "*"}), f"$.{field}")


def written(body: dict[str, Any]) -> bytes:
    """JSON with numbers as they stand: Python writes 1e400 as Infinity, which is no JSON."""
    return json.dumps(body).replace("Infinity", "1e400").encode()
