"""Requests over httpx: the one module that knows the HTTP library.

An error of the library is put into the SDK's own words and raised outside the handler: httpx's hold the request with its token.
"""

from __future__ import annotations

import contextlib
import ipaddress
import socket
import ssl
import threading
import time
from typing import TYPE_CHECKING, TypedDict
from urllib.parse import urlsplit

import httpx

from sekur_sdk.client.errors import (
    ConnectError,
    ConnectionLostError,
    ConnectTimeoutError,
    PoolTimeoutError,
    ReadTimeoutError,
    TransportError,
    WriteTimeoutError,
)
from sekur_sdk.client.protocol import Request, Response

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator, Mapping

_CAUSES: tuple[tuple[type[httpx.RequestError], type[TransportError], str], ...] = (
    (httpx.ConnectTimeout, ConnectTimeoutError, "no connection in time"),
    (httpx.PoolTimeout, PoolTimeoutError, "no free connection in time"),
    (httpx.ReadTimeout, ReadTimeoutError, "no answer in time"),
    (httpx.WriteTimeout, WriteTimeoutError, "the request could not be sent in time"),
    (httpx.ConnectError, ConnectError, "no connection"),
    (httpx.ProxyError, ConnectError, "the proxy made no connection"),
    (httpx.UnsupportedProtocol, ConnectError, "not an address of http or https"),
)

_MAX_REASON = 200

_LIMITS = httpx.Limits(max_connections=100, max_keepalive_connections=20, keepalive_expiry=30.0)


class HttpxBody:
    """An answer as it comes in."""

    def __init__(self, answer: httpx.Response, request: Request) -> None:
        self.status: int = answer.status_code
        self.headers: Mapping[str, str] = _read_headers(answer)
        self._answer = answer
        self._request = request
        self._chunks: Iterator[bytes] = answer.iter_bytes()

    def read_chunk(self) -> bytes:
        """The next bytes; empty at the end."""
        try:
            return next(self._chunks, b"")
        except (httpx.RequestError, httpx.StreamError, OSError) as error:
            failure = _translate(error, self._request)
        raise failure

    def abort(self) -> None:
        """Wakes a `read_chunk` that another thread waits in; it finds the connection lost."""
        _shut_down(self._answer)

    def close(self) -> None:
        """Gives the connection up."""
        self._answer.close()


class HttpxTransport:
    """Requests over one pool of connections, made with the first request."""

    def __init__(self, base_url: str, *, wire: httpx.BaseTransport | None = None) -> None:
        self._settings = _settings(base_url)
        self._wire = wire
        self._lock = threading.Lock()
        self._client: httpx.Client | None = None

    def send(self, request: Request) -> Response:
        """The whole answer.

        Raises:
            TransportError: none came, in the class of its cause.
        """
        body = self.open(request)
        try:
            chunks = []
            while chunk := body.read_chunk():
                chunks.append(chunk)
                _check_time(request)
        finally:
            body.close()
        return Response(status=body.status, headers=body.headers, body=b"".join(chunks))

    def open(self, request: Request) -> HttpxBody:
        """The answer from its head on.

        Raises:
            TransportError: none came, in the class of its cause.
        """
        try:
            return HttpxBody(self._connect().send(_write(request), stream=True), request)
        except (httpx.RequestError, httpx.InvalidURL, OSError) as error:
            failure = _translate(error, request)
        raise failure

    def close(self) -> None:
        """Closes the pool."""
        with self._lock:
            client, self._client = self._client, None
        if client is not None:
            client.close()

    def _connect(self) -> httpx.Client:
        client = self._client
        if client is None:
            with self._lock:
                if self._client is None:
                    self._client = httpx.Client(transport=self._wire, limits=_LIMITS, **self._settings)
                client = self._client
        return client


class AsyncHttpxBody:
    """An answer as it comes in."""

    def __init__(self, answer: httpx.Response, request: Request) -> None:
        self.status: int = answer.status_code
        self.headers: Mapping[str, str] = _read_headers(answer)
        self._answer = answer
        self._request = request
        self._chunks: AsyncIterator[bytes] = answer.aiter_bytes()

    async def read_chunk(self) -> bytes:
        """The next bytes; empty at the end."""
        try:
            return await anext(self._chunks, b"")
        except (httpx.RequestError, httpx.StreamError, OSError) as error:
            failure = _translate(error, self._request)
        raise failure

    def abort(self) -> None:
        """Wakes a `read_chunk` that another task waits in; it finds the connection lost."""
        _shut_down(self._answer)

    async def aclose(self) -> None:
        """Gives the connection up."""
        await self._answer.aclose()


