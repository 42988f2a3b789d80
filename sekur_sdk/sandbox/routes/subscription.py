"""The subscription to SEKUR: packs, quota, prices; incidents of its availability and what they come to."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated

from litestar import Response, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromQuery, JSONBody, QueryParameter

from sekur_sdk.models.availability import AvailabilityReport
from sekur_sdk.models.scalars import parse_decimal
from sekur_sdk.models.subscription import Subscription, SubscriptionPrice
from sekur_sdk.sandbox.access import needs
from sekur_sdk.sandbox.idempotency import Change
from sekur_sdk.sandbox.inputs.availability import (
    IncidentCreate,
    IncidentEnd,
    IncidentKindName,
    IncidentStatusName,
    IncidentUpdate,
)
from sekur_sdk.sandbox.inputs.billing import Nothing
from sekur_sdk.sandbox.inputs.body import Body
from sekur_sdk.sandbox.inputs.subscription import PriceQuestion, SubscriptionUpdate
from sekur_sdk.sandbox.paging import Listing, bad_parameter
from sekur_sdk.sandbox.problems import declared
from sekur_sdk.sandbox.routes.reading import shown
from sekur_sdk.sandbox.routes.resource import Routes, lister
from sekur_sdk.sandbox.store.database import Store
from sekur_sdk.sandbox.store.records import incidents, overages
from sekur_sdk.sandbox.trade import availability, subscription
from sekur_sdk.sandbox.trade.billing import french_day

if TYPE_CHECKING:
    from decimal import Decimal

    from sekur_sdk.sandbox.store.writer import Transaction

_INCIDENTS = Routes(
    path="/availability-incidents", module="subscription", what="availability incident", records=incidents
)
Euros = Annotated[str | None, QueryParameter(pattern=r"^(0|[1-9][0-9]{0,9})(\.[0-9]{1,2}0{0,2})?$")]


@get(
    "/subscription",
    guards=[needs("subscription:read")],
    sync_to_thread=True,
    operation_id="get_subscription",
    responses=declared(400, 401, 403, 404),
)
def get_subscription(store: NamedDependency[Store]) -> Response[Subscription]:
    """What the organisation ordered of SEKUR, what it uses of it, what it costs."""
    with store.read() as connection:
        return shown(subscription.shown(connection, subscription.order_of(connection), store.now()))


@patch(
    "/subscription",
    guards=[needs("subscription:write")],
    dto=Body[SubscriptionUpdate],
    return_dto=None,
    sync_to_thread=True,
    operation_id="update_subscription",
    responses=declared(400, 401, 403, 404, 409, 412, 422, 428),
)
def update_subscription(data: JSONBody[SubscriptionUpdate], change: NamedDependency[Change]) -> Response[Subscription]:
    """The subscription with the sent fields changed: packs are ordered at once, fewer of them for the anniversary."""

    def update(tx: Transaction) -> Subscription:
        order = subscription.order_of(tx.connection)
        change.require_version(subscription.shown(tx.connection, order, tx.now))
        return subscription.update_subscription(tx, order, data)

    return change.done(update)


@post(
    "/subscription/price",
    guards=[needs("subscription:read")],
    dto=Body[PriceQuestion],
    return_dto=None,
    status_code=200,
    sync_to_thread=True,
    operation_id="price_subscription",
    responses=declared(400, 401, 403, 409, 422),
)
def price_subscription(data: JSONBody[PriceQuestion], change: NamedDependency[Change]) -> Response[SubscriptionPrice]:
    """What a subscription ordered today would cost; nothing is ordered."""
    return change.done(lambda tx: subscription.price_question(data, french_day(tx.now)))


@get(
    "/availability/report",
    guards=[needs("subscription:read")],
    sync_to_thread=True,
    operation_id="get_availability_report",
    responses=declared(400, 401, 403, 404),
)
def get_availability_report(
    store: NamedDependency[Store],
    on: FromQuery[date | None] = None,
    yearly_fee: Euros = None,
    already_paid: Euros = None,
) -> Response[AvailabilityReport]:
    """The contract year of the day `on`: downtime, and the penalty in each reading of the terms."""
    fee, paid = _euros("yearly_fee", yearly_fee), _euros("already_paid", already_paid)
    with store.read() as connection:
        return shown(availability.report(connection, store.now(), on=on, yearly_fee=fee, already_paid=paid))


def _euros(name: str, text: str | None) -> Decimal | None:
    try:
        return None if text is None else round(parse_decimal(text, places=4), 2)
    except ValueError as error:
        raise bad_parameter(name, "Euros, like 2159.76") from error


HANDLERS = (
    get_subscription,
    update_subscription,
    price_subscription,
    lister(
        "/subscription/overages",
        "subscription",
        "overages",
        Listing(overages, sorts=("started_at",), default="started_at", changed="updated_at"),
        equal={"user_id": str},
    ),
    _INCIDENTS.list(
        sorts=("started_at", "created_at", "updated_at"),
        default="started_at",
        equal={"kind": IncidentKindName, "status": IncidentStatusName},
    ),
    _INCIDENTS.get(),
    _INCIDENTS.create(IncidentCreate, lambda tx, data, _: availability.create_incident(tx, data)),
    _INCIDENTS.update(IncidentUpdate, lambda tx, found, data, _: availability.update_incident(tx, found, data)),
    _INCIDENTS.step("end", IncidentEnd, lambda tx, found, data, _: availability.end_incident(tx, found, data.ended_at)),
    _INCIDENTS.step("withdraw", Nothing, lambda tx, found, *_: availability.withdraw_incident(tx, found)),
    get_availability_report,
)
