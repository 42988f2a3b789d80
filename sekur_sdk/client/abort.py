"""Ending a wait that another thread or task is in."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


class Abort:
    """Who carries a request says how its waiting ends (`bind`); who no longer wants the answer ends it (`fire`), once and for good."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._wake: Callable[[], None] | None = None
        self._is_fired = False

    def bind(self, wake: Callable[[], None]) -> None:
        """`wake` ends the wait from now on; called at once when it is to end already."""
        with self._lock:
            self._wake = wake
            is_fired = self._is_fired
        if is_fired:
            wake()

    def fire(self) -> None:
        """Ends the wait."""
        with self._lock:
            self._is_fired = True
            wake = self._wake
        if wake is not None:
            wake()
