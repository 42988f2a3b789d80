"""The shortest period of work that is paid."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sekur_sdk.rules.civil_time import PARIS, Span, hours, merged, total_duration
from sekur_sdk.rules.minimum_period import PeriodReading, work_periods


def day(on: str, *parts: str) -> list[Span]:
    return [
        Span(*(datetime.fromisoformat(f"{on}T{text}").replace(tzinfo=PARIS) for text in part.split("-")))
        for part in parts
    ]


PAID = [
    ("2026-03-02", ["06:00-08:00"], [4]),
    ("2026-03-02", ["08:00-09:00", "12:00-16:00"], [4, 4]),
    ("2026-03-02", ["08:00-09:00", "10:30-11:30"], [4]),
    ("2026-03-02", ["08:00-09:00", "11:00-12:00"], [4]),
    ("2026-03-02", ["08:00-09:00", "11:01-12:00"], [4, 4]),
    ("2026-06-30", ["06:00-08:00"], [4]),
    ("2026-07-01", ["06:00-08:00"], [6]),
    ("2026-07-01", ["08:00-09:00", "12:00-16:00"], [6, 6]),
    ("2026-07-01", ["07:00-19:00"], [12]),
    ("2022-02-28", ["06:00-08:00"], [2]),
    ("2022-03-01", ["06:00-08:00"], [4]),
]


@pytest.mark.parametrize(("on", "parts", "paid"), PAID)
def test_a_period_is_paid_its_hours_or_the_minimum(on: str, parts: list[str], paid: list[int]) -> None:
    assert [period.paid for period in work_periods(day(on, *parts))] == paid


def test_read_as_a_span_parts_of_twelve_hours_are_one_period() -> None:
    parts = day("2026-07-01", "08:00-09:00", "12:00-16:00")
    (period,) = work_periods(parts, reading=PeriodReading.SPAN)
    assert (period.worked, period.paid) == (5, 6)


def test_read_as_a_span_no_period_exceeds_twelve_hours() -> None:
    parts = day("2026-07-01", "06:00-08:00", "17:00-19:00")
    assert [period.paid for period in work_periods(parts, reading=PeriodReading.SPAN)] == [6, 6]


@given(st.lists(st.tuples(st.integers(0, 95), st.integers(1, 40)), max_size=6), st.sampled_from(PeriodReading))
def test_no_worked_hour_is_lost_and_none_is_paid_twice(quarters: list[tuple[int, int]], reading: PeriodReading) -> None:
    start = datetime(2026, 8, 3, tzinfo=PARIS)
    step = (datetime(2026, 8, 3, 0, 15) - datetime(2026, 8, 3)) * 1  # noqa: DTZ001  # a difference alone
    parts = [Span(start + step * first, start + step * (first + length)) for first, length in quarters]
    periods = work_periods(parts, reading=reading)
    assert sum((period.worked for period in periods), Decimal(0)) == hours(total_duration(merged(parts)))
    assert all(period.paid == max(period.worked, Decimal(6)) for period in periods)
