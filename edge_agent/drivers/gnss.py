"""What a satellite receiver yields: a fix that says how old it may be, or why there is none."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Protocol

import attrs

from sekur_sdk.models.device import Fix, FixSource


class FixFault(StrEnum):
    """Why there is no fresh fix; the codes of technical alarms."""

    GPSD_UNREACHABLE = "gpsd_unreachable"
    """No gpsd at the address, or one that hung up."""
    GPSD_SILENT = "gpsd_silent"
    """gpsd takes connections and answers nothing."""
    NO_RECEIVER = "no_receiver"
    """gpsd has no receiver, or one that never said anything."""
    NO_FIX = "no_fix"
    """The receiver talks, and does not know where it is."""
    STALE_FIX = "stale_fix"
    """The receiver has stopped talking; gpsd repeats its last fix."""


@attrs.frozen
class GnssTime:
    """The time that satellites told: `at` was true at `monotonic` seconds of the device's clock, within about the poll's period."""

    at: datetime
    monotonic: float


@attrs.frozen(kw_only=True)
class FixReading:
    """One fix, WGS 84, degrees and metres; `accuracy_m` (95 %) and `satellites` (used) are None when gpsd does not tell.

    `taken_at`, in seconds of the monotonic clock, is the last moment at which the fix had not arrived yet: an age counted from it is
    never too young. `mode` is 2 or 3. Its repr shows no coordinates.
    """

    lat: float = attrs.field(repr=False)
    lon: float = attrs.field(repr=False)
    accuracy_m: float | None
    fix_at: datetime
    taken_at: float
    mode: int
    satellites: int | None

    @property
    def gnss_time(self) -> GnssTime:
        """The time that came with the fix, a hint for a clock that nothing else has set."""
        return GnssTime(self.fix_at, self.taken_at)

    def age_s(self, now: float) -> float:
        """Seconds since the fix, at `now` of the monotonic clock."""
        return max(0.0, now - self.taken_at)

    def fix(self, now: float) -> Fix:
        """The fix as the contract tells it, with its age at `now` of the monotonic clock."""
        return Fix(
            lat=self.lat,
            lon=self.lon,
            fix_at=self.fix_at,
            age_s=round(self.age_s(now), 3),
            accuracy_m=self.accuracy_m,
            source=FixSource.GNSS,
        )


class FixSession(Protocol):
    """One use of a positioning source; nothing is opened before the first `poll`, nor after `close`."""

    def poll(self) -> FixReading | FixFault | None:
        """The newest fix, what is wrong, or None while it is too early to tell; never raises, and returns within seconds."""
        ...

    def close(self) -> None:
        """Drop the connection at once, from any thread, for good; a `poll` in progress ends. Does not block."""
        ...


class FixProvider(Protocol):
    """A positioning source."""

    @property
    def stale_after_s(self) -> float:
        """The age, in seconds, above which a fix is no longer where the wearer is."""
        ...

    def session(self) -> FixSession:
        """A new session; opens nothing yet."""
        ...
