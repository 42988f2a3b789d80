"""The availability promised and the penalty when it is missed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sekur_sdk.rules.availability import (
    FeeYear,
    Outage,
    OutageKind,
    PenaltyReading,
    allowance_minutes,
    assess,
    counted_minutes,
    minute_rate,
    penalty_cap,
)

ON = date(2026, 1, 15)
FEE = Decimal("2159.76")


def outages(*minutes: str) -> list[Outage]:
    return [Outage(Decimal(one)) for one in minutes]


SLA = [
    (["60", "180"], False, "0", "0", "0"),
    (["1576.8"], False, "0", "0", "0"),
    (["1577"], True, "0.00", "12.96", "12.96"),
    (["1500", "180"], True, "0.85", "1.48", "13.81"),
    (["3000"], True, "11.69", "24.65", "24.65"),
    (["26280"], True, "203.02", "215.98", "215.98"),
    (["30000"], True, "215.98", "215.98", "215.98"),
]


@pytest.mark.parametrize(("minutes", "breached", "excess", "crossing", "every"), SLA)
def test_the_penalty_in_its_three_readings(
    minutes: list[str], breached: bool, excess: str, crossing: str, every: str
) -> None:
    due = {PenaltyReading.EXCESS: excess, PenaltyReading.CROSSING: crossing, PenaltyReading.ALL: every}
    for reading, penalty in due.items():
        assessment = assess(FEE, outages(*minutes), on=ON, reading=reading)
        assert (assessment.breached, assessment.penalty) == (breached, Decimal(penalty))


def test_crossing_is_the_default() -> None:
    assert assess(FEE, outages("1500", "180"), on=ON).penalty == Decimal("1.48")


def test_the_outage_that_crosses_and_those_after_it_count_whole() -> None:
    assert assess(FEE, outages("1000", "1000", "5"), on=ON).minutes == 1005


def test_the_order_of_outages_decides_what_crosses() -> None:
    assert assess(FEE, outages("180", "1500"), on=ON).minutes == 1500


minutes = st.decimals(0, 20_000, places=1)


@given(st.lists(minutes, max_size=8))
def test_excess_is_never_above_crossing_nor_crossing_above_all(many: list[Decimal]) -> None:
    excess, crossing, every = (
        assess(FEE, [Outage(one) for one in many], on=ON, reading=reading)
        for reading in (PenaltyReading.EXCESS, PenaltyReading.CROSSING, PenaltyReading.ALL)
    )
    assert excess.penalty <= crossing.penalty <= every.penalty <= every.cap
    assert excess.breached == (sum(many) > allowance_minutes(ON))


@given(st.decimals(1, 100_000, places=2))
def test_the_cap_is_reached_after_438_hours_whatever_the_fee(fee: Decimal) -> None:
    at_cap = assess(fee, outages("26280"), on=ON, reading=PenaltyReading.ALL)
    assert at_cap.cap_reached
    assert at_cap.penalty == at_cap.cap == penalty_cap(fee, on=ON)


def test_earlier_penalties_use_up_the_cap() -> None:
    assessment = assess(FEE, outages("3000"), on=ON, already_paid=Decimal("210.00"))
    assert (assessment.penalty, assessment.cap_reached) == (Decimal("5.98"), True)


def test_the_internets_faults_dont_count() -> None:
    down = [Outage(Decimal(5000), OutageKind.INTERNET), Outage(Decimal(100))]
    assert assess(FEE, down, on=ON).downtime == 100


def test_planned_maintenance_counts_beyond_24_hours_a_year_or_without_ten_days_notice() -> None:
    def maintenance(minutes: int, notice: int) -> Outage:
        return Outage(Decimal(minutes), OutageKind.PLANNED_MAINTENANCE, Decimal(notice))

    down = [maintenance(1000, 10), maintenance(300, 9), maintenance(600, 30), maintenance(60, 15)]
    assert counted_minutes(down, on=ON) == (0, 300, 160, 60)


def test_a_year_of_30_day_months_gives_a_higher_rate() -> None:
    assert minute_rate(FEE, on=ON, fee_year=FeeYear.MONTHS_OF_30_DAYS) > minute_rate(FEE, on=ON)


def test_who_prepays_has_a_lower_fee_and_penalty() -> None:
    assert assess(Decimal("1979.78"), outages("3000"), on=ON).penalty == Decimal("22.60")


def test_a_negative_duration_or_fee_is_refused() -> None:
    with pytest.raises(ValueError, match="minutes"):
        Outage(Decimal(-1))
    with pytest.raises(ValueError, match="not negative"):
        assess(Decimal(-1), [], on=ON)
