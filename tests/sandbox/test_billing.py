"""What billing counts: lines and VAT, credit notes, payments, penalties; and what it refuses."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
from billing_bodies import contract, events, invoice, issued, line, pay, post, price, quote
from people_bodies import at_fault, create, made, refused

from sekur_sdk.models.events import EventType

if TYPE_CHECKING:
    import httpx
    from conftest import Clock

    from sekur_sdk.sandbox.server import SandboxServer

Json = dict[str, Any]
DAY = ["2026-02-29", "2026-13-01", "26-01-01", "2026-01-01T00:00:00Z", "", 20260101]
ID = ["", "a b", "a/b", "x" * 65, "é", 5]


def text(longest: int) -> tuple[list[Any], list[Any]]:
    return ["x", "é" * longest], ["", " ", "x" * (longest + 1), 5]


# documents


def test_a_documents_buyer_is_its_client_as_it_is_now_unless_told(shared_api: httpx.Client) -> None:
    client = create(shared_api, "/clients", legal_form="SAS", email="compta@essai.example")
    bill = post(shared_api, "/invoices", invoice(client_id=client["id"]))
    kept = {name: client[name] for name in ("name", "legal_form", "siren", "vat_number", "email")}
    assert bill["buyer"] == kept | {"address": client["billing_address"]}
    made(shared_api.patch(f"/clients/{client['id']}", json={"name": "Autre"}, headers={"If-Match": "*"}))
    own = f"/invoices/{bill['id']}"
    assert shared_api.get(own).json()["buyer"] == bill["buyer"]
    told = {"name": "Siège", "address": "Lyon"}
    changed = made(shared_api.patch(own, json={"buyer": told}, headers={"If-Match": "*"}))
    assert (changed["buyer"]["name"], changed["client_id"]) == ("Siège", client["id"])
    again = made(shared_api.patch(own, json={"client_id": client["id"]}, headers={"If-Match": "*"}))
    assert again["buyer"]["name"] == "Autre"
    alone = made(shared_api.patch(own, json={"client_id": None}, headers={"If-Match": "*"}))
    assert (alone["client_id"], alone["buyer"]) == (None, again["buyer"])


def test_lines_have_discounts_and_vat_is_counted_per_rate_half_up(shared_api: httpx.Client) -> None:
    lines = [
        line(quantity="3", unit_price="0.335", discount_rate="0.1"),  # 0.9045
        line(quantity="1", unit_price="10.05", vat_rate="0.055"),
        line(quantity="1", unit_price="0.05", vat_rate="0.1"),  # VAT 0.005
        line(kind="flat", quantity="1", unit_price="-0.40"),
    ]
    bill = post(shared_api, "/invoices", invoice(lines=lines))
    assert [one["amount"] for one in bill["lines"]] == ["0.90", "10.05", "0.05", "-0.40"]
    assert bill["totals"]["vat_lines"] == [
        {"rate": "0.2000", "base": "0.50", "vat": "0.10"},
        {"rate": "0.1000", "base": "0.05", "vat": "0.01"},
        {"rate": "0.0550", "base": "10.05", "vat": "0.55"},
    ]
    assert (bill["totals"]["net"], bill["totals"]["gross"], bill["balance"]) == ("10.60", "11.26", "11.26")
    changed = made(shared_api.patch(f"/invoices/{bill['id']}", json={"lines": lines[1:2]}, headers={"If-Match": '"1"'}))
    assert (changed["totals"]["gross"], changed["balance"]) == ("10.60", "10.60")


def test_an_issued_invoice_has_its_seller_and_its_mentions_and_never_changes(
    api: httpx.Client, sandbox: SandboxServer
) -> None:
    bill = issued(api)
    assert bill["seller"]["siren"] == "999000425"
    assert (bill["due_on"], bill["totals"]["gross"], bill["balance"]) == ("2026-12-07", "3000.00", "3000.00")
    mentions = " ".join(bill["notes"])
    for mention in ("40,00 €", "7,86 %", "escompte", "TVA exigible", "AUT-075-", "prérogative de puissance publique"):
        assert mention in mentions
    told = refused(api.patch(f"/invoices/{bill['id']}", json={"title": "x"}, headers={"If-Match": "*"}), 409)
    assert told["current"] == bill
    for statement in (
        "UPDATE invoice SET totals = '{}' WHERE id = :id",
        "UPDATE invoice SET number = NULL WHERE id = :id",
        "DELETE FROM invoice WHERE id = :id",
    ):
        with pytest.raises(sa.exc.IntegrityError, match="an issued invoice"):
            sandbox.store.write(lambda tx, told=statement: tx.connection.execute(sa.text(told), {"id": bill["id"]}))


def test_an_invoice_is_due_after_its_clients_own_days(shared_api: httpx.Client) -> None:
    client = create(shared_api, "/clients", payment_days=45)
    assert issued(shared_api, client_id=client["id"])["due_on"] == "2026-12-22"


RATE = ["NaN", "1e3", "1.00001", "9" * 13, 5, ""]
LINE_LIMITS: dict[str, tuple[list[Any], list[Any]]] = {
    "quantity": (["0.0001", "9999"], ["0", "-1", "-0.0001", *RATE]),
    "unit_price": (["0", "0.0001"], ["-1", *RATE]),
    "vat_rate": (["0", "0.9999"], ["1", "-0.2", "20", *RATE]),
    "discount_rate": (["0", "1"], ["1.0001", "-0.1", *RATE]),
    "kind": (["day", "night", "sunday", "holiday", "flat"], ["DAY", "", 1]),
    "description": text(200),
}


@pytest.mark.parametrize("path", ["/quotes", "/invoices"])
@pytest.mark.parametrize("field", LINE_LIMITS)
def test_a_lines_field_beyond_its_limit_is_refused_and_named(shared_api: httpx.Client, path: str, field: str) -> None:
    taken, wrong = LINE_LIMITS[field]
    for value in taken:
        body = quote(lines=[line(), line(**{field: value})])
        assert post(shared_api, path, body)["lines"][1]["kind"]
    for value in wrong:
        body = quote(lines=[line(quantity="1"), line(**{field: value})])
        [error] = refused(shared_api.post(path, json=body), 422)["errors"]
        # a price below 0 is a discount, as long as the document's sum is not
        assert error["path"] == ("$.lines" if (field, value) == ("unit_price", "-1") else f"$.lines[1].{field}"), value


LIMITS: dict[str, dict[str, tuple[list[Any], list[Any]]]] = {
    "/quotes": {
        "title": text(200),
        "lines": ([], [[], "x", [1]]),
        "client_id": ([], [*ID, "clt_none"]),
        "site_id": ([None], [*ID, "sit_none"]),
        "valid_until": (["2026-11-07", None], DAY),
    },
    "/invoices": {
        "title": text(200),
        "lines": ([], [[], "x", [1]]),
        "client_id": ([], [*ID, "clt_none"]),
        "site_id": (["sit_tour", None], [*ID, "sit_none"]),
        "period_start": (["2026-11-01", None], DAY),
    },
    "/contracts": {
        "title": text(200),
        "client_id": ([], [*ID, "clt_none"]),
        "starts_on": (["2000-01-01"], [*DAY, "1999-12-31", "2101-01-01", "9999-12-31"]),
        "ends_on": (["2026-10-01", "2100-12-31", None], [*DAY, "2026-09-30", "2101-01-01", "9999-12-31"]),
        "renewal_months": ([None], [0, 61, "12", 1.5, 12]),
        "billing_period": (["month", "quarter"], ["MONTH", "year", "", 1]),
        "prices": ([], [[], "x"]),
    },
    "/payments": {
        "invoice_id": ([], [*ID, "inv_none"]),
        "amount": (["0.01", "3000"], ["0", "-1", "3000.01", "0.001", "1e2", 5, ""]),
        "method": (["transfer", "direct_debit", "card", "cheque", "cash", "other"], ["TRANSFER", "", "gold"]),
        "paid_on": (["2026-11-07", "2026-01-01"], [*DAY, "2026-11-08"]),
        "reference": text(200),
        "status": (["pending", "confirmed"], ["rejected", ""]),
    },
}


def body_of(api: httpx.Client, path: str) -> Json:
    if path == "/payments":
        return {"invoice_id": issued(api)["id"], "amount": "1", "method": "transfer"}
    return {"/quotes": quote, "/invoices": invoice, "/contracts": lambda: contract(api)}[path]()


@pytest.mark.parametrize(("path", "field"), [(path, field) for path, fields in LIMITS.items() for field in fields])
def test_a_field_at_its_limit_is_taken_and_beyond_it_refused_and_named(
    shared_api: httpx.Client, path: str, field: str
) -> None:
    taken, wrong = LIMITS[path][field]
    body = body_of(shared_api, path)
    for value in taken:
        fresh = body_of(shared_api, path) if path == "/payments" else body
        shown = post(shared_api, path, fresh | {field: value})[field]
        assert shown == (f"{float(value):.2f}" if field == "amount" else value)
    before = shared_api.get(f"{path}?sort=-created_at&limit=1").json()["items"]
    for value in wrong:
        [error] = refused(shared_api.post(path, json=body | {field: value}), 422)["errors"]
        assert error["path"].partition("[")[0] == f"$.{field}", (value, error)
    at_fault(shared_api.post(path, json=body | {"colour": 1}), "$")
    assert shared_api.get(f"{path}?sort=-created_at&limit=1").json()["items"] == before


@pytest.mark.parametrize(
    ("path", "changes", "at"),
    [
        ("/quotes", {"client_id": None}, "$.buyer"),
        ("/invoices", {"client_id": None}, "$.buyer"),
        ("/invoices", {"period_start": "2026-11-02", "period_end": "2026-11-01"}, "$.period_end"),
        ("/invoices", {"lines": [line(), line(unit_price="-1", vat_rate="0.1")]}, "$.lines"),
        ("/invoices", {"buyer": {"name": "A", "address": "B", "siren": "1"}}, "$.buyer.siren"),
        ("/contracts", {"site_id": "sit_tour"}, "$.site_id"),
        ("/contracts", {"site_id": "sit_none"}, "$.site_id"),
        ("/contracts", {"prices": [price("day", "1"), price("day", "2")]}, "$.prices[1].kind"),
        ("/contracts", {"prices": [price("day", "-1")]}, "$.prices[0].unit_price"),
        ("/contracts", {"prices": [price("day", "1", quantity="2")]}, "$.prices[0].quantity"),
        ("/contracts", {"prices": [price("flat", "1", quantity="0")]}, "$.prices[0].quantity"),
        ("/contracts", {"prices": [price("flat", "1", quantity="-1")]}, "$.prices[0].quantity"),
        ("/contracts", {"prices": [price("flat", "1", vat_rate="1")]}, "$.prices[0].vat_rate"),
    ],
)
def test_a_body_that_breaks_a_rule_is_refused_and_named(
    shared_api: httpx.Client, path: str, changes: Json, at: str
) -> None:
    at_fault(shared_api.post(path, json=body_of(shared_api, path) | changes), at)


# credit notes


def credit(api: httpx.Client, bill: Json, *lines: Json, **changes: object) -> httpx.Response:
    body = {"reason": "Erreur"} | ({"lines": list(lines)} if lines else {}) | changes
    return api.post(f"/invoices/{bill['id']}/credit", json=body)


def test_credit_notes_take_off_what_is_left_line_by_line_and_add_up_to_the_cent(
    api: httpx.Client, sandbox: SandboxServer
) -> None:
    lines = [line(quantity="3", unit_price="0.335"), line(quantity="7", unit_price="0.07"), line(unit_price="1")]
    bill = issued(api, lines=lines)
    after = sandbox.feed.latest
    first = made(credit(api, bill, {"line": 1, "quantity": "1"}, {"line": 2, "quantity": "0.5"}))
    assert (first["number"], first["issued_on"]) == ("AV-2026-000001", "2026-11-07")
    assert [(one["quantity"], one["amount"]) for one in first["lines"]] == [("1.0000", "0.34"), ("0.5000", "0.04")]
    assert first["notes"][0] == f"Avoir sur la facture n° {bill['number']} du 07/11/2026."
    assert events(sandbox, after) == [EventType.CREDIT_NOTE_ISSUED, EventType.INVOICE_UPDATED]
    now = api.get(f"/invoices/{bill['id']}").json()
    assert (now["status"], now["credited"]) == ("issued", first["totals"]["gross"])
    at_fault(credit(api, bill, {"line": 1, "quantity": "2.0001"}), "$.lines[0].quantity")
    made(credit(api, bill, {"line": 1}))
    at_fault(credit(api, bill, {"line": 1, "quantity": "0.0001"}), "$.lines[0].quantity")
    rest = made(credit(api, bill))
    assert [one["quantity"] for one in rest["lines"]] == ["6.5000", "100.0000"]
    now = api.get(f"/invoices/{bill['id']}").json()
    assert (now["status"], now["balance"], now["credited"]) == ("cancelled", "0.00", bill["totals"]["gross"])
    notes = api.get(f"/credit-notes?invoice_id={bill['id']}&sort=number").json()["items"]
    assert [note["number"] for note in notes] == [f"AV-2026-00000{n}" for n in (1, 2, 3)]
    for part in ("base", "vat"):
        sums = sum(round(float(one[part]) * 100) for note in notes for one in note["totals"]["vat_lines"])
        assert sums == round(float(bill["totals"]["vat_lines"][0][part]) * 100)
    assert made(api.get(f"/credit-notes/{rest['id']}")) == rest


@pytest.mark.parametrize(
    ("lines", "changes", "path"),
    [
        ([{"line": 2}], {}, "$.lines[0].line"),
        ([{"line": 0}], {}, "$.lines[0].line"),
        ([{"line": 1}, {"line": 1}], {}, "$.lines[1].line"),
        ([{"line": 1, "quantity": "0"}], {}, "$.lines[0].quantity"),
        ([{"line": 1, "quantity": "-1"}], {}, "$.lines[0].quantity"),
        ([{"line": 1, "quantity": "100.0001"}], {}, "$.lines[0].quantity"),
        ([], {"lines": []}, "$.lines"),
        ([], {"reason": ""}, "$.reason"),
        ([], {"issued_on": "2026-11-08"}, "$.issued_on"),
        ([], {"issued_on": "2026-11-06"}, "$.issued_on"),
    ],
)
def test_a_credit_that_breaks_a_rule_is_refused_and_named(
    shared_api: httpx.Client, lines: list[Json], changes: Json, path: str
) -> None:
    bill = issued(shared_api)
    at_fault(credit(shared_api, bill, *lines, **changes), path)
    assert shared_api.get(f"/invoices/{bill['id']}").json() == bill


def test_a_credit_is_never_above_the_whole_that_discounts_left(shared_api: httpx.Client) -> None:
    bill = issued(shared_api, lines=[line(), line(kind="flat", quantity="1", unit_price="-500")])
    at_fault(credit(shared_api, bill, {"line": 1}), "$.lines")
    at_fault(credit(shared_api, bill, {"line": 2}), "$.lines")
    assert made(credit(shared_api, bill))["totals"] == bill["totals"]


def test_credit_notes_are_numbered_in_the_order_of_their_dates(api: httpx.Client, clock: Clock) -> None:
    bill, other = issued(api), issued(api)
    clock.advance(24 * 3600)
    made(credit(api, bill))
    at_fault(credit(api, other, issued_on="2026-11-07"), "$.issued_on")
    assert made(credit(api, other))["number"] == "AV-2026-000002"


def test_what_was_issued_or_said_is_written_once(api: httpx.Client, sandbox: SandboxServer) -> None:
    made(credit(api, issued(api)))
    post(api, f"/invoices/{issued(api)['id']}/record-einvoice-status", {"code": "200"})
    for table in ("credit_note", "einvoice_status"):
        for statement in (f"UPDATE {table} SET id = 'x'", f"DELETE FROM {table}"):
            with pytest.raises(sa.exc.IntegrityError, match="written once"):
                sandbox.store.write(lambda tx, told=statement: tx.connection.execute(sa.text(told)))


# payments


def test_the_invoices_state_follows_its_payments(api: httpx.Client, sandbox: SandboxServer) -> None:
    bill = issued(api)
    own = f"/invoices/{bill['id']}"
    after = sandbox.feed.latest

    def now() -> tuple[str, str, str]:
        shown = api.get(own).json()
        return shown["status"], shown["paid"], shown["balance"]

    part = post(api, "/payments", {"invoice_id": bill["id"], "amount": "1000", "method": "direct_debit"})
    assert now() == ("issued", "0.00", "3000.00")
    post(api, f"/payments/{part['id']}/confirm", {"paid_on": "2026-11-06"})
    assert now() == ("partially_paid", "1000.00", "2000.00")
    at_fault(api.post("/payments", json={"invoice_id": bill["id"], "amount": "2000.01", "method": "card"}), "$.amount")
    rest = pay(api, bill["id"], "2000")
    assert now() == ("paid", "3000.00", "0.00")
    assert events(sandbox, after) == [
        EventType.PAYMENT_CREATED,
        EventType.PAYMENT_UPDATED,
        EventType.INVOICE_UPDATED,
        EventType.PAYMENT_CREATED,
        EventType.INVOICE_PAID,
    ]
    post(api, f"/payments/{part['id']}/reject", {"reason": "Débit contesté"})
    assert now() == ("partially_paid", "2000.00", "1000.00")
    half = post(api, f"/payments/{rest['id']}/refund", {"reason": "Geste", "amount": "500"})
    assert (half["status"], half["refunded"], half["refunded_on"]) == ("confirmed", "500.00", "2026-11-07")
    assert refused(api.post(f"/payments/{rest['id']}/reject", json={"reason": "x"}), 409)["allowed"] == ["refund"]
    at_fault(api.post(f"/payments/{rest['id']}/refund", json={"reason": "x", "amount": "1500.01"}), "$.amount")
    whole = post(api, f"/payments/{rest['id']}/refund", {"reason": "Geste"})
    assert (whole["status"], whole["refunded"]) == ("refunded", "2000.00")
    assert now() == ("issued", "0.00", "3000.00")


def test_pending_payments_are_set_apart_and_one_above_what_is_left_by_then_is_not_confirmed(api: httpx.Client) -> None:
    bill = issued(api)
    body = {"invoice_id": bill["id"], "amount": "2000", "method": "transfer"}
    pending = post(api, "/payments", body)
    at_fault(api.post("/payments", json=body | {"amount": "1000.01"}), "$.amount")
    made(credit(api, bill, {"line": 1, "quantity": "50"}))
    assert refused(api.post(f"/payments/{pending['id']}/confirm"), 409)["allowed"] == ["reject"]


def test_a_credit_on_a_paid_invoice_is_money_to_give_back(api: httpx.Client) -> None:
    bill = issued(api)
    paid = pay(api, bill["id"], "3000")
    made(credit(api, bill, {"line": 1, "quantity": "10"}))
    now = api.get(f"/invoices/{bill['id']}").json()
    assert (now["status"], now["balance"]) == ("paid", "-300.00")
    post(api, f"/payments/{paid['id']}/refund", {"reason": "Avoir", "amount": "300"})
    now = api.get(f"/invoices/{bill['id']}").json()
    assert (now["status"], now["balance"], now["paid"]) == ("paid", "0.00", "2700.00")
    made(credit(api, bill))
    now = api.get(f"/invoices/{bill['id']}").json()
    assert (now["status"], now["balance"]) == ("cancelled", "-2700.00")


@pytest.mark.parametrize(
    ("action", "body", "path"),
    [
        ("confirm", {"paid_on": "2026-11-08"}, "$.paid_on"),
        ("reject", {}, "$"),
        ("reject", {"reason": " "}, "$.reason"),
        ("refund", {"reason": "x", "amount": "0"}, "$.amount"),
        ("refund", {"reason": "x", "amount": "-1"}, "$.amount"),
        ("refund", {"reason": "x", "refunded_on": "2026-11-08"}, "$.refunded_on"),
        ("refund", {"reason": "x", "refunded_on": "2026-11-06"}, "$.refunded_on"),
    ],
)
def test_a_step_of_a_payment_that_breaks_a_rule_is_refused_and_named(
    shared_api: httpx.Client, action: str, body: Json, path: str
) -> None:
    status = "confirmed" if action == "refund" else "pending"
    paid = pay(shared_api, issued(shared_api)["id"], "10", status=status)
    at_fault(shared_api.post(f"/payments/{paid['id']}/{action}", json=body), path)


def test_a_late_payment_costs_what_the_law_says(api: httpx.Client, clock: Clock) -> None:
    clock.at = datetime(2026, 1, 31, 12, tzinfo=UTC)
    bill = issued(api, due_on="2026-01-31")
    own = f"/invoices/{bill['id']}/late-penalty"
    assert made(api.get(own)) | {"invoice_id": ""} == {
        "invoice_id": "",
        "on": "2026-01-31",
        "due_on": "2026-01-31",
        "days_late": 0,
        "balance": "3000.00",
        "rate": "0.0786",
        "penalty": "0.00",
        "recovery_fee": "0.00",
    }
    clock.at = datetime(2026, 3, 2, 12, tzinfo=UTC)
    late = made(api.get(own))
    assert (late["days_late"], late["penalty"], late["recovery_fee"]) == (30, "19.38", "40.00")
    pay(api, bill["id"], "3000")
    assert made(api.get(f"{own}?on=2027-01-01")) == late | {"on": "2027-01-01", "balance": "0.00"}
    assert made(api.get(f"{own}?on=2026-02-15"))["days_late"] == 15
    assert refused(api.get(f"{own}?on=hier"), 400)["errors"][0]["path"] == "query.on"


def test_a_penalty_that_the_wire_can_not_carry_is_refused(shared_api: httpx.Client) -> None:
    bill = issued(shared_api, lines=[line(quantity="99999", unit_price="80000")])
    answer = refused(shared_api.get(f"/invoices/{bill['id']}/late-penalty?on=9999-12-31"), 400)
    assert answer["errors"][0]["path"] == "query.on"
