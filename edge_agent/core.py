"""The single writer of alarm state: takes what happened, in order, on one thread, and does what the alarm machine decides."""

from __future__ import annotations

import logging
import queue
import threading
from collections import deque
from typing import TYPE_CHECKING, Final

import attrs

from edge_agent import agent_events as told
from edge_agent.acquisition import SensorFault, SensorRecovered
from edge_agent.alarm_events import (
    CancelPressed,
    ConditionEnded,
    ConditionStarted,
    DutyChanged,
    FallDecided,
    FaultEnded,
    Input,
    ServerTold,
    SosPressed,
    Tick,
    WalkingResumed,
)
from edge_agent.alarm_execution import ALARMS_KEY, DUTY_KEY, AlarmExecution
from edge_agent.alarm_records import load_alarms
from edge_agent.alarms import AlarmMachine
from edge_agent.core_faults import CoreFaults
from edge_agent.duty import Duty, DutyStep
from edge_agent.faults import FaultCode
from edge_agent.health import Health
from edge_agent.position import PositionFault, PositionSample
from edge_agent.watching import Watching
from sekur_sdk.models.device import (
    AlertState,
    Channel,
    DutyAction,
    PositionBody,
)
from sekur_sdk.wire import WireError

if TYPE_CHECKING:
    from collections.abc import Callable

    from edge_agent.agent_events import AgentEvent
    from edge_agent.alarm_rules import OpenAlarm
    from edge_agent.config import AlarmsSection
    from edge_agent.core_parts import Parts
    from edge_agent.drivers.accelerometer import SampleBlock

_log = logging.getLogger(__name__)

_MAX_BLOCKS: Final = 256
_WATCH_EVERY_S: Final = 1.0

ASK_EVERY_S: Final = 600.0
"""How long the server may be silent about an open alarm before it is asked."""

TIME_KEY: Final = "time"


