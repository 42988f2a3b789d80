"""Requests for signatures: signers in their order, each state's actions, the evidence, the count of article 7.1."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from people_bodies import at_fault, made, refused

from sekur_sdk.sandbox.trade import signatures as trade
from sekur_sdk.sandbox.watch import look

if TYPE_CHECKING:
    import httpx
    from conftest import Clock

    from sekur_sdk.sandbox.server import SandboxServer

SIGNERS = [
    {"name": "Camille Rochefontaine", "email": "camille@vigie-fictive.example"},
    {"name": "Lou Dupont-Test", "email": "lou@client.example"},
]
ALLOWED = {
    "draft": ["update", "send", "cancel"],
    "sent": ["view", "decline", "cancel"],
    "viewed": ["view", "sign", "decline", "cancel"],
    "signed": [],
    "declined": [],
    "cancelled": [],
    "expired": [],
}
WAYS = {
    "draft": [],
    "sent": ["send"],
    "viewed": ["send", "view"],
    "signed": ["send", "view", "sign"],
    "declined": ["send", "decline"],
    "cancelled": ["cancel"],
}


def document(api: httpx.Client) -> dict[str, Any]:
    headers = {"Content-Type": "application/pdf", "Content-Disposition": 'attachment; filename="contrat.pdf"'}
    attachment = made(api.post("/attachments", content=b"%PDF contrat", headers=headers))
    about = {"kind": "employment_contract", "title": "Contrat", "subject_kind": "employee", "subject_id": "emp_demo"}
    return made(api.post("/documents", json={"attachment_id": attachment["id"]} | about))


def request(api: httpx.Client, count: int = 1, **fields: Any) -> dict[str, Any]:
    body = {"document_id": document(api)["id"], "signers": SIGNERS[:count]}
    return made(api.post("/signature-requests", json=body | fields))


def act(api: httpx.Client, asked: dict[str, Any], action: str, turn: int = 0, **fields: Any) -> httpx.Response:
    path = f"/signature-requests/{asked['id']}"
    if action == "update":
        return api.patch(path, json={"title": "Autre"}, headers={"If-Match": "*"})
    body: dict[str, Any] = {}
    if action in ("view", "sign", "decline"):
        body = {"signer": SIGNERS[turn]["email"], "method": "sms_code"}
    if action in ("view", "sign"):
        body["sha256"] = asked["sha256"]
    return api.post(f"{path}/{action}", json=body | fields)


def brought_to(api: httpx.Client, status: str) -> dict[str, Any]:
    asked = request(api)
    for action in WAYS[status]:
        asked = made(act(api, asked, action))
    assert asked["status"] == status
    return asked


@pytest.mark.parametrize("status", WAYS)
def test_a_state_allows_its_actions_and_names_them_to_others(shared_api: httpx.Client, status: str) -> None:
    resting = brought_to(shared_api, status)
    for action in ("update", "send", "view", "sign", "decline", "cancel"):
        if action in ALLOWED[status]:
            made(act(shared_api, brought_to(shared_api, status), action))
        else:
            told = refused(act(shared_api, resting, action), 409)
            assert (told["allowed"], told["current"]) == (ALLOWED[status], resting)


def test_signers_sign_in_their_order_each_after_a_look_and_leave_evidence(api: httpx.Client, clock: Clock) -> None:
    asked = made(act(api, request(api, 2), "send"))
    assert (asked["signer"], asked["sent_at"]) == (SIGNERS[0]["email"], "2026-11-07T19:00:00Z")
    at_fault(act(api, asked, "view", 1), "$.signer")
    made(act(api, asked, "view"))
    at_fault(act(api, asked, "sign", 1), "$.signer")
    at_fault(act(api, asked, "sign", sha256="0" * 64), "$.sha256")
    clock.advance(60)
    asked = made(act(api, asked, "sign"))
    assert (asked["status"], asked["signer"], asked["completed_at"]) == ("sent", SIGNERS[1]["email"], None)
    assert refused(act(api, asked, "sign", 1), 409)["allowed"] == ALLOWED["sent"]
    made(act(api, asked, "view", 1, method="in_person"))
    signed = made(act(api, asked, "sign", 1))
    assert (signed["status"], signed["signer"], signed["completed_at"]) == ("signed", None, "2026-11-07T19:01:00Z")
    told = [(one["action"], one["signer"], one["method"], one["at"][14:16]) for one in signed["evidence"]]
    first, second = (signer["email"] for signer in SIGNERS)
    assert told == [
        ("viewed", first, "sms_code", "00"),
        ("signed", first, "sms_code", "01"),
        ("viewed", second, "in_person", "01"),
        ("signed", second, "sms_code", "01"),
    ]
    assert {(one["sha256"], one["recorded_by"]) for one in signed["evidence"]} == {(asked["sha256"], "Poste central")}


def test_one_who_declines_ends_it_for_all(api: httpx.Client) -> None:
    asked = made(act(api, request(api, 2), "send"))
    declined = made(act(api, asked, "decline", reason="Montant faux"))
    assert (declined["status"], declined["evidence"][0]["reason"], declined["signer"]) == (
        "declined",
        "Montant faux",
        None,
    )
    refused(act(api, declined, "view", 1), 409)


def test_each_signature_given_counts_and_is_priced_by_the_packs(api: httpx.Client) -> None:
    assert made(api.get("/signature-usage")) == {"used": 0, "price": "0.00"}
    asked = made(act(api, request(api, 2), "send"))
    made(act(api, asked, "view"))
    made(act(api, asked, "sign"))
    made(act(api, asked, "decline", 1))
    assert made(api.get("/signature-usage")) == {"used": 1, "price": "0.90"}


def test_forty_five_signatures_cost_a_pack(store: Any) -> None:
    # the trade's vector: 44 are 39.60, 45 are 40.00
    import sqlalchemy as sa

    from sekur_sdk.sandbox.store import outside_tables, people_tables, schema

    def given(tx: Any) -> None:
        tx.connection.execute(
            sa.insert(schema.attachment).values(
                id="att_1", name="x", content_type="a/b", size=1, sha256="0", created_at=tx.now
            )
        )
        tx.connection.execute(
            sa.insert(people_tables.document).values(
                id="doc_1", attachment_id="att_1", sha256="0", size=1, content_type="a/b", kind="other", title="x",
                subject_kind="site", subject_id="sit_tour", status="active", version=1, created_at=tx.now, updated_at=tx.now,
            )
        )  # fmt: skip
        tx.connection.execute(
            sa.insert(outside_tables.signature_request).values(
                id="sig_1", document_id="doc_1", sha256="0", title="x", signers=(), evidence=(), signatures=45,
                expires_at=tx.now, status="signed", version=1, created_at=tx.now, updated_at=tx.now,
            )
        )  # fmt: skip

    store.write(given)
    with store.read() as connection:
        counted = trade.usage(connection, store.now())
    assert (counted.used, str(counted.price)) == (45, "40.00")


def test_a_request_past_its_time_is_refused_at_once_and_expires_by_itself(
    api: httpx.Client, sandbox: SandboxServer, clock: Clock
) -> None:
    asked = made(act(api, request(api, expires_at="2026-11-07T20:00:00Z"), "send"))
    made(act(api, asked, "view"))
    clock.advance(3600)
    refused(act(api, asked, "sign"), 409)
    sandbox.store.write(look)
    expired = api.get(f"/signature-requests/{asked['id']}").json()
    assert (expired["status"], expired["signer"], expired["completed_at"]) == ("expired", None, "2026-11-07T20:00:00Z")
    assert refused(act(api, asked, "cancel"), 409)["allowed"] == []
    assert api.get("/signature-requests?status=expired").json()["items"] == [expired]


def test_the_document_is_what_it_was_when_it_was_asked_for(api: httpx.Client) -> None:
    asked = request(api)
    assert asked["sha256"] == api.get(f"/documents/{asked['document_id']}").json()["sha256"]
    assert asked["title"] == "Contrat"
    made(api.post(f"/documents/{asked['document_id']}/archive"))
    body = {"document_id": asked["document_id"], "signers": SIGNERS}
    at_fault(api.post("/signature-requests", json=body), "$.document_id")


@pytest.mark.parametrize(
    ("field", "wrong", "path"),
    [
        ("document_id", ["doc_nobody", "a b", 5], "$.document_id"),
        ("signers", [[], SIGNERS * 6, "x"], "$.signers"),
        ("signers", [[SIGNERS[0], {"name": "X", "email": "CAMILLE@vigie-fictive.example"}]], "$.signers[1].email"),
        ("signers", [[{"name": "", "email": "a@b"}]], "$.signers[0].name"),
        ("signers", [[{"name": "X", "email": "a"}]], "$.signers[0].email"),
        ("title", ["", "x" * 201], "$.title"),
        ("expires_at", ["2026-11-07T19:00:00Z", "2027-12-01T00:00:00Z", "2026-12-01T00:00:00"], "$.expires_at"),
    ],
)
def test_a_request_that_can_not_be_is_refused_at_its_field(
    shared_api: httpx.Client, field: str, wrong: list[Any], path: str
) -> None:
    body = {"document_id": document(shared_api)["id"], "signers": SIGNERS}
    for value in wrong:
        at_fault(shared_api.post("/signature-requests", json=body | {field: value}), path)
        if field != "document_id":
            own = f"/signature-requests/{request(shared_api)['id']}"
            at_fault(shared_api.patch(own, json={field: value}, headers={"If-Match": "*"}), path)


def test_a_step_that_can_not_be_is_refused_at_its_field(shared_api: httpx.Client) -> None:
    asked = brought_to(shared_api, "sent")
    for field, wrong in (
        ("signer", ["nobody@x.example", "a", 5]),
        ("sha256", ["0" * 64, "0", 5]),
        ("method", ["fax", ""]),
    ):
        for value in wrong:
            at_fault(act(shared_api, asked, "view", **{field: value}), f"$.{field}")


def test_a_draft_is_changed_from_the_version_it_was_read_at(shared_api: httpx.Client) -> None:
    asked = request(shared_api)
    path = f"/signature-requests/{asked['id']}"
    refused(shared_api.patch(path, json={"title": "X"}), 428)
    refused(shared_api.patch(path, json={"title": "X"}, headers={"If-Match": '"7"'}), 412)
    changed = made(shared_api.patch(path, json={"signers": SIGNERS[::-1]}, headers={"If-Match": '"1"'}))
    assert (changed["version"], changed["signers"]) == (2, SIGNERS[::-1])
    assert made(shared_api.patch(path, json={}, headers={"If-Match": "*"})) == changed


def test_views_without_end_are_refused(api: httpx.Client) -> None:
    asked = brought_to(api, "sent")
    for _ in range(trade.MAX_VIEWS):
        made(act(api, asked, "view"))
    refused(act(api, asked, "view"), 409)
    assert made(act(api, asked, "sign"))["status"] == "signed"


def test_a_document_that_the_token_may_not_read_is_not_sent_for_signature(
    api: httpx.Client, sandbox: SandboxServer
) -> None:
    sandbox.access.allow("signatures-only-0123456789", name="Signatures", scopes=["signatures:write"])
    body = {"document_id": document(api)["id"], "signers": SIGNERS[:1]}
    alone = {"Authorization": "Bearer signatures-only-0123456789"}
    at_fault(api.post("/signature-requests", json=body, headers=alone), "$.document_id")
