"""A sensor whose axis no longer moves: real ones show noise in their last bit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from edge_agent.drivers.accelerometer import Acceleration


class StuckAxis:
    """Counts how long each axis has kept exactly one value.

    Args:
        limit: samples with one and the same value that make an axis stuck.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self.restart()

    def restart(self) -> None:
        """Judge a fresh sensor."""
        self._last: Acceleration | None = None
        self._same = np.zeros(3, dtype=np.int64)
        self._moved = np.zeros(3, dtype=bool)

    @property
    def alive(self) -> bool:
        """Whether every axis has changed since the restart."""
        return bool(self._moved.all())

    def feed(self, acc: Acceleration) -> str:
        """Take samples, shape (n, 3); the names of the axes that are stuck, as in ``XZ``."""
        if not len(acc):
            return ""
        before = acc[:1] if self._last is None else self._last
        changed = np.diff(acc, axis=0, prepend=before) != 0
        any_change = changed.any(axis=0)
        # How many samples came after the last change.
        since_change = np.argmax(changed[::-1], axis=0)
        self._same = np.where(any_change, since_change, self._same + len(acc))
        self._moved |= any_change
        self._last = acc[-1:]
        return "".join(axis for axis, same in zip("XYZ", self._same, strict=True) if same >= self._limit)
