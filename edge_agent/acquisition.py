"""The acquisition thread: from the sensor's FIFO to stamped blocks, and every fault on the way told.

A gap (overrun, bus error, restarted sensor, block that the core had no room for) is marked on the next block; samples
are never made up.
"""

from __future__ import annotations

import logging
import queue
import threading
from collections import deque
from typing import TYPE_CHECKING, Final

import numpy as np
from attrs import evolve, field, frozen, validators

from edge_agent.drivers.accelerometer import SampleBlock, SensorError, SensorFaultCode
from edge_agent.drivers.bus import BusError
from edge_agent.drivers.sample_clock import SampleClock
from edge_agent.drivers.stuck_axis import StuckAxis

if TYPE_CHECKING:
    from collections.abc import Callable

    from edge_agent.clock import Clock
    from edge_agent.drivers.accelerometer import Acceleration, Accelerometer

_log = logging.getLogger(__name__)

_RETRY_S: Final = 0.005
_FIRST_BACKOFF_S: Final = 0.5
_VERIFY_EVERY_S: Final = 5.0
_JOIN_S: Final = 10.0


@frozen
class SensorFault:
    """The sensor's samples are missing or can't be trusted.

    Attributes:
        code: of the technical alarm.
        detail: what was seen and what to do; no personal data.
        at: seconds of the agent's monotonic clock.
    """

    code: SensorFaultCode
    detail: str
    at: float


@frozen
class SensorRecovered:
    """A fault that was told is over.

    Attributes:
        code: of the fault.
        at: seconds of the agent's monotonic clock.
    """

    code: SensorFaultCode
    at: float


Delivery = SampleBlock | SensorFault | SensorRecovered


@frozen
class AcquisitionConfig:
    """How the sensor is watched.

    Attributes:
        block: least samples in a block, except for the one just before a gap.
        stuck_s: how long an axis may keep exactly one value.
        silent_s: how long there may be no sample at all.
        bus_tries: failed reads in a row before the sensor is started anew.
        longest_backoff_s: between two attempts to start the sensor.
        calm_s: how long after an overrun its fault is over.
    """

    block: int = field(default=16, validator=validators.ge(1))
    stuck_s: float = field(default=5.0, validator=validators.gt(0))
    silent_s: float = field(default=1.0, validator=validators.gt(0))
    bus_tries: int = field(default=3, validator=validators.ge(1))
    longest_backoff_s: float = field(default=10.0, validator=validators.gt(0))
    calm_s: float = field(default=10.0, validator=validators.ge(0))


@frozen
class AcquisitionStats:
    """What was counted since the start.

    Attributes:
        samples: samples delivered in blocks.
        blocks: blocks delivered.
        gaps: blocks delivered with the mark of a gap.
        overruns: visits that found the FIFO full.
        bus_errors: reads that failed.
        lost_blocks: blocks that the core had no room for.
        starts: times that the sensor was started with success.
        last_block_at: when the last block was delivered, seconds of the agent's monotonic clock; None before the first.
    """

    samples: int = 0
    blocks: int = 0
    gaps: int = 0
    overruns: int = 0
    bus_errors: int = 0
    lost_blocks: int = 0
    starts: int = 0
    last_block_at: float | None = None


