"""An unofficial, typed SDK for SEKUR.

A name is loaded when first used, so that importing the package costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from msgspec import (
        UNSET,
    )

    from sekur_sdk import models
    from sekur_sdk.client._async.client import (
        AsyncSekurClient,
    )
    from sekur_sdk.client._async.event_stream import (
        AsyncEventStream,
    )
    from sekur_sdk.client._async.pager import (
        AsyncPager,
    )
    from sekur_sdk.client._async.transport import (
        AsyncBody,
        AsyncTransport,
    )
    from sekur_sdk.client._sync.client import (
        SekurClient,
    )
    from sekur_sdk.client._sync.event_stream import (
        EventStream,
    )
    from sekur_sdk.client._sync.pager import (
        Pager,
    )
    from sekur_sdk.client._sync.transport import (
        Body,
        Transport,
    )
    from sekur_sdk.client.errors import (
        APIError,
        ArgumentError,
        AuthenticationError,
        BadRequestError,
        ClientClosedError,
        ConfigurationError,
        ConflictError,
        ConnectError,
        ConnectionLostError,
        ConnectTimeoutError,
        DeadlineExceededError,
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
        WriteTimeoutError,
    )
    from sekur_sdk.client.operations.quotes import (
        NewLine,
    )
    from sekur_sdk.client.operations.service import (
        Health,
    )
    from sekur_sdk.client.options import (
        CallOptions,
        ListOptions,
        PostOptions,
        Timeouts,
    )
    from sekur_sdk.client.protocol import (
        Request,
        Response,
    )
    from sekur_sdk.client.retry import (
        RetryPolicy,
    )
    from sekur_sdk.client.secret import (
        Secret,
    )

    __version__: str

_HOMES = {
    "UNSET": "msgspec",
    "AsyncSekurClient": "sekur_sdk.client._async.client",
    "AsyncEventStream": "sekur_sdk.client._async.event_stream",
    "AsyncPager": "sekur_sdk.client._async.pager",
    "AsyncBody": "sekur_sdk.client._async.transport",
    "AsyncTransport": "sekur_sdk.client._async.transport",
    "SekurClient": "sekur_sdk.client._sync.client",
    "EventStream": "sekur_sdk.client._sync.event_stream",
    "Pager": "sekur_sdk.client._sync.pager",
    "Body": "sekur_sdk.client._sync.transport",
    "Transport": "sekur_sdk.client._sync.transport",
    "APIError": "sekur_sdk.client.errors",
    "ArgumentError": "sekur_sdk.client.errors",
    "AuthenticationError": "sekur_sdk.client.errors",
    "BadRequestError": "sekur_sdk.client.errors",
    "ClientClosedError": "sekur_sdk.client.errors",
    "ConfigurationError": "sekur_sdk.client.errors",
    "ConflictError": "sekur_sdk.client.errors",
    "ConnectError": "sekur_sdk.client.errors",
    "ConnectTimeoutError": "sekur_sdk.client.errors",
    "ConnectionLostError": "sekur_sdk.client.errors",
    "DeadlineExceededError": "sekur_sdk.client.errors",
    "NotFoundError": "sekur_sdk.client.errors",
    "PermissionDeniedError": "sekur_sdk.client.errors",
    "PoolTimeoutError": "sekur_sdk.client.errors",
    "PreconditionFailedError": "sekur_sdk.client.errors",
    "PreconditionRequiredError": "sekur_sdk.client.errors",
    "RateLimitError": "sekur_sdk.client.errors",
    "ReadTimeoutError": "sekur_sdk.client.errors",
    "RepeatedCursorError": "sekur_sdk.client.errors",
    "ResponseDecodeError": "sekur_sdk.client.errors",
    "SekurError": "sekur_sdk.client.errors",
    "ServerError": "sekur_sdk.client.errors",
    "TransportError": "sekur_sdk.client.errors",
    "UnprocessableError": "sekur_sdk.client.errors",
    "WriteTimeoutError": "sekur_sdk.client.errors",
    "NewLine": "sekur_sdk.client.operations.quotes",
    "Health": "sekur_sdk.client.operations.service",
    "CallOptions": "sekur_sdk.client.options",
    "ListOptions": "sekur_sdk.client.options",
    "PostOptions": "sekur_sdk.client.options",
    "Timeouts": "sekur_sdk.client.options",
    "Request": "sekur_sdk.client.protocol",
    "Response": "sekur_sdk.client.protocol",
    "RetryPolicy": "sekur_sdk.client.retry",
    "Secret": "sekur_sdk.client.secret",
}

__all__ = [
    "UNSET",
    "APIError",
    "ArgumentError",
    "AsyncBody",
    "AsyncEventStream",
    "AsyncPager",
    "AsyncSekurClient",
    "AsyncTransport",
    "AuthenticationError",
    "BadRequestError",
    "Body",
    "CallOptions",
    "ClientClosedError",
    "ConfigurationError",
    "ConflictError",
    "ConnectError",
    "ConnectTimeoutError",
    "ConnectionLostError",
    "DeadlineExceededError",
    "EventStream",
    "Health",
    "ListOptions",
    "NewLine",
    "NotFoundError",
    "Pager",
    "PermissionDeniedError",
    "PoolTimeoutError",
    "PostOptions",
    "PreconditionFailedError",
    "PreconditionRequiredError",
    "RateLimitError",
    "ReadTimeoutError",
    "RepeatedCursorError",
    "Request",
    "Response",
    "ResponseDecodeError",
    "RetryPolicy",
    "Secret",
    "SekurClient",
    "SekurError",
    "ServerError",
    "Timeouts",
    "Transport",
    "TransportError",
    "UnprocessableError",
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
