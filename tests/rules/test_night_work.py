"""Who is a night worker (C. trav. art. L3122-5)."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from sekur_sdk.rules.civil_time import Span
from sekur_sdk.rules.night_work import is_night_worker

PARIS = ZoneInfo("Europe/Paris")
MONDAY = datetime(2026, 11, 2, tzinfo=PARIS)


def shifts(*nights_of_weeks: int, start: int = 19, hours: int = 12) -> list[Span]:
    """So many shifts in each week, every other day."""
    return [
        Span(begin, begin + timedelta(hours=hours))
        for week, nights in enumerate(nights_of_weeks)
        for day in range(nights)
        for begin in [MONDAY + timedelta(weeks=week, days=2 * day, hours=start)]
    ]


@pytest.mark.parametrize(
    ("planned", "is_one"),
    [
        ([], False),
        (shifts(2, 2, 2), True),
        (shifts(1, 1, 1), False),
        (shifts(2, 1, 1), False),
        (shifts(2, 1), True),
        (shifts(3, start=7), False),
        (shifts(3, start=16, hours=8), True),
        (shifts(3, start=16, hours=7), False),
        (shifts(3, start=3, hours=8), True),
    ],
)
def test_twice_a_week_three_hours_of_night_in_half_of_the_weeks_make_one(planned: list[Span], is_one: bool) -> None:
    assert is_night_worker(planned) is is_one
