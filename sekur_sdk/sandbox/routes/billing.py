"""Quotes, invoices, credit notes, payments."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from sekur_sdk.models.billing import CreditNote, EInvoiceStatus, Invoice, LatePenalty
from sekur_sdk.models.contracts import Contract
from sekur_sdk.sandbox.access import needs
from sekur_sdk.sandbox.inputs.billing import (
    EInvoiceCodeName,
    EInvoiceRecord,
    InvoiceCreate,
    InvoiceCredit,
    InvoiceDispute,
    InvoiceIssue,
    InvoiceStatusName,
    InvoiceUpdate,
    MethodName,
    Nothing,
    PaymentConfirm,
    PaymentCreate,
    PaymentRefund,
    PaymentReject,
    PaymentStatusName,
    QuoteConvert,
    QuoteCreate,
    QuoteStatusName,
    QuoteUpdate,
)
from sekur_sdk.sandbox.inputs.contracts import QuoteToContract
from sekur_sdk.sandbox.paging import Listing
from sekur_sdk.sandbox.problems import declared
from sekur_sdk.sandbox.routes.reading import shown
from sekur_sdk.sandbox.routes.resource import Filter, Routes, lister
from sekur_sdk.sandbox.store.database import Store
from sekur_sdk.sandbox.store.records import credit_notes, einvoice_statuses, invoices, payments, quotes
from sekur_sdk.sandbox.trade import payments as settlement
from sekur_sdk.sandbox.trade.billing import french_day
from sekur_sdk.sandbox.trade.contracts import convert_to_contract
from sekur_sdk.sandbox.trade.credit_notes import credit_invoice
from sekur_sdk.sandbox.trade.einvoices import record_status
from sekur_sdk.sandbox.trade.invoices import create_invoice, issue_invoice, step_invoice, update_invoice
from sekur_sdk.sandbox.trade.quotes import convert_quote, create_quote, step_quote, update_quote
from sekur_sdk.sandbox.trade.references import get as find

if TYPE_CHECKING:
    from litestar.handlers import HTTPRouteHandler

_QUOTES = Routes(path="/quotes", module="billing", what="quote", records=quotes)
_INVOICES = Routes(path="/invoices", module="billing", what="invoice", records=invoices)
_CREDIT_NOTES = Routes(path="/credit-notes", module="billing", what="credit note", records=credit_notes)
_PAYMENTS = Routes(path="/payments", module="billing", what="payment", records=payments)
_TIMES = ("created_at", "updated_at")


@get(
    "/invoices/{id:str}/late-penalty",
    guards=[needs("billing:read")],
    sync_to_thread=True,
    operation_id="get_late_penalty",
    responses=declared(400, 401, 403, 404, 409),
)
def get_late_penalty(
    store: NamedDependency[Store],
    id: FromPath[str],  # noqa: A002  # the path parameter's name in the contract
    on: FromQuery[date | None] = None,
) -> Response[LatePenalty]:
    """What the invoice's late payment costs by a day, today unless told."""
    with store.read() as connection:
        invoice = find(connection, invoices, id, "invoice")
        return shown(settlement.penalty_of(connection, invoice, today=french_day(store.now()), on=on))


def _quote_step(action: str) -> HTTPRouteHandler:
    return _QUOTES.step(action, Nothing, lambda tx, quote, *_: step_quote(tx, quote, action))


def _invoice_step(action: str) -> HTTPRouteHandler:
    return _INVOICES.step(action, Nothing, lambda tx, invoice, *_: step_invoice(tx, invoice, action))


HANDLERS = (
    _QUOTES.list(sorts=("number", *_TIMES), equal={"status": QuoteStatusName, "site_id": str, "client_id": str}),
    _QUOTES.get(),
    _QUOTES.create(QuoteCreate, lambda tx, data, _: create_quote(tx, data)),
    _QUOTES.update(QuoteUpdate, lambda tx, quote, data, _: update_quote(tx, quote, data)),
    _quote_step("send"),
    _quote_step("accept"),
    _quote_step("refuse"),
    _quote_step("cancel"),
    _QUOTES.step(
        "convert",
        QuoteConvert,
        lambda tx, quote, data, _: convert_quote(tx, quote, data),
        answer=Invoice,
        makes="/invoices",
    ),
    _QUOTES.step(
        "convert-to-contract",
        QuoteToContract,
        lambda tx, quote, data, _: convert_to_contract(tx, quote, data),
        answer=Contract,
        makes="/contracts",
        operation="convert_quote_to_contract",
    ),
    _INVOICES.list(
        sorts=_TIMES,
        equal={
            "status": InvoiceStatusName,
            "site_id": str,
            "quote_id": str,
            "client_id": str,
            "contract_id": str,
            "number": str,
            "einvoice_code": EInvoiceCodeName,
        },
        more={"due_before": Filter(date, lambda day, _: invoices.table.c.due_on < day)},
    ),
    _INVOICES.get(),
    _INVOICES.create(InvoiceCreate, lambda tx, data, _: create_invoice(tx, data)),
    _INVOICES.update(InvoiceUpdate, lambda tx, invoice, data, _: update_invoice(tx, invoice, data)),
    _INVOICES.step("issue", InvoiceIssue, lambda tx, invoice, data, _: issue_invoice(tx, invoice, data)),
    _invoice_step("discard"),
    _invoice_step("send"),
    _INVOICES.step(
        "dispute",
        InvoiceDispute,
        lambda tx, invoice, data, _: step_invoice(tx, invoice, "dispute", reason=data.reason),
    ),
    _invoice_step("settle"),
    _INVOICES.step(
        "credit",
        InvoiceCredit,
        lambda tx, invoice, data, _: credit_invoice(tx, invoice, data),
        answer=CreditNote,
        makes="/credit-notes",
    ),
    _INVOICES.step(
        "record-einvoice-status",
        EInvoiceRecord,
        lambda tx, invoice, data, change: record_status(tx, invoice, data, by=data.by or change.caller.name),
        answer=EInvoiceStatus,
        operation="record_einvoice_status",
    ),
    lister(
        "/invoices/{id:str}/einvoice-statuses",
        "billing",
        "einvoice statuses",
        Listing(einvoice_statuses, sorts=("at", "recorded_at"), default="recorded_at", changed="recorded_at"),
        within=(_INVOICES, einvoice_statuses.table.c.invoice_id),
    ),
    get_late_penalty,
    _CREDIT_NOTES.list(sorts=("number", "issued_on", *_TIMES), equal={"invoice_id": str, "number": str}),
    _CREDIT_NOTES.get(),
    _PAYMENTS.list(
        sorts=("paid_on", *_TIMES), equal={"invoice_id": str, "status": PaymentStatusName, "method": MethodName}
    ),
    _PAYMENTS.get(),
    _PAYMENTS.create(PaymentCreate, lambda tx, data, _: settlement.create_payment(tx, data)),
    _PAYMENTS.step("confirm", PaymentConfirm, lambda tx, paid, data, _: settlement.confirm(tx, paid, data.paid_on)),
    _PAYMENTS.step("reject", PaymentReject, lambda tx, paid, data, _: settlement.reject(tx, paid, data.reason)),
    _PAYMENTS.step("refund", PaymentRefund, lambda tx, paid, data, _: settlement.refund(tx, paid, data)),
)
