"""Alerts: opened by wearables or by the server, handled by people, told back to the wearable."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa

from sekur_sdk.models.alerts import Alert, AlertStatus
from sekur_sdk.models.device import AlertKind, AlertState, AlertUpdate, Channel, DeviceAddress
from sekur_sdk.models.events import EventType
from sekur_sdk.models.logbook import LogbookCategory, Severity
from sekur_sdk.sandbox.problems import forbidden_step
from sekur_sdk.sandbox.store import schema
from sekur_sdk.sandbox.store.records import alerts, organisations
from sekur_sdk.sandbox.trade.logbook import append_entry
from sekur_sdk.sandbox.trade.places import is_nowhere

if TYPE_CHECKING:
    from datetime import datetime

    from sekur_sdk.models.device import AlertBody
    from sekur_sdk.models.duties import Duty
    from sekur_sdk.models.fleet import Device
    from sekur_sdk.sandbox.store.writer import Transaction
    from sekur_sdk.sandbox.trade.steps import Life

_TAKEN = {"escalate": AlertStatus.ESCALATED, "resolve": AlertStatus.RESOLVED}

STEPS: Life[AlertStatus] = {
    AlertStatus.OPEN: {"acknowledge": AlertStatus.ACKNOWLEDGED, **_TAKEN},
    AlertStatus.ESCALATED: {"acknowledge": AlertStatus.ACKNOWLEDGED, **_TAKEN},
    AlertStatus.ACKNOWLEDGED: _TAKEN,
    AlertStatus.RESOLVED: {},
    AlertStatus.FALSE_ALARM: {},
}
"""The actions that a state allows; `resolve` also leads to a false alarm."""

SERVER = "sekur"
"""Who did what the server does by itself."""

UNRESOLVED = (AlertStatus.OPEN, AlertStatus.ACKNOWLEDGED, AlertStatus.ESCALATED)

MAX_ESCALATION = 3
"""So often an alert is escalated: beyond that there is nobody else to call."""

DEFAULT_DELAY_S = 120
"""Of an alert at no site."""

_NOT_ESCALATED = (AlertKind.LOW_BATTERY, AlertKind.TEST)
"""Kinds that can wait for somebody."""

_WITHOUT_ENTRY = frozenset({AlertKind.LOW_BATTERY, AlertKind.TECHNICAL, AlertKind.TEST})
"""Kinds that no logbook tells of: they are about the device, not about the wearer."""

_FRENCH: dict[AlertKind, str] = {
    AlertKind.FALL: "Alarme DATI : chute détectée",
    AlertKind.NO_MOTION: "Alarme DATI : absence de mouvement",
    AlertKind.TILT: "Alarme DATI : perte de verticalité",
    AlertKind.SOS: "Alarme DATI : appel au secours (SOS)",
    AlertKind.CHECK_IN_MISSED: "Alarme DATI : absence de réponse au contrôle périodique",
    AlertKind.TEAR_OFF: "Alarme DATI : arrachement du dispositif",
    AlertKind.REINFORCEMENT: "Demande de renfort",
}


def open_alert(
    tx: Transaction, device: Device, *, uid: str, body: AlertBody, duty: Duty | None, device_ref: str | None
) -> Alert:
    """The alert that a wearable's alarm is, with its logbook entry; the one that an app raised for it under the same uid already."""
    table = schema.alert
    raised = alerts.first(tx.connection, table.c.device_id == device.id, table.c.uid == uid)
    if raised is not None:
        return raised
    cancel = _cancel_of(tx, device.id, uid)
    alert = alerts.create(
        tx,
        internal={"device_ref": device_ref},
        uid=uid,
        kind=body.kind,
        fault=body.fault,
        silent=body.silent,
        device_id=device.id,
        employee_id=duty.employee_id if duty else device.employee_id,
        site_id=duty.site_id if duty else device.site_id,
        duty_id=duty.id if duty else None,
        fix=None if body.fix is None or is_nowhere(body.fix) else body.fix,
        fix_is_stale=body.fix_is_stale,
        score=body.score,
        occurred_at=body.impact_at or body.started_at,
        opened_at=tx.now,
        cancelled_at=cancel,
        status=AlertStatus.OPEN,
    )
    tx.record(EventType.ALERT_OPENED, alert)
    if cancel is not None:
        tx.record(EventType.ALERT_CANCELLED, alert)
    write_entry(tx, alert)
    return alert


def raise_technical(
    tx: Transaction,
    *,
    watch: str,
    fault: str,
    device: Device | None,
    occurred_at: datetime,
    duty: Duty | None = None,
) -> Alert | None:
    """A technical alert of the server's own; None while the last one of the same `watch` is unresolved."""
    table = schema.alert
    if alerts.first(tx.connection, table.c.watch == watch, table.c.status.in_(UNRESOLVED)) is not None:
        return None
    alert = alerts.create(
        tx,
        internal={"watch": watch},
        kind=AlertKind.TECHNICAL,
        fault=fault,
        device_id=device.id if device else None,
        employee_id=duty.employee_id if duty else device.employee_id if device else None,
        site_id=duty.site_id if duty else device.site_id if device else None,
        duty_id=duty.id if duty else None,
        occurred_at=occurred_at,
        opened_at=tx.now,
        status=AlertStatus.OPEN,
    )
    tx.record(EventType.ALERT_OPENED, alert)
    return alert


def clear_technical(tx: Transaction, *, watch: str, resolution: str) -> None:
    """Resolve the server's own alert of `watch`, where one is unresolved."""
    table = schema.alert
    for alert in alerts.all(tx.connection, table.c.watch == watch, table.c.status.in_(UNRESOLVED)):
        resolve(tx, alert, by=SERVER, resolution=resolution, false_alarm=False)


