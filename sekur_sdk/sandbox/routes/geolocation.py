"""Positions. Each reading of them is written down before it is answered."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, cast

from litestar import Request, Response, get, post
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.enums import MediaType
from litestar.params import FromPath, FromQuery, JSONBody

from sekur_sdk.models.geolocation import Position, PositionBatchResult
from sekur_sdk.models.paging import Page
from sekur_sdk.sandbox.access import Caller, needs
from sekur_sdk.sandbox.idempotency import Change
from sekur_sdk.sandbox.inputs.body import Body
from sekur_sdk.sandbox.inputs.safety import PositionBatch
from sekur_sdk.sandbox.paging import Listing, PageQuery
from sekur_sdk.sandbox.problems import declared
from sekur_sdk.sandbox.routes.reading import at_or_after, before, equals, shown
from sekur_sdk.sandbox.store.database import Store
from sekur_sdk.sandbox.store.records import employees, positions
from sekur_sdk.sandbox.trade import audit
from sekur_sdk.sandbox.trade import positions as trade
from sekur_sdk.sandbox.trade.references import get as find
from sekur_sdk.wire import encode

if TYPE_CHECKING:
    import sqlalchemy as sa

_POSITIONS = Listing(positions, sorts=("received_at", "fix_at"), default="received_at", changed="received_at")


@get(
    "/positions",
    guards=[needs("geolocation:read")],
    sync_to_thread=True,
    operation_id="list_positions",
    opt=_POSITIONS.told,
    responses=declared(400, 401, 403),
)
def list_positions(
    request: Request[Caller, object, State],
    store: NamedDependency[Store],
    paging: NamedDependency[PageQuery],
    device_id: FromQuery[str | None] = None,
    duty_id: FromQuery[str | None] = None,
    alert_id: FromQuery[str | None] = None,
    received_from: FromQuery[datetime | None] = None,
    received_before: FromQuery[datetime | None] = None,
) -> Response[Page[Position]]:
    """The positions that were kept: on duty outside breaks, or for an alarm."""
    table = positions.table
    conditions: list[sa.ColumnElement[bool] | None] = [
        equals(table.c.device_id, device_id),
        equals(table.c.duty_id, duty_id),
        equals(table.c.alert_id, alert_id),
        at_or_after(table.c.received_at, "received_from", received_from),
        before(table.c.received_at, "received_before", received_before),
    ]
    with store.read() as connection:
        page = _POSITIONS.page(connection, paging, *conditions)
    asked = {
        "device_id": device_id,
        "duty_id": duty_id,
        "alert_id": alert_id,
        "received_from": received_from,
        "received_before": received_before,
        "updated_since": paging.updated_since,
    }
    caller, count = request.user, len(page.items)
    store.write(lambda tx: audit.note(tx, caller, audit.POSITIONS_READ, count=count, filters=asked))
    return cast("Response[Page[Position]]", Response(encode(page), media_type=MediaType.JSON))


@get(
    "/employees/{id:str}/last-position",
    guards=[needs("geolocation:read")],
    sync_to_thread=True,
    operation_id="get_last_position",
    responses=declared(400, 401, 403, 404, 409),
)
def get_last_position(
    request: Request[Caller, object, State],
    store: NamedDependency[Store],
    id: FromPath[str],  # noqa: A002  # the path parameter's name in the contract
) -> Response[Position]:
    """Where an employee on duty, or with an alert that is not resolved, was last seen."""
    with store.read() as connection:
        employee = find(connection, employees, id, "employee")
        position = trade.last_position(connection, employee.id, store.now())
    caller = request.user
    store.write(lambda tx: audit.note(tx, caller, audit.LAST_POSITION_READ, count=1, employee_id=employee.id))
    return shown(position)


@post(
    "/positions/batch",
    guards=[needs("geolocation:write")],
    dto=Body[PositionBatch],
    return_dto=None,
    status_code=200,
    sync_to_thread=True,
    operation_id="send_positions",
    responses=declared(400, 401, 403, 409, 422),
)
def send_positions(data: JSONBody[PositionBatch], change: NamedDependency[Change]) -> Response[PositionBatchResult]:
    """Positions of a duty or of an alert, stored all or none; those sent again under their `uid` change nothing."""
    return change.done(lambda tx: trade.take_batch(tx, data))


HANDLERS = (list_positions, get_last_position, send_positions)