class AsyncHttpxTransport:
    """Requests over one pool of connections, made with the first request."""

    def __init__(self, base_url: str, *, wire: httpx.AsyncBaseTransport | None = None) -> None:
        self._settings = _settings(base_url)
        self._wire = wire
        self._client: httpx.AsyncClient | None = None

    async def send(self, request: Request) -> Response:
        """The whole answer.

        Raises:
            TransportError: none came, in the class of its cause.
        """
        body = await self.open(request)
        try:
            chunks = []
            while chunk := await body.read_chunk():
                chunks.append(chunk)
                _check_time(request)
        finally:
            await body.aclose()
        return Response(status=body.status, headers=body.headers, body=b"".join(chunks))

    async def open(self, request: Request) -> AsyncHttpxBody:
        """The answer from its head on.

        Raises:
            TransportError: none came, in the class of its cause.
        """
        if self._client is None:
            self._client = httpx.AsyncClient(transport=self._wire, limits=_LIMITS, **self._settings)
        try:
            return AsyncHttpxBody(await self._client.send(_write(request), stream=True), request)
        except (httpx.RequestError, httpx.InvalidURL, OSError) as error:
            failure = _translate(error, request)
        raise failure

    async def aclose(self) -> None:
        """Closes the pool."""
        client, self._client = self._client, None
        if client is not None:
            await client.aclose()


class _Settings(TypedDict, total=False):
    verify: ssl.SSLContext | bool
    mounts: Mapping[str, None]


def _settings(base_url: str) -> _Settings:
    parts = urlsplit(base_url)
    host = parts.hostname or ""
    settings = _Settings()
    if _is_loopback(host):
        # a proxy of the environment can't reach this machine's own loopback
        settings["mounts"] = {f"all://[{host}]" if ":" in host else f"all://{host}": None}
        if parts.scheme == "http":
            # Loading the certificate authorities costs more than the first request, for nothing here. This context trusts nobody.
            settings["verify"] = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    return settings


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _write(request: Request) -> httpx.Request:
    timeouts = request.timeouts
    return httpx.Request(
        request.method,
        request.url,
        headers=list(request.headers),
        content=request.body,
        extensions={
            "timeout": {
                "connect": timeouts.connect,
                "read": timeouts.read,
                "write": timeouts.write,
                "pool": timeouts.pool,
            }
        },
    )


def _read_headers(answer: httpx.Response) -> Mapping[str, str]:
    return {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in answer.headers.raw}


def _check_time(request: Request) -> None:
    if request.expires_at is not None and time.monotonic() > request.expires_at:
        failure = ReadTimeoutError("the answer was not whole in time")
        failure.request_id = request.request_id
        raise failure


def _translate(error: Exception, request: Request) -> TransportError:
    for theirs, ours, text in _CAUSES:
        if isinstance(error, theirs):
            reason = " ".join(str(error).split())[:_MAX_REASON] if ours is ConnectError else ""
            failure = ours(_place(f"{text} ({reason})" if reason else text, request))
            break
    else:
        text = "the answer can't be unpacked" if isinstance(error, httpx.DecodingError) else "the connection broke"
        failure = ConnectionLostError(_place(text, request))
    failure.request_id = request.request_id
    return failure


def _place(text: str, request: Request) -> str:
    parts = urlsplit(request.url)
    return f"{text}: {request.method} {parts.scheme}://{parts.netloc}{parts.path}"


def _shut_down(answer: httpx.Response) -> None:
    stream = answer.extensions.get("network_stream")
    found = None if stream is None else stream.get_extra_info("socket")
    if found is None:
        return
    with contextlib.suppress(OSError):  # closed already
        if isinstance(found, socket.socket):
            socket.socket.shutdown(
                found, socket.SHUT_RDWR
            )  # SSLSocket's own would pull its state from under the reader
        else:
            found.shutdown(socket.SHUT_RDWR)
