"""The agent: all its parts, wired. Importing this loads no HTTP library."""

from __future__ import annotations

import os
import threading
from concurrent.futures import Future
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Final

from edge_agent import agent_events as told
from edge_agent.acquisition import AcquisitionThread, SensorFault, SensorRecovered
from edge_agent.alarm_rules import Pattern
from edge_agent.clock import ScaledClock, SystemClock
from edge_agent.core import TIME_KEY, Core
from edge_agent.core_parts import Parts
from edge_agent.drivers.accelerometer import SampleBlock
from edge_agent.drivers.gpio import Button
from edge_agent.faults import FaultCode
from edge_agent.gate import PositionGate
from edge_agent.health import FaultSeen
from edge_agent.outbox import Outbox, StorageReport
from edge_agent.position import PositionProvider
from edge_agent.server_words import ServerWords
from edge_agent.uplink import Uplink
from edge_agent.wall_time import WallTime
from sekur_sdk.models.device import DutyAction, Status
from sekur_sdk.models.uid import new_uid

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from edge_agent.acquisition import Delivery
    from edge_agent.agent_events import AgentEvent
    from edge_agent.alarm_rules import OpenAlarm
    from edge_agent.clock import Clock
    from edge_agent.config import Config
    from edge_agent.drivers.accelerometer import Accelerometer
    from edge_agent.drivers.gnss import FixProvider
    from edge_agent.drivers.gpio import WearerInterface
    from edge_agent.duty import Duty
    from edge_agent.reconnect import ReconnectPolicy, ResendPolicy

_BOOT_ID: Final = Path("/proc/sys/kernel/random/boot_id")
_SUPERVISE_EVERY_S: Final = 1.0
_SILENT_S: Final = 3.0
_CALM_S: Final = 60.0
_ANSWER_S: Final = 10.0


