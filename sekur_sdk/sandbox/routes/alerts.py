"""Alerts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody

from sekur_sdk.models.alerts import Alert
from sekur_sdk.models.paging import Page
from sekur_sdk.sandbox.access import needs
from sekur_sdk.sandbox.idempotency import Change
from sekur_sdk.sandbox.inputs.body import Body
from sekur_sdk.sandbox.inputs.operations import AlertAcknowledge, AlertResolve
from sekur_sdk.sandbox.inputs.safety import AlertEscalate, AlertRaise
from sekur_sdk.sandbox.paging import Listing, PageQuery
from sekur_sdk.sandbox.problems import declared
from sekur_sdk.sandbox.routes.reading import equals, listed, one
from sekur_sdk.sandbox.store.database import Store
from sekur_sdk.sandbox.store.records import alerts
from sekur_sdk.sandbox.trade import alerts as trade
from sekur_sdk.sandbox.trade import app_alerts
from sekur_sdk.sandbox.trade.references import get as find

if TYPE_CHECKING:
    from sekur_sdk.sandbox.store.writer import Transaction

_ALERTS = Listing(
    alerts,
    sorts=("opened_at", "occurred_at", "created_at", "updated_at"),
    default="opened_at",
    changed="updated_at",
)
_ACT = declared(400, 401, 403, 404, 409, 412, 422)


@get(
    "/alerts",
    guards=[needs("alerts:read")],
    sync_to_thread=True,
    operation_id="list_alerts",
    opt=_ALERTS.told,
    responses=declared(400, 401, 403),
)
def list_alerts(
    store: NamedDependency[Store],
    paging: NamedDependency[PageQuery],
    status: FromQuery[Literal["open", "acknowledged", "escalated", "resolved", "false_alarm"] | None] = None,
    kind: FromQuery[str | None] = None,
    site_id: FromQuery[str | None] = None,
    device_id: FromQuery[str | None] = None,
    employee_id: FromQuery[str | None] = None,
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
        equals(table.c.employee_id, employee_id),
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
    "/alerts",
    guards=[needs("alerts:write")],
    dto=Body[AlertRaise],
    return_dto=None,
    sync_to_thread=True,
    operation_id="raise_alert",
    responses=declared(400, 401, 403, 409, 422),
)
def raise_alert(data: JSONBody[AlertRaise], change: NamedDependency[Change]) -> Response[Alert]:
    """A call for help by an app; one sent again under its `uid` is the first."""
    return change.created(lambda tx: app_alerts.raise_alert(tx, data), "/api/v1/alerts")


@post(
    "/alerts/{id:str}/escalate",
    guards=[needs("alerts:write")],
    dto=Body[AlertEscalate],
    return_dto=None,
    status_code=200,
    sync_to_thread=True,
    operation_id="escalate_alert",
    responses=_ACT,
)
def escalate_alert(
    id: FromPath[str],  # noqa: A002  # the path parameter's name in the contract
    data: JSONBody[AlertEscalate],
    change: NamedDependency[Change],
) -> Response[Alert]:
    """The alert, called out to the next level."""
    return change.done(lambda tx: trade.escalate(tx, _current(tx, change, id), by=data.by or change.caller.name))


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


HANDLERS = (list_alerts, get_alert, raise_alert, acknowledge_alert, escalate_alert, resolve_alert)
