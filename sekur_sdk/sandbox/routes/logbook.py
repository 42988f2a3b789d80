"""The logbook of a site."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody

from sekur_sdk.models.logbook import ChainVerification, LogbookEntry
from sekur_sdk.models.paging import Page
from sekur_sdk.sandbox.access import needs
from sekur_sdk.sandbox.idempotency import Change
from sekur_sdk.sandbox.inputs.body import Body
from sekur_sdk.sandbox.inputs.operations import Category, EntryAcknowledge, EntryAppend, EntryErase, SeverityName
from sekur_sdk.sandbox.paging import Listing, PageQuery
from sekur_sdk.sandbox.problems import declared
from sekur_sdk.sandbox.routes.reading import at_or_after, before, equals, listed, one, shown
from sekur_sdk.sandbox.store.database import Store
from sekur_sdk.sandbox.store.records import logbook_entries, sites
from sekur_sdk.sandbox.trade import logbook as trade
from sekur_sdk.sandbox.trade.attachments import remove_erased
from sekur_sdk.sandbox.trade.clocking import CLOCK_SLACK
from sekur_sdk.sandbox.trade.logbook_check import verify
from sekur_sdk.sandbox.trade.references import get as find

if TYPE_CHECKING:
    from sekur_sdk.sandbox.store.writer import Transaction

_ENTRIES = Listing(logbook_entries, sorts=("seq", "occurred_at", "recorded_at"), default="seq", changed="recorded_at")
_ACT = declared(400, 401, 403, 404, 409, 422)


@get(
    "/sites/{site_id:str}/logbook",
    guards=[needs("logbook:read")],
    sync_to_thread=True,
    operation_id="list_logbook_entries",
    opt=_ENTRIES.told,
    responses=declared(400, 401, 403, 404),
)
def list_logbook_entries(
    store: NamedDependency[Store],
    paging: NamedDependency[PageQuery],
    site_id: FromPath[str],
    category: FromQuery[Category | None] = None,
    severity: FromQuery[SeverityName | None] = None,
    author_id: FromQuery[str | None] = None,
    amends_id: FromQuery[str | None] = None,
    shared_with_client: FromQuery[bool | None] = None,
    to_acknowledge: FromQuery[bool | None] = None,
    occurred_from: FromQuery[datetime | None] = None,
    occurred_before: FromQuery[datetime | None] = None,
) -> Response[Page[LogbookEntry]]:
    """The entries of a site, in their order."""
    with store.read() as connection:
        find(connection, sites, site_id, "site")
    table = logbook_entries.table
    awaited = table.c.requires_ack & table.c.acknowledged_at.is_(None)
    return listed(
        store,
        _ENTRIES,
        paging,
        table.c.site_id == site_id,
        equals(table.c.category, category),
        equals(table.c.severity, severity),
        equals(table.c.author_id, author_id),
        equals(table.c.amends_id, amends_id),
        equals(table.c.shared_with_client, shared_with_client),
        None if to_acknowledge is None else awaited if to_acknowledge else ~awaited,
        at_or_after(table.c.occurred_at, "occurred_from", occurred_from),
        before(table.c.occurred_at, "occurred_before", occurred_before),
    )


@post(
    "/sites/{site_id:str}/logbook",
    guards=[needs("logbook:write")],
    dto=Body[EntryAppend],
    return_dto=None,
    sync_to_thread=True,
    operation_id="append_logbook_entry",
    responses=declared(400, 401, 403, 404, 409, 422),
)
def append_logbook_entry(
    site_id: FromPath[str], data: JSONBody[EntryAppend], change: NamedDependency[Change]
) -> Response[LogbookEntry]:
    """A new entry; it is never changed. One that corrects another names it."""

    def append(tx: Transaction) -> LogbookEntry:
        find(tx.connection, sites, site_id, "site")
        return trade.append(tx, site_id, data, caller=change.caller, slack=CLOCK_SLACK)

    return change.created(append, "/api/v1/logbook-entries")


@get(
    "/sites/{site_id:str}/logbook/verify",
    guards=[needs("logbook:read")],
    sync_to_thread=True,
    operation_id="verify_logbook",
    responses=declared(400, 401, 403, 404),
)
def verify_logbook(store: NamedDependency[Store], site_id: FromPath[str]) -> Response[ChainVerification]:
    """Whether the site's chain of entries holds, and the first link that does not."""
    with store.read() as connection:
        find(connection, sites, site_id, "site")
        return shown(verify(connection, site_id, store.now()))


@get(
    "/logbook-entries/{id:str}",
    guards=[needs("logbook:read")],
    sync_to_thread=True,
    operation_id="get_logbook_entry",
    responses=declared(400, 401, 403, 404),
)
def get_logbook_entry(store: NamedDependency[Store], id: FromPath[str]) -> Response[LogbookEntry]:  # noqa: A002  # named by the contract
    """One entry."""
    return one(store, logbook_entries, id, "logbook entry")


@get(
    "/logbook-entries/{id:str}/amendments",
    guards=[needs("logbook:read")],
    sync_to_thread=True,
    operation_id="list_logbook_amendments",
    opt=_ENTRIES.told,
    responses=declared(400, 401, 403, 404),
)
def list_logbook_amendments(
    store: NamedDependency[Store],
    paging: NamedDependency[PageQuery],
    id: FromPath[str],  # noqa: A002  # as above
) -> Response[Page[LogbookEntry]]:
    """The original of an entry and all that amend it, in the order in which they came."""
    with store.read() as connection:
        entry = find(connection, logbook_entries, id, "logbook entry")
        ids = [one.id for one in trade.amendments(connection, entry)]
    return listed(store, _ENTRIES, paging, logbook_entries.table.c.id.in_(ids))


@post(
    "/logbook-entries/{id:str}/acknowledge",
    guards=[needs("logbook:write")],
    dto=Body[EntryAcknowledge],
    return_dto=None,
    status_code=200,
    sync_to_thread=True,
    operation_id="acknowledge_logbook_entry",
    responses=_ACT,
)
def acknowledge_logbook_entry(
    id: FromPath[str],  # noqa: A002  # as above
    data: JSONBody[EntryAcknowledge],
    change: NamedDependency[Change],
) -> Response[LogbookEntry]:
    """The entry, read by somebody; said twice it is the first."""

    def acknowledge(tx: Transaction) -> LogbookEntry:
        entry = find(tx.connection, logbook_entries, id, "logbook entry")
        return trade.acknowledge_entry(tx, entry, by=data.by or change.caller.name)

    return change.done(acknowledge)


@post(
    "/logbook-entries/{id:str}/erase",
    guards=[needs("organisation:write")],
    dto=Body[EntryErase],
    return_dto=None,
    status_code=200,
    sync_to_thread=True,
    operation_id="erase_logbook_entry",
    responses=_ACT,
)
def erase_logbook_entry(
    store: NamedDependency[Store],
    id: FromPath[str],  # noqa: A002  # as above
    data: JSONBody[EntryErase],
    change: NamedDependency[Change],
) -> Response[LogbookEntry]:
    """The entry without what it told, its hash kept (GDPR); its attachments are erased with it."""

    def erase(tx: Transaction) -> LogbookEntry:
        entry = find(tx.connection, logbook_entries, id, "logbook entry")
        return trade.erase_entry(tx, entry, reason=data.reason, by=data.by or change.caller.name)

    answer = change.done(erase)
    remove_erased(store)
    return answer


HANDLERS = (
    list_logbook_entries,
    append_logbook_entry,
    verify_logbook,
    get_logbook_entry,
    list_logbook_amendments,
    acknowledge_logbook_entry,
    erase_logbook_entry,
)
