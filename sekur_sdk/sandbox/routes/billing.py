"""Quotes and invoices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody

from sekur_sdk.models.billing import Invoice, Quote
from sekur_sdk.models.paging import Page
from sekur_sdk.sandbox.access import needs
from sekur_sdk.sandbox.idempotency import Change
from sekur_sdk.sandbox.inputs.billing import InvoiceIssue, Nothing, QuoteConvert, QuoteCreate
from sekur_sdk.sandbox.inputs.body import Body
from sekur_sdk.sandbox.paging import Listing, PageQuery
from sekur_sdk.sandbox.problems import declared
from sekur_sdk.sandbox.routes.reading import equals, listed, one
from sekur_sdk.sandbox.store.database import Store
from sekur_sdk.sandbox.store.records import invoices, quotes
from sekur_sdk.sandbox.trade import billing
from sekur_sdk.sandbox.trade.references import get as find

if TYPE_CHECKING:
    from sekur_sdk.sandbox.store.writer import Transaction

_QUOTES = Listing(quotes, sorts=("number", "created_at", "updated_at"), default="created_at", changed="updated_at")
_INVOICES = Listing(invoices, sorts=("created_at", "updated_at"), default="created_at", changed="updated_at")
_READ = declared(400, 401, 403)
_READ_ONE = declared(400, 401, 403, 404)
_ACT = declared(400, 401, 403, 404, 409, 412, 422)


@get("/quotes", guards=[needs("billing:read")], sync_to_thread=True, operation_id="list_quotes", responses=_READ)
def list_quotes(
    store: NamedDependency[Store],
    paging: NamedDependency[PageQuery],
    status: FromQuery[Literal["draft", "sent", "accepted", "refused", "expired", "converted"] | None] = None,
    site_id: FromQuery[str | None] = None,
) -> Response[Page[Quote]]:
    """The quotes."""
    table = quotes.table
    return listed(store, _QUOTES, paging, equals(table.c.status, status), equals(table.c.site_id, site_id))


@get(
    "/quotes/{id:str}",
    guards=[needs("billing:read")],
    sync_to_thread=True,
    operation_id="get_quote",
    responses=_READ_ONE,
)
def get_quote(store: NamedDependency[Store], id: FromPath[str]) -> Response[Quote]:  # noqa: A002  # the path parameter's name in the contract
    """One quote."""
    return one(store, quotes, id, "quote")


@post(
    "/quotes",
    guards=[needs("billing:write")],
    dto=Body[QuoteCreate],
    return_dto=None,
    sync_to_thread=True,
    operation_id="create_quote",
    responses=declared(400, 401, 403, 409, 422),
)
def create_quote(data: JSONBody[QuoteCreate], change: NamedDependency[Change]) -> Response[Quote]:
    """A new quote, a draft."""
    return change.created(lambda tx: billing.create_quote(tx, data), "/api/v1/quotes")


@post(
    "/quotes/{id:str}/send",
    guards=[needs("billing:write")],
    dto=Body[Nothing],
    return_dto=None,
    status_code=200,
    sync_to_thread=True,
    operation_id="send_quote",
    responses=_ACT,
)
def send_quote(id: FromPath[str], data: JSONBody[Nothing], change: NamedDependency[Change]) -> Response[Quote]:  # noqa: A002, ARG001  # both named by the contract
    """The quote, sent to the buyer."""
    return change.done(lambda tx: _step(tx, change, id, "send"))


@post(
    "/quotes/{id:str}/accept",
    guards=[needs("billing:write")],
    dto=Body[Nothing],
    return_dto=None,
    status_code=200,
    sync_to_thread=True,
    operation_id="accept_quote",
    responses=_ACT,
)
def accept_quote(id: FromPath[str], data: JSONBody[Nothing], change: NamedDependency[Change]) -> Response[Quote]:  # noqa: A002, ARG001  # as above
    """The quote, accepted by the buyer."""
    return change.done(lambda tx: _step(tx, change, id, "accept"))


@post(
    "/quotes/{id:str}/refuse",
    guards=[needs("billing:write")],
    dto=Body[Nothing],
    return_dto=None,
    status_code=200,
    sync_to_thread=True,
    operation_id="refuse_quote",
    responses=_ACT,
)
def refuse_quote(id: FromPath[str], data: JSONBody[Nothing], change: NamedDependency[Change]) -> Response[Quote]:  # noqa: A002, ARG001  # as above
    """The quote, refused by the buyer."""
    return change.done(lambda tx: _step(tx, change, id, "refuse"))


@post(
    "/quotes/{id:str}/convert",
    guards=[needs("billing:write")],
    dto=Body[QuoteConvert],
    return_dto=None,
    sync_to_thread=True,
    operation_id="convert_quote",
    responses=_ACT,
)
def convert_quote(
    id: FromPath[str],  # noqa: A002  # the path parameter's name in the contract
    data: JSONBody[QuoteConvert],
    change: NamedDependency[Change],
) -> Response[Invoice]:  # as above
    """A draft invoice of the accepted quote."""

    def convert(tx: Transaction) -> Invoice:
        quote = find(tx.connection, quotes, id, "quote")
        change.check_version(quote)
        return billing.convert_quote(tx, quote, data)

    return change.created(convert, "/api/v1/invoices")


@get("/invoices", guards=[needs("billing:read")], sync_to_thread=True, operation_id="list_invoices", responses=_READ)
def list_invoices(
    store: NamedDependency[Store],
    paging: NamedDependency[PageQuery],
    status: FromQuery[
        Literal["draft", "issued", "sent", "partially_paid", "paid", "disputed", "cancelled"] | None
    ] = None,
    site_id: FromQuery[str | None] = None,
    quote_id: FromQuery[str | None] = None,
) -> Response[Page[Invoice]]:
    """The invoices."""
    table = invoices.table
    return listed(
        store,
        _INVOICES,
        paging,
        equals(table.c.status, status),
        equals(table.c.site_id, site_id),
        equals(table.c.quote_id, quote_id),
    )


@get(
    "/invoices/{id:str}",
    guards=[needs("billing:read")],
    sync_to_thread=True,
    operation_id="get_invoice",
    responses=_READ_ONE,
)
def get_invoice(store: NamedDependency[Store], id: FromPath[str]) -> Response[Invoice]:  # noqa: A002  # as above
    """One invoice."""
    return one(store, invoices, id, "invoice")


@post(
    "/invoices/{id:str}/issue",
    guards=[needs("billing:write")],
    dto=Body[InvoiceIssue],
    return_dto=None,
    status_code=200,
    sync_to_thread=True,
    operation_id="issue_invoice",
    responses=_ACT,
)
def issue_invoice(
    id: FromPath[str],  # noqa: A002  # the path parameter's name in the contract
    data: JSONBody[InvoiceIssue],
    change: NamedDependency[Change],
) -> Response[Invoice]:  # as above
    """The invoice with its number; from now on it never changes."""

    def issue(tx: Transaction) -> Invoice:
        invoice = find(tx.connection, invoices, id, "invoice")
        change.check_version(invoice)
        return billing.issue_invoice(tx, invoice, data)

    return change.done(issue)


def _step(tx: Transaction, change: Change, id_: str, action: str) -> Quote:
    quote = find(tx.connection, quotes, id_, "quote")
    change.check_version(quote)
    return billing.step_quote(tx, quote, action)


HANDLERS = (
    list_quotes,
    get_quote,
    create_quote,
    send_quote,
    accept_quote,
    refuse_quote,
    convert_quote,
    list_invoices,
    get_invoice,
    issue_invoice,
)