class Agent:
    """One wearable, from `start` to `stop`.

    Args:
        config: what the device is.
        clock: drives sensing and alarms.
        sensor_factory: makes the accelerometer anew for each attempt to start it.
        position_source: where fixes come from; None for a device without.
        wearer: buttons and signals.
        on_event: told of everything, in order, from the thread that calls `start` and then from the core's; must not block.
        link_clock: drives the connection and storage; real time, also when `clock` runs faster.
        reconnect: pauses between two tries to connect.
        resend: waits before a message without a receipt goes again.
        connect: False never connects: messages only wait in the outbox.

    Raises:
        edge_agent.outbox_file.OutboxError: the outbox can't be opened.
    """

    def __init__(
        self,
        config: Config,
        clock: Clock,
        sensor_factory: Callable[[], Accelerometer],
        position_source: FixProvider | None,
        wearer: WearerInterface,
        *,
        on_event: Callable[[AgentEvent], None] = lambda _: None,
        link_clock: Clock | None = None,
        reconnect: ReconnectPolicy | None = None,
        resend: ResendPolicy | None = None,
        connect: bool = True,
    ) -> None:
        self._clock = clock
        self._wearer = wearer
        self._on_event = on_event
        self._boot = new_uid(int(clock.now().timestamp() * 1000))
        self._stopping = threading.Event()
        self._lost_blocks = 0
        self._lost_at: float | None = None
        if link_clock is None:
            link_clock = SystemClock() if isinstance(clock, ScaledClock) else clock
        # a clock of its own until the outbox tells which time it was last
        self._wall = WallTime(clock, None)
        self._outbox = Outbox(
            config.storage.path,
            boot=self._boot,
            now=lambda: self._wall.stamp(),  # noqa: PLW0108  # the wall time is replaced below
            budget_bytes=int(config.storage.telemetry_budget_mib * 1024 * 1024),
            report=self._storage_reported,
        )
        self._wall = WallTime(clock, _last_time(self._outbox))
        self._words = ServerWords(config, self._outbox, self._wall)
        self._uplink = Uplink(
            config.broker,
            config.device.address,
            self._outbox,
            link_clock,
            status=self._status,
            reported=self._words.reported,
            report=lambda event: self._core.post(lambda: self._words.take(event, self._core)),
            reconnect=reconnect,
            resend=resend,
            connect=connect,
        )
        gate = PositionGate()
        self._position = (
            PositionProvider(
                source=position_source,
                gate=gate,
                clock=clock,
                deliver=lambda event: self._core.post(lambda: self._core.position(event)),
                interval_s=self._words.position_interval_s,
            )
            if position_source is not None
            else None
        )
        self._acquisition = AcquisitionThread(sensor_factory, clock, self._delivered)
        self._core = Core(
            Parts(
                config=config,
                alarms=self._words.alarms,
                clock=clock,
                wall=self._wall,
                epoch=_epoch(clock, self._boot),
                outbox=self._outbox,
                uplink=self._uplink,
                gate=gate,
                position=self._position,
                wearer=wearer,
                observe=on_event,
                counts=lambda: (self._acquisition.stats.samples, self._acquisition.stats.lost_blocks),
                watch=self._watch,
            )
        )
        self._words.attach(self._uplink, self._position, clock)
        self._supervisor = threading.Thread(target=self._supervise, name="supervisor", daemon=True)

    # From any thread

    def start(self) -> None:
        """Start all threads; what was open when the agent ended goes on.

        Raises:
            edge_agent.drivers.gpio.WearerInterfaceError: buttons or actuators can't be used.
        """
        try:
            self._wearer.start(self._pressed)
        except BaseException:
            self._outbox.stop()
            raise
        self._outbox.start()
        self._core.start()
        self._uplink.start()
        if self._position is not None:
            self._position.start()
        self._acquisition.start()
        self._supervisor.start()

    def stop(self, flush_s: float = 3.0) -> bool:
        """End in order: what was decided is stored, what can be sent within `flush_s` is; whether all threads ended."""
        self._stopping.set()
        if self._supervisor.ident is not None:
            self._supervisor.join(_SUPERVISE_EVERY_S * 5)
        self._acquisition.stop()
        ended = self._position.stop() if self._position is not None else True
        ended &= self._core.stop()
        # what was decided last can only be sent once it is committed
        self._outbox.settle(flush_s)
        ended &= self._uplink.stop(flush_s)
        ended &= self._outbox.stop()
        self._wearer.stop()
        return ended

    def start_duty(self, shift_id: str | None = None) -> Duty:
        """Take up a duty (prise de service) for the configured employee and site.

        Raises:
            edge_agent.duty.DutyError: a duty is open already.
        """
        return self._step(DutyAction.START, shift_id)

    def end_duty(self) -> Duty:
        """End the duty (fin de service).

        Raises:
            edge_agent.duty.DutyError: off duty.
        """
        return self._step(DutyAction.END)

    def start_break(self) -> Duty:
        """Go on break: detectors run on, positions are not taken.

        Raises:
            edge_agent.duty.DutyError: off duty, or on break already.
        """
        return self._step(DutyAction.BREAK_START)

    def end_break(self) -> Duty:
        """Come back from the break.

        Raises:
            edge_agent.duty.DutyError: not on break.
        """
        return self._step(DutyAction.BREAK_END)

    def toggle_duty(self) -> None:
        """As the duty button does: take up a duty, or end it."""
        self._core.post(self._core.toggle_duty)

    def press_sos(self, *, silent: bool | None = None) -> None:
        """As the button does; `silent` None is as configured."""
        self._core.post(lambda: self._core.sos(silent=silent))

    def press_cancel(self) -> None:
        """As the button does."""
        self._core.post(self._core.cancel)

    @property
    def duty(self) -> Duty:
        """The present duty."""
        return self._core.duty

    @property
    def open_alarms(self) -> tuple[OpenAlarm, ...]:
        """Pre-alarms, and alarms that are not cleared."""
        return self._core.open_alarms

    @property
    def faults(self) -> tuple[str, ...]:
        """The codes of what is wrong now."""
        return self._core.faults

    @property
    def waiting_messages(self) -> int:
        """How many messages wait in the outbox."""
        return self._outbox.size.messages

    @property
    def samples(self) -> int:
        """How many samples the detectors were given."""
        return self._acquisition.stats.samples

    @property
    def gaps(self) -> int:
        """How often samples were lost or in doubt."""
        return self._acquisition.stats.gaps

    @property
    def threads_alive(self) -> dict[str, bool]:
        """Which of the agent's threads run."""
        alive = {
            "core": self._core.alive,
            "storage": self._outbox.alive,
            "uplink": self._uplink.alive,
            "acquisition": self._acquisition.alive,
        }
        if self._position is not None:
            alive["position"] = self._position.running
        return alive

    # From other threads

    def _step(self, action: DutyAction, shift_id: str | None = None) -> Duty:
        answer: Future[Duty] = Future()

        def step() -> None:
            try:
                answer.set_result(self._core.step_duty(action, shift_id))
            except ValueError as error:
                answer.set_exception(error)

        self._core.post(step)
        return answer.result(timeout=_ANSWER_S)

    def _pressed(self, button: Button) -> None:
        match button:
            case Button.SOS:
                self.press_sos()
            case Button.CANCEL:
                self.press_cancel()
            case Button.DUTY:
                self.toggle_duty()

    def _delivered(self, delivery: Delivery) -> None:
        if isinstance(delivery, SampleBlock):
            self._core.post_block(delivery)
        else:
            event: SensorFault | SensorRecovered = delivery
            self._core.post(lambda: self._core.sensor(event))

    def _storage_reported(self, report: StorageReport) -> None:
        core = self._core
        if report.corrupt:
            core.post(lambda: core.fault(FaultCode.STORAGE_CORRUPT, f"{report.corrupt} unreadable rows"))
        elif report.failed is not None:
            reason = report.failed
            core.post(lambda: core.fault(FaultCode.STORAGE_FAILED, reason))
        else:
            core.post(lambda: core.fault_over(FaultCode.STORAGE_FAILED))

    def _status(self, online: bool) -> Status:
        return Status(
            online=online,
            boot=self._boot,
            log=self._outbox.log,
            at=self._wall.now() if online else None,
            agent=_agent_version(),
        )

    def _watch(self, now: float) -> Iterator[FaultSeen]:
        """On the core's thread, once a second."""
        stats = self._acquisition.stats
        silent = stats.last_block_at is not None and now - stats.last_block_at > _SILENT_S
        yield FaultSeen(FaultCode.SENSOR_SILENT, present=silent, detail=f"no samples for {_SILENT_S:g} s")
        if stats.lost_blocks > self._lost_blocks:
            self._lost_blocks, self._lost_at = stats.lost_blocks, now
        dropping = self._lost_at is not None and now - self._lost_at < _CALM_S
        yield FaultSeen(FaultCode.SAMPLES_DROPPED, present=dropping, detail="the detectors are behind")
        yield FaultSeen(
            FaultCode.CLOCK_WRONG, present=self._wall.wrong, detail="before the last known time, or years after"
        )

    def _supervise(self) -> None:
        dead: set[str] = set()
        while not self._clock.wait(self._stopping, _SUPERVISE_EVERY_S):
            newly = {name for name, alive in self.threads_alive.items() if not alive} - dead
            if not newly or self._stopping.is_set():
                continue
            dead |= newly
            detail = ", ".join(sorted(newly))
            if self._core.alive:
                self._core.post(lambda detail=detail: self._core.fault(FaultCode.THREAD_DEAD, detail))  # type: ignore[misc]  # a default binds the loop's value
            else:
                # nobody else is left to say so
                self._wearer.signal(Pattern.PROTECTION_LOST)
                self._on_event(told.FaultRaised(at=self._clock.monotonic(), code=FaultCode.THREAD_DEAD, detail=detail))


def _agent_version() -> str | None:
    try:
        return version("sekur-sdk")
    except PackageNotFoundError:
        return None


def _epoch(clock: Clock, boot: str) -> str:
    """Which start of the monotonic clock this is: the machine's own goes on over a crash of the agent."""
    if isinstance(clock, SystemClock) and os.access(_BOOT_ID, os.R_OK):
        return _BOOT_ID.read_text(encoding="ascii").strip()
    return boot


def _last_time(outbox: Outbox) -> datetime | None:
    kept = outbox.state(TIME_KEY)
    try:
        last = datetime.fromisoformat(kept.decode()) if kept is not None else None
    except ValueError:
        return None
    return last if last is not None and last.tzinfo is not None else None
