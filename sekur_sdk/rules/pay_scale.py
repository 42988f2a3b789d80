"""Conventional minimum pay of IDCC 1351, seniority and overtime rates.

The tables are `data/salary_grid.json`, `data/seniority.json` and `data/payroll.json`, each value with its source.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING

import attrs
import msgspec

from sekur_sdk.rules.civil_time import ONE_DAY
from sekur_sdk.rules.dated import Dated, decimal_tables, in_force, read_data
from sekur_sdk.rules.public_holidays import METROPOLE, HolidayCalendar

if TYPE_CHECKING:
    from collections.abc import Sequence

MONTHS_A_YEAR = 12
WORKING_DAYS_A_WEEK = 5


class Category(StrEnum):
    """The categories of the branch's grid.

    Agents, employees and technicians; supervisors (agents de maîtrise); managers (cadres). Some coefficients stand in
    two of them.
    """

    AGENT = "agent"
    SUPERVISOR = "supervisor"
    MANAGER = "manager"


class QuotaReading(StrEnum):
    """Two texts set the yearly quota of overtime, both stored as in force."""

    ARTICLE_7_10 = "article_7_10"
    ACCORD_1993 = "accord_1993"


class _GridRow(msgspec.Struct, forbid_unknown_fields=True):
    since: date
    source: str
    agent: dict[int, str]
    supervisor: dict[int, str] = {}
    manager: dict[int, str] = {}

    def monthly(self, category: Category, coefficient: int) -> str | None:
        by_category = {
            Category.AGENT: self.agent,
            Category.SUPERVISOR: self.supervisor,
            Category.MANAGER: self.manager,
        }
        return by_category[category].get(coefficient)


class _SeniorityRow(msgspec.Struct, forbid_unknown_fields=True):
    since: date
    source: str
    rates: list[tuple[int, str]]


@cache
def _grid() -> tuple[Dated[_GridRow], ...]:
    return tuple(Dated(row.since, row, row.source) for row in read_data("salary_grid", list[_GridRow]))


@cache
def _seniority() -> tuple[Dated[_SeniorityRow], ...]:
    return tuple(Dated(row.since, row, row.source) for row in read_data("seniority", list[_SeniorityRow]))


def pay_value(name: str, on: date) -> Dated[Decimal]:
    """The value of `data/payroll.json` called `name` that holds on a day.

    Raises:
        LookupError: no value is known for that day.
    """
    return in_force(decimal_tables("payroll")[name], on)


def minimum_monthly(coefficient: int, on: date, category: Category = Category.AGENT) -> Decimal:
    """The conventional minimum in euros a month for 151.67 hours.

    Source: the grid in force on that day (2026: KALITEXT000049067287, annex III; 2024 and 2025 computed from the yearly
    rises, which lead from 2022's text to 2026's figures to the cent). It is not raised to the SMIC.

    Raises:
        LookupError: the day is before 2022, or the grid in force is not known for the coefficient and category.
    """
    row = in_force(_grid(), on).value
    monthly = row.monthly(category, coefficient)
    if monthly is None:
        raise LookupError(
            f"the grid of {row.since.year} has no known coefficient {coefficient} for category {category}"
        )
    return Decimal(monthly)


def minimum_hourly(coefficient: int, on: date, category: Category = Category.AGENT) -> Decimal:
    """The conventional minimum in euros an hour: the monthly one over 151.67, unrounded.

    Raises:
        LookupError: as `minimum_monthly`.
    """
    return minimum_monthly(coefficient, on, category) / pay_value("full_time_monthly_hours", on).value


def seniority_rate(years: int, on: date, category: Category = Category.AGENT) -> Decimal:
    """The seniority premium as a fraction of the conventional minimum, after so many full years; none for managers.

    Source: IDCC 1351 art. 9.03.
    """
    if category is Category.MANAGER:
        return Decimal(0)
    rates = in_force(_seniority(), on).value.rates
    return max((Decimal(rate) for since, rate in rates if years >= since), default=Decimal(0))


def seniority_years(hired_on: date, month: date, calendar: HolidayCalendar = METROPOLE) -> int:
    """The full years that count for the premium of the month that `month` lies in.

    A new rate holds from the month after the anniversary, or from the anniversary's own month for whoever was hired on
    the first worked day of a month (le premier jour travaillé): Monday to Friday, no holiday. Whoever was hired before
    that day, on a weekend or a holiday, is treated alike. Source: IDCC 1351 art. 9.03.
    """
    counts_at_once = hired_on <= _first_worked_day(hired_on, calendar)
    months = (month.year - hired_on.year) * MONTHS_A_YEAR + month.month - hired_on.month
    return max(months if counts_at_once else months - 1, 0) // MONTHS_A_YEAR


def _first_worked_day(month: date, calendar: HolidayCalendar) -> date:
    day = month.replace(day=1)
    while day.weekday() >= WORKING_DAYS_A_WEEK or day in calendar:
        day += ONE_DAY
    return day


@attrs.frozen
class Overtime:
    """Hours of a week above the legal threshold, at the first rate (25 %) and at the second (50 %)."""

    first: Decimal
    further: Decimal


def overtime(week_hours: Decimal, on: date) -> Overtime:
    """The overtime in `week_hours` hours worked in a civil week, Monday 0:00 to Sunday 24:00.

    Source: C. trav. art. L3121-28, L3121-29, L3121-35, L3121-36: 25 % for hours 36 to 43, 50 % from hour 44.
    """
    above = max(week_hours - pay_value("overtime_threshold", on).value, Decimal(0))
    first = min(above, pay_value("overtime_first_hours", on).value)
    return Overtime(first=first, further=above - first)


def cycle_overtime(weeks: Sequence[Decimal], on: date) -> Overtime:
    """The overtime of a whole cycle: counted on the average of its weeks, then for all of them.

    Source: IDCC 1351 art. 7.06 (up to 8 weeks) and accord of 18 May 1993 (up to 4); which one holds is the company's to
    say.

    Raises:
        ValueError: no week.
    """
    if not weeks:
        raise ValueError("a cycle has at least one week")
    average = overtime(sum(weeks, Decimal(0)) / len(weeks), on)
    return Overtime(first=average.first * len(weeks), further=average.further * len(weeks))


def complementary_hours(week_hours: Decimal, contract_hours: Decimal, on: date) -> Overtime:
    """The hours of a part-timer's week above the contract and below the legal threshold.

    The first tenth of the contract is paid 10 % more, what follows 25 %.
    Source: C. trav. art. L3123-28, L3123-29, from general knowledge; no text of the branch was found.
    """
    top = min(week_hours, pay_value("overtime_threshold", on).value)
    above = max(top - contract_hours, Decimal(0))
    first = min(above, contract_hours * pay_value("complementary_share", on).value)
    return Overtime(first=first, further=above - first)


def overtime_quota(on: date, reading: QuotaReading = QuotaReading.ARTICLE_7_10) -> Decimal:
    """The hours of overtime a year that need no further procedure.

    329 by IDCC 1351 art. 7.10, 288 by the accord of 18 May 1993 art. 6; both are stored as in force and the first is the
    default.
    """
    name = "overtime_yearly_quota" if reading is QuotaReading.ARTICLE_7_10 else "overtime_yearly_quota_1993"
    return pay_value(name, on).value
