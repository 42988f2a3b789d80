"""Employees, and the register of personnel that tells of each hiring and leaving for good."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs
import sqlalchemy as sa

from sekur_sdk.models.employees import Employee, EmployeeStatus, RegisterChange, RegisterEntry
from sekur_sdk.models.employment import EmploymentStatus
from sekur_sdk.models.events import EventType
from sekur_sdk.rules.cnaps import NumberKind, parse_number
from sekur_sdk.sandbox.inputs.body import fields_of
from sekur_sdk.sandbox.problems import RefusalError, rule_broken
from sekur_sdk.sandbox.store.records import duties, employees, employment_contracts, register_entries
from sekur_sdk.sandbox.trade.billing import french_day
from sekur_sdk.sandbox.trade.cards import create_card
from sekur_sdk.sandbox.trade.duties import IN_SERVICE
from sekur_sdk.sandbox.trade.steps import Life, step
from sekur_sdk.sandbox.trade.typed import typed

if TYPE_CHECKING:
    from datetime import date

    from sekur_sdk.sandbox.inputs.people import EmployeeCreate, EmployeeUpdate
    from sekur_sdk.sandbox.store.writer import Transaction

LIFE: Life[EmployeeStatus] = {
    EmployeeStatus.DRAFT: {"activate": EmployeeStatus.ACTIVE},
    EmployeeStatus.ACTIVE: {"leave": EmployeeStatus.LEFT},
    EmployeeStatus.LEFT: {"rehire": EmployeeStatus.ACTIVE},
    EmployeeStatus.ERASED: {},
}
_IN_REGISTER = (
    "staff_number",
    "first_name",
    "last_name",
    "sex",
    "nationality",
    "born_on",
    "job_title",
    "coefficient",
    "hired_on",
    "left_on",
)
_MIN_AGE = 16
"""C. trav. art. L4153-1."""


def create_employee(tx: Transaction, data: EmployeeCreate, *, id_: str | None = None) -> Employee:
    """A new employee, in the register unless a draft."""
    _check_staff_number(tx, data.staff_number)
    if data.card_expires_on is not None and data.card_number is None:
        raise rule_broken("$.card_number", "A card that expires has a number")
    fields = typed(Employee, fields_of(data))
    is_hired, is_card = data.status == "active", _is_card(data.card_number)
    if is_hired:
        fields["hired_on"] = _hiring_day(tx, data.hired_on)
    if is_card and data.card_number is not None and data.card_expires_on is None:
        fields["card_expires_on"] = parse_number(data.card_number).valid_until
    number = tx.next_number("register_number") if is_hired else None
    employee = employees.create(tx, id_=id_, internal={"register_number": number}, **fields)
    _check_age(tx, employee)
    tx.record(EventType.EMPLOYEE_CREATED, employee)
    if is_hired:
        _write(tx, employee, RegisterChange.HIRED)
        tx.record(EventType.EMPLOYEE_HIRED, employee)
    if is_card and data.card_number is not None:
        create_card(
            tx,
            employee_id=employee.id,
            number=data.card_number,
            expires_on=data.card_expires_on,
            paths=("$.card_number", "$.card_expires_on"),
        )
    return employee


def update_employee(tx: Transaction, employee: Employee, data: EmployeeUpdate) -> Employee:
    """The employee with the sent fields changed; what the register tells is corrected there in a new line."""
    if employee.status == EmployeeStatus.ERASED:
        raise RefusalError(409, "The employee is erased: there is nobody to change.", current=employee)
    changes = typed(Employee, data.changes())
    if not changes:
        return employee
    wanted = attrs.evolve(employee, **changes)
    if wanted.staff_number != employee.staff_number:
        _check_staff_number(tx, wanted.staff_number)
    _check_age(tx, wanted)
    if employee.status != EmployeeStatus.DRAFT:
        _hiring_day(tx, wanted.hired_on)
    if wanted.left_on is not None and wanted.hired_on is not None and wanted.left_on < wanted.hired_on:
        raise rule_broken("$.hired_on", "The day of hiring is not after the last day")
    changed = employees.update(tx, employee, **changes)
    if employee.status != EmployeeStatus.DRAFT and any(
        getattr(changed, name) != getattr(employee, name) for name in _IN_REGISTER
    ):
        _write(tx, changed, RegisterChange.CORRECTED)
    tx.record(EventType.EMPLOYEE_UPDATED, changed)
    return changed


def hire(tx: Transaction, employee: Employee, action: str, hired_on: date | None) -> Employee:
    """A draft activated, or one that had left hired again: a new number in the register."""
    step(LIFE, "employee", employee, action)
    day = _hiring_day(tx, hired_on or (employee.hired_on if action == "activate" else None))
    if employee.left_on is not None and day <= employee.left_on:
        raise rule_broken("$.hired_on", "One is hired again after the last day")
    return _hire(tx, employee, day)


def leave(tx: Transaction, employee: Employee, left_on: date | None) -> Employee:
    """The employee after the last day."""
    status = step(LIFE, "employee", employee, "leave")
    day, today = left_on or french_day(tx.now), french_day(tx.now)
    if day > today:
        raise rule_broken("$.left_on", "The last day is not in the future")
    if employee.hired_on is not None and day < employee.hired_on:
        raise rule_broken("$.left_on", "The last day is not before the day of hiring")
    table = duties.table
    if duties.first(tx.connection, table.c.employee_id == employee.id, table.c.status.in_(IN_SERVICE)) is not None:
        raise RefusalError(409, "The employee is on duty: end the duty first.", allowed=(), current=employee)
    contract = employment_contracts.table
    signed = (contract.c.employee_id == employee.id, contract.c.status == EmploymentStatus.SIGNED)
    if employment_contracts.first(tx.connection, *signed) is not None:
        raise RefusalError(
            409, "The employee has a contract of employment: end it first.", allowed=(), current=employee
        )
    changed = employees.update(tx, employee, status=status, left_on=day)
    _write(tx, changed, RegisterChange.LEFT)
    tx.record(EventType.EMPLOYEE_LEFT, changed)
    return changed


def _hire(tx: Transaction, employee: Employee, hired_on: date) -> Employee:
    hired = employees.update(tx, employee, status=EmployeeStatus.ACTIVE, hired_on=hired_on, left_on=None)
    table = employees.table
    tx.connection.execute(
        sa.update(table).where(table.c.id == hired.id).values(register_number=tx.next_number("register_number"))
    )
    _write(tx, hired, RegisterChange.HIRED)
    tx.record(EventType.EMPLOYEE_HIRED, hired)
    return hired


def _hiring_day(tx: Transaction, day: date | None) -> date:
    today = french_day(tx.now)
    if day is not None and day > today:
        raise rule_broken("$.hired_on", "Who starts later is a draft until then")
    return day or today


def _write(tx: Transaction, employee: Employee, change: RegisterChange) -> None:
    table = employees.table
    number = tx.connection.execute(sa.select(table.c.register_number).where(table.c.id == employee.id)).scalar_one()
    if number is None:
        # one from before there was a register
        return
    register_entries.insert(
        tx,
        RegisterEntry(
            id=tx.new_id(register_entries.prefix),
            seq=tx.next_number("register_line"),
            number=number,
            change=change,
            employee_id=employee.id,
            recorded_at=tx.now,
            **{name: getattr(employee, name) for name in _IN_REGISTER},
        ),
    )


def _is_card(number: str | None) -> bool:
    # numbers of another form are kept on the employee as they are: only samples of the form are known
    try:
        return number is not None and parse_number(number).kind == NumberKind.CARD
    except ValueError:
        return False


def _check_staff_number(tx: Transaction, number: str) -> None:
    if employees.first(tx.connection, employees.table.c.staff_number == number) is not None:
        raise rule_broken("$.staff_number", "Another employee has this staff number")


def _check_age(tx: Transaction, employee: Employee) -> None:
    born = employee.born_on
    today = french_day(tx.now)
    if born is not None and (today.year - born.year) - ((today.month, today.day) < (born.month, born.day)) < _MIN_AGE:
        raise rule_broken("$.born_on", f"Nobody is hired before the age of {_MIN_AGE}")
