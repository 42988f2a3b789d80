"""The device's own state: what is wrong now, when the next health message is due, whether the server still answers.

Pure: times are seconds of the agent's monotonic clock. The wearer is told that protection is lost when three health messages
have gone without any receipt: a little before three intervals have passed, so that it is within 180 s of the death of anything
between the wearer and the database.
"""

from __future__ import annotations

from typing import Final

import attrs

from edge_agent.faults import FaultCode, fault_of

DEFAULT_INTERVAL_S: Final = 60.0
MISSED_RECEIPTS: Final = 3
_EARLY: Final = 0.1
"""Part of an interval: time for threads and for the signal itself."""


@attrs.frozen
class FaultSeen:
    """A fault began, or (`present` False) ended."""

    code: str
    present: bool
    detail: str = ""


@attrs.define
class Health:
    """What is wrong at the moment; each fault is told once, until it ends.

    Args:
        interval_s: how often health goes out on duty.
    """

    interval_s: float = DEFAULT_INTERVAL_S
    _faults: dict[str, str] = attrs.field(factory=dict, init=False)
    _due_at: float | None = attrs.field(default=None, init=False)
    _answered_at: float | None = attrs.field(default=None, init=False)

    @property
    def faults(self) -> tuple[str, ...]:
        """The codes of what is wrong now, in the order of their coming."""
        return tuple(self._faults)

    @property
    def protects(self) -> bool:
        """Whether a fall now would become an alarm that a person sees."""
        return all(fault_of(code).protects for code in self._faults)

    @property
    def next_deadline(self) -> float | None:
        """When `due` or `check` next has something to say; None off duty."""
        if self._due_at is None:
            return None
        if self._answered_at is None or FaultCode.NO_RECEIPT in self._faults:
            return self._due_at
        return min(self._due_at, self._silent_at(self._answered_at))

    def start(self, at: float) -> None:
        """A duty begins: health goes out at once, and the server has its time to answer."""
        self._due_at = at
        self._answered_at = at

    def stop(self) -> FaultSeen | None:
        """The duty is over: nobody waits for receipts; what ends with it."""
        self._due_at = self._answered_at = None
        return self.end(FaultCode.NO_RECEIPT)

    def due(self, at: float) -> bool:
        """Whether a health message goes out now; the next is due one interval later."""
        if self._due_at is None or at < self._due_at:
            return False
        self._due_at = max(self._due_at + self.interval_s, at)
        return True

    def answered(self, at: float) -> FaultSeen | None:
        """The server sent a receipt: the whole chain works."""
        if self._answered_at is not None:
            self._answered_at = at
        return self.end(FaultCode.NO_RECEIPT)

    def check(self, at: float) -> FaultSeen | None:
        """The fault of a server that has been silent for too long, once."""
        if self._answered_at is None or at < self._silent_at(self._answered_at):
            return None
        return self.begin(FaultCode.NO_RECEIPT, f"no receipt for {MISSED_RECEIPTS} health messages")

    def begin(self, code: str, detail: str = "") -> FaultSeen | None:
        """Note a fault; None when it is known already."""
        if code in self._faults:
            return None
        self._faults[code] = detail
        return FaultSeen(code, present=True, detail=detail)

    def end(self, code: str) -> FaultSeen | None:
        """Note the end of a fault; None when there was none."""
        if code not in self._faults:
            return None
        return FaultSeen(code, present=False, detail=self._faults.pop(code))

    def _silent_at(self, answered_at: float) -> float:
        return answered_at + (MISSED_RECEIPTS - _EARLY) * self.interval_s
