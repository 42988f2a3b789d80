"""Alerts that an app raises over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekur_sdk.models.alerts import Alert, AlertStatus
from sekur_sdk.models.device import AlertKind, Fix
from sekur_sdk.models.events import EventType
from sekur_sdk.sandbox.inputs.body import fields_of
from sekur_sdk.sandbox.problems import rule_broken
from sekur_sdk.sandbox.store import schema
from sekur_sdk.sandbox.store.records import alerts, devices, duties, employees, sites
from sekur_sdk.sandbox.trade.alerts import tell_wearer, write_entry
from sekur_sdk.sandbox.trade.places import AHEAD, check_place
from sekur_sdk.sandbox.trade.references import named
from sekur_sdk.sandbox.trade.typed import typed

if TYPE_CHECKING:
    from sekur_sdk.sandbox.inputs.safety import AlertRaise, FixSent
    from sekur_sdk.sandbox.store.writer import Transaction


def raise_alert(tx: Transaction, data: AlertRaise) -> Alert:
    """The alert, with its logbook entry; the one that was raised before under the same uid, which may be sent again and again."""
    who, where = _who(tx, data)
    known = alerts.first(tx.connection, schema.alert.c.uid == data.uid)
    if known is not None:
        if (known.kind, known.employee_id) != (data.kind, who):
            raise rule_broken("$.uid", "Another alert has this uid")
        return known
    if (data.kind == "technical") != (data.fault is not None):
        raise rule_broken("$.fault", "A technical alert, and no other, names its fault")
    occurred_at = data.occurred_at or tx.now
    if occurred_at > tx.now + AHEAD:
        raise rule_broken("$.occurred_at", "A time in the future")
    alert = alerts.create(
        tx,
        uid=data.uid,
        kind=AlertKind(data.kind),
        fault=data.fault,
        silent=data.silent,
        device_id=data.device_id,
        employee_id=who,
        site_id=where,
        duty_id=data.duty_id,
        fix=_fix(tx, data.fix),
        fix_is_stale=data.fix_is_stale,
        occurred_at=occurred_at,
        opened_at=tx.now,
        status=AlertStatus.OPEN,
    )
    tx.record(EventType.ALERT_OPENED, alert)
    write_entry(tx, alert)
    tell_wearer(tx, alert)
    return alert


def _who(tx: Transaction, data: AlertRaise) -> tuple[str | None, str | None]:
    """Who calls, and at which site: as told, else by the duty, else by whom the wearable is given to."""
    named(tx.connection, employees, data.employee_id, "$.employee_id", "employee")
    named(tx.connection, devices, data.device_id, "$.device_id", "device")
    named(tx.connection, sites, data.site_id, "$.site_id", "site")
    named(tx.connection, duties, data.duty_id, "$.duty_id", "duty")
    duty = duties.find(tx.connection, data.duty_id) if data.duty_id else None
    device = devices.find(tx.connection, data.device_id) if data.device_id else None
    if duty is not None and data.employee_id not in (None, duty.employee_id):
        raise rule_broken("$.duty_id", "A duty of another employee")
    if duty is not None and data.site_id not in (None, duty.site_id):
        raise rule_broken("$.duty_id", "A duty at another site")
    who = data.employee_id or (duty.employee_id if duty else device.employee_id if device else None)
    if who is None and device is None:
        raise rule_broken("$.employee_id", "Say who calls: an employee_id, a duty_id or a device_id")
    return who, data.site_id or (duty.site_id if duty else device.site_id if device else None)


def _fix(tx: Transaction, sent: FixSent | None) -> Fix | None:
    if sent is None:
        return None
    check_place(tx, sent, "$.fix")
    return Fix(**typed(Fix, fields_of(sent)))
