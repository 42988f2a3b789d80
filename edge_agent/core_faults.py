"""Faults as the core tells them: once each, to the observer and to the alarm machine, which tells server and wearer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from edge_agent import agent_events as told
from edge_agent.alarm_events import FaultEnded, FaultStarted, Input
from edge_agent.drivers.gnss import FixFault
from edge_agent.faults import fault_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from edge_agent.agent_events import AgentEvent
    from edge_agent.health import FaultSeen, Health
    from edge_agent.position import PositionFault

_POSITION_FAULTS: Final = frozenset(FixFault)


class CoreFaults:
    """What is wrong, told; used on the core's thread.

    Args:
        health: keeps them.
        handle: takes what the alarm machine has to know.
        observe: tells the observer.
        now: the monotonic clock.
    """

    def __init__(
        self,
        health: Health,
        handle: Callable[[Input], None],
        observe: Callable[[AgentEvent], None],
        now: Callable[[], float],
    ) -> None:
        self._health = health
        self._handle = handle
        self._observe = observe
        self._now = now

    def begin(self, code: str, detail: str) -> None:
        """Something failed."""
        self.tell(self._health.begin(code, detail))

    def end(self, code: str) -> None:
        """It works again."""
        self.tell(self._health.end(code))

    def look(self, seen: FaultSeen) -> None:
        """Something was looked at, and fails or works."""
        if seen.present:
            self.begin(seen.code, seen.detail)
        else:
            self.end(seen.code)

    def position(self, event: PositionFault) -> None:
        """Positions are missing for one reason, or no more."""
        if event.code is None:
            self.end_position()
        else:
            self.end_position(but=event.code)
            self.begin(event.code, "no fresh position")

    def end_position(self, but: str | None = None) -> None:
        """No position is missing, or none is looked for."""
        for code in self._health.faults:
            if code in _POSITION_FAULTS and code != but:
                self.end(code)

    def tell(self, seen: FaultSeen | None) -> None:
        """Tell what the health has noticed, if it has."""
        if seen is None:
            return
        now = self._now()
        if seen.present:
            fault = fault_of(seen.code)
            self._observe(told.FaultRaised(at=now, code=seen.code, detail=seen.detail))
            self._handle(FaultStarted(at=now, code=seen.code, server=fault.server, wearer=fault.wearer))
        else:
            self._observe(told.FaultCleared(at=now, code=seen.code))
            self._handle(FaultEnded(at=now, code=seen.code))
