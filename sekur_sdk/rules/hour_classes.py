"""Into which classes the hours of a shift fall: night, Sunday, public holiday, 1 May.

The classes overlap (a night hour may be a Sunday hour too) and each is counted on its own; the premiums that they carry
are added, never compounded (IDCC 1351, accord of 29 October 2003, art. 1).
"""

from __future__ import annotations

from datetime import date, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import attrs

from sekur_sdk.rules.civil_time import NO_TIME, ONE_DAY, PARIS, Span, days_touched, hours, local_time
from sekur_sdk.rules.public_holidays import METROPOLE, HolidayCalendar, is_may_day

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from zoneinfo import ZoneInfo

NIGHT_ENDS = time(6)
NIGHT_STARTS = time(21)
"""Night is 21:00 to 06:00 (IDCC 1351, avenant of 25 September 2001, art. 1.1)."""

SUNDAY = 6


@attrs.frozen
class Piece:
    """A part of a shift that lies within one local day and is all night or all not."""

    span: Span
    day: date
    is_night: bool


@attrs.frozen(kw_only=True)
class HourClasses:
    """Exact hours by class. `holiday` includes `may_day`; the classes overlap and don't add up to `total`."""

    total: Decimal = Decimal(0)
    night: Decimal = Decimal(0)
    sunday: Decimal = Decimal(0)
    holiday: Decimal = Decimal(0)
    may_day: Decimal = Decimal(0)


def pieces(spans: Iterable[Span], zone: ZoneInfo = PARIS) -> Iterator[Piece]:
    """`spans` cut at midnight, 06:00 and 21:00 of the local clock; together they are the same time, none twice.

    None of these hours is ever skipped or repeated by a change of clocks in France, which is made between 01:00 and 03:00.
    """
    for span in spans:
        for day in days_touched(span, zone):
            edges = [
                local_time(day, time(), zone),
                local_time(day, NIGHT_ENDS, zone),
                local_time(day, NIGHT_STARTS, zone),
                local_time(day + ONE_DAY, time(), zone),
            ]
            for start, end, is_night in zip(edges, edges[1:], (True, False, True), strict=False):
                part = span.clipped(Span(start, end))
                if part is not None:
                    yield Piece(part, day, is_night)


def classify(spans: Iterable[Span], *, calendar: HolidayCalendar = METROPOLE, zone: ZoneInfo = PARIS) -> HourClasses:
    """The hours of `spans`, by class; unpaid breaks are to be left out of `spans` beforehand.

    Sources: night, avenant of 25 September 2001 art. 1.1; Sunday from 0:00 to 24:00, accord of 29 October 2003 art. 1;
    holidays, IDCC 1351 art. 9.05; 1 May, C. trav. art. L3133-6.
    """
    total = night = sunday = holiday = may_day = NO_TIME
    for piece in pieces(spans, zone):
        duration: timedelta = piece.span.duration
        total += duration
        if piece.is_night:
            night += duration
        if piece.day.weekday() == SUNDAY:
            sunday += duration
        if piece.day in calendar or is_may_day(piece.day):
            holiday += duration
        if is_may_day(piece.day):
            may_day += duration
    return HourClasses(
        total=hours(total), night=hours(night), sunday=hours(sunday), holiday=hours(holiday), may_day=hours(may_day)
    )
