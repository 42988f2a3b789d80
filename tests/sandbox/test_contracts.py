"""Contracts with clients: the hours and the flat prices that are billed of them, each once; and what is refused."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
from billing_bodies import contract, events, invoice, line, post, price, quote
from people_bodies import at_fault, create, made, refused

from sekur_sdk.models.device import DutyAction
from sekur_sdk.models.duties import DutyMethod
from sekur_sdk.models.events import EventType
from sekur_sdk.sandbox.store import schema
from sekur_sdk.sandbox.trade.duties import Step, open_duty, take_step

if TYPE_CHECKING:
    import httpx

    from sekur_sdk.sandbox.server import SandboxServer
    from sekur_sdk.sandbox.store.writer import Transaction

Json = dict[str, Any]


def worked(sandbox: SandboxServer, site_id: str, *periods: tuple[str, ...], employee_id: str = "emp_demo") -> list[str]:
    """Duties at a site: start, end, and the breaks' starts and ends, in UTC; an end of "" is not there yet."""

    def write(tx: Transaction) -> list[str]:
        ids = []
        for start, end, *breaks in periods:
            duty = open_duty(
                tx,
                employee_id=employee_id,
                site_id=site_id,
                shift_id=None,
                device_id=None,
                device_ref=None,
                method=DutyMethod.API,
                started_at=datetime.fromisoformat(start),
            )
            for place, at in enumerate(breaks):
                action = DutyAction.BREAK_END if place % 2 else DutyAction.BREAK_START
                duty = take_step(tx, duty, Step(action, datetime.fromisoformat(at)))
            if end:
                duty = take_step(tx, duty, Step(DutyAction.END, datetime.fromisoformat(end)))
            ids.append(duty.id)
        return ids

    return sandbox.store.write(write)


def signed(api: httpx.Client, **changes: object) -> Json:
    draft = post(api, "/contracts", contract(api, **changes))
    return post(api, f"/contracts/{draft['id']}/sign")


ALL_KINDS = [price("day", "20"), price("night", "22"), price("sunday", "24"), price("holiday", "40")]
OCTOBER = {"period_start": "2026-10-01", "period_end": "2026-10-31"}


def hours(bill: Json) -> dict[str, str]:
    return {one["kind"]: one["quantity"] for one in bill["lines"]}


@pytest.mark.parametrize(
    ("start", "end", "prices", "expected"),
    [
        # Saturday 24 October, 19:00 to 07:00, the night the clocks go back: 13 hours, 8 of them on Sunday
        (
            "2026-10-24T17:00:00Z",
            "2026-10-25T06:00:00Z",
            ALL_KINDS,
            {"day": "2.0000", "night": "3.0000", "sunday": "8.0000"},
        ),
        ("2026-10-24T17:00:00Z", "2026-10-25T06:00:00Z", ALL_KINDS[:2], {"day": "3.0000", "night": "10.0000"}),
        ("2026-10-24T17:00:00Z", "2026-10-25T06:00:00Z", ALL_KINDS[:1], {"day": "13.0000"}),
        # Saturday 28 March, 19:00 to 07:00, the night they go forward: 11 hours, 6 of them on Sunday
        (
            "2026-03-28T18:00:00Z",
            "2026-03-29T05:00:00Z",
            ALL_KINDS,
            {"day": "2.0000", "night": "3.0000", "sunday": "6.0000"},
        ),
        # Thursday 30 April, 21:00 to 09:00: 1 May has 9 hours, but May is another month
        ("2026-04-30T19:00:00Z", "2026-05-01T07:00:00Z", ALL_KINDS, {"night": "3.0000"}),
        # All Saints, a Sunday, is billed once, as a holiday
        ("2026-11-01T06:00:00Z", "2026-11-01T18:00:00Z", ALL_KINDS, {"holiday": "12.0000"}),
        ("2026-11-02T06:00:00Z", "2026-11-02T06:20:00Z", ALL_KINDS, {"day": "0.3333"}),
    ],
)
def test_a_month_is_billed_from_the_hours_worked_each_at_one_price(
    api: httpx.Client,
    sandbox: SandboxServer,
    start: str,
    end: str,
    prices: list[Json],
    expected: dict[str, str],
) -> None:
    agreed = signed(api, prices=prices, starts_on="2026-01-01")
    worked(sandbox, agreed["site_id"], (start, end))
    first = datetime.fromisoformat(start).date().replace(day=1)
    last = min((first + timedelta(days=32)).replace(day=1) - timedelta(days=1), sandbox.store.now().date())
    body = {"period_start": f"{first}", "period_end": f"{last}"}
    bill = post(api, f"/contracts/{agreed['id']}/invoice", body)
    assert (hours(bill), bill["status"], bill["contract_id"]) == (expected, "draft", agreed["id"])
    assert (bill["period_start"], bill["site_id"], bill["client_id"]) == (
        f"{first}",
        agreed["site_id"],
        "clt_grand_large",
    )


