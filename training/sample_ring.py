"""The last seconds of the signal, by sample index."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    from edge_agent.drivers.accelerometer import Acceleration


class SampleRing:
    """Keeps at least the last ``capacity`` samples; every sample has an index that counts from the start.

    Args:
        capacity: samples that stay readable after each append.
        rate_hz: samples a second.
    """

    def __init__(self, capacity: int, rate_hz: float) -> None:
        self._capacity = capacity
        self._rate_hz = rate_hz
        self._acc = np.empty((4 * capacity, 3), dtype=np.float32)
        self._magnitude = np.empty(4 * capacity, dtype=np.float32)
        self._used = 0
        self._oldest = 0
        self._anchors: deque[tuple[int, float]] = deque()

    @property
    def oldest(self) -> int:
        """Index of the oldest sample that is still here."""
        return self._oldest

    @property
    def total(self) -> int:
        """How many samples ever came; the next one's index."""
        return self._oldest + self._used

    def append(self, acc: Acceleration, t0: float) -> None:
        """Take samples, shape (n, 3), the first taken at ``t0``; n is at most the capacity."""
        if self._used + len(acc) > len(self._acc):
            self._compact()
        self._anchors.append((self.total, t0))
        span = slice(self._used, self._used + len(acc))
        self._acc[span] = acc
        # Element by element, so that the value does not depend on how many samples come at once.
        x, y, z = acc[:, 0], acc[:, 1], acc[:, 2]
        self._magnitude[span] = np.sqrt(x * x + y * y + z * z)
        self._used += len(acc)

    def acc(self, start: int, stop: int) -> Acceleration:
        """Samples ``start`` to ``stop``, without it, as far as they are here: a view, valid until the next append."""
        return self._acc[self._place(start) : self._place(stop)]

    def magnitude(self, start: int, stop: int) -> npt.NDArray[np.float32]:
        """Norm of these samples in g, a view."""
        return self._magnitude[self._place(start) : self._place(stop)]

    def time_of(self, index: int) -> float:
        """When a sample was taken, seconds; exact for samples still here."""
        first, t0 = self._anchors[0]
        for anchor in reversed(self._anchors):
            if anchor[0] <= index:
                first, t0 = anchor
                break
        return t0 + (index - first) / self._rate_hz

    def _place(self, index: int) -> int:
        return min(max(index - self._oldest, 0), self._used)

    def _compact(self) -> None:
        kept = min(self._used, self._capacity)
        gone = self._used - kept
        self._acc[:kept] = self._acc[gone : self._used]
        self._magnitude[:kept] = self._magnitude[gone : self._used]
        self._oldest += gone
        self._used = kept
        while len(self._anchors) > 1 and self._anchors[1][0] <= self._oldest:
            self._anchors.popleft()
