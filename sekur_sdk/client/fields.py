"""Fields of a call that are given by name: checked and written by the types that its TypedDict declares.

For calls with many fields. An error names the field, as in `arguments`, which does the checking.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from types import NoneType
from typing import TYPE_CHECKING, Any, Literal, Required, TypeVar, get_args, get_origin, get_type_hints

from sekur_sdk.client.arguments import Json, body, choice, day, decimal, identifier, timestamp, whole, words
from sekur_sdk.client.errors import ArgumentError
from sekur_sdk.client.operation import Operation, get, patch, post
from sekur_sdk.client.options import OPTIONS, PostOptions
from sekur_sdk.models.scalars import OpenEnum

if TYPE_CHECKING:
    from sekur_sdk.models.paging import Page

AnswerT = TypeVar("AnswerT")
Given = Mapping[str, Any]


class Step(PostOptions, total=False):
    """What an action accepts: with `version`, it is done only if the resource has not changed since."""

    version: int


def listed(path: str, answer: type[Page[AnswerT]], given: Given, kind: type) -> Operation[Page[AnswerT]]:
    """GET a list by the filters that were given."""
    written = _write(given, kind)
    return get(path, answer, tuple((name, str(value)) for name, value in written.items() if value is not None))


def new(path: str, answer: type[AnswerT], given: Given, kind: type) -> Operation[AnswerT]:
    """POST a new resource; what is None is left out."""
    return post(path, answer, _body(given, kind))


def act(path: str, answer: type[AnswerT], given: Given, kind: type = Step) -> Operation[AnswerT]:
    """POST an action; what is None is left out."""
    version = given.get("version")
    seen = None if version is None else whole("version", version)
    return post(path, answer, _body(given, kind), if_match=seen)


def change(path: str, answer: type[AnswerT], given: Given, kind: type) -> Operation[AnswerT]:
    """PATCH a resource; None clears a field that may be empty."""
    version = whole("version", given.get("version"))
    return patch(path, answer, body(**_write(given, kind, is_change=True)), if_match=version)


def types_of(kind: type) -> dict[str, Any]:
    """The fields of a TypedDict without its options, each with its type."""
    return {name: get_args(hint)[0] if get_origin(hint) is Required else hint for name, hint in _hints(kind).items()}


@cache
def _hints(kind: type) -> dict[str, Any]:
    # options are of another module, and not all of their types can be read at run time
    own = {name: hint for name, hint in kind.__annotations__.items() if name not in OPTIONS and name != "version"}
    read = type(kind.__name__, (), {"__annotations__": own, "__module__": kind.__module__})
    return get_type_hints(read, include_extras=True)


_types = cache(types_of)


def _body(given: Given, kind: type) -> bytes:
    # __required_keys__ does not see what stands in annotations that are text
    for name, hint in _hints(kind).items():
        if get_origin(hint) is Required and name not in given:
            raise TypeError(f"missing keyword argument {name!r}")
    return body(**{name: value for name, value in _write(given, kind).items() if value is not None})


def _write(given: Given, kind: type, *, is_change: bool = False) -> dict[str, Json]:
    types = _types(kind)
    written: dict[str, Json] = {}
    for name, value in given.items():
        if name == "version":
            continue
        if name not in types:
            raise TypeError(f"unexpected keyword argument {name!r}")
        if value is not None:
            written[name] = _json(name, value, types[name])
        elif is_change and NoneType not in get_args(types[name]):
            raise ArgumentError(name, "can't be cleared")
        else:
            written[name] = None
    return written


def _json(name: str, value: object, hint: Any) -> Json:
    """`value` as JSON; of a union the first part says how, the others are what it may be given as."""
    if get_origin(hint) is Sequence:
        if isinstance(value, str) or not isinstance(value, Sequence):
            raise ArgumentError(name, "give a list")
        return [_json(name.removesuffix("s"), item, get_args(hint)[0]) for item in value]
    if get_origin(hint) is Literal:
        if value not in get_args(hint):
            raise ArgumentError(name, f"not one of {', '.join(get_args(hint))}")
        return str(value)
    return _scalar(name, value, (get_args(hint) or [hint])[0])


def _scalar(name: str, value: object, wanted: Any) -> Json:  # noqa: PLR0911  # a kind of value each
    if isinstance(wanted, type) and issubclass(wanted, OpenEnum):
        return choice(name, value, wanted)
    if wanted is str:
        return identifier(name, value) if name.endswith("_id") else words(name, value)
    if wanted is bool:
        if not isinstance(value, bool):
            raise ArgumentError(name, "give True or False")
        return value
    if wanted is int:
        return whole(name, value)
    if wanted is Decimal:
        return decimal(name, value, places=4)
    if wanted is date:
        return day(name, value)
    if wanted is datetime:
        return timestamp(name, value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ArgumentError(name, "give a number")
    return value
