"""Pre-payroll runs: from the duties of a month to lines that never change again."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa

from sekur_sdk.models.duties import DutyStatus
from sekur_sdk.models.employees import Employee, EmployeeStatus
from sekur_sdk.models.events import EventType
from sekur_sdk.models.payroll import (
    PayrollHours,
    PayrollLine,
    PayrollProblem,
    PayrollProblemCode,
    PayrollRun,
    PayrollRunStatus,
    PayrollSettings,
    PayrollUnit,
    PayrollWeek,
)
from sekur_sdk.models.scalars import Amount, Rate
from sekur_sdk.rules.civil_time import PARIS, Span, days, monday, month_bounds
from sekur_sdk.rules.edition import pay_rules_version
from sekur_sdk.sandbox.problems import RefusalError, rule_broken
from sekur_sdk.sandbox.store.records import (
    duties,
    employees,
    employment_contracts,
    payroll_hours,
    payroll_lines,
    payroll_problems,
    payroll_runs,
    payroll_settings,
)
from sekur_sdk.sandbox.trade.billing import french_day
from sekur_sdk.sandbox.trade.steps import Life, step
from sekur_sdk.sandbox.trade.worked_month import month_of
from sekur_sdk.sandbox.trade.worked_time import Worked, worked_by_employee

if TYPE_CHECKING:
    from decimal import Decimal

    from sekur_sdk.models.duties import Duty
    from sekur_sdk.models.employment import EmploymentContract
    from sekur_sdk.rules.payroll_month import MonthPay, PayLine
    from sekur_sdk.sandbox.inputs.payroll import PayrollRunCreate, PayrollSettingsUpdate
    from sekur_sdk.sandbox.store.writer import Transaction

LIFE: Life[PayrollRunStatus] = {
    PayrollRunStatus.OPEN: {"compute": PayrollRunStatus.COMPUTED, "cancel": PayrollRunStatus.CANCELLED},
    PayrollRunStatus.COMPUTED: {
        "compute": PayrollRunStatus.COMPUTED,
        "check": PayrollRunStatus.CHECKED,
        "cancel": PayrollRunStatus.CANCELLED,
    },
    PayrollRunStatus.CHECKED: {
        "compute": PayrollRunStatus.COMPUTED,
        "lock": PayrollRunStatus.LOCKED,
        "cancel": PayrollRunStatus.CANCELLED,
    },
    PayrollRunStatus.LOCKED: {"export": PayrollRunStatus.EXPORTED, "cancel": PayrollRunStatus.CANCELLED},
    PayrollRunStatus.EXPORTED: {"cancel": PayrollRunStatus.CANCELLED},
    PayrollRunStatus.CANCELLED: {},
}
FINAL = (PayrollRunStatus.LOCKED, PayrollRunStatus.EXPORTED)
"""The states in which lines may be handed over, and duties are no longer corrected."""
_WHAT = "payroll run"
_A_DAY = timedelta(days=1)


def create_run(tx: Transaction, data: PayrollRunCreate) -> PayrollRun:
    """A new run; of a month that no other run has that is not cancelled, for any of the same employees."""
    first = first_day(data.period)
    if first > french_day(tx.now):
        raise rule_broken("$.period", "A month that has not begun")
    wanted = None if data.employee_ids is None else tuple(dict.fromkeys(data.employee_ids))
    for place, id_ in enumerate(data.employee_ids or ()):
        employee = employees.find(tx.connection, id_)
        if employee is None or employee.status == EmployeeStatus.DRAFT:
            raise rule_broken(f"$.employee_ids[{place}]", "There is no such employee, or none that was hired")
    table = payroll_runs.table
    others = (table.c.period == data.period, table.c.status != PayrollRunStatus.CANCELLED)
    for other in payroll_runs.all(tx.connection, *others):
        if wanted is None or other.employee_ids is None or set(wanted) & set(other.employee_ids):
            raise RefusalError(
                409,
                "The month has a run already for these employees: cancel it first.",
                allowed=LIFE[other.status],
                current=other,
            )
    run = payroll_runs.create(
        tx, period=data.period, employee_ids=wanted, employees=0, problems=0, status=PayrollRunStatus.OPEN
    )
    tx.record(EventType.PAYROLL_RUN_CREATED, run)
    return run


def compute(tx: Transaction, run: PayrollRun) -> PayrollRun:
    """The run with its lines made anew from the duties as they are now."""
    status = step(LIFE, _WHAT, run, "compute")
    for table in (payroll_hours.table, payroll_lines.table, payroll_problems.table):
        tx.connection.execute(sa.delete(table).where(table.c.run_id == run.id))
    first, until = month_bounds(first_day(run.period))
    worked = worked_by_employee(tx.connection, _window(first, until), run.employee_ids)
    contracts = _contracts(tx, first, until)
    problems: list[PayrollProblem] = []
    lines: list[PayrollLine] = []
    worked_hours: list[PayrollHours] = []
    if french_day(tx.now) < until:
        problems.append(_problem(tx, run, PayrollProblemCode.MONTH_NOT_OVER))
    paid = _employees(tx, run, first, until)
    for employee in paid:
        own = worked.pop(employee.id, Worked())
        month = month_of(employee, contracts.get(employee.id, []), own, first)
        problems.extend(_problem(tx, run, code, employee.id, duty_id) for code, duty_id in month.problems)
        if month.pay is not None:
            worked_hours.append(_hours(tx, run, employee.id, month.pay))
            lines.extend(_line(tx, run, employee.id, line) for line in month.pay.lines)
    bounds = days(first, until, PARIS)
    strangers = sorted(id_ for id_, own in worked.items() if own.within(bounds))
    problems.extend(_problem(tx, run, PayrollProblemCode.NOT_EMPLOYED, id_) for id_ in strangers)
    payroll_hours.insert_all(tx, worked_hours, computed_at=tx.now)
    payroll_lines.insert_all(tx, lines, computed_at=tx.now)
    payroll_problems.insert_all(tx, problems, computed_at=tx.now)
    return _change(
        tx,
        run,
        status=status,
        rules_version=pay_rules_version(),
        employees=len(paid),
        problems=len(problems),
        computed_at=tx.now,
        checked_at=None,
        checked_by=None,
    )


def check(tx: Transaction, run: PayrollRun, *, accept_problems: bool, by: str) -> PayrollRun:
    """The run that a person has looked at; with problems it is taken as it is by name alone."""
    status = step(LIFE, _WHAT, run, "check")
    _refuse_stale(tx, run)
    if run.problems and not accept_problems:
        raise rule_broken(
            "$.accept_problems", f"The run has {run.problems} problems: mend them and compute it again, or accept them"
        )
    return _change(tx, run, status=status, checked_at=tx.now, checked_by=by)


def lock(tx: Transaction, run: PayrollRun) -> PayrollRun:
    """The run, its lines fixed."""
    status = step(LIFE, _WHAT, run, "lock")
    _refuse_stale(tx, run)
    return _change(tx, run, status=status, locked_at=tx.now)


def note_export(tx: Transaction, run: PayrollRun) -> PayrollRun:
    """The run, handed over to the payroll software."""
    return _change(tx, run, status=step(LIFE, _WHAT, run, "export"), exported_at=tx.now)


def cancel(tx: Transaction, run: PayrollRun, reason: str) -> PayrollRun:
    """The run, given up; its lines stay to be read."""
    return _change(tx, run, status=step(LIFE, _WHAT, run, "cancel"), cancel_reason=reason)


def update_settings(tx: Transaction, settings: PayrollSettings, data: PayrollSettingsUpdate) -> PayrollSettings:
    """The settings with the sent fields changed."""
    changes = data.changes()
    return payroll_settings.update(tx, settings, **changes) if changes else settings


def refuse_locked(tx: Transaction, duty: Duty) -> None:
    """Refuse to correct a duty that a locked run was computed from.

    Raises:
        RefusalError: 409, with the duty as it is.
    """
    last = duty.ended_at or duty.started_at
    periods = {f"{moment.astimezone(PARIS):%Y-%m}" for moment in (duty.started_at, last)}
    table = payroll_runs.table
    for run in payroll_runs.all(tx.connection, table.c.period.in_(periods), table.c.status.in_(FINAL)):
        if run.employee_ids is None or duty.employee_id in run.employee_ids:
            raise RefusalError(
                409, f"The pre-payroll of {run.period} is locked: cancel its run first.", allowed=(), current=duty
            )


def first_day(period: str) -> date:
    """The first day of a period such as `2026-11`."""
    return date.fromisoformat(f"{period}-01")


def last_day(period: str) -> date:
    """The last day of a period."""
    return month_bounds(first_day(period))[1] - _A_DAY


def _change(tx: Transaction, run: PayrollRun, **changes: object) -> PayrollRun:
    changed = payroll_runs.update(tx, run, **changes)
    tx.record(EventType.PAYROLL_RUN_UPDATED, changed)
    return changed


def _window(first: date, until: date) -> Span:
    """The time whose duties a month looks at: from the Monday of the week that the month before left open."""
    return days(monday(first) - _A_DAY, until + _A_DAY, PARIS)


def _employees(tx: Transaction, run: PayrollRun, first: date, until: date) -> list[Employee]:
    table = employees.table
    conditions = [
        table.c.status != EmployeeStatus.DRAFT,
        sa.or_(table.c.hired_on.is_(None), table.c.hired_on < until),
        sa.or_(table.c.left_on.is_(None), table.c.left_on >= first),
    ]
    if run.employee_ids is not None:
        conditions.append(table.c.id.in_(run.employee_ids))
    return sorted(employees.all(tx.connection, *conditions), key=lambda employee: employee.staff_number)


def _contracts(tx: Transaction, first: date, until: date) -> dict[str, list[EmploymentContract]]:
    """The contracts that held in the month, by employee, in the order of their start."""
    table = employment_contracts.table
    found = employment_contracts.all(
        tx.connection,
        table.c.signed_on.is_not(None),
        table.c.starts_on < until,
        sa.func.coalesce(table.c.ended_on, table.c.ends_on, until) >= first,
    )
    held: dict[str, list[EmploymentContract]] = {}
    for contract in sorted(found, key=lambda contract: contract.starts_on):
        held.setdefault(contract.employee_id, []).append(contract)
    return held


def _hours(tx: Transaction, run: PayrollRun, employee_id: str, pay: MonthPay) -> PayrollHours:
    return PayrollHours(
        id=tx.new_id(payroll_hours.prefix),
        run_id=run.id,
        employee_id=employee_id,
        worked=_rate(pay.worked),
        weeks=tuple(PayrollWeek(starts_on=week, hours=_rate(worked)) for week, worked in pay.weeks.items()),
    )


def _rate(value: Decimal) -> Decimal:
    return Rate(round(value, 4))


def _line(tx: Transaction, run: PayrollRun, employee_id: str, line: PayLine) -> PayrollLine:
    return PayrollLine(
        id=tx.new_id(payroll_lines.prefix),
        run_id=run.id,
        employee_id=employee_id,
        code=line.code,
        quantity=Rate(line.quantity),
        unit=PayrollUnit(line.unit),
        rate=None if line.rate is None else Rate(line.rate),
        amount=None if line.amount is None else Amount(line.amount),
        source=line.source,
    )


def _problem(
    tx: Transaction,
    run: PayrollRun,
    code: PayrollProblemCode,
    employee_id: str | None = None,
    duty_id: str | None = None,
) -> PayrollProblem:
    return PayrollProblem(
        id=tx.new_id(payroll_problems.prefix), run_id=run.id, code=code, employee_id=employee_id, duty_id=duty_id
    )


def _refuse_stale(tx: Transaction, run: PayrollRun) -> None:
    """Refuse to go on with lines of duties or contracts of employment that have changed since."""
    window = _window(*month_bounds(first_day(run.period)))
    duty, contract = duties.table, employment_contracts.table
    changed_duty = [
        duty.c.updated_at > run.computed_at,
        duty.c.started_at < window.end,
        sa.or_(duty.c.ended_at.is_(None), duty.c.ended_at > window.start),
        duty.c.status.in_((DutyStatus.CLOSED, DutyStatus.VALIDATED)),
    ]
    changed_contract = [contract.c.updated_at > run.computed_at, contract.c.signed_on.is_not(None)]
    if run.employee_ids is not None:
        changed_duty.append(duty.c.employee_id.in_(run.employee_ids))
        changed_contract.append(contract.c.employee_id.in_(run.employee_ids))
    if (
        duties.first(tx.connection, *changed_duty) is not None
        or employment_contracts.first(tx.connection, *changed_contract) is not None
    ):
        raise RefusalError(
            409,
            "Duties or contracts have changed since: compute the run again.",
            allowed=("compute", "cancel"),
            current=run,
        )
