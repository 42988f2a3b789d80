"""The acquisition thread on an emulated chip: blocks, times, and every fault told."""

from __future__ import annotations

import queue
import threading

import numpy as np
import pytest

from edge_agent.acquisition import AcquisitionConfig, AcquisitionThread, SensorFault, SensorRecovered
from edge_agent.clock import ManualClock, SystemClock
from edge_agent.drivers.accelerometer import SampleBlock, SensorFaultCode
from edge_agent.drivers.adxl345 import ADXL345, ADXL345Config
from edge_agent.drivers.bus import BusError
from edge_agent.drivers.emulated.adxl345 import EmulatedADXL345
from edge_agent.drivers.emulated.bus import EmulatedBus
from edge_agent.drivers.emulated.motion import AtRest, Recorded
from edge_agent.recordings import Recording

ADDRESS = 0x53


class ScriptedClock(ManualClock):
    """Waits by advancing, and does what a test has planned when its time has come, on the waiting thread."""

    def __init__(self):
        super().__init__(self_advancing=True)
        self.plan = []

    def at(self, seconds, action):
        self.plan.append((seconds, action))
        self.plan.sort(key=lambda entry: entry[0])

    def wait(self, event, timeout_s):
        answer = super().wait(event, timeout_s)
        while self.plan and self.plan[0][0] <= self.monotonic():
            self.plan.pop(0)[1]()
        return answer


class Rig:
    def __init__(self, motion=None, rate=100, deliver=None, config=None, **chip):
        self.clock = ScriptedClock()
        self.chip = EmulatedADXL345(self.clock, motion or AtRest(), **chip)
        self.bus = EmulatedBus(self.clock, {ADDRESS: self.chip})
        self.rate = rate
        self.delivered = []
        self.thread = AcquisitionThread(self.sensor, self.clock, deliver or self.delivered.append, config)

    def sensor(self):
        return ADXL345(self.bus.reopen(), self.clock, ADXL345Config(rate_hz=self.rate))

    def run(self, seconds):
        """Let the thread run until the clock shows ``seconds``, then stop it."""
        done = threading.Event()
        self.clock.at(seconds, lambda: (done.set(), self.thread._stopping.set()))
        self.thread.start()
        assert done.wait(20)
        self.thread.stop()
        assert not self.thread.alive
        return self

    @property
    def blocks(self):
        return [item for item in self.delivered if isinstance(item, SampleBlock)]

    @property
    def notices(self):
        return [(type(item), item.code) for item in self.delivered if not isinstance(item, SampleBlock)]

    @property
    def faults(self):
        return [item.code for item in self.delivered if isinstance(item, SensorFault)]


def test_blocks_follow_on_each_other_with_at_least_16_samples():
    rig = Rig().run(20)
    assert all(len(block.acc) >= 16 for block in rig.blocks)
    starts = [block.first_index for block in rig.blocks]
    assert starts == list(np.cumsum([0, *(len(block.acc) for block in rig.blocks)])[:-1])
    assert not any(block.gap for block in rig.blocks)
    assert rig.notices == []


def test_no_sample_is_lost_and_all_are_counted():
    rig = Rig().run(30)
    stats = rig.thread.stats
    assert rig.chip.lost == 0
    assert stats.samples == sum(len(block.acc) for block in rig.blocks)
    assert stats.samples == pytest.approx((30 - rig.blocks[0].t0) * 100, abs=30)
    assert (stats.overruns, stats.bus_errors, stats.lost_blocks, stats.gaps, stats.starts) == (0, 0, 0, 0, 1)
    assert stats.last_block_at == pytest.approx(30, abs=0.5)


def test_a_recording_arrives_sample_for_sample():
    counts = np.random.default_rng(5).integers(-4096, 4096, size=(500, 3))
    recording = Recording(acc=(counts / 256).astype(np.float32), rate_hz=100.0)
    rig = Rig()
    rig.clock.at(3.0, lambda: rig.chip.play(Recorded(recording)))
    acc = np.concatenate([block.acc for block in rig.run(10).blocks])
    (start,) = [n for n in range(len(acc) - 500) if np.array_equal(acc[n : n + 500], recording.acc)]
    assert start > 0


