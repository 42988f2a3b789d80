"""French public holidays, with those that a region, the branch or the company adds.

The days are in `data/public_holidays.json`, each with its source.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING

import attrs
import msgspec

from sekur_sdk.rules.dated import read_data

if TYPE_CHECKING:
    from collections.abc import Iterable

MAY_DAY = (5, 1)
"""The month and day of the one holiday that the law itself makes paid and not worked (C. trav. art. L3133-4 to -6)."""


class Region(StrEnum):
    """Where the work is done, as far as holidays differ."""

    METROPOLE = "metropole"
    ALSACE_MOSELLE = "alsace_moselle"
    MARTINIQUE = "martinique"
    GUADELOUPE = "guadeloupe"
    GUYANE = "guyane"
    LA_REUNION = "la_reunion"
    MAYOTTE = "mayotte"


class _Row(msgspec.Struct, forbid_unknown_fields=True):
    name: str
    source: str
    month: int = 0
    day: int = 0
    easter: int | None = None
    first_year: int = 1
    regions: tuple[Region, ...] = ()


def easter_sunday(year: int) -> date:
    """Easter Sunday of the Gregorian calendar.

    Source: the Meeus/Jones/Butcher computus (J. Meeus, Astronomical Algorithms, 1991, ch. 8); right for every year from
    1583 on, without exceptions.
    """
    century, in_century = divmod(year, 100)
    golden = year % 19
    leap_centuries, rest = divmod(century, 4)
    moon = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * golden + century - leap_centuries - moon + 15) % 30
    leaps, odd = divmod(in_century, 4)
    weekday = (32 + 2 * rest + 2 * leaps - epact - odd) % 7
    late = (golden + 11 * epact + 22 * weekday) // 451
    month, day0 = divmod(epact + weekday - 7 * late + 114, 31)
    return date(year, month, day0 + 1)


@cache
def _rows() -> tuple[_Row, ...]:
    return tuple(read_data("public_holidays", list[_Row]))


@cache
def holidays(year: int, region: Region = Region.METROPOLE) -> dict[date, str]:
    """The public holidays of a year with their French names, in order of their date.

    Source: C. trav. art. L3133-1; Alsace and Moselle L3134-13 (Good Friday only where there is a Protestant church or a
    mixed one, which is left to the caller); Martinique's branch days IDCC 1351, accord of 3 January 2001; the overseas
    commemorations L3422-2, from general knowledge.
    """
    days: dict[date, str] = {}
    for row in _rows():
        if year >= row.first_year and (not row.regions or region in row.regions):
            day = (
                easter_sunday(year) + timedelta(days=row.easter)
                if row.easter is not None
                else date(year, row.month, row.day)
            )
            # in some years two fall together, as Ascension and 1 May in 2008: both names stand
            days[day] = f"{days[day]}, {row.name}" if day in days else row.name
    return dict(sorted(days.items()))


_OVERSEAS = {
    "America/Martinique": Region.MARTINIQUE,
    "America/Guadeloupe": Region.GUADELOUPE,
    "America/Cayenne": Region.GUYANE,
    "Indian/Reunion": Region.LA_REUNION,
    "Indian/Mayotte": Region.MAYOTTE,
}
_POSTCODE = re.compile(r"\b(\d{2})\d{3}\b", re.ASCII)
_ALSACE_MOSELLE = ("57", "67", "68")


def region_of(time_zone: str, address: str) -> Region:
    """The region of a place by its IANA time zone, and for Alsace and Moselle by its postcode, the last in the address.

    An address without a postcode is taken to be elsewhere in metropolitan France. Departments 57, 67 and 68: C. trav. art.
    L3134-1.
    """
    if time_zone in _OVERSEAS:
        return _OVERSEAS[time_zone]
    departments = _POSTCODE.findall(address)
    return Region.ALSACE_MOSELLE if departments[-1:] and departments[-1] in _ALSACE_MOSELLE else Region.METROPOLE


def _days(values: Iterable[date]) -> frozenset[date]:
    return frozenset(values)


@attrs.frozen
class HolidayCalendar:
    """The holidays that hold for a work place: those of its region and `extra` days of the company's own."""

    region: Region = Region.METROPOLE
    extra: frozenset[date] = attrs.field(default=frozenset(), converter=_days)

    def __contains__(self, day: date) -> bool:
        return day in self.extra or day in holidays(day.year, self.region)


METROPOLE = HolidayCalendar()
"""The eleven days of the Code du travail."""


def is_may_day(day: date) -> bool:
    """Whether a day is 1 May, worked at double pay whatever else it is (C. trav. art. L3133-6)."""
    return (day.month, day.day) == MAY_DAY
