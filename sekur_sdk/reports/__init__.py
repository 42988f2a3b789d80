"""Exports of what the client reads.

Arrow tables and the frames made from them need the extra `reports`: `pip install 'sekur-sdk[reports]'`; pandas and Polars are the
caller's own. A name is loaded when first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sekur_sdk.reports.errors import LibraryMissingError
    from sekur_sdk.reports.frames import arrow_schema, iter_batches, to_arrow, to_pandas, to_polars

_HOMES = {
    "LibraryMissingError": "sekur_sdk.reports.errors",
    "arrow_schema": "sekur_sdk.reports.frames",
    "iter_batches": "sekur_sdk.reports.frames",
    "to_arrow": "sekur_sdk.reports.frames",
    "to_pandas": "sekur_sdk.reports.frames",
    "to_polars": "sekur_sdk.reports.frames",
}

__all__ = [
    "LibraryMissingError",
    "arrow_schema",
    "iter_batches",
    "to_arrow",
    "to_pandas",
    "to_polars",
]


def __getattr__(name: str) -> object:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(home), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
