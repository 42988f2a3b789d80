"""Fields that are given by name: what is sent of them, and what is refused before anything is sent."""

from __future__ import annotations

import json
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from scripted_http import json_answer, page, problem

from sekur_sdk.client.errors import ArgumentError, ConflictError
from sekur_sdk.models import CardActivity, QualificationKind

WRONG = [
    (lambda c: c.clients.create(name="", billing_address="Lyon"), "name"),
    (lambda c: c.clients.create(name=5, billing_address="Lyon"), "name"),
    (lambda c: c.clients.create(name="A", billing_address="B", status="closed"), "status"),
    (lambda c: c.clients.update("a/b", version=1), "client_id"),
    (lambda c: c.clients.update("clt_1", version=None), "version"),
    (lambda c: c.clients.update("clt_1", version="1"), "version"),
    (lambda c: c.clients.update("clt_1", version=1, name=None), "name"),
    (lambda c: c.clients.update("clt_1", version=1, payment_days=True), "payment_days"),
    (lambda c: c.sites.update("sit_1", version=1, lat="45"), "lat"),
    (lambda c: c.posts.create(site_id="s 1", name="PC"), "site_id"),
    (lambda c: c.posts.create(site_id="sit_1", name="PC", is_break_paid=1), "is_break_paid"),
    (lambda c: c.posts.create(site_id="sit_1", name="PC", qualifications="sst"), "qualifications"),
    (lambda c: c.posts.create(site_id="sit_1", name="PC", qualifications=["nope"]), "qualifications[0]"),
    (lambda c: c.users.update("usr_1", version=1, role_ids=["a b"]), "role_ids[0]"),
    (lambda c: c.employees.activate("emp_1", hired_on=datetime(2026, 11, 7)), "hired_on"),  # noqa: DTZ001  # the case
    (lambda c: c.instructions.update("ins_1", version=1, valid_from=datetime(2026, 11, 7)), "valid_from"),  # noqa: DTZ001  # as above
    (lambda c: c.employment_contracts.update("ect_1", version=1, weekly_hours=35.5), "weekly_hours"),
    (lambda c: c.cards.list(status="nope"), "status"),
    (lambda c: c.cards.list(employee_id="a b"), "employee_id"),
]


@pytest.mark.parametrize(("call", "parameter"), WRONG)
def test_a_wrong_value_is_named_and_nothing_is_sent(client, side, server, call, parameter):
    with pytest.raises(ArgumentError) as refusal:
        side.run(call(client))
    assert refusal.value.parameter == parameter
    assert server.received == []


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda c: c.clients.create(nmae="A", billing_address="B", name="C"), "nmae"),
        (lambda c: c.clients.create(name="A"), "billing_address"),
        (lambda c: c.clients.list(colour="red"), "colour"),
        (lambda c: c.clients.close("clt_1", reason="x"), "reason"),
        (lambda c: c.clients.close("clt_1", page_size=3), "page_size"),
    ],
)
def test_a_name_too_many_or_one_too_few_is_a_type_error(client, side, server, call, name):
    with pytest.raises(TypeError, match=name):
        side.run(call(client))
    assert server.received == []


def test_what_is_none_is_left_out_of_a_new_one_and_clears_in_a_change(client, side, server, example):
    server.answer(json_answer(example("client"), status=201))
    side.run(client.clients.create(name="A", billing_address="B", email=None))
    server.answer(json_answer(example("client")))
    side.run(client.clients.update("clt_1", version=3, email=None))
    assert [request.json for request in server.received] == [{"name": "A", "billing_address": "B"}, {"email": None}]
    assert server.received[1].headers["if-match"] == '"3"'


def test_an_action_goes_with_the_version_and_the_key_that_it_is_given(client, side, server, example):
    server.answer(json_answer(example("client")))
    side.run(client.clients.close("clt_1", version=2, idempotency_key="k1"))
    [request] = server.received
    assert (request.path, request.json) == ("/api/v1/clients/clt_1/close", {})
    assert (request.headers["if-match"], request.headers["idempotency-key"]) == ('"2"', "k1")


def test_enums_are_given_as_members_or_by_name(client, side, server, example):
    server.answer(json_answer(example("post"), status=201))
    side.run(
        client.posts.create(
            site_id="sit_1",
            name="PC",
            activity=CardActivity.DOG_HANDLING,
            qualifications=(QualificationKind.SST, "ssiap_1"),
        )
    )
    assert server.received[0].json == {
        "site_id": "sit_1",
        "name": "PC",
        "activity": "dog_handling",
        "qualifications": ["sst", "ssiap_1"],
    }


def test_filters_and_options_of_a_list_go_into_the_query(client, side, server, example):
    server.answer(json_answer(page(example("card"))))
    side.collect(client.cards.list(status="expiring", expires_before=date(2027, 1, 1), page_size=5, sort="-expires_on"))
    assert server.received[0].query == {
        "status": "expiring",
        "expires_before": "2027-01-01",
        "limit": "5",
        "sort": "-expires_on",
    }


def test_a_tokens_secret_is_shown_by_no_repr(client, side, server, example):
    server.answer(json_answer(example("token-created"), status=201))
    token = side.run(client.api_tokens.create(name="Nuit", scopes=["planning:read"]))
    assert token.secret.startswith("sek_")
    assert token.secret not in repr(token)


@pytest.fixture
def example():
    folder = Path(__file__).resolve().parents[2] / "docs" / "contract" / "examples"
    return lambda name: json.loads((folder / f"{name}.json").read_text("utf-8"))


def test_money_has_two_decimals_and_rates_four(client, side, server):
    server.answer(problem(409))
    with pytest.raises(ConflictError):
        side.run(client.payments.create(invoice_id="inv_1", amount=12, method="cash"))
    assert server.received[0].json["amount"] == "12.00"
    with pytest.raises(ArgumentError, match="amount: Expected at most 2 decimals"):
        side.run(client.payments.create(invoice_id="inv_1", amount=Decimal("0.001"), method="cash"))
