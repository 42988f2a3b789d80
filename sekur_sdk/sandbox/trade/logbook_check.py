"""Whether a site's logbook still is what was recorded, whatever was done to its rows in the database."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs
import sqlalchemy as sa

from sekur_sdk.models.logbook import ChainBreak, ChainBreakReason, ChainVerification
from sekur_sdk.rules.logbook_chain import GENESIS_HASH, first_break
from sekur_sdk.sandbox.store import schema
from sekur_sdk.sandbox.store.records import logbook_entries
from sekur_sdk.wire import WireError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sekur_sdk.models.logbook import LogbookEntry

_PIECE = 500


@attrs.frozen
class _UnreadableError(Exception):
    seq: int
    entry_id: str


def verify(connection: sa.Connection, site_id: str, now: datetime) -> ChainVerification:
    """The site's chain from its first entry to the last that was recorded, with the first link that does not hold."""
    heads = schema.logbook_head
    head = connection.execute(sa.select(heads.c.seq, heads.c.hash).where(heads.c.site_id == site_id)).one_or_none()
    seq, hash_ = (0, GENESIS_HASH) if head is None else (head.seq, head.hash)
    try:
        broken = first_break(_entries(connection, site_id), last_seq=seq, last_hash=hash_)
    except _UnreadableError as error:
        broken = ChainBreak(seq=error.seq, entry_id=error.entry_id, reason=ChainBreakReason.UNREADABLE)
    return ChainVerification(site_id=site_id, seq=seq, hash=hash_, verified_at=now, broken=broken)


def _entries(connection: sa.Connection, site_id: str) -> Iterator[LogbookEntry]:
    table = logbook_entries.table
    after = None
    while True:
        where = [table.c.site_id == site_id] if after is None else [table.c.site_id == site_id, table.c.seq > after]
        keys = connection.execute(sa.select(table.c.seq, table.c.id).where(*where).order_by(table.c.seq).limit(_PIECE))
        piece = [(row.seq, row.id) for row in keys]
        if not piece:
            return
        try:
            select = logbook_entries.select().where(*where, table.c.seq <= piece[-1][0]).order_by(table.c.seq)
            entries = [logbook_entries.read(row) for row in connection.execute(select)]
        except (ValueError, TypeError, WireError):
            # a value that no entry can have: which one it is shows when each is read by itself
            yield from _one_by_one(connection, piece)
            entries = []
        yield from entries
        after = piece[-1][0]


def _one_by_one(connection: sa.Connection, piece: list[tuple[int, str]]) -> Iterator[LogbookEntry]:
    for seq, id_ in piece:
        try:
            entry = logbook_entries.find(connection, id_)
        except (ValueError, TypeError, WireError) as error:
            raise _UnreadableError(seq, id_) from error
        assert entry is not None, id_
        yield entry
