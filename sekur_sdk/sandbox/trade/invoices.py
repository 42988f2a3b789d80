"""Invoices: drafted, issued, and what then becomes of them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import attrs

from sekur_sdk.models.billing import Invoice, InvoiceStatus, Party
from sekur_sdk.models.events import EventType
from sekur_sdk.models.scalars import Amount
from sekur_sdk.rules.invoicing import Standing, due_date, legal_notes
from sekur_sdk.sandbox.problems import RefusalError, rule_broken
from sekur_sdk.sandbox.store.records import clients, invoices, organisations, sites
from sekur_sdk.sandbox.trade.billing import changed_parties, french_day, parties, refuse_backwards, summed
from sekur_sdk.sandbox.trade.references import named
from sekur_sdk.sandbox.trade.steps import Life, step

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from sekur_sdk.models.organisation import Organisation
    from sekur_sdk.sandbox.inputs.billing import InvoiceCreate, InvoiceIssue, InvoiceUpdate
    from sekur_sdk.sandbox.store.writer import Transaction

_OWING = {"dispute": InvoiceStatus.DISPUTED, "pay": InvoiceStatus.PAID, "credit": InvoiceStatus.CANCELLED}
LIFE: Life[InvoiceStatus] = {
    InvoiceStatus.DRAFT: {
        "update": InvoiceStatus.DRAFT,
        "issue": InvoiceStatus.ISSUED,
        "discard": InvoiceStatus.DISCARDED,
    },
    InvoiceStatus.ISSUED: {"send": InvoiceStatus.SENT, **_OWING},
    InvoiceStatus.SENT: _OWING,
    InvoiceStatus.PARTIALLY_PAID: {"send": InvoiceStatus.SENT, **_OWING},
    InvoiceStatus.OVERDUE: {"send": InvoiceStatus.SENT, **_OWING},
    InvoiceStatus.DISPUTED: {
        "settle": InvoiceStatus.SENT,
        "pay": InvoiceStatus.PAID,
        "credit": InvoiceStatus.CANCELLED,
    },
    InvoiceStatus.PAID: {"credit": InvoiceStatus.CANCELLED},
    InvoiceStatus.CANCELLED: {},
    InvoiceStatus.DISCARDED: {},
}
"""`pay` is by a payment. Where an issued invoice really comes to follows from what is known of it: `Standing`."""
VOID = (InvoiceStatus.CANCELLED, InvoiceStatus.DISCARDED)
_NEWLY = {InvoiceStatus.PAID: EventType.INVOICE_PAID, InvoiceStatus.OVERDUE: EventType.INVOICE_OVERDUE}


def draft_invoice(tx: Transaction, **fields: Any) -> Invoice:
    """A new draft; nothing of it is paid or credited yet."""
    invoice = invoices.create(
        tx,
        paid=Amount(0),
        credited=Amount(0),
        balance=fields["totals"].gross,
        status=InvoiceStatus.DRAFT,
        **fields,
    )
    tx.record(EventType.INVOICE_CREATED, invoice)
    return invoice


def create_invoice(tx: Transaction, data: InvoiceCreate) -> Invoice:
    """A draft made by hand."""
    named(tx.connection, sites, data.site_id, "$.site_id", "site")
    refuse_backwards(data.period_start, data.period_end)
    return draft_invoice(
        tx,
        **parties(tx, data.buyer, data.client_id),
        **summed(data.lines, french_day(tx.now)),
        site_id=data.site_id,
        title=data.title,
        period_start=data.period_start,
        period_end=data.period_end,
    )


def update_invoice(tx: Transaction, invoice: Invoice, data: InvoiceUpdate) -> Invoice:
    """The draft with the sent fields changed; the period of a contract's invoice stays what was billed."""
    step(LIFE, "invoice", invoice, "update")
    sent: dict[str, Any] = data.changes()
    if not sent:
        return invoice
    kept = ("title", "site_id", "period_start", "period_end")
    changes = {name: value for name, value in sent.items() if name in kept}
    named(tx.connection, sites, changes.get("site_id"), "$.site_id", "site")
    wanted = attrs.evolve(invoice, **changes)
    if invoice.contract_id is not None and (wanted.period_start, wanted.period_end) != (
        invoice.period_start,
        invoice.period_end,
    ):
        raise rule_broken("$.period_start", "The hours of a contract's invoice are those of its period: discard it")
    refuse_backwards(wanted.period_start, wanted.period_end)
    changes |= changed_parties(tx, sent)
    if "lines" in sent:
        changes |= summed(sent["lines"], french_day(tx.now))
        changes["balance"] = changes["totals"].gross
    return _change(tx, invoice, **changes)


