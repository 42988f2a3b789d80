"""What a client's own people see: their sites, and of these what is shared with the client. Nothing else, and nothing to change.

A token of a client's person has no scope: every other route refuses it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, Generic, TypeVar, cast

import attrs
import sqlalchemy as sa
from litestar import Request, Response, get
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.enums import MediaType
from litestar.params import FromPath, FromQuery, HeaderParameter
from litestar.response import Stream

from sekur_sdk.models.billing import Invoice
from sekur_sdk.models.documents import Document, DocumentStatus
from sekur_sdk.models.logbook import LogbookEntry
from sekur_sdk.models.paging import Page
from sekur_sdk.models.planning import Shift, ShiftStatus
from sekur_sdk.models.portal import ShareKind
from sekur_sdk.models.rounds import Round
from sekur_sdk.models.sites import Site
from sekur_sdk.sandbox.access import Caller, for_clients
from sekur_sdk.sandbox.paging import Listing, PageQuery
from sekur_sdk.sandbox.problems import declared, not_found
from sekur_sdk.sandbox.routes.attachments import content_of
from sekur_sdk.sandbox.routes.reading import at_or_after, before, equals, shown
from sekur_sdk.sandbox.store.database import Store
from sekur_sdk.sandbox.store.records import attachments, documents, invoices, logbook_entries, rounds, shifts, sites
from sekur_sdk.sandbox.trade.portal import NEVER_ISSUED, View, view_of
from sekur_sdk.wire import encode

if TYPE_CHECKING:
    from sekur_sdk.models.attachments import Attachment

ModelT = TypeVar("ModelT")
ClientRequest = Request[Caller, object, State]


@attrs.frozen
class _Seen(Generic[ModelT]):
    """A kind of thing that clients see: which of them, and what of each."""

    what: str
    listing: Listing[ModelT]
    condition: Callable[[View], sa.ColumnElement[bool]]
    shown: Callable[[ModelT], ModelT] = lambda thing: thing

    def list(
        self, request: ClientRequest, store: Store, paging: PageQuery, *conditions: sa.ColumnElement[bool] | None
    ) -> Response[Page[ModelT]]:
        """200 with a page of those that the caller sees and that meet the conditions."""
        with store.read() as connection:
            view = view_of(connection, request.user)
            page = self.listing.page(connection, paging, self.condition(view), *conditions)
        shown_page = attrs.evolve(page, items=tuple(map(self.shown, page.items)))
        return cast("Response[Page[ModelT]]", Response(encode(shown_page), media_type=MediaType.JSON))

    def find(self, request: ClientRequest, store: Store, id_: str) -> ModelT:
        """The one, if the caller sees it.

        Raises:
            RefusalError: 404, as for one that there is not.
        """
        records = self.listing.records
        with store.read() as connection:
            view = view_of(connection, request.user)
            found = records.first(connection, records.table.c.id == id_, self.condition(view))
        if found is None:
            raise not_found(self.what)
        return self.shown(found)

    def one(self, request: ClientRequest, store: Store, id_: str) -> Response[ModelT]:
        """200 with the one."""
        return shown(self.find(request, store, id_))


def _sites(view: View) -> sa.ColumnElement[bool]:
    return sites.table.c.id.in_(view.site_ids)


def _shifts(view: View) -> sa.ColumnElement[bool]:
    table = shifts.table
    return sa.and_(
        table.c.site_id.in_(view.site_ids),
        # a draft that was cancelled was never announced
        table.c.status.not_in((ShiftStatus.DRAFT, ShiftStatus.CANCELLED)) | table.c.published_at.is_not(None),
        table.c.status != ShiftStatus.DRAFT,
        view.shared(ShareKind.SHIFTS, table.c.site_id),
    )


def _entries(view: View) -> sa.ColumnElement[bool]:
    table, site = logbook_entries.table, sites.table
    # by its author, who meant the client of that time, or afterwards
    meant = sa.exists().where(
        site.c.id == table.c.site_id,
        sa.or_(site.c.client_since.is_(None), table.c.recorded_at >= site.c.client_since),
    )
    is_shared = sa.or_(sa.and_(table.c.shared_with_client, meant), view.shared(ShareKind.LOGBOOK_ENTRY, table.c.id))
    return sa.and_(table.c.site_id.in_(view.site_ids), is_shared)


def _rounds(view: View) -> sa.ColumnElement[bool]:
    table = rounds.table
    return sa.and_(table.c.site_id.in_(view.site_ids), view.shared(ShareKind.ROUNDS, table.c.site_id))


def _invoices(view: View) -> sa.ColumnElement[bool]:
    table = invoices.table
    return sa.and_(table.c.status.not_in(NEVER_ISSUED), view.shared(ShareKind.INVOICE, table.c.id))


def _reports(view: View) -> sa.ColumnElement[bool]:
    table = documents.table
    return sa.and_(table.c.status == DocumentStatus.ACTIVE, view.shared(ShareKind.REPORT, table.c.id))


def _without_staff(shift: Shift) -> Shift:
    """A shift as clients see it: who works it and what was noted are the company's own."""
    return attrs.evolve(shift, employee_id=None, notes=None)


