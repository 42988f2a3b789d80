"""Pre-payroll runs: from duties posted through the API to lines that are handed over."""

from __future__ import annotations

import csv
import io
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from people_bodies import at_fault, create, made, refused

if TYPE_CHECKING:
    import httpx
    from conftest import Clock

    from sekur_sdk.sandbox.server import SandboxServer

PARIS = ZoneInfo("Europe/Paris")
MONTH: dict[str, Any] = json.loads((Path(__file__).parents[1] / "rules" / "vectors.json").read_text())["month_example"]
NOT_VALIDATED = "duty_not_validated"


@pytest.fixture(scope="module")
def clock(shared_clock: Clock) -> Clock:
    shared_clock.at = datetime(2026, 12, 1, 7, 0, tzinfo=UTC)
    return shared_clock


@pytest.fixture(scope="module")
def api(shared_api: httpx.Client, clock: Clock) -> httpx.Client:
    """One sandbox for the module: each test has employees of its own."""
    del clock
    return shared_api


def agent(api: httpx.Client, *, weekly_hours: str | None = "35", **changes: object) -> str:
    """An agent hired in 2021 at coefficient 140, under a contract unless without `weekly_hours`."""
    fields = {"status": "active", "hired_on": "2021-06-15", "coefficient": 140} | changes
    employee = create(api, "/employees", **fields)
    if weekly_hours is not None:
        body = {
            "employee_id": employee["id"],
            "kind": "cdi",
            "reason": None,
            "ends_on": None,
            "starts_on": fields["hired_on"],
            "coefficient": fields["coefficient"],
            "weekly_hours": weekly_hours,
        }
        contract = create(api, "/employment-contracts", **body)
        made(api.post(f"/employment-contracts/{contract['id']}/sign", json={"signed_on": fields["hired_on"]}))
    return str(employee["id"])


def local(text: str) -> str:
    return datetime.fromisoformat(text).replace(tzinfo=PARIS).isoformat()


def work(
    api: httpx.Client, employee_id: str, start: str, end: str | None, *breaks: tuple[str, str], **fields: object
) -> str:
    """A duty, closed unless without an end; its id."""
    body = {"employee_id": employee_id, "site_id": "sit_entrepot", "started_at": local(start)} | fields
    duty: str = made(api.post("/duties", json=body))["id"]
    for begin, stop in breaks:
        made(api.post(f"/duties/{duty}/break-start", json={"at": local(begin)}))
        made(api.post(f"/duties/{duty}/break-end", json={"at": local(stop)}))
    if end is not None:
        made(api.post(f"/duties/{duty}/end", json={"at": local(end)}))
    return duty


def a_shift(
    api: httpx.Client, sandbox: SandboxServer, employee_id: str, start: str, end: str, **post: object
) -> dict[str, str]:
    """The shift of a duty at a post of its own, published without what planning wants of it."""
    name = create(api, "/posts", site_id="sit_entrepot", **post)["name"]
    body = {"site_id": "sit_entrepot", "employee_id": employee_id, "post": name}
    shift = made(api.post("/shifts", json=body | {"starts_at": local(start), "ends_at": local(end)}))["id"]
    in_store(sandbox, "UPDATE shift SET status = 'published' WHERE id = ?", shift)
    return {"shift_id": shift}


def in_store(sandbox: SandboxServer, change: str, *values: str) -> None:
    sandbox.store.write(lambda tx: tx.connection.exec_driver_sql(change, values))


def run_of(api: httpx.Client, *employee_ids: str, period: str = "2026-11", compute: bool = True) -> dict[str, Any]:
    body = {"period": period, "employee_ids": list(employee_ids)} if employee_ids else {"period": period}
    run = made(api.post("/payroll-runs", json=body))
    return act(api, run, "compute") if compute else run


def act(api: httpx.Client, run: dict[str, Any], action: str, **body: object) -> dict[str, Any]:
    return made(api.post(f"/payroll-runs/{run['id']}/{action}", json=body))


def lines_of(api: httpx.Client, run: dict[str, Any], employee_id: str) -> dict[str, tuple[str, str | None]]:
    answer = api.get(f"/payroll-runs/{run['id']}/lines?employee_id={employee_id}").json()["items"]
    return {line["code"]: (line["quantity"], line.get("amount")) for line in answer}


