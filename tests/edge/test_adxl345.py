"""The driver on an emulated chip that keeps to the data sheet, registers, FIFO and all."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from attrs import evolve

from edge_agent.clock import ManualClock
from edge_agent.drivers import adxl345
from edge_agent.drivers.accelerometer import SensorError, SensorFaultCode
from edge_agent.drivers.adxl345 import ADXL345, ADXL345Config, self_test_limits
from edge_agent.drivers.bus import BusError, SMBus2Bus
from edge_agent.drivers.emulated.adxl345 import EmulatedADXL345
from edge_agent.drivers.emulated.bus import EmulatedBus
from edge_agent.drivers.emulated.motion import AtRest, Recorded
from edge_agent.drivers.emulated.wearer import SimulatedWalk
from edge_agent.recordings import Recording

ADDRESS = 0x53


class Rig:
    """A chip on a bus and a driver that runs it, on a clock that waits by advancing."""

    def __init__(self, config=None, motion=None, **chip):
        self.clock = ManualClock(self_advancing=True)
        self.chip = EmulatedADXL345(self.clock, motion or AtRest(), **chip)
        self.bus = EmulatedBus(self.clock, {ADDRESS: self.chip})
        self.sensor = ADXL345(self.bus, self.clock, config)

    def start_fails_with(self):
        with pytest.raises(SensorError) as caught:
            self.sensor.start()
        return caught.value


def test_a_started_chip_at_rest_reads_one_g_along_the_vertical():
    rig = Rig()
    rig.sensor.start()
    rig.clock.advance(0.2)
    drained = rig.sensor.drain()
    assert drained.acc.dtype == np.float32
    assert drained.acc.mean(axis=0) == pytest.approx([0, 0, 1], abs=0.01)
    assert not drained.overrun


def test_draining_brings_as_many_samples_as_have_passed_and_loses_none():
    rig = Rig()
    rig.sensor.start()
    counts = []
    for _ in range(50):
        rig.clock.advance(0.16)
        counts.append(len(rig.sensor.drain().acc))
    assert sum(counts) == pytest.approx(50 * 16, abs=1)
    assert rig.chip.lost == 0


@pytest.mark.parametrize("rate", sorted(adxl345.RATE_CODES))
def test_each_rate_is_the_one_that_the_chip_samples_at(rate):
    rig = Rig(ADXL345Config(rate_hz=rate))
    rig.sensor.start()
    rig.clock.advance(16.5 / rate)
    assert len(rig.sensor.drain().acc) in {15, 16}


def test_a_recording_at_the_chips_rate_comes_through_count_for_count():
    counts = np.random.default_rng(1).integers(-4096, 4096, size=(64, 3))
    recording = Recording(acc=(counts / 256).astype(np.float32), rate_hz=200.0)
    rig = Rig(ADXL345Config(rate_hz=200))
    rig.sensor.start()
    rig.clock.advance(0.0123)
    rig.sensor.drain()
    rig.chip.play(Recorded(recording))
    parts = []
    for _ in range(5):
        rig.clock.advance(0.08)
        parts.append(rig.sensor.drain().acc)
    assert np.array_equal(np.concatenate(parts)[:64], recording.acc)


def test_falls_are_clipped_at_sixteen_g_not_at_two():
    rig = Rig(motion=AtRest((20.0, -20.0, 9.0)), self_test_gain=(0, 0, 0))
    for register, value in ((0x31, 0x0B), (0x38, 0x80), (0x2D, 0x08)):
        rig.bus.write_byte_data(ADDRESS, register, value)
    rig.clock.advance(0.05)
    acc = rig.sensor.drain().acc
    assert acc[0, 0] == pytest.approx(4095 / 256)
    assert acc[0, 1] == -16.0
    assert acc[0, 2] == pytest.approx(9.0, abs=0.05)


def test_nobody_at_the_address_is_a_missing_sensor():
    rig = Rig()
    rig.bus.detach(ADDRESS)
    error = rig.start_fails_with()
    assert error.code is SensorFaultCode.MISSING
    assert "0x53" in str(error)


def test_another_chip_at_the_address_is_a_wrong_id():
    error = Rig(device_id=0x33).start_fails_with()
    assert error.code is SensorFaultCode.WRONG_ID
    assert "0x33" in str(error)


@pytest.mark.parametrize("dead", range(3))
def test_an_axis_that_does_not_answer_the_self_test_force_fails_it(dead):
    gain = tuple(0.0 if axis == dead else 1.0 for axis in range(3))
    error = Rig(self_test_gain=gain).start_fails_with()
    assert error.code is SensorFaultCode.SELF_TEST_FAILED
    assert "XYZ"[dead] in str(error)


def test_a_frozen_chip_fails_the_self_test():
    rig = Rig()
    rig.chip.freeze()
    assert rig.start_fails_with().code is SensorFaultCode.SELF_TEST_FAILED


@pytest.mark.parametrize("seed", range(8))
def test_a_wearer_who_walks_at_start_passes_the_self_test(seed):
    Rig(motion=SimulatedWalk(seed=seed)).sensor.start()


def test_the_self_test_leaves_no_force_and_no_sample_behind():
    rig = Rig()
    rig.sensor.start()
    assert rig.bus.read_byte_data(ADDRESS, 0x31) == 0x0B
    assert len(rig.sensor.drain().acc) == 0


def test_the_self_test_limits_are_the_data_sheets_at_2v5_and_scaled_at_3v3():
    low, high = self_test_limits(2.5)
    assert low.tolist() == [50, -540, 75]
    assert high.tolist() == [540, -50, 875]
    low, high = self_test_limits(3.3)
    assert high[0] == pytest.approx(540 * 1.77)
    assert high[2] == pytest.approx(875 * 1.47)


def test_a_bus_that_fails_while_draining_is_a_bus_error_that_says_where():
    rig = Rig()
    rig.sensor.start()
    rig.bus.nack(ADDRESS, times=1)
    with pytest.raises(SensorError, match="0x53, register 0x30") as caught:
        rig.sensor.drain()
    assert caught.value.code is SensorFaultCode.BUS_ERROR


def test_reading_too_late_is_an_overrun_that_ends_with_the_next_visit_in_time():
    rig = Rig()
    rig.sensor.start()
    rig.clock.advance(0.5)
    late = rig.sensor.drain()
    assert late.overrun
    assert len(late.acc) == 32
    rig.clock.advance(0.1)
    rig.sensor.drain()
    rig.clock.advance(0.1)
    assert not rig.sensor.drain().overrun


def test_a_chip_that_lost_its_configuration_is_noticed():
    rig = Rig()
    rig.sensor.start()
    rig.chip.reset()
    with pytest.raises(SensorError, match="supply"):
        rig.sensor.verify()


def test_offsets_left_by_another_program_are_cleared():
    rig = Rig()
    rig.bus.write_byte_data(ADDRESS, 0x20, 0x40)
    rig.sensor.start()
    rig.clock.advance(0.1)
    assert rig.sensor.drain().acc[:, 2].mean() == pytest.approx(1.0, abs=0.02)


def test_closing_puts_the_chip_to_standby():
    rig = Rig()
    rig.sensor.start()
    rig.sensor.close()
    assert rig.bus.reopen().read_byte_data(ADDRESS, 0x2D) == 0


def test_closing_a_chip_that_no_longer_answers_does_not_raise():
    rig = Rig()
    rig.sensor.start()
    rig.bus.hang()
    rig.sensor.close()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"rate_hz": 99}, "rate_hz.*99"),
        ({"address": 0x20}, "address.*0x20"),
        ({"supply_v": 5.0}, "supply_v.*5.0"),
        ({"watermark": 32}, "watermark.*32"),
    ],
)
def test_a_configuration_that_the_chip_does_not_have_is_refused_with_the_field(change, message):
    with pytest.raises(ValueError, match=message):
        evolve(ADXL345Config(), **change)


class KernelBus:
    """Stands for smbus2.SMBus, since build machines have no /dev/i2c: the same calls and the kernel's own limits."""

    def __init__(self, bus):
        self.bus = bus
        self.calls = 0

    def read_byte_data(self, address, register):
        return self._kernel(self.bus.read_byte_data, address, register)

    def write_byte_data(self, address, register, value):
        self._kernel(self.bus.write_byte_data, address, register, value)

    def i2c_rdwr(self, *messages):
        if len(messages) > 42:
            raise OSError(22, "Invalid argument")
        self.calls += 1
        for write, read in zip(messages[::2], messages[1::2], strict=True):
            assert write.flags == 0
            assert read.flags == 1
            data = self._kernel(self.bus.read_repeated, write.addr, bytes(write)[0], len(read), 1)
            for place, byte in enumerate(data):
                read.buf[place] = byte

    def close(self):
        self.bus.close()

    @staticmethod
    def _kernel(call, *arguments):
        try:
            return call(*arguments)
        except BusError as error:
            raise OSError(121, "Remote I/O error") from error


