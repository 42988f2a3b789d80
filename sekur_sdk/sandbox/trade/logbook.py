"""Logbook entries, chained by their hashes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from sekur_sdk.models.events import EventType
from sekur_sdk.models.logbook import LogbookCategory, LogbookEntry, Severity
from sekur_sdk.rules.logbook_chain import GENESIS_HASH, sealed
from sekur_sdk.sandbox.store import schema
from sekur_sdk.sandbox.store.records import logbook_entries

if TYPE_CHECKING:
    from datetime import datetime

    from sekur_sdk.sandbox.store.writer import Transaction


def append_entry(
    tx: Transaction,
    *,
    site_id: str,
    author_id: str,
    category: LogbookCategory,
    text: str,
    occurred_at: datetime,
    severity: Severity = Severity.INFO,
    alert_id: str | None = None,
) -> LogbookEntry:
    """A new entry, the next of its site."""
    table = schema.logbook_entry
    last = tx.connection.execute(
        sa.select(table.c.seq, table.c.hash).where(table.c.site_id == site_id).order_by(table.c.seq.desc()).limit(1)
    ).one_or_none()
    seq, prev_hash = (1, GENESIS_HASH) if last is None else (last.seq + 1, last.hash)
    entry = LogbookEntry(
        id=tx.new_id("log"),
        site_id=site_id,
        seq=seq,
        author_id=author_id,
        occurred_at=occurred_at,
        recorded_at=tx.now,
        category=category,
        severity=severity,
        text=text,
        alert_id=alert_id,
        prev_hash=prev_hash,
        hash="",
    )
    entry = logbook_entries.insert(tx, sealed(entry, prev_hash))
    tx.record(EventType.LOGBOOK_ENTRY_CREATED, entry)
    return entry
