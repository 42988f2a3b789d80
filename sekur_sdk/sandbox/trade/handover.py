"""Who wears which device: it is handed over at the start of a duty, and goes back where it came from at its end."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from sekur_sdk.models.duties import DutyStatus
from sekur_sdk.models.events import EventType
from sekur_sdk.sandbox.store.records import devices, duties

if TYPE_CHECKING:
    from sekur_sdk.models.duties import Duty
    from sekur_sdk.sandbox.store.writer import Transaction

IN_SERVICE = (DutyStatus.OPEN, DutyStatus.ON_BREAK)


def worn_in(tx: Transaction, device_id: str, *, besides: str = "") -> Duty | None:
    """The duty in which a device is worn now."""
    table = duties.table
    return duties.first(
        tx.connection, table.c.device_id == device_id, table.c.status.in_(IN_SERVICE), table.c.id != besides
    )


def hand_over(tx: Transaction, duty: Duty) -> None:
    """Give the duty's device to its employee; one that is still worn elsewhere stays there."""
    device = None if duty.device_id is None else devices.find(tx.connection, duty.device_id)
    if device is None or device.employee_id == duty.employee_id or worn_in(tx, device.id, besides=duty.id) is not None:
        return
    table = duties.table
    lent = {"device_lent": True, "device_back_to": device.employee_id}
    tx.connection.execute(sa.update(table).where(table.c.id == duty.id).values(lent))
    tx.record(EventType.DEVICE_UPDATED, devices.update(tx, device, employee_id=duty.employee_id))


def give_back(tx: Transaction, duty: Duty) -> None:
    """Give the duty's device back to whom it was taken from, if it was handed over for it."""
    table = duties.table
    lent = tx.connection.execute(
        sa.select(table.c.device_id, table.c.device_back_to).where(table.c.id == duty.id, table.c.device_lent)
    ).one_or_none()
    if lent is None:
        return
    tx.connection.execute(sa.update(table).where(table.c.id == duty.id).values(device_lent=False))
    device = devices.find(tx.connection, lent.device_id)
    if device is not None and device.employee_id == duty.employee_id:
        tx.record(EventType.DEVICE_UPDATED, devices.update(tx, device, employee_id=lent.device_back_to))
