"""What a caller passes, checked and written as the wire wants it; an error names the parameter.

Values are taken as `object`: who calls without a type checker gets the same clear error.
"""

from __future__ import annotations

import re
import types
import typing
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal

import attrs
from msgspec import UNSET

from sekur_sdk.client.errors import ArgumentError
from sekur_sdk.models.scalars import OpenEnum, format_decimal
from sekur_sdk.wire import encode

if typing.TYPE_CHECKING:
    from collections.abc import Iterable

Json = str | int | float | bool | list["Json"] | dict[str, "Json"] | None
Query = tuple[tuple[str, str], ...]

_PLACES = 4
"""The decimals that rates and unit prices have; the type of sums of money has its own, which are two."""

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


def body(**values: Json) -> bytes:
    """A JSON body."""
    return encode(values)


def choices(parameter: str, values: Iterable[str], known: type[OpenEnum]) -> str | None:
    """Several values of an enum, joined by commas; None for none."""
    if isinstance(values, str):
        raise ArgumentError(parameter, "give a list, not one string")
    return ",".join(choice(parameter, value, known) for value in values) or None


def write(parameter: str, value: object, wanted: object) -> Json:
    """`value` as JSON, by the type that is wanted; of a union the first part says how, the others are what it may be given as."""
    while typing.get_origin(wanted) in (types.UnionType, typing.Union):
        wanted = typing.get_args(wanted)[0]
    origin, parts = typing.get_origin(wanted), typing.get_args(wanted)
    if origin is typing.Literal:
        if value not in parts:
            raise ArgumentError(parameter, f"not one of {', '.join(map(str, parts))}")
        return str(value)
    if origin in (Sequence, tuple):
        if isinstance(value, str) or not isinstance(value, Sequence):
            raise ArgumentError(parameter, "give a list")
        return [write(f"{parameter}[{index}]", item, parts[0]) for index, item in enumerate(value)]
    if origin is Mapping:
        if not isinstance(value, Mapping):
            raise ArgumentError(parameter, "give a mapping")
        may_be_none = type(None) in typing.get_args(parts[1])
        return {
            words(parameter, name): None
            if item is None and may_be_none
            else write(f"{parameter}.{name}", item, parts[1])
            for name, item in value.items()
        }
    if isinstance(wanted, type) and attrs.has(wanted):
        return _record(parameter, value, wanted)
    return _scalar(parameter, value, wanted)


def _record(parameter: str, value: object, wanted: type) -> Json:
    if not isinstance(value, wanted):
        raise ArgumentError(parameter, f"give a {wanted.__name__}")
    fields = {field.name: getattr(value, field.name) for field in attrs.fields(wanted)}
    hints = typing.get_type_hints(wanted)
    return {
        name: write(f"{parameter}.{name}", item, hints[name])
        for name, item in fields.items()
        if item is not None and item is not UNSET
    }


def _scalar(parameter: str, value: object, wanted: object) -> Json:  # noqa: PLR0911  # a kind of value each
    if isinstance(wanted, type) and issubclass(wanted, OpenEnum):
        return choice(parameter, value, wanted)
    if wanted is str:
        is_id = parameter.partition("[")[0].endswith(("_id", "_ids"))
        return identifier(parameter, value) if is_id else words(parameter, value)
    if wanted is bool:
        if not isinstance(value, bool):
            raise ArgumentError(parameter, "give True or False")
        return value
    if wanted is int:
        return whole(parameter, value)
    if wanted is date:
        return day(parameter, value)
    if wanted is datetime:
        return timestamp(parameter, value)
    if wanted is float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise ArgumentError(parameter, "give a number")
        return value
    return decimal(parameter, value, places=getattr(wanted, "places", _PLACES))
