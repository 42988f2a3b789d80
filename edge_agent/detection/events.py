"""Which moments are looked at: impacts on the resampled signal, and the window around each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from edge_agent.detection.resampling import RATE_HZ

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

    from edge_agent.drivers.accelerometer import Acceleration

TRIGGER_G: Final = 1.4
"""Least magnitude of an impact, smoothed over 60 ms. Low, so that soft falls, 18 Hz and a range of 2 g still trigger."""

BEFORE: Final = 3 * RATE_HZ
AFTER: Final = round(2.4 * RATE_HZ)
"""Samples of the window before the impact, and from the impact on."""

LEAST_AFTER: Final = RATE_HZ
"""What an impact at the end of the signal needs after it to be decided."""

_MERGE: Final = RATE_HZ
# What has to stay: the window of an open impact, which the search may move on by events of a second each.
_KEPT: Final = BEFORE + AFTER + 2 * _MERGE
_ROOM: Final = 4 * _KEPT
# A window that reaches past the signal is filled with what lies this far from the impact, mirrored.
_CLEAR_BEFORE: Final = round(0.6 * RATE_HZ)
_CLEAR_AFTER: Final = round(0.5 * RATE_HZ)


class Impacts:
    """Finds impacts in a stream: the greatest magnitude of an event, with none greater in the second that follows.

    Attributes:
        total: how many samples ever came; the next one's index.
        cut_off: impacts too near to the end for a decision.
    """

    def __init__(self) -> None:
        self.total = 0
        self.cut_off = 0
        self._acc = np.empty((_ROOM, 3), dtype=np.float32)
        self._magnitude = np.empty(_ROOM, dtype=np.float32)
        self._oldest = 0
        self._scanned = 0
        self._impact: int | None = None

    def append(self, acc: npt.NDArray[np.float64]) -> Iterator[tuple[int, int]]:
        """Take resampled samples, (n, 3); each impact whose window is complete, and where its window stops, in turn."""
        for start in range(0, len(acc), _MERGE):
            self._keep(acc[start : start + _MERGE])
            while self._find():
                assert self._impact is not None
                impact, stop = self._impact, self._impact + AFTER
                if self.total < stop:
                    break
                self._pass(impact)
                yield impact, stop

    def finish(self) -> Iterator[tuple[int, int]]:
        """No more samples come: each impact with at least a second after it, and where the signal stops."""
        while self._find():
            assert self._impact is not None
            impact = self._impact
            self._pass(impact)
            if self.total - impact < LEAST_AFTER:
                self.cut_off += 1
            else:
                yield impact, min(impact + AFTER, self.total)

    def skip_to(self, index: int) -> None:
        """What lies before belongs to an event that is settled."""
        self._scanned = max(self._scanned, index)

    def window(self, impact: int, stop: int) -> npt.NDArray[np.float32]:
        """(BEFORE + AFTER, 3) samples around an impact."""
        start = max(impact - BEFORE, self._oldest)
        return framed(self._acc[start - self._oldest : stop - self._oldest], impact - start)

    def _keep(self, acc: npt.NDArray[np.float64]) -> None:
        used = self.total - self._oldest
        if used + len(acc) > _ROOM:
            gone = used - _KEPT
            self._acc[:_KEPT] = self._acc[gone:used]
            self._magnitude[:_KEPT] = self._magnitude[gone:used]
            self._oldest += gone
            used = _KEPT
        place = slice(used, used + len(acc))
        self._acc[place] = acc
        self._magnitude[place] = np.sqrt(np.einsum("ij,ij->i", acc, acc))
        self.total += len(acc)

    def _pass(self, impact: int) -> None:
        self._scanned = impact + _MERGE
        self._impact = None

    def _find(self) -> bool:
        """Whether there is an open impact, moved to the greatest magnitude of its event."""
        end = self.total - self._oldest
        if self._impact is None:
            reached = self._magnitude[max(self._scanned - self._oldest, 0) : end]
            if not len(reached) or float(reached.max()) < TRIGGER_G:
                self._scanned = max(self._scanned, self.total)
                return False
            self._impact = max(self._scanned, self._oldest) + int(np.argmax(reached >= TRIGGER_G))
        while True:
            place = self._impact - self._oldest
            later = int(np.argmax(self._magnitude[place : min(place + _MERGE + 1, end)]))
            if not later:
                return True
            self._impact += later


def framed(acc: Acceleration, impact: int) -> npt.NDArray[np.float32]:
    """Put a signal into the window of its impact; where the signal is missing, its calm parts are mirrored.

    Args:
        acc: (n, 3), from at most `BEFORE` samples before the impact to at most `AFTER` from it on.
        impact: index of the impact in it.
    """
    window = np.empty((BEFORE + AFTER, 3), dtype=np.float32)
    lacking = BEFORE - impact
    window[lacking : lacking + len(acc)] = acc
    if lacking:
        calm = acc[: max(impact - _CLEAR_BEFORE, 1)]
        window[:lacking] = calm[_mirrored(lacking, len(calm))][::-1]
    filled = lacking + len(acc)
    if filled < len(window):
        calm = acc[min(impact + _CLEAR_AFTER, len(acc) - 1) :][::-1]
        window[filled:] = calm[_mirrored(len(window) - filled, len(calm))]
    return window


def _mirrored(count: int, length: int) -> npt.NDArray[np.int64]:
    """Indices that walk to and fro over ``length`` samples."""
    steps = np.arange(count) % (2 * length)
    return np.where(steps < length, steps, 2 * length - 1 - steps)
