"""Duties as people tell of them: started, corrected, validated; and the watch over ends that were forgotten."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

import attrs

from sekur_sdk.models.duties import Break, Duty, DutyCorrection, DutyMethod
from sekur_sdk.models.employees import EmployeeStatus
from sekur_sdk.models.events import EventType
from sekur_sdk.models.fleet import DeviceStatus
from sekur_sdk.models.planning import ShiftStatus
from sekur_sdk.sandbox.problems import RefusalError, rule_broken
from sekur_sdk.sandbox.store.records import devices, duties, employees, shifts, sites
from sekur_sdk.sandbox.trade.duties import IN_SERVICE, LIFE, close, open_duty, punctuality
from sekur_sdk.sandbox.trade.handover import worn_in
from sekur_sdk.sandbox.trade.payroll import refuse_locked
from sekur_sdk.sandbox.trade.positions import judge_again
from sekur_sdk.sandbox.trade.references import named
from sekur_sdk.sandbox.trade.steps import step
from sekur_sdk.sandbox.trade.times import check_year

if TYPE_CHECKING:
    from datetime import datetime

    from sekur_sdk.sandbox.inputs.duties import DutyCorrect, DutyStart
    from sekur_sdk.sandbox.store.writer import Transaction

CLOCK_SLACK = timedelta(minutes=5)
"""How far a caller's clock may be ahead."""
FORGOTTEN_AFTER = timedelta(minutes=30)
LONGEST_WITHOUT_SHIFT = timedelta(hours=13)
"""A little more than the longest day of work (IDCC 1351 art. 7.08)."""
_EARLY = timedelta(hours=12)
_WORKABLE = (
    ShiftStatus.PUBLISHED,
    ShiftStatus.ACKNOWLEDGED,
    ShiftStatus.IN_PROGRESS,
    ShiftStatus.DONE,
    ShiftStatus.NO_SHOW,
)


def start(tx: Transaction, data: DutyStart) -> Duty:
    """A duty that starts; its device is handed over.

    Raises:
        RefusalError: 409, the employee is on duty or the device is worn; 422 for the rest.
    """
    named(tx.connection, employees, data.employee_id, "$.employee_id", "employee")
    named(tx.connection, sites, data.site_id, "$.site_id", "site")
    named(tx.connection, shifts, data.shift_id, "$.shift_id", "shift")
    named(tx.connection, devices, data.device_id, "$.device_id", "device")
    table = duties.table
    running = duties.first(tx.connection, table.c.employee_id == data.employee_id, table.c.status.in_(IN_SERVICE))
    if running is not None:
        raise RefusalError(409, "The employee is on duty already.", allowed=LIFE[running.status], current=running)
    employee = employees.find(tx.connection, data.employee_id)
    if employee is not None and employee.status != EmployeeStatus.ACTIVE:
        raise rule_broken("$.employee_id", "The employee is not active")
    started_at = past(tx, "$.started_at", data.started_at)
    _refuse_overlap(tx, data.employee_id, started_at, None, "$.started_at")
    _check_shift(tx, data, started_at)
    device = None if data.device_id is None else devices.find(tx.connection, data.device_id)
    if device is not None and device.status != DeviceStatus.ACTIVE:
        raise rule_broken("$.device_id", "The device is not in use")
    worn = None if device is None else worn_in(tx, device.id)
    if worn is not None:
        raise RefusalError(409, "The device is worn by somebody else: end that duty first.", allowed=(), current=worn)
    return open_duty(
        tx,
        employee_id=data.employee_id,
        site_id=data.site_id,
        shift_id=data.shift_id,
        device_id=data.device_id,
        device_ref=None,
        method=DutyMethod(data.method),
        started_at=started_at,
    )


