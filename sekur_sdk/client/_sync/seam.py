"""Where the two shells differ by more than a keyword; written by hand on each side."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from threading import Lock
from typing import TypeVar

from sekur_sdk.client.transport import HttpxTransport as DefaultTransport

__all__ = ["DefaultTransport", "Flag", "Lock", "in_thread", "make_lock", "monotonic", "sleep"]

ResultT = TypeVar("ResultT")

monotonic = time.monotonic


def make_lock() -> Lock:
    """A lock between threads."""
    return Lock()


def in_thread(work: Callable[[], ResultT]) -> ResultT:
    """What `work` gives, here and now."""
    return work()


def sleep(seconds: float) -> None:
    """Waits."""
    time.sleep(seconds)


class Flag:
    """A flag that can be waited for."""

    def __init__(self) -> None:
        self._event = threading.Event()

    def is_set(self) -> bool:
        """Whether it was raised."""
        return self._event.is_set()

    def set(self) -> None:
        """Raises it, for good."""
        self._event.set()

    def wait(self, seconds: float) -> bool:
        """Waits until it is raised, `seconds` at most; whether it is."""
        return self._event.wait(seconds)
