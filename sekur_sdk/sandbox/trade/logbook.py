"""Logbook entries: chained by their hashes, amended by later ones, acknowledged, erased without breaking the chain."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs
import sqlalchemy as sa

from sekur_sdk.models.events import Event, EventType
from sekur_sdk.models.logbook import (
    CalledService,
    EntryAttachment,
    EntryLocation,
    LogbookCategory,
    LogbookEntry,
    Severity,
)
from sekur_sdk.rules.logbook_chain import GENESIS_HASH, sealed
from sekur_sdk.sandbox.idempotency import replace_answers
from sekur_sdk.sandbox.inputs.body import fields_of
from sekur_sdk.sandbox.problems import RefusalError, rule_broken
from sekur_sdk.sandbox.store import schema
from sekur_sdk.sandbox.store.records import alerts, devices, employees, logbook_entries, organisations
from sekur_sdk.sandbox.trade.attachments import bind, erase
from sekur_sdk.sandbox.trade.exports import withdraw_exports
from sekur_sdk.sandbox.trade.references import named
from sekur_sdk.wire import encode
from sekur_sdk.wire.events import decode_event

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from sekur_sdk.sandbox.access import Caller
    from sekur_sdk.sandbox.inputs.operations import EntryAppend
    from sekur_sdk.sandbox.store.writer import Transaction

ERASED: dict[str, Any] = {
    "title": None,
    "text": "",
    "persons": (),
    "measures": None,
    "called_services": (),
    "location": None,
    "attachments": (),
}
"""What an erased entry has in place of what it told."""


def append_entry(
    tx: Transaction,
    *,
    site_id: str,
    author_id: str,
    category: LogbookCategory,
    text: str,
    occurred_at: datetime,
    id_: str | None = None,
    severity: Severity = Severity.INFO,
    **more: Any,
) -> LogbookEntry:
    """A new entry, the next of its site; `more` are further fields of its model."""
    heads = schema.logbook_head
    last = tx.connection.execute(sa.select(heads.c.seq, heads.c.hash).where(heads.c.site_id == site_id)).one_or_none()
    seq, prev_hash = (1, GENESIS_HASH) if last is None else (last.seq + 1, last.hash)
    entry = LogbookEntry(
        id=id_ or tx.new_id(logbook_entries.prefix),
        site_id=site_id,
        seq=seq,
        author_id=author_id,
        occurred_at=occurred_at,
        recorded_at=tx.now,
        category=category,
        severity=severity,
        text=text,
        prev_hash=prev_hash,
        hash="",
        **more,
    )
    entry = logbook_entries.insert(tx, sealed(entry, prev_hash))
    if last is None:
        tx.connection.execute(sa.insert(heads).values(site_id=site_id, seq=seq, hash=entry.hash))
    else:
        tx.connection.execute(sa.update(heads).where(heads.c.site_id == site_id).values(seq=seq, hash=entry.hash))
    tx.record(EventType.LOGBOOK_ENTRY_CREATED, entry)
    return entry


def append(tx: Transaction, site_id: str, data: EntryAppend, *, caller: Caller, slack: timedelta) -> LogbookEntry:
    """A new entry as a caller tells it; `slack` is how far ahead of the server's its clock may be."""
    named(tx.connection, alerts, data.alert_id, "$.alert_id", "alert")
    check_author(tx, data.author_id)
    latest = tx.now + slack
    if data.occurred_at is not None and data.occurred_at > latest:
        raise rule_broken("$.occurred_at", "A time in the future")
    _check_services(data, latest)
    _check_place(data)
    _check_amended(tx, site_id, data.amends_id)
    id_ = tx.new_id(logbook_entries.prefix)
    return append_entry(
        tx,
        id_=id_,
        site_id=site_id,
        author_id=data.author_id,
        category=LogbookCategory(data.category),
        severity=Severity(data.severity),
        title=data.title,
        text=data.text,
        occurred_at=data.occurred_at or tx.now,
        persons=tuple(data.persons),
        measures=data.measures,
        called_services=tuple(CalledService(**fields_of(call)) for call in data.called_services),
        location=None if data.location is None else EntryLocation(**fields_of(data.location)),
        attachments=bind_all(tx, data.attachments, owner_id=id_, caller=caller),
        alert_id=data.alert_id,
        amends_id=data.amends_id,
        shared_with_client=data.shared_with_client,
        requires_ack=data.requires_ack,
    )


def check_author(tx: Transaction, author_id: str, path: str = "$.author_id") -> None:
    """Refuse an author that is neither an employee nor a wearable."""
    if (employees.find(tx.connection, author_id) or devices.find(tx.connection, author_id)) is None:
        raise rule_broken(path, "There is no such employee or device")


def bind_all(tx: Transaction, ids: list[str], *, owner_id: str, caller: Caller) -> tuple[EntryAttachment, ...]:
    """The attachments that a body names in `$.attachments`, from now on the entry's."""
    bound = [
        bind(tx, id_, f"$.attachments[{number}]", owner_id=owner_id, caller=caller) for number, id_ in enumerate(ids)
    ]
    return tuple(EntryAttachment(id=one.id, sha256=one.sha256) for one in bound)


