"""Minimum pay, seniority and overtime of the branch."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sekur_sdk.rules.pay_scale import (
    Category,
    QuotaReading,
    complementary_hours,
    cycle_overtime,
    minimum_hourly,
    minimum_monthly,
    overtime,
    overtime_quota,
    seniority_rate,
    seniority_years,
)
from sekur_sdk.rules.payroll import premium, seniority_premium

ON = date(2026, 11, 1)


@pytest.mark.parametrize(
    ("year", "coefficient", "monthly"),
    [
        (2022, 120, "1573.17"), (2022, 150, "1703.00"), (2023, 120, "1691.16"), (2023, 130, "1713.32"),
        (2023, 140, "1764.71"), (2023, 150, "1830.73"), (2026, 120, "1883.85"),
    ],
)  # fmt: skip
def test_the_grid_of_each_year(year: int, coefficient: int, monthly: str) -> None:
    assert minimum_monthly(coefficient, date(year, 6, 1)) == Decimal(monthly)


@pytest.mark.parametrize("coefficient", [120, 130, 140, 150])
def test_the_yearly_rises_lead_from_each_grid_to_the_next(coefficient: int) -> None:
    rises = {2023: "1.075", 2024: "1.05", 2025: "1.032", 2026: "1.028"}
    for year, rise in rises.items():
        before, after = (minimum_monthly(coefficient, date(at, 6, 1)) for at in (year - 1, year))
        assert after == (before * Decimal(rise)).quantize(Decimal("0.01"), "ROUND_HALF_UP")


def test_one_coefficient_may_stand_in_two_categories() -> None:
    assert minimum_monthly(150, ON) == Decimal("2039.33")
    assert minimum_monthly(150, ON, Category.SUPERVISOR) == Decimal("2234.30")
    assert minimum_monthly(800, ON, Category.MANAGER) == Decimal("6908.48")


@pytest.mark.parametrize(
    ("coefficient", "category", "on"),
    [
        (125, Category.AGENT, ON),
        (120, Category.MANAGER, ON),
        (160, Category.AGENT, date(2025, 6, 1)),
        (120, Category.AGENT, date(2021, 12, 31)),
    ],
)
def test_an_unknown_minimum_is_an_error_not_a_guess(coefficient: int, category: Category, on: date) -> None:
    with pytest.raises(LookupError):
        minimum_monthly(coefficient, on, category)


@pytest.mark.parametrize(
    ("years", "amount"), [(4, "39.32"), (7, "98.29"), (10, "157.26"), (12, "196.58"), (15, "235.89"), (40, "235.89")]
)
def test_the_seniority_premium(years: int, amount: str) -> None:
    assert seniority_premium(140, years, ON) == Decimal(amount)


def test_a_part_timers_seniority_follows_the_hours_of_the_contract() -> None:
    half = seniority_premium(150, 7, ON, category=Category.SUPERVISOR, monthly_hours=Decimal("75.835"))
    assert half == Decimal("55.86")


def test_managers_have_no_seniority_premium() -> None:
    assert seniority_rate(20, ON, Category.MANAGER) == 0


SENIORITY = [
    (date(2022, 11, 15), date(2026, 11, 1), 3),
    (date(2022, 11, 15), date(2026, 12, 1), 4),
    (date(2022, 11, 2), date(2026, 11, 1), 4),  # the first worked day, after All Saints
    (date(2022, 11, 2), date(2026, 10, 1), 3),
    (date(2022, 11, 1), date(2026, 11, 1), 4),  # hired on the holiday itself
    (date(2022, 11, 3), date(2026, 11, 1), 3),
    (date(2022, 10, 3), date(2026, 10, 1), 4),  # a Monday, after the weekend of the 1st
    (date(2026, 11, 15), date(2026, 11, 1), 0),
]


@pytest.mark.parametrize(("hired_on", "month", "years"), SENIORITY)
def test_a_new_rate_comes_the_month_after_or_at_once_if_hired_on_the_first_worked_day(
    hired_on: date, month: date, years: int
) -> None:
    assert seniority_years(hired_on, month) == years


@pytest.mark.parametrize(
    ("week", "at_25", "at_50"),
    [("36", "16.20", "0"), ("43", "129.61", "0"), ("44", "129.61", "19.44"), ("48", "129.61", "97.21")],
)
def test_overtime_of_a_week(week: str, at_25: str, at_50: str) -> None:
    extra, hourly = overtime(Decimal(week), ON), minimum_hourly(140, ON)
    assert premium(hourly, extra.first, Decimal("1.25")) == Decimal(at_25)
    assert premium(hourly, extra.further, Decimal("1.50")) == Decimal(at_50)


@given(st.decimals(0, 80, places=2))
def test_overtime_is_what_exceeds_35_hours(week: Decimal) -> None:
    extra = overtime(week, ON)
    assert extra.first + extra.further == max(week - 35, Decimal(0))
    assert extra.first <= 8


def test_over_a_cycle_the_average_counts() -> None:
    extra = cycle_overtime([Decimal(48), Decimal(24), Decimal(36), Decimal(36)], ON)
    assert (extra.first, extra.further) == (4, 0)  # 36 on average, week by week it would be 10 and 5
    with pytest.raises(ValueError, match="at least one week"):
        cycle_overtime([], ON)


def test_complementary_hours_are_the_first_tenth_and_the_rest_up_to_full_time() -> None:
    extra = complementary_hours(Decimal(40), Decimal(24), ON)
    assert (extra.first, extra.further) == (Decimal("2.4"), Decimal("8.6"))


def test_the_yearly_quota_has_two_readings() -> None:
    assert overtime_quota(ON) == 329
    assert overtime_quota(ON, QuotaReading.ACCORD_1993) == 288
