"""An unofficial, typed SDK for SEKUR.

A name is loaded when first used, so that importing the package costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from msgspec import UNSET

    from sekur_sdk import models
    from sekur_sdk.client._async.client import AsyncSekurClient
    from sekur_sdk.client._async.event_stream import AsyncEventStream
    from sekur_sdk.client._async.middleware import AsyncMiddleware, AsyncSend
    from sekur_sdk.client._async.pager import AsyncPager
    from sekur_sdk.client._async.transport import AsyncBody, AsyncTransport
    from sekur_sdk.client._sync.client import SekurClient
    from sekur_sdk.client._sync.event_stream import EventStream
    from sekur_sdk.client._sync.middleware import Middleware, Send
    from sekur_sdk.client._sync.pager import Pager
    from sekur_sdk.client._sync.transport import Body, Transport
    from sekur_sdk.client.abort import Abort
    from sekur_sdk.client.content import Content
    from sekur_sdk.client.errors import (
        APIError,
        ArgumentError,
        AuthenticationError,
        BadRequestError,
        ChecksumError,
        ClientClosedError,
        ConfigurationError,
        ConflictError,
        ConnectError,
        ConnectionLostError,
        ConnectTimeoutError,
        DeadlineExceededError,
        ExportFailedError,
        NotFoundError,
        PermissionDeniedError,
        PoolTimeoutError,
        PreconditionFailedError,
        PreconditionRequiredError,
        RateLimitError,
        ReadTimeoutError,
        RepeatedCursorError,
        ResponseDecodeError,
        SekurError,
        ServerError,
        TransportError,
        UnprocessableError,
        WebhookError,
        WriteTimeoutError,
    )
    from sekur_sdk.client.operations.service import Health
    from sekur_sdk.client.options import CallOptions, ListOptions, PostOptions, Timeouts
    from sekur_sdk.client.paging import BadRecord
    from sekur_sdk.client.protocol import Request, Response
    from sekur_sdk.client.rate_limit import RateLimit
    from sekur_sdk.client.resources.billing import CreditedLine, NewLine
    from sekur_sdk.client.resources.contracts import NewPrice
    from sekur_sdk.client.resources.geolocation import NewPosition
    from sekur_sdk.client.resources.planning import NewShift
    from sekur_sdk.client.retry import RetryBudget, RetryPolicy
    from sekur_sdk.client.secret import Secret

    __version__: str

_NAMES = {
    "msgspec": "UNSET",
    "sekur_sdk.client._async.client": "AsyncSekurClient",
    "sekur_sdk.client._async.event_stream": "AsyncEventStream",
    "sekur_sdk.client._async.middleware": "AsyncMiddleware AsyncSend",
    "sekur_sdk.client._async.pager": "AsyncPager",
    "sekur_sdk.client._async.transport": "AsyncBody AsyncTransport",
    "sekur_sdk.client._sync.client": "SekurClient",
    "sekur_sdk.client._sync.event_stream": "EventStream",
    "sekur_sdk.client._sync.middleware": "Middleware Send",
    "sekur_sdk.client._sync.pager": "Pager",
    "sekur_sdk.client._sync.transport": "Body Transport",
    "sekur_sdk.client.abort": "Abort",
    "sekur_sdk.client.content": "Content",
    "sekur_sdk.client.errors": "APIError ArgumentError AuthenticationError BadRequestError ChecksumError ClientClosedError ConfigurationError ConflictError ConnectError ConnectTimeoutError ConnectionLostError DeadlineExceededError ExportFailedError NotFoundError PermissionDeniedError PoolTimeoutError PreconditionFailedError PreconditionRequiredError RateLimitError ReadTimeoutError RepeatedCursorError ResponseDecodeError SekurError ServerError TransportError UnprocessableError WebhookError WriteTimeoutError",
    "sekur_sdk.client.resources.billing": "CreditedLine NewLine",
    "sekur_sdk.client.resources.contracts": "NewPrice",
    "sekur_sdk.client.resources.planning": "NewShift",
    "sekur_sdk.client.resources.geolocation": "NewPosition",
    "sekur_sdk.client.operations.service": "Health",
    "sekur_sdk.client.options": "CallOptions ListOptions PostOptions Timeouts",
    "sekur_sdk.client.paging": "BadRecord",
    "sekur_sdk.client.protocol": "Request Response",
    "sekur_sdk.client.rate_limit": "RateLimit",
    "sekur_sdk.client.retry": "RetryBudget RetryPolicy",
    "sekur_sdk.client.secret": "Secret",
}
_HOMES = {name: module for module, names in _NAMES.items() for name in names.split()}

__all__ = [
    "UNSET",
    "APIError",
    "Abort",
    "ArgumentError",
    "AsyncBody",
    "AsyncEventStream",
    "AsyncMiddleware",
    "AsyncPager",
    "AsyncSekurClient",
    "AsyncSend",
    "AsyncTransport",
    "AuthenticationError",
    "BadRecord",
    "BadRequestError",
    "Body",
    "CallOptions",
    "ChecksumError",
    "ClientClosedError",
    "ConfigurationError",
    "ConflictError",
    "ConnectError",
    "ConnectTimeoutError",
    "ConnectionLostError",
    "Content",
    "CreditedLine",
    "DeadlineExceededError",
    "EventStream",
    "ExportFailedError",
    "Health",
    "ListOptions",
    "Middleware",
    "NewLine",
    "NewPosition",
    "NewPrice",
    "NewShift",
    "NotFoundError",
    "Pager",
    "PermissionDeniedError",
    "PoolTimeoutError",
    "PostOptions",
    "PreconditionFailedError",
    "PreconditionRequiredError",
    "RateLimit",
    "RateLimitError",
    "ReadTimeoutError",
    "RepeatedCursorError",
    "Request",
    "Response",
    "ResponseDecodeError",
    "RetryBudget",
    "RetryPolicy",
    "Secret",
    "SekurClient",
    "SekurError",
    "Send",
    "ServerError",
    "Timeouts",
    "Transport",
    "TransportError",
    "UnprocessableError",
    "WebhookError",
    "WriteTimeoutError",
    "__version__",
    "models",
]


def __getattr__(name: str) -> object:
    if name == "models":
        return import_module("sekur_sdk.models")
    if name == "__version__":
        from importlib.metadata import version  # noqa: PLC0415  # costs more than all the rest of this module

        return version("sekur-sdk")
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(home), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
