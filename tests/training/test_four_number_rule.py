"""The four-number rule, the baseline: what it needs, and that it reaches what is published for it."""

from __future__ import annotations

import numpy as np
import pytest

from edge_agent.drivers.accelerometer import SampleBlock
from edge_agent.recordings import load_set
from training.four_number_rule import FallRule


def detect(acc, rate):
    rule, falls = FallRule(), []
    for start in range(0, len(acc), 64):
        falls += rule.feed(SampleBlock(acc[start : start + 64].astype(np.float32), start / rate, rate, start))
    return falls + list(rule.flush())


def fall_signal(rate=100.0, peak=4.0, dip=0.3, turn_deg=90.0):
    """Upright, a dip of 0.3 s, a peak of one sample at 5 s, then another posture."""
    times = np.arange(0, 10, 1 / rate)
    angle = np.where(times < 5, 0.0, np.radians(turn_deg))
    acc = np.stack([np.sin(angle), np.cos(angle), np.zeros(len(times))], axis=1)
    acc[(times >= 4.65) & (times < 4.95)] *= dip
    acc[round(5 * rate)] *= peak
    return acc


def test_a_fall_is_found_at_its_impact_with_the_numbers_that_it_rests_on():
    (fall,) = detect(fall_signal(), 100.0)
    assert fall.impact_at == pytest.approx(5.0)
    assert fall.features == pytest.approx({"peak_g": 4.0, "dip_g": 0.3, "turn_deg": 90.0}, abs=0.01)


@pytest.mark.parametrize("short", [{"peak": 2.1}, {"dip": 0.95}, {"turn_deg": 40.0}])
def test_each_of_the_rules_numbers_is_needed(short):
    assert detect(fall_signal(**short), 100.0) == []


def at_50_hz(trial):
    times = np.arange(0, trial.duration_s, 1 / 50)
    return np.stack([np.interp(times, trial.times_s(), axis) for axis in trial.acc.T], axis=1)


@pytest.mark.services
@pytest.mark.parametrize(
    ("name", "sensitivity", "specificity"),
    [("umafall_waist", 94.2, 99.8), ("umafall_chest", 84.3, 99.1), ("umafall_rightpocket", 99.5, 92.0)],
)
def test_on_umafall_at_50_hz_it_reaches_what_is_published_for_it(recordings_dir, name, sensitivity, specificity):
    right, total = {True: 0, False: 0}, {True: 0, False: 0}
    for trial in load_set(recordings_dir / f"{name}.npz"):
        total[trial.is_fall] += 1
        right[trial.is_fall] += bool(detect(at_50_hz(trial), 50.0)) == trial.is_fall
    found = [100 * right[kind] / total[kind] for kind in (True, False)]
    assert found == pytest.approx([sensitivity, specificity], abs=2.0)