@pytest.mark.parametrize("error", [-0.03, 0.0, 0.03])
def test_times_follow_the_chips_oscillator_over_minutes(error):
    motion = AtRest()
    rig = Rig(motion, oscillator_error=error).run(300)
    first = rig.blocks[0]
    for block in rig.blocks[len(rig.blocks) // 2 :]:
        true = first.t0 + block.first_index / (100 * (1 + error))
        assert block.t0 == pytest.approx(true, abs=0.03)


def test_times_never_go_back_from_block_to_block():
    rig = Rig(oscillator_error=0.03, rate=400).run(60)
    ends = [block.t0 + (len(block.acc) - 1) / 412 for block in rig.blocks]
    assert all(block.t0 > end for block, end in zip(rig.blocks[1:], ends, strict=False))


def test_a_jump_of_the_wall_clock_changes_nothing():
    quiet, jumping = Rig(), Rig()
    jumping.clock.at(5, lambda: jumping.clock.set_wall(jumping.clock.now().replace(year=1970)))
    assert [block.t0 for block in jumping.run(10).blocks] == [block.t0 for block in quiet.run(10).blocks]


def test_reading_too_late_marks_a_gap_and_is_told_until_it_has_been_calm():
    rig = Rig()
    rig.clock.at(5, lambda: rig.clock.advance(1.0))
    rig.run(30)
    assert rig.notices == [
        (SensorFault, SensorFaultCode.OVERRUN),
        (SensorRecovered, SensorFaultCode.OVERRUN),
    ]
    gaps = [block for block in rig.blocks if block.gap]
    assert len(gaps) == 1
    assert rig.thread.stats.overruns >= 1
    assert rig.chip.lost > 0


def test_what_came_before_a_gap_is_not_mixed_with_what_came_after():
    rig = Rig(AtRest((0, 0, 1)))
    rig.clock.at(5, lambda: rig.chip.play(AtRest((0, 1, 0))))
    rig.clock.at(5, lambda: rig.clock.advance(1.0))
    for block in rig.run(10).blocks:
        assert np.ptp(block.acc, axis=0).max() < 0.1


def test_after_a_gap_the_times_are_right_at_once():
    rig = Rig()
    rig.clock.at(5, lambda: rig.clock.advance(1.0))
    rig.run(10)
    (gap,) = [block for block in rig.blocks if block.gap]
    assert gap.t0 == pytest.approx(6.0 - 0.32, abs=0.25)


def test_a_single_bus_error_is_counted_and_marks_a_gap_without_an_alarm():
    rig = Rig()
    rig.clock.at(5, lambda: rig.bus.nack(ADDRESS, times=1))
    rig.run(10)
    assert rig.thread.stats.bus_errors == 1
    assert rig.thread.stats.starts == 1
    assert rig.faults == []
    assert sum(block.gap for block in rig.blocks) == 1


def test_a_bus_that_keeps_failing_is_told_and_the_sensor_started_anew_when_it_is_back():
    rig = Rig()
    rig.clock.at(5, rig.bus.hang)
    rig.clock.at(15, rig.bus.heal)
    rig.run(40)
    assert rig.notices == [
        (SensorFault, SensorFaultCode.BUS_ERROR),
        (SensorFault, SensorFaultCode.MISSING),
        (SensorRecovered, SensorFaultCode.BUS_ERROR),
        (SensorRecovered, SensorFaultCode.MISSING),
    ]
    assert rig.thread.stats.starts == 2
    assert sum(block.gap for block in rig.blocks) == 1


def test_a_sensor_that_is_missing_at_first_is_told_once_and_taken_when_it_comes():
    rig = Rig()
    rig.bus.detach(ADDRESS)
    rig.clock.at(60, lambda: rig.bus.attach(ADDRESS, rig.chip))
    rig.run(90)
    assert rig.notices == [(SensorFault, SensorFaultCode.MISSING), (SensorRecovered, SensorFaultCode.MISSING)]
    assert rig.blocks


@pytest.mark.parametrize(
    ("chip", "code"),
    [
        ({"device_id": 0x33}, SensorFaultCode.WRONG_ID),
        ({"self_test_gain": (1.0, 1.0, 0.0)}, SensorFaultCode.SELF_TEST_FAILED),
    ],
)
def test_a_sensor_that_fails_its_start_is_told_and_gives_no_block(chip, code):
    rig = Rig(**chip).run(30)
    assert rig.faults == [code]
    assert rig.blocks == []


def test_a_frozen_sensor_is_told_after_five_seconds_of_one_value():
    rig = Rig()
    rig.clock.at(10, rig.chip.freeze)
    rig.run(30)
    (stuck, *later) = [item for item in rig.delivered if isinstance(item, SensorFault)]
    assert stuck.code is SensorFaultCode.STUCK
    assert "axis XYZ" in stuck.detail
    assert stuck.at == pytest.approx(15, abs=0.7)
    assert [fault.code for fault in later] == [SensorFaultCode.SELF_TEST_FAILED]


def test_a_frozen_sensor_that_thaws_has_recovered():
    rig = Rig()
    rig.clock.at(10, rig.chip.freeze)
    rig.clock.at(20, rig.chip.thaw)
    rig.run(60)
    assert {code for kind, code in rig.notices if kind is SensorRecovered} == set(rig.faults)
    assert rig.blocks[-1].t0 > 59


def test_a_single_dead_axis_is_named():
    class DeadY(AtRest):
        def acceleration(self, elapsed):
            return super().acceleration(elapsed) * [1, 0, 1]

    rig = Rig(DeadY()).run(12)
    assert rig.faults == [SensorFaultCode.STUCK]
    assert ["axis Y kept" in item.detail for item in rig.delivered if isinstance(item, SensorFault)] == [True]


def test_a_recording_that_repeats_one_value_for_a_moment_is_no_stuck_sensor():
    acc = np.zeros((400, 3), dtype=np.float32)
    rig = Rig()
    rig.clock.at(5, lambda: rig.chip.play(Recorded(Recording(acc=acc, rate_hz=100.0))))
    assert rig.run(30).faults == []


def test_a_chip_reset_by_its_supply_is_noticed_and_started_anew():
    rig = Rig()
    rig.clock.at(10, rig.chip.reset)
    rig.run(30)
    assert rig.faults
    assert rig.thread.stats.starts == 2
    assert rig.blocks[-1].t0 > 29


def test_a_queue_that_is_full_loses_blocks_counts_them_and_marks_the_gap():
    inbox = queue.Queue(maxsize=3)
    rig = Rig(deliver=inbox.put_nowait)
    seen = []
    rig.clock.at(5, lambda: seen.extend(inbox.get_nowait() for _ in range(3)))
    rig.run(5.5)
    assert rig.thread.stats.lost_blocks > 10
    after = [inbox.get_nowait() for _ in range(inbox.qsize())]
    assert not any(block.gap for block in seen)
    assert [block.gap for block in after][:2] == [True, False]


def test_a_fault_waits_for_room_in_the_queue():
    inbox = queue.Queue(maxsize=2)
    rig = Rig(deliver=inbox.put_nowait)
    rig.clock.at(5, rig.bus.hang)
    seen = []
    rig.clock.at(10, lambda: seen.extend(inbox.get_nowait() for _ in range(2)))
    rig.run(20)
    waiting = [inbox.get_nowait() for _ in range(inbox.qsize())]
    assert [item.code for item in waiting] == [SensorFaultCode.BUS_ERROR, SensorFaultCode.MISSING]


def test_a_bus_that_can_not_be_opened_is_a_missing_sensor():
    def no_bus():
        raise BusError("/dev/i2c-9 does not exist")

    clock, delivered = ScriptedClock(), []
    thread = AcquisitionThread(no_bus, clock, delivered.append)
    done = threading.Event()
    clock.at(20, lambda: (done.set(), thread._stopping.set()))
    thread.start()
    assert done.wait(10)
    thread.stop()
    (fault,) = delivered
    assert fault.code is SensorFaultCode.MISSING
    assert "/dev/i2c-9" in fault.detail


def test_attempts_to_start_come_slower_and_slower_up_to_a_limit():
    attempts = []
    rig = Rig(config=AcquisitionConfig(longest_backoff_s=4.0))
    rig.bus.detach(ADDRESS)
    sensor = rig.sensor
    rig.thread._sensor_factory = lambda: (attempts.append(rig.clock.monotonic()), sensor())[1]
    rig.run(20)
    assert np.diff(attempts).tolist()[:6] == pytest.approx([0.5, 1, 2, 4, 4, 4])


def test_an_error_that_nobody_thought_of_is_told_and_the_thread_goes_on(caplog):
    rig = Rig()
    sensor = rig.sensor
    broken = []

    def factory():
        if not broken:
            broken.append(True)
            raise ZeroDivisionError
        return sensor()

    rig.thread._sensor_factory = factory
    rig.run(10)
    assert rig.notices == [(SensorFault, SensorFaultCode.BUS_ERROR), (SensorRecovered, SensorFaultCode.BUS_ERROR)]
    assert "ZeroDivisionError" in rig.delivered[0].detail
    assert rig.blocks


def test_stopping_puts_the_chip_to_standby():
    rig = Rig().run(5)
    assert rig.bus.reopen().read_byte_data(ADDRESS, 0x2D) == 0


def test_it_can_be_stopped_before_it_was_started():
    Rig().thread.stop()


@pytest.mark.services
def test_in_real_time_nothing_is_lost():
    clock = SystemClock()
    chip = EmulatedADXL345(clock, AtRest())
    bus = EmulatedBus(clock, {ADDRESS: chip})
    inbox = queue.Queue()
    thread = AcquisitionThread(lambda: ADXL345(bus.reopen(), clock), clock, inbox.put_nowait)
    thread.start()
    try:
        blocks = [inbox.get(timeout=5) for _ in range(12)]
    finally:
        thread.stop()
    assert not any(block.gap for block in blocks)
    assert abs(blocks[-1].t0 + blocks[-1].duration_s - thread.stats.last_block_at) < 0.5