def test_the_smbus2_adapter_brings_the_same_samples_within_the_kernels_limits():
    direct, adapted = Rig(motion=SimulatedWalk()), Rig(motion=SimulatedWalk())
    kernel = KernelBus(adapted.bus)
    adapted.sensor = ADXL345(SMBus2Bus(kernel, "/dev/i2c-1"), adapted.clock)
    for rig in (direct, adapted):
        rig.sensor.start()
        rig.clock.advance(0.3)
    calls = kernel.calls
    expected, found = direct.sensor.drain().acc, adapted.sensor.drain().acc
    assert len(found) == 29
    assert np.array_equal(found, expected)
    assert kernel.calls - calls == 2


def test_the_smbus2_adapter_says_bus_address_and_register_when_nothing_answers():
    rig = Rig()
    rig.bus.detach(ADDRESS)
    bus = SMBus2Bus(KernelBus(rig.bus), "/dev/i2c-7")
    with pytest.raises(BusError, match=r"/dev/i2c-7, address 0x53, register 0x00: Remote I/O error"):
        bus.read_byte_data(ADDRESS, 0)


def test_a_bus_that_does_not_exist_says_what_to_do():
    number = 4091
    assert not Path(f"/dev/i2c-{number}").exists()
    with pytest.raises(BusError, match=r"/dev/i2c-4091 does not exist: enable I2C"):
        SMBus2Bus.open(number)
