"""Gaps in what a wearable's outbox numbered: seen when a later message comes, closed by the missing ones or by the wearable's word.

What stays open although the wearable has nothing left to send was lost on the way; a technical alert says so.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa

from sekur_sdk.sandbox.store import schema
from sekur_sdk.sandbox.trade.alerts import raise_technical

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sekur_sdk.models.fleet import Device
    from sekur_sdk.sandbox.store.writer import Transaction

MESSAGES_LOST = "messages_lost"
GRACE = timedelta(seconds=60)
"""How long a number may be missing while the wearable has less to send than is missing: messages overtake each other."""
LONGEST = timedelta(hours=24)
"""How long a number may be missing whatever the wearable says, or if it says nothing."""


def note_seq(tx: Transaction, device_id: str, log: str, seq: int) -> None:
    """Note that the message `seq` of an outbox has come."""
    table = schema.outbox_log
    of_log = (table.c.device_id == device_id, table.c.log == log)
    highest = tx.connection.execute(sa.select(table.c.highest_seq).where(*of_log)).scalar_one_or_none()
    if highest is None:
        tx.connection.execute(
            sa.insert(table).values(device_id=device_id, log=log, highest_seq=seq, first_seen_at=tx.now)
        )
        _open(tx, device_id, log, (1, seq - 1), tx.now)
    elif seq > highest:
        tx.connection.execute(sa.update(table).where(*of_log).values(highest_seq=seq))
        _open(tx, device_id, log, (highest + 1, seq - 1), tx.now)
    else:
        note_declared(tx, device_id, log, ((seq, seq),))


def note_declared(tx: Transaction, device_id: str, log: str, seqs: Iterable[tuple[int, int]]) -> None:
    """Note that nobody has to wait for these numbers (pairs of first and last) any more."""
    gap = schema.seq_gap
    for first, last in seqs:
        overlapping = tx.connection.execute(
            sa.select(gap).where(
                gap.c.device_id == device_id, gap.c.log == log, gap.c.first_seq <= last, gap.c.last_seq >= first
            )
        ).all()
        for row in overlapping:
            tx.connection.execute(sa.delete(gap).where(gap.c.id == row.id))
            _open(tx, device_id, log, (row.first_seq, first - 1), row.noticed_at)
            _open(tx, device_id, log, (last + 1, row.last_seq), row.noticed_at)


def report_lost(tx: Transaction, device: Device, log: str, seq: int, waiting: int) -> None:
    """Raise an alert when more is missing than the `waiting` messages that the wearable had when it made its message `seq`."""
    gap = schema.seq_gap
    missing = tx.connection.execute(
        sa.select(gap).where(
            gap.c.device_id == device.id,
            gap.c.noticed_at <= tx.now - GRACE,
            sa.or_(gap.c.log != log, gap.c.last_seq < seq),
        )
    ).all()
    if sum(row.last_seq - row.first_seq + 1 for row in missing) > waiting:
        _give_up(tx, device, missing)


def report_long_missing(tx: Transaction, device: Device) -> None:
    """Raise an alert for what has been missing for a day."""
    gap = schema.seq_gap
    missing = tx.connection.execute(
        sa.select(gap).where(gap.c.device_id == device.id, gap.c.noticed_at <= tx.now - LONGEST)
    ).all()
    if missing:
        _give_up(tx, device, missing)


def devices_with_gaps(tx: Transaction) -> list[str]:
    """The ids of the wearables of which something has been missing for a day."""
    gap = schema.seq_gap
    select = sa.select(gap.c.device_id).where(gap.c.noticed_at <= tx.now - LONGEST).distinct()
    return list(tx.connection.execute(select).scalars())


def _give_up(tx: Transaction, device: Device, missing: Iterable[sa.Row[tuple[object, ...]]]) -> None:
    for row in missing:
        tx.connection.execute(sa.delete(schema.seq_gap).where(schema.seq_gap.c.id == row.id))
        tx.connection.execute(
            sa.insert(schema.declared_gap).values(
                device_id=device.id,
                log=row.log,
                first_seq=row.first_seq,
                last_seq=row.last_seq,
                dropped={},
                reason=MESSAGES_LOST,
                received_at=tx.now,
            )
        )
    raise_technical(tx, watch=f"{MESSAGES_LOST}:{device.id}", fault=MESSAGES_LOST, device=device, occurred_at=tx.now)


def _open(tx: Transaction, device_id: str, log: str, seqs: tuple[int, int], noticed_at: datetime) -> None:
    first, last = seqs
    if first <= last:
        tx.connection.execute(
            sa.insert(schema.seq_gap).values(
                device_id=device_id, log=log, first_seq=first, last_seq=last, noticed_at=noticed_at
            )
        )
