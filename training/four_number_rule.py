"""The four-number rule, which the forests are measured against: an impact after a dip, with another posture afterwards.

An acceleration of 2.2 g or more, 0.9 g or less at some moment of the second before, and the direction of gravity turned
by 45 degrees or more: orientation-free, at any rate from 18 to 400 Hz, without resampling.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np
from attrs import field, frozen, validators

from edge_agent.detection.fall import Fall
from training.sample_ring import SampleRing

if TYPE_CHECKING:
    from edge_agent.drivers.accelerometer import SampleBlock

_RATES_HZ: Final = (10.0, 500.0)


@frozen
class FallRuleConfig:
    """The rule's numbers.

    The impact is the greatest magnitude of the acceleration, with none greater in the ``merge_s`` that follow. The
    posture before is the mean acceleration over ``before_s``, the posture after over ``after_s``, both in seconds
    before or after the impact; the decision falls when the latter is over. Where the signal starts later than that, what
    there is of it is taken, its first sample at least.

    Attributes:
        peak_g: least magnitude of an impact.
        dip_g: greatest value of the smallest magnitude in the ``dip_s`` before the impact.
        turn_deg: least angle between the two postures.
        dip_s: where the dip is looked for.
        merge_s: peaks closer than this are one event.
        before_s: start and end of the window before, seconds before the impact.
        after_s: start and end of the window after, seconds after the impact.
        least_after_s: what a fall at the end of the signal needs after its impact to be decided at all.
    """

    peak_g: float = field(default=2.2, validator=validators.gt(0))
    dip_g: float = field(default=0.9, validator=validators.gt(0))
    turn_deg: float = field(default=45.0, validator=[validators.gt(0), validators.le(180)])
    dip_s: float = field(default=1.0, validator=validators.gt(0))
    merge_s: float = field(default=1.0, validator=validators.gt(0))
    before_s: tuple[float, float] = (2.0, 1.0)
    after_s: tuple[float, float] = (1.5, 2.5)
    least_after_s: float = field(default=1.0, validator=validators.gt(0))

    def __attrs_post_init__(self) -> None:
        """Check the windows against each other.

        Raises:
            ValueError: they are empty, reach past 3 s after the impact, or end before peaks are told apart.
        """
        if not self.before_s[0] > self.before_s[1] >= 0:
            raise ValueError(f"before_s: start before end, both before the impact, not {self.before_s}")
        if not 0 <= self.after_s[0] < self.after_s[1] <= 3:
            raise ValueError(f"after_s: start before end, at most 3 s after the impact, not {self.after_s}")
        if not max(self.merge_s, self.least_after_s) <= self.after_s[1]:
            raise ValueError("merge_s and least_after_s: at most the end of after_s")


class FallRule:
    """The rule on a stream; a `FallDetector`.

    Attributes:
        undecided: impacts that were cut off by a gap or the end, too early for a decision.
    """

    def __init__(self, config: FallRuleConfig | None = None) -> None:
        self._config = config if config is not None else FallRuleConfig()
        self._rate_hz = math.nan
        self._ring: SampleRing | None = None
        self._scanned = 0
        self._impact: int | None = None
        self.undecided = 0

    def feed(self, block: SampleBlock) -> tuple[Fall, ...]:
        """Take the next samples; the falls that they settle.

        Raises:
            ValueError: the rate is outside 10 to 500 Hz.
        """
        falls: list[Fall] = []
        if block.gap or block.rate_hz != self._rate_hz:
            falls.extend(self.flush())
            self._set_rate(block.rate_hz)
        ring = self._ring if self._ring is not None else self._new_ring()
        chunk = self._samples(1.0)
        for start in range(0, len(block.acc), chunk):
            ring.append(block.acc[start : start + chunk], block.t0 + start / block.rate_hz)
            falls.extend(self._settle(ring))
        return tuple(falls)

    def flush(self) -> tuple[Fall, ...]:
        """Decide an open impact on what is there, if ``least_after_s`` followed it, and start anew."""
        fall = None
        if self._ring is not None and self._impact is not None:
            if self._ring.total - self._impact >= self._samples(self._config.least_after_s):
                fall = self._decide(self._ring, self._impact, self._ring.total)
            else:
                self.undecided += 1
        self.reset()
        return () if fall is None else (fall,)

    def reset(self) -> None:
        """Forget every sample."""
        self._ring = None
        self._scanned = 0
        self._impact = None

    def _set_rate(self, rate_hz: float) -> None:
        if not _RATES_HZ[0] <= rate_hz <= _RATES_HZ[1]:
            raise ValueError(f"the rule works from {_RATES_HZ[0]:.0f} to {_RATES_HZ[1]:.0f} Hz, not at {rate_hz} Hz")
        self._rate_hz = rate_hz

    def _new_ring(self) -> SampleRing:
        config = self._config
        # From the start of the window before to the end of the one after, and the chunk that is being taken.
        seconds = max(config.before_s[0], config.dip_s) + config.after_s[1] + config.merge_s + 1.0
        self._ring = SampleRing(self._samples(seconds), self._rate_hz)
        return self._ring

    def _samples(self, seconds: float) -> int:
        return max(1, round(seconds * self._rate_hz))

    def _settle(self, ring: SampleRing) -> list[Fall]:
        falls = []
        end = self._samples(self._config.after_s[1])
        while self._find_impact(ring):
            assert self._impact is not None
            if ring.total < self._impact + end:
                break
            fall = self._decide(ring, self._impact, self._impact + end)
            # After a fall, what follows within the decision belongs to it; after none, the next peak may be the one.
            self._scanned = self._impact + (end if fall is not None else self._samples(self._config.merge_s))
            self._impact = None
            if fall is not None:
                falls.append(fall)
        return falls

    def _find_impact(self, ring: SampleRing) -> bool:
        """Whether there is an open impact, moved to the greatest peak of its event."""
        if self._impact is None:
            reached = np.flatnonzero(ring.magnitude(self._scanned, ring.total) >= self._config.peak_g)
            if not len(reached):
                self._scanned = ring.total
                return False
            self._impact = self._scanned + int(reached[0])
        while True:
            event = ring.magnitude(self._impact, self._impact + self._samples(self._config.merge_s))
            later = int(np.argmax(event))
            if not later:
                return True
            self._impact += later

    def _decide(self, ring: SampleRing, impact: int, stop: int) -> Fall | None:
        config = self._config
        dip_g = float(ring.magnitude(impact - self._samples(config.dip_s), impact + 1).min())
        before_start = impact - self._samples(config.before_s[0])
        before_stop = max(impact - self._samples(config.before_s[1]), ring.oldest + 1)
        # A signal that ends early is judged on its last half second, if that is later than nothing.
        after_start = min(impact + self._samples(config.after_s[0]), stop - self._samples(0.5))
        peak_g = float(ring.magnitude(impact, impact + 1)[0])
        turn_deg = _angle_deg(ring.acc(before_start, before_stop), ring.acc(max(after_start, impact + 1), stop))
        score = min(peak_g / config.peak_g, config.dip_g / max(dip_g, 1e-3), turn_deg / config.turn_deg)
        if score < 1.0:
            return None
        return Fall(
            impact_at=ring.time_of(impact),
            decided_at=ring.time_of(stop - 1),
            score=score,
            features={"peak_g": peak_g, "dip_g": dip_g, "turn_deg": turn_deg},
        )


def _angle_deg(before: np.ndarray, after: np.ndarray) -> float:
    """Angle between two mean accelerations, each (n, 3); 0 where one of them has no direction."""
    one, other = before.mean(axis=0, dtype=np.float64), after.mean(axis=0, dtype=np.float64)
    lengths = float(np.linalg.norm(one)) * float(np.linalg.norm(other))
    if lengths == 0:
        return 0.0
    return float(np.degrees(np.arccos(np.clip(one @ other / lengths, -1.0, 1.0))))