def problems_of(api: httpx.Client, run: dict[str, Any]) -> list[tuple[str, str | None]]:
    answer = api.get(f"/payroll-runs/{run['id']}/problems").json()["items"]
    return [(problem["code"], problem["duty_id"]) for problem in answer]


def test_the_reference_month_comes_out_of_its_duties(api: httpx.Client) -> None:
    employee = agent(api)
    for start, end in MONTH["roster"]:
        work(api, employee, start, end)
    run = run_of(api, employee)
    found = api.get(f"/payroll-runs/{run['id']}/lines").json()["items"]
    assert {line["code"]: (float(line["quantity"]), line["amount"]) for line in found} == {
        line["code"]: (float(line["qty"]), line.get("amount")) for line in MONTH["lines"]
    }
    assert len(found) == len(MONTH["lines"])
    [hours] = api.get(f"/payroll-runs/{run['id']}/hours").json()["items"]
    weeks = {f"{date.fromisoformat(week['starts_on']):%G-W%V}": float(week["hours"]) for week in hours["weeks"]}
    assert (hours["employee_id"], float(hours["worked"])) == (employee, float(MONTH["worked_h"]))
    assert weeks == MONTH["weeks"]
    assert {line["employee_id"] for line in found} == {employee}
    rates = {line["code"]: (line["unit"], line["rate"]) for line in found}
    assert rates["BASE"] == ("hour", "12.9609")
    assert rates["HS25"] == ("hour", "16.2011")
    assert rates["PANIER"] == ("count", "4.4800")
    assert rates["NIGHT_REST_1PCT_HOURS"] == ("hour", None)
    assert rates["DRESSING"] == ("month", "19.8200")
    assert (run["status"], run["employees"], run["problems"]) == ("computed", 1, len(MONTH["roster"]))
    assert "+" in run["rules_version"]


def test_a_duty_that_nobody_validated_counts_and_an_open_one_does_not(api: httpx.Client) -> None:
    employee = agent(api)
    closed = work(api, employee, "2026-11-09T07:00", "2026-11-09T19:00")
    still_open = work(api, employee, "2026-11-30T19:00", None)
    run = run_of(api, employee)
    assert problems_of(api, run) == [(NOT_VALIDATED, closed), ("duty_open", still_open)]
    assert lines_of(api, run, employee)["PANIER"] == ("1.0000", "4.48")
    at_fault(api.post(f"/payroll-runs/{run['id']}/check"), "$.accept_problems")
    checked = act(api, run, "check", accept_problems=True)
    assert (checked["status"], checked["checked_by"]) == ("checked", "Poste central")


def test_a_break_is_paid_where_the_post_says_so(api: httpx.Client, shared_sandbox: SandboxServer) -> None:
    night = ("2026-11-10T20:00", "2026-11-11T08:00")
    nights = {}
    for paid in (True, False):
        employee = agent(api)
        shift = a_shift(api, shared_sandbox, employee, *night, is_break_paid=paid)
        work(api, employee, *night, ("2026-11-11T01:30", "2026-11-11T02:00"), **shift)
        nights[paid] = lines_of(api, run_of(api, employee), employee)
    assert (nights[True]["NIGHT10"][0], nights[True]["HOL100"][0]) == ("9.0000", "8.0000")
    assert (nights[False]["NIGHT10"][0], nights[False]["HOL100"][0]) == ("8.5000", "7.5000")
    # 5.5 hours before the break, 6 after it
    assert (nights[True]["PANIER"][0], nights[False]["PANIER"][0]) == ("1.0000", "1.0000")


def test_the_overtime_of_a_week_over_two_months_is_of_the_one_in_which_it_ends(api: httpx.Client) -> None:
    employee = agent(api)
    for day in (26, 28, 30):
        work(api, employee, f"2026-10-{day}T07:00", f"2026-10-{day}T19:00")
    work(api, employee, "2026-11-01T07:00", "2026-11-01T12:00")
    october, november = (lines_of(api, run_of(api, employee, period=p), employee) for p in ("2026-10", "2026-11"))
    assert "HS25" not in october
    assert (october["PANIER"][0], november["HS25"][0], november["SUN10"][0]) == ("3.0000", "6.0000", "5.0000")


