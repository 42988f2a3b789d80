"""What worked time earns in the branch of private security: premiums, panier, dressing, night rest.

Each amount is computed from exact hours and the unrounded hourly minimum, then rounded to the cent, halves away from zero.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import attrs

from sekur_sdk.rules.civil_time import PARIS, Span, hours, local_date, merged
from sekur_sdk.rules.hour_classes import HourClasses, classify
from sekur_sdk.rules.invoicing import rounded
from sekur_sdk.rules.pay_scale import Category, minimum_hourly, pay_value, seniority_rate
from sekur_sdk.rules.public_holidays import METROPOLE, HolidayCalendar

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date
    from zoneinfo import ZoneInfo

FULL_TIME_MONTHLY_HOURS = "full_time_monthly_hours"


@attrs.frozen(kw_only=True)
class ShiftPay:
    """What one shift earns: classes in exact hours, amounts in euros, the rest in minutes.

    `base` is the hours at the conventional minimum; `night_rest_minutes` is time off and never money (except at the end
    of the contract).
    """

    classes: HourClasses
    hourly_minimum: Decimal
    base: Decimal
    night_premium: Decimal
    sunday_premium: Decimal
    holiday_indemnity: Decimal
    panier: Decimal
    dressing: Decimal
    night_rest_minutes: Decimal


def premium(hourly_rate: Decimal, worked: Decimal, rate: Decimal) -> Decimal:
    """`rate` (a fraction) on `worked` hours at `hourly_rate` euros, to the cent.

    Source: each premium is computed before any other and is no base of another (accord of 29 October 2003, art. 1).
    """
    return rounded(hourly_rate * worked * rate)


def night_rest(night_hours: Decimal, on: date) -> Decimal:
    """The hours of rest that night work gives, 1 % from the first hour: shown on a line of its own, not paid out.

    Source: IDCC 1351, avenant of 25 September 2001, art. 1.2.
    """
    return night_hours * pay_value("night_rest", on).value


def long_night_rest(night_hours: Decimal, on: date) -> Decimal:
    """The hours of rest due for one night of a night worker that exceeds 8 hours: as many as are above.

    Source: reserve of the extension of the avenant of 25 September 2001, art. 2.1. Whether nights are averaged is
    uncertain, so no line of the month carries it.
    """
    return max(night_hours - pay_value("night_hours_before_rest", on).value, Decimal(0))


def panier_count(shifts: Iterable[Span], *, zone: ZoneInfo = PARIS) -> int:
    """How many meal allowances: one for each stretch of at least 6 continuous hours, one alone for 12.

    An unpaid break interrupts. Source: IDCC 1351, annexe IV art. 6 (accord of 21 October 2010).
    """
    return sum(
        hours(shift.duration) >= pay_value("panier_hours", local_date(shift.start, zone)).value
        for shift in merged(shifts)
    )


def shift_pay(
    shift: Span,
    coefficient: int,
    *,
    category: Category = Category.AGENT,
    calendar: HolidayCalendar = METROPOLE,
    zone: ZoneInfo = PARIS,
) -> ShiftPay:
    """What a shift without unpaid break earns under the general rules, values of the local day it starts on.

    Sources: night, avenant of 25 September 2001; Sunday, accord of 29 October 2003; holiday, art. 9.05 (as much as the
    hours are paid; the base alone where they are night or Sunday hours too, the accord of interpretation of 2 November
    1988 was not read); 1 May, C. trav. art. L3133-6; dressing at 0.1311 euros an hour, accord of 30 October 2000 art. 5.

    Raises:
        LookupError: no minimum is known for the day, the coefficient and the category.
    """
    on = local_date(shift.start, zone)
    classes = classify([shift], calendar=calendar, zone=zone)
    hourly = minimum_hourly(coefficient, on, category)
    ordinary = classes.holiday - classes.may_day
    return ShiftPay(
        classes=classes,
        hourly_minimum=hourly,
        base=premium(hourly, classes.total, Decimal(1)),
        night_premium=premium(hourly, classes.night, pay_value("night_premium", on).value),
        sunday_premium=premium(hourly, classes.sunday, pay_value("sunday_premium", on).value),
        holiday_indemnity=rounded(
            hourly
            * (
                ordinary * pay_value("holiday_indemnity", on).value
                + classes.may_day * pay_value("may_day_indemnity", on).value
            )
        ),
        panier=rounded(panier_count([shift], zone=zone) * pay_value("panier", on).value),
        dressing=rounded(classes.total * pay_value("dressing_hour", on).value),
        night_rest_minutes=night_rest(classes.night, on) * 60,
    )


def seniority_premium(
    coefficient: int,
    years: int,
    on: date,
    *,
    category: Category = Category.AGENT,
    monthly_hours: Decimal | None = None,
) -> Decimal:
    """Euros a month: the rate for so many years on the minimum of the grade, by the hours of the contract at part time.

    Source: IDCC 1351 art. 9.03.
    """
    worked = pay_value(FULL_TIME_MONTHLY_HOURS, on).value if monthly_hours is None else monthly_hours
    return premium(minimum_hourly(coefficient, on, category), worked, seniority_rate(years, on, category))


def dressing_premium(on: date, *, monthly_hours: Decimal | None = None) -> Decimal:
    """Euros a month for dressing and undressing: 19.82 at full time, 0.1311 an hour of the contract at part time.

    Whether the monthly sum caps the hourly one is uncertain; it does here, since the text gives both for 151.67 hours.
    Source: accord of 30 October 2000, art. 5 (130 F, or 0.86 F an hour), never indexed since.
    """
    month = pay_value("dressing_month", on).value
    if monthly_hours is None:
        return rounded(month)
    return rounded(min(monthly_hours * pay_value("dressing_hour", on).value, month))
