"""An ADXL345 as its registers show it (Analog Devices, data sheet Rev. E), moved by a `Motion`.

Emulated: identity, standby and measurement, rates, ranges and resolutions with their clipping, justification, offsets,
self-test, FIFO in bypass, FIFO and stream mode with its 33rd sample in the output registers, watermark, data-ready and
overrun bits, read-only registers. Not emulated: taps, activity, free fall, sleep, low power, trigger mode, pins.
"""

from __future__ import annotations

import threading
from collections import deque
from typing import TYPE_CHECKING, Final

import numpy as np

from edge_agent.drivers.emulated.motion import Stage

if TYPE_CHECKING:
    import numpy.typing as npt

    from edge_agent.clock import Clock
    from edge_agent.drivers.emulated.motion import Motion

_DEVID: Final = 0x00
_OFSX: Final = 0x1E
_ACT_TAP_STATUS: Final = 0x2B
_BW_RATE: Final = 0x2C
_POWER_CTL: Final = 0x2D
_INT_SOURCE: Final = 0x30
_DATA_FORMAT: Final = 0x31
_DATAX0: Final = 0x32
_DATAZ1: Final = 0x37
_FIFO_CTL: Final = 0x38
_FIFO_STATUS: Final = 0x39

_READ_ONLY: Final = frozenset({_DEVID, _ACT_TAP_STATUS, _INT_SOURCE, _FIFO_STATUS, *range(_DATAX0, _DATAZ1 + 1)})
_FIRST_WRITABLE: Final = 0x1D

_MEASURE: Final = 0x08
_FULL_RES: Final = 0x08
_JUSTIFY: Final = 0x04
_RANGE: Final = 0x03
_SELF_TEST: Final = 0x80
_RATE: Final = 0x0F
_FASTEST_HZ: Final = 3200.0
_TURN_ON_S: Final = 0.0011

_MODE: Final = 0xC0
_BYPASS: Final = 0x00
_FIFO: Final = 0x40
_STREAM: Final = 0x80
_TRIGGER: Final = 0xC0
_SAMPLES: Final = 0x1F
_DEPTH: Final = 32
# 32 levels and one more sample at the output filter (data sheet, FIFO_STATUS).
_CAPACITY: Final = _DEPTH + 1

_INT_DATA_READY: Final = 0x80
_INT_WATERMARK: Final = 0x02
_INT_OVERRUN: Final = 0x01

_G_PER_OFFSET: Final = 1 / 64  # 15.6 mg
_FINEST_COUNTS_PER_G: Final = 256
# Typical answer to the self-test force at 2.5 V, in g, and its factor at 3.3 V (data sheet, section "Self-Test").
_SELF_TEST_G: Final = np.array([1.1, -1.1, 1.6])
_AT_3V3: Final = np.array([1.77, 1.77, 1.47])
# The output takes about four samples to settle to the force.
_SETTLING: Final = np.array([0.4, 0.75, 0.92, 0.98])


