"""The subscription to SEKUR: quota and overage, orders, prices, the year's availability and its penalty."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from people_bodies import at_fault, create, made, refused

from sekur_sdk.sandbox.watch import look

if TYPE_CHECKING:
    from collections.abc import Sequence

    import httpx
    from conftest import Clock

    from sekur_sdk.sandbox.server import SandboxServer

Json = dict[str, Any]
VECTORS: Json = json.loads((Path(__file__).parents[1] / "rules" / "vectors.json").read_text())
ANY = {"If-Match": "*"}


def order(api: httpx.Client, **changes: object) -> httpx.Response:
    return api.patch("/subscription", json=changes, headers=ANY)


def price(api: httpx.Client, **question: object) -> Json:
    return made(api.post("/subscription/price", json=question))


def packs(purchase: Json) -> dict[int, int]:
    return {pack["size"]: pack["count"] for pack in purchase["packs"]}


def activated(api: httpx.Client, count: int) -> list[str]:
    ids = [create(api, "/users")["id"] for _ in range(count)]
    for id_ in ids:
        made(api.post(f"/users/{id_}/activate"))
    return ids


def event_types(sandbox: SandboxServer) -> list[str]:
    with sandbox.store.read() as connection:
        found = connection.exec_driver_sql("SELECT type FROM event WHERE type LIKE 'quota%' OR type LIKE 'subscr%'")
        return [row[0] for row in found]


def test_the_subscription_shows_what_was_ordered_used_and_is_due(shared_api: httpx.Client) -> None:
    shown = made(shared_api.get("/subscription"))
    assert shown | {"version": 1} == {
        "id": "sub_demo",
        "packs": [{"size": 10, "count": 1}],
        "renewal_packs": None,
        "term": "monthly",
        "overage_billing": "monthly",
        "young": False,
        "company_created_on": "2019-03-01",
        "ordered_on": "2026-01-05",
        "go_live_on": "2026-01-15",
        "renews_on": "2027-01-15",
        "notice_by": "2026-11-15",
        "quota": 10,
        "used": 0,
        "monthly_price": "179.98",
        "year_price": "2159.76",
        "overage_price": "0.00",
        "version": 1,
        "created_at": "2026-11-07T19:00:00Z",
        "updated_at": "2026-11-07T19:00:00Z",
    }


def test_the_cheapest_licences_of_the_vectors(shared_api: httpx.Client) -> None:
    for vector in VECTORS["licences"]:
        found = price(shared_api, licences=vector["n"])["licences"]
        assert found["price"] == vector["monthly_ht"], vector
        assert {str(size): count for size, count in packs(found).items()} == vector["combo"]
    one = price(shared_api, licences=500, strategy="single_pack")["licences"]
    mixed = price(shared_api, licences=500)["licences"]
    assert (one["price"], packs(one)) == ("999.99", {500: 1})
    assert (mixed["price"], packs(mixed)) == ("999.98", {300: 1, 200: 1})


def test_the_totals_files_and_signatures_of_the_vectors(shared_api: httpx.Client) -> None:
    for name, field in (("fiches", "employee_files"), ("signatures", "signatures")):
        for vector in VECTORS[name]:
            assert price(shared_api, licences=0, **{field: vector["n"]})[field]["price"] == vector["ht"], vector
    for vector in VECTORS["licences_total"]:
        for young, name in ((False, "standard"), (True, "young")):
            assert price(shared_api, licences=vector["n"], young=young)["monthly"] == vector[f"{name}_monthly"]
    young = price(shared_api, licences=9, young=True)
    assert (young["monthly"], packs(young["licences"])) == ("109.95", {1: 4})
    assert price(shared_api, licences=9, term="yearly")["year"] == "1979.78"
    whole = price(shared_api, licences=9, employee_files=14, signatures=45, trainings=["online_5h", "trainer_3h"])
    assert (whole["year"], whole["training"]) == ("2159.76", "750.00")
    assert (whole["net"], whole["vat"], whole["gross"]) == ("2969.75", "593.95", "3563.70")


@pytest.mark.parametrize(
    ("question", "path"),
    [
        ({"licences": -1}, "$.licences"),
        ({"licences": 10_001}, "$.licences"),
        ({"licences": "5"}, "$.licences"),
        ({"licences": 1, "term": "weekly"}, "$.term"),
        ({"licences": 1, "strategy": "cheap"}, "$.strategy"),
        ({"licences": 1, "young": 1}, "$.young"),
        ({"licences": 1, "signatures": -1}, "$.signatures"),
        ({"licences": 1, "employee_files": 1.5}, "$.employee_files"),
        ({"licences": 1, "trainings": ["trainer_3h"]}, "$.trainings"),
        ({"licences": 1, "trainings": ["yoga"]}, "$.trainings[0]"),
        ({}, "$"),
    ],
)
def test_a_question_at_fault_is_refused_where_it_is(shared_api: httpx.Client, question: Json, path: str) -> None:
    at_fault(shared_api.post("/subscription/price", json=question), path)


def test_the_largest_question_has_its_answer(shared_api: httpx.Client) -> None:
    asked = price(shared_api, licences=10_000, employee_files=10_000, signatures=10_000)
    assert asked["licences"]["price"] == "19999.50"


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"packs": [{"size": 7, "count": 1}]}, "$.packs[0].size"),
        ({"packs": [{"size": 20, "count": 0}]}, "$.packs[0].count"),
        ({"packs": [{"size": 20, "count": 1}, {"size": 20, "count": 1}]}, "$.packs[1].size"),
        ({"packs": [{"size": 5, "count": 1}]}, "$.packs"),
        ({"packs": []}, "$.packs"),
        ({"packs": None}, "$.packs"),
        ({"renewal_packs": [{"size": 3, "count": 1}]}, "$.renewal_packs[0].size"),
        ({"term": "daily"}, "$.term"),
        ({"overage_billing": "yearly"}, "$.overage_billing"),
        ({"ordered_on": "1999-12-31"}, "$.ordered_on"),
        ({"ordered_on": "2026-11-08"}, "$.ordered_on"),
        ({"go_live_on": "2026-01-04"}, "$.go_live_on"),
        ({"go_live_on": "9999-12-31"}, "$.go_live_on"),
        ({"company_created_on": "2026-01-06"}, "$.company_created_on"),
        ({"quota": 5000}, "$"),
        ({"young": True}, "$"),
    ],
)
def test_an_order_at_fault_is_refused_where_it_is(shared_api: httpx.Client, changes: Json, path: str) -> None:
    before = shared_api.get("/subscription").json()
    at_fault(order(shared_api, **changes), path)
    assert shared_api.get("/subscription").json() == before


def test_an_order_needs_the_version_that_it_was_made_from(api: httpx.Client, sandbox: SandboxServer) -> None:
    more = {"packs": [{"size": 10, "count": 1}, {"size": 1, "count": 2}]}
    refused(api.patch("/subscription", json=more), 428)
    told = refused(api.patch("/subscription", json=more, headers={"If-Match": '"4"'}), 412)
    assert (told["current_version"], told["current"]["quota"]) == (1, 10)
    changed = made(api.patch("/subscription", json=more, headers={"If-Match": '"1"'}))
    assert (changed["version"], changed["quota"], changed["monthly_price"]) == (2, 12, "199.96")
    yearly = made(order(api, term="yearly", company_created_on="2023-01-06"))
    assert (yearly["young"], yearly["quota"], yearly["monthly_price"], yearly["year_price"]) == (
        True,
        17,
        "169.96",
        "1869.56",
    )
    assert made(order(api)) == yearly
    assert not made(order(api, company_created_on="2023-01-05"))["young"]
    assert event_types(sandbox) == ["subscription.updated"] * 3


@pytest.mark.parametrize(
    ("go_live", "renews", "notice_by"),
    [
        ("2025-03-01", "2027-03-01", "2026-12-31"),
        ("2025-09-01", "2027-09-01", "2027-07-01"),
        ("2026-01-31", "2027-01-31", "2026-11-30"),
        ("2024-02-29", "2027-02-28", "2026-12-28"),
        ("2026-11-07", "2027-11-07", "2027-09-07"),
        ("2027-02-01", "2028-02-01", "2027-12-01"),
    ],
)
def test_the_anniversary_and_the_last_day_of_notice(
    api: httpx.Client, go_live: str, renews: str, notice_by: str
) -> None:
    shown = made(order(api, ordered_on="2024-01-01", go_live_on=go_live))
    assert (shown["renews_on"], shown["notice_by"]) == (renews, notice_by)


def test_fewer_licences_hold_from_the_anniversary_on_if_told_in_time(
    api: httpx.Client, sandbox: SandboxServer, clock: Clock
) -> None:
    fewer = [{"size": 5, "count": 1}]
    assert made(order(api, renewal_packs=fewer))["quota"] == 10
    active = activated(api, 6)
    clock.advance(timedelta(days=9).total_seconds())
    at_fault(order(api, renewal_packs=[{"size": 1, "count": 1}]), "$.renewal_packs")
    clock.at = datetime.fromisoformat("2027-01-14T22:59:00+00:00")
    sandbox.store.write(look)
    assert made(api.get("/subscription"))["packs"] == [{"size": 10, "count": 1}]
    clock.advance(60)
    sandbox.store.write(look)
    shown = made(api.get("/subscription"))
    assert (shown["packs"], shown["renewal_packs"], shown["renews_on"]) == (fewer, None, "2028-01-15")
    assert (shown["quota"], shown["used"]) == (5, 6)
    [over] = api.get("/subscription/overages").json()["items"]
    assert (over["user_id"], over["started_at"]) == (active[-1], "2027-01-14T23:00:00Z")
    assert event_types(sandbox)[-2:] == ["quota.exceeded", "subscription.updated"]


def test_an_account_beyond_the_quota_is_billed_until_there_is_room(
    api: httpx.Client, sandbox: SandboxServer, clock: Clock
) -> None:
    first, *_ = activated(api, 10)
    assert event_types(sandbox) == []
    [monthly] = activated(api, 1)
    made(order(api, overage_billing="daily"))
    [daily] = activated(api, 1)
    assert event_types(sandbox) == ["quota.exceeded", "subscription.updated", "quota.exceeded"]
    shown = made(api.get("/subscription"))
    assert (shown["quota"], shown["used"], shown["overage_price"]) == (10, 12, "10.32")
    listed = api.get("/subscription/overages").json()["items"]
    assert [(one["user_id"], one["billing"], one["ended_at"]) for one in listed] == [
        (monthly, "monthly", None),
        (daily, "daily", None),
    ]
    clock.advance(timedelta(days=9).total_seconds())
    assert made(api.get("/subscription"))["overage_price"] == "13.32"
    # the newest makes room, whoever leaves
    made(api.post(f"/users/{first}/suspend"))
    [ended] = api.get(f"/subscription/overages?user_id={daily}").json()["items"]
    assert ended["ended_at"] == "2026-11-16T19:00:00Z"
    clock.advance(timedelta(days=9).total_seconds())
    assert made(api.get("/subscription"))["overage_price"] == "13.32"
    made(order(api, packs=[{"size": 15, "count": 1}]))
    assert all(one["ended_at"] for one in api.get("/subscription/overages").json()["items"])
    made(api.post(f"/users/{first}/reinstate"))
    assert event_types(sandbox).count("quota.exceeded") == 2
    clock.advance(timedelta(days=9).total_seconds())
    assert made(api.get("/subscription"))["overage_price"] == "0.00"


def test_an_overage_ends_with_its_account(api: httpx.Client) -> None:
    activated(api, 10)
    over, other = activated(api, 2)
    made(api.post(f"/users/{over}/close"))
    found = {one["user_id"]: one["ended_at"] for one in api.get("/subscription/overages").json()["items"]}
    assert (found[over], found[other]) == ("2026-11-07T19:00:00Z", None)


def incident(api: httpx.Client, start: str, minutes: float | None, **fields: object) -> Json:
    begin = datetime.fromisoformat(start)
    body: Json = {"kind": "outage", "started_at": begin.isoformat()} | fields
    if minutes is not None:
        body["ended_at"] = (begin + timedelta(minutes=minutes)).isoformat()
    return made(api.post("/availability-incidents", json=body))


def report(api: httpx.Client, **parameters: str) -> Json:
    return made(api.get("/availability/report", params=parameters))


def penalties(told: Json) -> dict[str, tuple[int, str]]:
    return {penalty["reading"]: (penalty["minutes"], penalty["amount"]) for penalty in told["penalties"]}


def month_apart(minutes: Sequence[str]) -> list[tuple[str, float]]:
    return [(f"2026-{month:02d}-03T00:00:00+00:00", float(length)) for month, length in enumerate(minutes, 2)]


@pytest.mark.parametrize("vector", VECTORS["sla3"])
def test_the_years_of_the_vectors(shared_api: httpx.Client, vector: Json) -> None:
    made_now = [incident(shared_api, *one) for one in month_apart(vector["outage_minutes"])]
    told = report(shared_api, yearly_fee=vector["fee12"])
    assert (told["breached"], told["cap"], told["yearly_fee"]) == (vector["breach"], vector["cap"], vector["fee12"])
    assert penalties(told) == {
        reading: (int(vector[f"M_{reading}"]), vector[f"P_{reading}"]) for reading in ("crossing", "excess", "all")
    }
    assert abs(float(told["euros_per_1000_minutes"]) - 1000 * float(vector["R"])) < 1e-4
    for one in made_now:
        made(shared_api.post(f"/availability-incidents/{one['id']}/withdraw"))
    assert report(shared_api)["downtime_minutes"] == "0.0000"


def test_a_year_counts_each_moment_once_and_leaves_out_what_the_terms_do(api: httpx.Client, clock: Clock) -> None:
    # two outages over each other: 0:00 to 20:00
    incident(api, "2026-02-01T00:00:00+00:00", 900)
    incident(api, "2026-02-01T10:00:00+00:00", 600)
    # the Internet's fault within and beyond: 2 h of it alone
    incident(api, "2026-02-01T19:00:00+00:00", 180, kind="internet_fault")
    # maintenance announced in time, 20 h then 5 h: 1 h more than the year's 24 h
    incident(api, "2026-03-01T00:00:00+00:00", 1200, kind="planned_maintenance", announced_at="2026-02-19T00:00:00Z")
    incident(api, "2026-04-01T00:00:00+00:00", 300, kind="planned_maintenance", announced_at="2026-03-01T00:00:00Z")
    # a second less than 10 days' notice, and none at all
    incident(api, "2026-05-11T00:00:00+00:00", 60, kind="planned_maintenance", announced_at="2026-05-01T00:00:01Z")
    incident(api, "2026-06-01T00:00:00+00:00", 30, kind="planned_maintenance")
    # before the contract year, in part
    incident(api, "2026-01-14T22:00:00+00:00", 120)
    still = incident(api, "2026-11-07T18:30:00+00:00", None)
    told = report(api)
    assert (told["starts_on"], told["ends_before"], told["as_of"]) == (
        "2026-01-15",
        "2027-01-15",
        "2026-11-07T19:00:00Z",
    )
    assert (told["incidents"], told["open_incidents"]) == (9, 1)
    assert told["downtime_minutes"] == f"{1200 + 60 + 60 + 30 + 60 + 30}.0000"
    assert told["excluded_maintenance_minutes"] == "1440.0000"
    assert told["excluded_internet_minutes"] == "120.0000"
    assert (told["allowance_minutes"], told["availability_percent"], told["breached"]) == (
        "1576.8000",
        "99.7260",
        False,
    )
    clock.advance(3600 * 4)
    later = report(api)
    assert (later["downtime_minutes"], later["breached"]) == ("1680.0000", True)
    assert penalties(later) == {"crossing": (270, "2.22"), "excess": (103, "0.85"), "all": (1680, "13.81")}
    assert penalties(report(api, already_paid="215.00"))["all"] == (1680, "0.98")
    ended = made(api.post(f"/availability-incidents/{still['id']}/end", json={"ended_at": "2026-11-07T20:00:00Z"}))
    assert (ended["status"], report(api)["downtime_minutes"]) == ("ended", "1500.0000")


def test_the_fee_of_a_year_paid_at_once_is_eleven_months(api: httpx.Client) -> None:
    made(order(api, term="yearly"))
    told = report(api, on="2027-01-15")
    assert (told["yearly_fee"], told["cap"], told["starts_on"]) == ("1979.78", "197.98", "2027-01-15")


@pytest.mark.parametrize(
    "parameters",
    [
        {"on": "2026-01-14"},
        {"on": "9999-12-31"},
        {"on": "2026-02-30"},
        {"yearly_fee": "-1"},
        {"yearly_fee": "1e9"},
        {"yearly_fee": "12345678901.00"},
        {"already_paid": "1.001"},
        {"colour": "red"},
    ],
)
def test_a_report_of_what_is_no_year_is_refused(shared_api: httpx.Client, parameters: dict[str, str]) -> None:
    told = refused(shared_api.get("/availability/report", params=parameters), 400)
    assert [error["path"] for error in told["errors"]] == [f"query.{name}" for name in parameters]


OUTAGE = {"kind": "outage", "started_at": "2026-11-01T10:00:00Z"}
PLANNED = {"kind": "planned_maintenance", "started_at": "2026-12-01T10:00:00Z"}


@pytest.mark.parametrize(
    ("body", "path"),
    [
        (OUTAGE | {"kind": "bug"}, "$.kind"),
        (OUTAGE | {"started_at": "2026-11-01T10:00:00"}, "$.started_at"),
        (OUTAGE | {"started_at": "2026-11-07T19:05:01Z"}, "$.started_at"),
        (OUTAGE | {"started_at": "1999-12-31T23:59:59Z"}, "$.started_at"),
        (OUTAGE | {"started_at": "0001-01-01T00:00:00+14:00"}, "$.started_at"),
        (OUTAGE | {"ended_at": "2026-11-01T09:59:59Z"}, "$.ended_at"),
        (OUTAGE | {"ended_at": "2026-11-01T10:00:00Z"}, "$.ended_at"),
        (OUTAGE | {"ended_at": "2026-11-07T19:05:01Z"}, "$.ended_at"),
        (OUTAGE | {"announced_at": "2026-10-01T10:00:00Z"}, "$.announced_at"),
        (OUTAGE | {"notes": ""}, "$.notes"),
        (PLANNED | {"started_at": "2027-11-09T10:00:00Z"}, "$.started_at"),
        (PLANNED | {"ended_at": "9999-12-31T23:59:59-14:00"}, "$.ended_at"),
        (PLANNED | {"announced_at": "2026-11-07T19:05:01Z"}, "$.announced_at"),
        (PLANNED | {"started_at": "2026-11-01T10:00:00Z", "announced_at": "2026-11-01T10:00:01Z"}, "$.announced_at"),
        ({"kind": "outage"}, "$"),
        (OUTAGE | {"colour": "red"}, "$"),
    ],
)
def test_an_incident_at_fault_is_refused_where_it_is(shared_api: httpx.Client, body: Json, path: str) -> None:
    before = shared_api.get("/availability-incidents").json()
    at_fault(shared_api.post("/availability-incidents", json=body), path)
    assert shared_api.get("/availability-incidents").json() == before


def test_an_incident_is_open_ended_or_withdrawn(shared_api: httpx.Client) -> None:
    one = incident(shared_api, "2026-11-07T18:00:00+00:00", None, notes="Base de données")
    own = f"/availability-incidents/{one['id']}"
    refused(shared_api.patch(own, json={"notes": None}), 428)
    at_fault(shared_api.post(f"{own}/end", json={"ended_at": "2026-11-07T17:59:00Z"}), "$.ended_at")
    ended = made(shared_api.post(f"{own}/end"))
    assert (ended["status"], ended["ended_at"]) == ("ended", "2026-11-07T19:00:00Z")
    assert refused(shared_api.post(f"{own}/end"), 409)["allowed"] == ["withdraw"]
    at_fault(shared_api.patch(own, json={"started_at": "2026-11-07T19:00:00Z"}, headers=ANY), "$.ended_at")
    again = made(shared_api.patch(own, json={"ended_at": None}, headers=ANY))
    assert (again["status"], again["version"]) == ("open", 3)
    assert made(shared_api.post(f"{own}/withdraw"))["status"] == "withdrawn"
    for answer in (
        shared_api.post(f"{own}/withdraw"),
        shared_api.post(f"{own}/end"),
        shared_api.patch(own, json={"notes": "x"}, headers=ANY),
    ):
        told = refused(answer, 409)
        assert (told["allowed"], told["current"]["status"]) == ([], "withdrawn")
    listed = shared_api.get("/availability-incidents?status=withdrawn&kind=outage&sort=-updated_at&limit=1").json()
    assert listed["items"] == [shared_api.get(own).json()]


def test_subscription_and_availability_have_their_own_scope(shared_api: httpx.Client) -> None:
    for scopes, status in ((["billing:write"], 403), (["subscription:read"], 200)):
        token = create(shared_api, "/tokens", scopes=scopes)["secret"]
        headers = {"Authorization": f"Bearer {token}"}
        for path in ("/subscription", "/subscription/overages", "/availability/report", "/availability-incidents"):
            assert shared_api.get(path, headers=headers).status_code == status
        assert shared_api.post("/subscription/price", json={"licences": 1}, headers=headers).status_code == status
        refused(shared_api.patch("/subscription", json={}, headers=headers | ANY), 403)


def test_a_time_that_utc_has_not_is_refused_wherever_it_is_sent(shared_api: httpx.Client) -> None:
    shift = {"site_id": "sit_entrepot", "post": "Nuit", "starts_at": "0001-01-01T00:00:00+01:00"}
    at_fault(shared_api.post("/shifts", json=shift | {"ends_at": "2026-11-09T07:00:00Z"}), "$.starts_at")
    for name in ("updated_since", "starts_from"):
        told = refused(shared_api.get("/shifts", params={name: "9999-12-31T23:59:59-01:00"}), 400)
        assert [error["path"] for error in told["errors"]] == [f"query.{name}"]
