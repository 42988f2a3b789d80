"""What quotes, invoices and contracts share: the company's day, parties, lines and their sums."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from sekur_sdk.models.billing import LineKind, Party
from sekur_sdk.models.clients import ClientStatus
from sekur_sdk.rules.invoicing import AmountTooLargeError, make_line, standard_vat_rate, total
from sekur_sdk.sandbox.inputs.body import fields_of
from sekur_sdk.sandbox.problems import rule_broken
from sekur_sdk.sandbox.store.records import clients

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date, datetime
    from decimal import Decimal

    from sekur_sdk.models.billing import Line
    from sekur_sdk.models.clients import Client
    from sekur_sdk.sandbox.inputs.billing import Buyer, QuoteLine
    from sekur_sdk.sandbox.store.writer import Transaction

PARIS = ZoneInfo("Europe/Paris")


def french_day(now: datetime) -> date:
    """The day it is in metropolitan France: documents bear the company's date."""
    return now.astimezone(PARIS).date()


def open_client(tx: Transaction, client_id: str) -> Client:
    """The client that a body names, which is not closed.

    Raises:
        RefusalError: 422.
    """
    client = clients.find(tx.connection, client_id)
    if client is None:
        raise rule_broken("$.client_id", "There is no such client")
    if client.status == ClientStatus.CLOSED:
        raise rule_broken("$.client_id", "The client is closed")
    return client


def party_of(client: Client) -> Party:
    """The client as a buyer."""
    return Party(
        name=client.name,
        legal_form=client.legal_form,
        address=client.billing_address,
        siren=client.siren,
        vat_number=client.vat_number,
        email=client.email,
    )


def parties(tx: Transaction, sent: Buyer | None, client_id: str | None) -> dict[str, Any]:
    """The `client_id` and the `buyer` of a document: as sent, or the client as it is now.

    Raises:
        RefusalError: 422, neither was sent, or there is no such client, or it is closed.
    """
    client = None if client_id is None else open_client(tx, client_id)
    if sent is not None:
        return {"client_id": client_id, "buyer": Party(**fields_of(sent))}
    if client is None:
        raise rule_broken("$.buyer", "A document has a buyer or a client_id")
    return {"client_id": client_id, "buyer": party_of(client)}


def changed_parties(tx: Transaction, changes: Mapping[str, Any]) -> dict[str, Any]:
    """What a PATCH of `buyer` or `client_id` changes."""
    if changes.get("client_id") is not None:
        return parties(tx, changes.get("buyer"), changes["client_id"])
    changed = {name: value for name, value in changes.items() if name == "client_id"}
    if "buyer" in changes:
        changed |= parties(tx, changes["buyer"], None) | changed
        if "client_id" not in changes:
            del changed["client_id"]
    return changed


def vat_rate(sent: Decimal | None, path: str, today: date) -> Decimal:
    """The rate that was sent, the standard one for none.

    Raises:
        RefusalError: 422.
    """
    if sent is None:
        return standard_vat_rate(today)
    if not 0 <= sent < 1:
        raise rule_broken(path, "A VAT rate is a fraction from 0 to below 1, like '0.2000'")
    return sent


def summed(sent: Iterable[QuoteLine], today: date) -> dict[str, Any]:
    """The `lines` and `totals` of a document.

    Raises:
        RefusalError: 422, a line that breaks a rule, or a sum below 0 or too large.
    """
    try:
        lines = tuple(_line(line, f"$.lines[{place}]", today) for place, line in enumerate(sent))
        totals = total(lines)
    except AmountTooLargeError as error:
        raise rule_broken("$.lines", str(error)) from error
    if totals.gross < 0 or any(line.base < 0 for line in totals.vat_lines):
        raise rule_broken("$.lines", "A document's total is not negative, at no rate of VAT: that is a credit note")
    return {"lines": lines, "totals": totals}


def _line(line: QuoteLine, path: str, today: date) -> Line:
    if line.quantity <= 0:
        raise rule_broken(f"{path}.quantity", "A quantity is above 0")
    if line.discount_rate is not None and not 0 <= line.discount_rate <= 1:
        raise rule_broken(f"{path}.discount_rate", "A discount is a fraction from 0 to 1, like '0.0500'")
    return make_line(
        kind=LineKind(line.kind),
        description=line.description,
        quantity=line.quantity,
        unit_price=line.unit_price,
        vat_rate=vat_rate(line.vat_rate, f"{path}.vat_rate", today),
        **({} if line.discount_rate is None else {"discount_rate": line.discount_rate}),
    )


def refuse_backwards(start: date | None, end: date | None) -> None:
    """Refuse a period that ends before it starts.

    Raises:
        RefusalError: 422.
    """
    if start is not None and end is not None and end < start:
        raise rule_broken("$.period_end", "A period does not end before it starts")
