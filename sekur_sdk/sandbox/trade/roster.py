"""Shifts made, checked and published together: all of them or none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekur_sdk.models.events import EventType
from sekur_sdk.models.planning import PlannedShifts, Shift, ShiftStatus
from sekur_sdk.sandbox.inputs.planning import MAX_SHIFTS
from sekur_sdk.sandbox.problems import RefusalError, rule_broken
from sekur_sdk.sandbox.store.records import shifts
from sekur_sdk.sandbox.trade import labour
from sekur_sdk.sandbox.trade.planning import LIFE, NOT_WORKED, check_employee, create_shift, published, write_shift
from sekur_sdk.sandbox.trade.steps import step
from sekur_sdk.sandbox.trade.times import check_year

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import sqlalchemy as sa

    from sekur_sdk.models.problem import FieldError
    from sekur_sdk.sandbox.access import Caller
    from sekur_sdk.sandbox.inputs.planning import ShiftCreate, ShiftPublish, ShiftSelection
    from sekur_sdk.sandbox.store.writer import Transaction

_SHOWN_ERRORS = 100


def create_shifts(
    tx: Transaction, wanted: Iterable[ShiftCreate], path_of: Callable[[int], str] = lambda index: f"$.shifts[{index}]"
) -> PlannedShifts:
    """New drafts, all of them or none; what is wrong with each is told at once."""
    made: list[Shift] = []
    errors: list[FieldError] = []
    for index, data in enumerate(wanted):
        try:
            made.append(create_shift(tx, data, at=path_of(index)))
        except RefusalError as refusal:
            errors += refusal.problem.errors
    if errors:
        raise RefusalError(
            422, "Some shifts break rules of the contract: none was made.", errors=errors[:_SHOWN_ERRORS]
        )
    return PlannedShifts(shifts=tuple(made))


def choose(connection: sa.Connection, data: ShiftSelection) -> list[Shift]:
    """The shifts that a body selects."""
    table = shifts.table
    if data.ids is not None:
        if (data.starts_from, data.starts_before, data.site_id, data.employee_id) != (None, None, None, None):
            raise rule_broken("$.ids", "Shifts are chosen by their ids or by a period, not by both")
        chosen = []
        for index, id_ in enumerate(data.ids):
            shift = shifts.find(connection, id_)
            if shift is None:
                raise rule_broken(f"$.ids[{index}]", "There is no such shift")
            chosen.append(shift)
        return list({shift.id: shift for shift in chosen}.values())
    if data.starts_from is None or data.starts_before is None:
        raise rule_broken("$.ids", "Shifts are chosen by their ids, or by a period from starts_from to starts_before")
    check_year(data.starts_from, "$.starts_from")
    check_year(data.starts_before, "$.starts_before")
    if data.starts_before <= data.starts_from:
        raise rule_broken("$.starts_before", "A period ends after it starts")
    conditions = [table.c.starts_at >= data.starts_from, table.c.starts_at < data.starts_before]
    conditions += [table.c.site_id == data.site_id] if data.site_id is not None else []
    conditions += [table.c.employee_id == data.employee_id] if data.employee_id is not None else []
    chosen = shifts.all(connection, *conditions, table.c.status.not_in(NOT_WORKED))
    if len(chosen) > MAX_SHIFTS:
        raise rule_broken("$.starts_before", f"More than {MAX_SHIFTS} shifts: choose a shorter period")
    return sorted(chosen, key=lambda shift: (shift.starts_at, shift.id))


def check(tx: Transaction, data: ShiftSelection) -> PlannedShifts:
    """The chosen shifts and what their labour check finds, drafts taken as if they were published now."""
    chosen = choose(tx.connection, data)
    worked = [shift for shift in chosen if shift.status not in NOT_WORKED]
    found = labour.findings(tx.connection, worked, now=tx.now, with_drafts=True)
    return PlannedShifts(shifts=tuple(chosen), findings=found)


def publish(tx: Transaction, data: ShiftPublish, caller: Caller) -> PlannedShifts:
    """The chosen drafts, published after their labour check: all of them or none."""
    chosen = choose(tx.connection, data)
    if data.ids is None:
        chosen = [shift for shift in chosen if shift.status == ShiftStatus.DRAFT]
    for shift in chosen:
        step(LIFE, "shift", shift, "publish")
    wanted = [published(tx, shift) for shift in chosen]
    places = {id_: f"$.ids[{index}]" for index, id_ in enumerate(data.ids or ())}
    for shift in wanted:
        check_employee(tx, shift.employee_id, places.get(shift.id, "$"))
    found = labour.settle(
        tx,
        labour.findings(tx.connection, wanted, now=tx.now),
        lambda one: next((places[id_] for id_ in one.shift_ids if id_ in places), "$"),
        labour.Acceptance(frozenset(data.accept or ()), caller),
    )
    told = tuple(
        write_shift(tx, shift, after, EventType.SHIFT_PUBLISHED) for shift, after in zip(chosen, wanted, strict=True)
    )
    return PlannedShifts(shifts=told, findings=found)