class AcquisitionThread:
    """Runs the sensor and delivers what comes of it.

    Args:
        sensor_factory: makes the sensor anew, its bus included, for every attempt; may raise `BusError`.
        clock: paces the visits and stamps the samples.
        deliver: takes each block, fault and recovery on this thread, without blocking; ``queue.Full`` says that there
            was no room. A block is then lost and counted, a fault or recovery offered again.
        config: how the sensor is watched.
    """

    def __init__(
        self,
        sensor_factory: Callable[[], Accelerometer],
        clock: Clock,
        deliver: Callable[[Delivery], None],
        config: AcquisitionConfig | None = None,
    ) -> None:
        self._sensor_factory = sensor_factory
        self._clock = clock
        self._deliver = deliver
        self._config = config if config is not None else AcquisitionConfig()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="acquisition", daemon=True)
        self._stats = AcquisitionStats()
        self._sensor: Accelerometer | None = None
        self._open_faults: set[SensorFaultCode] = set()
        self._notices: deque[SensorFault | SensorRecovered] = deque()
        self._backoff_s = _FIRST_BACKOFF_S
        self._gap = False
        self._first_index = 0
        self._calm_from = 0.0
        self._forget_stream(1.0)

    @property
    def stats(self) -> AcquisitionStats:
        """The counts at this moment; safe from any thread."""
        return self._stats

    @property
    def alive(self) -> bool:
        """Whether the thread runs."""
        return self._thread.is_alive()

    def start(self) -> None:
        """Start the thread; the sensor is started on it."""
        self._thread.start()

    def stop(self) -> None:
        """Stop the thread and put the sensor to standby; waits for both, for a while."""
        self._stopping.set()
        if self._thread.ident is not None:
            self._thread.join(_JOIN_S)

    def _run(self) -> None:
        try:
            while not self._stopping.is_set():
                self._clock.wait(self._stopping, self._step())
        finally:
            self._close_sensor()

    def _step(self) -> float:
        """Do what is due; answers how long to wait until the next step, in seconds."""
        try:
            if self._sensor is None:
                self._start_sensor()
            else:
                self._visit(self._sensor)
        except SensorError as error:
            self._fail(error.code, str(error))
        except BusError as error:
            self._fail(SensorFaultCode.MISSING, str(error))
        except Exception as error:  # noqa: BLE001  # a wearer relies on this thread: told as a fault, and started anew
            _log.exception("acquisition failed")
            self._fail(SensorFaultCode.BUS_ERROR, f"unexpected {type(error).__name__} in the acquisition")
        self._send_notices()
        if self._sensor is None:
            pause = self._backoff_s
            self._backoff_s = min(2 * self._backoff_s, self._config.longest_backoff_s)
            return pause
        if self._failed_reads:
            return _RETRY_S
        # One sample more than is missing, lest the visit comes a moment too early.
        missing = max(self._config.block - self._held, self._sensor.watermark - self._held, 1)
        return (missing + 1) / self._sensor.rate_hz

    def _start_sensor(self) -> None:
        sensor = self._sensor_factory()
        try:
            sensor.start()
        except BaseException:
            sensor.close()
            raise
        self._sensor = sensor
        self._forget_stream(sensor.rate_hz)
        self._gap = self._stats.starts > 0 or self._gap
        self._count(starts=1)

    def _forget_stream(self, rate_hz: float) -> None:
        self._timing = SampleClock(rate_hz)
        self._stuck = StuckAxis(round(self._config.stuck_s * rate_hz))
        self._pending: list[Acceleration] = []
        self._held = 0
        self._pending_t0 = 0.0
        self._failed_reads = 0
        self._heard_at = self._clock.monotonic()
        self._verified_at = self._heard_at

    def _visit(self, sensor: Accelerometer) -> None:
        read_at = self._clock.monotonic()
        try:
            if read_at - self._verified_at >= _VERIFY_EVERY_S:
                sensor.verify()
                self._verified_at = read_at
            drained = sensor.drain()
        except SensorError:
            self._count(bus_errors=1)
            self._failed_reads += 1
            # Samples may have left the FIFO and got lost on the way.
            self._break(sensor)
            if self._failed_reads >= self._config.bus_tries:
                raise
            return
        self._failed_reads = 0
        self._check_overrun(sensor, overrun=drained.overrun, at=read_at)
        self._check_alive(drained.acc, read_at)
        if len(drained.acc):
            self._take(sensor, drained.acc, read_at)

    def _check_overrun(self, sensor: Accelerometer, *, overrun: bool, at: float) -> None:
        if overrun:
            self._count(overruns=1)
            self._break(sensor)
            self._calm_from = at
            self._tell(
                SensorFaultCode.OVERRUN, "the sensor's FIFO was full: samples were lost, the agent reads too late"
            )
        elif SensorFaultCode.OVERRUN in self._open_faults and at - self._calm_from >= self._config.calm_s:
            self._recover(SensorFaultCode.OVERRUN)

    def _check_alive(self, acc: Acceleration, at: float) -> None:
        if len(acc):
            self._heard_at = at
        elif at - self._heard_at >= self._config.silent_s:
            raise SensorError(
                SensorFaultCode.STUCK, f"no sample for {at - self._heard_at:.1f} s; check the sensor's supply"
            )
        axes = self._stuck.feed(acc)
        if axes:
            raise SensorError(
                SensorFaultCode.STUCK,
                f"axis {axes} kept one value for {self._config.stuck_s:g} s, without the noise of a live sensor; "
                "replace the sensor if it comes again",
            )
        if self._stuck.alive:
            self._backoff_s = _FIRST_BACKOFF_S
            for code in sorted(self._open_faults - {SensorFaultCode.OVERRUN}):
                self._recover(code)

    def _take(self, sensor: Accelerometer, acc: Acceleration, read_at: float) -> None:
        t0, broken = self._timing.stamp(len(acc), read_at)
        if broken:
            self._send_pending(sensor)
            self._gap = True
        if not self._held:
            self._pending_t0 = t0
        self._pending.append(acc)
        self._held += len(acc)
        if self._held >= self._config.block:
            self._send_pending(sensor)

    def _break(self, sensor: Accelerometer) -> None:
        """Samples are missing from here on: what came before them goes out, what comes after is marked."""
        self._send_pending(sensor)
        self._timing.restart()
        self._gap = True

    def _send_pending(self, sensor: Accelerometer) -> None:
        if not self._held:
            return
        block = SampleBlock(
            np.concatenate(self._pending), self._pending_t0, sensor.rate_hz, self._first_index, gap=self._gap
        )
        self._pending = []
        self._held = 0
        self._first_index += len(block.acc)
        try:
            self._deliver(block)
        except queue.Full:
            self._count(lost_blocks=1)
            self._gap = True
            return
        self._count(samples=len(block.acc), blocks=1, gaps=int(block.gap))
        self._stats = evolve(self._stats, last_block_at=self._clock.monotonic())
        self._gap = False

    def _fail(self, code: SensorFaultCode, detail: str) -> None:
        if self._sensor is not None and self._held:
            self._send_pending(self._sensor)
        self._close_sensor()
        self._gap = True
        self._tell(code, detail)

    def _tell(self, code: SensorFaultCode, detail: str) -> None:
        if code not in self._open_faults:
            self._open_faults.add(code)
            self._notices.append(SensorFault(code=code, detail=detail, at=self._clock.monotonic()))

    def _recover(self, code: SensorFaultCode) -> None:
        self._open_faults.discard(code)
        self._notices.append(SensorRecovered(code=code, at=self._clock.monotonic()))

    def _send_notices(self) -> None:
        while self._notices:
            try:
                self._deliver(self._notices[0])
            except queue.Full:
                return
            self._notices.popleft()

    def _close_sensor(self) -> None:
        if self._sensor is not None:
            self._sensor.close()
            self._sensor = None

    def _count(self, **more: int) -> None:
        counts: dict[str, int] = {name: getattr(self._stats, name) + number for name, number in more.items()}
        self._stats = evolve(self._stats, **counts)
