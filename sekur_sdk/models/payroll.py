"""Pre-payroll: the quantities of a civil month, handed to the payroll software."""

from __future__ import annotations

from datetime import date

import attrs

from sekur_sdk.models.scalars import Amount, OpenEnum, Rate, Timestamp


class PayrollRunStatus(OpenEnum):
    """The life of a run. From `locked` on its lines never change."""

    OPEN = "open"
    COMPUTED = "computed"
    CHECKED = "checked"
    LOCKED = "locked"
    EXPORTED = "exported"
    CANCELLED = "cancelled"


@attrs.frozen(kw_only=True)
class PayrollRun:
    """The pre-payroll of a civil month (`period`, as `2026-11`), of all who were employed in it or of `employee_ids`.

    `rules_version` names the release and the tables of rules that it was computed with, `problems` counts what a person
    has to look at before it is checked.
    """

    id: str
    period: str
    employee_ids: tuple[str, ...] | None = None
    rules_version: str | None = None
    employees: int = 0
    problems: int = 0
    computed_at: Timestamp | None = None
    checked_at: Timestamp | None = None
    checked_by: str | None = attrs.field(default=None, repr=False)
    locked_at: Timestamp | None = None
    exported_at: Timestamp | None = None
    cancel_reason: str | None = attrs.field(default=None, repr=False)
    status: PayrollRunStatus
    version: int
    created_at: Timestamp
    updated_at: Timestamp


class PayrollUnit(OpenEnum):
    """What a quantity counts."""

    HOUR = "hour"
    MONTH = "month"
    COUNT = "count"


@attrs.frozen(kw_only=True)
class PayrollLine:
    """One line of an employee. The quantity is what is handed over; the amount is indicative.

    `rate` is euros a unit to four decimals, `amount` is computed of the unrounded one; both are None where the line is time
    off and no money. `source` is the text that the line rests on.
    """

    id: str
    run_id: str
    employee_id: str
    code: str
    quantity: Rate
    unit: PayrollUnit
    rate: Rate | None = attrs.field(default=None, repr=False)
    amount: Amount | None = attrs.field(default=None, repr=False)
    source: str


@attrs.frozen(kw_only=True)
class PayrollWeek:
    """The hours worked in a civil week, Monday to Sunday, whatever month they lie in."""

    starts_on: date
    hours: Rate


@attrs.frozen(kw_only=True)
class PayrollHours:
    """What an employee worked in the month, and in each week that ends in it: what overtime is counted on."""

    id: str
    run_id: str
    employee_id: str
    worked: Rate
    weeks: tuple[PayrollWeek, ...]


class PayrollProblemCode(OpenEnum):
    """What a person has to look at.

    `duty_not_validated`: it is counted as it is. `duty_open`: it is not counted. `duties_overlap`: the time they share is
    counted once. `no_coefficient`, `no_minimum` (the branch's grid has no such coefficient), `not_employed`: no lines were
    made. `no_contract`: taken as full time. `contract_changed`: the last one of the month holds. `part_month`: the lines are
    those of a whole month. `category_ambiguous`: taken as an agent. `mixed_regime`: not all posts were airport security, the
    general rules hold. `mixed_time_zones`: taken as Europe/Paris. `mixed_holidays`: places of several regions, those
    of all of France hold. `month_not_over`: more may come.
    """

    DUTY_NOT_VALIDATED = "duty_not_validated"
    DUTY_OPEN = "duty_open"
    DUTIES_OVERLAP = "duties_overlap"
    NO_COEFFICIENT = "no_coefficient"
    NO_MINIMUM = "no_minimum"
    NOT_EMPLOYED = "not_employed"
    NO_CONTRACT = "no_contract"
    CONTRACT_CHANGED = "contract_changed"
    PART_MONTH = "part_month"
    CATEGORY_AMBIGUOUS = "category_ambiguous"
    MIXED_REGIME = "mixed_regime"
    MIXED_TIME_ZONES = "mixed_time_zones"
    MIXED_HOLIDAYS = "mixed_holidays"
    MONTH_NOT_OVER = "month_not_over"


@attrs.frozen(kw_only=True)
class PayrollProblem:
    """A problem of a run, with the employee and the duty that it is about."""

    id: str
    run_id: str
    code: PayrollProblemCode
    employee_id: str | None = None
    duty_id: str | None = None


@attrs.frozen(kw_only=True)
class PayrollSettings:
    """How the organisation's payroll software calls our codes: `codes` by ours; None leaves the code out of an export."""

    id: str
    codes: dict[str, str | None]
    version: int
    created_at: Timestamp
    updated_at: Timestamp
