"""The gate that every position passes through, below whatever provides positions.

On duty it is open, off duty and on break closed; an open alarm opens it in any state (CGV article 32.3, and the CNIL's rules on
geolocating employees).
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable

Opening: TypeAlias = int
"""One period during which the gate is open; a later one has another number."""


class PositionGate:
    """What every position passes through; it sits below the provider and is closed at first.

    The core alone moves it (`set_open(duty.gate_open)`). When `set_open(False)` returns, everything that was opened behind the gate has
    been told to close, and nothing passes any more. Safe to share between threads.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._open = False
        self._opening: Opening = 0
        self._closers: list[Callable[[], None]] = []
        self._watchers: list[threading.Event] = []

    @property
    def is_open(self) -> bool:
        """Whether positions may be taken now."""
        return self._open

    def set_open(self, wanted: bool) -> None:
        """Open or close the gate; does nothing when it already is so."""
        with self._lock:
            if wanted == self._open:
                return
            self._open = wanted
            if wanted:
                self._opening += 1
            closers, self._closers = self._closers, []
            for close in closers:
                close()
            for watcher in self._watchers:
                watcher.set()

    def enter(self, close: Callable[[], None]) -> Opening | None:
        """The present opening, or None when the gate is closed.

        `close` is called, from the thread that closes the gate, when this opening ends; it must not block, fail, or come back to
        the gate.
        """
        with self._lock:
            if not self._open:
                return None
            self._closers.append(close)
            return self._opening

    def leave(self, close: Callable[[], None]) -> None:
        """Forget what was given to `enter`; safe when the gate has called it meanwhile."""
        with self._lock:
            if close in self._closers:
                self._closers.remove(close)

    def admits(self, opening: Opening) -> bool:
        """Whether this opening still lasts; the core asks it of each sample that waited in its queue."""
        with self._lock:
            return self._open and opening == self._opening

    def pass_through(self, opening: Opening, action: Callable[[], None]) -> bool:
        """Do `action` if this opening still lasts, and let the gate close only after it; whether it was done.

        `action` must not block nor come back to the gate.
        """
        with self._lock:
            if not (self._open and opening == self._opening):
                return False
            action()
            return True

    def watch(self, watcher: threading.Event) -> None:
        """Set `watcher` whenever the gate opens or closes."""
        with self._lock:
            self._watchers.append(watcher)
