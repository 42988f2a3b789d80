"""Bodies that make one of each resource of billing, for a sandbox with the demo data; no two alike."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from people_bodies import create, made

from sekur_sdk.sandbox.store import schema

if TYPE_CHECKING:
    import httpx

    from sekur_sdk.sandbox.server import SandboxServer

Json = dict[str, Any]
_numbers = count(1)


def line(**changes: object) -> Json:
    return {
        "kind": "night",
        "description": "Heures de nuit",
        "quantity": "100",
        "unit_price": "25",
        "vat_rate": "0.2",
    } | changes


def quote(**changes: object) -> Json:
    return {"client_id": "clt_grand_large", "site_id": "sit_entrepot", "title": "Nuit", "lines": [line()]} | changes


def invoice(**changes: object) -> Json:
    return {"client_id": "clt_grand_large", "title": f"Renfort {next(_numbers)}", "lines": [line()]} | changes


def price(kind: str, unit_price: str, **changes: object) -> Json:
    return {"kind": kind, "description": f"Heures {kind}", "unit_price": unit_price} | changes


def contract(api: httpx.Client, **changes: object) -> Json:
    """A contract's body, for a site that no other has."""
    if "site_id" not in changes:
        changes["site_id"] = create(api, "/sites", client_id="clt_grand_large", customer_name=None)["id"]
    return {
        "client_id": "clt_grand_large",
        "title": "Surveillance",
        "prices": [price("day", "20"), price("night", "30")],
        "starts_on": "2026-10-01",
    } | changes


def post(api: httpx.Client, path: str, body: Json | None = None) -> Json:
    return made(api.post(path, json=body or {}))


def issued(api: httpx.Client, *, due_on: str | None = None, **changes: object) -> Json:
    """An issued invoice, of 3,000.00 euros including VAT unless told."""
    draft = post(api, "/invoices", invoice(**changes))
    return post(api, f"/invoices/{draft['id']}/issue", {} if due_on is None else {"due_on": due_on})


def pay(api: httpx.Client, invoice_id: str, amount: str, **changes: object) -> Json:
    """A confirmed payment."""
    body = {"invoice_id": invoice_id, "amount": amount, "method": "transfer", "status": "confirmed"}
    return post(api, "/payments", body | changes)


def events(sandbox: SandboxServer, after: int) -> list[str]:
    """The types of what happened since."""
    with sandbox.store.read() as connection:
        event = schema.event
        rows = connection.execute(sa.select(event.c.type).where(event.c.id > after).order_by(event.c.id))
        return list(rows.scalars())
