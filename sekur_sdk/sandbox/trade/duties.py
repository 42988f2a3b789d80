"""Duties: what their steps make of them.

A duty is folded from its steps in the order of their times, so that steps may come late and in any order: a wearable
that was offline sends them when it can.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import attrs
import sqlalchemy as sa

from sekur_sdk.models.device import DutyAction
from sekur_sdk.models.duties import Break, Duty, DutyMethod, DutyStatus
from sekur_sdk.models.events import EventType
from sekur_sdk.sandbox.store import schema
from sekur_sdk.sandbox.store.records import duties
from sekur_sdk.sandbox.trade.pti import end_with_duty

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sekur_sdk.sandbox.store.writer import Transaction

STEPS: dict[DutyStatus, dict[DutyAction, str]] = {
    DutyStatus.OPEN: {DutyAction.BREAK_START: "break-start", DutyAction.END: "end"},
    DutyStatus.ON_BREAK: {DutyAction.BREAK_END: "break-end", DutyAction.END: "end"},
    DutyStatus.CLOSED: {},
    DutyStatus.VALIDATED: {},
}
"""The actions that a state allows, with their names on the wire."""

IN_SERVICE = (DutyStatus.OPEN, DutyStatus.ON_BREAK)


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
    """A new duty, with the steps that its wearable sent before its start already taken."""
    course = fold(started_at, _waiting_steps(tx, device_id, device_ref))
    duty = duties.create(
        tx,
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
    )
    _adopt_steps(tx, duty)
    tx.record(EventType.DUTY_STARTED, duty)
    if course.ended_at is not None:
        tx.record(EventType.DUTY_ENDED, duty)
    return duty


def take_step(tx: Transaction, duty: Duty, step: Step) -> Duty:
    """The duty after one more step; the same when the step changes nothing."""
    add_step(tx, step, duty_id=duty.id, device_id=duty.device_id, device_ref=duty.device_ref)
    course = fold(duty.started_at, _steps_of(tx, duty))
    if (course.status, course.ended_at, course.breaks) == (duty.status, duty.ended_at, duty.breaks):
        return duty
    if duty.status == DutyStatus.VALIDATED:
        return duty
    changed = duties.update(tx, duty, status=course.status, ended_at=course.ended_at, breaks=course.breaks)
    ended = changed.ended_at is not None and duty.ended_at is None
    tx.record(EventType.DUTY_ENDED if ended else EventType.DUTY_UPDATED, changed)
    end_with_duty(tx, changed)
    return changed


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
