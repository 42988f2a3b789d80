"""Requests over httpx: the one module that knows the HTTP library.

An error of the library is put into the SDK's own words and raised outside the handler: httpx's hold the request with its token.
"""

from __future__ import annotations

import contextlib
import functools
import socket
import ssl
import threading
import time
import weakref
from collections.abc import AsyncIterable, Iterable
from typing import TYPE_CHECKING, Required, TypedDict
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
from sekur_sdk.client.forking import remember
from sekur_sdk.client.network import Network, is_loopback
from sekur_sdk.client.protocol import Request, Response

if TYPE_CHECKING:
    import asyncio
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping

    from sekur_sdk.client.abort import Abort
    from sekur_sdk.client.content import Content

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

_PLAIN = Network()

_Body = bytes | Iterable[bytes] | AsyncIterable[bytes] | None


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
        _shut_down(self._answer.extensions.get("network_stream"))

    def close(self) -> None:
        """Gives the connection up."""
        self._answer.close()


class HttpxTransport:
    """Requests over one pool of connections, made with the first request; each stream has a connection of its own."""

    def __init__(self, base_url: str, network: Network = _PLAIN, *, wire: httpx.BaseTransport | None = None) -> None:
        self._settings = _settings(base_url, network)
        self._wire = wire
        self.after_fork()
        remember(self)

    def after_fork(self) -> None:
        """Forgets the pools: their connections are the parent's."""
        self._lock = threading.Lock()
        self._pools: dict[bool, httpx.Client] = {}

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
        pool = self._pool(request.abort is not None)
        sent = _write(request, request.body, None if request.abort is None else _trace(request.abort))
        try:
            return HttpxBody(pool.send(sent, stream=True), request)
        except (httpx.RequestError, httpx.InvalidURL, OSError) as error:
            failure = _translate(error, request)
        raise failure

    def close(self) -> None:
        """Closes the pools."""
        with self._lock:
            pools = list(self._pools.values())
            self._pools.clear()
        for pool in pools:
            pool.close()

    def _pool(self, is_stream: bool) -> httpx.Client:
        pool = self._pools.get(is_stream)
        if pool is None:
            with self._lock:
                pool = self._pools.get(is_stream)
                if pool is None:
                    pool = self._pools[is_stream] = httpx.Client(transport=self._wire, **self._settings(is_stream))
        return pool


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
        _shut_down(self._answer.extensions.get("network_stream"))

    async def aclose(self) -> None:
        """Gives the connection up."""
        await self._answer.aclose()


class AsyncHttpxTransport:
    """Requests over one pool of connections an event loop, made with the first request; each stream has a connection of its own."""

    def __init__(
        self, base_url: str, network: Network = _PLAIN, *, wire: httpx.AsyncBaseTransport | None = None
    ) -> None:
        self._settings = _settings(base_url, network)
        self._wire = wire
        self.after_fork()
        remember(self)

    def after_fork(self) -> None:
        """Forgets the pools: their connections are the parent's."""
        self._pools: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, dict[bool, httpx.AsyncClient]]
        self._pools = weakref.WeakKeyDictionary()

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
        content = request.body
        body = content if content is None or isinstance(content, bytes) else _pieces(content)
        sent = _write(request, body, None if request.abort is None else _async_trace(request.abort))
        try:
            return AsyncHttpxBody(await self._pool(request.abort is not None).send(sent, stream=True), request)
        except (httpx.RequestError, httpx.InvalidURL, OSError) as error:
            failure = _translate(error, request)
        raise failure

    async def aclose(self) -> None:
        """Closes the pools: those of another loop there, while it runs."""
        import asyncio  # noqa: PLC0415  # costs a fifth of httpx, which loads it with the first request

        loop = asyncio.get_running_loop()
        pools = list(self._pools.items())
        self._pools.clear()
        for owner, clients in pools:
            for client in clients.values():
                if owner is loop:
                    await client.aclose()
                elif owner.is_running():
                    asyncio.run_coroutine_threadsafe(client.aclose(), owner)

    def _pool(self, is_stream: bool) -> httpx.AsyncClient:
        import asyncio  # noqa: PLC0415  # as above

        pools = self._pools.setdefault(asyncio.get_running_loop(), {})
        pool = pools.get(is_stream)
        if pool is None:
            pool = pools[is_stream] = httpx.AsyncClient(transport=self._wire, **self._settings(is_stream))
        return pool


async def _pieces(content: Content) -> AsyncIterator[bytes]:
    for piece in content:
        yield piece


class _Settings(TypedDict, total=False):
    limits: Required[httpx.Limits]
    verify: ssl.SSLContext | bool
    proxy: str
    mounts: Mapping[str, None]


def _settings(base_url: str, network: Network) -> Callable[[bool], _Settings]:
    parts = urlsplit(base_url)
    host = parts.hostname or ""
    settings = _Settings(
        limits=httpx.Limits(
            max_connections=network.max_connections,
            max_keepalive_connections=min(20, network.max_connections),
            keepalive_expiry=30.0,
        )
    )
    if network.proxy is not None:
        settings["proxy"] = network.proxy.reveal()
    elif is_loopback(host):
        # a proxy of the environment can't reach this machine's own loopback
        settings["mounts"] = {f"all://[{host}]" if ":" in host else f"all://{host}": None}
    if network.tls is not None:
        settings["verify"] = network.tls
    elif is_loopback(host) and parts.scheme == "http" and network.proxy is None:
        # Loading the certificate authorities costs more than the first request, for nothing here. This context trusts nobody.
        settings["verify"] = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    streams = _Settings(**settings | {"limits": httpx.Limits(max_keepalive_connections=0)})
    return lambda is_stream: streams if is_stream else settings


def _write(request: Request, body: _Body, trace: object) -> httpx.Request:
    timeouts = request.timeouts
    extensions: dict[str, object] = {
        "timeout": {
            "connect": timeouts.connect,
            "read": timeouts.read,
            "write": timeouts.write,
            "pool": timeouts.pool,
        }
    }
    if trace is not None:
        extensions["trace"] = trace
    return httpx.Request(
        request.method, request.url, headers=list(request.headers), content=body, extensions=extensions
    )


def _trace(abort: Abort) -> Callable[[str, Mapping[str, object]], None]:
    """Binds `abort` to the connection as soon as there is one."""

    def note(name: str, info: Mapping[str, object]) -> None:
        if name.endswith(("connect_tcp.complete", "start_tls.complete")):
            abort.bind(functools.partial(_shut_down, info["return_value"]))

    return note


def _async_trace(abort: Abort) -> Callable[[str, Mapping[str, object]], Awaitable[None]]:
    bind = _trace(abort)

    async def note(name: str, info: Mapping[str, object]) -> None:
        bind(name, info)

    return note


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


def _shut_down(stream: object) -> None:
    get_extra_info = getattr(stream, "get_extra_info", None)  # a network stream of httpx has it
    found = None if get_extra_info is None else get_extra_info("socket")
    if found is None:
        return
    with contextlib.suppress(OSError):  # closed already
        if isinstance(found, socket.socket):
            # SSLSocket's own would pull its state from under the reader
            socket.socket.shutdown(found, socket.SHUT_RDWR)
        else:
            found.shutdown(socket.SHUT_RDWR)
