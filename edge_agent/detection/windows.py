"""The signal cut into windows of equal length, whatever the blocks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from attrs import frozen

from edge_agent.drivers.accelerometer import Acceleration

if TYPE_CHECKING:
    from collections.abc import Iterator

    from edge_agent.drivers.accelerometer import SampleBlock


@frozen(eq=False)
class Window:
    """Consecutive samples of a fixed length.

    Attributes:
        acc: (n, 3) float32, g.
        start: time of the first sample, seconds of the agent's monotonic clock.
        end: time at which the next window starts.
        masked: a part of it was recorded while the device moved itself.
    """

    acc: Acceleration
    start: float
    end: float
    masked: bool


class Windows:
    """Cuts blocks into windows of ``length_s`` seconds, one after the other."""

    def __init__(self, length_s: float) -> None:
        self._length_s = length_s
        self._parts: list[Acceleration] = []
        self._held = 0
        self._start = 0.0
        self._masked = False
        self._rate_hz = 0.0

    def restarts(self, block: SampleBlock) -> bool:
        """Whether this block does not follow on the last one: a gap, or another rate."""
        return block.gap or block.rate_hz != self._rate_hz

    def feed(self, block: SampleBlock, *, masked: bool = False) -> Iterator[Window]:
        """Take a block; the windows that it completes. What was begun before a gap is dropped."""
        if self.restarts(block):
            self.clear()
            self._rate_hz = block.rate_hz
        length = max(1, round(self._length_s * block.rate_hz))
        taken = 0
        while taken < len(block.acc):
            if not self._held:
                self._start = block.t0 + taken / block.rate_hz
                self._masked = False
            part = block.acc[taken : taken + length - self._held]
            self._parts.append(part)
            self._held += len(part)
            self._masked |= masked
            taken += len(part)
            if self._held == length:
                acc = np.concatenate(self._parts)
                window = Window(acc, self._start, self._start + length / block.rate_hz, self._masked)
                self._parts.clear()
                self._held = 0
                yield window

    def clear(self) -> None:
        """Drop the window that was begun."""
        self._parts.clear()
        self._held = 0
