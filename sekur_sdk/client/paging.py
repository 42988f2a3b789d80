"""The pages of a list, without I/O."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar, cast

import attrs

from sekur_sdk.client.arguments import query, timestamp, whole
from sekur_sdk.client.options import CallOptions, ListOptions

if TYPE_CHECKING:
    from sekur_sdk.client.operation import Operation
    from sekur_sdk.models.paging import Page

ItemT = TypeVar("ItemT")

MAX_PAGE_SIZE = 200

_OWN = frozenset(ListOptions.__annotations__) - frozenset(CallOptions.__annotations__)


def call_options(options: ListOptions) -> CallOptions:
    """What of `options` is about each call."""
    return cast("CallOptions", {name: value for name, value in options.items() if name not in _OWN})


def list_operation(operation: Operation[Page[ItemT]], options: ListOptions) -> Operation[Page[ItemT]]:
    """`operation` with the page size and the order that were asked for.

    Raises:
        ArgumentError: the contract can't carry one of them.
    """
    page_size, updated_since = options.get("page_size"), options.get("updated_since")
    added = query(
        ("limit", None if page_size is None else str(whole("page_size", page_size, low=1, high=MAX_PAGE_SIZE))),
        ("sort", options.get("sort")),
        ("updated_since", None if updated_since is None else timestamp("updated_since", updated_since)),
    )
    return attrs.evolve(operation, query=operation.query + added)


def page_at(operation: Operation[Page[ItemT]], cursor: str | None) -> Operation[Page[ItemT]]:
    """The call for the page at `cursor`, the first when None."""
    return operation if cursor is None else attrs.evolve(operation, query=(*operation.query, ("cursor", cursor)))
