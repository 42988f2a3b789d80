"""What every accelerometer driver offers, what it hands over, and how it fails."""

from __future__ import annotations

import enum
from typing import Protocol, TypeAlias

import numpy as np
import numpy.typing as npt
from attrs import field, frozen

Acceleration: TypeAlias = npt.NDArray[np.float32]
"""Samples of specific force, shape (n, 3), in g: 1 g along the vertical for a sensor at rest."""


class SensorFaultCode(enum.StrEnum):
    """Why there are no trustworthy samples; the codes of the technical alarms."""

    MISSING = "sensor_missing"
    WRONG_ID = "sensor_wrong_id"
    SELF_TEST_FAILED = "sensor_self_test_failed"
    STUCK = "sensor_stuck"
    BUS_ERROR = "sensor_bus_error"
    OVERRUN = "sensor_overrun"


class SensorError(Exception):
    """The sensor can't be trusted: what was seen, where, and what to do.

    Attributes:
        code: what a technical alarm carries.
    """

    def __init__(self, code: SensorFaultCode, message: str) -> None:
        super().__init__(message)
        self.code = code


@frozen(eq=False)
class Drained:
    """What one visit to the sensor's FIFO brought.

    Attributes:
        acc: (n, 3) float32, g, oldest first; n may be 0.
        overrun: the FIFO was full, so samples may have been lost before the first one of ``acc``.
    """

    acc: Acceleration
    overrun: bool


@frozen(eq=False)
class SampleBlock:
    """Consecutive samples, equally spaced, as the detectors take them.

    Attributes:
        acc: (n, 3) float32, g.
        t0: when the first sample was taken, seconds of the agent's monotonic clock.
        rate_hz: the nominal rate, the same from block to block.
        first_index: how many samples came before since the acquisition started.
        gap: samples are missing, or can't be trusted, just before this block: what was known from before is void.
    """

    acc: Acceleration
    t0: float
    rate_hz: float
    first_index: int = 0
    gap: bool = field(default=False, kw_only=True)

    @property
    def duration_s(self) -> float:
        """Seconds that the samples cover."""
        return len(self.acc) / self.rate_hz


class Accelerometer(Protocol):
    """A sensor with a FIFO. Every call may raise `SensorError`."""

    @property
    def rate_hz(self) -> float:
        """Samples a second, nominal: a chip's oscillator is off by per cents."""
        ...

    @property
    def watermark(self) -> int:
        """How many samples the FIFO should hold before it is worth a visit."""
        ...

    def start(self) -> None:
        """Identify, self-test, configure and start the chip; takes about a second."""
        ...

    def drain(self) -> Drained:
        """Empty the FIFO."""
        ...

    def verify(self) -> None:
        """Check that the chip still holds its configuration: a supply glitch resets it silently."""
        ...

    def close(self) -> None:
        """Put the chip to standby and give the bus back; never raises."""
        ...
