"""No position is delivered off duty or on break without an open alarm, whatever the order of steps, alarms and fixes.

The source here stands for gpsd: thousands of openings a minute need one that answers at once; `test_position.py` has the real one.
The provider, its thread, the gate and the duty are the real ones.
"""

from __future__ import annotations

import queue
import threading
import time
from datetime import UTC, datetime

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from edge_agent.clock import SystemClock
from edge_agent.drivers.gnss import FixReading
from edge_agent.duty import Duty
from edge_agent.gate import PositionGate
from edge_agent.position import PositionEvent, PositionProvider, PositionSample
from sekur_sdk.models.device import DutyAction
from sekur_sdk.models.uid import new_uid

AT = datetime(2026, 3, 1, 22, 0, tzinfo=UTC)
ALARMS = [new_uid(number) for number in range(3)]


class EagerSource:
    """Has a new fix at every poll, and remembers which of its sessions are open."""

    stale_after_s = 10.0

    def __init__(self) -> None:
        self.open: set[EagerSession] = set()

    def session(self) -> EagerSession:
        return EagerSession(self)


class EagerSession:
    def __init__(self, source: EagerSource) -> None:
        self._source = source
        self._lock = threading.Lock()
        self._closed = False

    def poll(self) -> FixReading:
        with self._lock:
            if not self._closed:
                self._source.open.add(self)
        return FixReading(
            lat=48.8566, lon=2.3522, accuracy_m=5.0, fix_at=AT, taken_at=time.monotonic(), mode=3, satellites=9
        )

    def close(self) -> None:
        with self._lock:
            self._closed = True
            self._source.open.discard(self)


class GuardedNight(RuleBasedStateMachine):
    """A core that moves duty and alarms, and a provider whose thread delivers as fast as it can."""

    def __init__(self) -> None:
        super().__init__()
        self.duty = Duty()
        self.allowed = False
        self.intrusions = 0
        self.samples: queue.Queue[PositionSample] = queue.Queue()
        self.source = EagerSource()
        self.gate = PositionGate()
        self.provider = PositionProvider(
            source=self.source,
            gate=self.gate,
            clock=SystemClock(),
            deliver=self.deliver,
            interval_s=1e-4,
            poll_s=1e-4,
        )
        self.provider.start()

    def deliver(self, event: PositionEvent) -> None:
        self.intrusions += not self.allowed
        if isinstance(event, PositionSample):
            self.samples.put(event)

    def become(self, duty: Duty) -> None:
        # what the law allows, told apart from what the code under test makes of it
        allowed = duty.state == "on_duty" or len(duty.open_alarms) > 0
        self.duty = duty
        if allowed:
            self.allowed = True
        self.gate.set_open(duty.gate_open)
        if not allowed:
            self.allowed = False

    @rule(action=st.sampled_from(DutyAction))
    def step(self, action: DutyAction) -> None:
        if action not in self.duty.possible:
            return
        match action:
            case DutyAction.START:
                step = self.duty.start(new_uid(0), at=AT, employee_id="emp_1", site_id="sit_1")
            case DutyAction.BREAK_START:
                step = self.duty.break_start(at=AT)
            case DutyAction.BREAK_END:
                step = self.duty.break_end(at=AT)
            case _:
                step = self.duty.end(at=AT)
        self.become(step.duty)

    @rule(alarm=st.sampled_from(ALARMS))
    def open_alarm(self, alarm: str) -> None:
        self.become(self.duty.alarm_opened(alarm))
        self.provider.sample_now()

    @rule(alarm=st.sampled_from(ALARMS))
    def clear_alarm(self, alarm: str) -> None:
        self.become(self.duty.alarm_cleared(alarm))

    @rule()
    def crash(self) -> None:
        self.become(Duty.restore(self.duty.snapshot()))

    @precondition(lambda self: self.allowed)
    @rule()
    def positions_come(self) -> None:
        while not self.gate.admits(self.samples.get(timeout=5).opening):
            pass

    @invariant()
    def nothing_is_delivered_that_is_not_allowed(self) -> None:
        assert self.intrusions == 0

    @precondition(lambda self: not self.allowed)
    @invariant()
    def nothing_is_open_or_kept(self) -> None:
        assert not self.source.open
        assert self.provider.current(time.monotonic()) == (None, False)
        assert self.provider.gnss_time() is None
        assert not any(self.gate.admits(sample.opening) for sample in self.samples.queue)

    def teardown(self) -> None:
        assert self.provider.stop()
        assert not self.source.open
        assert self.intrusions == 0


TestGuardedNight = GuardedNight.TestCase
TestGuardedNight.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
