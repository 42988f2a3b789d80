"""The electronic life of invoices, as others tell it: recorded, never transmitted."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sekur_sdk.models.billing import EInvoiceCode, EInvoiceStatus, Invoice
from sekur_sdk.models.events import EventType
from sekur_sdk.rules.einvoice import MANDATORY, SUCCESSIONS, WITH_REASON
from sekur_sdk.sandbox.problems import RefusalError, forbidden_step, rule_broken
from sekur_sdk.sandbox.store.records import einvoice_statuses, invoices
from sekur_sdk.sandbox.trade.billing import french_day
from sekur_sdk.sandbox.trade.invoices import LIFE

if TYPE_CHECKING:
    from sekur_sdk.sandbox.inputs.billing import EInvoiceRecord
    from sekur_sdk.sandbox.store.writer import Transaction

CLOCK_SLACK = timedelta(minutes=5)
"""How far a platform's clock may be ahead."""


def record_status(tx: Transaction, invoice: Invoice, data: EInvoiceRecord, *, by: str) -> EInvoiceStatus:
    """The status, kept with who said it and when; the invoice shows the last one."""
    if invoice.issued_on is None:
        raise forbidden_step("invoice", invoice.status, LIFE[invoice.status], invoice)
    code = EInvoiceCode(data.code)
    allowed = SUCCESSIONS[invoice.einvoice_code]
    if code not in allowed:
        raise RefusalError(
            409,
            f"The electronic invoice is at {invoice.einvoice_code or 'no status yet'}: {code} does not follow.",
            allowed=allowed,
            current=invoice,
        )
    if code in WITH_REASON and data.reason is None:
        raise rule_broken("$.reason", f"A status {code} has a reason")
    at = data.at or tx.now
    if at > tx.now + CLOCK_SLACK:
        raise rule_broken("$.at", "A time in the future")
    if french_day(at) < invoice.issued_on:
        raise rule_broken("$.at", "Nothing is said of an invoice before it is issued")
    table = einvoice_statuses.table
    if einvoice_statuses.first(tx.connection, table.c.invoice_id == invoice.id, table.c.at > at) is not None:
        raise rule_broken("$.at", "A status does not come before the one that it follows")
    status = einvoice_statuses.insert(
        tx,
        EInvoiceStatus(
            id=tx.new_id(einvoice_statuses.prefix),
            invoice_id=invoice.id,
            code=code,
            is_mandatory=code in MANDATORY,
            by=by,
            reason=data.reason,
            at=at,
            recorded_at=tx.now,
        ),
    )
    tx.record(EventType.EINVOICE_STATUS_RECORDED, status)
    tx.record(EventType.INVOICE_UPDATED, invoices.update(tx, invoice, einvoice_code=code))
    return status
