"""The pre-payroll of a month beyond the reference one."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sekur_sdk.rules.civil_time import PARIS, Span, hours, total_duration
from sekur_sdk.rules.hour_classes import classify
from sekur_sdk.rules.payroll import long_night_rest
from sekur_sdk.rules.payroll_month import HolidayChoice, MonthPay, PayLine, PayProfile, Regime, month_pay

NOVEMBER = date(2026, 11, 1)


def span(start: str, end: str) -> Span:
    return Span(*(datetime.fromisoformat(text).replace(tzinfo=PARIS) for text in (start, end)))


def lines(pay: MonthPay) -> dict[str, PayLine]:
    return {line.code: line for line in pay.lines}


NIGHT = span("2026-11-07T19:00", "2026-11-08T07:00")
AGENT = PayProfile(coefficient=140)


def test_a_month_without_shifts_has_the_fixed_lines_alone() -> None:
    assert [line.code for line in month_pay(AGENT, NOVEMBER, []).lines] == ["BASE", "DRESSING"]


def test_any_day_of_the_month_means_the_month() -> None:
    assert month_pay(AGENT, date(2026, 11, 30), [NIGHT]) == month_pay(AGENT, NOVEMBER, [NIGHT])


def test_the_overtime_of_a_week_goes_to_the_month_in_which_it_ends() -> None:
    week = [span(f"2026-11-30T{at}", f"2026-11-30T{to}") for at, to in [("07:00", "19:00")]]
    week += [span(f"2026-12-0{day}T07:00", f"2026-12-0{day}T19:00") for day in (1, 3, 4)]
    november, december = (month_pay(AGENT, date(2026, month, 1), week) for month in (11, 12))
    assert "HS25" not in lines(november)
    assert (november.worked, november.weeks) == (12, {})
    assert (lines(december)["HS25"].quantity, lines(december)["HS50"].quantity) == (8, 5)
    assert december.worked == 36


def test_a_shift_over_the_end_of_the_month_is_shared_and_its_panier_is_not() -> None:
    shift = [span("2026-10-31T19:00", "2026-11-01T07:00")]
    october, november = (lines(month_pay(AGENT, date(2026, month, 1), shift)) for month in (10, 11))
    assert (october["NIGHT10"].quantity, november["NIGHT10"].quantity) == (3, 6)
    assert (november["SUN10"].quantity, november["HOL100"].quantity) == (7, 7)
    assert october["PANIER"].quantity == 1
    assert "PANIER" not in november


def test_a_holiday_worked_may_be_taken_as_rest() -> None:
    profile = PayProfile(coefficient=140, holiday_choice=HolidayChoice.REST)
    found = lines(month_pay(profile, NOVEMBER, [span("2026-11-11T07:00", "2026-11-11T19:00")]))
    assert "HOL100" not in found
    assert (found["HOL_REST_HOURS"].quantity, found["HOL_REST_HOURS"].amount) == (12, None)


def test_1_may_is_paid_double_whatever_was_chosen() -> None:
    profile = PayProfile(coefficient=120, holiday_choice=HolidayChoice.REST)
    found = lines(month_pay(profile, date(2026, 5, 1), [span("2026-04-30T21:00", "2026-05-01T09:00")]))
    assert (found["MAY1_100"].quantity, found["MAY1_100"].amount) == (9, Decimal("111.79"))
    assert "HOL_REST_HOURS" not in found


def test_airport_security_has_its_own_premiums_on_the_contracts_rate() -> None:
    profile = PayProfile(coefficient=120, regime=Regime.AIRPORT, hourly_rate=Decimal(15))
    found = lines(month_pay(profile, NOVEMBER, [span("2026-11-07T22:00", "2026-11-08T06:00")]))
    assert found["NIGHT25"].amount == 30
    assert (found["SUN50"].quantity, found["SUN50"].amount) == (6, 45)
    assert found["PANIER"].amount == Decimal("6.87")


def test_premiums_stay_on_the_minimum_when_the_contract_pays_more() -> None:
    dear = PayProfile(coefficient=140, hourly_rate=Decimal(20))
    assert lines(month_pay(dear, NOVEMBER, [NIGHT]))["NIGHT10"].amount == Decimal("11.66")
    assert lines(month_pay(dear, NOVEMBER, []))["BASE"].amount == Decimal("3033.40")


def test_a_contract_below_the_minimum_is_raised_to_it() -> None:
    cheap = PayProfile(coefficient=140, hourly_rate=Decimal(10))
    assert lines(month_pay(cheap, NOVEMBER, []))["BASE"].amount == Decimal("1965.78")


def test_a_short_period_is_topped_up_without_panier() -> None:
    found = lines(month_pay(AGENT, NOVEMBER, [span("2026-11-03T06:00", "2026-11-03T08:00")]))
    assert (found["MIN_PERIOD"].quantity, found["MIN_PERIOD"].amount) == (4, Decimal("51.84"))
    assert "PANIER" not in found


def test_a_part_timer_has_complementary_hours() -> None:
    profile = PayProfile(coefficient=140, monthly_hours=Decimal(104), weekly_hours=Decimal(24))
    week = [span(f"2026-11-0{day}T07:00", f"2026-11-0{day}T19:00") for day in (3, 5, 7)]
    found = lines(month_pay(profile, NOVEMBER, week))
    assert found["BASE"].quantity == 104
    assert (found["HC10"].quantity, found["HC25"].quantity) == (Decimal("2.4"), Decimal("8.6"))
    assert found["HS25"].quantity == 1
    assert found["DRESSING"].amount == Decimal("13.63")


def test_half_a_part_time_contract_is_refused() -> None:
    with pytest.raises(ValueError, match="both"):
        PayProfile(coefficient=140, weekly_hours=Decimal(24))


def test_clothing_and_dog_have_lines_where_they_are_due() -> None:
    profile = PayProfile(coefficient=140, keeps_own_clothing=True)
    found = lines(month_pay(profile, NOVEMBER, [], dog_hours=Decimal(10)))
    assert (found["CLOTHING_UPKEEP"].amount, found["DOG"].amount) == (Decimal("8.78"), Decimal("14.10"))


def test_quantities_have_four_decimals_and_amounts_come_from_exact_hours() -> None:
    found = lines(month_pay(AGENT, NOVEMBER, [span("2026-11-03T21:00", "2026-11-04T02:20")]))
    assert found["NIGHT10"].quantity == Decimal("5.3333")
    assert found["NIGHT10"].amount == Decimal("6.91")


def test_a_long_night_gives_a_night_worker_its_excess_in_rest() -> None:
    assert (long_night_rest(Decimal(9), NOVEMBER), long_night_rest(Decimal(8), NOVEMBER)) == (1, 0)


@st.composite
def rosters(draw: st.DrawFn) -> list[Span]:
    """Shifts with rests between them, from September 2026 to at most the end of December."""
    at = datetime(2026, 9, 1, tzinfo=PARIS) + timedelta(hours=draw(st.integers(0, 200)))
    shifts = []
    for _ in range(draw(st.integers(0, 40))):
        start = at + timedelta(minutes=draw(st.integers(60, 60 * 48)))
        at = start + timedelta(minutes=draw(st.integers(1, 60 * 12)))
        shifts.append(Span(start, at))
    return shifts


@given(rosters())
def test_each_hour_premium_and_panier_goes_to_one_month(shifts: list[Span]) -> None:
    months = [month_pay(AGENT, date(2026, month, 1), shifts) for month in (9, 10, 11, 12)]
    classes = classify(shifts)
    assert abs(sum(month.worked for month in months) - hours(total_duration(shifts))) < Decimal("1e-20")  # thirds
    for code, whole in [("NIGHT10", classes.night), ("SUN10", classes.sunday), ("HOL100", classes.holiday)]:
        shared = sum(lines(month)[code].quantity for month in months if code in lines(month))
        assert abs(shared - whole) <= Decimal("0.0002")  # four months, each rounded to four decimals
    paniers = sum(lines(month)["PANIER"].quantity for month in months if "PANIER" in lines(month))
    assert paniers == sum(shift.duration >= timedelta(hours=6) for shift in shifts)


@given(rosters())
def test_each_week_goes_to_one_month(shifts: list[Span]) -> None:
    weeks = [week for month in range(9, 13) for week in month_pay(AGENT, date(2026, month, 1), shifts).weeks]
    weeks += month_pay(AGENT, date(2027, 1, 1), shifts).weeks
    assert len(weeks) == len(set(weeks))
    assert all(week.weekday() == 0 for week in weeks)
