"""Lists in pages: keyset paging by a sort column and the id, so that inserts between two pages neither repeat nor hide a row.

A cursor holds the last row's place in the order, not its id alone: that row may move or vanish before the next page. It is sealed, for
the place may be a name, and cursors stand in URLs.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Annotated, Any, Generic, TypeVar

import attrs
import msgspec
import sqlalchemy as sa
from litestar.params import QueryParameter

from sekur_sdk.models.paging import Page
from sekur_sdk.models.problem import FieldError
from sekur_sdk.sandbox.inputs.body import is_told_in_utc
from sekur_sdk.sandbox.problems import RefusalError
from sekur_sdk.sandbox.sealing import key_of, seal, unseal
from sekur_sdk.sandbox.store.records import Records

ModelT = TypeVar("ModelT")

MAX_LIMIT = 200
DEFAULT_LIMIT = 50


@attrs.frozen
class PageQuery:
    """Which page of a list is asked for."""

    limit: int
    cursor: str | None
    sort: str | None
    updated_since: datetime | None


def provide_page_query(
    limit: Annotated[int, QueryParameter(ge=1, le=MAX_LIMIT)] = DEFAULT_LIMIT,
    cursor: Annotated[str | None, QueryParameter(max_length=2000)] = None,
    sort: Annotated[str | None, QueryParameter(max_length=64)] = None,
    updated_since: Annotated[datetime | None, QueryParameter()] = None,
) -> PageQuery:
    """The `paging` of a handler's signature."""
    return PageQuery(limit=limit, cursor=cursor, sort=sort, updated_since=aware("updated_since", updated_since))


def aware(name: str, at: datetime | None) -> datetime | None:
    """`at`, refused without its zone."""
    if at is not None and at.tzinfo is None:
        raise bad_parameter(name, "A time with its zone, like 2026-11-07T19:00:00Z")
    if at is not None and not is_told_in_utc(at):
        raise bad_parameter(name, "Not a time within the years 1 to 9999 of UTC")
    return at


def bad_parameter(name: str, message: str) -> RefusalError:
    """400 for a query parameter."""
    return RefusalError(
        400,
        "A parameter is not what the contract says.",
        errors=[FieldError(path=f"query.{name}", message=message)],
    )


class _Cursor(msgspec.Struct, array_like=True):
    sort: str
    filters: str
    value: str | int | float
    id: str


@attrs.frozen
class Listing(Generic[ModelT]):
    """How a kind of resource is listed.

    `sorts` are the fields that a caller may sort by (never null), `default` the one it gets (`-` before it for
    descending), `changed` the one that `updated_since` looks at.
    """

    records: Records[ModelT]
    sorts: tuple[str, ...]
    default: str
    changed: str

    @property
    def told(self) -> dict[str, tuple[str, ...]]:
        """What the route of the list tells the OpenAPI document: the values of `sort`, the list's own first."""
        ways = [way for name in self.sorts for way in (name, f"-{name}")]
        return {"sorts": tuple(sorted(ways, key=lambda way: way != self.default))}

    def page(
        self, connection: sa.Connection, query: PageQuery, *conditions: sa.ColumnElement[bool] | None
    ) -> Page[ModelT]:
        """The page that `query` asks for, of the rows that meet all conditions that are not None.

        Raises:
            RefusalError: 400, an unknown sort field or a cursor that is not of this list.
        """
        sort = query.sort or self.default
        column, descending = self._column(sort)
        table = self.records.table
        wanted = [condition for condition in conditions if condition is not None]
        if query.updated_since is not None:
            wanted.append(table.c[self.changed] >= query.updated_since)
        filters = _fingerprint(wanted)
        select = self.records.select().where(*wanted)
        if query.cursor is not None:
            cursor = _read_cursor(key_of(connection), query.cursor)
            if (cursor.sort, cursor.filters) != (sort, filters):
                raise bad_parameter("cursor", "Not a cursor of this list with these filters and this order")
            select = select.where(_beyond(column, table.c.id, cursor, descending=descending))
        order = (column.desc(), table.c.id.desc()) if descending else (column, table.c.id)
        rows = connection.execute(select.order_by(*order).limit(query.limit + 1)).all()
        items = tuple(self.records.read(row) for row in rows[: query.limit])
        if len(rows) <= query.limit:
            return Page(items=items)
        last: Any = items[-1]
        next_cursor = _write_cursor(key_of(connection), sort, filters, getattr(last, column.name), last.id)
        return Page(items=items, next_cursor=next_cursor)

    def _column(self, sort: str) -> tuple[sa.Column[Any], bool]:
        name = sort.removeprefix("-")
        if name not in self.sorts:
            raise bad_parameter("sort", f"One of {', '.join(self.sorts)}, with '-' before it for descending")
        return self.records.table.c[name], sort.startswith("-")


def _beyond(
    column: sa.Column[Any], id_: sa.Column[Any], cursor: _Cursor, *, descending: bool
) -> sa.ColumnElement[bool]:
    try:
        value = msgspec.convert(cursor.value, column.type.python_type, strict=False)
    except (msgspec.ValidationError, ValueError) as error:
        raise bad_parameter("cursor", "Not a cursor of this list") from error
    if descending:
        return sa.or_(column < value, sa.and_(column == value, id_ < cursor.id))
    return sa.or_(column > value, sa.and_(column == value, id_ > cursor.id))


def _fingerprint(conditions: list[sa.ColumnElement[bool]]) -> str:
    text = ";".join(
        f"{compiled}{sorted(map(str, compiled.params.items()))}" for compiled in (c.compile() for c in conditions)
    )
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _write_cursor(key: bytes, sort: str, filters: str, value: object, id_: str) -> str:
    plain = msgspec.to_builtins(value)
    return seal(key, msgspec.json.encode([sort, filters, plain, id_]))


def _read_cursor(key: bytes, text: str) -> _Cursor:
    try:
        return msgspec.json.decode(unseal(key, text), type=_Cursor)
    except (ValueError, msgspec.DecodeError) as error:
        raise bad_parameter("cursor", "Not a cursor of this list") from error