def test_a_holiday_of_alsace_is_billed_as_one_at_a_site_there(api: httpx.Client, sandbox: SandboxServer) -> None:
    agreed = signed(api, prices=ALL_KINDS, starts_on="2026-01-01")
    site = api.get(f"/sites/{agreed['site_id']}").json()
    changed = api.patch(
        f"/sites/{site['id']}",
        json={"address": "12 place Kléber, 67000 Strasbourg"},
        headers={"if-match": f'"{site["version"]}"'},
    )
    assert changed.status_code == 200
    worked(sandbox, site["id"], ("2026-04-03T06:00:00Z", "2026-04-03T18:00:00Z"))  # Good Friday
    april = {"period_start": "2026-04-01", "period_end": "2026-04-30"}
    assert hours(post(api, f"/contracts/{agreed['id']}/invoice", april)) == {"holiday": "12.0000"}


def test_breaks_other_sites_and_other_months_are_not_billed_and_colleagues_are(
    api: httpx.Client, sandbox: SandboxServer
) -> None:
    agreed = signed(api, prices=[price("day", "20.5", vat_rate="0.2"), price("flat", "35", quantity="2")])
    site = agreed["site_id"]
    day = ("2026-10-12T06:00:00Z", "2026-10-12T16:00:00Z", "2026-10-12T10:00:00Z", "2026-10-12T10:30:00Z")
    worked(sandbox, site, day)
    worked(sandbox, site, day[:2], employee_id="emp_benali")
    worked(sandbox, "sit_tour", day)
    # from 22:00 to 02:00 of the company's clock, over the end of the month
    worked(
        sandbox,
        site,
        ("2026-10-31T21:00:00Z", "2026-11-01T01:00:00Z"),
        ("2026-09-30T20:00:00Z", "2026-09-30T23:00:00Z"),
    )
    after = sandbox.feed.latest
    bill = post(api, f"/contracts/{agreed['id']}/invoice", OCTOBER)
    # 9.5 and 10 hours, 2 of the last evening, 1 of the first night
    assert hours(bill) == {"day": "22.5000", "flat": "2.0000"}
    assert bill["totals"]["net"] == "531.25"
    assert events(sandbox, after) == [EventType.INVOICE_CREATED]


@pytest.mark.parametrize(("is_break_paid", "quantity"), [(True, "10.0000"), (False, "9.5000")])
def test_a_break_at_a_post_that_pays_it_is_billed_as_it_is_paid(
    api: httpx.Client, sandbox: SandboxServer, *, is_break_paid: bool, quantity: str
) -> None:
    agreed = signed(api, prices=[price("day", "20")])
    post_id = create(api, "/posts", site_id=agreed["site_id"], is_break_paid=is_break_paid)["id"]
    times = {"starts_at": "2026-10-12T06:00:00Z", "ends_at": "2026-10-12T16:00:00Z"}
    shift = post(api, "/shifts", {"site_id": agreed["site_id"], "post_id": post_id} | times)
    [duty] = worked(sandbox, agreed["site_id"], (*times.values(), "2026-10-12T10:00:00Z", "2026-10-12T10:30:00Z"))
    sandbox.store.write(
        lambda tx: tx.connection.execute(
            sa.update(schema.duty).where(schema.duty.c.id == duty).values(shift_id=shift["id"])
        )
    )
    assert hours(post(api, f"/contracts/{agreed['id']}/invoice", OCTOBER)) == {"day": quantity}


