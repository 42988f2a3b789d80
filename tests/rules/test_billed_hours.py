"""Hours as a client pays them, and parts of billing periods."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sekur_sdk.models.billing import LineKind
from sekur_sdk.models.contracts import BillingPeriod
from sekur_sdk.rules.billed_hours import (
    HOURLY,
    UnpricedHoursError,
    billed_hours,
    billing_period,
    share_of_period,
    units,
)
from sekur_sdk.rules.civil_time import PARIS, Span

STARTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001  # the strategy adds the zone
SPANS = st.lists(
    st.builds(lambda at, minutes: Span(at, at + timedelta(minutes=minutes)), STARTS, st.integers(1, 1500)), max_size=4
)


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=PARIS)


@given(spans=SPANS, others=st.sets(st.sampled_from(HOURLY[:3])))
def test_each_hour_is_billed_once_whatever_is_priced(spans: list[Span], others: set[LineKind]) -> None:
    billed = billed_hours(spans, {LineKind.DAY, *others})
    total = Decimal(sum((span.duration for span in spans), timedelta()) // timedelta(microseconds=1)) / 3_600_000_000
    assert abs(sum(billed.values(), Decimal(0)) - total) <= Decimal("0.0001") * len(billed)
    assert billed.keys() <= {LineKind.DAY, *others}


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("2026-11-10T19:00", "2026-11-11T07:00", {"holiday": "7", "night": "3", "day": "2"}),
        ("2026-12-24T22:00", "2026-12-25T06:00", {"holiday": "6", "night": "2"}),
        ("2026-04-30T21:00", "2026-05-01T09:00", {"holiday": "9", "night": "3"}),
        ("2026-11-01T07:00", "2026-11-01T19:00", {"holiday": "12"}),
        ("2026-11-08T00:00", "2026-11-09T00:00", {"sunday": "24"}),
        ("2026-10-24T19:00", "2026-10-25T07:00", {"sunday": "8", "night": "3", "day": "2"}),
        ("2026-03-28T19:00", "2026-03-29T07:00", {"sunday": "6", "night": "3", "day": "2"}),
    ],
)
def test_an_hour_of_several_kinds_is_billed_as_the_first(start: str, end: str, expected: dict[str, str]) -> None:
    billed = billed_hours([Span(local(start), local(end))], HOURLY)
    assert billed == {LineKind(kind): Decimal(hours) for kind, hours in expected.items()}
    assert list(billed) == [kind for kind in HOURLY if kind in billed]


def test_hours_without_any_price_are_told() -> None:
    night = Span(local("2026-11-10T20:00"), local("2026-11-10T22:00"))
    with pytest.raises(UnpricedHoursError, match="no price for day hours"):
        billed_hours([night], {LineKind.NIGHT})


@pytest.mark.parametrize(
    ("day", "length", "first", "last"),
    [
        ("2026-02-14", BillingPeriod.MONTH, "2026-02-01", "2026-02-28"),
        ("2028-02-29", BillingPeriod.MONTH, "2028-02-01", "2028-02-29"),
        ("2026-12-31", BillingPeriod.MONTH, "2026-12-01", "2026-12-31"),
        ("2026-05-31", BillingPeriod.QUARTER, "2026-04-01", "2026-06-30"),
        ("2026-12-01", BillingPeriod.QUARTER, "2026-10-01", "2026-12-31"),
    ],
)
def test_billing_periods_are_those_of_the_calendar(day: str, length: BillingPeriod, first: str, last: str) -> None:
    bounds = billing_period(date.fromisoformat(day), length)
    assert bounds == (date.fromisoformat(first), date.fromisoformat(last))
    assert share_of_period(*bounds, length) == 1


def test_a_part_of_a_period_has_its_share_of_the_units() -> None:
    share = share_of_period(date(2026, 11, 1), date(2026, 11, 10), BillingPeriod.MONTH)
    assert units(Decimal(2), share) == Decimal("0.6667")
    assert units(Decimal(2), Decimal(1)) == 2
