"""The pages of a list, without I/O."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar, cast, get_args

import attrs
import msgspec

from sekur_sdk.client.arguments import timestamp, whole
from sekur_sdk.client.errors import ResponseDecodeError
from sekur_sdk.client.options import CallOptions, ListOptions
from sekur_sdk.client.protocol import read_answer
from sekur_sdk.models.paging import Page
from sekur_sdk.wire import WireError, decode

if TYPE_CHECKING:
    from collections.abc import Callable

    from sekur_sdk.client.operation import Operation
    from sekur_sdk.client.protocol import Response

ItemT = TypeVar("ItemT")

MAX_PAGE_SIZE = 200

_OWN = frozenset(ListOptions.__annotations__) - frozenset(CallOptions.__annotations__)


@attrs.frozen(kw_only=True)
class BadRecord:
    """A record of a list that is not what the contract says: its `path` in the page, the `reason`, its JSON as it came.

    `cursor` is that of its page, None for the first. Its repr shows no content.
    """

    path: str
    reason: str
    json: bytes = attrs.field(repr=False)
    cursor: str | None
    request_id: str | None


def call_options(options: ListOptions) -> CallOptions:
    """What of `options` is about each call."""
    return cast("CallOptions", {name: value for name, value in options.items() if name not in _OWN})


def list_operation(operation: Operation[Page[ItemT]], options: ListOptions) -> Operation[Page[ItemT]]:
    """`operation` with the page size and the order that were asked for.

    Raises:
        ArgumentError: the contract can't carry one of them.
    """
    page_size, updated_since = options.get("page_size"), options.get("updated_since")
    added = (
        ("limit", None if page_size is None else str(whole("page_size", page_size, low=1, high=MAX_PAGE_SIZE))),
        ("sort", options.get("sort")),
        ("updated_since", None if updated_since is None else timestamp("updated_since", updated_since)),
    )
    given = tuple((name, value) for name, value in added if value is not None)
    return attrs.evolve(operation, query=operation.query + given)


def item_type(operation: Operation[Page[ItemT]]) -> type[ItemT]:
    """The class of the list's items."""
    [found] = get_args(operation.answer)
    return cast("type[ItemT]", found)


def page_at(operation: Operation[Page[ItemT]], cursor: str | None) -> Operation[Page[ItemT]]:
    """The call for the page at `cursor`, the first when None."""
    return operation if cursor is None else attrs.evolve(operation, query=(*operation.query, ("cursor", cursor)))


def read_page(
    operation: Operation[Page[ItemT]],
    response: Response,
    request_id: str,
    cursor: str | None,
    on_bad_record: Callable[[BadRecord], None] | None,
) -> Page[ItemT]:
    """The typed page; with `on_bad_record`, without the records that can't be read.

    Raises:
        ResponseDecodeError: the page, or a record while nobody takes the bad ones.
    """
    try:
        return read_answer(operation, response, request_id)
    except ResponseDecodeError:
        raw = None if on_bad_record is None else _read_raw(response)
        if raw is None or on_bad_record is None:
            raise
    expected = item_type(operation)
    items: list[ItemT] = []
    for index, record in enumerate(raw.items):
        json = bytes(record)
        try:
            items.append(decode(json, expected))
        except WireError as error:
            path = f"$.items[{index}]{error.path.removeprefix('$')}"
            theirs = response.headers.get("x-request-id", request_id)
            on_bad_record(BadRecord(path=path, reason=error.reason, json=json, cursor=cursor, request_id=theirs))
    return Page(items=tuple(items), next_cursor=raw.next_cursor)


def _read_raw(response: Response) -> Page[msgspec.Raw] | None:
    try:
        return decode(response.body, Page[msgspec.Raw])
    except WireError:
        return None