def test_posts_of_dogs_and_of_airports_are_paid_by_their_own_rules(
    api: httpx.Client, shared_sandbox: SandboxServer
) -> None:
    day = ("2026-11-08T07:00", "2026-11-08T19:00")
    found = {}
    for activity in ("dog_handling", "airport_security"):
        employee = agent(api)
        work(api, employee, *day, **a_shift(api, shared_sandbox, employee, *day, activity=activity))
        found[activity] = lines_of(api, run_of(api, employee), employee)
    assert found["dog_handling"]["DOG"] == ("12.0000", "16.92")
    assert found["airport_security"]["SUN50"] == ("12.0000", "77.77")
    assert found["airport_security"]["PANIER"] == ("1.0000", "6.87")
    both = agent(api)
    work(api, both, *day, **a_shift(api, shared_sandbox, both, *day, activity="airport_security"))
    work(api, both, "2026-11-10T07:00", "2026-11-10T19:00")
    run = run_of(api, both)
    assert problems_of(api, run)[-1] == ("mixed_regime", None)
    assert "SUN10" in lines_of(api, run, both)


def test_a_part_timer_has_the_hours_of_the_contract(api: httpx.Client) -> None:
    employee = agent(api, weekly_hours="24")
    for day in (9, 10, 12):
        work(api, employee, f"2026-11-{day:02d}T08:00", f"2026-11-{day:02d}T18:00")
    lines = lines_of(api, run_of(api, employee), employee)
    assert (lines["BASE"][0], lines["HC10"][0], lines["HC25"][0]) == ("104.0000", "2.4000", "3.6000")
    assert lines["DRESSING"] == ("1.0000", "13.63")


def test_what_the_rules_can_not_know_is_told(api: httpx.Client) -> None:
    without_contract = agent(api, weekly_hours=None)
    no_coefficient = agent(api, weekly_hours=None, coefficient=None)
    unknown = agent(api, coefficient=141)
    both = agent(api, coefficient=150)
    hired = agent(api, hired_on="2026-11-16")
    people = (without_contract, no_coefficient, unknown, both, hired)
    run = run_of(api, *people)
    items = api.get(f"/payroll-runs/{run['id']}/problems").json()["items"]
    assert {(people.index(problem["employee_id"]), problem["code"]) for problem in items} == {
        (0, "no_contract"),
        (1, "no_contract"),
        (1, "no_coefficient"),
        (2, "no_minimum"),
        (3, "category_ambiguous"),
        (4, "part_month"),
    }
    assert lines_of(api, run, no_coefficient) == lines_of(api, run, unknown) == {}
    assert lines_of(api, run, without_contract)["BASE"][1] == "1965.78"
    some = api.get(f"/payroll-runs/{run['id']}/problems?code=part_month").json()["items"]
    assert [problem["employee_id"] for problem in some] == [hired]


def test_a_run_of_all_has_those_who_were_employed_in_the_month(api: httpx.Client) -> None:
    gone, came, draft = (
        agent(api, hired_on="2026-01-05", weekly_hours=None),
        agent(api, hired_on="2026-03-31"),
        create(api, "/employees")["id"],
    )
    made(api.post(f"/employees/{gone}/leave", json={"left_on": "2026-02-28"}))
    run = run_of(api, period="2026-03")
    items = api.get(f"/payroll-runs/{run['id']}/lines?limit=200&code=BASE").json()["items"]
    told = [line["employee_id"] for line in items]
    assert came in told
    assert not {gone, draft} & set(told)


def test_a_month_that_is_not_over_is_told(api: httpx.Client) -> None:
    run = run_of(api, agent(api), period="2026-12")
    assert problems_of(api, run) == [("month_not_over", None)]
    at_fault(api.post("/payroll-runs", json={"period": "2027-01"}), "$.period")