class Core:
    """The core's thread and its state; other threads only `post` and `post_block`."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._clock = parts.clock
        self._alarms = parts.alarms
        self._inbox: deque[Callable[[], None]] = deque()
        self._blocks = 0
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="core", daemon=True)
        self._machine = AlarmMachine(self._alarms.machine, parts.new_uid)
        self._watching = Watching(self._alarms, parts.wearer.moved, parts.config.wearer.worn_at)
        self._health = Health(parts.config.health.interval_s)
        self._faults = CoreFaults(self._health, self._handle, self.observe, self._now)
        self._asked_at = float("-inf")
        self._duty = Duty()
        self._execution = AlarmExecution(
            parts,
            observe=self.observe,
            alarm_committed=self._alarm_committed,
            signal_failed=lambda reason: self.post(lambda: self._faults.begin(FaultCode.WEARER_INTERFACE, reason)),
            wake=self._wake.set,
        )
        self._watch_at = self._clock.monotonic() + _WATCH_EVERY_S

    # From any thread

    def start(self) -> None:
        """Restore what was open, then start the thread; `duty` and `open_alarms` are right when this returns."""
        self._guarded(self._restore)
        self._thread.start()

    def stop(self, timeout_s: float = 5.0) -> bool:
        """End the thread after what was posted; whether it ended."""
        self._stopping.set()
        self._wake.set()
        if self._thread.ident is not None:
            self._thread.join(timeout_s)
        return not self._thread.is_alive()

    @property
    def alive(self) -> bool:
        """Whether the thread runs."""
        return self._thread.is_alive()

    @property
    def duty(self) -> Duty:
        """The duty as the core last left it."""
        return self._duty

    @property
    def open_alarms(self) -> tuple[OpenAlarm, ...]:
        """What is open, as the core last left it."""
        return self._machine.open

    @property
    def faults(self) -> tuple[str, ...]:
        """What is wrong, as the core last left it."""
        return self._health.faults

    def post(self, action: Callable[[], None]) -> None:
        """Do this on the core's thread."""
        self._inbox.append(action)
        self._wake.set()

    def post_block(self, block: SampleBlock) -> None:
        """Take a block of samples.

        Raises:
            queue.Full: the core is behind; the block is lost.
        """
        if self._blocks >= _MAX_BLOCKS:
            raise queue.Full
        self._blocks += 1
        self.post(lambda: self._block(block))

    # On the core's thread

    def _run(self) -> None:
        while True:
            self._clock.wait(self._wake, self._pause_s())
            self._wake.clear()
            stopping = self._stopping.is_set()
            while self._inbox:
                self._guarded(self._inbox.popleft())
            self._guarded(lambda: self._on_time(self._clock.monotonic()))
            if stopping:
                self._guarded(self._settle_falls)
                return

    def _guarded(self, action: Callable[[], None]) -> None:
        try:
            action()
        except Exception as error:  # noqa: BLE001  # one input that fails must not end the protection; it is told as a fault
            _log.exception("the core failed on an input")
            if FaultCode.INTERNAL_ERROR not in self._health.faults:
                self._faults.begin(FaultCode.INTERNAL_ERROR, type(error).__name__)

    def _pause_s(self) -> float:
        if self._inbox or self._stopping.is_set():
            return 0.0
        moments = (
            self._watch_at,
            self._machine.next_deadline,
            self._health.next_deadline,
            self._execution.next_deadline,
        )
        return max(0.0, min(moment for moment in moments if moment is not None) - self._clock.monotonic())

    def _on_time(self, now: float) -> None:
        self._execution.signal_when_due()
        if self._machine.next_deadline is not None and now >= self._machine.next_deadline:
            self._handle(Tick(at=now))
        self._faults.tell(self._health.check(now))
        if self._health.due(now):
            self._send_health()
        if now >= self._watch_at:
            self._watch_at = now + _WATCH_EVERY_S
            self._watch(now)

    def _restore(self) -> None:
        now = self._clock.monotonic()
        outbox = self._parts.outbox
        alarms: tuple[OpenAlarm, ...] = ()
        try:
            alarms = load_alarms(outbox.state(ALARMS_KEY), self._parts.moment())
            self._duty = Duty.restore(outbox.state(DUTY_KEY))
        except WireError as error:
            self._faults.begin(FaultCode.STORAGE_CORRUPT, f"durable state: {error}")
        self._machine.restore(alarms)
        for alarm in alarms:
            # faults are of one run: what still fails is noticed and told anew
            if alarm.fault is not None:
                self._handle(FaultEnded(at=now, code=alarm.fault))
        self._open_gate()
        self.observe(told.AgentStarted(at=now, duty=self._duty.state, restored=len(alarms)))
        if self._duty.monitoring:
            self._watching.begin_duty()
            self._health.start(now)
        recovery = outbox.recovery
        if recovery is not None:
            self._faults.begin(
                FaultCode.STORAGE_CORRUPT,
                f"{recovery.reason}; {recovery.messages} messages saved, the rest is in {recovery.set_aside.name}",
            )
        # a duty that was open goes on; what is due is raised by this input
        self._handle(DutyChanged(at=now, on_duty=self._duty.monitoring))

    # What happened

    def _block(self, block: SampleBlock) -> None:
        self._blocks -= 1
        if not self._duty.monitoring:
            return
        for event in self._watching.feed(block):
            self._seen(event)

    def _seen(self, event: FallDecided | ConditionStarted | ConditionEnded) -> None:
        if isinstance(event, FallDecided):
            self.observe(told.FallDetected(at=self._now(), impact_at=event.impact_at, score=event.score or 0.0))
        self._handle(event)

    def _settle_falls(self) -> None:
        """Decide on an impact of the last seconds, before the detectors stop."""
        if self._duty.monitoring:
            for fall in self._watching.flush():
                self._seen(fall)

    def sensor(self, event: SensorFault | SensorRecovered) -> None:
        """The sensor failed, or works again."""
        if isinstance(event, SensorFault):
            self._faults.begin(event.code, event.detail)
        else:
            self._faults.end(event.code)

    def position(self, event: PositionSample | PositionFault) -> None:
        """A fix, or the want of one."""
        if not self._parts.gate.admits(event.opening):
            return
        if isinstance(event, PositionFault):
            self._faults.position(event)
            return
        self._faults.end_position()
        alert = self._duty.alert
        body = PositionBody(fix=event.reading.fix(self._now()), alert=alert)
        message = self._parts.outbox.submit(self._parts.draft(Channel.POSITION, body, duty=self._duty.duty))
        self.observe(told.PositionSent(at=self._now(), uid=message.uid, alert=alert))

    def sos(self, *, silent: bool | None = None) -> None:
        """The wearer calls for help."""
        self._handle(SosPressed(at=self._now(), silent=silent))

    def cancel(self) -> None:
        """The wearer says that all is well."""
        self._watching.sign_of_life()
        self._handle(CancelPressed(at=self._now()))

    def walking_resumed(self) -> None:
        """The wearer walks on."""
        self._handle(WalkingResumed(at=self._now()))

    def receipted(self, uid: str, channel: Channel, *, stored: bool) -> None:
        """The server has a message; `stored` False is one that it can't read."""
        self._faults.tell(self._health.answered(self._now()))
        if channel is Channel.ALERT:
            if stored:
                self.server_told(uid, AlertState.RECEIVED)
            else:
                self._faults.begin(FaultCode.MESSAGE_REFUSED, f"the server can't read alarm {uid}")

    def server_told(self, uid: str, state: AlertState) -> None:
        """What became of an alarm."""
        self._handle(ServerTold(at=self._now(), uid=uid, state=state))

    def fault(self, code: str, detail: str) -> None:
        """Something of the chain failed."""
        self._faults.begin(code, detail)

    def fault_over(self, code: str) -> None:
        """It works again."""
        self._faults.end(code)

    def configure(self, alarms: AlarmsSection) -> None:
        """Other alarm settings."""
        if alarms == self._alarms:
            return
        self._alarms = alarms
        self._machine.settings = alarms.machine
        self._watching.configure(alarms)

    # Duty

    def step_duty(self, action: DutyAction, shift_id: str | None = None) -> Duty:
        """Take a step of the duty, make it durable, send it.

        Raises:
            edge_agent.duty.DutyError: the step is not possible now.
        """
        step = self._parts.duty_step(self._duty, action, shift_id)
        self._apply_step(step)
        return self._duty

    def toggle_duty(self) -> None:
        """Take up a duty, or end the one that is open."""
        self.step_duty(DutyAction.END if self._duty.monitoring else DutyAction.START)

    def _apply_step(self, step: DutyStep) -> None:
        now = self._now()
        was_monitoring = self._duty.monitoring
        if not step.duty.monitoring:
            self._settle_falls()
        # the alarms that the last seconds may have opened count too
        self._duty = attrs.evolve(step.duty, open_alarms=self._duty.open_alarms)
        self._open_gate()
        draft = self._parts.draft(Channel.EVENT, step.event, duty=step.event.duty)
        self._parts.outbox.submit(draft, states={DUTY_KEY: self._duty.snapshot()})
        self.observe(told.DutyChanged(at=now, action=step.event.action, duty=step.event.duty))
        if self._duty.monitoring and not was_monitoring:
            self._watching.begin_duty()
            self._health.start(now)
        elif was_monitoring and not self._duty.monitoring:
            self._faults.tell(self._health.stop())
        self._handle(DutyChanged(at=now, on_duty=self._duty.monitoring))

    def _open_gate(self) -> None:
        calling = [alarm.uid for alarm in self._machine.open if alarm.calls_for_positions]
        duty = self._duty
        for uid in set(duty.open_alarms) - set(calling):
            duty = duty.alarm_cleared(uid)
        for uid in calling:
            duty = duty.alarm_opened(uid)
        self._duty = duty
        was_open = self._parts.gate.is_open
        self._parts.gate.set_open(duty.gate_open)
        if was_open and not duty.gate_open:
            self._faults.end_position()

    # Effects

    def _handle(self, event: Input) -> None:
        effects = self._machine.handle(event)
        if not effects:
            return
        # stored first: what opening the gate leads to may not overtake the message that it is about
        committed = self._execution.store(effects, self._machine.open, self._duty)
        self._open_gate()
        self._execution.tell(effects, committed)

    def _alarm_committed(self, uid: str) -> None:
        self.post(lambda: self.observe(told.AlarmCommitted(at=self._now(), uid=uid)))
        self.post(lambda: self._faults.end(FaultCode.STORAGE_SLOW))

    # Health and faults

    def _send_health(self) -> None:
        protected = self._duty.monitoring and self._health.protects
        body = self._parts.health_body(self._health.faults, protected=protected)
        draft = self._parts.draft(Channel.HEALTH, body, duty=self._duty.duty)
        stored = threading.Event()

        def on_committed() -> None:
            stored.set()
            self._parts.uplink.wake()

        states = {TIME_KEY: self._parts.wall.now().isoformat().encode()}
        message = self._parts.outbox.submit(draft, on_committed, states)
        # a card that fails or stalls is no reason to look as if nobody were protected
        self._parts.uplink.offer(message, stored)

    def _watch(self, now: float) -> None:
        if self._parts.position is not None:
            self._parts.wall.take(self._parts.position.gnss_time())
        else:
            self._parts.wall.take(None)
        for seen in self._parts.watch(now):
            self._faults.look(seen)
        silent = [alarm for alarm in self._machine.open if alarm.unheard_for(now) >= ASK_EVERY_S]
        if silent and now - self._asked_at >= ASK_EVERY_S:
            # the server's last word on them may be lost
            self._asked_at = now
            self._parts.uplink.tell_status()

    # Small things

    def _now(self) -> float:
        return self._clock.monotonic()

    def observe(self, event: AgentEvent) -> None:
        """Tell the observer."""
        try:
            self._parts.observe(event)
        except Exception:  # noqa: BLE001  # an observer that fails must not cost anybody their alarm
            _log.exception("an observer failed")
