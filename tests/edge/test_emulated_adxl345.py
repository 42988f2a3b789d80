"""The emulated chip against the data sheet, register by register, without the driver."""

from __future__ import annotations

import struct

import numpy as np
import pytest

from edge_agent.clock import ManualClock
from edge_agent.drivers.bus import BusError
from edge_agent.drivers.emulated.adxl345 import EmulatedADXL345
from edge_agent.drivers.emulated.bus import EmulatedBus

POWER_CTL, BW_RATE, DATA_FORMAT, FIFO_CTL, FIFO_STATUS, INT_SOURCE, DATAX0 = 0x2D, 0x2C, 0x31, 0x38, 0x39, 0x30, 0x32


class Ramp:
    """A motion whose x axis counts samples at 100 Hz, one count each."""

    duration_s = np.inf

    def acceleration(self, elapsed):
        count = np.rint(elapsed * 100)
        return np.stack([count / 256, 0 * count, 1 + 0 * count], axis=1)


class Constant:
    duration_s = np.inf

    def __init__(self, *acc):
        self.acc = np.array(acc)

    def acceleration(self, elapsed):
        return np.tile(self.acc, (len(elapsed), 1))


def chip_with(motion, **registers):
    clock = ManualClock()
    chip = EmulatedADXL345(clock, motion)
    for register, value in registers.items():
        chip.write({"fmt": DATA_FORMAT, "fifo": FIFO_CTL, "power": POWER_CTL, "rate": BW_RATE}[register], value)
    return clock, chip


def streaming(motion, fmt=0x0B, fifo=0x80):
    return chip_with(motion, fmt=fmt, fifo=fifo, power=0x08)


def xyz(chip):
    return struct.unpack("<3h", chip.read(DATAX0, 6))


def status(chip):
    return chip.read(FIFO_STATUS, 1)[0]


def source(chip):
    return chip.read(INT_SOURCE, 1)[0]


def test_the_reset_values_are_the_data_sheets():
    _, chip = chip_with(Ramp())
    assert chip.read(0x00, 1) == b"\xe5"
    assert chip.read(BW_RATE, 1) == b"\x0a"
    assert source(chip) == 0x02
    assert chip.read(POWER_CTL, 1) == chip.read(DATA_FORMAT, 1) == chip.read(FIFO_CTL, 1) == b"\x00"


@pytest.mark.parametrize("register", [0x00, 0x2B, 0x30, 0x32, 0x37, 0x39, 0x01, 0x1C])
def test_read_only_and_reserved_registers_take_nothing(register):
    _, chip = chip_with(Ramp())
    before = chip.read(register, 1)
    chip.write(register, 0x55)
    assert chip.read(register, 1) == before


def test_nothing_is_sampled_in_standby():
    clock, chip = chip_with(Ramp(), fifo=0x80)
    clock.advance(1.0)
    assert status(chip) == 0


def test_the_fifo_gives_the_oldest_sample_first_and_one_a_read():
    clock, chip = streaming(Ramp())
    clock.advance(0.0015 + 0.05)
    assert status(chip) == 5
    values = [xyz(chip)[0] for _ in range(5)]
    assert values == list(range(values[0], values[0] + 5))
    assert status(chip) == 0


def test_reading_one_data_byte_takes_the_whole_sample_out():
    clock, chip = streaming(Ramp())
    clock.advance(0.0315)
    before = status(chip)
    chip.read(DATAX0, 1)
    assert status(chip) == before - 1


def test_reading_the_status_registers_takes_nothing_out():
    clock, chip = streaming(Ramp())
    clock.advance(0.0315)
    before = status(chip)
    source(chip)
    assert status(chip) == before


def test_an_empty_fifo_repeats_the_last_sample():
    clock, chip = streaming(Ramp())
    clock.advance(0.0115)
    assert xyz(chip) == xyz(chip)


def test_the_watermark_bit_follows_the_entries():
    clock, chip = streaming(Ramp(), fifo=0x80 | 4)
    clock.advance(0.0311)
    assert not source(chip) & 0x02
    clock.advance(0.01)
    assert source(chip) & 0x02
    xyz(chip)
    assert not source(chip) & 0x02


def test_stream_mode_keeps_the_newest_33_samples_and_reports_the_overrun_until_data_is_read():
    clock, chip = streaming(Ramp())
    clock.advance(1.0015)
    assert status(chip) == 32
    assert source(chip) & 0x01
    values = [xyz(chip)[0] for _ in range(33)]
    assert values == list(range(100 - 32, 101))
    assert not source(chip) & 0x01
    assert chip.lost == 100 - 33


def test_the_overrun_bit_is_set_when_the_fifo_is_filled():
    clock, chip = streaming(Ramp())
    clock.advance(0.0015 + 0.31)
    assert not source(chip) & 0x01
    clock.advance(0.01)
    assert source(chip) & 0x01
    assert chip.lost == 0


def test_fifo_mode_keeps_the_oldest_samples():
    clock, chip = streaming(Ramp(), fifo=0x40)
    clock.advance(1.0015)
    first = xyz(chip)[0]
    assert first <= 1


def test_bypass_mode_empties_the_fifo_and_shows_the_newest_sample():
    clock, chip = streaming(Ramp())
    clock.advance(0.2015)
    chip.write(FIFO_CTL, 0)
    assert status(chip) == 0
    clock.advance(0.1)
    assert status(chip) == 0
    assert xyz(chip)[0] == 30
    assert chip.lost > 0


