"""Shifts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from sekur_sdk.models.events import EventType
from sekur_sdk.models.planning import Shift, ShiftStatus
from sekur_sdk.sandbox.problems import RefusalError, forbidden_step, rule_broken
from sekur_sdk.sandbox.store.records import employees, shifts, sites
from sekur_sdk.sandbox.trade.references import named

if TYPE_CHECKING:
    from sekur_sdk.sandbox.inputs.planning import ShiftCreate, ShiftUpdate
    from sekur_sdk.sandbox.store.writer import Transaction

STEPS: dict[ShiftStatus, tuple[ShiftStatus, ...]] = {
    ShiftStatus.DRAFT: (ShiftStatus.PUBLISHED, ShiftStatus.CANCELLED),
    ShiftStatus.PUBLISHED: (ShiftStatus.ACKNOWLEDGED, ShiftStatus.CANCELLED),
    ShiftStatus.ACKNOWLEDGED: (ShiftStatus.IN_PROGRESS, ShiftStatus.CANCELLED),
    ShiftStatus.IN_PROGRESS: (ShiftStatus.DONE,),
    ShiftStatus.DONE: (),
    ShiftStatus.CANCELLED: (),
}
_OVER = (ShiftStatus.DONE, ShiftStatus.CANCELLED)


def create_shift(tx: Transaction, data: ShiftCreate) -> Shift:
    """A new draft."""
    named(tx.connection, sites, data.site_id, "$.site_id", "site")
    named(tx.connection, employees, data.employee_id, "$.employee_id", "employee")
    _check_times(data)
    shift = shifts.create(
        tx,
        site_id=data.site_id,
        employee_id=data.employee_id,
        post=data.post,
        starts_at=data.starts_at,
        ends_at=data.ends_at,
        break_minutes=data.break_minutes,
        notes=data.notes,
        status=ShiftStatus.DRAFT,
    )
    tx.record(EventType.SHIFT_CREATED, shift)
    return shift


def update_shift(tx: Transaction, shift: Shift, data: ShiftUpdate) -> Shift:
    """The shift with the sent fields changed; a `status` takes one step."""
    changes = data.changes()
    if not changes:
        return shift
    if (status := changes.get("status")) is not None:
        allowed = STEPS[shift.status]
        if status not in allowed:
            raise forbidden_step("shift", shift.status, allowed, shift)
        changes["status"] = ShiftStatus(str(status))
    elif shift.status in _OVER:
        raise RefusalError(409, f"The shift is {shift.status}: it can't be changed any more.", current=shift)
    named(tx.connection, employees, _text(changes.get("employee_id")), "$.employee_id", "employee")
    _check_times(attrs.evolve(shift, **changes))  # type: ignore[arg-type]  # the input class has checked their types
    changed = shifts.update(tx, shift, **changes)
    tx.record(EventType.SHIFT_UPDATED, changed)
    return changed


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _check_times(shift: Any) -> None:
    if shift.ends_at <= shift.starts_at:
        raise rule_broken("$.ends_at", "A shift ends after it starts")
    if shift.break_minutes * 60 >= (shift.ends_at - shift.starts_at).total_seconds():
        raise rule_broken("$.break_minutes", "A break is shorter than its shift")
