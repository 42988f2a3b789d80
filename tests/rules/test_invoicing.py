"""Amounts, VAT and legal mentions."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sekur_sdk.models.billing import Line, LineKind
from sekur_sdk.rules.invoicing import (
    AmountTooLargeError,
    due_date,
    late_penalty,
    late_rate,
    legal_notes,
    make_line,
    recovery_fee,
    rounded,
    standard_vat_rate,
    total,
)


def line(quantity: str, unit_price: str, vat_rate: str = "0.2") -> Line:
    return make_line(
        kind=LineKind.DAY,
        description="Heures",
        quantity=Decimal(quantity),
        unit_price=Decimal(unit_price),
        vat_rate=Decimal(vat_rate),
    )


@pytest.mark.parametrize(
    ("amount", "cents"),
    [("0.005", "0.01"), ("-0.005", "-0.01"), ("0.00499", "0.00"), ("2.675", "2.68"), ("1.005", "1.01")],
)
def test_halves_of_a_cent_go_away_from_zero(amount: str, cents: str) -> None:
    assert rounded(Decimal(amount)) == Decimal(cents)


@pytest.mark.parametrize(
    ("net", "vat", "gross"),
    [
        ("179.98", "36.00", "215.98"),
        ("69.99", "14.00", "83.99"),
        ("144.98", "29.00", "173.98"),
        ("50.00", "10.00", "60.00"),
    ],
)
def test_vat_at_20_percent(net: str, vat: str, gross: str) -> None:
    totals = total([line("1", net)])
    assert (totals.net, totals.vat, totals.gross) == (Decimal(net), Decimal(vat), Decimal(gross))


def test_vat_is_computed_on_the_summed_base_not_line_by_line() -> None:
    totals = total([line("1", "0.03") for _ in range(5)])
    assert totals.vat == Decimal("0.03")  # line by line it would be five times 0.01


def test_each_rate_has_its_own_line() -> None:
    totals = total([line("1", "100"), line("1", "100", "0.055"), line("2", "50", "0.20")])
    assert [(vat.rate, vat.base, vat.vat) for vat in totals.vat_lines] == [
        (Decimal("0.2"), Decimal(200), Decimal(40)),
        (Decimal("0.055"), Decimal(100), Decimal("5.50")),
    ]


amounts = st.decimals("0.01", "9999", places=4)


@given(st.lists(st.tuples(amounts, amounts, st.sampled_from(["0", "0.055", "0.1", "0.2"])), max_size=20))
def test_totals_always_add_up(parts: list[tuple[Decimal, Decimal, str]]) -> None:
    lines = [line(str(quantity), str(price), rate) for quantity, price, rate in parts]
    totals = total(lines)
    assert totals.net == sum((one.amount for one in lines), Decimal(0))
    assert totals.net + totals.vat == totals.gross
    assert totals.net == sum((vat.base for vat in totals.vat_lines), Decimal(0))


def test_an_amount_that_the_wire_cant_carry_is_refused() -> None:
    with pytest.raises(AmountTooLargeError):
        line("99999999", "99999999")


def test_a_late_payment_costs_three_times_the_legal_rate_and_the_flat_fee() -> None:
    penalty = late_penalty(Decimal(3000), due_on=date(2026, 1, 31), paid_on=date(2026, 3, 2))
    assert (penalty, recovery_fee(date(2026, 1, 31))) == (Decimal("19.38"), Decimal(40))
    assert late_rate(date(2025, 3, 1)) == Decimal("0.1113")


def test_a_payment_in_time_costs_nothing() -> None:
    assert late_penalty(Decimal(3000), due_on=date(2026, 1, 31), paid_on=date(2026, 1, 31)) == 0


def test_an_invoice_is_due_after_30_days_unless_agreed() -> None:
    assert due_date(date(2026, 11, 30)) == date(2026, 12, 30)


def test_the_mentions_are_those_of_the_law() -> None:
    notes = legal_notes(issued_on=date(2026, 11, 30), authorisation_number="AUT-075-2124-07-01-20250900001")
    assert len(notes) == 5
    for note, words in zip(
        notes,
        ("40,00 €", "7,86 %", "escompte", "prestation de services", "AUT-075-2124-07-01-20250900001"),
        strict=True,
    ):
        assert words in note
    assert "ne confère aucune prérogative de puissance publique" in notes[4]


def test_a_day_before_the_tables_is_an_error_not_a_guess() -> None:
    with pytest.raises(LookupError):
        late_rate(date(2000, 1, 1))


def test_the_standard_rate_is_20_percent() -> None:
    assert standard_vat_rate(date(2026, 11, 30)) == Decimal("0.2")
