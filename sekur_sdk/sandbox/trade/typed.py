"""Inputs' fields as the models have them: their names of statuses and kinds become members of the models' enums."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, get_type_hints

import msgspec

if TYPE_CHECKING:
    from collections.abc import Mapping


def typed(model: type, fields: Mapping[str, object]) -> dict[str, Any]:
    """The fields, each converted to the type that it has in `model`."""
    hints = _hints(model)
    return {
        # decimals are of the model's class already, and msgspec can't convert to it
        name: msgspec.convert(value, hints[name]) if isinstance(value, str | list) else value
        for name, value in fields.items()
    }


@cache
def _hints(model: type) -> dict[str, Any]:
    return get_type_hints(model)
