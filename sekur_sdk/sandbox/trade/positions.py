"""Positions: kept on duty and outside breaks, or for an alarm; anything else is dropped and counted (terms of sale, art. 32.3)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import attrs
import sqlalchemy as sa

from sekur_sdk.models.geolocation import Position
from sekur_sdk.sandbox.store import schema
from sekur_sdk.sandbox.store.records import alerts, duties, positions
from sekur_sdk.sandbox.trade.duties import covers

if TYPE_CHECKING:
    from sekur_sdk.models.alerts import Alert
    from sekur_sdk.models.device import Fix
    from sekur_sdk.models.duties import Duty
    from sekur_sdk.sandbox.store.writer import Transaction

PENDING_LIFE = timedelta(hours=24)
"""How long a position waits for the duty or the alarm that will tell whether it may be kept."""

DROPPED = "positions_dropped"


@attrs.frozen
class Sighting:
    """A position not yet judged, with the wearable's ids of the duty and the alarm that it belongs to."""

    position: Position
    device_ref: str | None
    alert_uid: str | None


def sighting(tx: Transaction, device_id: str, fix: Fix, *, device_ref: str | None, alert_uid: str | None) -> Sighting:
    """What a wearable's message tells."""
    position = Position(
        id=tx.new_id(positions.prefix),
        device_id=device_id,
        lat=fix.lat,
        lon=fix.lon,
        fix_at=fix.fix_at,
        age_s=fix.age_s,
        accuracy_m=fix.accuracy_m,
        source=fix.source,
        received_at=tx.now,
    )
    return Sighting(position, device_ref, alert_uid)


def judge(tx: Transaction, seen: Sighting) -> None:
    """Keep the position, let it wait for what will tell, or drop it and count that."""
    alert = _alert_of(tx, seen)
    duty = _duty_of(tx, seen)
    if alert is not None and (alert.resolved_at is None or seen.position.fix_at <= alert.resolved_at):
        positions.insert(tx, attrs.evolve(seen.position, alert_id=alert.id, duty_id=duty.id if duty else None))
    elif duty is not None and covers(duty, seen.position.fix_at):
        positions.insert(tx, attrs.evolve(seen.position, duty_id=duty.id))
    elif (seen.alert_uid is not None and alert is None) or (seen.device_ref is not None and duty is None):
        _let_wait(tx, seen)
    else:
        count(tx, seen.position.device_id, DROPPED, 1)


def judge_waiting(
    tx: Transaction, device_id: str, *, device_ref: str | None = None, alert_uid: str | None = None
) -> None:
    """Judge the positions that waited for this duty or this alarm."""
    table = schema.pending_position
    awaited = []
    if device_ref is not None:
        awaited.append(table.c.device_ref == device_ref)
    if alert_uid is not None:
        awaited.append(table.c.alert_uid == alert_uid)
    condition = sa.and_(table.c.device_id == device_id, sa.or_(*awaited))
    rows = tx.connection.execute(sa.select(table).where(condition).order_by(table.c.id)).all()
    tx.connection.execute(sa.delete(table).where(condition))
    for row in rows:
        values = dict(row._mapping)  # noqa: SLF001  # public in SQLAlchemy, underscored only to keep clear of column names
        device_ref_, alert_uid_ = values.pop("device_ref"), values.pop("alert_uid")
        judge(tx, Sighting(Position(**values), device_ref_, alert_uid_))


def judge_again(tx: Transaction, duty: Duty) -> None:
    """Drop kept positions that a late step of the duty shows to be outside it; those of an alarm stay."""
    table = schema.position
    outside = [
        position.id
        for position in positions.all(tx.connection, table.c.duty_id == duty.id, table.c.alert_id.is_(None))
        if not covers(duty, position.fix_at)
    ]
    if outside:
        # one at a time: a list of any length in one statement is not portable
        for id_ in outside:
            tx.connection.execute(sa.delete(table).where(table.c.id == id_))
        assert duty.device_id is not None
        count(tx, duty.device_id, DROPPED, len(outside))


def forget_waiting(tx: Transaction) -> None:
    """Drop the positions that waited too long."""
    table = schema.pending_position
    condition = table.c.received_at <= tx.now - PENDING_LIFE
    rows = tx.connection.execute(
        sa.select(table.c.device_id, sa.func.count()).where(condition).group_by(table.c.device_id)
    )
    for device_id, number in rows.all():
        count(tx, device_id, DROPPED, number)
    tx.connection.execute(sa.delete(table).where(condition))


def count(tx: Transaction, device_id: str, name: str, number: int) -> None:
    """Add to one of a device's counts."""
    table = schema.tally
    where = (table.c.device_id == device_id, table.c.name == name)
    added = tx.connection.execute(sa.update(table).where(*where).values(value=table.c.value + number))
    if added.rowcount == 0:
        tx.connection.execute(sa.insert(table).values(device_id=device_id, name=name, value=number))


def _let_wait(tx: Transaction, seen: Sighting) -> None:
    position = seen.position
    tx.connection.execute(
        sa.insert(schema.pending_position).values(
            id=position.id,
            device_id=position.device_id,
            device_ref=seen.device_ref,
            alert_uid=seen.alert_uid,
            lat=position.lat,
            lon=position.lon,
            fix_at=position.fix_at,
            age_s=position.age_s,
            accuracy_m=position.accuracy_m,
            source=position.source,
            received_at=position.received_at,
        )
    )


def _alert_of(tx: Transaction, seen: Sighting) -> Alert | None:
    if seen.alert_uid is None:
        return None
    table = schema.alert
    return alerts.first(tx.connection, table.c.device_id == seen.position.device_id, table.c.uid == seen.alert_uid)


def _duty_of(tx: Transaction, seen: Sighting) -> Duty | None:
    table = schema.duty
    if seen.device_ref is not None:
        return duties.first(
            tx.connection, table.c.device_id == seen.position.device_id, table.c.device_ref == seen.device_ref
        )
    # a duty that was started elsewhere: the wearable has no id for it
    began = sa.and_(table.c.device_id == seen.position.device_id, table.c.started_at <= seen.position.fix_at)
    last = sa.select(table.c.id).where(began).order_by(table.c.started_at.desc()).limit(1)
    id_ = tx.connection.execute(last).scalar_one_or_none()
    return None if id_ is None else duties.find(tx.connection, id_)
