"""A condition of the wearer that must hold for a while before it counts, and be over for a while before it is off."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING

from attrs import frozen

if TYPE_CHECKING:
    from edge_agent.detection.windows import Window


class ConditionKind(enum.StrEnum):
    """What the wearer is found in."""

    TILT = "tilt"
    STILL = "still"


@frozen
class ConditionChange:
    """A condition came on or went off.

    Attributes:
        kind: which.
        on: whether it is on now.
        since: when the state that holds now began, seconds of the agent's monotonic clock.
        at: when it had held for long enough.
    """

    kind: ConditionKind
    on: bool
    since: float
    at: float


class Holding:
    """Turns a yes or no a window into changes of a condition.

    Args:
        kind: of the condition.
        on_windows: consecutive windows that have to say yes before it is on.
        off_windows: consecutive windows that have to say no before it is off.
    """

    def __init__(self, kind: ConditionKind, on_windows: int, off_windows: int) -> None:
        self._kind = kind
        self._needed = {True: on_windows, False: off_windows}
        self._on = False
        self._count = 0
        self._since = 0.0

    @property
    def on(self) -> bool:
        """Whether the condition is on."""
        return self._on

    def restart(self) -> None:
        """Count anew after a gap. A condition that is on stays on until it is seen to be over."""
        self._count = 0

    def update(self, window: Window, *, holds: bool) -> ConditionChange | None:
        """Take one window's answer."""
        if holds == self._on:
            self._count = 0
            return None
        if not self._count:
            self._since = window.start
        self._count += 1
        if self._count < self._needed[holds]:
            return None
        self._on = holds
        self._count = 0
        return ConditionChange(kind=self._kind, on=holds, since=self._since, at=window.end)


def windows_in(seconds: float, window_s: float) -> int:
    """How many windows make up at least ``seconds``; one at least."""
    return max(1, -int(-seconds // window_s))
