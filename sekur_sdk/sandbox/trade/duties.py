"""Duties: what their steps make of them.

A duty is folded from its steps in the order of their times, so that steps may come late and in any order: a wearable
that was offline sends them when it can.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import attrs
import sqlalchemy as sa

from sekur_sdk.models.device import DutyAction
from sekur_sdk.models.duties import Break, Duty, DutyMethod, DutyStatus
from sekur_sdk.models.events import EventType
from sekur_sdk.sandbox.store import schema
from sekur_sdk.sandbox.store.records import duties, shifts
from sekur_sdk.sandbox.trade import handover
from sekur_sdk.sandbox.trade.attendance import LATE_AFTER, finish, shift_of, take_up

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sekur_sdk.sandbox.store.writer import Transaction
    from sekur_sdk.sandbox.trade.steps import Life

STEPS: dict[DutyStatus, tuple[DutyAction, ...]] = {
    DutyStatus.OPEN: (DutyAction.BREAK_START, DutyAction.END),
    DutyStatus.ON_BREAK: (DutyAction.BREAK_END, DutyAction.END),
    DutyStatus.CLOSED: (),
    DutyStatus.VALIDATED: (),
}
"""The steps that a state allows."""

LIFE: Life[DutyStatus] = {
    DutyStatus.OPEN: {"break-start": DutyStatus.ON_BREAK, "end": DutyStatus.CLOSED, "correct": DutyStatus.CLOSED},
    DutyStatus.ON_BREAK: {"break-end": DutyStatus.OPEN, "end": DutyStatus.CLOSED, "correct": DutyStatus.CLOSED},
    DutyStatus.CLOSED: {"correct": DutyStatus.CLOSED, "validate": DutyStatus.VALIDATED},
    DutyStatus.VALIDATED: {"correct": DutyStatus.CLOSED},
}

IN_SERVICE = handover.IN_SERVICE
_MINUTE = timedelta(minutes=1)


@attrs.frozen
class Step:
    """One step of a duty."""

    action: DutyAction
    at: datetime


@attrs.frozen
class Course:
    """What the steps make of a duty."""

    status: DutyStatus
    ended_at: datetime | None
    breaks: tuple[Break, ...]


def fold(started_at: datetime, steps: Iterable[Step]) -> Course:
    """The course of a duty from its steps after the start; those that make no sense where they stand are passed over."""
    breaks: list[Break] = []
    on_break = False
    for step in sorted(steps, key=lambda step: step.at):
        if step.at < started_at:
            continue
        if step.action == DutyAction.END:
            if on_break:
                breaks[-1] = attrs.evolve(breaks[-1], ended_at=step.at)
            return Course(DutyStatus.CLOSED, step.at, tuple(breaks))
        if step.action == DutyAction.BREAK_START and not on_break:
            breaks.append(Break(started_at=step.at))
            on_break = True
        elif step.action == DutyAction.BREAK_END and on_break:
            breaks[-1] = attrs.evolve(breaks[-1], ended_at=step.at)
            on_break = False
    return Course(DutyStatus.ON_BREAK if on_break else DutyStatus.OPEN, None, tuple(breaks))


def covers(duty: Duty, at: datetime) -> bool:
    """Whether the wearer was on duty and not on break at that moment: when positions may be kept."""
    if at < duty.started_at or (duty.ended_at is not None and at >= duty.ended_at):
        return False
    return not any(pause.started_at <= at and (pause.ended_at is None or at < pause.ended_at) for pause in duty.breaks)


def open_duty(
    tx: Transaction,
    *,
    employee_id: str,
    site_id: str,
    shift_id: str | None,
    device_id: str | None,
    device_ref: str | None,
    method: DutyMethod,
    started_at: datetime,
) -> Duty:
    """A new duty, with the steps that its wearable sent before its start already taken; of the shift then if none is told."""
    shift_id = shift_id or shift_of(tx, employee_id, site_id, started_at)
    course = fold(started_at, _waiting_steps(tx, device_id, device_ref))
    late, early = punctuality(tx, employee_id, shift_id, started_at, course.ended_at)
    duty = duties.create(
        tx,
        internal={"device_lent": False},
        employee_id=employee_id,
        site_id=site_id,
        shift_id=shift_id,
        device_id=device_id,
        device_ref=device_ref,
        method=method,
        status=course.status,
        started_at=started_at,
        ended_at=course.ended_at,
        breaks=course.breaks,
        late_minutes=late,
        left_early_minutes=early,
    )
    _adopt_steps(tx, duty)
    tx.record(EventType.DUTY_STARTED, duty)
    if late is not None:
        take_up(tx, shift_id)
        if late * 60 >= LATE_AFTER.total_seconds():
            tx.record(EventType.DUTY_LATE, duty)
    if course.ended_at is None:
        handover.hand_over(tx, duty)
    else:
        tx.record(EventType.DUTY_ENDED, duty)
        _end_shift(tx, duty)
    return duty


def take_step(tx: Transaction, duty: Duty, step: Step) -> Duty:
    """The duty after one more step; the same when the step changes nothing."""
    add_step(tx, step, duty_id=duty.id, device_id=duty.device_id, device_ref=duty.device_ref)
    course = fold(duty.started_at, _steps_of(tx, duty))
    if (course.status, course.ended_at, course.breaks) == (duty.status, duty.ended_at, duty.breaks):
        return duty
    if duty.status == DutyStatus.VALIDATED or duty.corrections:
        # what a person has decided stands; the step is kept
        return duty
    changed = duties.update(
        tx,
        duty,
        status=course.status,
        ended_at=course.ended_at,
        breaks=course.breaks,
        left_early_minutes=punctuality(tx, duty.employee_id, duty.shift_id, duty.started_at, course.ended_at)[1],
    )
    ended = changed.ended_at is not None and duty.ended_at is None
    tx.record(EventType.DUTY_ENDED if ended else EventType.DUTY_UPDATED, changed)
    if ended:
        close(tx, changed)
    return changed


def close(tx: Transaction, duty: Duty) -> None:
    """What ends with a duty: its wearable is given back, its shift is done."""
    handover.give_back(tx, duty)
    _end_shift(tx, duty)


def punctuality(
    tx: Transaction, employee_id: str, shift_id: str | None, started_at: datetime, ended_at: datetime | None
) -> tuple[int | None, int | None]:
    """By how many whole minutes a duty started late and ended early; None without a shift of its employee."""
    shift = None if shift_id is None else shifts.find(tx.connection, shift_id)
    if shift is None or shift.employee_id != employee_id:
        return None, None
    early = None if ended_at is None else max(0, (shift.ends_at - ended_at) // _MINUTE)
    return max(0, (started_at - shift.starts_at) // _MINUTE), early


def _end_shift(tx: Transaction, duty: Duty) -> None:
    if duty.late_minutes is not None:
        finish(tx, duty.shift_id)


def add_step(
    tx: Transaction, step: Step, *, duty_id: str | None, device_id: str | None, device_ref: str | None
) -> None:
    """Keep a step; one without a duty yet waits for it under the wearable's id."""
    tx.connection.execute(
        sa.insert(schema.duty_step).values(
            duty_id=duty_id,
            device_id=device_id,
            device_ref=device_ref,
            action=step.action,
            occurred_at=step.at,
            recorded_at=tx.now,
        )
    )


