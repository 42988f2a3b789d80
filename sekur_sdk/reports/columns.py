"""From the annotations of a model to Arrow's types, and from its values to what Arrow stores, exactly or not at all."""

from __future__ import annotations

import types
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import Annotated, Union, get_args, get_origin, get_type_hints

import attrs
import pyarrow as pa

from sekur_sdk.models.events import UnknownSubject
from sekur_sdk.models.scalars import MAX_DIGITS, Amount, Rate
from sekur_sdk.wire import encode

Read = Callable[[object], object]
"""From a model's value to what pyarrow stores; raises `UnfitError`."""

_PLACES: dict[object, int] = {Amount: 2, Rate: 4}
_INT64 = range(-(2**63), 2**63)


class UnfitError(ValueError):
    """A value that its column can't hold: `path` below the record and `reason`; never the value, which may be personal."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(path, reason)
        self.path = path
        self.reason = reason

    def below(self, step: str) -> UnfitError:
        """The same, seen from one level up."""
        return UnfitError(step + self.path, self.reason)


class NoColumnError(TypeError):
    """An annotation that has no Arrow type."""


@attrs.frozen
class Kind:
    """How values of one annotation are stored."""

    type: pa.DataType
    read: Read
    nullable: bool = False


@cache
def fields_of(model: type) -> tuple[tuple[pa.Field[pa.DataType], Kind], ...]:
    """The columns of `model`, in the order of its fields.

    Raises:
        NoColumnError: a field that has no Arrow type; it names the field.
    """
    hints = get_type_hints(model, include_extras=True)
    columns = []
    for field in attrs.fields(model):
        try:
            kind = kind_of(hints[field.name])
        except NoColumnError as error:
            raise NoColumnError(f"{model.__name__}.{field.name}: {error}") from error
        columns.append((pa.field(field.name, kind.type, nullable=kind.nullable), kind))
    return tuple(columns)


def kind_of(annotation: object) -> Kind:
    """How values of `annotation` are stored.

    Raises:
        NoColumnError: it has no Arrow type.
    """
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return kind_of(arguments[0])
    if origin in (Union, types.UnionType):
        return _union(arguments)
    if origin is tuple:
        return _sequence(arguments)
    if origin is dict:
        return _mapping(arguments)
    if isinstance(annotation, type) and origin is None:
        if attrs.has(annotation):
            return _struct(annotation)
        return _scalar(annotation)
    raise NoColumnError(f"no column type for {annotation}")


def _scalar(annotation: type) -> Kind:
    if annotation in _PLACES:
        return _decimal(_PLACES[annotation])
    if issubclass(annotation, Enum):
        if issubclass(annotation, str):
            return _SCALARS[str]
        raise NoColumnError(f"no column type for {annotation.__name__}")
    if annotation not in _SCALARS:
        raise NoColumnError(f"no column type for {annotation.__name__}")
    return _SCALARS[annotation]


def _decimal(places: int) -> Kind:
    # all of the wire's digits may stand before the point: its decimals come on top
    too_large = Decimal(10) ** MAX_DIGITS

    def read(value: object) -> object:
        if not isinstance(value, Decimal):
            raise _expected("a Decimal", value)
        if not value.is_finite():
            raise UnfitError("", "expected a finite decimal")
        if value.copy_abs() >= too_large:
            raise UnfitError("", f"expected at most {MAX_DIGITS} digits before the point")
        return _with_places(value, places)

    return Kind(pa.decimal128(MAX_DIGITS + places, places), read)


def _with_places(value: Decimal, places: int) -> Decimal:
    """`value` with `places` decimals at most, whatever the thread's decimal context; no digit but zeros is dropped."""
    sign, digits, exponent = value.as_tuple()
    if not isinstance(exponent, int) or -places <= exponent <= 0:
        return value
    if exponent > 0:
        return Decimal((sign, digits + (0,) * exponent, 0)) if any(digits) else Decimal(0)
    extra = -places - exponent
    if any(digits[-extra:]):
        raise UnfitError("", f"expected at most {places} decimals; nothing is rounded")
    return Decimal((sign, digits[:-extra], -places))


def _read_moment(value: object) -> object:
    if not isinstance(value, datetime):
        raise _expected("a datetime with a time zone", value)
    if value.utcoffset() is None:
        raise UnfitError("", "expected a datetime with a time zone, got a naive one")
    try:
        return value.astimezone(UTC)
    except OverflowError:
        pass
    raise UnfitError("", "out of range in UTC")


def _read_day(value: object) -> object:
    if not isinstance(value, date) or isinstance(value, datetime):
        raise _expected("a date", value)
    return value


