"""Requests for signatures."""

from __future__ import annotations

from typing import cast

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.enums import MediaType

from sekur_sdk.models.signatures import SignatureUsage
from sekur_sdk.sandbox.access import needs
from sekur_sdk.sandbox.inputs.billing import Nothing
from sekur_sdk.sandbox.inputs.signatures import (
    SignatureCreate,
    SignatureDecline,
    SignatureStatusName,
    SignatureStep,
    SignatureUpdate,
)
from sekur_sdk.sandbox.problems import declared
from sekur_sdk.sandbox.routes.resource import Routes
from sekur_sdk.sandbox.store.database import Store
from sekur_sdk.sandbox.store.records import signature_requests
from sekur_sdk.sandbox.trade import signatures as trade
from sekur_sdk.wire import encode

_REQUESTS = Routes(
    path="/signature-requests", module="signatures", what="signature request", records=signature_requests
)


@get(
    "/signature-usage",
    guards=[needs("signatures:read")],
    sync_to_thread=True,
    operation_id="get_signature_usage",
    responses=declared(400, 401, 403),
)
def get_signature_usage(store: NamedDependency[Store]) -> Response[SignatureUsage]:
    """How many signatures were given, and their price by article 7.1."""
    with store.read() as connection:
        answer = Response(encode(trade.usage(connection, store.now())), media_type=MediaType.JSON)
    return cast("Response[SignatureUsage]", answer)


HANDLERS = (
    _REQUESTS.list(
        sorts=("expires_at", "created_at", "updated_at"),
        default="created_at",
        equal={"status": SignatureStatusName, "document_id": str},
    ),
    _REQUESTS.get(),
    _REQUESTS.create(SignatureCreate, lambda tx, data, change: trade.create_request(tx, data, change.caller)),
    _REQUESTS.update(SignatureUpdate, lambda tx, request, data, _: trade.update_request(tx, request, data)),
    _REQUESTS.step("send", Nothing, lambda tx, request, *_: trade.send_request(tx, request)),
    _REQUESTS.step("cancel", Nothing, lambda tx, request, *_: trade.cancel_request(tx, request)),
    _REQUESTS.step(
        "view", SignatureStep, lambda tx, request, data, change: trade.view_request(tx, request, data, change.caller)
    ),
    _REQUESTS.step(
        "sign", SignatureStep, lambda tx, request, data, change: trade.sign_request(tx, request, data, change.caller)
    ),
    _REQUESTS.step(
        "decline",
        SignatureDecline,
        lambda tx, request, data, change: trade.decline_request(tx, request, data, change.caller),
    ),
    get_signature_usage,
)
