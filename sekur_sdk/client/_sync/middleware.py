# Made from client/_async by tools/generate_sync.py: change it there.
"""What stands between the client and its transport."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Protocol

from sekur_sdk.client.protocol import Request, Response

Send = Callable[[Request], Response]
"""Carries a request on, to the next middleware or to the transport."""


class Middleware(Protocol):
    """Sees each try of each call: it may change the request (`attrs.evolve`), look at the answer, or give one of its own.

    Of an answer that is read as it comes (events, downloads) it sees status and headers; `body` is empty.
    """

    def __call__(self, request: Request, send: Send, /) -> Response:
        """The answer to `request`, as a rule that of `send`."""
        ...


def through(middleware: Sequence[Middleware], send: Send) -> Send:
    """`send` behind `middleware`, the first of them outermost."""
    for layer in reversed(middleware):
        send = functools.partial(_call, layer, send)
    return send


def _call(layer: Middleware, send: Send, request: Request) -> Response:
    return layer(request, send)
