"""The lives of people's and places' resources: each state, the actions it allows, and 409 for the others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from people_bodies import BODIES, body_of, card_number, create, made, refused

from sekur_sdk.sandbox.watch import look

if TYPE_CHECKING:
    import httpx
    from conftest import Clock

    from sekur_sdk.sandbox.server import SandboxServer

KEPT = {"active": [], "archived": ["archive"]}
SERVED = {"prospect": [], "active": ["activate"], "closed": ["close"]}
PATHS: dict[str, dict[str, list[str]]] = {
    "/roles": KEPT,
    "/posts": KEPT,
    "/clients": SERVED,
    "/sites": SERVED,
    "/users": {"invited": [], "active": ["activate"], "suspended": ["activate", "suspend"], "closed": ["close"]},
    "/tokens": {"active": [], "revoked": ["revoke"]},
    "/instructions": {"draft": [], "published": ["publish"], "withdrawn": ["withdraw"]},
    "/employees": {"draft": [], "active": ["activate"], "left": ["activate", "leave"]},
    "/cards": {"valid": [], "withdrawn": ["withdraw"]},
    "/qualifications": {"valid": [], "archived": ["archive"]},
    "/employment-contracts": {
        "draft": [],
        "signed": ["sign"],
        "ended": ["sign", "end"],
        "cancelled": ["cancel"],
    },
    "/checkpoints": KEPT,
    "/round-templates": KEPT,
    "/rounds": {
        "planned": [],
        "running": ["start"],
        "completed": ["start", "scan", "end"],
        "incomplete": ["start", "end"],
        "cancelled": ["cancel"],
    },
}
"""By which actions a new resource comes to each state."""

ARCHIVE = {"active": ["archive"], "archived": ["restore"]}
SERVICE = {"prospect": ["activate", "close"], "active": ["close"], "closed": ["reopen"]}
STEPS: dict[str, dict[str, list[str]]] = {
    "/roles": ARCHIVE,
    "/posts": ARCHIVE,
    "/clients": SERVICE,
    "/sites": SERVICE,
    "/users": {
        "invited": ["activate", "close"],
        "active": ["suspend", "close"],
        "suspended": ["reinstate", "close"],
        "closed": [],
    },
    "/tokens": {"active": ["revoke"], "revoked": []},
    "/instructions": {
        "draft": ["update", "publish", "withdraw"],
        "published": ["revise", "acknowledge", "withdraw"],
        "withdrawn": [],
    },
    "/employees": {"draft": ["activate"], "active": ["leave"], "left": ["rehire"]},
    "/cards": {"valid": ["check", "withdraw"], "withdrawn": []},
    "/qualifications": {"valid": ["archive"], "archived": []},
    "/employment-contracts": {"draft": ["sign", "cancel"], "signed": ["end"], "ended": [], "cancelled": []},
    "/checkpoints": ARCHIVE,
    "/round-templates": ARCHIVE,
    "/rounds": {
        "planned": ["update", "start", "scan", "cancel"],
        "running": ["scan", "report-anomaly", "end"],
        "completed": ["scan", "report-anomaly"],
        "incomplete": ["scan", "report-anomaly"],
        "cancelled": [],
    },
}
"""The actions that each state allows."""

SENT: dict[str, dict[str, Any]] = {
    "acknowledge": {"employee_id": "emp_demo", "edition": 1},
    "check": {"result": "valid"},
    "end": {"reason": "Fin du contrat"},
    "leave": {"left_on": "2026-11-06"},
    "activate": {},
    "revise": {"text": "Fermer la porte nord."},
    "update": {"title": "Ronde du soir"},
    "report-anomaly": {"text": "Porte ouverte", "author_id": "emp_demo"},
}
HIRED = {"activate": {"hired_on": "2026-10-01"}, "rehire": {"hired_on": "2026-11-07"}}


def act(api: httpx.Client, path: str, resource: dict[str, Any], action: str) -> httpx.Response:
    own = f"{path}/{resource['id']}"
    sent = (HIRED if path == "/employees" else {}).get(action, SENT.get(action, {}))
    if path == "/rounds":
        sent = {
            "update": {"employee_id": "emp_demo"},
            "end": {},
            "scan": {
                "uid": f"u_{resource['id']}_{resource['version']}",
                "method": "manual",
                "checkpoint_id": resource["checkpoint_ids"][0],
                "manual_reason": "Badge illisible",
            },
        }.get(action, sent)
    if action == "update":
        return api.patch(own, json=sent, headers={"If-Match": "*"})
    return api.post(f"{own}/{action}", json=sent)


def brought_to(api: httpx.Client, path: str, status: str) -> dict[str, Any]:
    resource = create(api, path)
    for action in PATHS[path][status]:
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
    known = dict.fromkeys(action for actions in STEPS[path].values() for action in actions)
    for action in known:
        if action not in STEPS[path][status]:
            told = refused(act(shared_api, path, resource, action), 409)
            assert told["allowed"] == STEPS[path][status]
    now = shared_api.get(f"{path}/{resource['id']}").json()
    assert (now["status"], now["version"]) == (status, resource["version"])


@pytest.mark.parametrize(("path", "status"), STATES)
def test_a_state_allows_its_actions(shared_api: httpx.Client, path: str, status: str) -> None:
    for action in STEPS[path][status]:
        resource = brought_to(shared_api, path, status)
        made(act(shared_api, path, resource, action))
        version = shared_api.get(f"{path}/{resource['id']}").json()["version"]
        assert (version > resource["version"]) == (action != "acknowledge")


@pytest.mark.parametrize("path", BODIES)
def test_a_change_needs_the_version_that_it_was_made_from(shared_api: httpx.Client, path: str) -> None:
    resource = create(shared_api, path)
    own = f"{path}/{resource['id']}"
    field = {
        "/posts": "notes",
        "/cards": "activities",
        "/qualifications": "label",
        "/employment-contracts": "job_title",
        "/instructions": "title",
        "/employees": "job_title",
        "/users": "first_name",
        "/rounds": "planned_at",
    }.get(path, "name")
    other = {"activities": ["dog_handling"], "planned_at": "2026-11-08T01:00:00Z"}
    change = {field: other.get(field, "Autrement nommé")}
    if path == "/roles":
        change = {"scopes": ["planning:read"]}
    refused(shared_api.patch(own, json=change), 428)
    told = refused(shared_api.patch(own, json=change, headers={"If-Match": '"7"'}), 412)
    assert told["current_version"] == 1
    changed = made(shared_api.patch(own, json=change, headers={"If-Match": '"1"'}))
    assert changed["version"] == 2
    assert changed[field if path != "/roles" else "scopes"] == next(iter(change.values()))
    unchanged = made(shared_api.patch(own, json={}, headers={"If-Match": '"2"'}))
    assert unchanged == changed


@pytest.mark.parametrize("path", BODIES)
def test_a_resource_is_listed_by_its_filters_and_found_by_its_id(shared_api: httpx.Client, path: str) -> None:
    resource = create(shared_api, path)
    resource.pop("secret", None)
    assert shared_api.get(f"{path}/{resource['id']}").json() == resource
    listed = shared_api.get(f"{path}?status={resource['status']}&sort=-created_at&limit=1").json()["items"]
    assert listed == [resource]
    told = refused(shared_api.get(f"{path}?status=nope"), 400)
    assert [error["path"] for error in told["errors"]] == ["query.status"]
    refused(shared_api.get(f"{path}/{resource['id'][:4]}nobody"), 404)


@pytest.mark.parametrize("path", [path for path in BODIES if path != "/tokens"])
def test_a_creation_under_one_key_happens_once(shared_api: httpx.Client, path: str) -> None:
    body, key = body_of(shared_api, path), {"Idempotency-Key": f"once{path}"}
    first = shared_api.post(path, json=body, headers=key)
    again = shared_api.post(path, json=body, headers=key)
    assert (first.status_code, again.content) == (201, first.content)
    assert first.headers["location"] == f"/api/v1{path}/{first.json()['id']}"


@pytest.mark.parametrize("path", BODIES)
def test_a_token_without_the_scope_neither_reads_nor_writes(shared_api: httpx.Client, path: str) -> None:
    weak = create(shared_api, "/tokens", scopes=["billing:write"])["secret"]
    headers = {"Authorization": f"Bearer {weak}"}
    refused(shared_api.get(path, headers=headers), 403)
    refused(shared_api.post(path, json={}, headers=headers), 403)


def test_an_expired_card_can_only_be_withdrawn(shared_api: httpx.Client) -> None:
    card = create(shared_api, "/cards", number=card_number("2026-11-06"))
    assert card["status"] == "expired"
    told = refused(act(shared_api, "/cards", card, "check"), 409)
    assert told["allowed"] == ["withdraw"]
    assert made(act(shared_api, "/cards", card, "withdraw"))["status"] == "withdrawn"


def test_an_expired_token_can_not_be_revoked(api: httpx.Client, sandbox: SandboxServer, clock: Clock) -> None:
    token = create(api, "/tokens", expires_at="2026-11-07T19:00:10Z")
    clock.advance(11)
    sandbox.store.write(look)
    assert refused(api.post(f"/tokens/{token['id']}/revoke"), 409)["allowed"] == []
