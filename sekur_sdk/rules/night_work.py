"""Who is a night worker."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from sekur_sdk.rules.civil_time import PARIS, Span, hours, local_date, monday
from sekur_sdk.rules.hour_classes import pieces

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date
    from zoneinfo import ZoneInfo

NIGHT_HOURS = Decimal(3)
NIGHTS_A_WEEK = 2


def is_night_worker(shifts: Iterable[Span], *, zone: ZoneInfo = PARIS) -> bool:
    """Whether these shifts make who works them a night worker: twice a week three hours of night (C. trav. art. L3122-5).

    The article speaks of the usual hours: here that is so in at least half of the weeks with work. Its other case, 270
    hours of night in a year (art. L3122-23), needs a year's shifts and is not judged.
    """
    nights: dict[date, int] = {}
    for shift in shifts:
        night = sum((hours(piece.span.duration) for piece in pieces([shift], zone) if piece.is_night), Decimal(0))
        week = monday(local_date(shift.start, zone))
        nights[week] = nights.get(week, 0) + (night >= NIGHT_HOURS)
    usual = sum(count >= NIGHTS_A_WEEK for count in nights.values())
    return bool(nights) and usual * 2 >= len(nights)
