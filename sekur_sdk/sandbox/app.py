"""The sandbox as an ASGI application."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, cast

from litestar import Litestar, Request, Router
from litestar.datastructures import State
from litestar.di import Provide

from sekur_sdk.sandbox.delivery.addresses import Policy
from sekur_sdk.sandbox.idempotency import Running, provide_change
from sekur_sdk.sandbox.openapi import DecimalSchema, StrictSchema, openapi_config
from sekur_sdk.sandbox.paging import bad_parameter, provide_page_query
from sekur_sdk.sandbox.problems import API_VERSION, VERSION_HEADER, RefusalError, answer, send_request_id
from sekur_sdk.sandbox.routes import (
    accounts,
    alerts,
    attachments,
    billing,
    client_access,
    company,
    contracts,
    documents,
    duties,
    events,
    exports,
    geolocation,
    logbook,
    meta,
    payroll,
    people,
    planning,
    portal,
    privacy,
    pti,
    rounds,
    signatures,
    subscription,
    wearables,
    webhooks,
)
from sekur_sdk.sandbox.store.database import Store  # noqa: TC001  # Litestar resolves the annotation at run time

if TYPE_CHECKING:
    from sekur_sdk.sandbox.access import Access
    from sekur_sdk.sandbox.feed import EventFeed

BASE = "/api/v1"
MAX_BODY_BYTES = 1024 * 1024
DEFAULT_POLICY = Policy()

_TIMES = ("_since", "_from", "_before")
"""How the names of the parameters end that are days or times."""
_TIME = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


class SandboxRequest(Request[object, object, State]):
    """A request whose missing body is an empty object: actions need none."""

    async def body(self) -> bytes:
        """The body as sent, or `{}`."""
        return await super().body() or b"{}"


def refuse_unknown_parameters(request: Request[object, object, State]) -> None:
    """400 for a query parameter that the route does not have, and for another version of the contract.

    Raises:
        RefusalError: 400.
    """
    version = request.headers.get(VERSION_HEADER, API_VERSION)
    if version != API_VERSION:
        raise RefusalError(400, f"Sekur-Version: this server speaks {API_VERSION} alone.")
    known = request.route_handler.create_kwargs_model(path_parameters={}).expected_query_params
    names = {parameter.field_alias for parameter in known}
    seen: set[str] = set()
    for name, value in request.query_params.multi_items():
        if name not in names:
            raise bad_parameter(name if name.isidentifier() else "?", "This route has no such parameter")
        if name in seen:
            raise bad_parameter(name, "Given more than once")
        # the framework would read it as not given, and a number as seconds since 1970
        if value == "null":
            raise bad_parameter(name, "Leave it out instead")
        if (name.endswith(_TIMES) or name == "on") and not _TIME.match(value):
            raise bad_parameter(name, "A day or a time, like 2026-11-07 or 2026-11-07T19:00:00Z")
        seen.add(name)


def provide_store(request: Request[object, object, State]) -> Store:
    """The `store` of a handler's signature."""
    return cast("Store", request.app.state.store)


def attach(app: Litestar, store: Store, feed: EventFeed, access: Access) -> None:
    """Make the application answer from an open store."""
    app.state.update({"store": store, "feed": feed, "access": access, "running": Running()})


def create_app(*, webhook_policy: Policy = DEFAULT_POLICY) -> Litestar:
    """The application, whose webhooks go where the policy says; it answers once a store is attached."""
    api = Router(
        BASE,
        route_handlers=[
            meta.get_health,
            meta.create_token,
            *accounts.HANDLERS,
            *company.HANDLERS,
            *people.HANDLERS,
            *documents.HANDLERS,
            *planning.HANDLERS,
            *duties.HANDLERS,
            *billing.HANDLERS,
            *contracts.HANDLERS,
            *payroll.HANDLERS,
            *subscription.HANDLERS,
            *logbook.HANDLERS,
            *rounds.HANDLERS,
            *attachments.HANDLERS,
            *alerts.HANDLERS,
            *geolocation.HANDLERS,
            *pti.HANDLERS,
            *wearables.HANDLERS,
            *privacy.HANDLERS,
            *events.HANDLERS,
            *client_access.HANDLERS,
            *portal.HANDLERS,
            *webhooks.handlers(webhook_policy),
            *signatures.HANDLERS,
            *exports.HANDLERS,
        ],
        dependencies={
            "store": Provide(provide_store, sync_to_thread=False),
            "paging": Provide(provide_page_query, sync_to_thread=False),
            "change": Provide(provide_change),
        },
    )
    return Litestar(
        [api],
        request_class=SandboxRequest,
        before_request=refuse_unknown_parameters,
        before_send=[send_request_id],
        exception_handlers={Exception: answer},
        request_max_body_size=MAX_BODY_BYTES,
        logging_config=None,
        openapi_config=openapi_config(BASE),
        plugins=[DecimalSchema(), StrictSchema()],
    )