def test_duties_that_overlap_are_counted_once_and_told(api: httpx.Client, shared_sandbox: SandboxServer) -> None:
    employee = agent(api)
    first = work(api, employee, "2026-11-09T08:00", "2026-11-09T16:00")
    second = work(api, employee, "2026-11-09T16:00", "2026-11-09T20:00")
    # as two wearables may tell
    in_store(shared_sandbox, "UPDATE duty SET started_at = ? WHERE id = ?", "2026-11-09 13:00:00.000000", second)
    run = run_of(api, employee)
    assert problems_of(api, run) == [(NOT_VALIDATED, first), (NOT_VALIDATED, second), ("duties_overlap", second)]
    [hours] = api.get(f"/payroll-runs/{run['id']}/hours?employee_id={employee}").json()["items"]
    assert hours["worked"] == "12.0000"


def test_a_duty_that_changed_since_has_to_be_computed_anew(api: httpx.Client, clock: Clock) -> None:
    employee = agent(api)
    duty = work(api, employee, "2026-11-09T08:00", None)
    run = act(api, run_of(api, employee), "check", accept_problems=True)
    clock.advance(60)
    made(api.post(f"/duties/{duty}/end", json={"at": local("2026-11-09T20:00")}))
    assert refused(api.post(f"/payroll-runs/{run['id']}/lock"), 409)["allowed"] == ["compute", "cancel"]
    computed = act(api, run, "compute")
    assert (computed["status"], computed["checked_by"]) == ("computed", None)
    assert lines_of(api, run, employee)["PANIER"][0] == "1.0000"
    act(api, run, "check", accept_problems=True)
    [contract] = api.get(f"/employment-contracts?employee_id={employee}").json()["items"]
    clock.advance(60)
    made(api.post(f"/employment-contracts/{contract['id']}/end", json={"reason": "Démission"}))
    refused(api.post(f"/payroll-runs/{run['id']}/lock"), 409)
    act(api, run, "compute")
    act(api, run, "check", accept_problems=True)
    assert act(api, run, "lock")["status"] == "locked"


def test_a_month_has_one_run_for_an_employee_until_it_is_cancelled(api: httpx.Client) -> None:
    one, other = agent(api), agent(api)
    first = run_of(api, one, compute=False)
    run_of(api, other, compute=False)
    run_of(api, one, period="2026-10", compute=False)
    told = refused(api.post("/payroll-runs", json={"period": "2026-11", "employee_ids": [other, one]}), 409)
    assert (told["current"], told["allowed"]) == (first, ["compute", "cancel"])
    refused(api.post("/payroll-runs", json={"period": "2026-11"}), 409)
    assert act(api, first, "cancel", reason="Mauvais salarié")["cancel_reason"] == "Mauvais salarié"
    assert run_of(api, one)["status"] == "computed"


def test_of_many_who_open_a_month_at_once_one_does(api: httpx.Client) -> None:
    body = {"period": "2026-11", "employee_ids": [agent(api)]}
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: api.post("/payroll-runs", json=body).status_code, range(16)))
    assert sorted(answers) == [201] + [409] * 15


TO: dict[str, list[str]] = {
    "open": [],
    "computed": ["compute"],
    "checked": ["compute", "check"],
    "locked": ["compute", "check", "lock"],
    "exported": ["compute", "check", "lock", "export"],
    "cancelled": ["cancel"],
}
ALLOWED: dict[str, list[str]] = {
    "open": ["compute", "cancel"],
    "computed": ["compute", "check", "cancel"],
    "checked": ["compute", "lock", "cancel"],
    "locked": ["export", "cancel"],
    "exported": ["cancel"],
    "cancelled": [],
}
SENT: dict[str, dict[str, object]] = {"check": {"accept_problems": True}, "cancel": {"reason": "Erreur"}}