def issue_invoice(tx: Transaction, invoice: Invoice, data: InvoiceIssue) -> Invoice:
    """The invoice with its number, seller, dates and legal mentions; from now on these never change."""
    step(LIFE, "invoice", invoice, "issue")
    today = french_day(tx.now)
    issued_on = data.issued_on or today
    if issued_on > today:
        raise rule_broken("$.issued_on", "An invoice is not dated in the future")
    _keep_chronology(tx, issued_on)
    company = the_company(tx)
    try:
        due_on = data.due_on or _due(tx, invoice, issued_on)
        notes = legal_notes(issued_on=issued_on, authorisation_number=company.authorisation_number)
    except LookupError as error:
        raise rule_broken("$.issued_on", "A date before those whose legal values are known") from error
    if due_on < issued_on:
        raise rule_broken("$.due_on", "An invoice is not due before it is issued")
    issued = attrs.evolve(invoice, due_on=due_on)
    return _change(
        tx,
        invoice,
        EventType.INVOICE_ISSUED,
        number=f"FA-{issued_on.year}-{tx.next_number(f'invoice-{issued_on.year}'):06d}",
        seller=_seller(company),
        issued_on=issued_on,
        due_on=due_on,
        notes=notes,
        status=_standing(issued, due_on).status(today),
    )


def the_company(tx: Transaction) -> Organisation:
    """The company whose invoices they are.

    Raises:
        RefusalError: 409, there is none yet.
    """
    company = organisations.first(tx.connection)
    if company is None:
        raise RefusalError(409, "The sandbox has no organisation yet, which an invoice must name.")
    return company


def step_invoice(tx: Transaction, invoice: Invoice, action: str, *, reason: str | None = None) -> Invoice:
    """The invoice after `send`, `dispute`, `settle` or `discard`."""
    status = step(LIFE, "invoice", invoice, action)
    if action == "discard":
        return _change(tx, invoice, status=status)
    if action == "send":
        return restate(tx, invoice, sent_at=tx.now)
    return restate(tx, invoice, dispute_reason=reason)


def restate(tx: Transaction, invoice: Invoice, **changes: Any) -> Invoice:
    """An issued invoice after `changes`, in the state and with the balance that follow from them."""
    wanted = attrs.evolve(invoice, **changes)
    assert wanted.due_on is not None, "an issued invoice is due on a day"
    standing = _standing(wanted, wanted.due_on)
    status = standing.status(french_day(tx.now))
    event = EventType.INVOICE_UPDATED if status == invoice.status else _NEWLY.get(status, EventType.INVOICE_UPDATED)
    return _change(tx, invoice, event, **changes, balance=standing.balance, status=status)


def billed(tx: Transaction, contract_ids: Sequence[str], start: date, last: date) -> Invoice | None:
    """An invoice of these contracts, neither discarded nor credited in full, for any of these days."""
    table = invoices.table
    return invoices.first(
        tx.connection,
        table.c.contract_id.in_(contract_ids),
        table.c.status.not_in(VOID),
        table.c.period_start <= last,
        table.c.period_end >= start,
    )


def spoken(invoice: Invoice) -> str:
    """How a refusal names an invoice."""
    return invoice.id if invoice.number is None else f"{invoice.number} ({invoice.id})"


def find_overdue(tx: Transaction) -> None:
    """Tell of the invoices that are past their date."""
    table = invoices.table
    owing = (InvoiceStatus.ISSUED, InvoiceStatus.SENT, InvoiceStatus.PARTIALLY_PAID)
    late = (table.c.status.in_(owing), table.c.due_on < french_day(tx.now))
    for invoice in invoices.all(tx.connection, *late):
        restate(tx, invoice)


def _change(tx: Transaction, invoice: Invoice, event: EventType = EventType.INVOICE_UPDATED, **changes: Any) -> Invoice:
    changed = invoices.update(tx, invoice, **changes)
    tx.record(event, changed)
    return changed


def _standing(invoice: Invoice, due_on: date) -> Standing:
    return Standing(
        gross=invoice.totals.gross,
        paid=invoice.paid,
        credited=invoice.credited,
        due_on=due_on,
        is_sent=invoice.sent_at is not None,
        is_disputed=invoice.dispute_reason is not None,
    )


def _seller(company: Organisation) -> Party:
    return Party(
        name=company.name,
        legal_form=company.legal_form,
        address=company.address,
        siren=company.siren,
        vat_number=company.vat_number,
        email=company.email,
    )


def _due(tx: Transaction, invoice: Invoice, issued_on: date) -> date:
    client = None if invoice.client_id is None else clients.find(tx.connection, invoice.client_id)
    return due_date(issued_on) if client is None else issued_on + timedelta(days=client.payment_days)


def _keep_chronology(tx: Transaction, issued_on: date) -> None:
    table = invoices.table
    later = invoices.first(tx.connection, table.c.issued_on > issued_on, table.c.number.is_not(None))
    if later is not None:
        raise rule_broken(
            "$.issued_on", "Invoices are numbered in the order of their dates: a later one is issued already"
        )
