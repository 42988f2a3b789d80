"""Bodies that make one of each resource of people and places, for a sandbox with the demo data; no two alike."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx

Json = dict[str, Any]
_numbers = count(1)


def card_number(expires_on: str, serial: int | None = None) -> str:
    return f"CAR-075-{expires_on}-{20240000000 + (serial or next(_numbers)):011d}"


def role() -> Json:
    return {"name": f"Rôle {next(_numbers)}", "scopes": ["planning:write", "sites:read"]}


def client() -> Json:
    return {"name": f"Client {next(_numbers)}", "billing_address": "1 rue d'Essai, 75000 Paris"}


def site() -> Json:
    return {
        "name": f"Site {next(_numbers)}",
        "customer_name": "Essai SA",
        "address": "2 rue d'Essai",
        "status": "prospect",
    }


def post() -> Json:
    return {"site_id": "sit_entrepot", "name": f"Poste {next(_numbers)}"}


def instruction() -> Json:
    return {"kind": "site", "site_id": "sit_tour", "title": "Ronde", "text": "Fermer la porte sud à 22 h."}


def employee() -> Json:
    return {
        "staff_number": f"T{next(_numbers):04d}",
        "first_name": "Alix",
        "last_name": "Testard",
        "job_title": "Agent de sécurité",
        "status": "draft",
    }


def card() -> Json:
    return {"employee_id": "emp_demo", "number": card_number("2030-01-31")}


def qualification() -> Json:
    return {"employee_id": "emp_demo", "kind": "sst", "obtained_on": "2025-01-15"}


def employment() -> Json:
    return {
        "employee_id": "EMPLOYEE",
        "kind": "cdd",
        "reason": "Surcroît d'activité",
        "job_title": "Agent de sécurité",
        "coefficient": 140,
        "weekly_hours": "35",
        "starts_on": "2021-01-04",
        "ends_on": "2021-03-31",
    }


def user() -> Json:
    return {
        "email": f"u{next(_numbers)}@vigie-fictive.example",
        "first_name": "Alix",
        "last_name": "Testard",
        "role_ids": ["ROLE"],
    }


def token() -> Json:
    return {"name": "Essai", "scopes": ["planning:read"]}


def checkpoint() -> Json:
    number = next(_numbers)
    return {"site_id": "sit_entrepot", "name": f"Pointeau {number}", "tag_kind": "nfc", "tag": f"04:{number:06}"}


def round_template() -> Json:
    return {"site_id": "sit_entrepot", "name": f"Ronde {next(_numbers)}", "checkpoint_ids": ["CHECKPOINT"]}


def patrol_round() -> Json:
    return {"template_id": "TEMPLATE"}


BODIES: dict[str, Callable[[], Json]] = {
    "/roles": role,
    "/users": user,
    "/tokens": token,
    "/clients": client,
    "/sites": site,
    "/posts": post,
    "/instructions": instruction,
    "/employees": employee,
    "/cards": card,
    "/qualifications": qualification,
    "/employment-contracts": employment,
    "/checkpoints": checkpoint,
    "/round-templates": round_template,
    "/rounds": patrol_round,
}


def body_of(api: httpx.Client, path: str) -> Json:
    """A body for POST `path`, its references among what is there."""
    body = BODIES[path]()
    if body.get("role_ids") == ["ROLE"]:
        body["role_ids"] = [api.get("/roles?limit=1").json()["items"][0]["id"]]
    if body.get("employee_id") == "EMPLOYEE":
        # one without another contract
        body["employee_id"] = create(api, "/employees")["id"]
    if body.get("checkpoint_ids") == ["CHECKPOINT"]:
        body["checkpoint_ids"] = [create(api, "/checkpoints")["id"]]
    if body.get("template_id") == "TEMPLATE":
        body["template_id"] = create(api, "/round-templates")["id"]
    return body


def made(answer: httpx.Response) -> Json:
    assert answer.status_code in (200, 201), answer.text
    body: Json = answer.json()
    return body


def refused(answer: httpx.Response, status: int) -> Json:
    assert answer.status_code == status, answer.text
    body: Json = answer.json()
    return body


def at_fault(answer: httpx.Response, path: str) -> None:
    """That a body was refused for this path alone."""
    assert [error["path"] for error in refused(answer, 422)["errors"]] == [path]


def create(api: httpx.Client, path: str, **changes: object) -> Json:
    return made(api.post(path, json=body_of(api, path) | changes))
