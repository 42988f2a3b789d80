"""What the server knows of a wearable's state, and the watch over those that fall silent."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa

from sekur_sdk.models.events import EventType
from sekur_sdk.sandbox.store import schema
from sekur_sdk.sandbox.store.records import devices, duties
from sekur_sdk.sandbox.trade.alerts import clear_technical, raise_technical
from sekur_sdk.sandbox.trade.duties import IN_SERVICE
from sekur_sdk.sandbox.trade.pti import hear_device

if TYPE_CHECKING:
    from datetime import datetime

    from sekur_sdk.models.device import HealthBody, Status
    from sekur_sdk.models.fleet import Device
    from sekur_sdk.sandbox.store.writer import Transaction

HEALTH_LIMIT = timedelta(seconds=180)
NO_HEALTH = "no_health"


def note_health(tx: Transaction, device: Device, body: HealthBody, *, log: str, seq: int) -> Device:
    """The device with its newest health; a message older than the newest known changes nothing but when it was seen."""
    table = schema.device
    known = tx.connection.execute(
        sa.select(table.c.health_log, table.c.health_seq).where(table.c.id == device.id)
    ).one()
    changes: dict[str, object] = {"last_seen_at": tx.now}
    newest = known.health_log != log or known.health_seq is None or seq > known.health_seq
    if newest:
        changes |= {"protected": body.protected, "faults": body.faults, "battery_pct": body.battery_pct}
    changed = _update(tx, device, changes, told=("protected", "faults"))
    received: dict[str, object] = {"health_received_at": tx.now}
    if newest:
        received |= {"health_log": log, "health_seq": seq}
    tx.connection.execute(sa.update(table).where(table.c.id == device.id).values(received))
    clear_technical(tx, watch=_watch(device.id), resolution="Le dispositif donne de nouveau de ses nouvelles.")
    hear_device(tx, device.id)
    return changed


def note_status(tx: Transaction, device: Device, status: Status) -> Device:
    """The device as its retained presence or its last will tells."""
    changes: dict[str, object] = {"online": status.online}
    if status.online:
        changes["last_seen_at"] = tx.now
        changes["agent_version"] = status.agent
    return _update(tx, device, changes, told=("online", "agent_version"))


def note_off_duty(tx: Transaction, device: Device) -> Device:
    """The device after its duty: whether it protects is not known any more."""
    return _update(tx, device, {"protected": None}, told=("protected",))


def watch_health(tx: Transaction, *, listening_since: datetime | None = None) -> None:
    """Raise a technical alert for each wearable on duty that was not heard of for 180 s.

    While the server itself was down nobody could be heard: it first listens as long from `listening_since` on.
    """
    limit = tx.now - HEALTH_LIMIT
    if listening_since is not None and listening_since > limit:
        return
    table = schema.device
    silent = duties.all(
        tx.connection,
        schema.duty.c.status.in_(IN_SERVICE),
        schema.duty.c.device_ref.is_not(None),
        # measured from when the server learned of the duty: its start may be told hours late
        schema.duty.c.created_at <= limit,
        sa.exists().where(
            table.c.id == schema.duty.c.device_id,
            sa.or_(table.c.health_received_at.is_(None), table.c.health_received_at <= limit),
        ),
    )
    for device_id in dict.fromkeys(duty.device_id for duty in silent):
        device = devices.find(tx.connection, device_id) if device_id is not None else None
        if device is None:
            continue
        raised = raise_technical(tx, watch=_watch(device.id), fault=NO_HEALTH, device=device, occurred_at=tx.now)
        if raised is not None:
            _update(tx, device, {"protected": False}, told=("protected",))


def _watch(device_id: str) -> str:
    return f"{NO_HEALTH}:{device_id}"


def _update(tx: Transaction, device: Device, changes: dict[str, object], *, told: tuple[str, ...]) -> Device:
    changed = devices.update(tx, device, **changes)
    if any(getattr(changed, name) != getattr(device, name) for name in told):
        tx.record(EventType.DEVICE_UPDATED, changed)
    return changed
