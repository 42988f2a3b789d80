"""Shifts: each state with each action, what the labour check blocks, who is told what."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from people_bodies import at_fault, card_number, create, made, refused
from planning_bodies import a_guard, a_shift, absence_body, at, cycle_body, publish, shift_body

from sekur_sdk.sandbox.watch import look

if TYPE_CHECKING:
    import httpx
    from conftest import Clock

    from sekur_sdk.sandbox.server import SandboxServer

# The clock of these tests stands at 2026-11-07T19:00Z; this shift has begun by then.
RUNNING = {"starts_at": "2026-11-07T18:00:00Z", "ends_at": "2026-11-08T02:00:00Z"}

STEPS: dict[str, dict[str, list[str]]] = {
    "/shifts": {
        "draft": ["publish", "assign", "unassign", "swap", "cancel"],
        "published": ["assign", "unassign", "swap", "acknowledge", "replace", "no-show", "cancel"],
        "acknowledged": ["assign", "unassign", "swap", "replace", "no-show", "cancel"],
        "in_progress": [],
        "done": [],
        "cancelled": [],
        "no_show": ["replace"],
        "replaced": [],
    },
    "/absences": {"requested": ["approve", "refuse", "cancel"], "approved": ["cancel"], "refused": [], "cancelled": []},
    "/cycles": {"active": ["generate", "archive"], "archived": ["restore"]},
}
PATHS: dict[str, dict[str, list[str]]] = {
    "/shifts": {
        "draft": [],
        "published": ["publish"],
        "acknowledged": ["publish", "acknowledge"],
        "in_progress": ["publish", "=in_progress"],
        "done": ["publish", "=in_progress", "=done"],
        "cancelled": ["cancel"],
        "no_show": ["publish", "no-show"],
        "replaced": ["publish", "replace"],
    },
    "/absences": {"requested": [], "approved": ["approve"], "refused": ["refuse"], "cancelled": ["cancel"]},
    "/cycles": {"active": [], "archived": ["archive"]},
}


def brought_to(api: httpx.Client, path: str, status: str) -> dict[str, Any]:
    if path == "/shifts":
        resource = a_shift(api, employee_id=a_guard(api)["id"], **RUNNING)
    else:
        resource = made(api.post(path, json=absence_body() if path == "/absences" else cycle_body()))
    for action in PATHS[path][status]:
        made(act(api, path, resource, action))
        resource = made(api.get(f"{path}/{resource['id']}"))
    assert resource["status"] == status
    return resource


def act(api: httpx.Client, path: str, resource: dict[str, Any], action: str) -> httpx.Response:
    own, sent = f"{path}/{resource['id']}", {}
    if action.startswith("="):
        return api.patch(own, json={"status": action[1:]}, headers={"If-Match": "*"})
    if action == "publish":
        return api.post("/shifts/publish", json={"ids": [resource["id"]]})
    if action in ("assign", "replace"):
        sent = {"employee_id": a_guard(api)["id"]}
    if action == "swap":
        other = a_shift(api, employee_id=a_guard(api)["id"])
        sent = {"other_shift_id": other["id"], "agreed": True}
    if action == "generate":
        sent = {"first_on": "2027-02-01", "last_on": "2027-02-02"}
    return api.post(f"{own}/{action}", json=sent)


@pytest.mark.parametrize(("path", "status"), [(path, status) for path, states in STEPS.items() for status in states])
def test_a_state_allows_its_actions_and_refuses_all_others(shared_api: httpx.Client, path: str, status: str) -> None:
    resource = brought_to(shared_api, path, status)
    for action in dict.fromkeys(action for actions in STEPS[path].values() for action in actions):
        if action not in STEPS[path][status]:
            told = refused(act(shared_api, path, resource, action), 409)
            assert (told["allowed"], told["current"]) == (STEPS[path][status], resource)
    assert shared_api.get(f"{path}/{resource['id']}").json() == resource
    for action in STEPS[path][status]:
        made(act(shared_api, path, brought_to(shared_api, path, status), action))


# the labour check


def findings(api: httpx.Client, *shifts: dict[str, Any]) -> list[str]:
    answer = made(api.post("/shifts/check", json={"ids": [shift["id"] for shift in shifts]}))
    assert {shift["id"] for shift in answer["shifts"]} == {shift["id"] for shift in shifts}
    return [finding["code"] for finding in answer["findings"]]


def blocked(api: httpx.Client, *shifts: dict[str, Any]) -> list[tuple[str, str]]:
    told = refused(api.post("/shifts/publish", json={"ids": [shift["id"] for shift in shifts]}), 422)
    for shift in shifts:
        assert api.get(f"/shifts/{shift['id']}").json() == shift
    return [(error["path"], error["message"].partition(":")[0]) for error in told["errors"]]


def test_a_shift_without_anything_against_it_is_published(shared_api: httpx.Client) -> None:
    guard = a_guard(shared_api)
    shift = a_shift(shared_api, employee_id=guard["id"])
    assert findings(shared_api, shift) == []
    answer = publish(shared_api, shift)
    assert answer["findings"] == []
    [told] = answer["shifts"]
    assert (told["status"], told["published_at"], told["version"]) == ("published", "2026-11-07T19:00:00Z", 2)


@pytest.mark.parametrize(
    ("hours", "break_minutes", "codes"),
    [
        (12, 20, []),
        (13, 20, ["DAY_MAX_12H"]),
        (8, None, []),
        (8, 0, ["BREAK_20MIN_AT_6H"]),
        (8, 19, ["BREAK_20MIN_AT_6H"]),
        (5, 0, ["PERIOD_MIN_6H"]),
    ],
)
def test_hours_and_breaks_that_break_a_rule_are_not_published(
    shared_api: httpx.Client, hours: int, break_minutes: int | None, codes: list[str]
) -> None:
    body = shift_body(employee_id=a_guard(shared_api)["id"], post="Renfort", break_minutes=break_minutes)
    body["ends_at"] = at(datetime.fromisoformat(body["starts_at"]) + timedelta(hours=hours))
    shift = made(shared_api.post("/shifts", json=body))
    assert findings(shared_api, shift) == codes
    if codes:
        assert blocked(shared_api, shift) == [("$.ids[0]", code) for code in codes]
    else:
        publish(shared_api, shift)


@pytest.mark.parametrize(("is_break_paid", "codes"), [(False, []), (True, ["DAY_MAX_12H"])])
def test_whether_a_break_is_work_is_the_posts_to_say(
    shared_api: httpx.Client, is_break_paid: bool, codes: list[str]
) -> None:
    post = create(shared_api, "/posts", site_id="sit_tour", is_break_paid=is_break_paid)
    body = shift_body(employee_id=a_guard(shared_api)["id"], break_minutes=30, post_id=post["id"], post=None)
    body["ends_at"] = at(datetime.fromisoformat(body["starts_at"]) + timedelta(hours=12, minutes=30))
    shift = made(shared_api.post("/shifts", json=body))
    assert shift["post"] == post["name"]
    assert findings(shared_api, shift) == codes


def test_who_has_no_card_a_card_past_its_day_or_for_other_work_is_not_published(shared_api: httpx.Client) -> None:
    start = "2027-03-31T20:00:00Z"  # to the day after the last of the month, in Paris
    times = {"starts_at": start, "ends_at": "2027-04-01T04:00:00Z", "post": "Renfort"}
    cases = {"2027-03-31": ["CARD_EXPIRED"], "2027-04-01": [], None: ["CARD_MISSING"]}
    for expires_on, codes in cases.items():
        guard = a_guard(shared_api, card_number=expires_on and card_number(expires_on))
        shift = a_shift(shared_api, employee_id=guard["id"], **times)
        assert findings(shared_api, shift) == codes
        if codes:
            assert blocked(shared_api, shift) == [("$.ids[0]", code) for code in codes]
    post = create(shared_api, "/posts", site_id="sit_tour", activity="dog_handling")
    shift = a_shift(shared_api, employee_id=a_guard(shared_api)["id"], **times | {"post": post["name"]})
    assert (shift["post_id"], findings(shared_api, shift)) == (post["id"], ["CARD_ACTIVITY_MISMATCH"])


def test_a_card_that_the_teleservice_called_invalid_or_that_was_withdrawn_does_not_count(
    shared_api: httpx.Client,
) -> None:
    for action, sent in (("check", {"result": "invalid"}), ("withdraw", {})):
        guard = a_guard(shared_api)
        shift = a_shift(shared_api, employee_id=guard["id"])
        [card] = made(shared_api.get(f"/cards?employee_id={guard['id']}"))["items"]
        made(shared_api.post(f"/cards/{card['id']}/{action}", json=sent))
        assert findings(shared_api, shift) == ["CARD_MISSING"]


def test_a_qualification_that_the_post_asks_for_is_held(shared_api: httpx.Client) -> None:
    guard = a_guard(shared_api)
    post = create(shared_api, "/posts", site_id="sit_tour", qualifications=["ssiap_1"])
    shift = a_shift(shared_api, employee_id=guard["id"], post=post["name"])
    assert blocked(shared_api, shift) == [("$.ids[0]", "QUALIF_MISSING")]
    create(shared_api, "/qualifications", employee_id=guard["id"], kind="ssiap_1")
    publish(shared_api, shift)


def test_the_first_shift_of_a_signed_contract_waits_for_its_dpae(shared_api: httpx.Client) -> None:
    guard = a_guard(shared_api)
    fields = {"employee_id": guard["id"], "kind": "cdi", "reason": None, "ends_on": None, "starts_on": "2026-11-02"}
    contract = create(shared_api, "/employment-contracts", **fields)
    path = f"/employment-contracts/{contract['id']}"
    signed = made(shared_api.post(f"{path}/sign", json={"signed_on": "2026-11-02"}))
    shift = a_shift(shared_api, employee_id=guard["id"])
    assert blocked(shared_api, shift) == [("$.ids[0]", "DPAE_MISSING")]
    filed = {"dpae_number": "D1", "dpae_filed_on": "2026-11-01"}
    made(shared_api.patch(path, json=filed, headers={"if-match": f'"{signed["version"]}"'}))
    publish(shared_api, shift)


def test_an_approved_absence_stands_against_publishing_and_a_requested_one_does_not(shared_api: httpx.Client) -> None:
    guard = a_guard(shared_api)
    shift = a_shift(shared_api, employee_id=guard["id"])
    times = {
        "employee_id": guard["id"],
        "starts_at": shift["ends_at"].replace("15:", "14:"),
        "ends_at": "2030-01-01T00:00:00Z",
    }
    times["ends_at"] = at(datetime.fromisoformat(times["starts_at"]) + timedelta(days=3))
    absence = made(shared_api.post("/absences", json=absence_body(**times)))
    assert findings(shared_api, shift) == []
    decided = made(shared_api.post(f"/absences/{absence['id']}/approve", json={"by": "Planification"}))
    assert (decided["decided_by"], decided["decided_at"]) == ("Planification", "2026-11-07T19:00:00Z")
    assert blocked(shared_api, shift) == [("$.ids[0]", "ABSENT")]
    made(shared_api.post(f"/absences/{absence['id']}/cancel"))
    publish(shared_api, shift)


def test_the_rest_is_judged_with_the_shifts_around_that_were_published(shared_api: httpx.Client) -> None:
    guard = a_guard(shared_api)
    first = a_shift(shared_api, employee_id=guard["id"])
    start = datetime.fromisoformat(first["ends_at"]) + timedelta(hours=11, minutes=30)
    second = a_shift(shared_api, employee_id=guard["id"], starts_at=at(start), ends_at=at(start + timedelta(hours=8)))
    assert findings(shared_api, second) == ["REST_MIN_12H"]  # drafts count in a check
    told = publish(shared_api, second)  # and not when another is published
    assert told["findings"] == []
    assert blocked(shared_api, first) == [("$.ids[0]", "REST_MIN_12H")]


def test_a_rule_of_the_branch_that_yields_to_an_agreement_is_published_once_it_is_accepted_by_name(
    api: httpx.Client,
) -> None:
    guard = a_guard(api)
    first = a_shift(api, employee_id=guard["id"])
    publish(api, first)
    start = datetime.fromisoformat(first["ends_at"]) + timedelta(hours=11)
    # a rest of 11 hours, then a meeting of 2: the two rules are the branch's, and neither is of public order
    short = a_shift(
        api, employee_id=guard["id"], starts_at=at(start), ends_at=at(start + timedelta(hours=2)), post="Réunion"
    )
    assert blocked(api, short) == [("$.ids[0]", "REST_MIN_12H"), ("$.ids[0]", "PERIOD_MIN_6H")]
    body = {"ids": [short["id"]], "accept": ["REST_MIN_12H"]}
    [left] = refused(api.post("/shifts/publish", json=body), 422)["errors"]
    assert left["message"].startswith("PERIOD_MIN_6H")
    answer = made(api.post("/shifts/publish", json=body | {"accept": ["REST_MIN_12H", "PERIOD_MIN_6H"]}))
    assert [(one["code"], one["blocks"]) for one in answer["findings"] if "NOTICE" not in one["code"]] == [
        ("REST_MIN_12H", False),
        ("PERIOD_MIN_6H", False),
    ]
    [noted] = made(api.get("/audit-events", params={"action": "planning.accepted"}))["items"]
    assert (noted["employee_id"], noted["count"]) == (guard["id"], 2)
    assert noted["filters"] == {"codes": "PERIOD_MIN_6H REST_MIN_12H", "shift_ids": f"{first['id']} {short['id']}"}


@pytest.mark.parametrize("code", ["REST_MIN_11H", "DAY_MAX_12H", "CARD_MISSING", "BREAK_20MIN_AT_6H", "SIESTA"])
def test_what_the_law_or_public_order_forbids_is_never_accepted(shared_api: httpx.Client, code: str) -> None:
    shift = a_shift(shared_api, employee_id=a_guard(shared_api)["id"])
    at_fault(shared_api.post("/shifts/publish", json={"ids": [shift["id"]], "accept": [code]}), "$.accept[0]")


def test_who_stands_in_or_is_given_a_published_shift_is_checked_with_what_is_accepted(
    api: httpx.Client, clock: Clock
) -> None:
    late = {"starts_at": "2026-11-07T19:30:00Z", "ends_at": "2026-11-08T03:00:00Z"}
    shift = a_shift(api, employee_id=a_guard(api)["id"], **late)
    publish(api, shift)
    clock.advance(4 * 3600)
    made(api.post(f"/shifts/{shift['id']}/no-show"))
    body = {"employee_id": a_guard(api)["id"], "starts_at": "2026-11-07T23:30:00Z"}
    at_fault(api.post(f"/shifts/{shift['id']}/replace", json=body), "$.employee_id")
    made(api.post(f"/shifts/{shift['id']}/replace", json=body | {"accept": ["PERIOD_MIN_6H"]}))
    meeting = {
        "starts_at": at(datetime(2027, 1, 4, 8, tzinfo=UTC)),
        "ends_at": at(datetime(2027, 1, 4, 10, tzinfo=UTC)),
    }
    nobodys = a_shift(api, post="Réunion", **meeting)
    publish(api, nobodys)
    body = {"employee_id": a_guard(api)["id"]}
    at_fault(api.post(f"/shifts/{nobodys['id']}/assign", json=body), "$.employee_id")
    made(api.post(f"/shifts/{nobodys['id']}/assign", json=body | {"accept": ["PERIOD_MIN_6H"]}))
    assert len(made(api.get("/audit-events", params={"action": "planning.accepted"}))["items"]) == 2


def test_one_that_is_blocked_keeps_all_from_being_published(shared_api: httpx.Client) -> None:
    good, bad = (
        a_shift(shared_api, employee_id=a_guard(shared_api)["id"]),
        a_shift(shared_api, employee_id=create(shared_api, "/employees", status="active")["id"], post="Renfort"),
    )
    assert blocked(shared_api, good, bad) == [("$.ids[1]", "CARD_MISSING")]


def test_a_short_notice_is_told_and_published_and_consented_to_by_acknowledging(shared_api: httpx.Client) -> None:
    guard = a_guard(shared_api)
    body = {"starts_at": "2026-11-12T07:00:00Z", "ends_at": "2026-11-12T15:00:00Z", "employee_id": guard["id"]}
    shift = a_shift(shared_api, **body)
    [finding] = publish(shared_api, shift)["findings"]
    assert finding | {"text": "", "source": ""} == {
        "code": "NOTICE_7_DAYS",
        "severity": "branch",
        "blocks": False,
        "employee_id": guard["id"],
        "shift_ids": [shift["id"]],
        "starts_at": "2026-11-12T07:00:00Z",
        "ends_at": "2026-11-12T15:00:00Z",
        "measured": "4.5000",
        "limit": "7.0000",
        "unit": "day",
        "text": "",
        "source": "",
    }
    assert finding["text"]
    assert finding["source"]
    made(shared_api.post(f"/shifts/{shift['id']}/acknowledge"))
    assert findings(shared_api, shift) == []


def test_a_period_of_a_site_is_published_by_its_drafts(shared_api: httpx.Client) -> None:
    site, guard = create(shared_api, "/sites", status="active"), a_guard(shared_api)
    times = [(f"2027-06-0{day}T07:00:00Z", f"2027-06-0{day}T15:00:00Z") for day in (1, 2, 3)]
    planned = [
        a_shift(shared_api, site_id=site["id"], employee_id=guard["id"], starts_at=starts, ends_at=ends)
        for starts, ends in times
    ]
    made(shared_api.post(f"/shifts/{planned[0]['id']}/cancel"))
    period = {"site_id": site["id"], "starts_from": "2027-06-01T00:00:00Z", "starts_before": "2027-06-03T07:00:00Z"}
    assert [shift["id"] for shift in made(shared_api.post("/shifts/publish", json=period))["shifts"]] == [
        planned[1]["id"]
    ]
    assert made(shared_api.post("/shifts/publish", json=period))["shifts"] == []
    checked = made(shared_api.post("/shifts/check", json=period | {"starts_before": "2027-07-01T00:00:00Z"}))
    assert [shift["id"] for shift in checked["shifts"]] == [planned[1]["id"], planned[2]["id"]]


@pytest.mark.parametrize("action", ["publish", "check"])
@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({}, "$.ids"),
        ({"ids": []}, "$.ids"),
        ({"ids": ["shf_none"]}, "$.ids[0]"),
        ({"ids": ["shf_none"], "site_id": "sit_tour"}, "$.ids"),
        ({"starts_from": "2027-01-01T00:00:00Z"}, "$.ids"),
        ({"starts_from": "2027-01-01T00:00:00Z", "starts_before": "2027-01-01T00:00:00Z"}, "$.starts_before"),
        ({"starts_from": "2027-01-01T00:00:00", "starts_before": "2027-02-01T00:00:00Z"}, "$.starts_from"),
        ({"starts_from": "0001-01-01T00:00:00+14:00", "starts_before": "2027-02-01T00:00:00Z"}, "$.starts_from"),
        ({"starts_from": "2027-01-01T00:00:00Z", "starts_before": "9999-12-31T23:59:59-12:00"}, "$.starts_before"),
    ],
)
def test_a_selection_that_says_nothing_is_422(
    shared_api: httpx.Client, action: str, body: dict[str, object], path: str
) -> None:
    at_fault(shared_api.post(f"/shifts/{action}", json=body), path)


def test_to_check_takes_no_more_than_to_read(shared_api: httpx.Client) -> None:
    reader = create(shared_api, "/tokens", scopes=["planning:read"])["secret"]
    headers = {"Authorization": f"Bearer {reader}"}
    shift = a_shift(shared_api)
    assert shared_api.post("/shifts/check", json={"ids": [shift["id"]]}, headers=headers).status_code == 200
    refused(shared_api.post("/shifts/publish", json={"ids": [shift["id"]]}, headers=headers), 403)


# who has a shift


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"ends_at": "2027-01-04T07:00:00Z", "starts_at": "2027-01-04T07:00:00Z"}, "$.ends_at"),
        ({"ends_at": "2020-01-04T07:00:00Z"}, "$.ends_at"),
        ({"ends_at": "2030-01-04T07:00:00Z"}, "$.ends_at"),
        ({"starts_at": "0001-01-01T00:00:00+14:00"}, "$.starts_at"),
        ({"ends_at": "9999-12-31T23:59:59-12:00"}, "$.ends_at"),
        ({"starts_at": "2027-01-04T07:00:00"}, "$.starts_at"),
        ({"break_minutes": 480}, "$.break_minutes"),
        ({"break_minutes": -1}, "$.break_minutes"),
        ({"employee_id": "emp_none"}, "$.employee_id"),
        ({"site_id": "sit_none"}, "$.site_id"),
        ({"post": None}, "$.post"),
        ({"post_id": "pst_none"}, "$.post_id"),
        ({"post": " "}, "$.post"),
    ],
)
def test_a_shift_that_can_not_be_is_422(shared_api: httpx.Client, change: dict[str, object], path: str) -> None:
    at_fault(shared_api.post("/shifts", json=shift_body(**change)), path)


def test_nobody_has_two_shifts_at_a_time(shared_api: httpx.Client) -> None:
    guard = a_guard(shared_api)
    first = a_shift(shared_api, employee_id=guard["id"])
    start = datetime.fromisoformat(first["starts_at"])
    inside = shift_body(
        employee_id=guard["id"], starts_at=at(start + timedelta(hours=7)), ends_at=at(start + timedelta(hours=15))
    )
    at_fault(shared_api.post("/shifts", json=inside), "$.starts_at")
    free = made(shared_api.post("/shifts", json=inside | {"employee_id": None}))
    at_fault(shared_api.post(f"/shifts/{free['id']}/assign", json={"employee_id": guard["id"]}), "$.employee_id")
    own, headers = f"/shifts/{free['id']}", {"If-Match": "*"}
    at_fault(shared_api.patch(own, json={"employee_id": guard["id"]}, headers=headers), "$.employee_id")
    after = {"starts_at": first["ends_at"], "employee_id": guard["id"]}
    moved = made(shared_api.patch(own, json=after, headers=headers))
    at_fault(shared_api.patch(own, json={"starts_at": first["starts_at"]}, headers=headers), "$.starts_at")
    assert moved["starts_at"] == first["ends_at"]
    made(shared_api.post(f"/shifts/{first['id']}/cancel"))
    made(shared_api.patch(own, json={"starts_at": first["starts_at"]}, headers=headers))


def test_a_shift_is_given_to_those_at_work_alone(shared_api: httpx.Client) -> None:
    draft = create(shared_api, "/employees")
    shift = a_shift(shared_api, employee_id=None)
    at_fault(shared_api.post("/shifts", json=shift_body(employee_id=draft["id"])), "$.employee_id")
    at_fault(shared_api.post(f"/shifts/{shift['id']}/assign", json={"employee_id": draft["id"]}), "$.employee_id")
    change = {"employee_id": draft["id"]}
    at_fault(shared_api.patch(f"/shifts/{shift['id']}", json=change, headers={"If-Match": "*"}), "$.employee_id")


def test_a_published_shift_that_is_given_on_or_moved_is_told_anew(api: httpx.Client, clock: Clock) -> None:
    first, second = a_guard(api), a_guard(api)
    shift = a_shift(api, employee_id=first["id"])
    publish(api, shift)
    own = f"/shifts/{shift['id']}"
    shift = made(api.post(f"{own}/acknowledge"))
    assert shift["acknowledged_at"] == "2026-11-07T19:00:00Z"
    clock.advance(60)
    given = made(api.post(f"{own}/assign", json={"employee_id": second["id"]}))
    assert (given["status"], given["acknowledged_at"], given["published_at"]) == (
        "published",
        None,
        "2026-11-07T19:01:00Z",
    )
    made(api.post(f"{own}/acknowledge"))
    clock.advance(60)
    later = {"ends_at": at(datetime.fromisoformat(shift["ends_at"]) + timedelta(hours=1))}
    moved = made(api.patch(own, json=later, headers={"If-Match": "*"}))
    assert (moved["status"], moved["published_at"]) == ("published", "2026-11-07T19:02:00Z")
    too_long = {"ends_at": at(datetime.fromisoformat(shift["ends_at"]) + timedelta(hours=6))}
    at_fault(api.patch(own, json=too_long, headers={"If-Match": "*"}), "$.starts_at")
    noted = made(api.patch(own, json={"notes": "Clés au PC"}, headers={"If-Match": "*"}))
    assert noted["published_at"] == moved["published_at"]
    free = made(api.post(f"{own}/unassign"))
    assert (free["status"], free["employee_id"]) == ("published", None)
    assert refused(api.post(f"{own}/acknowledge"), 409)["allowed"] == ["assign", "cancel"]
    unfit = create(api, "/employees", status="active")
    told = refused(api.post(f"{own}/assign", json={"employee_id": unfit["id"]}), 422)["errors"]
    assert {error["path"] for error in told} == {"$.employee_id"}


def test_a_draft_of_who_has_left_is_not_published(shared_api: httpx.Client) -> None:
    guard = a_guard(shared_api)
    shift = a_shift(shared_api, employee_id=guard["id"])
    made(shared_api.post(f"/employees/{guard['id']}/leave", json={"left_on": "2026-11-06"}))
    at_fault(shared_api.post("/shifts/publish", json={"ids": [shift["id"]]}), "$.ids[0]")


def test_two_employees_swap_their_shifts_by_consent(shared_api: httpx.Client) -> None:
    guards = [a_guard(shared_api), a_guard(shared_api)]
    pair = [a_shift(shared_api, employee_id=guard["id"]) for guard in guards]
    publish(shared_api, *pair)
    swap = f"/shifts/{pair[0]['id']}/swap"
    at_fault(shared_api.post(swap, json={"other_shift_id": pair[1]["id"], "agreed": False}), "$.agreed")
    at_fault(shared_api.post(swap, json={"other_shift_id": pair[0]["id"], "agreed": True}), "$.other_shift_id")
    at_fault(shared_api.post(swap, json={"other_shift_id": "shf_none", "agreed": True}), "$.other_shift_id")
    free = a_shift(shared_api, employee_id=None)
    at_fault(shared_api.post(swap, json={"other_shift_id": free["id"], "agreed": True}), "$.other_shift_id")
    done = made(shared_api.post(swap, json={"other_shift_id": pair[1]["id"], "agreed": True}))
    other = made(shared_api.get(f"/shifts/{pair[1]['id']}"))
    assert [(one["employee_id"], one["status"]) for one in (done, other)] == [
        (guards[1]["id"], "acknowledged"),
        (guards[0]["id"], "acknowledged"),
    ]
    assert done["starts_at"] == pair[0]["starts_at"]


def test_a_swap_that_clashes_with_a_third_shift_or_a_rule_swaps_nothing(shared_api: httpx.Client) -> None:
    guard, other = a_guard(shared_api), a_guard(shared_api)
    mine = a_shift(
        shared_api, employee_id=guard["id"], starts_at="2027-01-06T07:00:00Z", ends_at="2027-01-06T15:00:00Z"
    )
    theirs = a_shift(shared_api, employee_id=other["id"])
    third = a_shift(
        shared_api, employee_id=other["id"], starts_at=mine["starts_at"], ends_at=mine["ends_at"], post="Renfort"
    )
    swap = {"other_shift_id": theirs["id"], "agreed": True}
    at_fault(shared_api.post(f"/shifts/{mine['id']}/swap", json=swap), "$.other_shift_id")
    made(shared_api.post(f"/shifts/{third['id']}/cancel"))
    publish(shared_api, mine)
    [card] = made(shared_api.get(f"/cards?employee_id={other['id']}"))["items"]
    made(shared_api.post(f"/cards/{card['id']}/withdraw"))
    at_fault(shared_api.post(f"/shifts/{mine['id']}/swap", json=swap), "$.other_shift_id")
    assert made(shared_api.get(f"/shifts/{mine['id']}"))["employee_id"] == guard["id"]
    assert made(shared_api.get(f"/shifts/{theirs['id']}")) == theirs


def test_who_did_not_come_is_replaced_for_the_rest_of_the_shift(api: httpx.Client, clock: Clock) -> None:
    guard, stand_in = a_guard(api), a_guard(api)
    late = {"starts_at": "2026-11-07T19:30:00Z", "ends_at": "2026-11-08T03:00:00Z"}
    shift = a_shift(api, employee_id=guard["id"], **late)
    publish(api, shift)
    own = f"/shifts/{shift['id']}"
    assert "no-show" not in refused(api.post(f"{own}/no-show"), 409)["allowed"]
    at_fault(api.post(f"{own}/replace", json={"employee_id": guard["id"]}), "$.employee_id")
    body = {"employee_id": stand_in["id"], "starts_at": "2026-11-07T20:30:00Z"}
    at_fault(api.post(f"{own}/replace", json=body), "$.starts_at")
    clock.advance(3600)
    missed = made(api.post(f"{own}/no-show"))
    new = made(api.post(f"{own}/replace", json=body))
    assert (new["replaces_id"], new["employee_id"], new["starts_at"], new["status"], new["version"]) == (
        shift["id"],
        stand_in["id"],
        "2026-11-07T20:30:00Z",
        "published",
        1,
    )
    assert made(api.get(own)) == missed
    refused(api.post(f"{own}/replace", json={"employee_id": a_guard(api)["id"]}), 409)


def test_it_is_told_once_that_nobody_took_up_a_shift(api: httpx.Client, sandbox: SandboxServer, clock: Clock) -> None:
    shift = a_shift(
        api, employee_id=a_guard(api)["id"], starts_at="2026-11-07T19:10:00Z", ends_at="2026-11-08T03:00:00Z"
    )
    publish(api, shift)
    after = sandbox.feed.latest

    def told() -> int:
        sandbox.store.write(look)
        events, _ = sandbox.feed.read(after, frozenset({"shift.late"}))
        return sum(shift["id"] in data for _, _, data in events)

    clock.advance(10 * 60 + 299)
    assert told() == 0
    clock.advance(1)
    assert (told(), told()) == (1, 1)


def test_planning_is_told_as_events(api: httpx.Client, sandbox: SandboxServer) -> None:
    after = sandbox.feed.latest
    shift = a_shift(api, employee_id=a_guard(api)["id"], **RUNNING)
    publish(api, shift)
    for action in ("acknowledge", "no-show"):
        made(api.post(f"/shifts/{shift['id']}/{action}"))
    absence = made(api.post("/absences", json=absence_body()))
    made(api.post(f"/absences/{absence['id']}/approve"))
    cycle = made(api.post("/cycles", json=cycle_body()))
    made(api.post(f"/cycles/{cycle['id']}/archive"))
    wanted = [
        "shift.created",
        "shift.published",
        "shift.acknowledged",
        "shift.no_show",
        "absence.created",
        "absence.updated",
        "cycle.created",
        "cycle.updated",
    ]
    events, _ = sandbox.feed.read(after, frozenset(wanted))
    assert [type_ for _, type_, _ in events] == wanted


# absences


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"employee_id": "emp_none"}, "$.employee_id"),
        ({"kind": "vacances"}, "$.kind"),
        ({"ends_at": "2027-01-01T00:00:00Z"}, "$.ends_at"),
        ({"ends_at": "2099-01-01T00:00:00Z"}, "$.ends_at"),
        ({"starts_at": "2027-01-01T00:00:00"}, "$.starts_at"),
        ({"starts_at": "0001-01-01T00:00:00+14:00"}, "$.starts_at"),
        ({"document_id": "doc_none"}, "$.document_id"),
        ({"notes": ""}, "$.notes"),
    ],
)
def test_an_absence_that_can_not_be_is_422(shared_api: httpx.Client, change: dict[str, object], path: str) -> None:
    at_fault(shared_api.post("/absences", json=absence_body(**change)), path)


def test_an_absence_is_changed_until_it_is_decided_and_two_do_not_overlap(shared_api: httpx.Client) -> None:
    absence = made(shared_api.post("/absences", json=absence_body()))
    own = f"/absences/{absence['id']}"
    again = absence_body(starts_at=absence["starts_at"], ends_at=absence["ends_at"])
    at_fault(shared_api.post("/absences", json=again), "$.starts_at")
    assert made(shared_api.patch(own, json={"kind": "formation"}, headers={"If-Match": '"1"'}))["version"] == 2
    made(shared_api.post(f"{own}/approve"))
    refused(shared_api.patch(own, json={"kind": "maladie"}, headers={"If-Match": "*"}), 409)
    assert made(shared_api.patch(own, json={"notes": "Vu"}, headers={"If-Match": "*"}))["notes"] == "Vu"
    listed = shared_api.get(
        f"/absences?employee_id=emp_silva&kind=formation&ends_from={absence['starts_at']}&starts_before={absence['ends_at']}"
    ).json()["items"]
    assert [one["id"] for one in listed] == [absence["id"]]
    made(shared_api.post(f"{own}/cancel"))
    made(shared_api.post("/absences", json=again))