def _without_walker(made: Round) -> Round:
    """A round as clients see it, as above."""
    return attrs.evolve(made, employee_id=None, device_id=None)


_TIMES = ("created_at", "updated_at")
SITES = _Seen("site", Listing(sites, ("name", *_TIMES), "name", "updated_at"), _sites)
SHIFTS = _Seen("shift", Listing(shifts, ("starts_at", *_TIMES), "starts_at", "updated_at"), _shifts, _without_staff)
ENTRIES = _Seen(
    "logbook entry",
    Listing(logbook_entries, ("occurred_at", "recorded_at"), "occurred_at", "recorded_at"),
    _entries,
)
ROUNDS = _Seen("round", Listing(rounds, ("planned_at", *_TIMES), "planned_at", "updated_at"), _rounds, _without_walker)
INVOICES = _Seen("invoice", Listing(invoices, _TIMES, "created_at", "updated_at"), _invoices)
REPORTS = _Seen("report", Listing(documents, _TIMES, "created_at", "updated_at"), _reports)

_LISTED = declared(400, 401, 403)
_FOUND = declared(400, 401, 403, 404)


@get(
    "/client-portal/sites",
    guards=[for_clients],
    sync_to_thread=True,
    operation_id="list_portal_sites",
    opt=SITES.listing.told,
    responses=_LISTED,
)
def list_portal_sites(
    request: ClientRequest, store: NamedDependency[Store], paging: NamedDependency[PageQuery]
) -> Response[Page[Site]]:
    """The client's sites, of those that its person may look at."""
    return SITES.list(request, store, paging)


@get(
    "/client-portal/sites/{id:str}",
    guards=[for_clients],
    sync_to_thread=True,
    operation_id="get_portal_site",
    responses=_FOUND,
)
def get_portal_site(request: ClientRequest, store: NamedDependency[Store], id: FromPath[str]) -> Response[Site]:  # noqa: A002  # the path parameter's name in the contract
    """One of the client's sites."""
    return SITES.one(request, store, id)


@get(
    "/client-portal/shifts",
    guards=[for_clients],
    sync_to_thread=True,
    operation_id="list_portal_shifts",
    opt=SHIFTS.listing.told,
    responses=_LISTED,
)
def list_portal_shifts(
    request: ClientRequest,
    store: NamedDependency[Store],
    paging: NamedDependency[PageQuery],
    site_id: FromQuery[str | None] = None,
    starts_from: FromQuery[datetime | None] = None,
    starts_before: FromQuery[datetime | None] = None,
) -> Response[Page[Shift]]:
    """The published shifts of sites whose shifts are shared, without who works them."""
    table = shifts.table
    return SHIFTS.list(
        request,
        store,
        paging,
        equals(table.c.site_id, site_id),
        at_or_after(table.c.starts_at, "starts_from", starts_from),
        before(table.c.starts_at, "starts_before", starts_before),
    )


@get(
    "/client-portal/shifts/{id:str}",
    guards=[for_clients],
    sync_to_thread=True,
    operation_id="get_portal_shift",
    responses=_FOUND,
)
def get_portal_shift(request: ClientRequest, store: NamedDependency[Store], id: FromPath[str]) -> Response[Shift]:  # noqa: A002  # as above
    """One shift that is shared."""
    return SHIFTS.one(request, store, id)


@get(
    "/client-portal/entries",
    guards=[for_clients],
    sync_to_thread=True,
    operation_id="list_portal_entries",
    opt=ENTRIES.listing.told,
    responses=_LISTED,
)
def list_portal_entries(
    request: ClientRequest,
    store: NamedDependency[Store],
    paging: NamedDependency[PageQuery],
    site_id: FromQuery[str | None] = None,
    occurred_from: FromQuery[datetime | None] = None,
    occurred_before: FromQuery[datetime | None] = None,
) -> Response[Page[LogbookEntry]]:
    """The logbook entries that are shared."""
    table = logbook_entries.table
    return ENTRIES.list(
        request,
        store,
        paging,
        equals(table.c.site_id, site_id),
        at_or_after(table.c.occurred_at, "occurred_from", occurred_from),
        before(table.c.occurred_at, "occurred_before", occurred_before),
    )


