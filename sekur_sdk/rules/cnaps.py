"""Numbers that the CNAPS gives to companies and agents, and the validity of professional cards.

A well-formed number proves nothing: only the CNAPS's own teleservice tells whether it is held.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from enum import StrEnum

import attrs

from sekur_sdk.rules.civil_time import add_months
from sekur_sdk.rules.dated import decimal_tables, in_force

_NUMBER = re.compile(
    r"(?P<kind>AUT|AGD|CAR)-(?P<department>\d{3}|02[AB])-(?P<date>\d{4}-\d{2}-\d{2})-(?P<serial>[0-9A-Za-z]+)", re.ASCII
)
_SERIAL = re.compile(r"\d{11}", re.ASCII)


class NumberKind(StrEnum):
    """AUT: authorisation to exercise; AGD: approval of a manager (agrément dirigeant); CAR: professional card."""

    AUTHORISATION = "AUT"
    MANAGER_APPROVAL = "AGD"
    CARD = "CAR"


class CardState(StrEnum):
    """How near a card's end is. Each state is the warning last due."""

    VALID = "valid"
    FIRST_WARNING = "first_warning"
    SECOND_WARNING = "second_warning"
    LAST_WARNING = "last_warning"
    EXPIRED = "expired"


@attrs.frozen(kw_only=True)
class CnapsNumber:
    """A number in its parts. `valid_until` is the date it spells: a card's expiry, some 99 years ahead in an authorisation.

    `serial_is_regular` is whether its last group is the 11 digits of all numbers seen.
    """

    kind: NumberKind
    department: str
    valid_until: date
    serial: str
    serial_is_regular: bool


def parse_number(text: str) -> CnapsNumber:
    """The parts of an authorisation's, approval's or card's number.

    The serial of a card is known from samples alone, so an irregular one is told and not refused; an authorisation's is
    refused. Source: numbers on public company documents (secondary), CSI art. L612-9, L612-20.

    Raises:
        ValueError: not of the form KIND-DDD-YYYY-MM-DD-NNNNNNNNNNN, or not a date. The message never repeats the number.
    """
    match = _NUMBER.fullmatch(text)
    if match is None:
        raise ValueError("Expected a CNAPS number like CAR-075-2029-01-31-20240123456")
    try:
        valid_until = date.fromisoformat(match["date"])
    except ValueError:
        raise ValueError("Expected a CNAPS number with a date of the calendar in its middle") from None
    kind, regular = NumberKind(match["kind"]), _SERIAL.fullmatch(match["serial"]) is not None
    if kind is not NumberKind.CARD and not regular:
        raise ValueError("Expected a CNAPS number that ends with 11 digits")
    return CnapsNumber(
        kind=kind,
        department=match["department"],
        valid_until=valid_until,
        serial=match["serial"],
        serial_is_regular=regular,
    )


def is_well_formed(text: str) -> bool:
    """Whether a number has exactly the form of those seen; of a card, an irregular one calls for a warning alone."""
    try:
        return parse_number(text).serial_is_regular
    except ValueError:
        return False


def card_is_valid(expires_on: date, on: date) -> bool:
    """Whether a card may be worked with on a day; the day it expires is its last. Source: CSI art. L612-20."""
    return on <= expires_on


def card_state(expires_on: date, today: date) -> CardState:
    """Which warning is due: at 180, 90 and 30 days before expiry; a card is expired from the day after."""
    left = (expires_on - today).days
    if left < 0:
        return CardState.EXPIRED
    for state, name in (
        (CardState.LAST_WARNING, "card_last_warning_days"),
        (CardState.SECOND_WARNING, "card_second_warning_days"),
        (CardState.FIRST_WARNING, "card_first_warning_days"),
    ):
        if left <= _value(name, today):
            return state
    return CardState.VALID


def warning_days(expires_on: date) -> tuple[date, ...]:
    """The days on which the warnings fall due, in order."""
    names = ("card_first_warning_days", "card_second_warning_days", "card_last_warning_days")
    return tuple(expires_on - timedelta(days=_value(name, expires_on)) for name in names)


def card_expiry(issued_on: date) -> date:
    """Until when a card given on a day is valid: 5 years. Source: secondary; the number's own date stands over it."""
    return add_months(issued_on, 12 * _value("card_years", issued_on))


def renew_by(expires_on: date) -> date:
    """The last day to ask for a card's renewal: 3 months before. Source: secondary."""
    return add_months(expires_on, -_value("card_renewal_months", expires_on))


def _value(name: str, on: date) -> int:
    return int(in_force(decimal_tables("cnaps")[name], on).value)
