"""What each kind of a wearable's message does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from sekur_sdk.models.device import (
    AlertBody,
    CancelBody,
    DutyAction,
    DutyBody,
    GapBody,
    HealthBody,
    LogBody,
    PositionBody,
    ScanBody,
)
from sekur_sdk.models.duties import DutyMethod
from sekur_sdk.models.logbook import LogbookCategory
from sekur_sdk.sandbox.ingest.quarantine import QuarantineError
from sekur_sdk.sandbox.ingest.sequence import note_declared, report_lost
from sekur_sdk.sandbox.store import schema
from sekur_sdk.sandbox.store.records import alerts, devices, duties, employees, shifts, sites
from sekur_sdk.sandbox.trade.alerts import cancel, link_to_duty, open_alert
from sekur_sdk.sandbox.trade.devices import note_health, note_off_duty
from sekur_sdk.sandbox.trade.duties import IN_SERVICE, Step, add_step, open_duty, take_step
from sekur_sdk.sandbox.trade.logbook import append_entry
from sekur_sdk.sandbox.trade.positions import judge, judge_again, judge_waiting, sighting
from sekur_sdk.sandbox.trade.scans import take_scan

if TYPE_CHECKING:
    from sekur_sdk.models.device import Envelope
    from sekur_sdk.models.duties import Duty
    from sekur_sdk.models.fleet import Device
    from sekur_sdk.sandbox.store.writer import Transaction
    from sekur_sdk.wire.messages import Body


def apply(tx: Transaction, device: Device, message: Envelope[Body]) -> None:
    """Do what the message says.

    Raises:
        QuarantineError: it can't be done; nothing was.
    """
    body = message.body
    if isinstance(body, AlertBody):
        duty = _duty_by_ref(tx, device.id, message.duty)
        open_alert(tx, device, uid=message.uid, body=body, duty=duty, device_ref=message.duty)
        judge_waiting(tx, device.id, alert_uid=message.uid)
    elif isinstance(body, PositionBody):
        if body.fix is not None:
            judge(tx, sighting(tx, device.id, body.fix, device_ref=message.duty, alert_uid=body.alert))
    elif isinstance(body, HealthBody):
        note_health(tx, device, body, log=message.log, seq=message.seq)
        report_lost(tx, device, message.log, message.seq, body.outbox_messages)
    elif isinstance(body, DutyBody):
        _apply_duty(tx, device, body)
    elif isinstance(body, CancelBody):
        _apply_cancel(tx, device, body)
    elif isinstance(body, LogBody):
        _apply_log(tx, device, body, message.duty)
    elif isinstance(body, ScanBody):
        duty = _duty_by_ref(tx, device.id, message.duty)
        take_scan(
            tx,
            device.id,
            body,
            uid=message.uid,
            employee_id=duty.employee_id if duty else device.employee_id,
            device_ref=message.duty,
            clock=message.clock,
        )
    else:
        _keep_gap(tx, device, body, message.log)


def _duty_by_ref(tx: Transaction, device_id: str, ref: str | None) -> Duty | None:
    if ref is None:
        return None
    table = schema.duty
    return duties.first(tx.connection, table.c.device_id == device_id, table.c.device_ref == ref)


def _apply_duty(tx: Transaction, device: Device, body: DutyBody) -> None:
    duty = _duty_by_ref(tx, device.id, body.duty)
    step = Step(body.action, body.occurred_at)
    if body.action == DutyAction.START:
        if duty is None:
            _start_duty(tx, device, body)
        return
    if not body.action.is_known:
        raise QuarantineError("unknown_duty_action")
    if duty is None:
        add_step(tx, step, duty_id=None, device_id=device.id, device_ref=body.duty)
        return
    after = take_step(tx, duty, step)
    judge_again(tx, after)
    _rest(tx, device, after)


def _start_duty(tx: Transaction, device: Device, body: DutyBody) -> None:
    # who and where, by the wearable's word or by whom it is given to
    employee_id = body.employee_id or device.employee_id
    site_id = body.site_id or device.site_id
    if employee_id is None or employees.find(tx.connection, employee_id) is None:
        raise QuarantineError("unknown_employee")
    if site_id is None or sites.find(tx.connection, site_id) is None:
        raise QuarantineError("unknown_site")
    shift_known = body.shift_id is not None and shifts.find(tx.connection, body.shift_id) is not None
    duty = open_duty(
        tx,
        employee_id=employee_id,
        site_id=site_id,
        shift_id=body.shift_id if shift_known else None,
        device_id=device.id,
        device_ref=body.duty,
        method=DutyMethod.DEVICE,
        started_at=body.occurred_at,
    )
    link_to_duty(tx, duty)
    judge_waiting(tx, device.id, device_ref=body.duty)
    _rest(tx, device, duty)


def _rest(tx: Transaction, device: Device, duty: Duty) -> None:
    if duty.ended_at is None:
        return
    others = duties.first(tx.connection, schema.duty.c.device_id == device.id, schema.duty.c.status.in_(IN_SERVICE))
    current = devices.find(tx.connection, device.id)
    if others is None and current is not None and current.protected is not None:
        note_off_duty(tx, current)


def _apply_cancel(tx: Transaction, device: Device, body: CancelBody) -> None:
    table = schema.alert_cancel
    known = tx.connection.execute(
        sa.select(table.c.alert_uid).where(table.c.device_id == device.id, table.c.alert_uid == body.alert)
    ).first()
    if known is None:
        tx.connection.execute(
            sa.insert(table).values(
                device_id=device.id,
                alert_uid=body.alert,
                kind=body.alert_kind,
                phase=str(body.phase),
                occurred_at=body.occurred_at,
                recorded_at=tx.now,
            )
        )
    alert = alerts.first(tx.connection, schema.alert.c.device_id == device.id, schema.alert.c.uid == body.alert)
    if alert is not None:
        cancel(tx, alert, body.occurred_at)


def _apply_log(tx: Transaction, device: Device, body: LogBody, ref: str | None) -> None:
    duty = _duty_by_ref(tx, device.id, ref)
    site_id = duty.site_id if duty else device.site_id
    if site_id is None:
        raise QuarantineError("unknown_site")
    append_entry(
        tx,
        site_id=site_id,
        author_id=(duty.employee_id if duty else device.employee_id) or device.id,
        category=LogbookCategory(body.category),
        text=body.text,
        occurred_at=body.occurred_at,
    )


def _keep_gap(tx: Transaction, device: Device, body: GapBody, log: str) -> None:
    note_declared(tx, device.id, log, body.seqs or ((body.first_seq, body.last_seq),))
    tx.connection.execute(
        sa.insert(schema.declared_gap).values(
            device_id=device.id,
            log=log,
            first_seq=body.first_seq,
            last_seq=body.last_seq,
            dropped=body.dropped,
            reason=body.reason,
            received_at=tx.now,
        )
    )
