"""CNAPS numbers and the validity of professional cards."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sekur_sdk.rules.cnaps import (
    CardState,
    NumberKind,
    card_expiry,
    card_is_valid,
    card_state,
    is_well_formed,
    parse_number,
    renew_by,
    warning_days,
)

EXPIRY = date(2027, 6, 30)


def test_a_number_tells_its_kind_department_and_date() -> None:
    number = parse_number("AUT-02A-2124-07-01-20250906336")
    assert (number.kind, number.department, number.valid_until) == (
        NumberKind.AUTHORISATION,
        "02A",
        date(2124, 7, 1),
    )


def test_a_card_with_an_irregular_serial_is_read_and_told() -> None:
    card = parse_number("CAR-093-2029-01-11-0001")
    assert (card.valid_until, card.serial_is_regular) == (date(2029, 1, 11), False)


MALFORMED = [
    "",
    "AUT-075-2124-07-01-0001",
    "AGD-075-2124-07-01-2025090633",
    "CAR-75-2029-01-11-20240123456",
    "CAR-075-2029-02-30-20240123456",
    "CAR-02C-2029-01-11-20240123456",
    "car-075-2029-01-11-20240123456",
    "CAR-075-2029-01-11-",
    " CAR-075-2029-01-11-20240123456",
    "CAR-075-2029-01-11-20240123456\n",
    "CAR-\u0660\u0667\u0665-2029-01-11-20240123456",
    "XXX-075-2029-01-11-20240123456",
]


@pytest.mark.parametrize("text", MALFORMED)
def test_a_malformed_number_is_refused_and_not_repeated(text: str) -> None:
    with pytest.raises(ValueError, match="Expected a CNAPS number") as error:
        parse_number(text)
    assert len(text) < 5 or text.strip() not in str(error.value)
    assert not is_well_formed(text)


@given(st.text())
def test_any_text_is_well_formed_or_not_and_never_an_accident(text: str) -> None:
    assert is_well_formed(text) in {True, False}


STATES = [
    (181, CardState.VALID),
    (180, CardState.FIRST_WARNING),
    (91, CardState.FIRST_WARNING),
    (90, CardState.SECOND_WARNING),
    (31, CardState.SECOND_WARNING),
    (30, CardState.LAST_WARNING),
    (0, CardState.LAST_WARNING),
    (-1, CardState.EXPIRED),
]


@pytest.mark.parametrize(("left", "state"), STATES)
def test_warnings_come_180_90_and_30_days_before(left: int, state: CardState) -> None:
    assert card_state(EXPIRY, EXPIRY - timedelta(days=left)) == state


def test_a_state_begins_on_its_warning_day() -> None:
    first, second, last = warning_days(EXPIRY)
    assert [card_state(EXPIRY, day) for day in (first, second, last)] == [
        CardState.FIRST_WARNING,
        CardState.SECOND_WARNING,
        CardState.LAST_WARNING,
    ]


def test_a_card_is_valid_on_its_last_day_and_not_after() -> None:
    assert card_is_valid(EXPIRY, EXPIRY)
    assert not card_is_valid(EXPIRY, EXPIRY + timedelta(days=1))


def test_a_card_lasts_five_years_and_is_renewed_three_months_before() -> None:
    assert card_expiry(date(2024, 2, 29)) == date(2029, 2, 28)
    assert renew_by(date(2027, 5, 31)) == date(2027, 2, 28)
