"""Night, Sunday, holiday and 1 May hours."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sekur_sdk.rules.civil_time import PARIS, Span, hours, merged, total_duration
from sekur_sdk.rules.hour_classes import classify, pieces
from sekur_sdk.rules.payroll import panier_count, premium, shift_pay
from sekur_sdk.rules.public_holidays import HolidayCalendar, Region


def span(start: str, end: str) -> Span:
    return Span(*(datetime.fromisoformat(text).replace(tzinfo=PARIS) for text in (start, end)))


@st.composite
def shifts(draw: st.DrawFn) -> Span:
    start = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=draw(st.integers(0, 60 * 24 * 800)))
    return Span(start, start + timedelta(minutes=draw(st.integers(1, 60 * 30))))


@given(shifts())
def test_the_pieces_are_the_shift_each_minute_once(shift: Span) -> None:
    parts = [piece.span for piece in pieces([shift])]
    assert merged(parts) == (shift,)
    assert total_duration(parts) == shift.duration


@given(shifts())
def test_each_class_is_within_the_total_and_1_may_within_holidays(shift: Span) -> None:
    classes = classify([shift])
    assert classes.total == hours(shift.duration)
    assert 0 <= classes.may_day <= classes.holiday <= classes.total
    assert 0 <= classes.sunday <= classes.total
    assert 0 <= classes.night <= classes.total


@given(shifts(), st.integers(1, 60 * 30))
def test_cutting_a_shift_changes_no_class(shift: Span, minute: int) -> None:
    cut = shift.start + timedelta(minutes=minute)
    if cut < shift.end:
        assert classify([Span(shift.start, cut), Span(cut, shift.end)]) == classify([shift])


@given(shifts())
def test_each_minute_has_the_class_of_its_local_clock(shift: Span) -> None:
    minutes = range(int(shift.duration / timedelta(minutes=1)))
    walls = [(shift.start + timedelta(minutes=minute)).astimezone(PARIS) for minute in minutes]
    classes = classify([shift])
    assert classes.night == Decimal(sum(wall.hour >= 21 or wall.hour < 6 for wall in walls)) / 60
    assert classes.sunday == Decimal(sum(wall.weekday() == 6 for wall in walls)) / 60


# shift, coefficient, hours: all, night, Sunday, holiday; euros: night, Sunday, holiday, panier; minutes of rest
SHIFTS = [
    ("2026-11-07T19:00", "2026-11-08T07:00", 140, "12 9 7 0", "11.66 9.07 0 4.48", "5.40"),
    ("2026-11-10T19:00", "2026-11-11T07:00", 140, "12 9 0 7", "11.66 0 90.73 4.48", "5.40"),
    ("2026-11-01T07:00", "2026-11-01T19:00", 140, "12 0 12 12", "0 15.55 155.53 4.48", "0"),
    ("2026-11-02T07:00", "2026-11-02T13:00", 140, "6 0 0 0", "0 0 0 4.48", "0"),
    ("2026-10-24T19:00", "2026-10-25T07:00", 140, "13 10 8 0", "12.96 10.37 0 4.48", "6.00"),
    ("2026-03-28T19:00", "2026-03-29T07:00", 140, "11 8 6 0", "10.37 7.78 0 4.48", "4.80"),
    ("2026-04-30T21:00", "2026-05-01T09:00", 120, "12 9 0 9", "11.18 0 111.79 4.48", "5.40"),
    ("2026-12-24T22:00", "2026-12-25T06:00", 130, "8 8 0 6", "10.07 0 75.50 4.48", "4.80"),
]


@pytest.mark.parametrize(("start", "end", "coefficient", "classes", "amounts", "rest"), SHIFTS)
def test_what_a_shift_earns(start: str, end: str, coefficient: int, classes: str, amounts: str, rest: str) -> None:
    pay = shift_pay(span(start, end), coefficient)
    found = pay.classes
    assert [found.total, found.night, found.sunday, found.holiday] == [Decimal(one) for one in classes.split()]
    assert [pay.night_premium, pay.sunday_premium, pay.holiday_indemnity, pay.panier] == [
        Decimal(one) for one in amounts.split()
    ]
    assert pay.night_rest_minutes == Decimal(rest)


def test_1_may_is_told_apart() -> None:
    assert classify([span("2026-04-30T21:00", "2026-05-01T09:00")]).may_day == 9


def test_night_and_sunday_premiums_add_up_and_dont_compound() -> None:
    # the branch's own example: 7.73 euros, one hour of a Sunday night
    base, tenth = Decimal("7.73"), Decimal("0.1")
    premiums = premium(base, Decimal(1), tenth) * 2
    assert base + premiums == Decimal("9.27")


def test_a_holiday_of_the_region_counts_there_alone() -> None:
    shift = span("2026-12-26T07:00", "2026-12-26T19:00")
    assert classify([shift]).holiday == 0
    assert classify([shift], calendar=HolidayCalendar(Region.ALSACE_MOSELLE)).holiday == 12


@pytest.mark.parametrize(
    ("parts", "count"),
    [
        ([("2026-11-02T07:00", "2026-11-02T19:00")], 1),
        ([("2026-11-02T07:00", "2026-11-02T13:00"), ("2026-11-02T13:00", "2026-11-02T19:00")], 1),
        ([("2026-11-02T07:00", "2026-11-02T10:00"), ("2026-11-02T10:00", "2026-11-02T13:00")], 1),
        ([("2026-11-02T07:00", "2026-11-02T12:00"), ("2026-11-02T13:00", "2026-11-02T18:00")], 0),
        ([("2026-03-28T23:30", "2026-03-29T05:30")], 0),  # five hours, the clocks go forward
        ([("2026-10-24T23:30", "2026-10-25T04:30")], 1),  # six hours, the clocks go back
    ],
)
def test_a_panier_for_six_continuous_hours(parts: list[tuple[str, str]], count: int) -> None:
    assert panier_count(span(*part) for part in parts) == count