def cancel(tx: Transaction, alert: Alert, at: datetime) -> Alert:
    """The alert with the wearer's cancellation; a person still has to resolve it."""
    if alert.cancelled_at is not None:
        return alert
    changed = alerts.update(tx, alert, cancelled_at=at)
    tx.record(EventType.ALERT_CANCELLED, changed)
    return changed


def acknowledge(tx: Transaction, alert: Alert, *, by: str) -> Alert:
    """The alert in the hands of a person; the wearable is told."""
    _check_step(alert, "acknowledge")
    changed = alerts.update(tx, alert, status=AlertStatus.ACKNOWLEDGED, acknowledged_at=tx.now, acknowledged_by=by)
    tx.record(EventType.ALERT_ACKNOWLEDGED, changed)
    tell_wearer(tx, changed)
    return changed


def escalate(tx: Transaction, alert: Alert, *, by: str) -> Alert:
    """The alert, called out to the next level."""
    _check_step(alert, "escalate")
    changed = alerts.update(
        tx,
        alert,
        status=AlertStatus.ESCALATED,
        escalation_level=alert.escalation_level + 1,
        escalated_at=tx.now,
        escalated_by=by,
    )
    tx.record(EventType.ALERT_ESCALATED, changed)
    return changed


def watch_unacknowledged(tx: Transaction) -> None:
    """Escalate each alert that nobody has acknowledged in its site's delay, and again after each further delay."""
    table, site = schema.alert, schema.site
    # what can be due at all is found by the index on the state; the delay is the site's own
    waiting = tx.connection.execute(
        sa.select(table.c.id, sa.func.coalesce(site.c.alert_delay_s, DEFAULT_DELAY_S).label("delay_s"))
        .outerjoin(site, site.c.id == table.c.site_id)
        .where(
            table.c.status.in_((AlertStatus.OPEN, AlertStatus.ESCALATED)),
            table.c.escalation_level < MAX_ESCALATION,
            table.c.kind.not_in(_NOT_ESCALATED),
        )
    ).all()
    for row in waiting:
        alert = alerts.find(tx.connection, row.id)
        if alert is not None and (alert.escalated_at or alert.opened_at) + timedelta(seconds=row.delay_s) <= tx.now:
            escalate(tx, alert, by=SERVER)


def resolve(tx: Transaction, alert: Alert, *, by: str, resolution: str, false_alarm: bool) -> Alert:
    """The alert at its end; the wearable is told."""
    _check_step(alert, "resolve")
    changed = alerts.update(
        tx,
        alert,
        status=AlertStatus.FALSE_ALARM if false_alarm else AlertStatus.RESOLVED,
        resolved_at=tx.now,
        resolved_by=by,
        resolution=resolution,
    )
    tx.record(EventType.ALERT_RESOLVED, changed)
    tell_wearer(tx, changed)
    return changed


def link_to_duty(tx: Transaction, duty: Duty) -> None:
    """Give the duty to alarms of its wearable that came before it."""
    table = schema.alert
    early = alerts.all(
        tx.connection,
        table.c.device_id == duty.device_id,
        table.c.device_ref == duty.device_ref,
        table.c.duty_id.is_(None),
    )
    for alert in early:
        alerts.update(tx, alert, duty_id=duty.id, employee_id=duty.employee_id, site_id=duty.site_id)


def tell_wearer(tx: Transaction, alert: Alert) -> None:
    """Send what became of the alarm to its wearable, where it came from one."""
    if alert.uid is None or alert.device_id is None:
        return
    tenant = tx.connection.execute(sa.select(organisations.table.c.tenant)).scalar_one_or_none()
    if tenant is not None:
        tx.publish(DeviceAddress(tenant, alert.device_id), Channel.ALERT_STATE, update_of(alert))


def update_of(alert: Alert) -> AlertUpdate:
    """What the wearable is told of its alarm."""
    assert alert.uid is not None
    if alert.resolved_at is not None:
        state, at = AlertState.RESOLVED, alert.resolved_at
    elif alert.acknowledged_at is not None:
        state, at = AlertState.ACKNOWLEDGED, alert.acknowledged_at
    else:
        state, at = AlertState.RECEIVED, alert.opened_at
    return AlertUpdate(uid=alert.uid, alert_id=alert.id, state=state, at=at)


def steps_of(alert: Alert) -> tuple[str, ...]:
    """The actions that the alert allows now."""
    steps = tuple(STEPS[alert.status])
    return steps if alert.escalation_level < MAX_ESCALATION else tuple(step for step in steps if step != "escalate")


def _check_step(alert: Alert, action: str) -> None:
    if action not in (allowed := steps_of(alert)):
        raise forbidden_step("alert", alert.status, allowed, alert)


def _cancel_of(tx: Transaction, device_id: str, uid: str) -> datetime | None:
    table = schema.alert_cancel
    select = sa.select(table.c.occurred_at).where(table.c.device_id == device_id, table.c.alert_uid == uid)
    return tx.connection.execute(select).scalar_one_or_none()


def write_entry(tx: Transaction, alert: Alert) -> None:
    """Tell the site's logbook of the alert, where it is about a person."""
    author = alert.employee_id or alert.device_id
    if alert.kind in _WITHOUT_ENTRY or alert.site_id is None or author is None:
        return
    text = _FRENCH.get(alert.kind, f"Alarme DATI ({alert.kind})")
    if alert.silent:
        text += ", alarme silencieuse"
    append_entry(
        tx,
        site_id=alert.site_id,
        author_id=author,
        category=LogbookCategory.LONE_WORKER_ALARM,
        text=f"{text}.",
        occurred_at=alert.occurred_at,
        severity=Severity.CRITICAL,
        alert_id=alert.id,
    )
