"""Ours: ``sekur-sdk``, its base install, from the wheel of this tree."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from sekur_sdk import Body, Request

NAME = "sekur-sdk"
REQUIREMENTS = ()  # the wheel of this tree brings what it needs
PACKAGES = ("sekur_sdk",)

MAKE = "from sekur_sdk import SekurClient; client = SekurClient('{url}', token='t0ken')"
COLD = f"{MAKE}\nwith client: assert client.shifts.get('shf_1').version == 1"

RECORD = {
    "id": "shf_1",
    "site_id": "sit_entrepot",
    "employee_id": "emp_demo",
    "post": "PC sécurité",
    "post_id": "pst_pc",
    "starts_at": "2026-11-07T19:00:00Z",
    "ends_at": "2026-11-08T07:00:00Z",
    "break_minutes": 30,
    "notes": None,
    "published_at": "2026-11-02T10:00:00Z",
    "acknowledged_at": None,
    "replaces_id": None,
    "status": "published",
    "version": 1,
    "created_at": "2026-11-01T10:00:00Z",
    "updated_at": "2026-11-01T10:00:00Z",
}
ANSWERS = {"/api/v1/shifts/shf_1": RECORD}


def page(count: int) -> bytes:
    """A page of shifts."""
    items = [RECORD | {"id": f"shf_{number}", "version": number + 1} for number in range(count)]
    return json.dumps({"items": items, "next_cursor": None}).encode()


def calls(url: str) -> Callable[[], object]:
    """One GET, typed."""
    from sekur_sdk import SekurClient

    client = SekurClient(url, token="t0ken")
    return lambda: client.shifts.get("shf_1").starts_at


def async_calls(url: str) -> Callable[[], Awaitable[object]]:
    """One GET, typed."""
    from sekur_sdk import AsyncSekurClient

    client = AsyncSekurClient(url, token="t0ken")
    return lambda: client.shifts.get("shf_1")


def page_reader(body: bytes) -> Callable[[], object]:
    """A whole call whose answer is in memory already."""
    from sekur_sdk import Response, SekurClient

    class InMemory:
        def send(self, request: Request) -> Response:
            return Response(status=200, headers={"content-type": "application/json"}, body=body)

        def open(self, request: Request) -> Body:
            raise NotImplementedError

        def close(self) -> None:
            pass

    client = SekurClient("http://127.0.0.1", token="t0ken", transport=InMemory())
    return lambda: client.shifts.list().page().items
