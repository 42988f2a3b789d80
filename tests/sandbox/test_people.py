"""Employees and their papers: what each rule refuses, what the register keeps, what the watch tells."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
from people_bodies import BODIES, at_fault, card_number, create, made, refused

from sekur_sdk.sandbox.store import people_tables
from sekur_sdk.sandbox.watch import look

if TYPE_CHECKING:
    import httpx
    from conftest import Clock

    from sekur_sdk.sandbox.server import SandboxServer


def register(api: httpx.Client, employee: dict[str, Any]) -> list[dict[str, Any]]:
    lines: list[dict[str, Any]] = made(api.get(f"/personnel-register?employee_id={employee['id']}"))["items"]
    return lines


def told(sandbox: SandboxServer, after: int, kind: str) -> list[str]:
    events, _ = sandbox.feed.read(after, frozenset())
    return [type_ for _, type_, _ in events if type_.startswith(kind)]


# the register


def test_the_register_has_the_people_in_the_order_of_their_hiring(api: httpx.Client) -> None:
    lines = made(api.get("/personnel-register"))["items"]
    assert [line["seq"] for line in lines] == list(range(1, len(lines) + 1))
    assert [line["number"] for line in lines] == [line["seq"] for line in lines]
    assert [line["hired_on"] for line in lines] == sorted(line["hired_on"] for line in lines)


def test_a_draft_is_not_in_the_register_until_it_is_activated(api: httpx.Client) -> None:
    employee = create(api, "/employees", hired_on="2026-10-05")
    assert register(api, employee) == []
    made(api.post(f"/employees/{employee['id']}/activate"))
    [line] = register(api, employee)
    assert (line["change"], line["hired_on"], line["last_name"]) == ("hired", "2026-10-05", "Testard")


def test_a_correction_a_leaving_and_another_hiring_are_lines_of_their_own(api: httpx.Client) -> None:
    employee = create(api, "/employees", status="active", hired_on="2026-09-01")
    own = f"/employees/{employee['id']}"
    made(api.patch(own, json={"last_name": "Testart"}, headers={"If-Match": '"1"'}))
    made(api.post(f"{own}/leave", json={"left_on": "2026-10-31"}))
    made(api.post(f"{own}/rehire", json={"hired_on": "2026-11-02"}))
    lines = register(api, employee)
    assert [line["change"] for line in lines] == ["hired", "corrected", "left", "hired"]
    assert [line["last_name"] for line in lines] == ["Testard", "Testart", "Testart", "Testart"]
    assert [line["left_on"] for line in lines] == [None, None, "2026-10-31", None]
    first, again = lines[0]["number"], lines[-1]["number"]
    assert [line["number"] for line in lines] == [first, first, first, again]
    assert again == first + 1


def test_a_change_that_the_register_does_not_tell_writes_no_line(api: httpx.Client) -> None:
    employee = create(api, "/employees", status="active")
    made(api.patch(f"/employees/{employee['id']}", json={"phone": "+33 1 99 00 00 00"}, headers={"If-Match": '"1"'}))
    assert len(register(api, employee)) == 1


@pytest.mark.parametrize("table", [people_tables.register_entry, people_tables.instruction_edition])
def test_the_database_itself_refuses_to_change_or_erase_what_is_written_once(
    api: httpx.Client, sandbox: SandboxServer, table: sa.Table
) -> None:
    for statement in (sa.update(table).values(id="x"), sa.delete(table)):
        with pytest.raises(sa.exc.IntegrityError, match="is written once"):
            sandbox.store.write(lambda tx, statement=statement: tx.connection.execute(statement))


# employees


def test_an_employee_hired_without_a_day_is_hired_today(api: httpx.Client) -> None:
    assert create(api, "/employees", status="active")["hired_on"] == "2026-11-07"


def test_who_starts_later_is_a_draft_until_then(api: httpx.Client) -> None:
    at_fault(api.post("/employees", json=_employee(hired_on="2026-11-08")), "$.hired_on")
    draft = create(api, "/employees", hired_on="2026-11-08")
    at_fault(api.post(f"/employees/{draft['id']}/activate"), "$.hired_on")


def test_two_employees_have_two_staff_numbers(api: httpx.Client) -> None:
    one, other = create(api, "/employees"), create(api, "/employees")
    at_fault(api.post("/employees", json=_employee(staff_number=one["staff_number"])), "$.staff_number")
    change = {"staff_number": one["staff_number"]}
    at_fault(api.patch(f"/employees/{other['id']}", json=change, headers={"If-Match": '"1"'}), "$.staff_number")


@pytest.mark.parametrize(("born_on", "status"), [("2010-11-07", 201), ("2010-11-08", 422)])
def test_nobody_is_hired_before_sixteen(api: httpx.Client, born_on: str, status: int) -> None:
    assert api.post("/employees", json=_employee(born_on=born_on)).status_code == status


def test_an_employee_with_a_cards_number_has_the_card(api: httpx.Client) -> None:
    number = card_number("2029-06-30")
    employee = create(api, "/employees", card_number=number)
    assert employee["card_expires_on"] == "2029-06-30"
    [card] = made(api.get(f"/cards?employee_id={employee['id']}"))["items"]
    assert (card["number"], card["status"], card["number_is_regular"]) == (number, "valid", True)
    body = _employee(card_number=card_number("2029-06-30"), card_expires_on="2029-07-01")
    at_fault(api.post("/employees", json=body), "$.card_expires_on")
    at_fault(api.post("/employees", json=_employee(card_number=number)), "$.card_number")


def test_one_leaves_neither_before_the_hiring_nor_in_the_future_nor_on_duty_nor_under_contract(
    api: httpx.Client,
) -> None:
    employee = create(api, "/employees", status="active", hired_on="2026-10-01")
    leave = f"/employees/{employee['id']}/leave"
    at_fault(api.post(leave, json={"left_on": "2026-09-30"}), "$.left_on")
    at_fault(api.post(leave, json={"left_on": "2026-11-08"}), "$.left_on")
    duty = made(api.post("/duties", json={"employee_id": employee["id"], "site_id": "sit_tour"}))
    refused(api.post(leave), 409)
    made(api.post(f"/duties/{duty['id']}/end"))
    contract = create(api, "/employment-contracts", employee_id=employee["id"])
    made(api.post(f"/employment-contracts/{contract['id']}/sign"))
    assert refused(api.post(leave), 409)["current"]["id"] == employee["id"]
    made(api.post(f"/employment-contracts/{contract['id']}/end", json={"reason": "Démission"}))
    assert made(api.post(leave))["left_on"] == "2026-11-07"


def test_one_is_hired_again_after_the_last_day(api: httpx.Client) -> None:
    employee = create(api, "/employees", status="active", hired_on="2026-10-01")
    made(api.post(f"/employees/{employee['id']}/leave", json={"left_on": "2026-11-06"}))
    at_fault(api.post(f"/employees/{employee['id']}/rehire", json={"hired_on": "2026-11-06"}), "$.hired_on")


def test_employees_are_told_as_events(api: httpx.Client, sandbox: SandboxServer) -> None:
    after = sandbox.feed.latest
    employee = create(api, "/employees", status="active", card_number=card_number("2029-06-30"))
    made(api.patch(f"/employees/{employee['id']}", json={"phone": None}, headers={"If-Match": '"1"'}))
    made(api.post(f"/employees/{employee['id']}/leave"))
    assert told(sandbox, after, "employee.") == [
        "employee.created",
        "employee.hired",
        "employee.updated",
        "employee.left",
    ]
    assert told(sandbox, after, "card.") == ["card.created"]


def _employee(**changes: object) -> dict[str, object]:
    return BODIES["/employees"]() | {"status": "active"} | changes


# cards

TODAY = date(2026, 11, 7)


@pytest.mark.parametrize(
    ("days", "status", "warned"),
    [
        (181, "valid", None),
        (180, "expiring", 180),
        (91, "expiring", 180),
        (90, "expiring", 90),
        (31, "expiring", 90),
        (30, "expiring", 30),
        (0, "expiring", 30),
        (-1, "expired", None),
    ],
)
def test_a_card_is_judged_by_its_days_left(
    shared_api: httpx.Client, days: int, status: str, warned: int | None
) -> None:
    number = card_number((TODAY + timedelta(days)).isoformat())
    card = create(shared_api, "/cards", number=number)
    now = made(shared_api.get(f"/cards/{card['id']}"))
    assert (now["status"], now["warned_days"]) == (status, warned)
    assert now == card


def test_each_warning_is_told_once_and_then_that_the_card_has_expired(
    api: httpx.Client, sandbox: SandboxServer, clock: Clock
) -> None:
    card = create(api, "/cards", number=card_number((TODAY + timedelta(181)).isoformat()))
    after, seen = sandbox.feed.latest, []
    for _ in range(183):
        clock.advance(24 * 3600)
        sandbox.store.write(look)
        sandbox.store.write(look)
        now = made(api.get(f"/cards/{card['id']}"))
        if not seen or seen[-1] != (now["status"], now["warned_days"]):
            seen.append((now["status"], now["warned_days"]))
    assert seen == [("expiring", 180), ("expiring", 90), ("expiring", 30), ("expired", 30)]
    events, _ = sandbox.feed.read(after, frozenset({"card.expiring", "card.expired"}))
    assert [type_ for _, type_, data in events if card["id"] in data] == ["card.expiring"] * 3 + ["card.expired"]


def test_warnings_that_were_missed_while_the_server_was_down_are_one(
    api: httpx.Client, sandbox: SandboxServer, clock: Clock
) -> None:
    card = create(api, "/cards", number=card_number((TODAY + timedelta(200)).isoformat()))
    after = sandbox.feed.latest
    clock.advance(180 * 24 * 3600)
    sandbox.store.write(look)
    events, _ = sandbox.feed.read(after, frozenset({"card.expiring"}))
    assert len([data for _, _, data in events if card["id"] in data]) == 1
    assert made(api.get(f"/cards/{card['id']}"))["warned_days"] == 30


def test_a_withdrawn_card_is_warned_of_no_more(api: httpx.Client, sandbox: SandboxServer, clock: Clock) -> None:
    card = create(api, "/cards", number=card_number((TODAY + timedelta(181)).isoformat()))
    made(api.post(f"/cards/{card['id']}/withdraw"))
    clock.advance(24 * 3600 * 10)
    sandbox.store.write(look)
    assert made(api.get(f"/cards/{card['id']}"))["status"] == "withdrawn"


@pytest.mark.parametrize(
    "number",
    [
        "CAR-075-2029-02-30-20240000001",
        "CAR-75-2029-01-31-20240000001",
        "20240000001",
        "AUT-075-2124-07-01-20250900001",
    ],
)
def test_a_cards_number_has_the_form_of_the_cnaps(shared_api: httpx.Client, number: str) -> None:
    at_fault(shared_api.post("/cards", json={"employee_id": "emp_demo", "number": number}), "$.number")


def test_an_irregular_number_is_taken_and_told(shared_api: httpx.Client) -> None:
    assert create(shared_api, "/cards", number="CAR-02A-2030-01-31-2024AB")["number_is_regular"] is False


def test_a_card_expires_when_its_number_says_and_has_its_number_alone(shared_api: httpx.Client) -> None:
    body = {"employee_id": "emp_demo", "number": card_number("2030-02-01")}
    at_fault(shared_api.post("/cards", json=body | {"expires_on": "2030-02-02"}), "$.expires_on")
    card = made(shared_api.post("/cards", json=body | {"expires_on": "2030-02-01"}))
    at_fault(shared_api.post("/cards", json=body), "$.number")
    made(shared_api.post(f"/cards/{card['id']}/withdraw"))
    made(shared_api.post("/cards", json=body))


def test_a_dog_belongs_to_its_handlers_card(shared_api: httpx.Client) -> None:
    body = {"employee_id": "emp_demo", "number": card_number("2030-02-01"), "dog_icad": "250269800123456"}
    at_fault(shared_api.post("/cards", json=body), "$.dog_icad")
    card = made(shared_api.post("/cards", json=body | {"activities": ["guarding", "dog_handling"]}))
    change = {"activities": ["guarding"]}
    at_fault(shared_api.patch(f"/cards/{card['id']}", json=change, headers={"If-Match": "*"}), "$.dog_icad")


def test_a_check_keeps_who_asked_when_and_what_was_said(shared_api: httpx.Client) -> None:
    card = create(shared_api, "/cards")
    check = f"/cards/{card['id']}/check"
    at_fault(shared_api.post(check, json={"result": "valid", "checked_at": "2026-11-07T19:00:01Z"}), "$.checked_at")
    at_fault(shared_api.post(check, json={"result": "valid", "document_id": "doc_nobody"}), "$.document_id")
    checked = made(shared_api.post(check, json={"result": "invalid"}))
    assert (checked["check_result"], checked["checked_by"], checked["checked_at"]) == (
        "invalid",
        "Poste central",
        "2026-11-07T19:00:00Z",
    )


def test_an_employee_shows_the_card_that_is_valid_longest(api: httpx.Client) -> None:
    employee = create(api, "/employees", card_number=card_number("2028-01-31"))
    newer = create(api, "/cards", employee_id=employee["id"], number=card_number("2033-01-31"))
    create(api, "/cards", employee_id=employee["id"], number=card_number("2027-01-31"))
    assert made(api.get(f"/employees/{employee['id']}"))["card_number"] == newer["number"]
    made(api.post(f"/cards/{newer['id']}/withdraw"))
    assert made(api.get(f"/employees/{employee['id']}"))["card_expires_on"] == "2028-01-31"


def test_cards_are_found_by_their_end(shared_api: httpx.Client) -> None:
    items = made(shared_api.get("/cards?expires_before=2027-02-08"))["items"]
    assert "2027-02-08" not in {card["expires_on"] for card in items}
    assert "2027-02-08" in {
        card["expires_on"] for card in made(shared_api.get("/cards?expires_before=2027-02-09"))["items"]
    }


# qualifications


def test_a_qualification_expires_on_the_day_after_its_last(
    api: httpx.Client, sandbox: SandboxServer, clock: Clock
) -> None:
    held = create(api, "/qualifications", expires_on="2026-11-08")
    after = sandbox.feed.latest
    for status in ("valid", "expired"):
        clock.advance(24 * 3600)
        sandbox.store.write(look)
        assert made(api.get(f"/qualifications/{held['id']}"))["status"] == status
    assert told(sandbox, after, "qualification.") == ["qualification.expired"]
    renewed = api.patch(f"/qualifications/{held['id']}", json={"expires_on": "2028-11-08"}, headers={"If-Match": '"2"'})
    assert made(renewed)["status"] == "valid"


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"obtained_on": "2026-11-08"}, "$.obtained_on"),
        ({"obtained_on": "2026-01-02", "expires_on": "2026-01-01"}, "$.expires_on"),
        ({"kind": "other"}, "$.label"),
        ({"employee_id": "emp_nobody"}, "$.employee_id"),
        ({"document_id": "doc_nobody"}, "$.document_id"),
    ],
)
def test_a_qualification_keeps_its_rules(shared_api: httpx.Client, changes: dict[str, str], path: str) -> None:
    body = {"employee_id": "emp_demo", "kind": "sst", "obtained_on": "2026-01-01"} | changes
    at_fault(shared_api.post("/qualifications", json=body), path)


# contracts of employment

CDD = {
    "kind": "cdd",
    "reason": "Remplacement",
    "job_title": "ADS",
    "coefficient": 140,
    "weekly_hours": "35",
    "starts_on": "2026-11-09",
    "ends_on": "2026-12-31",
}


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"weekly_hours": "0"}, "$.weekly_hours"),
        ({"weekly_hours": "-1"}, "$.weekly_hours"),
        ({"weekly_hours": "48.0001"}, "$.weekly_hours"),
        ({"reason": None}, "$.reason"),
        ({"kind": "cdi"}, "$.ends_on"),
        ({"kind": "cdi", "ends_on": None}, "$.reason"),
        ({"kind": "apprentissage", "ends_on": None, "reason": None}, "$.ends_on"),
        ({"ends_on": "2026-11-08"}, "$.ends_on"),
        ({"trial_ends_on": "2026-11-08"}, "$.trial_ends_on"),
        ({"dpae_number": "D1"}, "$.dpae_number"),
        ({"dpae_filed_on": "2026-11-05"}, "$.dpae_number"),
        ({"dpae_number": "D1", "dpae_filed_on": "2026-10-31"}, "$.dpae_filed_on"),
        ({"dpae_number": "D1", "dpae_filed_on": "2026-11-10"}, "$.dpae_filed_on"),
        ({"employee_id": "emp_nobody"}, "$.employee_id"),
        ({"document_id": "doc_nobody"}, "$.document_id"),
    ],
)
def test_a_contract_keeps_its_rules(shared_api: httpx.Client, changes: dict[str, str | None], path: str) -> None:
    at_fault(shared_api.post("/employment-contracts", json=CDD | {"employee_id": "emp_demo"} | changes), path)


@pytest.mark.parametrize("filed", ["2026-11-01", "2026-11-09"])
def test_a_dpae_is_filed_within_the_eight_days_before_the_start(shared_api: httpx.Client, filed: str) -> None:
    body = CDD | {"employee_id": "emp_demo", "dpae_number": "D1", "dpae_filed_on": filed}
    made(shared_api.post("/employment-contracts", json=body))


def test_an_employee_is_under_one_signed_contract_at_a_time(shared_api: httpx.Client) -> None:
    first = create(shared_api, "/employment-contracts", starts_on="2026-01-01", ends_on="2026-06-30")
    for starts_on, ends_on, status in (
        ("2026-06-30", "2026-12-31", 409),
        ("2026-07-01", "2026-12-31", 200),
        ("2025-01-01", "2026-01-01", 409),
    ):
        if first["status"] == "draft":
            first = made(shared_api.post(f"/employment-contracts/{first['id']}/sign"))
        other = create(
            shared_api,
            "/employment-contracts",
            employee_id=first["employee_id"],
            starts_on=starts_on,
            ends_on=ends_on,
        )
        assert shared_api.post(f"/employment-contracts/{other['id']}/sign").status_code == status


def test_of_a_signed_contract_the_papers_alone_change(shared_api: httpx.Client) -> None:
    contract = create(shared_api, "/employment-contracts")
    own = f"/employment-contracts/{contract['id']}"
    made(shared_api.post(f"{own}/sign", json={"signed_on": "2026-11-07"}))
    assert refused(shared_api.patch(own, json={"coefficient": 150}, headers={"If-Match": "*"}), 409)["allowed"] == [
        "end"
    ]
    papers = {"dpae_number": "D1", "dpae_filed_on": contract["starts_on"]}
    made(shared_api.patch(own, json=papers, headers={"If-Match": "*"}))


def test_a_contract_is_signed_and_ended_when_it_is_and_not_before(shared_api: httpx.Client) -> None:
    contract = create(shared_api, "/employment-contracts", starts_on="2026-11-01", ends_on="2026-12-31")
    own = f"/employment-contracts/{contract['id']}"
    at_fault(shared_api.post(f"{own}/sign", json={"signed_on": "2026-11-08"}), "$.signed_on")
    made(shared_api.post(f"{own}/sign"))
    at_fault(shared_api.post(f"{own}/end", json={"reason": "x", "ended_on": "2026-10-31"}), "$.ended_on")
    at_fault(shared_api.post(f"{own}/end", json={"reason": "x", "ended_on": "2026-11-08"}), "$.ended_on")


def test_one_who_has_left_gets_no_contract(api: httpx.Client) -> None:
    employee = create(api, "/employees", status="active")
    made(api.post(f"/employees/{employee['id']}/leave"))
    at_fault(api.post("/employment-contracts", json=CDD | {"employee_id": employee["id"]}), "$.employee_id")