@pytest.mark.parametrize(
    ("data_format", "counts"),
    [
        (0x00, 256),
        (0x01, 128),
        (0x02, 64),
        (0x03, 32),
        (0x08, 256),
        (0x0B, 256),
        (0x04, 256 << 6),
        (0x0F, 256 << 3),
    ],
)
def test_one_g_reads_as_the_range_resolution_and_justification_say(data_format, counts):
    clock, chip = streaming(Constant(0, 0, 1.0), fmt=data_format)
    clock.advance(0.0115)
    assert xyz(chip)[2] == counts


@pytest.mark.parametrize(
    ("data_format", "low", "high"),
    [
        (0x00, -512, 511),
        (0x03, -512, 511),
        (0x08, -512, 511),
        (0x09, -1024, 1023),
        (0x0A, -2048, 2047),
        (0x0B, -4096, 4095),
    ],
)
def test_values_past_the_range_are_clipped(data_format, low, high):
    clock, chip = streaming(Constant(40.0, -40.0, 0.0), fmt=data_format)
    clock.advance(0.0115)
    assert xyz(chip) == (high, low, 0)


def test_the_offset_registers_add_a_64th_of_a_g_a_step():
    clock, chip = streaming(Constant(0, 0, 1.0))
    chip.write(0x1E, 0x02)
    chip.write(0x20, 0xFF)
    clock.advance(0.0115)
    assert xyz(chip) == (8, 0, 252)


def test_the_self_test_bit_shifts_the_outputs_after_about_four_samples():
    clock, chip = streaming(Constant(0, 0, 1.0))
    clock.advance(0.05)
    chip.write(FIFO_CTL, 0)
    chip.write(FIFO_CTL, 0x80)
    chip.write(DATA_FORMAT, 0x8B)
    clock.advance(0.1)
    values = [xyz(chip) for _ in range(status(chip))]
    assert values[0][0] < values[-1][0] * 0.7
    assert values[-1][0] == round(1.1 * 1.77 * 256)
    assert values[-1][1] == -round(1.1 * 1.77 * 256)
    assert values[-1][2] == 256 + round(1.6 * 1.47 * 256)
    chip.write(DATA_FORMAT, 0x0B)
    clock.advance(0.1)
    for _ in range(status(chip)):
        last = xyz(chip)
    assert last == (0, 0, 256)


def test_an_oscillator_that_is_off_samples_at_its_own_rate():
    clock = ManualClock()
    chip = EmulatedADXL345(clock, Ramp(), oscillator_error=0.1)
    chip.write(FIFO_CTL, 0x80)
    chip.write(POWER_CTL, 0x08)
    clock.advance(0.2015)
    assert status(chip) == 22


def test_a_frozen_chip_goes_on_sampling_one_value():
    clock, chip = streaming(Ramp())
    clock.advance(0.1015)
    chip.freeze()
    clock.advance(0.1)
    values = {xyz(chip) for _ in range(status(chip))}
    assert len(values) == 10
    clock.advance(0.1)
    assert len({xyz(chip) for _ in range(status(chip))}) == 1


def test_trigger_mode_is_refused_rather_than_pretended():
    _, chip = chip_with(Ramp())
    with pytest.raises(NotImplementedError):
        chip.write(FIFO_CTL, 0xC0)


def test_a_motion_played_starts_with_the_next_sample():
    clock, chip = streaming(Constant(0, 0, 1.0))
    clock.advance(0.0337)
    chip.write(FIFO_CTL, 0)
    chip.write(FIFO_CTL, 0x80)
    chip.play(Ramp())
    clock.advance(0.05)
    assert [xyz(chip)[0] for _ in range(5)] == [0, 1, 2, 3, 4]


def test_chips_answer_at_their_own_address_only():
    clock = ManualClock()
    bus = EmulatedBus(
        clock, {0x53: EmulatedADXL345(clock, Ramp()), 0x1D: EmulatedADXL345(clock, Ramp(), device_id=0x11)}
    )
    assert bus.read_byte_data(0x53, 0) == 0xE5
    assert bus.read_byte_data(0x1D, 0) == 0x11
    with pytest.raises(BusError, match="address 0x68, register 0x75: Remote I/O error"):
        bus.read_byte_data(0x68, 0x75)


def test_an_injected_nack_lasts_as_many_transactions_as_told():
    clock = ManualClock()
    bus = EmulatedBus(clock, {0x53: EmulatedADXL345(clock, Ramp())})
    bus.nack(0x53, times=2)
    for _ in range(2):
        with pytest.raises(BusError):
            bus.read_byte_data(0x53, 0)
    assert bus.read_byte_data(0x53, 0) == 0xE5


def test_a_hung_bus_times_out_until_it_is_healed():
    clock = ManualClock()
    bus = EmulatedBus(clock, {0x53: EmulatedADXL345(clock, Ramp())})
    bus.hang()
    with pytest.raises(BusError, match="timed out"):
        bus.read_byte_data(0x53, 0)
    bus.heal()
    assert bus.read_byte_data(0x53, 0) == 0xE5


def test_injected_latency_passes_on_the_clock():
    clock = ManualClock(self_advancing=True)
    bus = EmulatedBus(clock, {0x53: EmulatedADXL345(clock, Ramp())})
    bus.delay(0.05)
    bus.read_byte_data(0x53, 0)
    assert clock.monotonic() == pytest.approx(0.05)
