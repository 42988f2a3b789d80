"""Credit notes: the one way to take back what an issued invoice says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from sekur_sdk.models.events import EventType
from sekur_sdk.models.scalars import Amount
from sekur_sdk.rules.crediting import Credit, TooMuchCreditedError, credit
from sekur_sdk.rules.invoicing import credit_note_mentions
from sekur_sdk.sandbox.problems import rule_broken
from sekur_sdk.sandbox.store.records import credit_notes
from sekur_sdk.sandbox.trade.billing import french_day
from sekur_sdk.sandbox.trade.invoices import LIFE, restate, the_company
from sekur_sdk.sandbox.trade.steps import step

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal

    from sekur_sdk.models.billing import CreditNote, Invoice
    from sekur_sdk.sandbox.inputs.billing import CreditLine, InvoiceCredit
    from sekur_sdk.sandbox.store.writer import Transaction


def credit_invoice(tx: Transaction, invoice: Invoice, data: InvoiceCredit) -> CreditNote:
    """The credit note, with its number; the invoice's state follows."""
    step(LIFE, "invoice", invoice, "credit")
    day = _dated(tx, invoice, data.issued_on)
    wanted = None if data.lines is None else _wanted(invoice, data.lines)
    try:
        credited = credit(invoice.lines, invoice.totals, _earlier(tx, invoice), wanted)
    except TooMuchCreditedError as error:
        raise rule_broken(_path(data.lines, error.place), f"Nothing, or {error}") from error
    assert invoice.number is not None, "an issued invoice has a number"
    assert invoice.issued_on is not None, "and a date"
    company = the_company(tx)
    note = credit_notes.create(
        tx,
        internal={"places": credited.places},
        number=f"AV-{day.year}-{tx.next_number(f'credit-note-{day.year}'):06d}",
        invoice_id=invoice.id,
        seller=invoice.seller,
        buyer=invoice.buyer,
        reason=data.reason,
        lines=credited.lines,
        totals=credited.totals,
        issued_on=day,
        notes=credit_note_mentions(
            invoice_number=invoice.number,
            invoice_date=invoice.issued_on,
            authorisation_number=company.authorisation_number,
        ),
    )
    tx.record(EventType.CREDIT_NOTE_ISSUED, note)
    restate(tx, invoice, credited=Amount(invoice.credited + credited.totals.gross))
    return note


def _dated(tx: Transaction, invoice: Invoice, wanted: date | None) -> date:
    today = french_day(tx.now)
    day = wanted or today
    if day > today:
        raise rule_broken("$.issued_on", "A credit note is not dated in the future")
    if invoice.issued_on is not None and day < invoice.issued_on:
        raise rule_broken("$.issued_on", "A credit note is not dated before its invoice")
    if credit_notes.first(tx.connection, credit_notes.table.c.issued_on > day) is not None:
        raise rule_broken(
            "$.issued_on", "Credit notes are numbered in the order of their dates: a later one is issued already"
        )
    return day


def _wanted(invoice: Invoice, lines: list[CreditLine]) -> dict[int, Decimal | None]:
    wanted: dict[int, Decimal | None] = {}
    for at, line in enumerate(lines):
        place = line.line - 1
        if place >= len(invoice.lines):
            raise rule_broken(f"$.lines[{at}].line", f"The invoice has {len(invoice.lines)} lines")
        if place in wanted:
            raise rule_broken(f"$.lines[{at}].line", "A line is told once")
        if line.quantity is not None and line.quantity <= 0:
            raise rule_broken(f"$.lines[{at}].quantity", "A quantity is above 0")
        wanted[place] = line.quantity
    return wanted


def _path(lines: list[CreditLine] | None, place: int | None) -> str:
    if lines is None or place is None:
        return "$.lines"
    at = next(at for at, line in enumerate(lines) if line.line == place + 1)
    return f"$.lines[{at}].quantity"


def _earlier(tx: Transaction, invoice: Invoice) -> list[Credit]:
    table = credit_notes.table
    rows = tx.connection.execute(
        sa.select(table.c.lines, table.c.places, table.c.totals)
        .where(table.c.invoice_id == invoice.id)
        .order_by(table.c.id)
    )
    return [Credit(lines=row.lines, places=row.places, totals=row.totals) for row in rows]