def correct(tx: Transaction, duty: Duty, data: DutyCorrect, *, by: str) -> Duty:
    """The duty with other times, closed; those that it told before stay readable in its corrections."""
    refuse_locked(tx, duty)
    if data.started_at is None and data.ended_at is None and data.breaks is None:
        raise rule_broken("$.ended_at", "A correction says what was otherwise: started_at, ended_at or breaks")
    if duty.status in IN_SERVICE and data.ended_at is None:
        raise rule_broken("$.ended_at", "A duty that goes on is corrected together with its end")
    started_at = duty.started_at if data.started_at is None else past(tx, "$.started_at", data.started_at)
    ended_at = duty.ended_at if data.ended_at is None else past(tx, "$.ended_at", data.ended_at)
    assert ended_at is not None
    if ended_at <= started_at:
        raise rule_broken("$.ended_at", "A duty ends after it starts")
    if data.breaks is None:
        breaks = tuple(Break(started_at=one.started_at, ended_at=one.ended_at or ended_at) for one in duty.breaks)
    else:
        breaks = tuple(Break(started_at=one.started_at, ended_at=one.ended_at) for one in data.breaks)
    _check_breaks(started_at, ended_at, breaks, sent=data.breaks is not None)
    _refuse_overlap(tx, duty.employee_id, started_at, ended_at, "$.started_at", besides=duty.id)
    late, early = punctuality(tx, duty.employee_id, duty.shift_id, started_at, ended_at)
    before = DutyCorrection(
        at=tx.now,
        by=by,
        reason=data.reason,
        started_at=duty.started_at,
        ended_at=duty.ended_at,
        breaks=duty.breaks,
    )
    refuse_locked(tx, attrs.evolve(duty, started_at=started_at, ended_at=ended_at))
    changed = duties.update(
        tx,
        duty,
        status=step(LIFE, "duty", duty, "correct"),
        started_at=started_at,
        ended_at=ended_at,
        breaks=breaks,
        late_minutes=late,
        left_early_minutes=early,
        corrections=(*duty.corrections, before),
        validated_by=None,
    )
    ended = duty.status in IN_SERVICE
    tx.record(EventType.DUTY_ENDED if ended else EventType.DUTY_UPDATED, changed)
    if ended:
        close(tx, changed)
    if changed.device_id is not None:
        judge_again(tx, changed)
    return changed


def validate(tx: Transaction, duty: Duty, *, by: str) -> Duty:
    """The duty, good for the pay."""
    status = step(LIFE, "duty", duty, "validate")
    refuse_locked(tx, duty)
    changed = duties.update(tx, duty, status=status, validated_by=by)
    tx.record(EventType.DUTY_UPDATED, changed)
    return changed


def watch_forgotten(tx: Transaction) -> None:
    """Flag each duty that goes on well after its shift; it is told, and never ended by itself."""
    table, shift = duties.table, shifts.table
    # measured from when the server learned of the duty too: a wearable may tell its start hours late
    known = (table.c.status.in_(IN_SERVICE), table.c.forgotten_end.is_(False))
    for duty in duties.all(tx.connection, *known, table.c.created_at <= tx.now - FORGOTTEN_AFTER):
        planned = None if duty.shift_id is None else shifts.first(tx.connection, shift.c.id == duty.shift_id)
        due = duty.started_at + LONGEST_WITHOUT_SHIFT if planned is None else planned.ends_at + FORGOTTEN_AFTER
        if due <= tx.now:
            changed = duties.update(tx, duty, forgotten_end=True)
            tx.record(EventType.DUTY_FORGOTTEN_END, changed)


def past(tx: Transaction, path: str, at: datetime | None) -> datetime:
    """A time that a body tells, now if none.

    Raises:
        RefusalError: 422, it is in the future or of another century.
    """
    if at is None:
        return tx.now
    check_year(at, path)
    if at > tx.now + CLOCK_SLACK:
        raise rule_broken(path, "A time in the future")
    return at


def _check_shift(tx: Transaction, data: DutyStart, started_at: datetime) -> None:
    shift = None if data.shift_id is None else shifts.find(tx.connection, data.shift_id)
    if shift is None:
        return
    if shift.status not in _WORKABLE:
        raise rule_broken("$.shift_id", f"The shift is {shift.status}")
    if shift.employee_id != data.employee_id:
        raise rule_broken("$.shift_id", "The shift is not the employee's")
    if shift.site_id != data.site_id:
        raise rule_broken("$.shift_id", "The shift is at another site")
    if not shift.starts_at - _EARLY <= started_at < shift.ends_at:
        raise rule_broken("$.shift_id", "The shift is at another time")


def _check_breaks(started_at: datetime, ended_at: datetime, breaks: tuple[Break, ...], *, sent: bool) -> None:
    for index, one in enumerate(breaks):
        path = f"$.breaks[{index}]" if sent else "$.breaks"
        assert one.ended_at is not None
        if one.ended_at <= one.started_at:
            raise rule_broken(f"{path}.ended_at" if sent else path, "A break ends after it starts")
        if one.started_at < started_at or one.ended_at > ended_at:
            raise rule_broken(path, "A break lies within its duty")
    for index, (one, other) in enumerate(pairwise(breaks)):
        assert one.ended_at is not None
        if other.started_at < one.ended_at:
            raise rule_broken(f"$.breaks[{index + 1}]", "Breaks come in their order, one after the other")


def _refuse_overlap(
    tx: Transaction,
    employee_id: str,
    started_at: datetime,
    ended_at: datetime | None,
    path: str,
    *,
    besides: str = "",
) -> None:
    table = duties.table
    conditions = [table.c.employee_id == employee_id, table.c.id != besides]
    conditions.append((table.c.ended_at > started_at) | table.c.ended_at.is_(None))
    if ended_at is not None:
        conditions.append(table.c.started_at < ended_at)
    if duties.first(tx.connection, *conditions) is not None:
        raise rule_broken(path, "The employee has another duty at that time")
