"""Where the two shells differ by more than a keyword; written by hand on each side."""

from __future__ import annotations

import threading
import time

from sekur_sdk.client.transport import HttpxTransport as DefaultTransport

__all__ = ["DefaultTransport", "Flag", "make_lock", "monotonic", "sleep"]

monotonic = time.monotonic


def make_lock() -> threading.Lock:
    """A lock between threads."""
    return threading.Lock()


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
