"""Absences: asked for, decided."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import attrs

from sekur_sdk.models.absences import Absence, AbsenceStatus
from sekur_sdk.models.employees import EmployeeStatus
from sekur_sdk.models.events import EventType
from sekur_sdk.sandbox.inputs.body import fields_of
from sekur_sdk.sandbox.problems import RefusalError, rule_broken
from sekur_sdk.sandbox.store.records import absences, documents, employees
from sekur_sdk.sandbox.trade.references import named
from sekur_sdk.sandbox.trade.steps import Life, refuse_ended, step
from sekur_sdk.sandbox.trade.times import check_year
from sekur_sdk.sandbox.trade.typed import typed

if TYPE_CHECKING:
    from sekur_sdk.sandbox.inputs.planning import AbsenceCreate, AbsenceUpdate
    from sekur_sdk.sandbox.store.writer import Transaction

LIFE: Life[AbsenceStatus] = {
    AbsenceStatus.REQUESTED: {
        "approve": AbsenceStatus.APPROVED,
        "refuse": AbsenceStatus.REFUSED,
        "cancel": AbsenceStatus.CANCELLED,
    },
    AbsenceStatus.APPROVED: {"cancel": AbsenceStatus.CANCELLED},
    AbsenceStatus.REFUSED: {},
    AbsenceStatus.CANCELLED: {},
}
LONGEST = timedelta(days=1100)
"""A parental leave lasts three years at most (C. trav. art. L1225-48)."""
_OPEN_WHEN_APPROVED = frozenset({"notes", "document_id"})


def create_absence(tx: Transaction, data: AbsenceCreate) -> Absence:
    """An absence that is asked for."""
    named(tx.connection, employees, data.employee_id, "$.employee_id", "employee")
    employee = employees.find(tx.connection, data.employee_id)
    if employee is not None and employee.status == EmployeeStatus.LEFT:
        raise rule_broken("$.employee_id", "The employee has left")
    fields = typed(Absence, fields_of(data))
    _check(tx, fields, besides="")
    absence = absences.create(tx, **fields, status=AbsenceStatus.REQUESTED)
    tx.record(EventType.ABSENCE_CREATED, absence)
    return absence


def update_absence(tx: Transaction, absence: Absence, data: AbsenceUpdate) -> Absence:
    """The absence with the sent fields changed; of an approved one its notes and its document alone."""
    refuse_ended(LIFE, "absence", absence)
    changes = typed(Absence, data.changes())
    if not changes:
        return absence
    if absence.status == AbsenceStatus.APPROVED and not changes.keys() <= _OPEN_WHEN_APPROVED:
        raise RefusalError(
            409,
            "The absence is approved: its notes and its document alone can be changed.",
            allowed=LIFE[absence.status],
            current=absence,
        )
    _check(tx, attrs.asdict(attrs.evolve(absence, **changes), recurse=False), besides=absence.id)
    return _change(tx, absence, **changes)


def decide(tx: Transaction, absence: Absence, action: str, *, by: str) -> Absence:
    """The absence, approved or refused."""
    status = step(LIFE, "absence", absence, action)
    return _change(tx, absence, status=status, decided_at=tx.now, decided_by=by)


def cancel(tx: Transaction, absence: Absence) -> Absence:
    """The absence, given up."""
    return _change(tx, absence, status=step(LIFE, "absence", absence, "cancel"))


def _change(tx: Transaction, absence: Absence, **changes: object) -> Absence:
    changed = absences.update(tx, absence, **changes)
    tx.record(EventType.ABSENCE_UPDATED, changed)
    return changed


def _check(tx: Transaction, fields: dict[str, Any], *, besides: str) -> None:
    starts_at, ends_at = fields["starts_at"], fields["ends_at"]
    check_year(starts_at, "$.starts_at")
    check_year(ends_at, "$.ends_at")
    length = ends_at - starts_at
    if length <= timedelta(0):
        raise rule_broken("$.ends_at", "An absence ends after it starts")
    if length > LONGEST:
        raise rule_broken("$.ends_at", "An absence lasts three years at most")
    named(tx.connection, documents, fields["document_id"], "$.document_id", "document")
    table = absences.table
    other = absences.first(
        tx.connection,
        table.c.employee_id == fields["employee_id"],
        table.c.id != besides,
        table.c.starts_at < ends_at,
        table.c.ends_at > starts_at,
        table.c.status.in_((AbsenceStatus.REQUESTED, AbsenceStatus.APPROVED)),
    )
    if other is not None:
        raise rule_broken("$.starts_at", "The employee has another absence at that time")
