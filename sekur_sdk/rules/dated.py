"""Values that the law or a contract changes from one date to the next."""

from __future__ import annotations

from datetime import date
from typing import Generic, TypeVar

import attrs

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
