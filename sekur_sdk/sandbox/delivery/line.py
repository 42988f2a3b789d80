"""One try of one delivery: a POST that follows nowhere, ends in time, and keeps little of the answer."""

from __future__ import annotations

import asyncio
import ssl
import time
from functools import cache
from typing import TYPE_CHECKING, Any

import anyio
import attrs
import httpcore

from sekur_sdk.models.webhooks import WebhookAttempt
from sekur_sdk.sandbox.delivery.addresses import AddressRefusedError, Policy
from sekur_sdk.sandbox.delivery.signing import sign
from sekur_sdk.sandbox.release import RELEASE

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

TIMEOUT_S = 10.0
"""From the lookup of the name to the answer; a receiver answers first and works then."""

KEPT_OF_ANSWER = 200
"""Bytes of an answer that are kept, to find out what a receiver did not like."""


@attrs.frozen
class Parcel:
    """What is to be sent, and where to; `version` is the delivery's when it was taken."""

    delivery_id: str
    version: int
    url: str = attrs.field(repr=False)
    event_id: int
    body: bytes = attrs.field(repr=False)
    secrets: tuple[str, ...] = attrs.field(repr=False)


class _GuardedBackend(httpcore.AnyIOBackend):
    """Connects to addresses that the policy lets be called, and to no others."""

    def __init__(self, policy: Policy, *, secure: bool) -> None:
        self._policy = policy
        self._secure = secure

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109  # the signature is httpcore's
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """A connection to the first address that takes one."""
        addresses = await anyio.to_thread.run_sync(
            # a lookup that hangs is left behind when the time is over, and keeps nobody else from a thread
            lambda: self._policy.reachable(host, port, secure=self._secure),
            abandon_on_cancel=True,
            limiter=anyio.CapacityLimiter(1),
        )
        failure: Exception = AddressRefusedError()
        for address in addresses:
            try:
                return await super().connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure


async def send(parcel: Parcel, policy: Policy, at: datetime, *, timeout_s: float = TIMEOUT_S) -> WebhookAttempt:
    """Try once; whatever comes of it is an attempt, never an exception."""
    started = time.monotonic()
    status, error, answer = None, None, b""
    try:
        async with asyncio.timeout(timeout_s):
            status, answer = await _post(parcel, policy, at)
    except TimeoutError:
        error = "timeout"
    except AddressRefusedError:
        error = "address_refused"
    except httpcore.ConnectError as refusal:
        is_tls = isinstance(refusal.__cause__ or refusal.__context__, ssl.SSLError)
        error = "tls_failed" if is_tls else "connection_failed"
    except (httpcore.NetworkError, httpcore.TimeoutException):
        error = "connection_failed"
    except httpcore.ProtocolError:
        error = "no_http"
    except (OSError, UnicodeError, ValueError):
        # what the lookup of a name raises
        error = "name_not_found"
    duration_ms = int((time.monotonic() - started) * 1000)
    text = answer.decode("utf-8", "replace") if answer else None
    return WebhookAttempt(at=at, duration_ms=duration_ms, status=status, error=error, answer=text)


async def _post(parcel: Parcel, policy: Policy, at: datetime) -> tuple[int, bytes]:
    timestamp = int(at.timestamp())
    headers = {
        "content-type": "application/json",
        "content-length": str(len(parcel.body)),
        "accept-encoding": "identity",
        "connection": "close",
        "user-agent": f"sekur-sandbox/{RELEASE}",
        "webhook-id": str(parcel.event_id),
        "webhook-timestamp": str(timestamp),
        "webhook-signature": sign(parcel.body, str(parcel.event_id), timestamp, parcel.secrets),
    }
    url = httpcore.URL(parcel.url)
    backend = _GuardedBackend(policy, secure=url.scheme == b"https")
    async with (
        httpcore.AsyncConnectionPool(ssl_context=_tls(), network_backend=backend) as pool,
        pool.stream("POST", url, headers=[*headers.items(), ("host", _host(url))], content=parcel.body) as response,
    ):
        kept = b""
        async for piece in response.aiter_stream():
            kept += piece
            if len(kept) >= KEPT_OF_ANSWER:
                break
        return response.status, kept[:KEPT_OF_ANSWER]


def _host(url: httpcore.URL) -> str:
    host = url.host.decode()
    host = f"[{host}]" if ":" in host else host
    return host if url.port is None else f"{host}:{url.port}"


@cache
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context()
