"""What stands between the client and its transport."""

from __future__ import annotations

import functools
from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

from sekur_sdk.client.protocol import Request, Response

AsyncSend = Callable[[Request], Awaitable[Response]]
"""Carries a request on, to the next middleware or to the transport."""


class AsyncMiddleware(Protocol):
    """Sees each try of each call: it may change the request (`attrs.evolve`), look at the answer, or give one of its own.

    Of an answer that is read as it comes (events, downloads) it sees status and headers; `body` is empty.
    """

    async def __call__(self, request: Request, send: AsyncSend, /) -> Response:
        """The answer to `request`, as a rule that of `send`."""
        ...


def through(middleware: Sequence[AsyncMiddleware], send: AsyncSend) -> AsyncSend:
    """`send` behind `middleware`, the first of them outermost."""
    for layer in reversed(middleware):
        send = functools.partial(_call, layer, send)
    return send


async def _call(layer: AsyncMiddleware, send: AsyncSend, request: Request) -> Response:
    return await layer(request, send)
