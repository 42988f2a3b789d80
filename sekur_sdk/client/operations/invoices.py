"""Invoices."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import UNSET

from sekur_sdk.client.arguments import body, day, given_choice, given_id, identifier, query, whole
from sekur_sdk.client.operation import get as read
from sekur_sdk.client.operation import post
from sekur_sdk.models.billing import Invoice, InvoiceStatus
from sekur_sdk.models.paging import Page

if TYPE_CHECKING:
    from datetime import date

    from sekur_sdk.client.operation import Operation


def list_all(*, status: str | None, site_id: str | None, quote_id: str | None) -> Operation[Page[Invoice]]:
    """GET /invoices."""
    filters = query(
        given_choice("status", status, InvoiceStatus), given_id("site_id", site_id), given_id("quote_id", quote_id)
    )
    return read("/invoices", Page[Invoice], filters)


def get(invoice_id: str) -> Operation[Invoice]:
    """GET /invoices/{id}."""
    return read(f"/invoices/{identifier('invoice_id', invoice_id)}", Invoice)


def issue(invoice_id: str, *, issued_on: date | None, due_on: date | None, version: int | None) -> Operation[Invoice]:
    """POST /invoices/{id}/issue."""
    return post(
        f"/invoices/{identifier('invoice_id', invoice_id)}/issue",
        Invoice,
        body(
            issued_on=UNSET if issued_on is None else day("issued_on", issued_on),
            due_on=UNSET if due_on is None else day("due_on", due_on),
        ),
        if_match=None if version is None else whole("version", version),
    )