@pytest.mark.parametrize("status", TO)
def test_each_state_of_a_run_allows_its_own_actions_alone(api: httpx.Client, status: str) -> None:
    for action in ("compute", "check", "lock", "export", "cancel"):
        run = run_of(api, agent(api), compute=False)
        for before in TO[status]:
            run = act(api, run, before, **SENT.get(before, {}))
        assert run["status"] == status
        answer = api.post(f"/payroll-runs/{run['id']}/{action}", json=SENT.get(action, {}))
        if action in ALLOWED[status]:
            assert made(answer)["version"] == run["version"] + 1
        else:
            told = refused(answer, 409)
            assert (told["allowed"], told["current"]) == (ALLOWED[status], run)
        now = made(api.get(f"/payroll-runs/{run['id']}"))
        exported = api.get(f"/payroll-runs/{run['id']}/export")
        assert exported.status_code == (200 if now["status"] in ("locked", "exported") else 409)


def test_an_export_has_the_organisations_codes_and_no_formula(api: httpx.Client) -> None:
    employee = agent(api, staff_number="M/0042")
    for start, end in MONTH["roster"]:
        work(api, employee, start, end)
    codes = {"BASE": None, "HS25": "1210", "SENIORITY_2PCT": "PRIME ANC"}
    refused(api.patch("/payroll-settings", json={"codes": codes}), 428)
    settings = made(api.patch("/payroll-settings", json={"codes": codes}, headers={"If-Match": '"1"'}))
    assert (settings["codes"], settings["version"]) == (codes, 2)
    run = run_of(api, employee)
    act(api, run, "check", accept_problems=True)
    act(api, run, "lock")
    answer = api.get(f"/payroll-runs/{run['id']}/export?format=csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="prepaie-2026-11.csv"'
    rows = list(csv.reader(io.StringIO(answer.text, newline=""), delimiter=";"))
    assert rows[:4] == [
        ["matricule", "code", "valeur", "date_debut", "date_fin"],
        ["M/0042", "PRIME ANC", "1.00", "2026-11-01", "2026-11-30"],
        ["M/0042", "1210", "11.00", "2026-11-01", "2026-11-30"],
        ["M/0042", "HS50", "5.00", "2026-11-01", "2026-11-30"],
    ]
    assert len(rows) == len(MONTH["lines"])
    comma = api.get(f"/payroll-runs/{run['id']}/export?decimal=comma").text
    assert "M/0042;1210;11,00;" in comma
    refused(api.get(f"/payroll-runs/{run['id']}/export?format=xlsx"), 400)
    made(api.patch("/payroll-settings", json={"codes": {}}, headers={"If-Match": '"2"'}))
    assert "M/0042;BASE;151.67;2026-11-01;2026-11-30\r\n" in api.get(f"/payroll-runs/{run['id']}/export").text


def test_a_staff_number_from_an_older_store_is_no_formula_either(
    api: httpx.Client, shared_sandbox: SandboxServer
) -> None:
    employee = agent(api)
    in_store(shared_sandbox, "UPDATE employee SET staff_number = ? WHERE id = ?", '=1+1;"x"', employee)
    run = run_of(api, employee)
    act(api, run, "check")
    act(api, run, "lock")
    text = api.get(f"/payroll-runs/{run['id']}/export").text
    assert '\r\n"\'=1+1;""x""";BASE;151.67;' in text


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({"period": "2026-13"}, "$.period"),
        ({"period": "2026-11-01"}, "$.period"),
        ({"period": "1999-12"}, "$.period"),
        ({"period": 202611}, "$.period"),
        ({"period": "2026-11", "employee_ids": []}, "$.employee_ids"),
        ({"period": "2026-11", "employee_ids": ["emp_demo", "emp_nobody"]}, "$.employee_ids[1]"),
        ({"period": "2026-11", "employee_ids": ["a b"]}, "$.employee_ids[0]"),
        ({"period": "2026-11", "colour": "red"}, "$"),
        ({}, "$"),
    ],
)
def test_a_run_at_fault_is_refused_where_it_is(api: httpx.Client, body: dict[str, object], path: str) -> None:
    before = api.get("/payroll-runs?period=2026-11&sort=-created_at").json()["items"]
    [error] = refused(api.post("/payroll-runs", json=body), 422)["errors"]
    assert error["path"].startswith(path)
    assert api.get("/payroll-runs?period=2026-11&sort=-created_at").json()["items"] == before


