"""An employee's month: what of contract, posts and duties the rules of pay want to know."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import attrs

from sekur_sdk.models.payroll import PayrollProblemCode as Code
from sekur_sdk.models.qualifications import CardActivity
from sekur_sdk.rules.civil_time import PARIS, days, hours, merged, monday, month_bounds, total_duration
from sekur_sdk.rules.pay_scale import Category, minimum_monthly, pay_value
from sekur_sdk.rules.payroll_month import MonthPay, PayProfile, Regime, month_pay
from sekur_sdk.rules.public_holidays import METROPOLE, HolidayCalendar

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sekur_sdk.models.employees import Employee
    from sekur_sdk.models.employment import EmploymentContract
    from sekur_sdk.sandbox.trade.worked_time import Worked

_A_DAY = timedelta(days=1)
_WEEKS_A_MONTH = Decimal(52) / 12
_CENT = Decimal("0.01")


@attrs.frozen
class Month:
    """What the rules make of a month (nothing where they can't), and what a person has to look at."""

    pay: MonthPay | None
    problems: tuple[tuple[Code, str | None], ...]


def month_of(employee: Employee, contracts: list[EmploymentContract], worked: Worked, first: date) -> Month:
    """The month that begins with `first`; `contracts` are those that held in it, in order, of which the last counts."""
    _, until = month_bounds(first)
    zone, mixed = _zone(stretch.time_zone for stretch in worked.stretches)
    bounds = days(first, until, zone)
    within = worked.within(bounds)
    # those of the week that the month before left open too: its overtime is of this month
    looked_at = days(monday(first), until, zone)
    problems = [
        (doubt.code, doubt.duty.id)
        for doubt in worked.doubts
        if doubt.duty.started_at < looked_at.end
        and (doubt.duty.ended_at is None or doubt.duty.ended_at > looked_at.start)
    ]
    contract = contracts[-1] if contracts else None
    told: list[Code] = []
    if mixed:
        told.append(Code.MIXED_TIME_ZONES)
    regions = {stretch.region for stretch in worked.stretches}
    calendar = HolidayCalendar(regions.pop()) if len(regions) == 1 else METROPOLE
    if regions:
        told.append(Code.MIXED_HOLIDAYS)
    if contract is None:
        told.append(Code.NO_CONTRACT)
    if len(contracts) > 1:
        told.append(Code.CONTRACT_CHANGED)
    if _is_part_of(first, until, employee, contracts):
        told.append(Code.PART_MONTH)
    coefficient = employee.coefficient if contract is None else contract.coefficient
    categories = () if coefficient is None else tuple(_categories(coefficient, first))
    if not categories:
        told.append(Code.NO_COEFFICIENT if coefficient is None else Code.NO_MINIMUM)
    elif len(categories) > 1:
        told.append(Code.CATEGORY_AMBIGUOUS)
    activities = {stretch.activity for stretch in within}
    airport = CardActivity.AIRPORT_SECURITY in activities
    if airport and len(activities) > 1:
        told.append(Code.MIXED_REGIME)
    pay: MonthPay | None = None
    if coefficient is not None and categories:
        monthly, weekly = _part_time(contract, first)
        profile = PayProfile(
            coefficient=coefficient,
            category=categories[0],
            hired_on=employee.hired_on or (None if contract is None else contract.starts_on),
            monthly_hours=monthly,
            weekly_hours=weekly,
            regime=Regime.AIRPORT if airport and len(activities) == 1 else Regime.GENERAL,
        )
        dogs = merged(
            part
            for stretch in within
            if stretch.activity == CardActivity.DOG_HANDLING and (part := stretch.span.clipped(bounds)) is not None
        )
        shifts = [stretch.span for stretch in worked.stretches]
        pay = month_pay(profile, first, shifts, calendar=calendar, zone=zone, dog_hours=hours(total_duration(dogs)))
    return Month(pay, (*problems, *((code, None) for code in told)))


def _zone(names: Iterable[str]) -> tuple[ZoneInfo, bool]:
    known = set(names)
    return (ZoneInfo(known.pop()), False) if len(known) == 1 else (PARIS, bool(known))


def _is_part_of(first: date, until: date, employee: Employee, contracts: list[EmploymentContract]) -> bool:
    last = until - _A_DAY
    begins = [employee.hired_on] + [contract.starts_on for contract in contracts[:1]]
    ends = [employee.left_on] + [contract.ended_on or contract.ends_on for contract in contracts[-1:]]
    return any(day is not None and day > first for day in begins) or any(
        # whoever leaves on the last day has a week whose overtime no later month would pay
        day is not None and day <= last
        for day in ends
    )


def _categories(coefficient: int, on: date) -> Iterable[Category]:
    for category in Category:
        try:
            minimum_monthly(coefficient, on, category)
        except LookupError:
            continue
        yield category


def _part_time(contract: EmploymentContract | None, on: date) -> tuple[Decimal | None, Decimal | None]:
    """The hours a month and a week of a part-timer; None for full time, to which more than 35 hours are overtime."""
    if contract is None or contract.weekly_hours >= pay_value("overtime_threshold", on).value:
        return None, None
    weekly = contract.weekly_hours
    return (weekly * _WEEKS_A_MONTH).quantize(_CENT, ROUND_HALF_UP), weekly
