"""The cheapest packs."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sekur_sdk.rules import subscription
from sekur_sdk.rules.packs import Pack, PackStrategy, cheapest
from sekur_sdk.rules.subscription import employee_files, licences, signatures

DATA = Path(subscription.__file__).with_name("data") / "price_list.json"
ON = date(2026, 11, 1)


def catalogue(*rows: tuple[int, str]) -> tuple[Pack, ...]:
    return tuple(Pack(size, Decimal(price)) for size, price in rows)


LICENCES = catalogue(*json.loads(DATA.read_text())[0]["licences"])
ODD = catalogue((1, "1.00"), (3, "2.50"), (7, "5.00"), (11, "7.80"))


def brute_force(packs: tuple[Pack, ...], quantity: int) -> Decimal:
    most = [range(-(-quantity // pack.size) + 1) for pack in packs]
    return min(
        sum((pack.price * count for pack, count in zip(packs, counts, strict=True)), Decimal(0))
        for counts in product(*most)
        if sum(pack.size * count for pack, count in zip(packs, counts, strict=True)) >= quantity
    )


@pytest.mark.parametrize("quantity", range(26))
def test_it_is_what_trying_everything_finds(quantity: int) -> None:
    assert cheapest(ODD, quantity).price == brute_force(ODD, quantity)


@pytest.mark.parametrize("quantity", range(19))
def test_it_is_what_trying_everything_finds_for_licences(quantity: int) -> None:
    small = tuple(pack for pack in LICENCES if pack.size <= 20)
    assert licences(quantity, on=ON).price == brute_force(small, quantity)


@given(st.integers(0, 3000))
def test_one_more_never_costs_less(quantity: int) -> None:
    for sell in (licences, employee_files, signatures):
        assert sell(quantity, on=ON).price <= sell(quantity + 1, on=ON).price


@given(st.integers(0, 3000), st.integers(0, 3000))
def test_buying_together_never_costs_more_than_apart(one: int, other: int) -> None:
    together = licences(one + other, on=ON).price
    assert together <= licences(one, on=ON).price + licences(other, on=ON).price
    assert together <= (one + other) * Decimal("9.99")


@given(st.integers(0, 5000))
def test_the_packs_hold_enough_and_cost_what_is_said(quantity: int) -> None:
    prices = {pack.size: pack.price for pack in LICENCES}
    for strategy in PackStrategy:
        if strategy is PackStrategy.COMBINE or quantity <= 1000:
            bought = licences(quantity, on=ON, strategy=strategy)
            assert bought.quantity >= quantity
            assert bought.price == sum((prices[size] * count for size, count in bought.packs.items()), Decimal(0))


@given(st.integers(0, 1500))
def test_freer_strategies_never_cost_more(quantity: int) -> None:
    combined, with_units, single = (licences(quantity, on=ON, strategy=strategy).price for strategy in PackStrategy)
    assert combined <= with_units <= single


@given(st.integers(78, 900))
def test_a_large_quantity_is_as_exact_as_a_small_one(quantity: int) -> None:
    # 78 is beyond where whole best packs are set aside for this catalogue
    cents = [0] * (quantity + 1)
    for wanted in range(1, quantity + 1):
        cents[wanted] = min(cents[max(wanted - pack.size, 0)] + pack.cents for pack in ODD)
    assert cheapest(ODD, quantity).price == Decimal(cents[quantity]) / 100


def test_a_million_licences_are_priced_at_once() -> None:
    assert licences(1_000_000, on=ON).price == 5000 * Decimal("399.99")


@pytest.mark.parametrize(("pack", "first"), [(5, 5), (10, 9), (15, 13), (20, 17), (30, 25), (50, 36), (100, 66)])
def test_the_first_number_for_which_a_pack_alone_is_best(pack: int, first: int) -> None:
    assert licences(first, on=ON).packs == {pack: 1}
    assert licences(first - 1, on=ON).packs != {pack: 1}


@pytest.mark.parametrize(("pack", "first"), [(200, 116), (300, 251)])
def test_the_first_number_for_which_a_large_pack_alone_is_best(pack: int, first: int) -> None:
    assert licences(first, on=ON).packs == {pack: 1}
    assert licences(first - 1, on=ON).packs != {pack: 1}


def test_packs_of_500_and_1000_are_never_bought() -> None:
    for quantity in (301, 499, 500, 501, 999, 1000, 1001, 2000):
        assert not {500, 1000} & licences(quantity, on=ON).packs.keys()


def test_a_single_pack_covers_everything_or_units_do() -> None:
    single = {n: licences(n, on=ON, strategy=PackStrategy.SINGLE_PACK) for n in (4, 9, 12, 62, 500, 1000)}
    assert {n: bought.packs for n, bought in single.items()} == {
        4: {1: 4},
        9: {10: 1},
        12: {15: 1},
        62: {100: 1},
        500: {500: 1},
        1000: {1000: 1},
    }


def test_one_pack_may_be_filled_up_with_units() -> None:
    bought = licences(12, on=ON, strategy=PackStrategy.PACK_AND_UNITS)
    assert (bought.price, bought.packs) == (Decimal("99.97"), {10: 1, 1: 2})


def test_beyond_the_largest_pack_single_means_units() -> None:
    bought = licences(1001, on=ON, strategy=PackStrategy.SINGLE_PACK)
    assert bought.packs == {1: 1001}


@pytest.mark.parametrize("strategy", PackStrategy)
def test_nothing_costs_nothing(strategy: PackStrategy) -> None:
    bought = licences(0, on=ON, strategy=strategy)
    assert (bought.price, bought.packs) == (Decimal(0), {})


def test_a_negative_quantity_is_refused() -> None:
    with pytest.raises(ValueError, match="not negative"):
        licences(-1, on=ON)


def test_a_price_with_a_fraction_of_a_cent_is_refused() -> None:
    with pytest.raises(ValueError, match="whole cents"):
        cheapest(catalogue((1, "0.333")), 3)


def test_a_catalogue_without_units_is_refused() -> None:
    with pytest.raises(ValueError, match="no pack of 1"):
        cheapest(catalogue((5, "1.00")), 3)


def test_of_equal_prices_the_one_that_holds_more_is_bought() -> None:
    assert licences(340, on=ON).packs == {200: 2}  # 300 and 50 cost the same