def test_a_period_is_not_billed_twice_until_its_invoice_is_void(api: httpx.Client, sandbox: SandboxServer) -> None:
    agreed = signed(api)
    worked(sandbox, agreed["site_id"], ("2026-10-12T06:00:00Z", "2026-10-12T16:00:00Z"))
    own = f"/contracts/{agreed['id']}/invoice"
    half = {"period_start": "2026-10-01", "period_end": "2026-10-15"}
    first = post(api, own, half)
    for period in (OCTOBER, {"period_start": "2026-10-15", "period_end": "2026-10-31"}, half):
        told = refused(api.post(own, json=period), 409)
        assert first["id"] in told["detail"]
        assert (told["allowed"], told["current"]["id"]) == (["invoice", "end"], agreed["id"])
    refused(api.post(own, json={"period_start": "2026-10-16", "period_end": "2026-10-31"}), 409)  # nothing was worked
    for end in ({"discard": {}}, {"issue": {}, "credit": {"reason": "Erreur"}}):
        for action, body in end.items():
            post(api, f"/invoices/{first['id']}/{action}", body)
        first = post(api, own, OCTOBER)
    number = post(api, f"/invoices/{first['id']}/issue")["number"]
    assert number in refused(api.post(own, json=OCTOBER), 409)["detail"]
    at_fault(
        api.patch(
            f"/invoices/{post(api, '/invoices', invoice())['id']}", json={"period_end": 5}, headers={"If-Match": "*"}
        ),
        "$.period_end",
    )


def test_the_period_of_a_contracts_draft_stands(api: httpx.Client) -> None:
    agreed = signed(api, prices=[price("flat", "100")])
    draft = post(api, f"/contracts/{agreed['id']}/invoice", OCTOBER)
    change = {"period_end": "2026-10-30"}
    at_fault(api.patch(f"/invoices/{draft['id']}", json=change, headers={"If-Match": "*"}), "$.period_start")
    made(api.patch(f"/invoices/{draft['id']}", json={"title": "Octobre"} | OCTOBER, headers={"If-Match": "*"}))


def test_flat_prices_are_billed_for_the_part_of_the_period_that_they_are_for(api: httpx.Client) -> None:
    agreed = signed(api, prices=[price("flat", "310")], starts_on="2026-10-22")
    bill = post(api, f"/contracts/{agreed['id']}/invoice", OCTOBER | {"period_start": "2026-10-22"})
    assert (hours(bill), bill["totals"]["net"]) == ({"flat": "0.3226"}, "100.01")
    quarterly = signed(api, prices=[price("flat", "300")], starts_on="2026-01-01", billing_period="quarter")
    body = {"period_start": "2026-07-01", "period_end": "2026-09-30"}
    assert post(api, f"/contracts/{quarterly['id']}/invoice", body)["totals"]["net"] == "300.00"


def test_hours_that_can_not_be_billed_are_told_and_nothing_is_written(
    api: httpx.Client, sandbox: SandboxServer
) -> None:
    agreed = signed(api, prices=[price("night", "20")])
    own = f"/contracts/{agreed['id']}/invoice"
    assert "Nothing was worked" in refused(api.post(own, json=OCTOBER), 409)["detail"]
    worked(sandbox, agreed["site_id"], ("2026-10-12T06:00:00Z", "2026-10-12T16:00:00Z"))
    assert "day hours" in refused(api.post(own, json=OCTOBER), 409)["detail"]
    [running] = worked(sandbox, agreed["site_id"], ("2026-10-13T06:00:00Z", ""))
    assert running in refused(api.post(own, json=OCTOBER), 409)["detail"]
    assert api.get(f"/invoices?contract_id={agreed['id']}").json()["items"] == []


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({"period_start": "2026-10-31", "period_end": "2026-10-01"}, "$.period_end"),
        ({"period_start": "2026-09-30", "period_end": "2026-10-15"}, "$.period_start"),
        ({"period_start": "2026-10-15", "period_end": "2026-11-01"}, "$.period_end"),
        ({"period_start": "2026-11-01", "period_end": "2026-11-08"}, "$.period_end"),
        ({"period_start": "2026-11-01", "period_end": "9999-12-31"}, "$.period_end"),
        ({"period_start": "0001-01-01", "period_end": "2026-10-01"}, "$.period_start"),
        ({"period_start": "2026-10-01"}, "$"),
        ({"period_start": "2026-10-01", "period_end": "2026-10-32"}, "$.period_end"),
    ],
)
def test_a_period_that_can_not_be_billed_is_refused_and_named(shared_api: httpx.Client, body: Json, path: str) -> None:
    agreed = signed(shared_api, prices=[price("flat", "100")], ends_on="2026-12-31")
    at_fault(shared_api.post(f"/contracts/{agreed['id']}/invoice", json=body), path)


