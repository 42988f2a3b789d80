"""Shifts, absences and cycles for a sandbox with the demo data; no two of one employee at one time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import TYPE_CHECKING, Any

from people_bodies import BODIES, card_number, made

if TYPE_CHECKING:
    import httpx

Json = dict[str, Any]
_weeks = count(1)
FAR = datetime(2027, 1, 4, 7, tzinfo=UTC)


def at(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


def shift_body(**changes: object) -> Json:
    """A day of 8 hours, of nobody."""
    body = {
        "site_id": "sit_tour",
        "employee_id": None,
        "post": "PC sécurité jour",
        "starts_at": at(FAR),
        "ends_at": at(FAR + timedelta(hours=8)),
        "break_minutes": 20,
    }
    return body | changes


def a_shift(api: httpx.Client, **changes: object) -> Json:
    return made(api.post("/shifts", json=shift_body(**changes)))


def a_guard(api: httpx.Client, **changes: object) -> Json:
    """An employee at work, with a card and what the demo's posts ask for."""
    guard = made(
        api.post(
            "/employees",
            json=BODIES["/employees"]()
            | {"status": "active", "hired_on": "2025-01-06", "card_number": card_number("2029-12-31")}
            | changes,
        )
    )
    held = {"employee_id": guard["id"], "kind": "tfp_aps", "obtained_on": "2024-01-15"}
    made(api.post("/qualifications", json=held))
    return guard


def absence_body(**changes: object) -> Json:
    start = FAR + timedelta(weeks=next(_weeks), days=3)  # a week that no other absence has
    body = {
        "employee_id": "emp_silva",
        "kind": "conge_paye",
        "starts_at": at(start),
        "ends_at": at(start + timedelta(days=2)),
    }
    return body | changes


def cycle_body(**changes: object) -> Json:
    body = {
        "name": "Deux jours, deux nuits",
        "site_id": "sit_chantier",
        "post": "Surveillance nuit",
        "length_days": 6,
        "anchor_on": "2027-01-04",
        "slots": [
            {"day": 1, "start": "07:00", "end": "19:00", "break_minutes": 20},
            {"day": 2, "start": "19:00", "end": "07:00", "break_minutes": 20},
        ],
    }
    return body | changes


def publish(api: httpx.Client, *shifts: Json) -> Json:
    return made(api.post("/shifts/publish", json={"ids": [shift["id"] for shift in shifts]}))
