"""Client access: a client's own people see their sites and what is shared, change nothing, and learn nothing of others."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from people_bodies import at_fault, create, made, refused

from sekur_sdk.sandbox.watch import look

if TYPE_CHECKING:
    import httpx
    from conftest import Clock

    from sekur_sdk.sandbox.server import SandboxServer

DOCUMENT = json.loads((Path(__file__).parents[2] / "docs" / "openapi.json").read_text(encoding="utf-8"))
CALLS = [
    (method.upper(), path.removeprefix("/api/v1"))
    for path, methods in DOCUMENT["paths"].items()
    for method in methods
    if method in ("get", "post", "patch", "put", "delete")
]
OPEN = {("GET", "/health"): 200, ("POST", "/oauth/token"): 400}
"""What asks for no token, and what it answers to a request without a body."""
KINDS = ("sites", "shifts", "entries", "rounds", "invoices", "reports")
SITE, OTHER_SITE = "sit_entrepot", "sit_tour"
CLIENT, OTHER_CLIENT = "clt_grand_large", "clt_belvedere"


def person(api: httpx.Client, client_id: str = CLIENT, **fields: Any) -> dict[str, Any]:
    number = len(api.get("/client-users?limit=200").json()["items"])
    body = {
        "client_id": client_id,
        "email": f"c{number}@client.example",
        "first_name": "Lou",
        "last_name": "Dupont-Test",
    }
    return made(api.post("/client-users", json=body | fields))


def headers_of(api: httpx.Client, user: dict[str, Any]) -> dict[str, str]:
    token = made(api.post("/client-tokens", json={"user_id": user["id"], "name": "Portail"}))
    return {"Authorization": f"Bearer {token['secret']}"}


def share(api: httpx.Client, kind: str, subject_id: str) -> dict[str, Any]:
    return made(api.post("/shares", json={"kind": kind, "subject_id": subject_id}))


def entry(api: httpx.Client, site_id: str = SITE) -> dict[str, Any]:
    body = {"author_id": "emp_demo", "category": "ronde", "text": "Ronde faite, RAS."}
    return made(api.post(f"/sites/{site_id}/logbook", json=body))


def invoice(api: httpx.Client, site_id: str | None = SITE, *, issued: bool = True) -> dict[str, Any]:
    line = {"kind": "day", "description": "Jour", "quantity": "1", "unit_price": "20.00"}
    body = {"title": "Jour", "buyer": {"name": "A", "address": "B"}, "lines": [line], "site_id": site_id}
    quote = made(api.post("/quotes", json=body))
    for action in ("send", "accept"):
        made(api.post(f"/quotes/{quote['id']}/{action}"))
    draft = made(api.post(f"/quotes/{quote['id']}/convert", json={}))
    return made(api.post(f"/invoices/{draft['id']}/issue", json={})) if issued else draft


def report(api: httpx.Client, subject_kind: str = "site", subject_id: str = SITE) -> dict[str, Any]:
    file = {"Content-Type": "application/pdf", "Content-Disposition": 'attachment; filename="rapport.pdf"'}
    attachment = made(api.post("/attachments", content=b"%PDF-1.7 rapport", headers=file))
    body = {
        "attachment_id": attachment["id"],
        "kind": "other",
        "title": "Rapport",
        "subject_kind": subject_kind,
        "subject_id": subject_id,
    }
    return made(api.post("/documents", json=body))


def patrol(api: httpx.Client, site_id: str) -> dict[str, Any]:
    """A round of a site."""
    checkpoint = made(api.post("/checkpoints", json={"site_id": site_id, "name": "Porte", "tag_kind": "manual"}))
    body = {
        "site_id": site_id,
        "name": "Ronde",
        "mode": "free",
        "checkpoint_ids": [checkpoint["id"]],
        "expected_minutes": 20,
    }
    template = made(api.post("/round-templates", json=body))
    planned = {"template_id": template["id"], "planned_at": "2026-11-07T20:00:00Z", "employee_id": "emp_demo"}
    return made(api.post("/rounds", json=planned))


def seen(api: httpx.Client, headers: dict[str, str], kind: str) -> list[dict[str, Any]]:
    answer = api.get(f"/client-portal/{kind}?limit=200", headers=headers)
    items: list[dict[str, Any]] = made(answer)["items"]
    for item in items:
        assert made(api.get(f"/client-portal/{kind}/{item['id']}", headers=headers)) == item
    return items


def everything(api: httpx.Client, site_id: str) -> dict[str, str]:
    """One thing of each kind about a site, all shared: their ids."""
    things = {
        "entries": entry(api, site_id),
        "invoices": invoice(api, site_id),
        "reports": report(api, subject_id=site_id),
    }
    for kind, of in (("entries", "logbook_entry"), ("invoices", "invoice"), ("reports", "report")):
        share(api, of, things[kind]["id"])
    things["rounds"] = patrol(api, site_id)
    for kind in ("shifts", "rounds"):
        share(api, kind, site_id)
    shift = api.get(f"/shifts?site_id={site_id}&limit=1").json()["items"][0]
    return {kind: thing["id"] for kind, thing in things.items()} | {"sites": site_id, "shifts": shift["id"]}


@pytest.fixture(scope="module")
def client_headers(shared_api: httpx.Client) -> dict[str, str]:
    return headers_of(shared_api, person(shared_api, email="every.route@client.example"))


@pytest.mark.parametrize(("method", "path"), CALLS)
def test_no_route_but_the_clients_own_lets_a_client_in(
    shared_api: httpx.Client, client_headers: dict[str, str], method: str, path: str
) -> None:
    answer = shared_api.request(method, re.sub(r"\{\w+\}", SITE, path), headers=client_headers)
    if (method, path) in OPEN:
        assert answer.status_code == OPEN[method, path]
    elif path.startswith("/client-portal/"):
        assert (method, answer.status_code in (200, 404)) == ("GET", True)
    else:
        assert answer.status_code == 403


def test_a_client_sees_its_own_sites_and_of_them_what_is_shared(api: httpx.Client) -> None:
    headers = headers_of(api, person(api))
    entry(api), invoice(api), report(api)
    assert [site["id"] for site in seen(api, headers, "sites")] == [SITE]
    for kind in KINDS[1:]:
        assert seen(api, headers, kind) == []
    mine = everything(api, SITE)
    for kind in ("entries", "invoices", "reports"):
        assert [thing["id"] for thing in seen(api, headers, kind)] == [mine[kind]]
    shifts = seen(api, headers, "shifts")
    assert {shift["site_id"] for shift in shifts} == {SITE}
    assert {(shift["employee_id"], shift["notes"]) for shift in shifts} == {(None, None)}
    patrols = seen(api, headers, "rounds")
    assert mine["rounds"] in {one["id"] for one in patrols}
    assert {(one["site_id"], one["employee_id"], one["device_id"]) for one in patrols} == {(SITE, None, None)}
    content = api.get(f"/client-portal/reports/{mine['reports']}/content", headers=headers | {"Range": "bytes=5-"})
    assert (content.status_code, content.content) == (206, b"1.7 rapport")
    for shared in api.get(f"/shares?client_id={CLIENT}").json()["items"]:
        made(api.post(f"/shares/{shared['id']}/withdraw"))
    for kind in KINDS[1:]:
        assert seen(api, headers, kind) == []
        refused(api.get(f"/client-portal/{kind}/{mine[kind]}", headers=headers), 404)


def test_an_entry_whose_author_meant_it_for_the_client_is_shown(api: httpx.Client) -> None:
    headers, other = headers_of(api, person(api)), headers_of(api, person(api, OTHER_CLIENT))
    body = {"author_id": "emp_demo", "category": "anomalie", "text": "Portail ouvert.", "shared_with_client": True}
    told = made(api.post(f"/sites/{SITE}/logbook", json=body))
    assert [one["id"] for one in seen(api, headers, "entries")] == [told["id"]]
    assert seen(api, other, "entries") == []


def test_a_client_learns_nothing_of_another_ones(api: httpx.Client) -> None:
    headers = headers_of(api, person(api))
    theirs, mine = everything(api, OTHER_SITE), everything(api, SITE)
    for kind in KINDS:
        unknown = refused(api.get(f"/client-portal/{kind}/{kind}_nobody", headers=headers), 404)
        told = refused(api.get(f"/client-portal/{kind}/{theirs[kind]}", headers=headers), 404)
        assert {**told, "instance": "", "request_id": ""} == {**unknown, "instance": "", "request_id": ""}
        assert mine[kind] in [thing["id"] for thing in seen(api, headers, kind)]
        assert theirs[kind] not in api.get(f"/client-portal/{kind}?limit=200", headers=headers).text
    refused(api.get(f"/client-portal/reports/{theirs['reports']}/content", headers=headers), 404)
    for kind in ("shifts", "entries", "invoices"):
        assert made(api.get(f"/client-portal/{kind}?site_id={OTHER_SITE}", headers=headers))["items"] == []


def test_a_person_may_be_bound_to_some_of_the_clients_sites(api: httpx.Client) -> None:
    second = create(api, "/sites", client_id=CLIENT, customer_name=None, status="active")
    bound, whole = person(api, site_ids=[second["id"]]), person(api)
    mine, about_all = everything(api, SITE), report(api, "client", CLIENT)
    share(api, "report", about_all["id"])
    own = entry(api, second["id"])
    share(api, "logbook_entry", own["id"])
    narrow, wide = headers_of(api, bound), headers_of(api, whole)
    assert [site["id"] for site in seen(api, narrow, "sites")] == [second["id"]]
    assert [one["id"] for one in seen(api, narrow, "entries")] == [own["id"]]
    for kind in ("shifts", "rounds", "invoices", "reports"):
        assert seen(api, narrow, kind) == []
        refused(api.get(f"/client-portal/{kind}/{mine[kind]}", headers=narrow), 404)
    assert {one["id"] for one in seen(api, wide, "reports")} == {mine["reports"], about_all["id"]}
    made(api.patch(f"/client-users/{bound['id']}", json={"site_ids": []}, headers={"If-Match": "*"}))
    assert {site["id"] for site in seen(api, narrow, "sites")} == {SITE, second["id"]}


def test_a_site_that_goes_to_another_client_takes_nothing_along(api: httpx.Client) -> None:
    before = headers_of(api, person(api))
    after = headers_of(api, person(api, OTHER_CLIENT))
    everything(api, SITE)
    made(api.patch(f"/sites/{SITE}", json={"client_id": OTHER_CLIENT}, headers={"If-Match": "*"}))
    assert SITE in {site["id"] for site in seen(api, after, "sites")}
    for kind in KINDS[1:]:
        assert seen(api, before, kind) == []
        assert seen(api, after, kind) == []


def test_an_invoice_is_shown_to_the_client_that_it_was_written_to(api: httpx.Client) -> None:
    line = {"kind": "day", "description": "Jour", "quantity": "1", "unit_price": "20.00"}
    draft = made(api.post("/invoices", json={"title": "Jour", "client_id": CLIENT, "site_id": SITE, "lines": [line]}))
    issued = made(api.post(f"/invoices/{draft['id']}/issue", json={}))
    made(api.patch(f"/sites/{SITE}", json={"client_id": OTHER_CLIENT}, headers={"If-Match": "*"}))
    assert share(api, "invoice", issued["id"])["client_id"] == CLIENT
    before, after = headers_of(api, person(api)), headers_of(api, person(api, OTHER_CLIENT))
    assert [one["id"] for one in seen(api, before, "invoices")] == [issued["id"]]
    assert seen(api, after, "invoices") == []


def test_what_a_client_was_shown_it_sees_as_it_is_now(api: httpx.Client) -> None:
    headers = headers_of(api, person(api))
    document = report(api)
    share(api, "report", document["id"])
    draft = made(
        api.post(
            "/shifts",
            json={
                "site_id": SITE,
                "post": "Nuit",
                "starts_at": "2026-12-01T19:00:00Z",
                "ends_at": "2026-12-02T05:00:00Z",
            },
        )
    )
    share(api, "shifts", SITE)
    assert draft["id"] not in [shift["id"] for shift in seen(api, headers, "shifts")]
    made(api.patch(f"/shifts/{draft['id']}", json={"status": "cancelled"}, headers={"If-Match": "*"}))
    assert draft["id"] not in [shift["id"] for shift in seen(api, headers, "shifts")]
    made(api.post(f"/documents/{document['id']}/archive"))
    assert seen(api, headers, "reports") == []
    refused(api.get(f"/client-portal/reports/{document['id']}/content", headers=headers), 404)


def test_who_is_suspended_or_closed_or_of_a_closed_client_sees_nothing(api: httpx.Client) -> None:
    user = person(api)
    path, headers = f"/client-users/{user['id']}", headers_of(api, user)
    made(api.post(f"{path}/suspend"))
    refused(api.get("/client-portal/sites", headers=headers), 401)
    made(api.post(f"{path}/reinstate"))
    seen(api, headers, "sites")
    made(api.post(f"/sites/{SITE}/close"))
    made(api.post(f"/clients/{CLIENT}/close"))
    refused(api.get("/client-portal/sites", headers=headers), 403)
    made(api.post(f"/clients/{CLIENT}/reopen"))
    made(api.post(f"{path}/close"))
    refused(api.get("/client-portal/sites", headers=headers), 401)
    assert [token["status"] for token in api.get("/client-tokens").json()["items"]] == ["revoked"]
    at_fault(api.post("/client-tokens", json={"user_id": user["id"], "name": "x"}), "$.user_id")


def test_a_clients_token_ends_and_is_kept_as_a_hash(api: httpx.Client, sandbox: SandboxServer, clock: Clock) -> None:
    user, key = person(api), {"Idempotency-Key": "once"}
    body = {"user_id": user["id"], "name": "Portail", "expires_at": "2026-11-07T19:00:10Z"}
    token = made(api.post("/client-tokens", json=body, headers=key))
    assert made(api.post("/client-tokens", json=body, headers=key)) == token | {"secret": None}
    assert token["scopes"] == []
    headers = {"Authorization": f"Bearer {token['secret']}"}
    seen(api, headers, "sites")
    clock.advance(11)
    refused(api.get("/client-portal/sites", headers=headers), 401)
    sandbox.store.write(look)
    assert api.get(f"/client-tokens/{token['id']}").json()["status"] == "expired"
    assert refused(api.post(f"/client-tokens/{token['id']}/revoke"), 409)["allowed"] == []
    other = made(api.post("/client-tokens", json={"user_id": user["id"], "name": "x"}))
    made(api.post(f"/client-tokens/{other['id']}/revoke"))
    refused(api.get("/client-portal/sites", headers={"Authorization": f"Bearer {other['secret']}"}), 401)
    for wrong in ("2026-11-07T18:00:00Z", "2028-01-01T00:00:00Z", "2026-12-01T00:00:00"):
        at_fault(
            api.post("/client-tokens", json={"user_id": user["id"], "name": "x", "expires_at": wrong}), "$.expires_at"
        )


def test_the_companys_own_tokens_have_no_business_in_the_clients_view(api: httpx.Client) -> None:
    for kind in KINDS:
        refused(api.get(f"/client-portal/{kind}"), 403)
    refused(api.get("/client-portal/sites", headers={"Authorization": "Bearer nobody"}), 401)


def test_what_is_no_clients_or_not_to_be_shown_can_not_be_shared(api: httpx.Client) -> None:
    orphan = create(api, "/sites")
    bad = [
        ("shifts", orphan["id"]),
        ("shifts", "sit_nobody"),
        ("logbook_entry", "log_nobody"),
        ("logbook_entry", entry(api, orphan["id"])["id"]),
        ("invoice", invoice(api, issued=False)["id"]),
        ("invoice", invoice(api, None)["id"]),
        ("invoice", SITE),
        ("report", report(api, "employee", "emp_demo")["id"]),
        ("report", report(api, "organisation", "org_demo")["id"]),
        ("report", "a b"),
    ]
    for kind, subject_id in bad:
        at_fault(api.post("/shares", json={"kind": kind, "subject_id": subject_id}), "$.subject_id")
    at_fault(api.post("/shares", json={"kind": "alert", "subject_id": SITE}), "$.kind")
    first = share(api, "shifts", SITE)
    told = refused(api.post("/shares", json={"kind": "shifts", "subject_id": SITE}), 409)
    assert (told["current"], told["allowed"]) == (first, ["withdraw"])
    made(api.post(f"/shares/{first['id']}/withdraw"))
    assert refused(api.post(f"/shares/{first['id']}/withdraw"), 409)["allowed"] == []
    assert share(api, "shifts", SITE)["id"] != first["id"]


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("client_id", ["clt_nobody", "a b", "", 5]),
        ("email", ["a", "a@b c", "x" * 200 + "@b", None]),
        ("first_name", ["", " ", "x" * 101]),
        ("last_name", ["", 5]),
        ("site_ids", ["sit_entrepot", ["x"] * 201]),
    ],
)
def test_a_person_that_can_not_be_is_refused_at_its_field(
    shared_api: httpx.Client, field: str, wrong: list[Any]
) -> None:
    body = {"client_id": CLIENT, "email": "w@client.example", "first_name": "Lou", "last_name": "Dupont-Test"}
    for value in wrong:
        at_fault(shared_api.post("/client-users", json=body | {field: value}), f"$.{field}")
    at_fault(shared_api.post("/client-users", json=body | {"site_ids": [SITE, OTHER_SITE]}), "$.site_ids[1]")
    known = person(shared_api, email=f"{field}@known.example")
    at_fault(shared_api.post("/client-users", json=body | {"email": known["email"].upper()}), "$.email")


def test_the_life_of_a_client_user(api: httpx.Client) -> None:
    states = {"active": ["suspend", "close"], "suspended": ["reinstate", "close"], "closed": []}
    leads = {"suspend": "suspended", "reinstate": "active", "close": "closed"}
    for status, allowed in states.items():
        for action, to in leads.items():
            user = person(api)
            path = f"/client-users/{user['id']}"
            if status != "active":
                made(api.post(f"{path}/{'suspend' if status == 'suspended' else 'close'}"))
            answer = api.post(f"{path}/{action}")
            if action in allowed:
                assert made(answer)["status"] == to
            else:
                assert refused(answer, 409)["allowed"] == allowed
    refused(api.patch(path, json={"first_name": "Lou"}, headers={"If-Match": "*"}), 409)
    assert {user["id"] for user in api.get("/client-users?status=suspended").json()["items"]}
