"""Time as the agent sees it: injected, so that no logic ever asks the machine for it."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """A monotonic clock for durations and deadlines, a wall clock for what is told to people."""

    def monotonic(self) -> float:
        """Seconds since an arbitrary start; never goes back, whatever the wall clock does."""
        ...

    def now(self) -> datetime:
        """The wall clock, aware, in UTC. It may be wrong and it may jump."""
        ...

    def wait(self, event: threading.Event, timeout_s: float) -> bool:
        """Wait until ``event`` is set or ``timeout_s`` seconds of this clock have passed.

        Returns whether the event is set, like ``threading.Event.wait``.
        """
        ...


class SystemClock:
    """The machine's own clocks."""

    def monotonic(self) -> float:
        """Seconds of ``time.monotonic``."""
        return time.monotonic()

    def now(self) -> datetime:
        """The system's wall clock, aware, in UTC."""
        return datetime.now(UTC)

    def wait(self, event: threading.Event, timeout_s: float) -> bool:
        """Wait in real time."""
        return event.wait(max(0.0, timeout_s))


class ScaledClock:
    """Time that runs ``speed`` times faster than the machine's, for replays.

    Args:
        speed: how many seconds of this clock pass in one real second; above 0.
        start: where its wall clock starts; the present by default.

    Raises:
        ValueError: the speed is not above 0, or the start is naive.
    """

    def __init__(self, speed: float, *, start: datetime | None = None) -> None:
        if not speed > 0:
            raise ValueError(f"the speed of a clock is above 0, got {speed}")
        self._speed = speed
        self._origin = time.monotonic()
        self._wall = _aware(start) if start is not None else datetime.now(UTC)

    def monotonic(self) -> float:
        """Seconds of this clock since the machine's own origin of ``time.monotonic``."""
        return self._origin + self._elapsed()

    def now(self) -> datetime:
        """The wall clock, running at the same speed."""
        return self._wall + timedelta(seconds=self._elapsed())

    def wait(self, event: threading.Event, timeout_s: float) -> bool:
        """Wait for ``timeout_s`` seconds of this clock at most."""
        return event.wait(max(0.0, timeout_s) / self._speed)

    def _elapsed(self) -> float:
        return (time.monotonic() - self._origin) * self._speed


class ManualClock:
    """Time that passes only when told to; its wall clock can be set apart from it.

    Safe to share between threads. A thread in ``wait`` wakes when its event is set or when ``advance`` carries the
    clock past its deadline.

    Args:
        monotonic: where the monotonic clock starts, in seconds.
        wall: where the wall clock starts, aware; 2026-01-01T00:00:00Z by default.
        self_advancing: a wait advances the clock by its timeout instead of waiting for another thread to do so: for
            tests on one thread, and for replays as fast as the machine goes.
    """

    # An Event can't be waited for together with another condition: the wait looks at the clock this often.
    _LOOK_S = 0.002

    def __init__(self, monotonic: float = 0.0, wall: datetime | None = None, *, self_advancing: bool = False) -> None:
        self._self_advancing = self_advancing
        self._lock = threading.Lock()
        self._monotonic = monotonic
        self._wall = _aware(wall) if wall is not None else datetime(2026, 1, 1, tzinfo=UTC)
        self._waiting = 0

    def monotonic(self) -> float:
        """Seconds, as advanced."""
        with self._lock:
            return self._monotonic

    def now(self) -> datetime:
        """The wall clock, as set and advanced."""
        with self._lock:
            return self._wall

    @property
    def waiting(self) -> int:
        """How many threads are in ``wait`` at this moment."""
        with self._lock:
            return self._waiting

    def advance(self, seconds: float) -> None:
        """Let both clocks run for ``seconds``.

        Raises:
            ValueError: the seconds are negative.
        """
        if seconds < 0:
            raise ValueError(f"a monotonic clock never goes back, got {seconds} s")
        with self._lock:
            self._monotonic += seconds
            self._wall += timedelta(seconds=seconds)

    def set_wall(self, wall: datetime) -> None:
        """Make the wall clock jump, the monotonic one untouched.

        Raises:
            ValueError: the time is naive.
        """
        wall = _aware(wall)
        with self._lock:
            self._wall = wall

    def wait(self, event: threading.Event, timeout_s: float) -> bool:
        """Wait until the event is set or ``advance`` has carried the clock ``timeout_s`` seconds further."""
        if self._self_advancing:
            if not event.is_set():
                self.advance(max(0.0, timeout_s))
            return event.is_set()
        with self._lock:
            deadline = self._monotonic + timeout_s
            self._waiting += 1
        try:
            while not event.is_set() and self.monotonic() < deadline:
                event.wait(self._LOOK_S)
            return event.is_set()
        finally:
            with self._lock:
                self._waiting -= 1


def _aware(wall: datetime) -> datetime:
    if wall.tzinfo is None:
        raise ValueError("the wall clock needs a time with a time zone")
    return wall.astimezone(UTC)