@get(
    "/client-portal/entries/{id:str}",
    guards=[for_clients],
    sync_to_thread=True,
    operation_id="get_portal_entry",
    responses=_FOUND,
)
def get_portal_entry(
    request: ClientRequest,
    store: NamedDependency[Store],
    id: FromPath[str],  # noqa: A002  # as above
) -> Response[LogbookEntry]:
    """One logbook entry that is shared."""
    return ENTRIES.one(request, store, id)


@get(
    "/client-portal/rounds",
    guards=[for_clients],
    sync_to_thread=True,
    operation_id="list_portal_rounds",
    opt=ROUNDS.listing.told,
    responses=_LISTED,
)
def list_portal_rounds(
    request: ClientRequest,
    store: NamedDependency[Store],
    paging: NamedDependency[PageQuery],
    site_id: FromQuery[str | None] = None,
    planned_from: FromQuery[datetime | None] = None,
    planned_before: FromQuery[datetime | None] = None,
) -> Response[Page[Round]]:
    """The rounds of sites whose rounds are shared, without who makes them."""
    table = rounds.table
    return ROUNDS.list(
        request,
        store,
        paging,
        equals(table.c.site_id, site_id),
        at_or_after(table.c.planned_at, "planned_from", planned_from),
        before(table.c.planned_at, "planned_before", planned_before),
    )


@get(
    "/client-portal/rounds/{id:str}",
    guards=[for_clients],
    sync_to_thread=True,
    operation_id="get_portal_round",
    responses=_FOUND,
)
def get_portal_round(request: ClientRequest, store: NamedDependency[Store], id: FromPath[str]) -> Response[Round]:  # noqa: A002  # as above
    """One round that is shared."""
    return ROUNDS.one(request, store, id)


@get(
    "/client-portal/invoices",
    guards=[for_clients],
    sync_to_thread=True,
    operation_id="list_portal_invoices",
    opt=INVOICES.listing.told,
    responses=_LISTED,
)
def list_portal_invoices(
    request: ClientRequest,
    store: NamedDependency[Store],
    paging: NamedDependency[PageQuery],
    site_id: FromQuery[str | None] = None,
) -> Response[Page[Invoice]]:
    """The issued invoices that are shared."""
    return INVOICES.list(request, store, paging, equals(invoices.table.c.site_id, site_id))


@get(
    "/client-portal/invoices/{id:str}",
    guards=[for_clients],
    sync_to_thread=True,
    operation_id="get_portal_invoice",
    responses=_FOUND,
)
def get_portal_invoice(request: ClientRequest, store: NamedDependency[Store], id: FromPath[str]) -> Response[Invoice]:  # noqa: A002  # as above
    """One invoice that is shared."""
    return INVOICES.one(request, store, id)


@get(
    "/client-portal/reports",
    guards=[for_clients],
    sync_to_thread=True,
    operation_id="list_portal_reports",
    opt=REPORTS.listing.told,
    responses=_LISTED,
)
def list_portal_reports(
    request: ClientRequest, store: NamedDependency[Store], paging: NamedDependency[PageQuery]
) -> Response[Page[Document]]:
    """The documents that are shared as reports."""
    return REPORTS.list(request, store, paging)


@get(
    "/client-portal/reports/{id:str}",
    guards=[for_clients],
    sync_to_thread=True,
    operation_id="get_portal_report",
    responses=_FOUND,
)
def get_portal_report(request: ClientRequest, store: NamedDependency[Store], id: FromPath[str]) -> Response[Document]:  # noqa: A002  # as above
    """One document that is shared as a report."""
    return REPORTS.one(request, store, id)


@get(
    "/client-portal/reports/{id:str}/content",
    guards=[for_clients],
    sync_to_thread=True,
    operation_id="get_portal_report_content",
    responses=declared(400, 401, 403, 404, 416),
)
def get_portal_report_content(
    request: ClientRequest,
    store: NamedDependency[Store],
    id: FromPath[str],  # noqa: A002  # as above
    range_: Annotated[str | None, HeaderParameter(name="Range")] = None,
) -> Stream:
    """The content of a document that is shared as a report, or the part that `Range` asks for."""
    report = REPORTS.find(request, store, id)
    with store.read() as connection:
        stored: Attachment | None = attachments.find(connection, report.attachment_id)
    if stored is None:
        raise not_found("report")
    return content_of(store, stored, range_)


HANDLERS: tuple[Any, ...] = (
    list_portal_sites,
    get_portal_site,
    list_portal_shifts,
    get_portal_shift,
    list_portal_entries,
    get_portal_entry,
    list_portal_rounds,
    get_portal_round,
    list_portal_invoices,
    get_portal_invoice,
    list_portal_reports,
    get_portal_report,
    get_portal_report_content,
)
