"""The pre-payroll of a month: quantities with codes.

The quantities are what is handed over. The amounts in euros are indicative: the base of overtime and the proration of
absences belong to the payroll software.
"""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

import attrs

from sekur_sdk.rules.civil_time import (
    PARIS,
    Span,
    days,
    hours,
    merged,
    month_bounds,
    per_week,
    sunday_of,
    total_duration,
)
from sekur_sdk.rules.hour_classes import HourClasses, classify
from sekur_sdk.rules.invoicing import rounded
from sekur_sdk.rules.minimum_period import PeriodReading, work_periods
from sekur_sdk.rules.pay_scale import (
    Category,
    complementary_hours,
    minimum_hourly,
    overtime,
    pay_value,
    seniority_rate,
    seniority_years,
)
from sekur_sdk.rules.payroll import FULL_TIME_MONTHLY_HOURS, dressing_premium, night_rest, panier_count, premium
from sekur_sdk.rules.public_holidays import METROPOLE, HolidayCalendar

if TYPE_CHECKING:
    from collections.abc import Iterable
    from zoneinfo import ZoneInfo

    from sekur_sdk.rules.dated import Dated

QUANTITY = Decimal("0.0001")
"""Quantities are rounded to what the wire carries of a rate."""

PERCENT = 100


class Regime(StrEnum):
    """The general rules of the branch, or those of airport security (annexe VIII).

    The latter's premiums are higher, and on the employee's own hourly rate.
    """

    GENERAL = "general"
    AIRPORT = "airport"


class HolidayChoice(StrEnum):
    """What the employee takes for a holiday worked: pay, or as much rest within the month that follows (art. 9.05)."""

    PAY = "pay"
    REST = "rest"


class Unit(StrEnum):
    """What a quantity counts."""

    HOUR = "hour"
    MONTH = "month"
    COUNT = "count"


@attrs.frozen(kw_only=True)
class PayProfile:
    """What of an employee the lines depend on.

    `hourly_rate` is that of the contract in euros, None for the conventional minimum; `monthly_hours` and `weekly_hours`
    are None at full time, and both given at part time.
    """

    coefficient: int
    category: Category = Category.AGENT
    hired_on: date | None = None
    hourly_rate: Decimal | None = None
    monthly_hours: Decimal | None = None
    weekly_hours: Decimal | None = None
    regime: Regime = Regime.GENERAL
    holiday_choice: HolidayChoice = HolidayChoice.PAY
    keeps_own_clothing: bool = False

    def __attrs_post_init__(self) -> None:
        if (self.monthly_hours is None) != (self.weekly_hours is None):
            raise ValueError("a part-timer has both monthly_hours and weekly_hours, a full-timer neither")


@attrs.frozen(kw_only=True)
class PayLine:
    """One line of a run; `amount` in euros is indicative, None where the line is no money.

    `rate` is euros a unit, to four decimals; the amount is computed of the unrounded one.
    """

    code: str
    quantity: Decimal
    unit: Unit
    rate: Decimal | None
    amount: Decimal | None
    source: str


@attrs.frozen(kw_only=True)
class MonthPay:
    """A month of one employee. `weeks` are the hours of each civil week that ends in the month, by its Monday."""

    worked: Decimal
    weeks: dict[date, Decimal]
    lines: tuple[PayLine, ...]


def month_pay(
    profile: PayProfile,
    month: date,
    shifts: Iterable[Span],
    *,
    calendar: HolidayCalendar = METROPOLE,
    zone: ZoneInfo = PARIS,
    dog_hours: Decimal = Decimal(0),
    reading: PeriodReading = PeriodReading.GAP,
) -> MonthPay:
    """The lines of the month that `month` lies in, for a whole month of employment.

    `shifts` are stretches of worked time, unpaid breaks left out, and reach back to the Monday of the week that the month
    before left open: the overtime of a week goes to the month in which the week ends. Hours of a shift over midnight on
    the last day go to the month in which they lie; its panier and minimum period go to the month in which it starts.

    Raises:
        LookupError: no value is known for that month, the coefficient or the category.
    """
    first, until = month_bounds(month)
    bounds = days(first, until, zone)
    worked = merged(shifts)
    within = tuple(part for span in worked if (part := span.clipped(bounds)) is not None)
    started = tuple(span for span in worked if bounds.start <= span.start < bounds.end)
    weeks = {
        week: hours(duration) for week, duration in per_week(worked, zone).items() if first <= sunday_of(week) < until
    }
    run = _Run(profile, first, calendar)
    top_up = sum((period.topped_up for period in work_periods(started, reading=reading, zone=zone)), Decimal(0))
    lines = (
        *run.fixed(),
        *run.weekly(weeks),
        *run.premiums(classify(within, calendar=calendar, zone=zone)),
        *run.topped_up(top_up),
        *run.allowances(panier_count(started, zone=zone), dog_hours),
    )
    return MonthPay(
        worked=hours(total_duration(within)),
        weeks=weeks,
        lines=tuple(line for line in lines if line.quantity or line.code == "BASE"),
    )


