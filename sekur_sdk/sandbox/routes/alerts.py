"""Alerts and positions."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Literal

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody

from sekur_sdk.models.alerts import Alert
from sekur_sdk.models.geolocation import Position
from sekur_sdk.models.paging import Page
from sekur_sdk.sandbox.access import needs
from sekur_sdk.sandbox.idempotency import Change
from sekur_sdk.sandbox.inputs.body import Body
from sekur_sdk.sandbox.inputs.operations import AlertAcknowledge, AlertResolve
from sekur_sdk.sandbox.paging import Listing, PageQuery
from sekur_sdk.sandbox.problems import declared
from sekur_sdk.sandbox.routes.reading import at_or_after, before, equals, listed, one
from sekur_sdk.sandbox.store.database import Store
from sekur_sdk.sandbox.store.records import alerts, positions
from sekur_sdk.sandbox.trade import alerts as trade
from sekur_sdk.sandbox.trade.references import get as find

if TYPE_CHECKING:
    from sekur_sdk.sandbox.store.writer import Transaction

_ALERTS = Listing(
    alerts,
    sorts=("opened_at", "occurred_at", "created_at", "updated_at"),
    default="opened_at",
    changed="updated_at",
)
_POSITIONS = Listing(positions, sorts=("received_at", "fix_at"), default="received_at", changed="received_at")
_ACT = declared(400, 401, 403, 404, 409, 412, 422)


@get(
    "/alerts",
    guards=[needs("alerts:read")],
    sync_to_thread=True,
    operation_id="list_alerts",
    responses=declared(400, 401, 403),
)
def list_alerts(
    store: NamedDependency[Store],
    paging: NamedDependency[PageQuery],
    status: FromQuery[Literal["open", "acknowledged", "escalated", "resolved", "false_alarm"] | None] = None,
    kind: FromQuery[str | None] = None,
    site_id: FromQuery[str | None] = None,
    device_id: FromQuery[str | None] = None,
) -> Response[Page[Alert]]:
    """The alerts, by when the server had them; `kind` is open, as newer wearables may send new ones."""
    table = alerts.table
    return listed(
        store,
        _ALERTS,
        paging,
        equals(table.c.status, status),
        equals(table.c.kind, kind),
        equals(table.c.site_id, site_id),
        equals(table.c.device_id, device_id),
    )


@get(
    "/alerts/{id:str}",
    guards=[needs("alerts:read")],
    sync_to_thread=True,
    operation_id="get_alert",
    responses=declared(400, 401, 403, 404),
)
def get_alert(store: NamedDependency[Store], id: FromPath[str]) -> Response[Alert]:  # noqa: A002  # the path parameter's name in the contract
    """One alert."""
    return one(store, alerts, id, "alert")


@post(
    "/alerts/{id:str}/acknowledge",
    guards=[needs("alerts:write")],
    dto=Body[AlertAcknowledge],
    return_dto=None,
    status_code=200,
    sync_to_thread=True,
    operation_id="acknowledge_alert",
    responses=_ACT,
)
def acknowledge_alert(
    id: FromPath[str],  # noqa: A002  # the path parameter's name in the contract
    data: JSONBody[AlertAcknowledge],
    change: NamedDependency[Change],
) -> Response[Alert]:  # as above
    """The alert, taken in charge by a person; the wearer is told."""

    def acknowledge(tx: Transaction) -> Alert:
        return trade.acknowledge(tx, _current(tx, change, id), by=data.by or change.caller.name)

    return change.done(acknowledge)


@post(
    "/alerts/{id:str}/resolve",
    guards=[needs("alerts:write")],
    dto=Body[AlertResolve],
    return_dto=None,
    status_code=200,
    sync_to_thread=True,
    operation_id="resolve_alert",
    responses=_ACT,
)
def resolve_alert(id: FromPath[str], data: JSONBody[AlertResolve], change: NamedDependency[Change]) -> Response[Alert]:  # noqa: A002  # as above
    """The alert at its end; the wearer is told."""

    def resolve(tx: Transaction) -> Alert:
        return trade.resolve(
            tx,
            _current(tx, change, id),
            by=data.by or change.caller.name,
            resolution=data.resolution,
            false_alarm=data.false_alarm,
        )

    return change.done(resolve)


def _current(tx: Transaction, change: NamedDependency[Change], id_: str) -> Alert:
    alert = find(tx.connection, alerts, id_, "alert")
    change.check_version(alert)
    return alert


@get(
    "/positions",
    guards=[needs("geolocation:read")],
    sync_to_thread=True,
    operation_id="list_positions",
    responses=declared(400, 401, 403),
)
def list_positions(
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
    return listed(
        store,
        _POSITIONS,
        paging,
        equals(table.c.device_id, device_id),
        equals(table.c.duty_id, duty_id),
        equals(table.c.alert_id, alert_id),
        at_or_after(table.c.received_at, "received_from", received_from),
        before(table.c.received_at, "received_before", received_before),
    )


HANDLERS = (list_alerts, get_alert, acknowledge_alert, resolve_alert, list_positions)
