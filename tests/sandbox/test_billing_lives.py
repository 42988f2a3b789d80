"""The lives of quotes, contracts, invoices, payments and electronic invoices: each state, the actions it allows, 409 for the others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from billing_bodies import contract, invoice, issued, pay, post, price, quote
from people_bodies import at_fault, made, refused

from sekur_sdk.rules.einvoice import SUCCESSIONS, WITH_REASON
from sekur_sdk.sandbox.watch import look

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx
    from conftest import Clock

    from sekur_sdk.sandbox.server import SandboxServer

Json = dict[str, Any]
OWING = ["dispute", "pay", "credit"]
STEPS: dict[str, dict[str, list[str]]] = {
    "/quotes": {
        "draft": ["update", "send", "cancel"],
        "sent": ["accept", "refuse", "cancel"],
        "accepted": ["convert", "convert-to-contract"],
        "refused": [],
        "cancelled": [],
        "converted": [],
    },
    "/contracts": {
        "draft": ["update", "sign", "cancel"],
        "signed": ["cancel"],
        "active": ["invoice", "end"],
        "ended": ["invoice"],
        "cancelled": [],
    },
    "/invoices": {
        "draft": ["update", "issue", "discard"],
        "issued": ["send", *OWING],
        "sent": OWING,
        "partially_paid": ["send", *OWING],
        "disputed": ["settle", "pay", "credit"],
        "paid": ["credit"],
        "cancelled": [],
        "discarded": [],
    },
    "/payments": {"pending": ["confirm", "reject"], "confirmed": ["reject", "refund"], "rejected": [], "refunded": []},
}
BY: dict[str, dict[str, list[str]]] = {
    "/quotes": {
        "draft": [],
        "sent": ["send"],
        "accepted": ["send", "accept"],
        "refused": ["send", "refuse"],
        "cancelled": ["cancel"],
        "converted": ["send", "accept", "convert"],
    },
    "/contracts": {
        "draft": [],
        "signed": ["sign"],
        "active": ["sign"],
        "ended": ["sign", "end"],
        "cancelled": ["cancel"],
    },
    "/invoices": {
        "draft": [],
        "issued": ["issue"],
        "sent": ["issue", "send"],
        "partially_paid": ["issue", "pay"],
        "disputed": ["issue", "dispute"],
        "paid": ["issue", "pay all"],
        "cancelled": ["issue", "credit"],
        "discarded": ["discard"],
    },
    "/payments": {
        "pending": [],
        "confirmed": ["confirm"],
        "rejected": ["reject"],
        "refunded": ["confirm", "refund"],
    },
}
SENT: dict[str, Json] = {
    "update": {"title": "Autrement"},
    "dispute": {"reason": "Heures contestées"},
    "credit": {"reason": "Erreur"},
    "reject": {"reason": "Provision insuffisante"},
    "refund": {"reason": "Trop perçu"},
    "end": {"reason": "Résiliation"},
    "convert-to-contract": {"starts_on": "2026-12-01"},
    "invoice": {"period_start": "2026-10-01", "period_end": "2026-10-31"},
}


def make(api: httpx.Client, path: str, status: str) -> Json:
    if path == "/quotes":
        return post(api, path, quote())
    if path == "/contracts":
        starts_on = "2026-12-01" if status == "signed" else "2026-10-01"
        return post(api, path, contract(api, starts_on=starts_on, prices=[price("flat", "100")]))
    if path == "/payments":
        body = {"invoice_id": issued(api)["id"], "amount": "1000", "method": "card"}
        return post(api, path, body)
    return post(api, path, invoice())


def act(api: httpx.Client, path: str, resource: Json, action: str) -> httpx.Response:
    own = f"{path}/{resource['id']}"
    if action.startswith("pay"):
        amount = resource["balance"] if action == "pay all" else "1"
        body = {"invoice_id": resource["id"], "amount": amount, "method": "cash", "status": "confirmed"}
        return api.post("/payments", json=body)
    if action == "update":
        return api.patch(own, json=SENT["update"], headers={"If-Match": "*"})
    return api.post(f"{own}/{action}", json=SENT.get(action, {}))


def brought_to(api: httpx.Client, path: str, status: str) -> Json:
    resource = make(api, path, status)
    for action in BY[path][status]:
        made(act(api, path, resource, action))
        resource = made(api.get(f"{path}/{resource['id']}"))
    assert resource["status"] == status
    return resource


STATES = [(path, status) for path, states in STEPS.items() for status in states]


@pytest.mark.parametrize(("path", "status"), STATES)
def test_a_state_refuses_all_actions_but_its_own_and_names_these(
    shared_api: httpx.Client, path: str, status: str
) -> None:
    resource = brought_to(shared_api, path, status)
    for action in dict.fromkeys(action for actions in STEPS[path].values() for action in actions):
        if action not in STEPS[path][status]:
            told = refused(act(shared_api, path, resource, action), 409)
            assert (told["allowed"], told["current"]) == (STEPS[path][status], resource), action
    assert made(shared_api.get(f"{path}/{resource['id']}")) == resource


@pytest.mark.parametrize(("path", "status"), STATES)
def test_a_state_allows_its_actions(shared_api: httpx.Client, path: str, status: str) -> None:
    for action in STEPS[path][status]:
        resource = brought_to(shared_api, path, status)
        made(act(shared_api, path, resource, action))
        version = shared_api.get(f"{path}/{resource['id']}").json()["version"]
        assert version == resource["version"] + (action != "invoice"), action


@pytest.mark.parametrize("path", ["/quotes", "/contracts", "/invoices"])
def test_a_change_needs_the_version_that_it_was_made_from(shared_api: httpx.Client, path: str) -> None:
    resource = make(shared_api, path, "draft")
    own = f"{path}/{resource['id']}"
    refused(shared_api.patch(own, json={"title": "Autre"}), 428)
    assert (
        refused(shared_api.patch(own, json={"title": "Autre"}, headers={"If-Match": '"9"'}), 412)["current_version"]
        == 1
    )
    changed = made(shared_api.patch(own, json={"title": "Autre"}, headers={"If-Match": '"1"'}))
    assert changed == resource | {"title": "Autre", "version": 2, "updated_at": changed["updated_at"]}
    assert made(shared_api.patch(own, json={}, headers={"If-Match": '"2"'})) == changed


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/quotes", "status=draft&client_id=clt_grand_large&site_id=sit_entrepot"),
        ("/contracts", "status=draft&client_id=clt_grand_large"),
        ("/invoices", "status=draft&client_id=clt_grand_large"),
        ("/payments", "status=pending&method=card"),
    ],
)
def test_a_resource_is_listed_by_its_filters_and_read_with_the_scope_alone(
    shared_api: httpx.Client, path: str, query: str
) -> None:
    resource = make(shared_api, path, "draft")
    assert shared_api.get(f"{path}?{query}&sort=-created_at&limit=1").json()["items"] == [resource]
    assert refused(shared_api.get(f"{path}?status=nope"), 400)["errors"][0]["path"] == "query.status"
    weak = post(shared_api, "/tokens", {"name": "Essai", "scopes": ["planning:write"]})["secret"]
    headers = {"Authorization": f"Bearer {weak}"}
    refused(shared_api.get(path, headers=headers), 403)
    refused(shared_api.post(path, json={}, headers=headers), 403)


# time


def test_a_quote_is_not_sent_after_its_date_and_expires_when_unanswered(
    api: httpx.Client, sandbox: SandboxServer, clock: Clock
) -> None:
    late, sent = (post(api, "/quotes", quote(valid_until="2026-11-07")) for _ in range(2))
    post(api, f"/quotes/{sent['id']}/send")
    clock.advance(24 * 3600)
    assert refused(api.post(f"/quotes/{late['id']}/send"), 409)["allowed"] == ["update", "cancel"]
    told = refused(api.post(f"/quotes/{sent['id']}/accept"), 409)
    assert (told["allowed"], told["current"]["status"]) == ([], "expired")
    sandbox.store.write(look)
    assert api.get(f"/quotes/{sent['id']}").json()["status"] == "expired"


def test_an_invoice_is_overdue_from_the_day_after_it_was_due_and_told_once(
    api: httpx.Client, sandbox: SandboxServer, clock: Clock
) -> None:
    ids = [issued(api, due_on="2026-11-08")["id"] for _ in range(4)]
    post(api, f"/invoices/{ids[1]}/dispute", {"reason": "Heures"})
    pay(api, ids[2], "3000")
    pay(api, ids[3], "1")
    clock.advance(24 * 3600)
    sandbox.store.write(look)
    states = lambda: [api.get(f"/invoices/{id_}").json()["status"] for id_ in ids]  # noqa: E731  # said thrice
    assert states() == ["issued", "disputed", "paid", "partially_paid"]
    clock.advance(24 * 3600)
    after = sandbox.feed.latest
    sandbox.store.write(look)
    sandbox.store.write(look)
    told, _ = sandbox.feed.read(after, frozenset({"invoice.overdue", "invoice.updated"}))
    assert [type_ for _, type_, _ in told] == ["invoice.overdue"] * 2
    assert states() == ["overdue", "disputed", "paid", "overdue"]
    assert post(api, f"/invoices/{ids[1]}/settle")["status"] == "overdue"
    assert post(api, f"/invoices/{ids[0]}/send")["status"] == "overdue"
    pay(api, ids[0], "3000")
    assert states()[0] == "paid"


def test_contracts_begin_are_renewed_and_end_on_their_days(
    api: httpx.Client, sandbox: SandboxServer, clock: Clock
) -> None:
    bodies = [
        contract(api, starts_on="2026-11-09"),
        contract(api, ends_on="2026-11-08"),
        contract(api, starts_on="2025-12-01", ends_on="2026-11-08", renewal_months=3),
        contract(api),
    ]
    ids = [post(api, "/contracts", body)["id"] for body in bodies]
    for id_ in ids:
        post(api, f"/contracts/{id_}/sign")
    post(api, f"/contracts/{ids[3]}/end", {"reason": "Résiliation", "ends_on": "2026-11-08"})

    def states() -> list[tuple[str, str | None]]:
        found = [api.get(f"/contracts/{id_}").json() for id_ in ids]
        return [(one["status"], one["ends_on"]) for one in found]

    clock.advance(24 * 3600)
    sandbox.store.write(look)
    assert [state for state, _ in states()] == ["signed", "active", "active", "active"]
    clock.advance(24 * 3600)
    sandbox.store.write(look)
    assert states() == [
        ("active", None),
        ("ended", "2026-11-08"),
        ("active", "2027-02-08"),
        ("ended", "2026-11-08"),
    ]


# electronic invoices


def test_the_electronic_life_is_kept_with_who_said_what_and_when(api: httpx.Client, sandbox: SandboxServer) -> None:
    bill = issued(api)
    own = f"/invoices/{bill['id']}"
    first = post(api, f"{own}/record-einvoice-status", {"code": "200"})
    body = {"code": "210", "by": "PA acheteur", "reason": "Bon de commande manquant", "at": "2026-11-07T19:00:00Z"}
    last = post(api, f"{own}/record-einvoice-status", body)
    assert (last["is_mandatory"], last["by"], last["recorded_at"]) == (True, "PA acheteur", "2026-11-07T19:00:00Z")
    assert made(api.get(f"{own}/einvoice-statuses"))["items"] == [first, last]
    assert api.get(own).json()["einvoice_code"] == "210"
    assert [one["id"] for one in api.get("/invoices?einvoice_code=210").json()["items"]] == [bill["id"]]
    assert refused(api.post(f"{own}/record-einvoice-status", json={"code": "212"}), 409)["allowed"] == []


def test_each_status_refuses_those_that_do_not_follow_and_names_those_that_do(shared_api: httpx.Client) -> None:
    """Walks by the shortest way to each status, tries a code that does not follow."""
    ways: dict[Any, list[Any]] = {None: []}
    for code in list(SUCCESSIONS) * 3:
        if code in ways:
            for following in SUCCESSIONS[code]:
                ways.setdefault(following, [*ways[code], following])
    assert ways.keys() == SUCCESSIONS.keys()
    for code, way in ways.items():
        own = f"/invoices/{issued(shared_api)['id']}/record-einvoice-status"
        for step in way:
            body = {"code": step} | ({"reason": "Motif"} if step in WITH_REASON else {})
            assert post(shared_api, own, body)["is_mandatory"] == (step in ("200", "210", "212", "213"))
        wrong = next(other for other in SUCCESSIONS if other and other not in SUCCESSIONS[code])
        told = refused(shared_api.post(own, json={"code": wrong, "reason": "Motif"}), 409)
        assert told["allowed"] == list(SUCCESSIONS[code])


@pytest.mark.parametrize(
    ("before", "body", "path"),
    [
        (["200"], {"code": "210"}, "$.reason"),
        (["200"], {"code": "213"}, "$.reason"),
        ([], {"code": "200", "at": "2026-11-07T19:06:00Z"}, "$.at"),
        ([], {"code": "200", "at": "2026-11-06T12:00:00Z"}, "$.at"),
        (["200"], {"code": "201", "at": "2026-11-07T18:00:00Z"}, "$.at"),
        ([], {"code": "200", "at": "2026-11-07T19:00:00"}, "$.at"),
        ([], {"code": "299"}, "$.code"),
        ([], {"code": 200}, "$.code"),
        ([], {"code": "200", "by": ""}, "$.by"),
        ([], {"code": "200", "sent": True}, "$"),
    ],
)
def test_a_status_that_breaks_a_rule_is_refused_and_named(
    shared_api: httpx.Client, before: list[str], body: Json, path: str
) -> None:
    own = f"/invoices/{issued(shared_api)['id']}/record-einvoice-status"
    for code in before:
        post(shared_api, own, {"code": code})
    at_fault(shared_api.post(own, json=body), path)


def test_a_draft_has_no_electronic_life_and_no_late_penalty(shared_api: httpx.Client) -> None:
    draft = post(shared_api, "/invoices", invoice())
    ask: list[Callable[[], httpx.Response]] = [
        lambda: shared_api.post(f"/invoices/{draft['id']}/record-einvoice-status", json={"code": "200"}),
        lambda: shared_api.get(f"/invoices/{draft['id']}/late-penalty"),
    ]
    for one in ask:
        assert refused(one(), 409)["allowed"] == ["update", "issue", "discard"]