def _read_text(value: object) -> object:
    if not isinstance(value, str):
        raise _expected("a str", value)
    if not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError:
            pass
        else:
            return value
        raise UnfitError("", "expected text that UTF-8 can spell, got half of a surrogate pair")
    return value


def _read_integer(value: object) -> object:
    if not isinstance(value, int) or isinstance(value, bool):
        raise _expected("an int", value)
    if value not in _INT64:
        raise UnfitError("", "expected a whole number of 64 bits")
    return value


def _read_real(value: object) -> object:
    if isinstance(value, float):
        return value
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) <= 2**53:
        return float(value)
    raise _expected("a float", value)


def _read_truth(value: object) -> object:
    if not isinstance(value, bool):
        raise _expected("a bool", value)
    return value


def _read_bytes(value: object) -> object:
    if not isinstance(value, bytes):
        raise _expected("bytes", value)
    return value


_SCALARS: dict[type, Kind] = {
    datetime: Kind(pa.timestamp("us", tz="UTC"), _read_moment),
    date: Kind(pa.date32(), _read_day),
    str: Kind(pa.string(), _read_text),
    int: Kind(pa.int64(), _read_integer),
    float: Kind(pa.float64(), _read_real),
    bool: Kind(pa.bool_(), _read_truth),
    bytes: Kind(pa.binary(), _read_bytes),
}


def _union(arguments: tuple[object, ...]) -> Kind:
    others = tuple(argument for argument in arguments if argument is not type(None))
    if len(others) == 1:
        kind = kind_of(others[0])
    elif all(isinstance(other, type) and attrs.has(other) for other in others):
        kind = _json(others)
    else:
        raise NoColumnError(f"no column type for {Union[arguments]}")  # noqa: UP007  # made at run time, of a tuple
    if len(others) == len(arguments):
        return kind
    inner = kind.read
    return Kind(kind.type, lambda value: None if value is None else inner(value), nullable=True)


def _json(models: tuple[object, ...]) -> Kind:
    """One of several models, as its JSON on the wire: Parquet and pandas have no column of several structs."""
    readers = {model: _struct(model).read for model in models if isinstance(model, type)}
    names = " or ".join(model.__name__ for model in readers)

    def read(value: object) -> object:
        check = readers.get(type(value))
        if check is None:
            raise _expected(names, value)
        check(value)
        try:
            json = value.json if isinstance(value, UnknownSubject) else encode(value)
            return json.decode()
        except ValueError:  # told below without the value, which the cause has
            pass
        raise UnfitError("", "can't be written as JSON")

    return Kind(pa.string(), read)


def _sequence(arguments: tuple[object, ...]) -> Kind:
    if len(arguments) == 2 and arguments[1] is Ellipsis:  # noqa: PLR2004  # tuple[X, ...]
        length, item = None, kind_of(arguments[0])
    elif arguments and all(argument == arguments[0] for argument in arguments):
        length, item = len(arguments), kind_of(arguments[0])
    else:
        raise NoColumnError("no column type for a tuple of different types")

    def read(value: object) -> object:
        if not isinstance(value, tuple | list):
            raise _expected("a tuple", value)
        if length is not None and len(value) != length:
            raise UnfitError("", f"expected {length} items, got {len(value)}")
        return [_at(f"[{index}]", item.read, part) for index, part in enumerate(value)]

    inner = pa.field("item", item.type, nullable=item.nullable)
    return Kind(pa.list_(inner) if length is None else pa.list_(inner, length), read)


def _mapping(arguments: tuple[object, ...]) -> Kind:
    key, item = kind_of(arguments[0]), kind_of(arguments[1])

    def read(value: object) -> object:
        if not isinstance(value, Mapping):
            raise _expected("a mapping", value)
        return [(_at(".keys", key.read, name), _at("[...]", item.read, part)) for name, part in value.items()]

    return Kind(pa.map_(key.type, item.type), read)


def _struct(model: type) -> Kind:
    columns = fields_of(model)
    readers = tuple((field.name, kind.read) for field, kind in columns)

    def read(value: object) -> object:
        if not isinstance(value, model):
            raise _expected(model.__name__, value)
        return {name: _at(f".{name}", reader, getattr(value, name)) for name, reader in readers}

    return Kind(pa.struct([field for field, _ in columns]), read)


def _at(step: str, read: Read, value: object) -> object:
    try:
        return read(value)
    except UnfitError as error:
        unfit = error.below(step)
    raise unfit


def _expected(what: str, value: object) -> UnfitError:
    return UnfitError("", f"expected {what}, got {type(value).__name__}")
