"""The logbook of a site."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody

from sekur_sdk.models.logbook import LogbookCategory, LogbookEntry, Severity
from sekur_sdk.models.paging import Page
from sekur_sdk.sandbox.access import needs
from sekur_sdk.sandbox.idempotency import Change
from sekur_sdk.sandbox.inputs.body import Body
from sekur_sdk.sandbox.inputs.operations import Category, EntryAppend
from sekur_sdk.sandbox.paging import Listing, PageQuery
from sekur_sdk.sandbox.problems import declared, rule_broken
from sekur_sdk.sandbox.routes.reading import at_or_after, before, equals, listed
from sekur_sdk.sandbox.store.database import Store
from sekur_sdk.sandbox.store.records import alerts, devices, employees, logbook_entries, sites
from sekur_sdk.sandbox.trade.clocking import CLOCK_SLACK
from sekur_sdk.sandbox.trade.logbook import append_entry
from sekur_sdk.sandbox.trade.references import get as find
from sekur_sdk.sandbox.trade.references import named

if TYPE_CHECKING:
    from sekur_sdk.sandbox.store.writer import Transaction

_ENTRIES = Listing(logbook_entries, sorts=("seq", "occurred_at", "recorded_at"), default="seq", changed="recorded_at")


@get(
    "/sites/{site_id:str}/logbook",
    guards=[needs("logbook:read")],
    sync_to_thread=True,
    operation_id="list_logbook_entries",
    responses=declared(400, 401, 403, 404),
)
def list_logbook_entries(
    store: NamedDependency[Store],
    paging: NamedDependency[PageQuery],
    site_id: FromPath[str],
    category: FromQuery[Category | None] = None,
    occurred_from: FromQuery[datetime | None] = None,
    occurred_before: FromQuery[datetime | None] = None,
) -> Response[Page[LogbookEntry]]:
    """The entries of a site, in their order."""
    with store.read() as connection:
        find(connection, sites, site_id, "site")
    table = logbook_entries.table
    return listed(
        store,
        _ENTRIES,
        paging,
        table.c.site_id == site_id,
        equals(table.c.category, category),
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
    """A new entry; it is never changed."""

    def append(tx: Transaction) -> LogbookEntry:
        find(tx.connection, sites, site_id, "site")
        named(tx.connection, alerts, data.alert_id, "$.alert_id", "alert")
        known = employees.find(tx.connection, data.author_id) or devices.find(tx.connection, data.author_id)
        if known is None:
            raise rule_broken("$.author_id", "There is no such employee or device")
        if data.occurred_at is not None and data.occurred_at > tx.now + CLOCK_SLACK:
            raise rule_broken("$.occurred_at", "A time in the future")
        return append_entry(
            tx,
            site_id=site_id,
            author_id=data.author_id,
            category=LogbookCategory(data.category),
            text=data.text,
            occurred_at=data.occurred_at or tx.now,
            severity=Severity(data.severity),
            alert_id=data.alert_id,
        )

    return change.created(append, f"/api/v1/sites/{site_id}/logbook")


HANDLERS = (list_logbook_entries, append_logbook_entry)
