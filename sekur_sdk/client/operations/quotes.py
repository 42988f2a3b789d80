"""Quotes."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import attrs
from msgspec import UNSET

from sekur_sdk.client.arguments import (
    Json,
    body,
    choice,
    day,
    decimal,
    given_choice,
    given_id,
    identifier,
    query,
    whole,
    words,
)
from sekur_sdk.client.errors import ArgumentError
from sekur_sdk.client.operation import get as read
from sekur_sdk.client.operation import post
from sekur_sdk.models.billing import Invoice, LineKind, Party, Quote, QuoteStatus
from sekur_sdk.models.paging import Page

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from sekur_sdk.client.operation import Operation

_RATE_PLACES = 4


@attrs.frozen(kw_only=True)
class NewLine:
    """A line to be quoted; the server works out the amounts.

    `quantity` in hours, or in units for a flat line; `unit_price` in euros excluding VAT; `vat_rate` as a fraction
    (`Decimal("0.2")` is 20 %), that of the company when None.
    """

    kind: LineKind | str
    description: str
    quantity: Decimal | int
    unit_price: Decimal | int
    vat_rate: Decimal | int | None = None


def list_all(*, status: str | None, site_id: str | None) -> Operation[Page[Quote]]:
    """GET /quotes."""
    filters = query(given_choice("status", status, QuoteStatus), given_id("site_id", site_id))
    return read("/quotes", Page[Quote], filters)


def get(quote_id: str) -> Operation[Quote]:
    """GET /quotes/{id}."""
    return read(f"/quotes/{identifier('quote_id', quote_id)}", Quote)


def create(
    *, buyer: Party, title: str, lines: Sequence[NewLine], site_id: str | None, valid_until: date | None
) -> Operation[Quote]:
    """POST /quotes."""
    if not lines:
        raise ArgumentError("lines", "a quote has one line at least")
    return post(
        "/quotes",
        Quote,
        body(
            buyer=_write_party(buyer),
            title=words("title", title),
            lines=[_write_line(f"lines[{index}]", line) for index, line in enumerate(lines)],
            site_id=UNSET if site_id is None else identifier("site_id", site_id),
            valid_until=UNSET if valid_until is None else day("valid_until", valid_until),
        ),
    )


def send(quote_id: str, *, version: int | None) -> Operation[Quote]:
    """POST /quotes/{id}/send."""
    return _step(quote_id, "send", version)


def accept(quote_id: str, *, version: int | None) -> Operation[Quote]:
    """POST /quotes/{id}/accept."""
    return _step(quote_id, "accept", version)


def refuse(quote_id: str, *, version: int | None) -> Operation[Quote]:
    """POST /quotes/{id}/refuse."""
    return _step(quote_id, "refuse", version)


def convert(
    quote_id: str, *, period_start: date | None, period_end: date | None, version: int | None
) -> Operation[Invoice]:
    """POST /quotes/{id}/convert."""
    return post(
        f"/quotes/{identifier('quote_id', quote_id)}/convert",
        Invoice,
        body(
            period_start=UNSET if period_start is None else day("period_start", period_start),
            period_end=UNSET if period_end is None else day("period_end", period_end),
        ),
        subject=Quote,
        if_match=None if version is None else whole("version", version),
    )


def _step(quote_id: str, step: str, version: int | None) -> Operation[Quote]:
    return post(
        f"/quotes/{identifier('quote_id', quote_id)}/{step}",
        Quote,
        body(),
        if_match=None if version is None else whole("version", version),
    )


def _write_party(party: Party) -> dict[str, Json]:
    optional = {"siren": party.siren, "vat_number": party.vat_number, "email": party.email}
    return {
        "name": words("buyer.name", party.name),
        "address": words("buyer.address", party.address),
        **{name: value for name, value in optional.items() if value is not None},
    }


def _write_line(path: str, line: NewLine) -> dict[str, Json]:
    written: dict[str, Json] = {
        "kind": choice(f"{path}.kind", line.kind, LineKind),
        "description": words(f"{path}.description", line.description),
        "quantity": decimal(f"{path}.quantity", line.quantity, places=_RATE_PLACES),
        "unit_price": decimal(f"{path}.unit_price", line.unit_price, places=_RATE_PLACES),
    }
    if line.vat_rate is not None:
        written["vat_rate"] = decimal(f"{path}.vat_rate", line.vat_rate, places=_RATE_PLACES)
    return written
