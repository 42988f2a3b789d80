"""What the device believes the time to be: many boards have no clock that survives a power cut."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sekur_sdk.models.device import ClockState

if TYPE_CHECKING:
    from collections.abc import Callable

    from edge_agent.clock import Clock
    from edge_agent.drivers.gnss import GnssTime

EARLIEST: Final = datetime(2026, 1, 1, tzinfo=UTC)
"""This program is no older: a clock before that is wrong."""

_TIMESYNC: Final = Path("/run/systemd/timesync/synchronized")
_AGREES_S: Final = 2.0
_LATEST_S: Final = 10 * 365 * 86400.0


def kernel_is_synced() -> bool:
    """Whether systemd-timesyncd has set the clock since the machine started."""
    return _TIMESYNC.exists()


class WallTime:
    """The wall clock with a floor, satellites' time where nothing better is known, and a word on how good it is.

    Args:
        clock: the agent's.
        floor: the last time that was known; time is never told to be before it.
        synced: whether the network has set the clock.
    """

    def __init__(self, clock: Clock, floor: datetime | None, synced: Callable[[], bool] = kernel_is_synced) -> None:
        self._clock = clock
        self._floor = max(floor, EARLIEST) if floor is not None else EARLIEST
        self._synced = synced
        self._offset = timedelta()
        self._started = clock.monotonic()
        self.state = ClockState.UNSYNCED

    @property
    def wrong(self) -> bool:
        """Whether the machine's clock can't be right: before the floor, or years after it."""
        now = self._clock.now()
        return now < self._floor or (now - self._floor).total_seconds() > _LATEST_S

    def take(self, gnss: GnssTime | None) -> None:
        """Look at the network's and the satellites' word again."""
        if self._synced() and not self.wrong:
            self.state, self._offset = ClockState.SYNCED, timedelta()
        elif gnss is not None and gnss.at >= EARLIEST:
            true = gnss.at + timedelta(seconds=self._clock.monotonic() - gnss.monotonic)
            offset = true - self._clock.now()
            if abs((offset - self._offset).total_seconds()) > _AGREES_S:
                self._offset = offset
            self.state = ClockState.GNSS

    def now(self) -> datetime:
        """The best guess of the time, aware, in UTC."""
        return max(self._clock.now() + self._offset, self._floor)

    def stamp(self) -> tuple[datetime, int, ClockState]:
        """Time, milliseconds since this start of the agent by the monotonic clock, and how good the time is."""
        up_ms = int((self._clock.monotonic() - self._started) * 1000)
        state = ClockState.UNSYNCED if self.wrong and self.state is not ClockState.GNSS else self.state
        return self.now(), up_ms, state
