"""The four-number rule as a stream: what it calls a fall, when it says so, and what it does not depend on."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edge_agent.detection import FallRule, FallRuleConfig
from edge_agent.drivers.accelerometer import SampleBlock
from edge_agent.drivers.emulated.wearer import FallPlan, SimulatedFall, SimulatedWalk
from edge_agent.recordings import load_set


def blocks(acc, rate, sizes=(16,), t0=100.0):
    """Cut a signal into blocks of these sizes in turn, stamped as the acquisition does."""
    start, turn = 0, 0
    while start < len(acc):
        part = acc[start : start + sizes[turn % len(sizes)]].astype(np.float32)
        yield SampleBlock(part, t0 + start / rate, rate, start)
        start += len(part)
        turn += 1


def detect(acc, rate, sizes=(16,), rule=None):
    rule = rule or FallRule()
    falls = [fall for block in blocks(acc, rate, sizes) for fall in rule.feed(block)]
    return falls + list(rule.flush())


def fall_signal(rate=100.0, peak=4.0, dip=0.3, turn_deg=90.0, seconds=10.0, impact_s=5.0):
    """Upright, a dip of 0.3 s, a peak of one sample, then another posture."""
    n = int(seconds * rate)
    times = np.arange(n) / rate
    angle = np.where(times < impact_s, 0.0, np.radians(turn_deg))
    acc = np.stack([np.sin(angle), np.cos(angle), np.zeros(n)], axis=1)
    acc[(times >= impact_s - 0.35) & (times < impact_s - 0.05)] *= dip
    impact = round(impact_s * rate)
    acc[impact] *= peak
    return acc


def test_a_fall_is_found_at_its_impact_with_the_numbers_that_it_rests_on():
    (fall,) = detect(fall_signal(), 100.0)
    assert fall.impact_at == pytest.approx(105.0)
    assert fall.features == pytest.approx({"peak_g": 4.0, "dip_g": 0.3, "turn_deg": 90.0}, abs=0.01)
    assert fall.score == pytest.approx(4.0 / 2.2, abs=0.01)


def test_a_fall_is_decided_within_three_seconds_of_the_impact():
    rule = FallRule()
    for block in blocks(fall_signal(), 100.0):
        for fall in rule.feed(block):
            assert fall.decided_at - fall.impact_at <= 3.0
            assert block.t0 + block.duration_s - fall.impact_at <= 3.0
            return
    pytest.fail("no fall")


@pytest.mark.parametrize(
    "short",
    [{"peak": 2.1}, {"dip": 0.95}, {"turn_deg": 40.0}],
    ids=["impact too weak", "no dip", "same posture"],
)
def test_each_of_the_rules_numbers_is_needed(short):
    assert detect(fall_signal(**short), 100.0) == []


@pytest.mark.parametrize("just", [{"peak": 2.25}, {"dip": 0.88}, {"turn_deg": 46.0}], ids=["impact", "dip", "posture"])
def test_just_inside_each_number_is_a_fall(just):
    assert len(detect(fall_signal(**just), 100.0)) == 1


def test_a_dip_earlier_than_a_second_before_the_impact_does_not_count():
    acc = fall_signal(dip=1.0)
    acc[350:380] *= 0.3
    assert detect(acc, 100.0) == []


def test_a_harder_peak_within_a_second_is_the_same_event():
    acc = fall_signal()
    acc[560] *= 5.0
    (fall,) = detect(acc, 100.0)
    assert fall.impact_at == pytest.approx(105.6)


def test_a_blow_that_changes_no_posture_does_not_hide_the_fall_that_follows():
    acc = fall_signal(impact_s=9.0, seconds=14.0)
    acc[520:530] *= 0.4
    acc[540] *= 3.0
    (fall,) = detect(acc, 100.0)
    assert fall.impact_at == pytest.approx(109.0)


def test_two_falls_far_apart_are_two():
    acc = np.concatenate([fall_signal(), fall_signal()])
    assert [round(fall.impact_at) for fall in detect(acc, 100.0)] == [105, 115]


@pytest.mark.parametrize("rate", [18.0, 25.0, 50.0, 100.0, 200.0, 400.0])
@pytest.mark.parametrize("direction", [0, 90, 180])
def test_a_simulated_fall_is_found_at_any_rate(rate, direction):
    motion = SimulatedFall(seed=4, plan=FallPlan(direction_deg=direction))
    acc = motion.acceleration(np.arange(-4.0, 8.0, 1 / rate))
    (fall,) = detect(acc, rate)
    assert fall.impact_at - 100.0 == pytest.approx(4.0 + motion.impact_s, abs=0.15)


@pytest.mark.parametrize("seed", range(5))
def test_simulated_walking_is_no_fall(seed):
    assert detect(SimulatedWalk(seed=seed).acceleration(np.arange(0, 60, 0.01)), 100.0) == []


@pytest.mark.parametrize("rate", [17.0, 401.0, 0.0])
def test_a_rate_that_the_rule_was_not_made_for_is_refused(rate):
    with pytest.raises(ValueError, match="18 to 400 Hz"):
        FallRule().feed(SampleBlock(np.zeros((16, 3), np.float32), 0.0, rate))


def noisy(seed, rate=50.0, seconds=20.0):
    """A rough signal with many impacts, dips and turns."""
    draw = np.random.default_rng(seed)
    n = int(seconds * rate)
    axis = np.cumsum(draw.normal(size=(n, 3)) * 0.1, axis=0) + draw.normal(size=3)
    acc = axis / np.linalg.norm(axis, axis=1, keepdims=True)
    return (
        acc * draw.choice([0.3, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 3.0], size=(n, 1)) * draw.uniform(0.9, 1.1, (n, 1))
    )


def same(falls, others):
    return [(fall.score, fall.features) for fall in falls] == [
        (fall.score, fall.features) for fall in others
    ] and np.allclose(
        [(fall.impact_at, fall.decided_at) for fall in falls],
        [(fall.impact_at, fall.decided_at) for fall in others],
        rtol=0,
        atol=1e-6,
    )


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    rate=st.sampled_from([18.0, 20.3, 50.0, 100.0]),
    sizes=st.lists(st.one_of(st.integers(1, 40), st.integers(1, 3000)), min_size=1, max_size=6),
)
def test_the_falls_do_not_depend_on_how_the_signal_is_cut_into_blocks(seed, rate, sizes):
    acc = noisy(seed, rate)
    assert same(detect(acc, rate, sizes), detect(acc, rate, (16,)))


def test_the_property_above_is_tried_on_signals_with_falls():
    assert sum(len(detect(noisy(seed), 50.0)) for seed in range(20)) >= 20


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_the_falls_do_not_depend_on_how_the_sensor_is_mounted(seed):
    turn, _ = np.linalg.qr(np.random.default_rng(seed).normal(size=(3, 3)))
    acc = fall_signal()
    (fall,) = detect(acc, 100.0)
    (turned,) = detect(acc @ turn.T, 100.0)
    assert turned.features == pytest.approx(fall.features, abs=1e-3)


def test_after_a_reset_nothing_from_before_counts():
    rule = FallRule()
    acc = fall_signal()
    for block in blocks(acc[:520], 100.0):
        rule.feed(block)
    rule.reset()
    assert detect(acc[520:], 100.0, rule=rule) == []


def test_a_gap_between_dip_and_impact_leaves_no_fall():
    rule, acc = FallRule(), fall_signal()
    found = [fall for block in blocks(acc[:497], 100.0) for fall in rule.feed(block)]
    after = SampleBlock(acc[497:].astype(np.float32), 104.97, 100.0, 497, gap=True)
    assert found + list(rule.feed(after)) + list(rule.flush()) == []


def test_a_gap_soon_after_the_impact_does_not_lose_the_fall():
    rule, acc = FallRule(), fall_signal()
    for block in blocks(acc[:640], 100.0):
        assert rule.feed(block) == ()
    after = SampleBlock(acc[640:].astype(np.float32), 107.0, 100.0, 640, gap=True)
    (fall,) = rule.feed(after)
    assert fall.impact_at == pytest.approx(105.0)
    assert fall.decided_at == pytest.approx(106.39)


def test_an_impact_cut_off_within_a_second_stays_undecided_and_is_counted():
    rule = FallRule()
    assert detect(fall_signal()[:560], 100.0, rule=rule) == []
    assert rule.undecided == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"peak_g": 0.0},
        {"turn_deg": 181.0},
        {"before_s": (1.0, 1.0)},
        {"after_s": (1.0, 3.5)},
        {"after_s": (2.0, 1.0)},
        {"merge_s": 2.9},
    ],
)
def test_a_configuration_that_makes_no_sense_is_refused(wrong):
    with pytest.raises(ValueError, match=next(iter(wrong))):
        FallRuleConfig(**wrong)


def test_detection_loads_numpy_and_attrs_alone():
    code = (
        "import sys\n"
        "before = set(sys.modules)\n"  # a distribution's own start-up modules, Debian's sitecustomize for one
        "import edge_agent.detection\n"
        "own = {name.partition('.')[0] for name in set(sys.modules) - before} - sys.stdlib_module_names\n"
        "print(sorted(name for name in own if not name.startswith('_')))"
    )
    out = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, check=True).stdout
    assert out.strip() == "['attr', 'attrs', 'edge_agent', 'numpy']"


def at_50_hz(trial):
    times = np.arange(0, trial.duration_s, 1 / 50)
    return np.stack([np.interp(times, trial.times_s(), axis) for axis in trial.acc.T], axis=1)


def score(trials, signal):
    """Sensitivity and specificity in per cent, a trial being one decision."""
    right, total = {True: 0, False: 0}, {True: 0, False: 0}
    for trial in trials:
        acc, rate = signal(trial)
        total[trial.is_fall] += 1
        right[trial.is_fall] += bool(detect(acc, rate, (64,))) == trial.is_fall
    return tuple(100 * right[kind] / total[kind] for kind in (True, False))


@pytest.mark.services
@pytest.mark.parametrize(
    ("name", "sensitivity", "specificity"),
    [("umafall_waist", 94.2, 99.8), ("umafall_chest", 84.3, 99.1), ("umafall_rightpocket", 99.5, 92.0)],
)
def test_on_umafall_at_50_hz_the_rule_reaches_what_is_published_for_it(recordings_dir, name, sensitivity, specificity):
    found = score(load_set(recordings_dir / f"{name}.npz"), lambda trial: (at_50_hz(trial), 50.0))
    assert found == pytest.approx((sensitivity, specificity), abs=2.0)


@pytest.mark.services
def test_on_umafall_waist_at_its_own_rate_the_rule_finds_93_and_passes_99_per_cent(recordings_dir):
    trials = [trial for trial in load_set(recordings_dir / "umafall_waist.npz") if trial.rate_hz >= 18]
    sensitivity, specificity = score(trials, lambda trial: (trial.acc, trial.rate_hz))
    assert sensitivity >= 93
    assert specificity >= 99


@pytest.mark.services
@pytest.mark.parametrize(("every", "sensitivity", "specificity"), [(1, 97.66, 98.01), (2, 97.61, 98.08)])
def test_on_sisfall_the_rule_is_as_good_at_100_hz_as_at_200(recordings_dir, every, sensitivity, specificity):
    def averaged(trial):
        n = len(trial.acc) // every * every
        return trial.acc[:n].reshape(-1, every, 3).mean(axis=1), trial.rate_hz / every

    found = score(load_set(recordings_dir / "sisfall.npz"), averaged)
    assert found == pytest.approx((sensitivity, specificity), abs=0.5)