def acknowledge_entry(tx: Transaction, entry: LogbookEntry, *, by: str) -> LogbookEntry:
    """The entry, read by somebody; said again it stays the first."""
    _refuse_erased(entry)
    if entry.acknowledged_at is not None:
        return entry
    return _change(tx, entry, EventType.LOGBOOK_ENTRY_ACKNOWLEDGED, acknowledged_at=tx.now, acknowledged_by=by)


def erase_entry(tx: Transaction, entry: LogbookEntry, *, reason: str, by: str) -> LogbookEntry:
    """The entry without what it told; its hash stays, and the chain holds. Its copies in events and kept answers go too.

    A further entry says who erased it and why.
    """
    _refuse_erased(entry)
    if entry.erases_id is not None:
        raise RefusalError(409, "The entry says that another was erased: it stays.", allowed=(), current=entry)
    erase(tx, entry.id)
    changes = ERASED | {"erased_at": tx.now, "erased_by": by, "erasure_reason": reason}
    erased = attrs.evolve(entry, **changes)
    _erase_events(tx, erased)
    replace_answers(tx, erased)
    withdraw_exports(tx)
    changed = _change(tx, entry, EventType.LOGBOOK_ENTRY_ERASED, **changes)
    append_entry(
        tx,
        site_id=entry.site_id,
        author_id=company(tx, entry.site_id),
        category=LogbookCategory.OTHER,
        text=f"Entrée n° {entry.seq} effacée par {by} : {reason}",
        occurred_at=tx.now,
        erases_id=entry.id,
    )
    return changed


def company(tx: Transaction, site_id: str) -> str:
    """The author of what nobody in particular writes: the company, or in a store without one the site."""
    organisation = organisations.first(tx.connection)
    return site_id if organisation is None else organisation.id


def amendments(connection: sa.Connection, entry: LogbookEntry) -> list[LogbookEntry]:
    """The entry that others amend, and these, in the order in which they came; `entry` may be any of them."""
    table = logbook_entries.table
    first = entry
    while first.amends_id is not None:
        found = logbook_entries.find(connection, first.amends_id)
        if found is None or found.seq >= first.seq:
            # taken out behind the server's back: `verify` tells
            break
        first = found
    chain = [first]
    while (later := logbook_entries.first(connection, table.c.amends_id == chain[-1].id)) is not None:
        if later.seq <= chain[-1].seq:
            break
        chain.append(later)
    return chain


def _change(tx: Transaction, entry: LogbookEntry, type_: EventType, **changes: Any) -> LogbookEntry:
    table = schema.logbook_entry
    tx.connection.execute(sa.update(table).where(table.c.id == entry.id).values(changes))
    changed = attrs.evolve(entry, **changes)
    tx.record(type_, changed)
    return changed


def _erase_events(tx: Transaction, erased: LogbookEntry) -> None:
    like = f'%"id":"{erased.id}"%'
    events = schema.event
    copies = sa.select(events).where(events.c.type.startswith("logbook_entry."), events.c.data.like(like))
    for row in tx.connection.execute(copies).all():
        event = decode_event(row.data.encode())
        if isinstance(event.subject, LogbookEntry) and event.subject.id == erased.id:
            told = encode(Event(id=event.id, type=event.type, at=event.at, subject=erased)).decode()
            tx.connection.execute(sa.update(events).where(events.c.id == row.id).values(data=told))


def _refuse_erased(entry: LogbookEntry) -> None:
    if entry.erased_at is not None:
        raise RefusalError(409, "The entry was erased: nothing can be done with it.", allowed=(), current=entry)


def _check_services(data: EntryAppend, latest: datetime) -> None:
    for number, call in enumerate(data.called_services):
        path = f"$.called_services[{number}]"
        if call.called_at > latest:
            raise rule_broken(f"{path}.called_at", "A time in the future")
        if call.arrived_at is not None and call.arrived_at < call.called_at:
            raise rule_broken(f"{path}.arrived_at", "Nobody arrives before being called")
        if call.arrived_at is not None and call.arrived_at > latest:
            raise rule_broken(f"{path}.arrived_at", "A time in the future")


def _check_place(data: EntryAppend) -> None:
    place = data.location
    if place is None:
        return
    if (place.lat is None) != (place.lon is None):
        raise rule_broken(f"$.location.{'lat' if place.lat is None else 'lon'}", "Latitude and longitude go together")
    if place.lat is None and place.zone is None:
        raise rule_broken("$.location", "A place on the map, a zone, or both")
    if place.accuracy_m is not None and place.lat is None:
        raise rule_broken("$.location.accuracy_m", "An accuracy belongs to a place on the map")


def _check_amended(tx: Transaction, site_id: str, amends_id: str | None) -> None:
    if amends_id is None:
        return
    amended = logbook_entries.find(tx.connection, amends_id)
    if amended is None or amended.site_id != site_id:
        raise rule_broken("$.amends_id", "There is no such entry of the site")
    if amended.erased_at is not None:
        raise rule_broken("$.amends_id", "The entry was erased")
    later = logbook_entries.first(tx.connection, logbook_entries.table.c.amends_id == amends_id)
    if later is not None:
        raise rule_broken("$.amends_id", f"The entry is amended by {later.id}: amend that one")
