"""Durations in UTC, classes on the local clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sekur_sdk.rules.civil_time import (
    PARIS,
    Span,
    days_touched,
    gaps,
    hours,
    merged,
    monday,
    per_day,
    per_week,
    total_duration,
    without,
)

START = datetime(2026, 1, 1, tzinfo=UTC)
minutes = st.integers(0, 60 * 24 * 400)


@st.composite
def spans(draw: st.DrawFn) -> Span:
    start = START + timedelta(minutes=draw(minutes))
    return Span(start, start + timedelta(minutes=draw(st.integers(1, 60 * 72))))


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=PARIS)


@pytest.mark.parametrize(
    ("start", "end", "lasts"),
    [
        ("2026-10-24T19:00", "2026-10-25T07:00", 13),
        ("2026-03-28T19:00", "2026-03-29T07:00", 11),
        ("2026-11-07T19:00", "2026-11-08T07:00", 12),
    ],
)
def test_a_night_lasts_the_time_that_passes(start: str, end: str, lasts: int) -> None:
    assert hours(Span(local(start), local(end)).duration) == lasts


def test_a_naive_time_is_refused() -> None:
    with pytest.raises(ValueError, match="UTC offset"):
        Span(datetime(2026, 1, 1), datetime(2026, 1, 2, tzinfo=UTC))  # noqa: DTZ001  # what is refused


@pytest.mark.parametrize("later", [0, -1])
def test_a_span_that_doesnt_end_after_it_starts_is_refused(later: int) -> None:
    with pytest.raises(ValueError, match="ends after it starts"):
        Span(START, START + timedelta(minutes=later))


def test_the_same_moment_of_another_zone_is_the_same_span() -> None:
    east = timezone(timedelta(hours=5, minutes=30))
    assert Span(START, START + timedelta(hours=1)) == Span(
        START.astimezone(east), (START + timedelta(hours=1)).astimezone(east)
    )


def test_minutes_are_exact_thirds_of_hours_as_far_as_decimals_go() -> None:
    assert hours(timedelta(hours=5, minutes=59)) == Decimal(359) / 60


@given(st.lists(spans(), max_size=8))
def test_merging_keeps_the_time_and_leaves_gaps_between(many: list[Span]) -> None:
    one = merged(many)
    assert all(before.end < after.start for before, after in pairwise(one))
    assert all(any(span.clipped(part) == span for part in one) for span in many)
    assert total_duration(one) <= total_duration(many)
    assert merged([*one, *gaps(one)]) == (() if not one else (Span(one[0].start, one[-1].end),))


@given(spans(), st.lists(spans(), max_size=5))
def test_what_is_left_and_what_was_cut_make_the_whole(span: Span, holes: list[Span]) -> None:
    left = without(span, holes)
    cut = [part for hole in merged(holes) if (part := hole.clipped(span)) is not None]
    assert total_duration(left) + total_duration(cut) == span.duration
    assert all(part.clipped(hole) is None for part in left for hole in holes)


@given(st.lists(spans(), max_size=5))
def test_days_and_weeks_share_out_all_the_time(many: list[Span]) -> None:
    whole = total_duration(many)
    assert sum(per_day(many, PARIS).values(), timedelta()) == whole
    assert sum(per_week(many, PARIS).values(), timedelta()) == whole


def test_a_shift_over_sunday_midnight_counts_in_both_weeks() -> None:
    weeks = per_week([Span(local("2026-11-08T19:00"), local("2026-11-09T07:00"))], PARIS)
    assert {week: hours(part) for week, part in weeks.items()} == {date(2026, 11, 2): 5, date(2026, 11, 9): 7}


def test_a_span_to_midnight_doesnt_touch_the_next_day() -> None:
    assert [*days_touched(Span(local("2026-11-08T19:00"), local("2026-11-09T00:00")), PARIS)] == [date(2026, 11, 8)]


def test_a_week_starts_on_monday() -> None:
    assert monday(date(2026, 11, 1)) == date(2026, 10, 26)
