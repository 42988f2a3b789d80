"""One resource as an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, cast

import sqlalchemy as sa
from litestar import Response
from litestar.enums import MediaType

from sekur_sdk.sandbox.idempotency import etag
from sekur_sdk.sandbox.paging import aware
from sekur_sdk.sandbox.trade.references import get as find
from sekur_sdk.wire import encode

if TYPE_CHECKING:
    from datetime import datetime

    from sekur_sdk.models.paging import Page
    from sekur_sdk.sandbox.paging import Listing, PageQuery
    from sekur_sdk.sandbox.store.database import Store
    from sekur_sdk.sandbox.store.records import Records

ModelT = TypeVar("ModelT")
_BEYOND = 2**63


def one(store: Store, records: Records[ModelT], id_: str, what: str) -> Response[ModelT]:
    """200 with the resource and its ETag.

    Raises:
        RefusalError: 404.
    """
    with store.read() as connection:
        return shown(find(connection, records, id_, what))


def shown(resource: ModelT) -> Response[ModelT]:
    """200 with the resource and its ETag."""
    answer = Response(encode(resource), headers=etag(resource), media_type=MediaType.JSON)
    return cast("Response[ModelT]", answer)


def listed(
    store: Store, listing: Listing[ModelT], paging: PageQuery, *conditions: sa.ColumnElement[bool] | None
) -> Response[Page[ModelT]]:
    """200 with a page of the resources that meet all conditions that are not None."""
    with store.read() as connection:
        page = listing.page(connection, paging, *conditions)
    return cast("Response[Page[ModelT]]", Response(encode(page), media_type=MediaType.JSON))


def equals(column: sa.Column[Any], value: object | None) -> sa.ColumnElement[bool] | None:
    """That the column is `value`; no condition for None."""
    if isinstance(value, int) and not -_BEYOND <= value < _BEYOND:
        # more than the store can be asked for
        return sa.false()
    return None if value is None else column == value


def at_or_after(column: sa.Column[Any], name: str, at: datetime | None) -> sa.ColumnElement[bool] | None:
    """That the column is not before the time that the parameter `name` has; no condition for None."""
    return None if at is None else column >= aware(name, at)


def before(column: sa.Column[Any], name: str, at: datetime | None) -> sa.ColumnElement[bool] | None:
    """That the column is before the time that the parameter `name` has; no condition for None."""
    return None if at is None else column < aware(name, at)
