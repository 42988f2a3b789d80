"""Positions: kept on duty and outside breaks, or for an alarm; anything else is dropped and counted (terms of sale, art. 32.3)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import attrs
import sqlalchemy as sa

from sekur_sdk.models.device import AlertKind, FixSource
from sekur_sdk.models.geolocation import Position, PositionBatchResult, PositionPurpose
from sekur_sdk.models.problem import FieldError
from sekur_sdk.sandbox.problems import OUTSIDE_SERVICE, RefusalError, not_found, rule_broken
from sekur_sdk.sandbox.store import schema
from sekur_sdk.sandbox.store.records import alerts, duties, positions
from sekur_sdk.sandbox.trade.alerts import UNRESOLVED
from sekur_sdk.sandbox.trade.duties import IN_SERVICE, covers
from sekur_sdk.sandbox.trade.places import AHEAD, check_place, is_nowhere
from sekur_sdk.sandbox.trade.references import named

if TYPE_CHECKING:
    from datetime import datetime

    from sekur_sdk.models.alerts import Alert
    from sekur_sdk.models.device import Fix
    from sekur_sdk.models.duties import Duty
    from sekur_sdk.sandbox.inputs.safety import PositionBatch
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


def take_batch(tx: Transaction, data: PositionBatch) -> PositionBatchResult:
    """Store positions of an app or of a gateway, all of them or none; those stored before stay as they are.

    Raises:
        RefusalError: 422, `outside_service` with the index of each that was neither on duty outside breaks nor of an alert.
    """
    if data.duty_id is None and data.alert_id is None:
        raise rule_broken("$.duty_id", "Positions are of a duty or of an alert")
    named(tx.connection, duties, data.duty_id, "$.duty_id", "duty")
    named(tx.connection, alerts, data.alert_id, "$.alert_id", "alert")
    duty = duties.find(tx.connection, data.duty_id) if data.duty_id else None
    alert = alerts.find(tx.connection, data.alert_id) if data.alert_id else None
    if duty is not None and alert is not None and duty.employee_id != alert.employee_id:
        raise rule_broken("$.alert_id", "An alert of another employee")
    outside = []
    for index, sent in enumerate(data.positions):
        check_place(tx, sent, f"$.positions[{index}]")
        if not ((duty is not None and covers(duty, sent.fix_at)) or (alert is not None and _is_of(alert, sent.fix_at))):
            outside.append(FieldError(path=f"$.positions[{index}].fix_at", message="Outside the duty, or on break"))
    if outside:
        raise RefusalError(
            422, "Positions are kept on duty and outside breaks alone.", type_=OUTSIDE_SERVICE, errors=outside
        )
    stored = 0
    for sent in data.positions:
        if positions.first(tx.connection, schema.position.c.uid == sent.uid) is not None:
            continue
        position = Position(
            id=tx.new_id(positions.prefix),
            device_id=(alert.device_id if alert else None) or (duty.device_id if duty else None),
            duty_id=duty.id if duty else alert.duty_id if alert else None,
            alert_id=alert.id if alert else None,
            lat=sent.lat,
            lon=sent.lon,
            fix_at=sent.fix_at,
            age_s=sent.age_s,
            accuracy_m=sent.accuracy_m,
            source=FixSource(sent.source),
            purpose=PositionPurpose(data.purpose),
            received_at=tx.now,
        )
        positions.insert(tx, position, uid=sent.uid)
        stored += 1
    return PositionBatchResult(stored=stored, duplicates=len(data.positions) - stored)


def last_position(connection: sa.Connection, employee_id: str, now: datetime) -> Position:
    """Where the employee was last seen on the duty that runs, or since an alert that is not resolved.

    Where nothing is known but what the alert itself told, that is given, under the alert's id.

    Raises:
        RefusalError: 409 `outside_service` off duty, on break and without an alert; 404 when no position is known.
    """
    table = schema.alert
    calls = alerts.all(connection, table.c.employee_id == employee_id, table.c.status.in_(UNRESOLVED))
    calls = [alert for alert in calls if alert.kind != AlertKind.TECHNICAL]
    running = duties.all(connection, schema.duty.c.employee_id == employee_id, schema.duty.c.status.in_(IN_SERVICE))
    on_duty = [duty for duty in running if covers(duty, now)]
    if not calls and not on_duty:
        raise RefusalError(409, "The employee is not on duty, or on break.", type_=OUTSIDE_SERVICE)
    place = schema.position
    known = place.c.alert_id.in_([alert.id for alert in calls]) | place.c.duty_id.in_([duty.id for duty in on_duty])
    newest = connection.execute(positions.select().where(known).order_by(place.c.fix_at.desc()).limit(1)).one_or_none()
    told = [_told(alert, alert.fix) for alert in calls if alert.fix is not None]
    found = [*told, *([] if newest is None else [positions.read(newest)])]
    if not found:
        raise not_found("position")
    return max(found, key=lambda position: position.fix_at)


def _told(alert: Alert, fix: Fix) -> Position:
    return Position(
        id=alert.id,
        device_id=alert.device_id,
        duty_id=alert.duty_id,
        alert_id=alert.id,
        received_at=alert.opened_at,
        **attrs.asdict(fix),
    )


def _is_of(alert: Alert, at: datetime) -> bool:
    """Whether a position of that moment is one of the alert: from when it occurred until it was resolved."""
    return alert.occurred_at - AHEAD <= at and (alert.resolved_at is None or at <= alert.resolved_at)


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
    if is_nowhere(seen.position):
        count(tx, seen.position.device_id, DROPPED, 1)
        return
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


def count(tx: Transaction, device_id: str | None, name: str, number: int) -> None:
    """Add to one of a device's counts; an app has none."""
    if device_id is None:
        return
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
