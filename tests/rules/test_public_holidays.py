"""French public holidays."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sekur_sdk.rules.public_holidays import METROPOLE, HolidayCalendar, Region, easter_sunday, holidays, region_of

# the earliest and latest possible ones, and those that simple rules miss (1954, 1981, 2019, 2049)
EASTERS = [
    "1818-03-22", "1943-04-25", "1954-04-18", "1981-04-19", "2000-04-23", "2019-04-21", "2024-03-31", "2025-04-20",
    "2026-04-05", "2027-03-28", "2038-04-25", "2049-04-18", "2285-03-22",
]  # fmt: skip


@pytest.mark.parametrize("day", EASTERS)
def test_easter(day: str) -> None:
    assert easter_sunday(int(day[:4])) == date.fromisoformat(day)


@given(st.integers(1583, 9998))
def test_easter_is_a_sunday_between_22_march_and_25_april(year: int) -> None:
    easter = easter_sunday(year)
    assert easter.weekday() == 6
    assert date(year, 3, 22) <= easter <= date(year, 4, 25)


@given(st.integers(1982, 2200))
def test_there_are_eleven_or_two_on_one_day(year: int) -> None:
    names = ", ".join(holidays(year).values()).split(", ")
    assert len(names) == 11


def test_ascension_on_1_may_bears_both_names() -> None:
    assert holidays(2008)[date(2008, 5, 1)] == "Fête du Travail, Ascension"


def test_martinique_has_the_branchs_days_and_its_own() -> None:
    extra = holidays(2026, Region.MARTINIQUE).keys() - holidays(2026).keys()
    assert sorted(extra) == [date(2026, 2, 17), date(2026, 4, 3), date(2026, 5, 22), date(2026, 11, 2)]


def test_a_company_adds_its_own_days() -> None:
    calendar = HolidayCalendar(extra=[date(2026, 12, 24)])
    assert date(2026, 12, 24) in calendar
    assert date(2026, 12, 25) in calendar
    assert date(2026, 12, 24) not in METROPOLE


@pytest.mark.parametrize(
    ("time_zone", "address", "region"),
    [
        ("Europe/Paris", "12 place Kléber, 67000 Strasbourg", Region.ALSACE_MOSELLE),
        ("Europe/Paris", "1 rue Serpenoise, 57050 Metz CEDEX 01", Region.ALSACE_MOSELLE),
        ("Europe/Paris", "BP 67000, 3 rue Stanislas, 54000 Nancy", Region.METROPOLE),
        ("Europe/Paris", "Tour Exemple", Region.METROPOLE),
        ("America/Martinique", "97200 Fort-de-France", Region.MARTINIQUE),
        ("America/Guadeloupe", "97100 Basse-Terre", Region.GUADELOUPE),
        ("America/Cayenne", "97300 Cayenne", Region.GUYANE),
        ("Indian/Reunion", "97400 Saint-Denis", Region.LA_REUNION),
        ("Indian/Mayotte", "97600 Mamoudzou", Region.MAYOTTE),
    ],
)
def test_the_holidays_of_a_place_follow_from_its_clock_and_its_postcode(
    time_zone: str, address: str, region: Region
) -> None:
    assert region_of(time_zone, address) is region
