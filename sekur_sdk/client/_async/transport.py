"""What carries requests: httpx unless the client is given another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sekur_sdk.client.protocol import Request, Response


class AsyncBody(Protocol):
    """An answer as it comes in."""

    @property
    def status(self) -> int:
        """The status code."""
        ...

    @property
    def headers(self) -> Mapping[str, str]:
        """The headers, their names in lower case."""
        ...

    async def read_chunk(self) -> bytes:
        """The next bytes, with any content coding undone; empty at the end."""
        ...

    def abort(self) -> None:
        """Wakes a `read_chunk` that is waited in elsewhere."""
        ...

    async def aclose(self) -> None:
        """Gives the connection up."""
        ...


class AsyncTransport(Protocol):
    """Carries a request and brings the answer; whatever fails is raised as a `TransportError`."""

    async def send(self, request: Request) -> Response:
        """The whole answer."""
        ...

    async def open(self, request: Request) -> AsyncBody:
        """The answer from its head on."""
        ...

    async def aclose(self) -> None:
        """Closes its connections."""
        ...
