"""Loss of verticality: the trunk tilted from upright for a while."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np
from attrs import field, frozen, validators

from edge_agent.detection.condition import ConditionChange, ConditionKind, Holding, windows_in
from edge_agent.detection.windows import Windows

if TYPE_CHECKING:
    from edge_agent.drivers.accelerometer import SampleBlock

Direction = tuple[float, float, float]

# A window's mean is taken for the direction of gravity only if its length is near 1 g; else the wearer is in the air
# or turning fast, and the window tells nothing.
_GRAVITY_G: Final = (0.7, 1.3)


@frozen
class PostureConfig:
    """When a tilt counts.

    Attributes:
        tilt_deg: angle from upright from which on the wearer is tilted.
        hold_s: how long the tilt has to last.
        clear_s: how long the wearer has to be upright again for it to be over.
        upright: direction of the specific force in the sensor's axes when the wearer is upright; None to learn it.
        learn_s: how long the wearer stands or walks while it is learnt.
        learn_spread_deg: how far the windows of the learning may lie from their mean; else it starts anew.
        window_s: what the direction of gravity is averaged over.
    """

    tilt_deg: float = field(default=45.0, validator=[validators.gt(0), validators.lt(180)])
    hold_s: float = field(default=30.0, validator=validators.ge(0))
    clear_s: float = field(default=2.0, validator=validators.ge(0))
    upright: Direction | None = None
    learn_s: float = field(default=5.0, validator=validators.gt(0))
    learn_spread_deg: float = field(default=20.0, validator=validators.gt(0))
    window_s: float = field(default=1.0, validator=validators.gt(0))


class Posture:
    """Streaming detector of loss of verticality. A gap restarts the hold; the upright direction stays."""

    def __init__(self, config: PostureConfig | None = None) -> None:
        self._config = config if config is not None else PostureConfig()
        self._windows = Windows(self._config.window_s)
        self._learning: list[Direction] = []
        self._upright = _unit(self._config.upright) if self._config.upright is not None else None
        self._holding = self._fresh()

    @property
    def upright(self) -> Direction | None:
        """Unit vector of the specific force when upright, in the sensor's axes; None until it is learnt."""
        return self._upright

    @property
    def on(self) -> bool:
        """Whether the wearer counts as tilted."""
        return self._holding.on

    def learn(self) -> None:
        """Learn upright anew from the next seconds, as when a duty starts. Does nothing when it is configured."""
        self._learning.clear()
        self._holding = self._fresh()
        if self._config.upright is None:
            self._upright = None

    def feed(self, block: SampleBlock) -> tuple[ConditionChange, ...]:
        """Take the next samples; the changes that they settle."""
        if self._windows.restarts(block):
            self._learning.clear()
            self._holding.restart()
        changes = []
        for window in self._windows.feed(block):
            x, y, z = window.acc.mean(axis=0, dtype=np.float64).tolist()
            if not _GRAVITY_G[0] <= math.hypot(x, y, z) <= _GRAVITY_G[1]:
                continue
            if self._upright is None:
                self._learn_from(_unit((x, y, z)))
                continue
            tilted = _angle_deg(_unit((x, y, z)), self._upright) >= self._config.tilt_deg
            change = self._holding.update(window, holds=tilted)
            if change is not None:
                changes.append(change)
        return tuple(changes)

    def reset(self) -> None:
        """Forget the samples and the condition, not what upright is."""
        self._windows.clear()
        self._learning.clear()
        self._holding = self._fresh()

    def _fresh(self) -> Holding:
        config = self._config
        return Holding(
            ConditionKind.TILT,
            windows_in(config.hold_s, config.window_s),
            windows_in(config.clear_s, config.window_s),
        )

    def _learn_from(self, direction: Direction) -> None:
        self._learning.append(direction)
        mean = _unit(tuple(map(sum, zip(*self._learning, strict=True))))
        if max(_angle_deg(each, mean) for each in self._learning) > self._config.learn_spread_deg:
            self._learning = [direction]
        elif len(self._learning) >= windows_in(self._config.learn_s, self._config.window_s):
            self._upright = mean
            self._learning.clear()


# Plain Python: for three numbers it takes a tenth of numpy's time.
def _unit(vector: tuple[float, ...]) -> Direction:
    x, y, z = vector
    length = math.hypot(x, y, z)
    if length == 0:
        raise ValueError("a direction has a length above 0")
    return (x / length, y / length, z / length)


def _angle_deg(one: Direction, other: Direction) -> float:
    cosine = one[0] * other[0] + one[1] * other[1] + one[2] * other[2]
    return math.degrees(math.acos(min(max(cosine, -1.0), 1.0)))
