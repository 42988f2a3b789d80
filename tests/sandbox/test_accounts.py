"""Roles, users and tokens: nobody gives what it may not do itself, and what is taken away is gone at once."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
from people_bodies import at_fault, create, made, refused

from sekur_sdk.sandbox.store import people_tables, schema
from sekur_sdk.sandbox.watch import look

if TYPE_CHECKING:
    import httpx
    from conftest import Clock

    from sekur_sdk.sandbox.server import SandboxServer

ANY = {"If-Match": "*"}


def bearer(token: dict[str, Any]) -> dict[str, str]:
    return {"Authorization": f"Bearer {token['secret']}"}


def an_active_user(api: httpx.Client, *scopes: str) -> tuple[dict[str, Any], dict[str, Any]]:
    role = create(api, "/roles", scopes=list(scopes))
    user = create(api, "/users", role_ids=[role["id"]])
    return role, made(api.post(f"/users/{user['id']}/activate"))


def test_a_token_is_shown_once_and_kept_as_its_hash(api: httpx.Client, sandbox: SandboxServer) -> None:
    after = sandbox.feed.latest
    token = create(api, "/tokens")
    assert api.get("/shifts", headers=bearer(token)).status_code == 200
    for answer in (api.get(f"/tokens/{token['id']}"), api.get("/tokens")):
        assert "secret" not in answer.text
    with sandbox.store.read() as connection:
        for table in (people_tables.api_token, schema.idempotency, schema.event):
            assert token["secret"] not in str(connection.execute(sa.select(table)).all())
    [(_, kind, data)] = sandbox.feed.read(after, frozenset())[0]
    assert (kind, "secret" in data) == ("token.created", False)


def test_the_replay_of_a_creation_has_no_secret_and_nothing_stored_has(
    api: httpx.Client, sandbox: SandboxServer
) -> None:
    body, key = {"name": "Nuit", "scopes": ["planning:read"]}, {"Idempotency-Key": "k"}
    first, again = (made(api.post("/tokens", json=body, headers=key)) for _ in range(2))
    assert again == first | {"secret": None}
    with sandbox.store.read() as connection:
        assert first["secret"] not in str(connection.execute(sa.select(schema.idempotency)).all())


def test_a_revoked_token_is_refused_from_then_on(api: httpx.Client) -> None:
    token = create(api, "/tokens")
    assert api.get("/shifts", headers=bearer(token)).status_code == 200
    revoked = made(api.post(f"/tokens/{token['id']}/revoke"))
    assert revoked["revoked_at"] == "2026-11-07T19:00:00Z"
    refused(api.get("/shifts", headers=bearer(token)), 401)


def test_a_token_ends_at_its_time(api: httpx.Client, sandbox: SandboxServer, clock: Clock) -> None:
    token = create(api, "/tokens", expires_at="2026-11-07T20:00:00Z")
    clock.advance(3599)
    assert api.get("/shifts", headers=bearer(token)).status_code == 200
    clock.advance(1)
    refused(api.get("/shifts", headers=bearer(token)), 401)
    sandbox.store.write(look)
    assert made(api.get(f"/tokens/{token['id']}"))["status"] == "expired"


def test_a_token_is_for_ninety_days_unless_told_and_for_a_year_at_most(shared_api: httpx.Client) -> None:
    assert create(shared_api, "/tokens")["expires_at"] == "2027-02-05T19:00:00Z"
    create(shared_api, "/tokens", expires_at="2027-11-08T19:00:00Z")
    body = {"name": "x", "scopes": ["planning:read"]}
    for at in ("2027-11-08T19:00:01Z", "2026-11-07T19:00:00Z"):
        at_fault(shared_api.post("/tokens", json=body | {"expires_at": at}), "$.expires_at")


def test_nobody_gives_a_scope_that_it_does_not_have(shared_api: httpx.Client) -> None:
    weak = bearer(create(shared_api, "/tokens", scopes=["users:write", "planning:write"]))
    body = {"name": "x", "scopes": ["planning:read", "billing:read"]}
    at_fault(shared_api.post("/tokens", json=body, headers=weak), "$.scopes[1]")
    at_fault(shared_api.post("/roles", json=body | {"name": "R"}, headers=weak), "$.scopes[1]")
    made(shared_api.post("/tokens", json=body | {"scopes": ["planning:read"]}, headers=weak))
    strong = create(shared_api, "/roles", scopes=["billing:write"])
    own = f"/roles/{strong['id']}"
    user = {"email": "weak@vigie-fictive.example", "first_name": "A", "last_name": "B", "role_ids": [strong["id"]]}
    at_fault(shared_api.post("/users", json=user, headers=weak), "$.role_ids[0]")
    made(shared_api.post(f"{own}/archive"))
    refused(shared_api.post(f"{own}/restore", headers=weak), 422)
    at_fault(shared_api.post("/tokens", json={"name": "x", "scopes": ["nothing:read"]}), "$.scopes[0]")


def test_a_users_token_may_no_more_than_the_user(shared_api: httpx.Client) -> None:
    _, user = an_active_user(shared_api, "planning:write")
    body = {"name": "x", "user_id": user["id"]}
    at_fault(shared_api.post("/tokens", json=body | {"scopes": ["sites:read"]}), "$.scopes[0]")
    token = made(shared_api.post("/tokens", json=body | {"scopes": ["planning:write"]}))
    assert shared_api.get("/shifts", headers=bearer(token)).status_code == 200
    refused(shared_api.get("/sites", headers=bearer(token)), 403)


def test_what_a_role_loses_its_users_tokens_lose_at_once(api: httpx.Client) -> None:
    role, user = an_active_user(api, "planning:write", "sites:read")
    token = create(api, "/tokens", user_id=user["id"], scopes=["planning:write", "sites:read"])
    assert api.get("/sites", headers=bearer(token)).status_code == 200
    made(api.patch(f"/roles/{role['id']}", json={"scopes": ["planning:read"]}, headers=ANY))
    refused(api.get("/sites", headers=bearer(token)), 403)
    assert api.get("/shifts", headers=bearer(token)).status_code == 200
    refused(api.post("/shifts", json={}, headers=bearer(token)), 403)


def test_a_suspended_users_tokens_rest_and_a_closed_ones_are_gone(api: httpx.Client) -> None:
    _, user = an_active_user(api, "planning:write")
    token = create(api, "/tokens", user_id=user["id"])
    own = f"/users/{user['id']}"
    statuses = []
    for action in ("suspend", "reinstate", "close"):
        made(api.post(f"{own}/{action}"))
        statuses.append(api.get("/shifts", headers=bearer(token)).status_code)
    assert statuses == [401, 200, 401]
    assert made(api.get(f"/tokens/{token['id']}"))["status"] == "revoked"


def test_a_token_that_a_users_token_makes_ends_with_the_user(api: httpx.Client) -> None:
    _, user = an_active_user(api, "users:write", "planning:read")
    own = create(api, "/tokens", scopes=["users:write", "planning:read"], user_id=user["id"])
    further = made(api.post("/tokens", json={"name": "Copie", "scopes": ["planning:read"]}, headers=bearer(own)))
    assert (further["user_id"], api.get("/shifts", headers=bearer(further)).status_code) == (user["id"], 200)
    made(api.post(f"/users/{user['id']}/close"))
    refused(api.get("/shifts", headers=bearer(further)), 401)


def test_a_token_is_for_an_active_user(shared_api: httpx.Client) -> None:
    invited = create(shared_api, "/users")
    body = {"name": "x", "scopes": ["planning:read"]}
    for user in (invited["id"], "usr_nobody"):
        at_fault(shared_api.post("/tokens", json=body | {"user_id": user}), "$.user_id")


def test_a_role_that_somebody_has_is_not_archived(shared_api: httpx.Client) -> None:
    role, user = an_active_user(shared_api, "planning:read")
    refused(shared_api.post(f"/roles/{role['id']}/archive"), 409)
    made(shared_api.post(f"/users/{user['id']}/close"))
    made(shared_api.post(f"/roles/{role['id']}/archive"))
    at_fault(
        shared_api.post(
            "/users", json={"email": "z@z.fr", "first_name": "A", "last_name": "B", "role_ids": [role["id"]]}
        ),
        "$.role_ids[0]",
    )


def test_an_address_and_a_roles_name_are_ones_own(shared_api: httpx.Client) -> None:
    user, role = create(shared_api, "/users"), create(shared_api, "/roles")
    body = {"email": user["email"].upper(), "first_name": "A", "last_name": "B", "role_ids": user["role_ids"]}
    at_fault(shared_api.post("/users", json=body), "$.email")
    at_fault(shared_api.post("/roles", json={"name": role["name"], "scopes": ["planning:read"]}), "$.name")
    made(shared_api.post(f"/users/{user['id']}/close"))
    made(shared_api.post("/users", json=body))


def test_events_tell_a_token_of_that_alone_which_it_may_read(api: httpx.Client, sandbox: SandboxServer) -> None:
    some = bearer(create(api, "/tokens", scopes=["events:read", "planning:read"]))
    after = sandbox.feed.latest
    create(api, "/clients")
    create(api, "/employees")
    shift = json.loads((api.post("/shifts", json=_SHIFT)).text)
    with api.stream("GET", f"/events?after={after}", headers=some) as answer:
        seen = []
        for line in answer.iter_lines():
            if line.startswith("event: "):
                seen.append(line)
                break
    assert seen == ["event: shift.created"]
    assert shift["status"] == "draft"
    refused(api.get("/events?types=employee.created", headers=some), 403)
    none = bearer(create(api, "/tokens", scopes=["events:read"]))
    refused(api.get("/events", headers=none), 403)


_SHIFT = {
    "site_id": "sit_entrepot",
    "post": "Rondier nuit",
    "starts_at": "2026-11-08T19:00:00+01:00",
    "ends_at": "2026-11-09T07:00:00+01:00",
}


@pytest.mark.parametrize("size", [10_000])
def test_a_wrong_token_is_refused_whatever_its_size(shared_api: httpx.Client, size: int) -> None:
    refused(shared_api.get("/shifts", headers={"Authorization": f"Bearer {'x' * size}"}), 401)
