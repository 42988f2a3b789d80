"""One internal rate: acceleration at any rate from 18 to 400 Hz brought to 50 samples a second, causally.

The signal is taken as straight lines between its samples; an output sample is its mean over the last 60 ms. That is
an anti-alias filter for fast sources (first null at 16.7 Hz, -3 dB at 7.4 Hz) and an interpolation for slow ones, so that
a peak looks much alike at 18 and at 400 Hz. Input is taken in portions of 0.4 s whose borders depend on the
samples alone: the output is the same, bit by bit, however the samples come in blocks.
"""

from __future__ import annotations

import math
from collections import deque
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt
from attrs import frozen

if TYPE_CHECKING:
    from edge_agent.drivers.accelerometer import Acceleration

RATE_HZ: Final = 50
STEP_S: Final = 1 / RATE_HZ
SMOOTHING_STEPS: Final = 3
DELAY_S: Final = SMOOTHING_STEPS * STEP_S / 2
"""How much later than in the source a peak stands in the output."""

PORTION_S: Final = 0.4
_SMOOTHING_S: Final = SMOOTHING_STEPS * STEP_S


@frozen(eq=False)
class Resampled:
    """What a portion of the source became.

    Attributes:
        acc: (n, 3) g, at `RATE_HZ`.
        end: time of the last source sample in it, seconds on the source's clock.
    """

    acc: npt.NDArray[np.float64]
    end: float


