"""Gaps in what a wearable's outbox numbered: seen when a later message comes, closed by the missing ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from sekur_sdk.sandbox.store import schema

if TYPE_CHECKING:
    from sekur_sdk.sandbox.store.writer import Transaction


def note_seq(tx: Transaction, device_id: str, log: str, seq: int) -> None:
    """Note that the message `seq` of an outbox has come."""
    table = schema.outbox_log
    of_log = (table.c.device_id == device_id, table.c.log == log)
    highest = tx.connection.execute(sa.select(table.c.highest_seq).where(*of_log)).scalar_one_or_none()
    if highest is None:
        tx.connection.execute(
            sa.insert(table).values(device_id=device_id, log=log, highest_seq=seq, first_seen_at=tx.now)
        )
        _open(tx, device_id, log, 1, seq - 1)
    elif seq > highest:
        tx.connection.execute(sa.update(table).where(*of_log).values(highest_seq=seq))
        _open(tx, device_id, log, highest + 1, seq - 1)
    else:
        _fill(tx, device_id, log, seq)


def _open(tx: Transaction, device_id: str, log: str, first: int, last: int) -> None:
    if first <= last:
        tx.connection.execute(
            sa.insert(schema.seq_gap).values(
                device_id=device_id, log=log, first_seq=first, last_seq=last, noticed_at=tx.now
            )
        )


def _fill(tx: Transaction, device_id: str, log: str, seq: int) -> None:
    gap = schema.seq_gap
    row = tx.connection.execute(
        sa.select(gap).where(
            gap.c.device_id == device_id, gap.c.log == log, gap.c.first_seq <= seq, gap.c.last_seq >= seq
        )
    ).first()
    if row is None:
        return
    tx.connection.execute(sa.delete(gap).where(gap.c.id == row.id))
    _open(tx, device_id, log, row.first_seq, seq - 1)
    _open(tx, device_id, log, seq + 1, row.last_seq)
