"""When a sample was taken: from how many came before it, and when the FIFO was read."""

from __future__ import annotations

from typing import Final

# Gains of the alpha-beta filter that follows the chip's oscillator, which is off by per cents and drifts with
# temperature. Reading late looks like a slow oscillator: the gains are small, and one error counts no more than this.
_ALPHA: Final = 0.1
_BETA: Final = 0.005
_GREATEST_ERROR_S: Final = 0.05
_OFF_BY: Final = 0.05
# Further off than this, samples were lost or the clock stood still.
_LOST_S: Final = 0.5


class SampleClock:
    """Stamps the samples of one stream.

    Args:
        rate_hz: nominal samples a second.
    """

    def __init__(self, rate_hz: float) -> None:
        self._nominal_s = 1.0 / rate_hz
        self._period_s = self._nominal_s
        self._next: float | None = None

    def restart(self) -> None:
        """Count anew after lost samples; what is known of the oscillator stays."""
        self._next = None

    def stamp(self, count: int, read_at: float) -> tuple[float, bool]:
        """When the first of ``count`` samples was taken that a read at ``read_at`` found, and whether it is a break.

        A break means that the samples do not follow on those before: their number does not fit the time.
        """
        # The newest sample is on average half a period old when it is read.
        newest = read_at - self._period_s / 2
        if self._next is None:
            return self._begin(newest, count), False
        error = newest - (self._next + (count - 1) * self._period_s)
        if abs(error) > _LOST_S:
            return self._begin(newest, count), True
        error = min(max(error, -_GREATEST_ERROR_S), _GREATEST_ERROR_S)
        # A block never starts before the last one ended.
        first = self._next + max(_ALPHA * error, -0.9 * self._period_s)
        period = self._period_s + _BETA * error / count
        self._period_s = min(max(period, self._nominal_s * (1 - _OFF_BY)), self._nominal_s * (1 + _OFF_BY))
        self._next = first + count * self._period_s
        return first, False

    def _begin(self, newest: float, count: int) -> float:
        first = newest - (count - 1) * self._period_s
        self._next = newest + self._period_s
        return first
