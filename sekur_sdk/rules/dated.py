"""Values that the law or a contract changes from one date to the next."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import cache
from importlib import resources
from typing import Generic, TypeVar

import attrs
import msgspec

T = TypeVar("T")


@attrs.frozen
class Dated(Generic[T]):
    """A value and the day from which it holds, with the text that sets it."""

    since: date
    value: T
    source: str


def in_force(table: tuple[Dated[T], ...], on: date) -> Dated[T]:
    """The entry of `table` that holds on a day.

    Raises:
        LookupError: the day is before the table's first.
    """
    held = [entry for entry in table if entry.since <= on]
    if not held:
        raise LookupError(f"no value is known for {on}: the table starts later")
    return max(held, key=lambda entry: entry.since)


def read_data(name: str, of: type[T]) -> T:
    """The table file `data/NAME.json`, as `of`; an entry without a date in its text is dated 0001-01-01."""
    return msgspec.json.decode(resources.files("sekur_sdk.rules").joinpath(f"data/{name}.json").read_bytes(), type=of)


class _Row(msgspec.Struct, forbid_unknown_fields=True):
    since: date
    value: str
    source: str


@cache
def decimal_tables(name: str) -> dict[str, tuple[Dated[Decimal], ...]]:
    """The tables of single decimals in `data/NAME.json`, by their name."""
    return {
        key: tuple(Dated(row.since, Decimal(row.value), row.source) for row in rows)
        for key, rows in read_data(name, dict[str, list[_Row]]).items()
    }
