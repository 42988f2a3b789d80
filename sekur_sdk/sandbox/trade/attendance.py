"""Shifts as they are taken up: by the duty that starts and ends, or by nobody."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import attrs
import sqlalchemy as sa

from sekur_sdk.models.events import EventType
from sekur_sdk.models.planning import ShiftStatus
from sekur_sdk.sandbox.store.records import shifts
from sekur_sdk.sandbox.trade.planning import STEPS, TOLD, write_shift

if TYPE_CHECKING:
    from sekur_sdk.sandbox.store.writer import Transaction

LATE_AFTER = timedelta(minutes=5)
EARLY = timedelta(hours=1)
"""How long before a shift its employee may start without naming it."""


def shift_of(tx: Transaction, employee_id: str, site_id: str, at: datetime) -> str | None:
    """The shift that an employee takes up who starts at a site then, if there is one."""
    table = shifts.table
    due = shifts.all(
        tx.connection,
        table.c.employee_id == employee_id,
        table.c.site_id == site_id,
        table.c.status.in_((*TOLD, ShiftStatus.NO_SHOW)),
        table.c.starts_at <= at + EARLY,
        table.c.ends_at > at,
    )
    return min(due, key=lambda shift: shift.starts_at).id if due else None


def take_up(tx: Transaction, shift_id: str | None) -> None:
    """Let the shift of a duty that starts be in progress."""
    shift = None if shift_id is None else shifts.find(tx.connection, shift_id)
    if shift is not None and ShiftStatus.IN_PROGRESS in STEPS[shift.status]:
        write_shift(tx, shift, attrs.evolve(shift, status=ShiftStatus.IN_PROGRESS))


def finish(tx: Transaction, shift_id: str | None) -> None:
    """Let the shift of a duty that has ended be done."""
    shift = None if shift_id is None else shifts.find(tx.connection, shift_id)
    if shift is not None and shift.status == ShiftStatus.IN_PROGRESS:
        write_shift(tx, shift, attrs.evolve(shift, status=ShiftStatus.DONE))


def watch_late(tx: Transaction) -> None:
    """Tell once of each shift that nobody has taken up some minutes after its start."""
    table = shifts.table
    for shift in shifts.all(
        tx.connection,
        table.c.status.in_(TOLD),
        table.c.employee_id.is_not(None),
        table.c.late_told_at.is_(None),
        table.c.starts_at <= tx.now - LATE_AFTER,
        table.c.ends_at > tx.now,
    ):
        tx.connection.execute(sa.update(table).where(table.c.id == shift.id).values(late_told_at=tx.now))
        tx.record(EventType.SHIFT_LATE, shift)
