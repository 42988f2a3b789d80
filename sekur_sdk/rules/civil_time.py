"""Durations counted in UTC and days, weeks and months counted on the local calendar.

A shift "from 19:00 to 07:00" lasts 13 hours on the night the clocks go back and 11 on the night they go forward: hours
are differences of UTC times, and only their class (which day, night or not) is read on the local clock.
"""

from __future__ import annotations

import calendar
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import attrs

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

PARIS = ZoneInfo("Europe/Paris")
"""The clock of metropolitan France."""

ONE_DAY = timedelta(days=1)
ONE_WEEK = timedelta(days=7)
NO_TIME = timedelta(0)


def as_utc(at: datetime) -> datetime:
    """`at` in UTC.

    Raises:
        ValueError: it is naive, so that nobody can know which moment is meant.
    """
    if at.utcoffset() is None:
        raise ValueError(f"{at.isoformat()} has no UTC offset: give an aware datetime")
    return at.astimezone(UTC)


@attrs.frozen(order=True)
class Span:
    """A stretch of time, its end excluded; both ends are kept in UTC.

    Raises:
        ValueError: a naive time, or an end that is not after the start.
    """

    start: datetime = attrs.field(converter=as_utc)
    end: datetime = attrs.field(converter=as_utc)

    @end.validator
    def _check_end(self, _attribute: attrs.Attribute[datetime], value: datetime) -> None:
        if value <= self.start:
            raise ValueError(f"a span ends after it starts, not from {self.start.isoformat()} to {value.isoformat()}")

    @property
    def duration(self) -> timedelta:
        """The time that really passes."""
        return self.end - self.start

    def clipped(self, bounds: Span) -> Span | None:
        """The part within `bounds`, or None."""
        start, end = max(self.start, bounds.start), min(self.end, bounds.end)
        return Span(start, end) if start < end else None


def hours(duration: timedelta) -> Decimal:
    """A duration as decimal hours."""
    return Decimal(duration // timedelta(microseconds=1)) / 3_600_000_000


def total_duration(spans: Iterable[Span]) -> timedelta:
    """The sum of the durations."""
    return sum((span.duration for span in spans), NO_TIME)


def merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    """The same time in order, spans that touch or overlap made one."""
    result: list[Span] = []
    for span in sorted(spans):
        if result and span.start <= result[-1].end:
            result[-1] = Span(result[-1].start, max(result[-1].end, span.end))
        else:
            result.append(span)
    return tuple(result)


def without(span: Span, holes: Iterable[Span]) -> tuple[Span, ...]:
    """What is left of `span` outside `holes`."""
    left: list[Span] = []
    start = span.start
    for hole in merged(holes):
        if start < hole.start:
            left.extend(_within(start, min(hole.start, span.end)))
        start = max(start, hole.end)
    left.extend(_within(start, span.end))
    return tuple(left)


def _within(start: datetime, end: datetime) -> tuple[Span, ...]:
    return (Span(start, end),) if start < end else ()


def gaps(spans: Iterable[Span]) -> tuple[Span, ...]:
    """The free time between the first of `spans` and the last."""
    ordered = merged(spans)
    return tuple(Span(before.end, after.start) for before, after in pairwise(ordered))


def local_time(day: date, at: time, zone: ZoneInfo) -> datetime:
    """The moment of a local time, in UTC."""
    return datetime.combine(day, at, tzinfo=zone).astimezone(UTC)


def local_date(at: datetime, zone: ZoneInfo) -> date:
    """The local day of a moment."""
    return at.astimezone(zone).date()


def days(first: date, until: date, zone: ZoneInfo) -> Span:
    """The local days from `first` up to `until`, excluded."""
    return Span(local_time(first, time(), zone), local_time(until, time(), zone))


def days_touched(span: Span, zone: ZoneInfo) -> Iterator[date]:
    """Each local day of which `span` has a part, in order."""
    day, last = local_date(span.start, zone), local_date(span.end - timedelta(microseconds=1), zone)
    while day <= last:
        yield day
        day += ONE_DAY


def per_day(spans: Iterable[Span], zone: ZoneInfo) -> dict[date, timedelta]:
    """The time on each local day, from 0:00 to 24:00."""
    sums: dict[date, timedelta] = {}
    for span in spans:
        for day in days_touched(span, zone):
            part = span.clipped(days(day, day + ONE_DAY, zone))
            if part is not None:
                sums[day] = sums.get(day, NO_TIME) + part.duration
    return sums


def monday(day: date) -> date:
    """The first day of the civil week, Monday 0:00 to Sunday 24:00 (C. trav. art. L3121-35)."""
    return day - timedelta(days=day.weekday())


def per_week(spans: Iterable[Span], zone: ZoneInfo) -> dict[date, timedelta]:
    """The time in each civil week, by its Monday; a span over Sunday midnight counts in both weeks."""
    sums: dict[date, timedelta] = {}
    for day, duration in per_day(spans, zone).items():
        sums[monday(day)] = sums.get(monday(day), NO_TIME) + duration
    return dict(sorted(sums.items()))


def add_months(day: date, months: int) -> date:
    """The same day so many months on, or the last of that month where it has no such day."""
    year, month0 = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month0 + 1, min(day.day, calendar.monthrange(year, month0 + 1)[1]))


def month_bounds(day: date) -> tuple[date, date]:
    """The first day of the month of `day`, and the first of the next."""
    first = day.replace(day=1)
    return first, add_months(first, 1)


def sunday_of(week_monday: date) -> date:
    """The last day of a civil week."""
    return week_monday + timedelta(days=6)
