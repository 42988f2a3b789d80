"""No motion: the signal does not change for a while."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from attrs import field, frozen, validators

from edge_agent.detection.condition import ConditionChange, ConditionKind, Holding, windows_in
from edge_agent.detection.windows import Windows

if TYPE_CHECKING:
    import numpy.typing as npt

    from edge_agent.detection.windows import Window
    from edge_agent.drivers.accelerometer import SampleBlock


@frozen
class StillnessConfig:
    """When stillness counts.

    Attributes:
        change_g: change of any axis, in g, that is a motion.
        hold_s: how long there has to be none.
        clear_s: how long there has to be motion again for it to be over.
        window_s: what a change is looked for in; a slow turn is found by comparing with the start of the stillness.
    """

    change_g: float = field(default=0.1, validator=validators.gt(0))
    hold_s: float = field(default=60.0, validator=validators.ge(0))
    clear_s: float = field(default=2.0, validator=validators.ge(0))
    window_s: float = field(default=1.0, validator=validators.gt(0))


class Stillness:
    """Streaming detector of no motion. A gap restarts the hold."""

    def __init__(self, config: StillnessConfig | None = None) -> None:
        self._config = config if config is not None else StillnessConfig()
        self._windows = Windows(self._config.window_s)
        self._anchor: npt.NDArray[np.float64] | None = None
        self._holding = self._fresh()

    @property
    def on(self) -> bool:
        """Whether the wearer counts as still."""
        return self._holding.on

    def feed(self, block: SampleBlock, *, masked: bool = False) -> tuple[ConditionChange, ...]:
        """Take the next samples; the changes that they settle.

        Args:
            block: the samples.
            masked: the device buzzed or vibrated meanwhile: windows with these samples say nothing.
        """
        if self._windows.restarts(block):
            self._anchor = None
            self._holding.restart()
        changes = []
        for window in self._windows.feed(block, masked=masked):
            if window.masked:
                continue
            change = self._holding.update(window, holds=self._still(window))
            if change is not None:
                changes.append(change)
        return tuple(changes)

    def reset(self) -> None:
        """Forget the samples and the condition."""
        self._windows.clear()
        self._anchor = None
        self._holding = self._fresh()

    def _fresh(self) -> Holding:
        config = self._config
        return Holding(
            ConditionKind.STILL,
            windows_in(config.hold_s, config.window_s),
            windows_in(config.clear_s, config.window_s),
        )

    def _still(self, window: Window) -> bool:
        mean = window.acc.mean(axis=0, dtype=np.float64)
        anchor = self._anchor if self._anchor is not None else mean
        spread = window.acc.max(axis=0) - window.acc.min(axis=0)
        change = max(float(spread.max()), float(np.abs(mean - anchor).max()))
        still = change < self._config.change_g
        self._anchor = anchor if still else None
        return still
