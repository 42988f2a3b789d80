"""A satellite receiver that is simulated: its wearer strolls about one place."""

from __future__ import annotations

import math
from datetime import timedelta
from typing import TYPE_CHECKING

from edge_agent.drivers.gnss import FixReading

if TYPE_CHECKING:
    from edge_agent.clock import Clock

_METRES_PER_DEGREE = 111_320.0
_ROUND_M = 25.0
_TURN_S = 120.0
_ACCURACY_M = 6.0


class SimulatedReceiver:
    """Fixes on a circle of 25 m around `lat`, `lon` (degrees, WGS 84), one a second."""

    def __init__(self, clock: Clock, lat: float, lon: float) -> None:
        self._clock = clock
        self._lat = lat
        self._lon = lon

    @property
    def stale_after_s(self) -> float:
        """As for a real receiver at one fix a second."""
        return 5.0

    def session(self) -> SimulatedSession:
        """A new session."""
        return SimulatedSession(self._clock, self._lat, self._lon)


class SimulatedSession:
    """One use of the simulated receiver."""

    def __init__(self, clock: Clock, lat: float, lon: float) -> None:
        self._clock = clock
        self._lat = lat
        self._lon = lon

    def poll(self) -> FixReading:
        """The fix of the last whole second."""
        now = self._clock.monotonic()
        age_s = now % 1.0
        angle = 2 * math.pi * (now - age_s) / _TURN_S
        north_m, east_m = _ROUND_M * math.sin(angle), _ROUND_M * math.cos(angle)
        return FixReading(
            lat=round(self._lat + north_m / _METRES_PER_DEGREE, 6),
            lon=round(self._lon + east_m / (_METRES_PER_DEGREE * math.cos(math.radians(self._lat))), 6),
            accuracy_m=_ACCURACY_M,
            fix_at=self._clock.now() - timedelta(seconds=age_s),
            taken_at=now - age_s,
            mode=3,
            satellites=9,
        )

    def close(self) -> None:
        """Nothing is held open."""
