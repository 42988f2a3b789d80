"""The ADXL345 and ADXL343 over I2C (Analog Devices, ADXL345 data sheet Rev. E).

The FIFO runs in stream mode and is emptied in bursts. A FIFO level moves up within 5 us of the end of a read of the
data registers; the address bytes before the next read take 45 us at 400 kHz, so over I2C the bus itself keeps that gap
(data sheet, "Retrieving Data from FIFO").

The default rate is 100 Hz. On SisFall, recorded at 200 Hz with this chip, the first detection rule finds 97.6 % of the
falls and passes 98.1 % of the daily activities at 100 Hz, 97.7 % and 98.0 % at 200 Hz, while 32 samples last 320 ms
instead of 160 ms: twice the stall before samples are lost.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Final

import numpy as np
from attrs import field, frozen

from edge_agent.drivers.accelerometer import Drained, SensorError, SensorFaultCode
from edge_agent.drivers.bus import BusError

if TYPE_CHECKING:
    import numpy.typing as npt
    from attrs import Attribute

    from edge_agent.clock import Clock
    from edge_agent.drivers.bus import Bus

DEVID: Final = 0x00
OFSX: Final = 0x1E
OFSY: Final = 0x1F
OFSZ: Final = 0x20
BW_RATE: Final = 0x2C
POWER_CTL: Final = 0x2D
INT_ENABLE: Final = 0x2E
INT_SOURCE: Final = 0x30
DATA_FORMAT: Final = 0x31
DATAX0: Final = 0x32
FIFO_CTL: Final = 0x38
FIFO_STATUS: Final = 0x39

ID: Final = 0xE5
RATE_CODES: Final = {25: 0x08, 50: 0x09, 100: 0x0A, 200: 0x0B, 400: 0x0C}
ADDRESSES: Final = (0x53, 0x1D)

_STANDBY: Final = 0x00
_MEASURE: Final = 0x08
_FULL_RES_16G: Final = 0x0B
_SELF_TEST: Final = 0x80
_BYPASS: Final = 0x00
_STREAM: Final = 0x80
_ENTRIES: Final = 0x3F
_INT_OVERRUN: Final = 0x01
_DEPTH: Final = 32
# Above it, what is left of the FIFO is too little time for a visit that comes late.
_HIGHEST_WATERMARK: Final = 24
_COUNTS_PER_G: Final = 256
_SAMPLE_BYTES: Final = 6

_SELF_TEST_TRIES: Final = 3
# The output needs about four samples to settle after the self-test force changes; twice that is spent.
_SETTLING_SAMPLES: Final = 8
# The data sheet asks for 0.1 s at 100 Hz or more.
_SELF_TEST_RATE: Final = 100
_SELF_TEST_SAMPLES: Final = 10
# Change of the output in counts of full resolution at 2.5 V (data sheet, section "Self-Test").
_SELF_TEST_LOW: Final = np.array([50.0, -540.0, 75.0])
_SELF_TEST_HIGH: Final = np.array([540.0, -50.0, 875.0])
# What the limits are multiplied by at other supplies (same section): volts, X and Y, Z.
_SUPPLY_VOLTS: Final = (2.0, 2.5, 3.3, 3.6)
_SUPPLY_XY: Final = (0.64, 1.0, 1.77, 2.11)
_SUPPLY_Z: Final = (0.8, 1.0, 1.47, 1.69)


def _known_rate(_: object, attribute: Attribute[int], rate: int) -> None:
    if rate not in RATE_CODES:
        raise ValueError(f"{attribute.name}: the ADXL345 is used at {', '.join(map(str, RATE_CODES))} Hz, not {rate}")


def _known_supply(_: object, attribute: Attribute[float], volts: float) -> None:
    if not _SUPPLY_VOLTS[0] <= volts <= _SUPPLY_VOLTS[-1]:
        raise ValueError(f"{attribute.name}: the ADXL345 runs on 2.0 to 3.6 V, not {volts}")


def _known_address(_: object, attribute: Attribute[int], address: int) -> None:
    if address not in ADDRESSES:
        raise ValueError(f"{attribute.name}: an ADXL345 answers at 0x53 or 0x1D, not 0x{address:02X}")


def _fitting_watermark(_: object, attribute: Attribute[int], samples: int) -> None:
    if not 1 <= samples <= _HIGHEST_WATERMARK:
        raise ValueError(f"{attribute.name}: between 1 and {_HIGHEST_WATERMARK} samples, not {samples}")


@frozen
class ADXL345Config:
    """How the chip is wired and run.

    Attributes:
        address: 0x53, or 0x1D with SDO/ALT ADDRESS high.
        rate_hz: 25, 50, 100, 200 or 400.
        watermark: samples in the FIFO that set the watermark interrupt; also the pace of the visits.
        supply_v: supply voltage; the self-test's limits depend on it.
    """

    address: int = field(default=0x53, validator=_known_address)
    rate_hz: int = field(default=100, validator=_known_rate)
    watermark: int = field(default=16, validator=_fitting_watermark)
    supply_v: float = field(default=3.3, validator=_known_supply)


class ADXL345:
    """An ADXL345 or ADXL343, +-16 g in full resolution: 256 counts per g, 13 bits.

    Args:
        bus: owned from now on; closed with the sensor.
        clock: paces the self-test.
        config: wiring and rate.
    """

    def __init__(self, bus: Bus, clock: Clock, config: ADXL345Config | None = None) -> None:
        self._bus = bus
        self._clock = clock
        self._config = config if config is not None else ADXL345Config()
        self._never = threading.Event()
        self._expected = {
            POWER_CTL: _MEASURE,
            DATA_FORMAT: _FULL_RES_16G,
            BW_RATE: RATE_CODES[self._config.rate_hz],
            FIFO_CTL: _STREAM | self._config.watermark,
        }

    @property
    def rate_hz(self) -> float:
        """The nominal output data rate."""
        return float(self._config.rate_hz)

    @property
    def watermark(self) -> int:
        """The FIFO's watermark, in samples."""
        return self._config.watermark

    def start(self) -> None:
        """Identify, self-test, then stream into an empty FIFO.

        Raises:
            SensorError: sensor_missing (nothing answers), sensor_wrong_id, sensor_self_test_failed, sensor_bus_error.
        """
        self._identify()
        try:
            self._write(POWER_CTL, _STANDBY)
            self._write(INT_ENABLE, 0)
            for register in (OFSX, OFSY, OFSZ):
                self._write(register, 0)
            self._self_test()
            self._stream()
        except BusError as error:
            raise self._bus_failed(error) from error
        self.verify()

    def drain(self) -> Drained:
        """Read every sample that the FIFO holds, in one burst.

        Raises:
            SensorError: sensor_bus_error.
        """
        try:
            # Reading data clears the overrun bit: it is looked at first.
            overrun = bool(self._read(INT_SOURCE) & _INT_OVERRUN)
            entries = self._read(FIFO_STATUS) & _ENTRIES
            counts = self._burst(entries)
        except BusError as error:
            raise self._bus_failed(error) from error
        # The chip says overrun as soon as the FIFO is full; whether the next sample was already lost can't be told.
        return Drained((counts / np.float32(_COUNTS_PER_G)).astype(np.float32), overrun or entries >= _DEPTH)

    def verify(self) -> None:
        """Compare the configuration with what was written.

        Raises:
            SensorError: sensor_bus_error; the chip lost its configuration, as after a supply glitch.
        """
        try:
            for register, expected in self._expected.items():
                found = self._read(register)
                if found != expected:
                    raise SensorError(
                        SensorFaultCode.BUS_ERROR,
                        f"{self._where}: register 0x{register:02X} holds 0x{found:02X} instead of 0x{expected:02X}: "
                        "the chip lost its configuration; check its supply",
                    )
        except BusError as error:
            raise self._bus_failed(error) from error

    def close(self) -> None:
        """Standby, if the bus still works, and give the bus back."""
        try:
            self._write(POWER_CTL, _STANDBY)
        except BusError:
            pass  # a chip that does not answer can't be put to sleep, and closing has to go on
        finally:
            self._bus.close()

    def _identify(self) -> None:
        try:
            found = self._read(DEVID)
        except BusError as error:
            raise SensorError(
                SensorFaultCode.MISSING,
                f"no accelerometer answers ({error}); check the wiring and the address (i2cdetect -y)",
            ) from error
        if found != ID:
            raise SensorError(
                SensorFaultCode.WRONG_ID,
                f"{self._where}: the chip says 0x{found:02X}, an ADXL345 says 0x{ID:02X}; set the right chip or address",
            )

    def _self_test(self) -> None:
        """Compare the outputs with and without the self-test force, as the data sheet's "Using Self-Test" says.

        The wearer may move meanwhile: the force is set between two rests, whose mean is the reference, and a failed
        try is repeated. A dead axis shows no change in any try.
        """
        low, high = self_test_limits(self._config.supply_v)
        self._write(BW_RATE, RATE_CODES[_SELF_TEST_RATE])
        change = np.zeros(3)
        for _ in range(_SELF_TEST_TRIES):
            before = self._average(_FULL_RES_16G)
            forced = self._average(_FULL_RES_16G | _SELF_TEST)
            after = self._average(_FULL_RES_16G)
            change = forced - (before + after) / 2
            if bool(np.all((change >= low) & (change <= high))):
                return
        axes = ", ".join(
            f"{axis} {value:.0f} (expected {least:.0f} to {most:.0f})"
            for axis, value, least, most in zip("XYZ", change, low, high, strict=True)
        )
        raise SensorError(
            SensorFaultCode.SELF_TEST_FAILED,
            f"{self._where}: self-test failed {_SELF_TEST_TRIES} times, change in counts {axes}; "
            "check the supply voltage in the configuration, keep still, or replace the sensor",
        )

    def _average(self, data_format: int) -> npt.NDArray[np.float64]:
        self._write(POWER_CTL, _STANDBY)
        self._write(FIFO_CTL, _BYPASS)
        self._write(DATA_FORMAT, data_format)
        self._write(FIFO_CTL, _STREAM)
        self._write(POWER_CTL, _MEASURE)
        wanted = _SETTLING_SAMPLES + _SELF_TEST_SAMPLES
        # Two sample periods more: the oscillator may be slow and the chip needs a moment to wake.
        self._clock.wait(self._never, (wanted + 2) / _SELF_TEST_RATE)
        entries = self._read(FIFO_STATUS) & _ENTRIES
        if entries < wanted:
            raise SensorError(
                SensorFaultCode.SELF_TEST_FAILED,
                f"{self._where}: {entries} samples instead of {wanted} during the self-test; replace the sensor",
            )
        return np.asarray(self._burst(entries)[-_SELF_TEST_SAMPLES:].mean(axis=0, dtype=np.float64))

    def _stream(self) -> None:
        self._write(POWER_CTL, _STANDBY)
        self._write(FIFO_CTL, _BYPASS)  # empties the FIFO
        for register in (BW_RATE, DATA_FORMAT, FIFO_CTL, POWER_CTL):
            self._write(register, self._expected[register])

    def _burst(self, entries: int) -> npt.NDArray[np.int16]:
        data = self._bus.read_repeated(self._config.address, DATAX0, _SAMPLE_BYTES, entries)
        return np.frombuffer(data, dtype="<i2").reshape(-1, 3)

    def _read(self, register: int) -> int:
        return self._bus.read_byte_data(self._config.address, register)

    def _write(self, register: int, value: int) -> None:
        self._bus.write_byte_data(self._config.address, register, value)

    @property
    def _where(self) -> str:
        return f"{self._bus.name}, address 0x{self._config.address:02X}"

    @staticmethod
    def _bus_failed(error: BusError) -> SensorError:
        return SensorError(SensorFaultCode.BUS_ERROR, f"{error}; check the wiring and the bus")


def self_test_limits(supply_v: float) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Least and greatest change of X, Y, Z under self-test, in counts of full resolution, at a supply of 2.0 to 3.6 V.

    Between the data sheet's rows the factors are interpolated.
    """
    xy = float(np.interp(supply_v, _SUPPLY_VOLTS, _SUPPLY_XY))
    z = float(np.interp(supply_v, _SUPPLY_VOLTS, _SUPPLY_Z))
    factors = np.array([xy, xy, z])
    return _SELF_TEST_LOW * factors, _SELF_TEST_HIGH * factors