class _Run:
    """The lines of one employee and month, in groups."""

    def __init__(self, profile: PayProfile, first: date, calendar: HolidayCalendar) -> None:
        self._profile = profile
        self._first = first
        self._calendar = calendar
        self._minimum = minimum_hourly(profile.coefficient, first, profile.category)
        self._own_rate = max(profile.hourly_rate or self._minimum, self._minimum)

    def fixed(self) -> tuple[PayLine, ...]:
        profile = self._profile
        full_time = self._value(FULL_TIME_MONTHLY_HOURS)
        contract = full_time.value if profile.monthly_hours is None else profile.monthly_hours
        base = self._hours("BASE", contract, self._own_rate, Decimal(1), full_time.source)
        if profile.hired_on is None:
            return (base,)
        years = seniority_years(profile.hired_on, self._first, self._calendar)
        rate = seniority_rate(years, self._first, profile.category)
        amount = premium(self._minimum, contract, rate)
        seniority = PayLine(
            code=f"SENIORITY_{_percent(rate)}PCT",
            quantity=Decimal(1 if rate else 0),
            unit=Unit.MONTH,
            rate=amount,
            amount=amount,
            source="IDCC 1351 art. 9.03",
        )
        return (base, seniority)

    def weekly(self, weeks: dict[date, Decimal]) -> tuple[PayLine, ...]:
        extra = [overtime(worked, week) for week, worked in weeks.items()]
        quantities = {
            ("HS", "overtime_first_premium"): sum((week.first for week in extra), Decimal(0)),
            ("HS", "overtime_further_premium"): sum((week.further for week in extra), Decimal(0)),
        }
        contract = self._profile.weekly_hours
        if contract is not None:
            extra = [complementary_hours(worked, contract, week) for week, worked in weeks.items()]
            quantities["HC", "complementary_first_premium"] = sum((week.first for week in extra), Decimal(0))
            quantities["HC", "complementary_further_premium"] = sum((week.further for week in extra), Decimal(0))
        lines = []
        for (prefix, name), quantity in quantities.items():
            value = self._value(name)
            code = f"{prefix}{_percent(value.value)}"
            lines.append(self._hours(code, quantity, self._own_rate, 1 + value.value, value.source))
        return tuple(lines)

    def premiums(self, classes: HourClasses) -> tuple[PayLine, ...]:
        airport = self._profile.regime is Regime.AIRPORT
        rate = self._own_rate if airport else self._minimum
        night = self._value("airport_night_premium" if airport else "night_premium")
        sunday = self._value("airport_sunday_premium" if airport else "sunday_premium")
        holiday, may_day = self._value("holiday_indemnity"), self._value("may_day_indemnity")
        rest = self._value("night_rest")
        ordinary = classes.holiday - classes.may_day
        return (
            self._hours(f"NIGHT{_percent(night.value)}", classes.night, rate, night.value, night.source),
            self._hours(f"SUN{_percent(sunday.value)}", classes.sunday, rate, sunday.value, sunday.source),
            self._hours(f"HOL{_percent(holiday.value)}", ordinary, self._own_rate, holiday.value, holiday.source)
            if self._profile.holiday_choice is HolidayChoice.PAY
            else _rest("HOL_REST_HOURS", ordinary, holiday.source),
            self._hours(
                f"MAY1_{_percent(may_day.value)}", classes.may_day, self._own_rate, may_day.value, may_day.source
            ),
            _rest(f"NIGHT_REST_{_percent(rest.value)}PCT_HOURS", night_rest(classes.night, self._first), rest.source),
        )

    def topped_up(self, top_up: Decimal) -> tuple[PayLine, ...]:
        source = pay_value("minimum_period_hours", self._first).source
        return (self._hours("MIN_PERIOD", top_up, self._own_rate, Decimal(1), source),)

    def allowances(self, paniers: int, dog_hours: Decimal) -> tuple[PayLine, ...]:
        airport = self._profile.regime is Regime.AIRPORT
        panier = self._value("airport_panier" if airport else "panier") if paniers else self._value("panier")
        dressing = self._value("dressing_month")
        dressed = dressing_premium(self._first, monthly_hours=self._profile.monthly_hours)
        lines = [
            PayLine(
                code="PANIER",
                quantity=Decimal(paniers),
                unit=Unit.COUNT,
                rate=panier.value,
                amount=rounded(paniers * panier.value),
                source=panier.source,
            ),
            PayLine(
                code="DRESSING",
                quantity=Decimal(1),
                unit=Unit.MONTH,
                rate=dressed,
                amount=dressed,
                source=dressing.source,
            ),
        ]
        if self._profile.keeps_own_clothing:
            upkeep = self._value("airport_clothing_upkeep_month" if airport else "clothing_upkeep_month")
            lines.append(
                PayLine(
                    code="CLOTHING_UPKEEP",
                    quantity=Decimal(1),
                    unit=Unit.MONTH,
                    rate=upkeep.value,
                    amount=rounded(upkeep.value),
                    source=upkeep.source,
                )
            )
        if dog_hours:
            dog = self._value("dog_hour")
            lines.append(self._hours("DOG", dog_hours, dog.value, Decimal(1), dog.source))
        return tuple(lines)

    def _value(self, name: str) -> Dated[Decimal]:
        return pay_value(name, self._first)

    def _hours(self, code: str, worked: Decimal, hourly: Decimal, rate: Decimal, source: str) -> PayLine:
        return PayLine(
            code=code,
            quantity=_quantity(worked),
            unit=Unit.HOUR,
            rate=_quantity(hourly * rate),
            amount=premium(hourly, worked, rate),
            source=source,
        )


def _rest(code: str, quantity: Decimal, source: str) -> PayLine:
    return PayLine(code=code, quantity=_quantity(quantity), unit=Unit.HOUR, rate=None, amount=None, source=source)


def _quantity(value: Decimal) -> Decimal:
    return value.quantize(QUANTITY, ROUND_HALF_UP)


def _percent(rate: Decimal) -> str:
    return f"{rate * PERCENT:.0f}"
