"""The parts of a real device, made from its configuration."""

from __future__ import annotations

from typing import TYPE_CHECKING

from edge_agent.drivers.accelerometer import SensorError
from edge_agent.drivers.adxl345 import ADXL345, ADXL345Config
from edge_agent.drivers.bus import BusError, SMBus2Bus
from edge_agent.drivers.gpio import GpioWearer, RecordedWearer

if TYPE_CHECKING:
    from collections.abc import Callable

    from edge_agent.clock import Clock
    from edge_agent.config import SensorSection, WearerSection
    from edge_agent.drivers.accelerometer import Accelerometer
    from edge_agent.drivers.gpio import WearerInterface


class NoSensorError(Exception):
    """The accelerometer does not work: what was seen, where, what to do."""


def sensor_factory(section: SensorSection, clock: Clock) -> Callable[[], Accelerometer]:
    """What makes the configured accelerometer on its real bus, anew at each call."""
    chip = ADXL345Config(address=section.address, rate_hz=section.rate_hz, supply_v=section.supply_v)
    return lambda: ADXL345(SMBus2Bus.open(section.bus), clock, chip)


def probe_sensor(make: Callable[[], Accelerometer]) -> None:
    """Start the accelerometer once, its self-test included, and put it to rest; takes about a second.

    Raises:
        NoSensorError: it is not there, is another chip, or fails its self-test.
    """
    try:
        sensor = make()
    except BusError as error:
        raise NoSensorError(str(error)) from error
    try:
        sensor.start()
    except (SensorError, BusError) as error:
        raise NoSensorError(str(error)) from error
    finally:
        sensor.close()


def wearer_interface(section: WearerSection, clock: Clock) -> WearerInterface:
    """GPIO where any line is wired; else signals are only kept."""
    return GpioWearer(section, clock) if section.has_gpio else RecordedWearer(clock)
