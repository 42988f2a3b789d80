"""A value that must not be shown."""

from __future__ import annotations

import hmac
from typing import NoReturn, Self, final

from sekur_sdk.client.errors import ConfigurationError

_SHOWN = "Secret('***')"


@final
class Secret:
    """A token or password that is not printed, formatted, logged, compared in the open or pickled by accident.

    Raises:
        ValueError: empty, or not printable ASCII without spaces (a stray newline from a file is the usual cause).
        TypeError: not a string.
    """

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        if not isinstance(value, str):
            raise TypeError(f"a secret is a string, got {type(value).__name__}")
        if not value:
            raise ValueError("a secret can't be empty")
        if not all("!" <= character <= "~" for character in value):
            raise ValueError("a secret is printable ASCII without spaces; is there a newline at its end?")
        self._value = value

    def reveal(self) -> str:
        """The value itself."""
        return self._value

    def __repr__(self) -> str:
        return _SHOWN

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        return hmac.compare_digest(self._value, other._value)

    def __hash__(self) -> int:
        return hash((Secret, self._value))

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: object) -> Self:
        return self

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret is not pickled: pass `reveal()` on purpose, or make it anew on the other side")


def read_secret(parameter: str, value: Secret | str) -> Secret:
    """`value` as a secret.

    Raises:
        ConfigurationError: it can't be one; the value is not shown.
    """
    try:
        return value if isinstance(value, Secret) else Secret(value)
    except (TypeError, ValueError) as error:
        raise ConfigurationError(f"{parameter}: {error}") from None
