"""Quotes and invoices."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import attrs

from sekur_sdk.models.billing import Invoice, InvoiceStatus, LineKind, Party, Quote, QuoteStatus
from sekur_sdk.models.events import EventType
from sekur_sdk.rules.invoicing import AmountTooLargeError, due_date, legal_notes, make_line, standard_vat_rate, total
from sekur_sdk.sandbox.problems import RefusalError, forbidden_step, rule_broken
from sekur_sdk.sandbox.store.records import invoices, organisations, quotes, sites
from sekur_sdk.sandbox.trade.references import named

if TYPE_CHECKING:
    from datetime import date, datetime

    from sekur_sdk.sandbox.inputs.billing import InvoiceIssue, QuoteConvert, QuoteCreate
    from sekur_sdk.sandbox.store.writer import Transaction

PARIS = ZoneInfo("Europe/Paris")

QUOTE_STEPS: dict[QuoteStatus, dict[str, QuoteStatus]] = {
    QuoteStatus.DRAFT: {"send": QuoteStatus.SENT},
    QuoteStatus.SENT: {"accept": QuoteStatus.ACCEPTED, "refuse": QuoteStatus.REFUSED},
    QuoteStatus.ACCEPTED: {"convert": QuoteStatus.CONVERTED},
    QuoteStatus.REFUSED: {},
    QuoteStatus.EXPIRED: {},
    QuoteStatus.CONVERTED: {},
}
"""The actions that a state allows, and where they lead."""


def french_day(now: datetime) -> date:
    """The day it is in metropolitan France: documents bear the company's date."""
    return now.astimezone(PARIS).date()


def create_quote(tx: Transaction, data: QuoteCreate) -> Quote:
    """A new draft with its number, amounts and totals."""
    named(tx.connection, sites, data.site_id, "$.site_id", "site")
    today = french_day(tx.now)
    try:
        lines = tuple(
            make_line(
                kind=LineKind(line.kind),
                description=line.description,
                quantity=line.quantity,
                unit_price=line.unit_price,
                vat_rate=standard_vat_rate(today) if line.vat_rate is None else line.vat_rate,
            )
            for line in data.lines
        )
        totals = total(lines)
    except AmountTooLargeError as error:
        raise rule_broken("$.lines", str(error)) from error
    if totals.net < 0:
        raise rule_broken("$.lines", "A quote's total is not negative")
    quote = quotes.create(
        tx,
        number=f"DV-{today.year}-{tx.next_number(f'quote-{today.year}'):06d}",
        site_id=data.site_id,
        buyer=Party(
            name=data.buyer.name,
            address=data.buyer.address,
            siren=data.buyer.siren,
            vat_number=data.buyer.vat_number,
            email=data.buyer.email,
        ),
        title=data.title,
        lines=lines,
        totals=totals,
        valid_until=data.valid_until,
        status=QuoteStatus.DRAFT,
    )
    tx.record(EventType.QUOTE_CREATED, quote)
    return quote


def step_quote(tx: Transaction, quote: Quote, action: str) -> Quote:
    """The quote after `send`, `accept` or `refuse`."""
    late = quote.valid_until is not None and quote.valid_until < french_day(tx.now)
    status = QuoteStatus.EXPIRED if late and quote.status == QuoteStatus.SENT else quote.status
    steps = QUOTE_STEPS[status]
    if action not in steps:
        raise forbidden_step("quote", status, steps, attrs.evolve(quote, status=status))
    changed = quotes.update(tx, quote, status=steps[action])
    tx.record(EventType.QUOTE_UPDATED, changed)
    return changed


def expire_quotes(tx: Transaction) -> None:
    """End the quotes that were not answered by their date."""
    table = quotes.table
    late = quotes.all(tx.connection, table.c.status == QuoteStatus.SENT, table.c.valid_until < french_day(tx.now))
    for quote in late:
        tx.record(EventType.QUOTE_UPDATED, quotes.update(tx, quote, status=QuoteStatus.EXPIRED))


def convert_quote(tx: Transaction, quote: Quote, data: QuoteConvert) -> Invoice:
    """A draft invoice of an accepted quote."""
    if quote.status != QuoteStatus.ACCEPTED:
        raise forbidden_step("quote", quote.status, QUOTE_STEPS[quote.status], quote)
    if data.period_start is not None and data.period_end is not None and data.period_end < data.period_start:
        raise rule_broken("$.period_end", "A period does not end before it starts")
    invoice = invoices.create(
        tx,
        quote_id=quote.id,
        site_id=quote.site_id,
        buyer=quote.buyer,
        title=quote.title,
        lines=quote.lines,
        totals=quote.totals,
        period_start=data.period_start,
        period_end=data.period_end,
        status=InvoiceStatus.DRAFT,
    )
    converted = quotes.update(tx, quote, status=QuoteStatus.CONVERTED, invoice_id=invoice.id)
    tx.record(EventType.INVOICE_CREATED, invoice)
    tx.record(EventType.QUOTE_UPDATED, converted)
    return invoice


def issue_invoice(tx: Transaction, invoice: Invoice, data: InvoiceIssue) -> Invoice:
    """The invoice with its number, dates and legal mentions; from now on it never changes."""
    if invoice.status != InvoiceStatus.DRAFT:
        raise forbidden_step("invoice", invoice.status, (), invoice)
    today = french_day(tx.now)
    issued_on = data.issued_on or today
    if issued_on > today:
        raise rule_broken("$.issued_on", "An invoice is not dated in the future")
    _keep_chronology(tx, issued_on)
    seller = organisations.first(tx.connection)
    if seller is None:
        raise RefusalError(409, "The sandbox has no organisation yet, which an invoice must name.")
    try:
        due_on = data.due_on or due_date(issued_on)
        notes = legal_notes(issued_on=issued_on, authorisation_number=seller.authorisation_number)
    except LookupError as error:
        raise rule_broken("$.issued_on", "A date before those whose legal values are known") from error
    if due_on < issued_on:
        raise rule_broken("$.due_on", "An invoice is not due before it is issued")
    issued = invoices.update(
        tx,
        invoice,
        number=f"FA-{issued_on.year}-{tx.next_number(f'invoice-{issued_on.year}'):06d}",
        issued_on=issued_on,
        due_on=due_on,
        notes=notes,
        status=InvoiceStatus.ISSUED,
    )
    tx.record(EventType.INVOICE_ISSUED, issued)
    return issued


def _keep_chronology(tx: Transaction, issued_on: date) -> None:
    table = invoices.table
    later = invoices.first(tx.connection, table.c.issued_on > issued_on, table.c.number.is_not(None))
    if later is not None:
        raise rule_broken(
            "$.issued_on", "Invoices are numbered in the order of their dates: a later one is issued already"
        )
