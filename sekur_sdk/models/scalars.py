"""Scalar types of the contract: aware times, exact decimals, enums that outlive the SDK's release."""

from __future__ import annotations

import re
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Self

import msgspec

Timestamp = Annotated[datetime, msgspec.Meta(tz=True)]
"""An aware datetime; UTC RFC 3339 on the wire. A naive one is refused."""

MAX_DIGITS = 12
"""Digits of a decimal on the wire, which has all its decimals: 10 are before the point of an `Amount`, 8 of a `Rate`."""

_DECIMAL = re.compile(r"-?(0|[1-9][0-9]*)(?:\.([0-9]+))?", re.ASCII)

if TYPE_CHECKING:
    Amount = Decimal
    Rate = Decimal
else:
    # To a type checker and to a user these are plain Decimals. At run time they are types of their own, so that
    # msgspec hands their raw text to `parse_decimal`: its own Decimal takes NaN, 1e400 and 1_000.

    class Amount(Decimal):
        """Euros, two decimals."""

        __slots__ = ()
        places = 2

        def __repr__(self) -> str:
            return f"Decimal('{self}')"

    class Rate(Decimal):
        """A unit price, a quantity or a tax rate, four decimals."""

        __slots__ = ()
        places = 4

        def __repr__(self) -> str:
            return f"Decimal('{self}')"


def parse_decimal(text: object, *, places: int) -> Decimal:
    """The exact decimal that `text` spells on the wire.

    Raises:
        ValueError: not a string, more than `places` decimals or the rest of 12 digits before them, or any form but plain digits
            (exponent, NaN, infinity, separators, spaces).
    """
    if not isinstance(text, str):
        raise ValueError(f"Expected a decimal as a string, got {type(text).__name__}")  # noqa: TRY004  # one error type for the wire
    match = _DECIMAL.fullmatch(text)
    if match is None:
        raise ValueError("Expected a decimal written in plain digits, like '1250.00'")
    whole, fraction = match[1], match[2] or ""
    if len(fraction) > places:
        raise ValueError(f"Expected at most {places} decimals, got {len(fraction)}")
    if len(whole) > MAX_DIGITS - places:
        raise ValueError(f"Expected at most {MAX_DIGITS - places} digits before the point, got {len(whole)}")
    return Decimal(text)


def format_decimal(value: Decimal, *, places: int) -> str:
    """`value` as the wire wants it, with all its `places` decimals.

    Raises:
        ValueError: not finite, or it has more digits or decimals than the wire carries; nothing is rounded silently.
    """
    if not value.is_finite():
        raise ValueError(f"Expected a finite decimal, got {value}")
    text = f"{value:f}"
    whole, _, fraction = text.partition(".")
    text = f"{whole}.{fraction.rstrip('0').ljust(places, '0')}"
    parse_decimal(text, places=places)
    return text


class OpenEnum(StrEnum):
    """An enum that a newer server may extend: a value it does not know decodes to a member that `is_known` tells apart.

    Openness is for what is read. What a caller passes is checked against the known names, so that a typo is an error here
    and not a surprise there.
    """

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if not isinstance(value, str):
            return None
        member = str.__new__(cls, value)
        member._name_ = value
        member._value_ = value
        return member

    def __reduce_ex__(self, proto: object) -> tuple[type[Self], tuple[str]]:
        # Debian 12's Python 3.11.2 pickles a member by its name, which an unknown one has not
        return type(self), (self._value_,)

    @property
    def is_known(self) -> bool:
        """Whether this release of the SDK has a name for the value."""
        return self._value_ in type(self)._value2member_map_