def smoothed(
    times: npt.NDArray[np.float64], acc: npt.NDArray[np.float64], at: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """Mean of the signal over the 60 ms before each point of ``at``.

    Args:
        times: (n,) seconds, increasing, n at least 2.
        acc: (n, k), the signal at these times, straight lines between them.
        at: (m,) seconds, increasing by `STEP_S`, between ``times[0] + 0.06`` and ``times[-1]``.

    Returns:
        (m, k) means.
    """
    steps = np.diff(times)[:, None]
    slopes = np.diff(acc, axis=0) / steps
    area = np.zeros_like(acc)
    np.cumsum((acc[1:] + acc[:-1]) * (0.5 * steps), axis=0, out=area[1:])
    # The integral at all points that any mean begins or ends at: the later ones begin where earlier ones end.
    points = np.concatenate([at[0] + STEP_S * np.arange(-SMOOTHING_STEPS, 0), at])
    left = np.clip(np.searchsorted(times, points, side="right") - 1, 0, len(times) - 2)
    past = (points - times[left])[:, None]
    integral = area[left] + past * (acc[left] + 0.5 * slopes[left] * past)
    means: npt.NDArray[np.float64] = (integral[SMOOTHING_STEPS:] - integral[:-SMOOTHING_STEPS]) / _SMOOTHING_S
    return means


class RegularResampler:
    """For equally spaced samples; time is their count over the rate.

    Args:
        rate_hz: samples a second.
    """

    def __init__(self, rate_hz: float) -> None:
        self._rate_hz = rate_hz
        self._portion = max(2, math.ceil(PORTION_S * rate_hz))
        # What the first mean of a portion reaches back to, and one sample more for the line before it.
        self._reach = math.ceil(_SMOOTHING_S * rate_hz) + 1
        self._whole = self._portion == PORTION_S * rate_hz
        self._weights: npt.NDArray[np.float64] | None = None
        self._samples = np.empty((self._reach + self._portion, 3))
        self._waiting = 0
        self._taken = 0
        self._made = 0
        self._clock: deque[tuple[int, float]] = deque()

    def feed(self, acc: Acceleration, t0: float) -> list[Resampled]:
        """Take samples, (n, 3) in g, the first taken at ``t0``; the portions that they complete."""
        self._clock.append((self._taken + self._waiting, t0))
        if not self._taken and not self._waiting and len(acc):
            # Before the first sample the signal is taken to have stood still.
            self._samples[: self._reach] = acc[0]
        portions = []
        start, count = 0, len(acc)
        while start < count:
            taken = min(count - start, self._portion - self._waiting)
            place = self._reach + self._waiting
            self._samples[place : place + taken] = acc[start : start + taken]
            self._waiting += taken
            start += taken
            if self._waiting == self._portion:
                portions.append(self._settle())
        return portions

    def flush(self) -> list[Resampled]:
        """What waits for its portion to be complete."""
        return [self._settle()] if self._waiting else []

    def clock_time(self, at: float) -> float:
        """When this stream's second ``at`` was, on the clock of the ``t0``; exact for what is not forgotten."""
        index = at * self._rate_hz
        first, t0 = self._clock[0]
        for anchor in reversed(self._clock):
            if anchor[0] <= index:
                first, t0 = anchor
                break
        return t0 + (index - first) / self._rate_hz

    def forget(self, before: float) -> None:
        """The clock time of this stream's seconds before this one is not asked for any more."""
        while len(self._clock) > 1 and self._clock[1][0] <= before * self._rate_hz:
            self._clock.popleft()

    def _settle(self) -> Resampled:
        fresh, self._waiting = self._waiting, 0
        begin, self._taken = self._taken, self._taken + fresh
        means = self._means(begin, fresh)
        self._samples[: self._reach] = self._samples[fresh : fresh + self._reach]
        return Resampled(means, self.clock_time((self._taken - 1) / self._rate_hz))

    def _means(self, begin: int, fresh: int) -> npt.NDArray[np.float64]:
        if self._weights is not None and fresh == self._portion:
            self._made += len(self._weights)
            return self._weights @ self._samples
        count = _points_until((self._taken - 1) / self._rate_hz) - self._made
        if not count:
            return np.empty((0, 3))
        at = (self._made + np.arange(count, dtype=np.float64)) * STEP_S - begin / self._rate_hz
        self._made += count
        times = np.arange(-self._reach, fresh) / self._rate_hz
        if begin and self._whole and fresh == self._portion:
            # At 100 Hz and other rates with whole portions, every portion but the first is weighted alike.
            self._weights = smoothed(times, np.eye(len(times)), at)
            return self._weights @ self._samples
        return smoothed(times, self._samples[: self._reach + fresh], at)


class TimedResampler:
    """For samples with a time each, regular or not.

    Args:
        first: time of the first sample, seconds.
    """

    def __init__(self, first: float) -> None:
        self._first = first
        self._border = PORTION_S
        self._times: list[float] = []
        self._acc: list[npt.NDArray[np.float64]] = []
        self._tail: tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]] | None = None
        self._made = 0

    def feed(self, acc: Acceleration, times: npt.NDArray[np.float64]) -> list[Resampled]:
        """Take samples, (n, 3) in g, and their times, (n,) seconds, increasing; the portions that they complete."""
        portions = []
        for time, sample in zip((times - self._first).tolist(), acc.astype(np.float64), strict=True):
            self._times.append(time)
            self._acc.append(sample)
            if time >= self._border:
                portions.append(self._settle())
                self._border = (time // PORTION_S + 1) * PORTION_S
        return portions

    def flush(self) -> list[Resampled]:
        """What waits for its portion to be complete."""
        return [self._settle()] if self._times else []

    def clock_time(self, at: float) -> float:
        """When this stream's second ``at`` was."""
        return self._first + at

    def forget(self, before: float) -> None:
        """Nothing is kept."""

    def _settle(self) -> Resampled:
        times, acc = np.array(self._times), np.array(self._acc)
        self._times, self._acc = [], []
        if self._tail is None:
            # Before the first sample the signal is taken to have stood still.
            self._tail = (times[:1] - 2 * _SMOOTHING_S, acc[:1])
        times, acc = np.concatenate([self._tail[0], times]), np.concatenate([self._tail[1], acc])
        end = float(times[-1])
        count = _points_until(end) - self._made
        at = (self._made + np.arange(count, dtype=np.float64)) * STEP_S
        self._made += count
        keep = max(int(np.searchsorted(times, end - _SMOOTHING_S, side="right")) - 1, 0)
        self._tail = (times[keep:], acc[keep:])
        means = smoothed(times, acc, at) if count else np.empty((0, 3))
        return Resampled(means, self.clock_time(end))


def _points_until(end: float) -> int:
    """How many output points there are up to this second of the stream."""
    # A point that falls on a sample belongs to it, whatever the last bit of a product says.
    return math.floor((end + 1e-9) / STEP_S) + 1
