"""What a caller passes, checked and written as the wire wants it; an error names the parameter.

Values are taken as `object`: who calls without a type checker gets the same clear error.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from msgspec import UNSET, UnsetType

from sekur_sdk.client.errors import ArgumentError
from sekur_sdk.models.scalars import format_decimal
from sekur_sdk.wire import encode

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sekur_sdk.models.scalars import OpenEnum

Json = str | int | float | bool | list["Json"] | dict[str, "Json"] | None
Query = tuple[tuple[str, str], ...]

_ID = re.compile(r"[A-Za-z0-9_-]{1,100}", re.ASCII)
_MEDIA_TYPE = re.compile(r"[A-Za-z0-9!#$&^_.+-]{1,60}/[A-Za-z0-9!#$&^_.+-]{1,60}(; ?charset=[A-Za-z0-9_-]+)?", re.ASCII)


def identifier(parameter: str, value: object) -> str:
    """An id, fit for a path or a query."""
    if not isinstance(value, str) or _ID.fullmatch(value) is None:
        raise ArgumentError(parameter, "not an id: give 1 to 100 letters, digits, '_' and '-', as in 'shf_7Qx'")
    return value


def timestamp(parameter: str, value: object) -> str:
    """A moment, as UTC RFC 3339."""
    if not isinstance(value, datetime):
        raise ArgumentError(parameter, f"give a datetime with a time zone, not {type(value).__name__}")
    if value.utcoffset() is None:
        raise ArgumentError(
            parameter, "a naive datetime: give it a time zone, as in datetime(..., tzinfo=ZoneInfo('Europe/Paris'))"
        )
    try:
        moment = value.astimezone(UTC)
    except OverflowError as error:
        raise ArgumentError(parameter, "out of range in UTC") from error
    return moment.isoformat().removesuffix("+00:00") + "Z"


def day(parameter: str, value: object) -> str:
    """A calendar day, as YYYY-MM-DD."""
    if not isinstance(value, date) or isinstance(value, datetime):
        raise ArgumentError(parameter, f"give a date, not {type(value).__name__}")
    return value.isoformat()


def decimal(parameter: str, value: object, *, places: int) -> str:
    """An exact number with at most `places` decimals."""
    if isinstance(value, bool) or not isinstance(value, Decimal | int):
        raise ArgumentError(
            parameter, f"give a Decimal, as in Decimal('24.50'), not {type(value).__name__}: money is exact"
        )
    try:
        return format_decimal(Decimal(value), places=places)
    except ValueError as error:
        raise ArgumentError(parameter, str(error)) from error


def whole(parameter: str, value: object, *, low: int = 0, high: int | None = None) -> int:
    """A whole number within its bounds."""
    if isinstance(value, bool) or not isinstance(value, int) or value < low or (high is not None and value > high):
        bounds = f"{low} or more" if high is None else f"{low} to {high}"
        raise ArgumentError(parameter, f"give a whole number, {bounds}")
    return value


def choice(parameter: str, value: object, known: type[OpenEnum]) -> str:
    """A value that this release knows: openness is for what is read, a typo shall not travel."""
    if not isinstance(value, str) or value not in known._value2member_map_:
        names = ", ".join(str(member.value) for member in known)
        raise ArgumentError(parameter, f"not one of {names}")
    return str(value)


def words(parameter: str, value: object) -> str:
    """A text that is not empty."""
    if not isinstance(value, str) or not value.strip():
        raise ArgumentError(parameter, "give a text that is not empty")
    return value


def media_type(parameter: str, value: object) -> str:
    """A media type, as in image/jpeg."""
    if not isinstance(value, str) or _MEDIA_TYPE.fullmatch(value) is None:
        raise ArgumentError(parameter, "not a media type, as in image/jpeg")
    return value


def body(**values: Json | UnsetType) -> bytes:
    """A JSON body of what was given; UNSET is left out, None is null."""
    return encode({name: value for name, value in values.items() if value is not UNSET})


def query(*pairs: tuple[str, str | None]) -> Query:
    """The pairs that have a value."""
    return tuple((name, value) for name, value in pairs if value is not None)


def given_id(parameter: str, value: str | None) -> tuple[str, str | None]:
    """A filter by id."""
    return parameter, None if value is None else identifier(parameter, value)


def given_choice(parameter: str, value: str | None, known: type[OpenEnum]) -> tuple[str, str | None]:
    """A filter by a value of an enum."""
    return parameter, None if value is None else choice(parameter, value, known)


def given_timestamp(parameter: str, value: datetime | None) -> tuple[str, str | None]:
    """A filter by a moment."""
    return parameter, None if value is None else timestamp(parameter, value)


def choices(parameter: str, values: Iterable[str], known: type[OpenEnum]) -> str | None:
    """Several values of an enum, joined by commas; None for none."""
    if isinstance(values, str):
        raise ArgumentError(parameter, "give a list, not one string")
    return ",".join(choice(parameter, value, known) for value in values) or None
