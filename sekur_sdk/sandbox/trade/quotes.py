"""Quotes: drafted, sent, answered, converted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from sekur_sdk.models.billing import Quote, QuoteStatus
from sekur_sdk.models.events import EventType
from sekur_sdk.sandbox.problems import RefusalError, forbidden_step
from sekur_sdk.sandbox.store.records import quotes, sites
from sekur_sdk.sandbox.trade.billing import changed_parties, french_day, parties, refuse_backwards, summed
from sekur_sdk.sandbox.trade.invoices import draft_invoice
from sekur_sdk.sandbox.trade.references import named
from sekur_sdk.sandbox.trade.steps import Life, step

if TYPE_CHECKING:
    from sekur_sdk.models.billing import Invoice
    from sekur_sdk.sandbox.inputs.billing import QuoteConvert, QuoteCreate, QuoteUpdate
    from sekur_sdk.sandbox.store.writer import Transaction

LIFE: Life[QuoteStatus] = {
    QuoteStatus.DRAFT: {"update": QuoteStatus.DRAFT, "send": QuoteStatus.SENT, "cancel": QuoteStatus.CANCELLED},
    QuoteStatus.SENT: {
        "accept": QuoteStatus.ACCEPTED,
        "refuse": QuoteStatus.REFUSED,
        "cancel": QuoteStatus.CANCELLED,
    },
    QuoteStatus.ACCEPTED: {"convert": QuoteStatus.CONVERTED, "convert-to-contract": QuoteStatus.CONVERTED},
    QuoteStatus.REFUSED: {},
    QuoteStatus.EXPIRED: {},
    QuoteStatus.CANCELLED: {},
    QuoteStatus.CONVERTED: {},
}


def create_quote(tx: Transaction, data: QuoteCreate) -> Quote:
    """A new draft with its number, amounts and totals."""
    named(tx.connection, sites, data.site_id, "$.site_id", "site")
    today = french_day(tx.now)
    fields = parties(tx, data.buyer, data.client_id) | summed(data.lines, today)
    quote = quotes.create(
        tx,
        number=f"DV-{today.year}-{tx.next_number(f'quote-{today.year}'):06d}",
        site_id=data.site_id,
        title=data.title,
        valid_until=data.valid_until,
        status=QuoteStatus.DRAFT,
        **fields,
    )
    tx.record(EventType.QUOTE_CREATED, quote)
    return quote


def update_quote(tx: Transaction, quote: Quote, data: QuoteUpdate) -> Quote:
    """The draft with the sent fields changed."""
    step(LIFE, "quote", quote, "update")
    sent: dict[str, Any] = data.changes()
    if not sent:
        return quote
    changes = {name: value for name, value in sent.items() if name in ("title", "site_id", "valid_until")}
    named(tx.connection, sites, changes.get("site_id"), "$.site_id", "site")
    changes |= changed_parties(tx, sent)
    if "lines" in sent:
        changes |= summed(sent["lines"], french_day(tx.now))
    return change_quote(tx, quote, **changes)


def step_quote(tx: Transaction, quote: Quote, action: str) -> Quote:
    """The quote after `send`, `accept`, `refuse` or `cancel`; one past its date is neither sent nor answered."""
    late = quote.valid_until is not None and quote.valid_until < french_day(tx.now)
    if late and quote.status == QuoteStatus.SENT:
        raise forbidden_step(
            "quote", QuoteStatus.EXPIRED, LIFE[QuoteStatus.EXPIRED], attrs.evolve(quote, status=QuoteStatus.EXPIRED)
        )
    status = step(LIFE, "quote", quote, action)
    if late and status == QuoteStatus.SENT:
        raise RefusalError(409, "The quote's valid_until is over.", allowed=("update", "cancel"), current=quote)
    return change_quote(tx, quote, status=status)


def expire_quotes(tx: Transaction) -> None:
    """End the quotes that were not answered by their date."""
    table = quotes.table
    late = quotes.all(tx.connection, table.c.status == QuoteStatus.SENT, table.c.valid_until < french_day(tx.now))
    for quote in late:
        change_quote(tx, quote, status=QuoteStatus.EXPIRED)


def convert_quote(tx: Transaction, quote: Quote, data: QuoteConvert) -> Invoice:
    """A draft invoice of an accepted quote."""
    status = step(LIFE, "quote", quote, "convert")
    refuse_backwards(data.period_start, data.period_end)
    invoice = draft_invoice(
        tx,
        quote_id=quote.id,
        client_id=quote.client_id,
        site_id=quote.site_id,
        buyer=quote.buyer,
        title=quote.title,
        lines=quote.lines,
        totals=quote.totals,
        period_start=data.period_start,
        period_end=data.period_end,
    )
    change_quote(tx, quote, status=status, invoice_id=invoice.id)
    return invoice


def change_quote(tx: Transaction, quote: Quote, **changes: object) -> Quote:
    """The next version of a quote, with its event."""
    changed = quotes.update(tx, quote, **changes)
    tx.record(EventType.QUOTE_UPDATED, changed)
    return changed