def _steps_of(tx: Transaction, duty: Duty) -> list[Step]:
    steps = schema.duty_step
    rows = tx.connection.execute(
        sa.select(steps.c.action, steps.c.occurred_at).where(steps.c.duty_id == duty.id).order_by(steps.c.id)
    )
    return [Step(row.action, row.occurred_at) for row in rows]


def _waiting(device_id: str | None, device_ref: str | None) -> sa.ColumnElement[bool]:
    steps = schema.duty_step
    return sa.and_(steps.c.device_id == device_id, steps.c.device_ref == device_ref, steps.c.duty_id.is_(None))


def _waiting_steps(tx: Transaction, device_id: str | None, device_ref: str | None) -> list[Step]:
    if device_ref is None:
        return []
    steps = schema.duty_step
    rows = tx.connection.execute(
        sa.select(steps.c.action, steps.c.occurred_at).where(_waiting(device_id, device_ref)).order_by(steps.c.id)
    )
    return [Step(row.action, row.occurred_at) for row in rows]


def _adopt_steps(tx: Transaction, duty: Duty) -> None:
    if duty.device_ref is not None:
        tx.connection.execute(
            sa.update(schema.duty_step).where(_waiting(duty.device_id, duty.device_ref)).values(duty_id=duty.id)
        )
