"""Where the two shells differ by more than a keyword; written by hand on each side.

asyncio is not imported before it is needed: it costs a fifth of httpx.
"""

from __future__ import annotations

import time
import weakref
from typing import TYPE_CHECKING, TypeVar

from sekur_sdk.client.transport import AsyncHttpxTransport as DefaultTransport

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable

ResultT = TypeVar("ResultT")

__all__ = ["DefaultTransport", "Flag", "Lock", "in_thread", "make_lock", "monotonic", "sleep"]

monotonic = time.monotonic


class Lock:
    """A lock between the tasks of a loop; each loop has its own."""

    def __init__(self) -> None:
        self._locks: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Lock] = weakref.WeakKeyDictionary()

    async def __aenter__(self) -> None:
        import asyncio  # noqa: PLC0415  # see the module's docstring

        await self._locks.setdefault(asyncio.get_running_loop(), asyncio.Lock()).acquire()

    async def __aexit__(self, *_: object) -> None:
        import asyncio  # noqa: PLC0415  # see the module's docstring

        self._locks[asyncio.get_running_loop()].release()


def make_lock() -> Lock:
    """A lock between tasks."""
    return Lock()


async def in_thread(work: Callable[[], ResultT]) -> ResultT:
    """What `work` gives; it may take a while, and the loop goes on meanwhile."""
    import asyncio  # noqa: PLC0415  # see the module's docstring

    return await asyncio.to_thread(work)


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
