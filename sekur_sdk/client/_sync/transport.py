# Made from client/_async by tools/generate_sync.py: change it there.
"""What carries requests: httpx unless the client is given another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sekur_sdk.client.protocol import Request, Response


class Body(Protocol):
    """An answer as it comes in."""

    @property
    def status(self) -> int:
        """The status code."""
        ...

    @property
    def headers(self) -> Mapping[str, str]:
        """The headers, their names in lower case."""
        ...

    def read_chunk(self) -> bytes:
        """The next bytes, with any content coding undone; empty at the end."""
        ...

    def abort(self) -> None:
        """Wakes a `read_chunk` that is waited in elsewhere."""
        ...

    def close(self) -> None:
        """Gives the connection up."""
        ...


class Transport(Protocol):
    """Carries a request and brings the answer; whatever fails is raised as a `TransportError`."""

    def send(self, request: Request) -> Response:
        """The whole answer."""
        ...

    def open(self, request: Request) -> Body:
        """The answer from its head on."""
        ...

    def close(self) -> None:
        """Closes its connections."""
        ...
