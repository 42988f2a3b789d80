"""The position thread: keeps the last fix with its age, and hands the core a sample now and then while the gate is open.

The gate is below: with it closed nothing is opened, read, kept or delivered. When it closes, the thread that closes it drops the
connection and the last fix before it goes on.
"""

from __future__ import annotations

import math
import queue
import threading
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

import attrs

from edge_agent.drivers.gnss import FixFault, FixReading
from edge_agent.gate import Opening

if TYPE_CHECKING:
    from collections.abc import Callable

    from edge_agent.clock import Clock
    from edge_agent.drivers.gnss import FixProvider, FixSession, GnssTime
    from edge_agent.gate import PositionGate
    from sekur_sdk.models.device import Fix

POLL_S = 1.0
"""Receivers report every second; a fix is noticed at most this long after it came."""

FAULT_AFTER_S: dict[FixFault, float] = {
    FixFault.GPSD_UNREACHABLE: 5.0,
    FixFault.GPSD_SILENT: 5.0,
    FixFault.NO_RECEIVER: 5.0,
    # a cold start takes a receiver about half a minute under an open sky
    FixFault.NO_FIX: 60.0,
    FixFault.STALE_FIX: 0.0,
}
"""How long, in seconds, there has been no fresh fix before it is told."""


@attrs.frozen
class PositionSample:
    """A fresh fix. One that waited in a queue is dropped unless the gate still `admits` its `opening`."""

    reading: FixReading
    opening: Opening


@attrs.frozen
class PositionFault:
    """There has been no fresh fix since `since` (monotonic seconds); a `code` of None says that there is one again.

    A gate that closes ends every fault without a word.
    """

    code: FixFault | None
    since: float
    opening: Opening


PositionEvent: TypeAlias = PositionSample | PositionFault


class PositionProvider:
    """Polls a source from a thread of its own while the gate is open.

    Args:
        source: where fixes come from; opened behind the gate only.
        gate: closed, nothing happens here.
        clock: for ages and waits.
        deliver: puts an event into the core's bounded queue. It must not block nor touch the gate; it may raise `queue.Full`: that is
            counted in `dropped`, and the next fix, or the same fault, is tried again.
        interval_s: seconds between samples; the first one comes with the first fix of an opening.
        poll_s: seconds between looks at the source.
    """

    def __init__(
        self,
        *,
        source: FixProvider,
        gate: PositionGate,
        clock: Clock,
        deliver: Callable[[PositionEvent], None],
        interval_s: float,
        poll_s: float = POLL_S,
    ) -> None:
        self.interval_s = interval_s
        self.dropped = 0
        self._source = source
        self._gate = gate
        self._clock = clock
        self._deliver = deliver
        self._poll_s = min(poll_s, interval_s)
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._due = threading.Event()
        self._visit: _Visit | None = None
        self._stepped_at = 0.0
        self._thread = threading.Thread(target=self._run, name="position", daemon=True)
        gate.watch(self._wake)

    def start(self) -> None:
        """Start the thread; once."""
        self._thread.start()

    def stop(self, timeout_s: float = 5.0) -> bool:
        """Drop the connection and end the thread; whether it ended within `timeout_s`."""
        self._stopping.set()
        self._wake.set()
        visit = self._visit
        if visit is not None:
            visit.session.close()
        if self._thread.is_alive():
            self._thread.join(timeout_s)
        return not self._thread.is_alive()

    @property
    def running(self) -> bool:
        """Whether the thread is there."""
        return self._thread.is_alive()

    def stalled_s(self, now: float) -> float:
        """Seconds, at `now` of the monotonic clock, since the thread last came round; 0 while the gate is closed."""
        return max(0.0, now - self._stepped_at) if self._visit is not None else 0.0

    def current(self, now: float) -> tuple[Fix | None, bool]:
        """The last fix of this opening, its age at `now` (monotonic seconds), and whether it is stale; None when there is none."""
        visit = self._visit
        reading = visit.reading if visit is not None else None
        if visit is None or reading is None or not self._gate.admits(visit.opening):
            return None, False
        return reading.fix(now), reading.age_s(now) > self._source.stale_after_s

    @property
    def fault(self) -> FixFault | None:
        """Why there has been no fresh fix for longer than `FAULT_AFTER_S`; None when there is one, or the gate is closed."""
        visit = self._visit
        return visit.told if visit is not None and self._gate.admits(visit.opening) else None

    def gnss_time(self) -> GnssTime | None:
        """The time that came with the last fix of this opening, or None."""
        visit = self._visit
        reading = visit.reading if visit is not None else None
        return None if reading is None else reading.gnss_time

    def sample_now(self) -> None:
        """Deliver the next fix without waiting for its turn, as when an alarm opens."""
        self._due.set()
        self._wake.set()

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._wake.clear()
            visit = _Visit(self._source.session())
            opening = self._gate.enter(visit.close)
            if opening is not None:
                visit.opening = opening
                self._stepped_at = self._clock.monotonic()
                self._visit = visit
                try:
                    self._poll_until_closed(visit)
                finally:
                    self._visit = None
                    self._gate.leave(visit.close)
                    visit.close()
            # stop() sets its flag first: a wake cleared above is not lost
            elif not self._stopping.is_set():
                self._wake.wait()

    def _poll_until_closed(self, visit: _Visit) -> None:
        while True:
            self._wake.clear()
            if self._stopping.is_set() or not self._gate.admits(visit.opening):
                return
            self._stepped_at = self._clock.monotonic()
            outcome = visit.session.poll()
            if not self._gate.pass_through(visit.opening, partial(self._take, visit, outcome)):
                return
            self._clock.wait(self._wake, self._poll_s)

    def _take(self, visit: _Visit, outcome: FixReading | FixFault | None) -> None:
        """Runs inside the gate."""
        now = self._clock.monotonic()
        try:
            if isinstance(outcome, FixReading):
                self._take_reading(visit, outcome, now)
            elif outcome is not None:
                self._take_fault(visit, outcome, now)
        except queue.Full:
            self.dropped += 1

    def _take_reading(self, visit: _Visit, reading: FixReading, now: float) -> None:
        is_new = visit.reading is None or reading.taken_at != visit.reading.taken_at
        visit.reading = reading
        visit.faulty_since = None
        if visit.told is not None:
            self._deliver(PositionFault(None, now, visit.opening))
            visit.told = None
        if is_new and (now >= visit.next_sample_at or self._due.is_set()):
            self._deliver(PositionSample(reading, visit.opening))
            self._due.clear()
            visit.next_sample_at = now + self.interval_s

    def _take_fault(self, visit: _Visit, fault: FixFault, now: float) -> None:
        if visit.faulty_since is None:
            visit.faulty_since = now
        if fault is not visit.told and now - visit.faulty_since >= FAULT_AFTER_S[fault]:
            self._deliver(PositionFault(fault, visit.faulty_since, visit.opening))
            visit.told = fault


class _Visit:
    """One stay behind the gate: its session, and all that is remembered of it."""

    def __init__(self, session: FixSession) -> None:
        self.session = session
        self.opening: Opening = 0
        self.reading: FixReading | None = None
        self.next_sample_at = -math.inf
        self.faulty_since: float | None = None
        self.told: FixFault | None = None

    def close(self) -> None:
        """Called by the gate, from the thread that closes it."""
        self.reading = None
        self.session.close()
