"""From a motion through chip, bus, driver, acquisition thread and detector to a decision."""

from __future__ import annotations

import threading

import numpy as np
import pytest

from edge_agent.acquisition import AcquisitionThread
from edge_agent.clock import ManualClock
from edge_agent.detection import FallModel, Posture, Stillness
from edge_agent.drivers.accelerometer import SampleBlock
from edge_agent.drivers.adxl345 import ADXL345, ADXL345Config
from edge_agent.drivers.emulated.adxl345 import EmulatedADXL345
from edge_agent.drivers.emulated.bus import EmulatedBus
from edge_agent.drivers.emulated.motion import Recorded
from edge_agent.drivers.emulated.wearer import FallPlan, SimulatedFall, SimulatedStanding, SimulatedWalk
from edge_agent.recordings import load_recording, load_set


class Wearable:
    """The sensor's side of a wearable, on a clock that waits by advancing."""

    def __init__(self, rate, first):
        self.clock = ManualClock(self_advancing=True)
        self.chip = EmulatedADXL345(self.clock, first)
        bus = EmulatedBus(self.clock, {0x53: self.chip})
        config = ADXL345Config(rate_hz=rate)
        self.thread = AcquisitionThread(lambda: ADXL345(bus.reopen(), self.clock, config), self.clock, self.take)
        self.detectors = (FallModel(), Posture(), Stillness())
        self.falls, self.changes, self.notices = [], [], []
        self.over = threading.Event()
        self.script = []

    def take(self, item):
        if not isinstance(item, SampleBlock):
            self.notices.append(item)
            return
        falls, *conditions = self.detectors
        self.falls += falls.feed(item)
        self.changes += [change for condition in conditions for change in condition.feed(item)]
        now = item.t0 + item.duration_s
        while self.script and now >= self.script[0][0]:
            _, action = self.script.pop(0)
            action()

    def wear(self, motions, seconds_after):
        """Play (motion, seconds) one after the other, then go on for a while."""
        at = 3.0
        for motion, seconds in motions:
            self.script.append((at, lambda motion=motion: self.chip.play(motion)))
            at += seconds
        self.script.append((at + seconds_after, self.over.set))
        self.thread.start()
        assert self.over.wait(30)
        self.thread.stop()
        assert self.notices == []
        assert self.thread.stats.gaps == 0
        return self


@pytest.mark.parametrize("direction", [0, 90, 180])
@pytest.mark.parametrize("seed", [1, 2])
def test_a_simulated_wearer_who_walks_and_falls_is_found_fallen_tilted_and_still(seed, direction):
    fall = SimulatedFall(seed=seed, plan=FallPlan(direction_deg=direction))
    wearable = Wearable(100, SimulatedStanding(seed=seed)).wear([(SimulatedWalk(seed=seed), 10), (fall, 80)], 5)
    (found,) = wearable.falls
    assert found.impact_at == pytest.approx(13.0 + fall.impact_s, abs=0.5)
    assert [(change.kind.value, change.on) for change in wearable.changes] == [("tilt", True), ("still", True)]


def test_a_simulated_wearer_who_walks_is_left_in_peace():
    wearable = Wearable(100, SimulatedStanding()).wear([(SimulatedWalk(), 120)], 0)
    assert wearable.falls == []
    assert wearable.changes == []


def decide(trial, rate):
    motion = Recorded(trial)
    wearable = Wearable(rate, motion.lead_in()).wear([(motion, motion.duration_s)], 4)
    return bool(wearable.falls)


FALLS = ["SA01/F01/R01", "SA06/F05/R03", "SA15/F11/R02", "SA03/F03/R04", "SA18/F13/R01", "SE06/F05/R01"]
DAILY = ["SA01/D05/R01", "SA10/D01/R01", "SA20/D15/R02", "SE01/D11/R01", "SE13/D04/R01", "SA08/D18/R03"]


@pytest.mark.services
@pytest.mark.parametrize("rate", [100, 200])
@pytest.mark.parametrize(("spec", "is_fall"), [(s, True) for s in FALLS] + [(s, False) for s in DAILY])
def test_a_sisfall_trial_is_decided_through_the_whole_chain(recordings_dir, spec, is_fall, rate):
    trial = load_recording(f"{recordings_dir}/sisfall.npz:{spec}")
    assert trial.is_fall is is_fall
    assert decide(trial, rate) is is_fall


@pytest.mark.services
def test_the_chain_decides_as_the_detector_on_the_bare_recording(recordings_dir):
    trials = list(load_set(recordings_dir / "sisfall.npz"))
    chosen = np.random.default_rng(1).choice(len(trials), 60, replace=False)
    same = 0
    for trial in (trials[index] for index in chosen):
        model = FallModel()
        bare = model.feed(SampleBlock(trial.acc, 0.0, trial.rate_hz)) + model.flush()
        same += decide(trial, 100) == bool(bare)
    assert same >= 58
