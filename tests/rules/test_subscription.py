"""What a subscription costs: the terms' prices, pack by pack."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sekur_sdk.rules.civil_time import PARIS, Span
from sekur_sdk.rules.subscription import (
    Training,
    days_active,
    employee_files,
    is_young_company,
    licences,
    overage_days,
    overage_month,
    signatures,
    subscription,
    trainings,
    with_vat,
)

if TYPE_CHECKING:
    from collections.abc import Callable

ON = date(2026, 11, 1)

LICENCES = {
    4: "39.96", 9: "79.99", 12: "99.97", 17: "109.99", 24: "149.95", 34: "189.95", 35: "194.98", 36: "199.99",
    55: "244.98", 66: "299.99", 110: "379.98", 116: "399.99", 301: "609.98", 500: "999.98", 1000: "1999.95",
}  # fmt: skip


@pytest.mark.parametrize(("quantity", "price"), LICENCES.items())
def test_licences_by_the_month(quantity: int, price: str) -> None:
    assert licences(quantity, on=ON).price == Decimal(price)


MONTHLY = [
    (0, "99.99", "69.99"), (5, "144.98", "69.99"), (9, "179.98", "109.95"), (12, "199.96", "134.96"),
    (20, "209.98", "169.98"), (50, "299.98", "269.98"), (100, "399.98", "369.98"), (500, "1099.97", "1069.97"),
]  # fmt: skip


@pytest.mark.parametrize(("quantity", "standard", "young"), MONTHLY)
def test_management_and_licences_by_the_month(quantity: int, standard: str, young: str) -> None:
    assert subscription(quantity, on=ON).monthly == Decimal(standard)
    assert subscription(quantity, on=ON, young=True).monthly == Decimal(young)


@given(st.integers(0, 2000), st.booleans())
def test_the_year_prepaid_is_eleven_months(quantity: int, young: bool) -> None:
    price = subscription(quantity, on=ON, young=young)
    assert price.year_prepaid == 11 * price.monthly
    assert price.year_monthly == 12 * price.monthly


@given(st.integers(0, 2000))
def test_a_young_company_never_pays_more(quantity: int) -> None:
    assert subscription(quantity, on=ON, young=True).monthly < subscription(quantity, on=ON).monthly


def test_a_company_is_young_until_its_third_birthday() -> None:
    assert is_young_company(date(2023, 11, 2), ON)
    assert not is_young_company(date(2023, 11, 1), ON)


FILES = {
    13: "19.50", 26: "28.99", 33: "39.49", 41: "39.99", 63: "59.49", 71: "59.99", 114: "79.98", 221: "99.99",
}  # fmt: skip


@pytest.mark.parametrize(("quantity", "price"), FILES.items())
def test_employee_files_paid_once(quantity: int, price: str) -> None:
    assert employee_files(quantity, on=ON).price == Decimal(price)


SIGNATURES = {
    44: "39.60", 88: "74.20", 139: "110.10", 161: "124.90", 162: "125.00", 238: "159.20", 345: "200.00",
}  # fmt: skip


@pytest.mark.parametrize(("quantity", "price"), SIGNATURES.items())
def test_electronic_signatures(quantity: int, price: str) -> None:
    assert signatures(quantity, on=ON).price == Decimal(price)


@pytest.mark.parametrize(("days", "price"), [(0, "0"), (5, "1.67"), (30, "9.99"), (31, "9.99")])
def test_overage_by_the_day_is_a_thirtieth_and_a_month_at_most(days: int, price: str) -> None:
    assert overage_days(days, on=ON) == Decimal(price)


def test_overage_by_the_month() -> None:
    assert overage_month(3, on=ON) == Decimal("29.97")


def test_a_day_touched_is_a_day_active_and_only_once() -> None:
    def at(day: int, hour: int) -> datetime:
        return datetime(2026, 11, day, hour, tzinfo=PARIS)

    assert days_active([Span(at(1, 23), at(2, 1)), Span(at(2, 8), at(2, 9)), Span(at(5, 0), at(6, 0))]) == 3


def test_trainings_add_up() -> None:
    assert trainings([Training.ONLINE_5H], on=ON) == 300
    assert trainings([Training.ONLINE_5H, Training.TRAINER_8H], on=ON) == 1250


def test_the_online_training_is_mandatory() -> None:
    with pytest.raises(ValueError, match="mandatory"):
        trainings([Training.TRAINER_4H], on=ON)


def test_vat_is_rounded_to_the_cent() -> None:
    taxed = with_vat(Decimal("189.97"), on=ON)
    assert (taxed.vat, taxed.gross) == (Decimal("37.99"), Decimal("227.96"))


@pytest.mark.parametrize("call", [overage_days, overage_month, subscription])
def test_a_negative_number_is_refused(call: Callable[..., object]) -> None:
    with pytest.raises(ValueError, match="not negative"):
        call(-1, on=ON)
