"""Recordings and the simulated wearer, as what moves an emulated chip."""

from __future__ import annotations

import numpy as np
import pytest

from edge_agent.drivers.emulated.motion import AtRest, Recorded, Stage
from edge_agent.drivers.emulated.wearer import FallPlan, SimulatedFall, SimulatedStanding, SimulatedWalk
from edge_agent.recordings import Recording

TIMES = np.arange(0, 30, 0.01)


def norm(acc):
    return np.linalg.norm(acc, axis=1)


def recording(n=100, rate=100.0):
    acc = np.random.default_rng(3).normal(size=(n, 3)).astype(np.float32)
    return Recording(acc=acc, rate_hz=rate)


def test_a_recording_is_interpolated_between_its_samples():
    trial = recording()
    middle = Recorded(trial).acceleration(np.array([0.105]))
    assert middle[0] == pytest.approx((trial.acc[10] + trial.acc[11]) / 2, abs=1e-6)


def test_irregular_times_are_kept():
    times = np.array([0.0, 0.1, 0.5, 1.0])
    trial = Recording(acc=np.arange(12, dtype=np.float32).reshape(4, 3), rate_hz=3.0, times=times)
    assert Recorded(trial).acceleration(np.array([0.5, 0.75]))[:, 0].tolist() == [6.0, 7.5]


def test_after_its_end_a_recording_rests_in_its_last_posture_with_noise():
    trial = recording(n=300)
    after = Recorded(trial).acceleration(np.arange(3.0, 13.0, 0.01))
    assert np.abs(after - trial.acc[199:].mean(axis=0)).max() < 0.05
    assert all(np.unique(axis).size > 100 for axis in after.T)


def test_before_its_start_a_recording_rests_in_its_first_posture_with_noise():
    trial = recording(n=300)
    before = Recorded(trial).acceleration(np.arange(-1.0, -0.01, 0.01))
    assert np.abs(before - trial.acc[:101].mean(axis=0)).max() < 0.05
    assert np.unique(before[:, 0]).size > 10


def test_a_stage_changes_from_one_motion_to_the_next_at_the_moment_told():
    stage = Stage(AtRest((0, 0, 1)), 10.0)
    stage.play(AtRest((0, 1, 0)), 12.0)
    acc = stage.acceleration(np.array([11.99, 12.0, 12.01]))
    assert np.rint(acc).tolist() == [[0, 0, 1], [0, 1, 0], [0, 1, 0]]


def test_a_stage_says_when_its_last_motion_is_over():
    stage = Stage(AtRest(), 0.0)
    assert not stage.ended(1e9)
    stage.play(Recorded(recording()), 5.0)
    assert not stage.ended(5.9)
    assert stage.ended(6.0)


@pytest.mark.parametrize("kind", [SimulatedStanding, SimulatedWalk, SimulatedFall, AtRest])
def test_a_motion_is_the_same_for_a_seed_however_it_is_asked(kind):
    whole = kind(seed=7).acceleration(TIMES)
    parts = np.concatenate([kind(seed=7).acceleration(part) for part in np.array_split(TIMES, 41)])
    assert np.array_equal(whole, parts)
    assert not np.array_equal(whole, kind(seed=8).acceleration(TIMES))


def test_standing_is_one_g_along_the_trunk():
    acc = SimulatedStanding(seed=1).acceleration(TIMES)
    assert norm(acc).mean() == pytest.approx(1.0, abs=0.01)
    assert acc[:, 1].min() > 0.95


@pytest.mark.parametrize("seed", range(10))
def test_walking_has_the_rhythm_of_steps_and_no_impact(seed):
    acc = SimulatedWalk(seed=seed).acceleration(TIMES)
    magnitude = norm(acc) - norm(acc).mean()
    spectrum = np.abs(np.fft.rfft(magnitude * np.hanning(len(magnitude))))
    rhythm = np.fft.rfftfreq(len(magnitude), 0.01)[spectrum.argmax()]
    assert 1.6 < rhythm < 2.0
    assert 0.1 < magnitude.std() < 0.4
    assert norm(acc).max() < 2.0


@pytest.mark.parametrize("direction", [0, 90, 180, 270])
def test_a_simulated_fall_loses_weight_hits_the_ground_and_lies_still(direction):
    fall = SimulatedFall(seed=2, plan=FallPlan(direction_deg=direction))
    acc = fall.acceleration(TIMES)
    before, after = fall.impact_s > TIMES, fall.impact_s + 2 < TIMES
    assert 1.0 < fall.impact_s < 2.5
    assert norm(acc[before]).min() < 0.5
    assert 4.0 < norm(acc).max() < 14.0
    assert norm(acc[after]).std() < 0.03
    assert acc[after][:, 1].mean() < 0.3
