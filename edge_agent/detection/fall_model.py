"""Falls on a stream, decided by a forest on what is told of each impact."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from edge_agent.detection.events import AFTER, BEFORE, Impacts
from edge_agent.detection.fall import Fall
from edge_agent.detection.features import FEATURES, features
from edge_agent.detection.profiles import Position, Profile, profile_of
from edge_agent.detection.resampling import DELAY_S, STEP_S, RegularResampler, TimedResampler

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import numpy.typing as npt

    from edge_agent.detection.resampling import Resampled
    from edge_agent.drivers.accelerometer import Acceleration, SampleBlock

# The forest is made for 18 to 400 Hz. Slower telephone recordings are taken down to here, and found less well.
_RATES_HZ: Final = (10.0, 500.0)
# Lost samples up to this are bridged by a straight line; a longer gap starts the stream anew.
_BRIDGED_S: Final = 1.0
_DRIVERS: Final = 6


class FallModel:
    """Decides each impact at most 3 s after it; a `FallDetector`.

    All of its state is the resampler's and `Impacts`: the last few seconds at 50 Hz, the open impact, and how far
    the search came.

    Args:
        profile: of the position at which the sensor is worn; the waist's unless told.

    Attributes:
        undecided: impacts that were cut off by a gap or the end, too early for a decision.
    """

    def __init__(self, profile: Profile | None = None) -> None:
        self._profile = profile if profile is not None else profile_of(Position.WAIST)
        self._rate_hz: float | None = None
        self._last = 0.0
        self._resampler: RegularResampler | TimedResampler | None = None
        self._impacts = Impacts()
        self.undecided = 0

    def feed(self, block: SampleBlock) -> tuple[Fall, ...]:
        """Take the next samples; the falls that they settle.

        Raises:
            ValueError: the rate is outside 10 to 500 Hz.
        """
        falls: tuple[Fall, ...] = ()
        resampler = self._resampler
        if block.gap or block.rate_hz != self._rate_hz or not isinstance(resampler, RegularResampler):
            if not _RATES_HZ[0] <= block.rate_hz <= _RATES_HZ[1]:
                raise ValueError(f"falls are looked for at 18 to 400 Hz, not at {block.rate_hz} Hz")
            falls = self.flush()
            self._rate_hz = block.rate_hz
            self._resampler = resampler = RegularResampler(block.rate_hz)
        portions = resampler.feed(block.acc, block.t0)
        return falls + tuple(self._decide(portions)) if portions else falls

    def feed_timed(self, acc: Acceleration, times: npt.NDArray[np.float64]) -> tuple[Fall, ...]:
        """Take samples that are not equally spaced; the falls that they settle.

        Args:
            acc: (n, 3), g.
            times: (n,) when they were taken, seconds. A gap of more than a second starts anew.

        Raises:
            ValueError: the times do not increase, from sample to sample and from call to call.
        """
        falls: list[Fall] = []
        if not len(times):
            return ()
        timed = isinstance(self._resampler, TimedResampler)
        since = self._last if timed else -np.inf
        steps = np.diff(times, prepend=since)
        if not float(steps.min()) > 0:
            raise ValueError("the times of samples have to increase")
        if not timed:
            falls.extend(self.flush())
        for part in np.split(np.arange(len(times)), np.flatnonzero(steps > _BRIDGED_S)):
            if not len(part):
                continue
            if self._resampler is None or steps[part[0]] > _BRIDGED_S:
                falls.extend(self.flush())
                self._resampler = TimedResampler(float(times[part[0]]))
            assert isinstance(self._resampler, TimedResampler)
            falls.extend(self._decide(self._resampler.feed(acc[part], times[part])))
            self._last = float(times[part[-1]])
        return tuple(falls)

    def flush(self) -> tuple[Fall, ...]:
        """Decide an open impact on what is there, if a second of it followed, and start anew."""
        falls: list[Fall] = []
        if self._resampler is not None:
            falls.extend(self._decide(self._resampler.flush()))
            end = self._resampler.clock_time(self._impacts.total * STEP_S)
            for impact, stop in self._impacts.finish():
                falls.extend(self._score(impact, stop, end))
            self.undecided += self._impacts.cut_off
        self.reset()
        return tuple(falls)

    def reset(self) -> None:
        """Forget every sample."""
        self._rate_hz = None
        self._resampler = None
        self._impacts = Impacts()

    def _decide(self, portions: Iterable[Resampled]) -> Iterator[Fall]:
        assert self._resampler is not None
        for portion in portions:
            for impact, stop in self._impacts.append(portion.acc):
                yield from self._score(impact, stop, portion.end)
            self._resampler.forget((self._impacts.total - BEFORE - AFTER) * STEP_S - 1)

    def _score(self, impact: int, stop: int, decided_at: float) -> Iterator[Fall]:
        told = features(self._impacts.window(impact, stop)[None])[0]
        share = self._profile.forest.score(told)
        if share < self._profile.threshold:
            return
        # What follows within the decision belongs to the same event.
        self._impacts.skip_to(stop)
        assert self._resampler is not None
        yield Fall(
            impact_at=self._resampler.clock_time(impact * STEP_S - DELAY_S),
            decided_at=decided_at,
            score=_odds(share) / _odds(self._profile.threshold),
            features=self._drivers(told),
        )

    def _drivers(self, told: npt.NDArray[np.float64]) -> dict[str, float]:
        """The inputs that raised the score most, the first one most."""
        moved = self._profile.forest.contributions(told)
        first = np.argsort(-moved, kind="stable")[:_DRIVERS]
        return {FEATURES[index]: float(told[index]) for index in first if moved[index] > 0}


def _odds(share: float) -> float:
    return share / (1 - share) if share < 1 else float("inf")
