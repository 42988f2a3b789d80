"""What a fall detector is, and what it finds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Protocol

from attrs import frozen

if TYPE_CHECKING:
    from edge_agent.drivers.accelerometer import SampleBlock


@frozen
class Fall:
    """A fall that was detected.

    Attributes:
        impact_at: when the ground was hit, seconds of the agent's monotonic clock.
        decided_at: time of the sample that settled it, on the same clock.
        score: how far the signal is inside what the detector calls a fall; 1 is its edge, more is clearer.
        features: what the decision rests on, by name, units in the names.
    """

    impact_at: float
    decided_at: float
    score: float
    features: Mapping[str, float]


class FallDetector(Protocol):
    """A causal detector: the same samples give the same falls, however they are cut into blocks."""

    def feed(self, block: SampleBlock) -> tuple[Fall, ...]:
        """Take the next samples; falls that they settle, oldest first.

        A block marked as a gap, or with another rate, first settles what is open as `flush` does, then starts anew.
        """
        ...

    def flush(self) -> tuple[Fall, ...]:
        """No more samples come: settle what is open on what is there, and start anew."""
        ...

    def reset(self) -> None:
        """Forget every sample."""
        ...
