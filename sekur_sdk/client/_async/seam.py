"""Where the two shells differ by more than a keyword; written by hand on each side.

asyncio is not imported before it is needed: it costs a fifth of httpx.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from sekur_sdk.client.transport import AsyncHttpxTransport as DefaultTransport

if TYPE_CHECKING:
    import asyncio

__all__ = ["DefaultTransport", "Flag", "make_lock", "monotonic", "sleep"]

monotonic = time.monotonic


def make_lock() -> asyncio.Lock:
    """A lock between tasks."""
    import asyncio  # noqa: PLC0415  # see the module's docstring

    return asyncio.Lock()


async def sleep(seconds: float) -> None:
    """Waits."""
    import asyncio  # noqa: PLC0415  # see the module's docstring

    await asyncio.sleep(seconds)


class Flag:
    """A flag that can be waited for."""

    def __init__(self) -> None:
        import asyncio  # noqa: PLC0415  # see the module's docstring

        self._event = asyncio.Event()

    def is_set(self) -> bool:
        """Whether it was raised."""
        return self._event.is_set()

    def set(self) -> None:
        """Raises it, for good."""
        self._event.set()

    async def wait(self, seconds: float) -> bool:
        """Waits until it is raised, `seconds` at most; whether it is."""
        import asyncio  # noqa: PLC0415  # see the module's docstring

        try:
            await asyncio.wait_for(self._event.wait(), seconds)
        except TimeoutError:
            return False
        return True