@pytest.mark.parametrize(
    "codes",
    [{"BASE": "=1+1"}, {"BASE": "+33"}, {"BASE": ""}, {"BASE": "a;b"}, {"BASE": 5}, {"base": "1"}, {"": "1"}, []],
)
def test_a_code_that_a_spreadsheet_would_run_is_refused(api: httpx.Client, codes: object) -> None:
    answer = api.patch("/payroll-settings", json={"codes": codes}, headers={"If-Match": "*"})
    [error] = refused(answer, 422)["errors"]
    assert error["path"].startswith("$.codes")
    assert codes != made(api.get("/payroll-settings"))["codes"]


def test_pay_has_a_scope_of_its_own(api: httpx.Client) -> None:
    weak = create(api, "/tokens", scopes=["billing:write", "employees:write"])["secret"]
    headers = {"Authorization": f"Bearer {weak}"}
    for path in ("/payroll-runs", "/payroll-settings", "/payroll-runs/prn_x/lines", "/payroll-runs/pay_x/export"):
        refused(api.get(path, headers=headers), 403)
    refused(api.post("/payroll-runs", json={"period": "2026-11"}, headers=headers), 403)
    for part in ("", "/lines", "/hours", "/problems", "/export"):
        refused(api.get(f"/payroll-runs/prn_nobody{part}"), 404)


def test_a_run_is_told_as_an_event(api: httpx.Client, shared_sandbox: SandboxServer) -> None:
    run_of(api, agent(api))
    with shared_sandbox.store.read() as connection:
        told = connection.exec_driver_sql("SELECT type FROM event ORDER BY id DESC LIMIT 2").scalars().all()
    assert told == ["payroll_run.updated", "payroll_run.created"]


def test_a_duty_of_a_locked_month_is_corrected_and_validated_no_more(api: httpx.Client) -> None:
    employee = agent(api)
    duty = work(api, employee, "2026-11-30T19:00", "2026-12-01T07:00")
    run = run_of(api, employee)
    act(api, run, "check", accept_problems=True)
    act(api, run, "lock")
    fix = {"ended_at": local("2026-12-01T06:00"), "reason": "x"}
    refused(api.post(f"/duties/{duty}/correct", json=fix), 409)
    refused(api.post(f"/duties/{duty}/validate"), 409)
    act(api, run, "cancel", reason="x")
    made(api.post(f"/duties/{duty}/correct", json=fix))
    made(api.post(f"/duties/{duty}/validate"))
    assert problems_of(api, run_of(api, employee)) == []


@pytest.mark.parametrize(
    ("place", "day", "indemnified"),
    [
        ({"address": "12 place Kléber, 67000 Strasbourg"}, "2026-04-03", True),  # Good Friday in Alsace
        ({"address": "3 rue Stanislas, 54000 Nancy"}, "2026-04-03", False),
        ({"address": "97200 Fort-de-France", "time_zone": "America/Martinique"}, "2026-11-02", True),
    ],
)
def test_a_holiday_of_the_region_is_paid_where_the_site_is(
    api: httpx.Client, place: dict[str, str], day: str, *, indemnified: bool
) -> None:
    employee = agent(api)
    site = create(api, "/sites", **place)["id"]
    zone = ZoneInfo(place.get("time_zone", "Europe/Paris"))
    start = datetime.fromisoformat(f"{day}T08:00").replace(tzinfo=zone)
    duty = work(api, employee, day, None, site_id=site, started_at=start.isoformat())
    made(api.post(f"/duties/{duty}/end", json={"at": (start + timedelta(hours=8)).isoformat()}))
    run = run_of(api, employee, period=day[:7])
    assert ("HOL100" in lines_of(api, run, employee)) is indemnified


def test_who_works_where_holidays_differ_is_told_and_has_those_of_all_of_france(api: httpx.Client) -> None:
    employee = agent(api)
    site = create(api, "/sites", address="12 place Kléber, 67000 Strasbourg")["id"]
    work(api, employee, "2026-04-03T08:00", "2026-04-03T16:00", site_id=site)
    work(api, employee, "2026-04-07T08:00", "2026-04-07T16:00")
    run = run_of(api, employee, period="2026-04")
    assert ("mixed_holidays", None) in problems_of(api, run)
    assert "HOL100" not in lines_of(api, run, employee)
