"""Shifts."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Literal

from litestar import Response, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody

from sekur_sdk.models.paging import Page
from sekur_sdk.models.planning import Shift
from sekur_sdk.sandbox.access import needs
from sekur_sdk.sandbox.idempotency import Change
from sekur_sdk.sandbox.inputs.body import Body
from sekur_sdk.sandbox.inputs.planning import ShiftCreate, ShiftUpdate
from sekur_sdk.sandbox.paging import Listing, PageQuery
from sekur_sdk.sandbox.problems import declared
from sekur_sdk.sandbox.routes.reading import at_or_after, before, equals, listed, one
from sekur_sdk.sandbox.store.database import Store
from sekur_sdk.sandbox.store.records import shifts
from sekur_sdk.sandbox.trade import planning
from sekur_sdk.sandbox.trade.references import get as find

if TYPE_CHECKING:
    from sekur_sdk.sandbox.store.writer import Transaction

_SHIFTS = Listing(
    shifts, sorts=("starts_at", "ends_at", "created_at", "updated_at"), default="starts_at", changed="updated_at"
)


@get(
    "/shifts",
    guards=[needs("planning:read")],
    sync_to_thread=True,
    operation_id="list_shifts",
    responses=declared(400, 401, 403),
)
def list_shifts(
    store: NamedDependency[Store],
    paging: NamedDependency[PageQuery],
    site_id: FromQuery[str | None] = None,
    employee_id: FromQuery[str | None] = None,
    status: FromQuery[Literal["draft", "published", "acknowledged", "in_progress", "done", "cancelled"] | None] = None,
    starts_from: FromQuery[datetime | None] = None,
    starts_before: FromQuery[datetime | None] = None,
) -> Response[Page[Shift]]:
    """The shifts, by their start."""
    table = shifts.table
    return listed(
        store,
        _SHIFTS,
        paging,
        equals(table.c.site_id, site_id),
        equals(table.c.employee_id, employee_id),
        equals(table.c.status, status),
        at_or_after(table.c.starts_at, "starts_from", starts_from),
        before(table.c.starts_at, "starts_before", starts_before),
    )


@get(
    "/shifts/{id:str}",
    guards=[needs("planning:read")],
    sync_to_thread=True,
    operation_id="get_shift",
    responses=declared(400, 401, 403, 404),
)
def get_shift(store: NamedDependency[Store], id: FromPath[str]) -> Response[Shift]:  # noqa: A002  # the path parameter's name in the contract
    """One shift."""
    return one(store, shifts, id, "shift")


@post(
    "/shifts",
    guards=[needs("planning:write")],
    dto=Body[ShiftCreate],
    return_dto=None,
    sync_to_thread=True,
    operation_id="create_shift",
    responses=declared(400, 401, 403, 409, 422),
)
def create_shift(data: JSONBody[ShiftCreate], change: NamedDependency[Change]) -> Response[Shift]:
    """A new shift, a draft."""
    return change.created(lambda tx: planning.create_shift(tx, data), "/api/v1/shifts")


@patch(
    "/shifts/{id:str}",
    guards=[needs("planning:write")],
    dto=Body[ShiftUpdate],
    return_dto=None,
    sync_to_thread=True,
    operation_id="update_shift",
    responses=declared(400, 401, 403, 404, 409, 412, 422, 428),
)
def update_shift(id: FromPath[str], data: JSONBody[ShiftUpdate], change: NamedDependency[Change]) -> Response[Shift]:  # noqa: A002  # as above
    """The shift with the sent fields changed."""

    def update(tx: Transaction) -> Shift:
        shift = find(tx.connection, shifts, id, "shift")
        change.require_version(shift)
        return planning.update_shift(tx, shift, data)

    return change.done(update)


HANDLERS = (list_shifts, get_shift, create_shift, update_shift)