def test_the_hours_of_a_site_are_billed_once_whatever_the_contracts(api: httpx.Client, sandbox: SandboxServer) -> None:
    agreed = signed(api)
    other, flat = (signed(api, site_id=agreed["site_id"], **more) for more in ({}, {"prices": [price("flat", "5")]}))
    worked(sandbox, agreed["site_id"], ("2026-10-12T06:00:00Z", "2026-10-12T16:00:00Z"))
    first = post(api, f"/contracts/{agreed['id']}/invoice", OCTOBER)
    assert first["id"] in refused(api.post(f"/contracts/{other['id']}/invoice", json=OCTOBER), 409)["detail"]
    assert hours(post(api, f"/contracts/{flat['id']}/invoice", OCTOBER)) == {"flat": "1.0000"}


@pytest.mark.parametrize(
    ("action", "body", "path"),
    [
        ("sign", {"signed_on": "2026-11-08"}, "$.signed_on"),
        ("end", {"reason": "x", "ends_on": "2026-09-30"}, "$.ends_on"),
        ("end", {"reason": "x", "ends_on": "2027-01-01"}, "$.ends_on"),
        ("end", {"reason": ""}, "$.reason"),
        ("end", {}, "$"),
    ],
)
def test_a_step_of_a_contract_that_breaks_a_rule_is_refused_and_named(
    shared_api: httpx.Client, action: str, body: Json, path: str
) -> None:
    draft = post(shared_api, "/contracts", contract(shared_api, ends_on="2026-12-31"))
    if action == "end":
        post(shared_api, f"/contracts/{draft['id']}/sign")
    at_fault(shared_api.post(f"/contracts/{draft['id']}/{action}", json=body), path)


def test_a_contract_does_not_end_before_days_that_are_billed_and_is_billed_after_its_end(api: httpx.Client) -> None:
    agreed = signed(api, prices=[price("flat", "100")])
    own = f"/contracts/{agreed['id']}"
    first = post(api, f"{own}/invoice", OCTOBER)
    assert first["id"] in refused(api.post(f"{own}/end", json={"reason": "x", "ends_on": "2026-10-30"}), 409)["detail"]
    post(api, f"{own}/end", {"reason": "Fin", "ends_on": "2026-11-05"})
    last = post(api, f"{own}/invoice", {"period_start": "2026-11-01", "period_end": "2026-11-05"})
    assert hours(last) == {"flat": "0.1667"}


def test_a_quote_becomes_a_contract_at_its_prices(api: httpx.Client) -> None:
    lines = [line(), line(kind="flat", quantity="2", unit_price="35")]
    asked = post(api, "/quotes", quote(lines=lines))
    for action in ("send", "accept"):
        post(api, f"/quotes/{asked['id']}/{action}")
    answer = api.post(f"/quotes/{asked['id']}/convert-to-contract", json={"starts_on": "2026-12-01"})
    agreed = made(answer)
    assert answer.headers["location"] == f"/api/v1/contracts/{agreed['id']}"
    told = [(one["kind"], one["unit_price"], one["quantity"]) for one in agreed["prices"]]
    assert told == [("night", "25.0000", None), ("flat", "35.0000", "2.0000")]
    assert (agreed["quote_id"], agreed["client_id"], agreed["site_id"]) == (
        asked["id"],
        "clt_grand_large",
        "sit_entrepot",
    )
    now = api.get(f"/quotes/{asked['id']}").json()
    assert (now["status"], now["contract_id"]) == ("converted", agreed["id"])


@pytest.mark.parametrize(
    ("changes", "status", "told"),
    [
        ({"client_id": None, "buyer": {"name": "A", "address": "B"}}, 422, "$.client_id"),
        ({"site_id": None}, 422, "$.site_id"),
        ({"lines": [line(), line(unit_price="30")]}, 409, "convert"),
        ({"lines": [line(discount_rate="0.1")]}, 409, "convert"),
    ],
)
def test_a_quote_that_says_too_little_or_too_much_becomes_no_contract(
    shared_api: httpx.Client, changes: Json, status: int, told: str
) -> None:
    asked = post(shared_api, "/quotes", quote(**changes))
    for action in ("send", "accept"):
        post(shared_api, f"/quotes/{asked['id']}/{action}")
    answer = refused(
        shared_api.post(f"/quotes/{asked['id']}/convert-to-contract", json={"starts_on": "2026-12-01"}), status
    )
    assert told in (answer["allowed"] if status == 409 else [answer["errors"][0]["path"]])
    assert shared_api.get(f"/quotes/{asked['id']}").json()["status"] == "accepted"
