"""What was seen from other threads, and waiting for it."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")
WantedT = TypeVar("WantedT")


class Sightings(Generic[T]):
    """Things in the order in which other threads saw them, each with its moment on the monotonic clock (seconds)."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._seen: list[tuple[float, T]] = []

    def add(self, thing: T) -> None:
        """Something was seen now; for any thread."""
        with self._changed:
            self._seen.append((time.monotonic(), thing))
            self._changed.notify_all()

    def all_of(self, kind: type[WantedT], test: Callable[[WantedT], bool] = lambda _: True) -> list[WantedT]:
        """Those of one class that pass the test."""
        with self._changed:
            return [thing for _, thing in self._seen if isinstance(thing, kind) and test(thing)]

    def wait_for(
        self, kind: type[WantedT], test: Callable[[WantedT], bool] = lambda _: True, *, timeout_s: float
    ) -> tuple[float, WantedT] | None:
        """The first of one class that passes the test, with its moment; None when none is seen in time."""
        until = time.monotonic() + timeout_s
        with self._changed:
            checked = 0
            while True:
                for at, thing in self._seen[checked:]:
                    if isinstance(thing, kind) and test(thing):
                        return at, thing
                checked = len(self._seen)
                if not self._changed.wait(until - time.monotonic()) and time.monotonic() >= until:
                    return None