class EmulatedADXL345:
    """The chip, sampling at its own rate by the injected clock.

    Args:
        clock: what its oscillator runs by.
        motion: what moves it from now on; `play` has another follow.
        oscillator_error: how much faster than nominal it samples; 0.02 is 2 %.
        device_id: what DEVID answers.
        self_test_gain: how much of the self-test force shows on each axis; 0 for a dead one.

    Attributes:
        lost: samples that were overwritten unread.
    """

    def __init__(
        self,
        clock: Clock,
        motion: Motion,
        *,
        oscillator_error: float = 0.0,
        device_id: int = 0xE5,
        self_test_gain: tuple[float, float, float] = (1.0, 1.0, 1.0),
    ) -> None:
        self._clock = clock
        self._lock = threading.RLock()
        self._stage = Stage(motion, clock.monotonic())
        self._oscillator = 1.0 + oscillator_error
        self._device_id = device_id
        self._self_test_gain = np.array(self_test_gain)
        self._frozen: npt.NDArray[np.int64] | None = None
        self.lost = 0
        self.reset()

    def reset(self) -> None:
        """What a supply glitch does: every register to its reset value, standby, FIFO empty."""
        with self._lock:
            self._registers = bytearray(0x3A)
            self._registers[_DEVID] = self._device_id
            self._registers[_BW_RATE] = 0x0A
            self._unread: deque[bytes] = deque()
            self._output = bytes(6)
            self._overrun = False
            self._ticks_from = 0.0
            self._ticks = 0
            self._forced_ticks = 0

    def play(self, motion: Motion) -> float:
        """Let a motion follow, starting with the next sample; answers when that is, in seconds of the clock."""
        with self._lock:
            self._run()
            at = self._time_of(self._ticks) if self._measuring else self._clock.monotonic()
            self._stage.play(motion, at)
            return at

    @property
    def ended(self) -> bool:
        """Whether the last motion that it plays is over."""
        return self._stage.ended(self._clock.monotonic())

    def freeze(self) -> None:
        """The fault of a stuck sensor: samples go on, all with the value of the last one."""
        with self._lock:
            self._run()
            self._frozen = np.frombuffer(self._unread[-1] if self._unread else self._output, "<i2").astype(np.int64)

    def thaw(self) -> None:
        """End the fault."""
        with self._lock:
            self._run()
            self._frozen = None

    def read(self, register: int, length: int) -> bytes:
        """Bytes from ``register`` on, the address counting up; a read of data registers takes one sample out."""
        with self._lock:
            self._run()
            answer = bytes(self._peek(address) for address in range(register, register + length))
            if register <= _DATAZ1 and register + length > _DATAX0:
                self._pop()
            return answer

    def write(self, register: int, value: int) -> None:
        """Write one register; the read-only and the reserved ones take nothing.

        Raises:
            NotImplementedError: trigger mode, which is not emulated.
        """
        with self._lock:
            self._run()
            if register in _READ_ONLY or not _FIRST_WRITABLE <= register < len(self._registers):
                return
            if register == _FIFO_CTL and value & _MODE == _TRIGGER:
                raise NotImplementedError("the emulated ADXL345 has no trigger mode")
            previous = self._registers[register]
            self._registers[register] = value
            if register == _POWER_CTL and (previous ^ value) & _MEASURE:
                self._restart(_TURN_ON_S)
            if register == _BW_RATE and previous != value:
                self._restart(0.0)
            if register == _DATA_FORMAT and (previous ^ value) & _SELF_TEST:
                self._forced_ticks = 0
            if register == _FIFO_CTL and value & _MODE == _BYPASS:
                self._unread.clear()
                self._overrun = False

    @property
    def _measuring(self) -> bool:
        return bool(self._registers[_POWER_CTL] & _MEASURE)

    @property
    def _rate_hz(self) -> float:
        return _FASTEST_HZ * self._oscillator / float(1 << (0x0F - (self._registers[_BW_RATE] & _RATE)))

    def _restart(self, delay_s: float) -> None:
        self._ticks_from = self._clock.monotonic() + delay_s
        self._ticks = 0
        self._forced_ticks = 0

    def _time_of(self, tick: int) -> float:
        return self._ticks_from + (tick + 1) / self._rate_hz

    def _run(self) -> None:
        """Take the samples that have fallen due."""
        if not self._measuring:
            return
        # A sample at this very moment is due; rounding must not put it off.
        due = int(np.floor((self._clock.monotonic() - self._ticks_from) * self._rate_hz + 1e-6))
        new = due - self._ticks
        if new <= 0:
            return
        if self._mode == _FIFO:  # keeps the oldest samples, the others the newest
            first, kept = self._ticks, min(new, _CAPACITY - len(self._unread))
        else:
            kept = min(new, _CAPACITY)
            first = due - kept
        if kept < new:
            self._overrun = True
            self.lost += new - kept
        ticks = np.arange(first, first + kept)
        times = self._ticks_from + (ticks + 1) / self._rate_hz
        forced = self._forced_ticks + ticks - self._ticks
        for sample in self._digitise(self._stage.acceleration(times), forced):
            self._push(sample)
        self._ticks = due
        self._forced_ticks += new

    def _digitise(self, acc: npt.NDArray[np.float64], forced: npt.NDArray[np.int64]) -> list[bytes]:
        data_format = self._registers[_DATA_FORMAT]
        if data_format & _SELF_TEST:
            settled = np.where(forced < len(_SETTLING), _SETTLING[np.minimum(forced, len(_SETTLING) - 1)], 1.0)
            acc = acc + settled[:, None] * (_SELF_TEST_G * _AT_3V3 * self._self_test_gain)
        offsets = np.frombuffer(self._registers[_OFSX : _OFSX + 3], dtype=np.int8) * _G_PER_OFFSET
        span = data_format & _RANGE
        coarser = 0 if data_format & _FULL_RES else span
        bits = 10 + (span if data_format & _FULL_RES else 0)
        counts = np.rint((acc + offsets) * (_FINEST_COUNTS_PER_G >> coarser)).astype(np.int64)
        counts = np.clip(counts, -(1 << (bits - 1)), (1 << (bits - 1)) - 1)
        if data_format & _JUSTIFY:
            counts <<= 16 - bits
        if self._frozen is not None:
            counts[:] = self._frozen
        return [row.tobytes() for row in counts.astype("<i2")]

    @property
    def _mode(self) -> int:
        return self._registers[_FIFO_CTL] & _MODE

    def _push(self, sample: bytes) -> None:
        if self._mode == _BYPASS:
            if self._unread:
                self._overrun = True
                self.lost += 1
            self._unread.clear()
        elif len(self._unread) >= _CAPACITY:
            self.lost += 1
            self._unread.popleft()
        self._unread.append(sample)
        # "In all other modes, the overrun bit is set when FIFO is filled."
        if self._mode != _BYPASS and len(self._unread) >= _DEPTH:
            self._overrun = True

    def _pop(self) -> None:
        if self._unread:
            self._output = self._unread.popleft()
        self._overrun = False

    def _peek(self, register: int) -> int:
        if _DATAX0 <= register <= _DATAZ1:
            return (self._unread[0] if self._unread else self._output)[register - _DATAX0]
        if register == _FIFO_STATUS:
            # What the entries read with a 33rd sample waiting, the data sheet does not say; here they stay at 32.
            return 0 if self._mode == _BYPASS else min(len(self._unread), _DEPTH)
        if register == _INT_SOURCE:
            return self._interrupts()
        return self._registers[register] if register < len(self._registers) else 0

    def _interrupts(self) -> int:
        entries = 0 if self._mode == _BYPASS else len(self._unread)
        source = _INT_DATA_READY if self._unread else 0
        if entries >= self._registers[_FIFO_CTL] & _SAMPLES:
            source |= _INT_WATERMARK
        if self._overrun:
            source |= _INT_OVERRUN
        return source
