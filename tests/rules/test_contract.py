"""Deadlines and dues of a subscription."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sekur_sdk.rules.civil_time import PARIS, add_months
from sekur_sdk.rules.contract import (
    DuesReading,
    PostponementReading,
    anniversary,
    claim_deadline,
    contract_year,
    defect_claim_deadline,
    late_payment,
    liability_cap,
    liability_claim_deadline,
    postponement_fee,
    remaining_dues,
    reversibility,
    termination_deadline,
)

days = st.dates(date(2020, 1, 1), date(2035, 12, 31))


def paris(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=PARIS)


def test_the_contract_renews_each_year_on_the_day_it_went_live() -> None:
    assert anniversary(date(2024, 5, 10), date(2024, 5, 10)) == date(2025, 5, 10)
    assert anniversary(date(2024, 5, 10), date(2026, 5, 9)) == date(2026, 5, 10)
    assert anniversary(date(2024, 5, 10), date(2026, 5, 10)) == date(2027, 5, 10)


def test_a_contract_of_29_february_renews_on_it_again_in_leap_years() -> None:
    assert anniversary(date(2024, 2, 29), date(2027, 3, 1)) == date(2028, 2, 29)


@given(days, st.integers(0, 4000))
def test_each_day_lies_in_one_contract_year(go_live: date, later: int) -> None:
    on = go_live + timedelta(days=later)
    first, until = contract_year(go_live, on)
    assert first <= on < until
    assert until == anniversary(go_live, on)
    assert 365 <= (until - first).days <= 366


def test_no_contract_year_before_go_live() -> None:
    with pytest.raises(ValueError, match="goes live"):
        contract_year(date(2026, 1, 1), date(2025, 12, 31))


@given(days)
def test_notice_is_safe_by_both_readings(go_live: date) -> None:
    deadline = termination_deadline(go_live)
    assert deadline.safe <= deadline.by_days
    assert deadline.safe <= deadline.by_months
    assert deadline.safe in {deadline.by_days, deadline.by_months}
    assert 59 <= (deadline.anniversary - deadline.safe).days <= 62 + 1


def test_the_next_anniversary_counts_once_the_first_is_past() -> None:
    deadline = termination_deadline(date(2025, 3, 1), today=date(2026, 3, 1))
    assert (deadline.anniversary, deadline.safe) == (date(2027, 3, 1), date(2026, 12, 31))


@given(days, st.integers(0, 2000), st.decimals(1, 5000, places=2))
def test_the_prorata_adds_less_than_a_month(go_live: date, later: int, monthly: Decimal) -> None:
    ended = go_live + timedelta(days=later)
    whole = remaining_dues(go_live, ended, monthly)
    prorata = remaining_dues(go_live, ended, monthly, reading=DuesReading.CALENDAR_PRORATA)
    assert whole.amount == monthly * whole.whole_instalments
    assert 0 <= whole.whole_instalments <= 12
    assert whole.amount <= prorata.amount < whole.amount + monthly


def test_an_end_on_the_anniversary_owes_nothing() -> None:
    dues = remaining_dues(date(2026, 1, 15), date(2027, 1, 15), Decimal("179.98"))
    assert (dues.term_end, dues.amount) == (date(2027, 1, 15), 0)


def test_an_end_in_the_second_year_owes_the_rest_of_that_year() -> None:
    dues = remaining_dues(date(2025, 1, 31), date(2026, 12, 31), Decimal(100))
    assert (dues.term_end, dues.whole_instalments) == (date(2027, 1, 31), 1)


def test_the_dues_are_payable_within_60_days() -> None:
    assert remaining_dues(date(2026, 1, 1), date(2026, 4, 10), Decimal(100)).pay_by == date(2026, 6, 9)


def test_dues_before_go_live_or_of_a_negative_price_are_refused() -> None:
    with pytest.raises(ValueError, match="before it goes live"):
        remaining_dues(date(2026, 1, 1), date(2025, 12, 31), Decimal(1))
    with pytest.raises(ValueError, match="not negative"):
        remaining_dues(date(2026, 1, 1), date(2026, 12, 31), Decimal(-1))


def test_a_late_request_for_restitution_suspends_the_destruction() -> None:
    deadlines = reversibility(date(2026, 1, 31), restitution_requested_on=date(2026, 2, 20))
    assert deadlines.content_destroyed_after == date(2026, 3, 22)
    assert deadlines.download_until == date(2026, 2, 28)


def test_an_early_request_for_restitution_changes_nothing() -> None:
    deadlines = reversibility(date(2026, 1, 31), restitution_requested_on=date(2026, 1, 10))
    assert deadlines.content_destroyed_after == date(2026, 2, 28)


def test_a_request_after_the_destruction_is_refused() -> None:
    with pytest.raises(ValueError, match="may be destroyed"):
        reversibility(date(2026, 1, 31), restitution_requested_on=date(2026, 3, 1))


POSTPONED = [
    ("2026-11-20T09:00", "2026-11-23T09:00", 0, 50),
    ("2026-11-21T08:00", "2026-11-23T09:00", 0, 50),
    ("2026-11-23T09:00", "2026-11-25T09:00", 0, 0),
    ("2026-11-23T09:01", "2026-11-25T09:00", 50, 50),
    ("2026-11-10T09:00", "2026-11-12T09:00", 0, 50),  # 11 November
    ("2026-11-25T10:00", "2026-11-25T09:00", 50, 50),  # after the training began
]


@pytest.mark.parametrize(("asked", "training", "reading_a", "reading_b"), POSTPONED)
def test_a_training_put_off(asked: str, training: str, reading_a: int, reading_b: int) -> None:
    assert postponement_fee(paris(asked), paris(training)) == reading_a
    assert postponement_fee(paris(asked), paris(training), reading=PostponementReading.B) == reading_b


def test_48_hours_are_those_that_pass() -> None:
    # the clocks go forward on 29 March: 09:00 two days later is 47 hours away
    assert postponement_fee(paris("2026-03-28T09:00"), paris("2026-03-30T09:00")) == 50


def test_paying_in_time_adds_nothing() -> None:
    late = late_payment(Decimal(100), due_on=date(2026, 1, 31), paid_on=date(2026, 1, 31))
    assert (late.days, late.interest, late.indemnity) == (0, 0, 0)


def test_the_other_deadlines() -> None:
    assert defect_claim_deadline(date(2026, 1, 25)) == date(2026, 2, 2)
    assert liability_claim_deadline(date(2024, 2, 29)) == date(2025, 2, 28)
    assert claim_deadline(date(2026, 3, 1)) == date(2027, 3, 1)


def test_liability_is_the_lower_of_two_caps() -> None:
    assert liability_cap(Decimal(300), Decimal(2000)) == 300
    assert liability_cap(Decimal(3000), Decimal(2000)) == 2000


@given(days, st.integers(-30, 30))
def test_months_are_added_as_the_calendar_does(day: date, months: int) -> None:
    there = add_months(day, months)
    assert (there.year * 12 + there.month) - (day.year * 12 + day.month) == months
    assert there.day == day.day or (there.day < day.day and (there + timedelta(days=1)).day == 1)
