"""Falls on a stream: what is found, when it is told, and what it does not depend on."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edge_agent.detection import FallModel, Position, profile_of
from edge_agent.detection.events import AFTER, BEFORE, framed
from edge_agent.detection.features import FEATURES, features
from edge_agent.drivers.accelerometer import SampleBlock
from edge_agent.drivers.emulated.wearer import FallPlan, SimulatedFall, SimulatedWalk

RATES = [18.0, 25.0, 50.0, 100.0, 200.0, 238.0, 400.0]


def blocks(acc, rate, sizes=(16,), t0=100.0):
    """Cut a signal into blocks of these sizes in turn, stamped as the acquisition does."""
    start, turn = 0, 0
    while start < len(acc):
        part = acc[start : start + sizes[turn % len(sizes)]].astype(np.float32)
        yield SampleBlock(part, t0 + start / rate, rate, start)
        start += len(part)
        turn += 1


def detect(acc, rate, sizes=(16,), model=None):
    model = model or FallModel()
    falls = [fall for block in blocks(acc, rate, sizes) for fall in model.feed(block)]
    return falls + list(model.flush())


def simulated_fall(rate=100.0, seed=4, direction=0, seconds=(-4.0, 8.0)):
    """Standing, a fall, lying; and when the ground is hit, seconds of the stream."""
    motion = SimulatedFall(seed=seed, plan=FallPlan(direction_deg=direction))
    return motion.acceleration(np.arange(*seconds, 1 / rate)), motion.impact_s - seconds[0] + 100.0


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("direction", [0, 90, 180])
def test_a_simulated_fall_is_found_at_its_impact_at_any_rate(rate, direction):
    acc, impact_at = simulated_fall(rate, direction=direction)
    (fall,) = detect(acc, rate)
    assert fall.impact_at == pytest.approx(impact_at, abs=0.2)


@pytest.mark.parametrize("position", list(Position))
def test_a_simulated_fall_is_found_at_each_position(position):
    acc, _ = simulated_fall()
    assert len(detect(acc, 100.0, model=FallModel(profile_of(position)))) == 1


@pytest.mark.parametrize("rate", RATES)
def test_a_fall_is_decided_within_three_seconds_of_its_impact(rate):
    acc, impact_at = simulated_fall(rate)
    model = FallModel()
    for block in blocks(acc, rate, (4,)):
        for fall in model.feed(block):
            assert block.t0 + block.duration_s - impact_at <= 3.1  # the simulated impact lasts a while itself
            assert fall.decided_at - fall.impact_at <= 3.0
            return
    pytest.fail("no fall")


def test_a_fall_tells_its_score_and_the_features_that_drove_it_most_telling_first():
    acc, _ = simulated_fall()
    (fall,) = detect(acc, 100.0)
    assert fall.score > 1
    assert 1 <= len(fall.features) <= 6
    assert set(fall.features) <= set(FEATURES)
    assert all(np.isfinite(value) for value in fall.features.values())


@pytest.mark.parametrize("position", list(Position))
@pytest.mark.parametrize("seed", range(3))
def test_simulated_walking_is_no_fall(seed, position):
    walk = SimulatedWalk(seed=seed).acceleration(np.arange(0, 60, 0.01))
    assert detect(walk, 100.0, model=FallModel(profile_of(position))) == []


@pytest.mark.parametrize("rate", [9.0, 501.0, 0.0, float("nan")])
def test_a_rate_that_the_model_was_not_made_for_is_refused(rate):
    with pytest.raises(ValueError, match="18 to 400 Hz"):
        FallModel().feed(SampleBlock(np.zeros((16, 3), np.float32), 0.0, rate))


def test_two_falls_far_apart_are_two():
    acc, impact_at = simulated_fall()
    found = detect(np.concatenate([acc, acc]), 100.0)
    assert [fall.impact_at for fall in found] == pytest.approx([impact_at, impact_at + len(acc) / 100], abs=0.2)


def rough(seed, rate, seconds=20.0):
    """Falls of random directions, stretched and scaled, with noise: many impacts, some of them falls."""
    draw = np.random.default_rng(seed)
    parts = []
    for _ in range(3):
        acc, _ = simulated_fall(rate, int(draw.integers(100)), float(draw.uniform(0, 360)), (-2.0, seconds / 3 - 2.0))
        mean = acc.mean(axis=0)
        parts.append(mean + (acc - mean) * draw.uniform(0.6, 1.4) + draw.normal(scale=0.1, size=acc.shape))
    return np.concatenate(parts)


def test_the_property_below_is_tried_on_signals_with_falls():
    assert sum(len(detect(rough(seed, 50.0), 50.0)) for seed in range(10)) >= 10


@settings(max_examples=25)
@given(
    seed=st.integers(0, 10_000),
    rate=st.sampled_from([18.0, 20.3, 50.0, 100.0, 238.0]),
    sizes=st.lists(st.one_of(st.integers(1, 40), st.integers(1, 3000)), min_size=1, max_size=6),
)
def test_the_falls_do_not_depend_on_how_the_signal_is_cut_into_blocks(seed, rate, sizes):
    acc = rough(seed, rate)
    cut, whole = detect(acc, rate, sizes), detect(acc, rate, (len(acc),))
    assert [(fall.score, fall.features) for fall in cut] == [(fall.score, fall.features) for fall in whole]
    assert [time for fall in cut for time in (fall.impact_at, fall.decided_at)] == pytest.approx(
        [time for fall in whole for time in (fall.impact_at, fall.decided_at)], abs=1e-6
    )


@settings(max_examples=25)
@given(
    seed=st.integers(0, 10_000),
    sizes=st.lists(st.integers(1, 400), min_size=1, max_size=4),
    jitter=st.floats(0, 0.45),
)
def test_nor_do_those_of_samples_with_times(seed, sizes, jitter):
    acc = rough(seed, 25.0).astype(np.float32)
    times = (np.arange(len(acc)) + np.random.default_rng(seed).uniform(-jitter, jitter, len(acc))) / 25.0

    def timed(sizes):
        model, falls, start, turn = FallModel(), [], 0, 0
        while start < len(acc):
            stop = start + sizes[turn % len(sizes)]
            falls += model.feed_timed(acc[start:stop], times[start:stop])
            start, turn = stop, turn + 1
        return falls + list(model.flush())

    assert timed(sizes) == timed([len(acc)])


@settings(max_examples=30)
@given(seed=st.integers(0, 10_000))
def test_the_features_do_not_depend_on_how_the_sensor_is_mounted(seed):
    draw = np.random.default_rng(seed)
    turn, _ = np.linalg.qr(draw.normal(size=(3, 3)))
    acc, impact_at = simulated_fall(50.0, int(draw.integers(100)))
    window = acc[: BEFORE + AFTER].astype(np.float32)
    turned = (window @ turn.T).astype(np.float32)
    assert features(turned[None])[0] == pytest.approx(features(window[None])[0], abs=0.02, rel=1e-3)
    assert impact_at > 0


def turning(lasts_s, ends_s):
    """What is told of a quarter turn with an impact."""
    times = (np.arange(BEFORE + AFTER) - BEFORE) / 50
    angle = np.radians(90) * np.clip((times - ends_s) / lasts_s + 1, 0, 1)
    acc = np.stack([np.sin(angle), np.cos(angle), np.zeros_like(angle)], axis=1)
    acc[BEFORE - 2 : BEFORE + 3] *= 2.5
    return dict(zip(FEATURES, features(acc[None].astype(np.float32))[0], strict=True))


def test_the_course_of_a_turn_is_told():
    fall, roll = turning(0.4, -0.1), turning(1.6, 0.8)
    assert fall["turn_deg"] == pytest.approx(roll["turn_deg"], abs=3)
    assert fall["turn_speed_deg_s"] == pytest.approx(90 / 0.4, rel=0.15)
    assert fall["turn_speed_deg_s"] > 2 * roll["turn_speed_deg_s"]
    assert fall["turn_fastest_s"] == pytest.approx(-0.3, abs=0.15)
    assert fall["turn_done_share"] > 0.6 > roll["turn_done_share"]
    assert fall["turn_lasts_s"] < 0.6 < roll["turn_lasts_s"]
    assert max(fall["turn_off_plane"], roll["turn_off_plane"]) < 0.05


def test_samples_with_times_find_the_fall_at_its_time():
    acc, impact_at = simulated_fall(20.0)
    times = 100.0 + np.arange(len(acc)) / 20.0
    model = FallModel()
    (fall,) = model.feed_timed(acc.astype(np.float32), times) + model.flush()
    assert fall.impact_at == pytest.approx(impact_at, abs=0.2)


def test_times_that_do_not_increase_are_refused_within_and_between_calls():
    model = FallModel()
    with pytest.raises(ValueError, match="have to increase"):
        model.feed_timed(np.ones((3, 3), np.float32), np.array([1.0, 2.0, 2.0]))
    model.feed_timed(np.ones((2, 3), np.float32), np.array([1.0, 1.1]))
    with pytest.raises(ValueError, match="have to increase"):
        model.feed_timed(np.ones((1, 3), np.float32), np.array([1.05]))


def test_a_few_lost_samples_are_bridged_and_a_long_loss_starts_anew():
    acc, impact_at = simulated_fall(50.0)
    times = 100.0 + np.arange(len(acc)) / 50.0
    kept = np.random.default_rng(1).random(len(acc)) > 0.05
    model = FallModel()
    (fall,) = model.feed_timed(acc[kept].astype(np.float32), times[kept]) + model.flush()
    assert fall.impact_at == pytest.approx(impact_at, abs=0.2)
    kept = (times < impact_at - 1.5) | (times > impact_at + 0.5)
    assert model.feed_timed(acc[kept].astype(np.float32), times[kept]) + model.flush() == ()


def test_after_a_reset_nothing_from_before_counts():
    acc, impact_at = simulated_fall()
    cut = round((impact_at - 100 + 0.5) * 100)
    model = FallModel()
    for block in blocks(acc[:cut], 100.0):
        model.feed(block)
    model.reset()
    assert detect(acc[cut:], 100.0, model=model) == []


def test_a_gap_soon_after_the_impact_does_not_lose_the_fall():
    acc, impact_at = simulated_fall()
    cut = round((impact_at - 100 + 1.5) * 100)
    model = FallModel()
    assert [fall for block in blocks(acc[:cut], 100.0) for fall in model.feed(block)] == []
    after = SampleBlock(acc[cut:].astype(np.float32), 100 + cut / 100 + 1, 100.0, cut, gap=True)
    (fall,) = model.feed(after)
    assert fall.impact_at == pytest.approx(impact_at, abs=0.2)


def test_an_impact_cut_off_within_a_second_stays_undecided_and_is_counted():
    acc, impact_at = simulated_fall()
    model = FallModel()
    assert detect(acc[: round((impact_at - 100 + 0.7) * 100)], 100.0, model=model) == []
    assert model.undecided == 1


@given(before=st.integers(0, BEFORE), after=st.integers(1, AFTER))
def test_a_window_that_reaches_past_the_signal_is_filled_from_it(before, after):
    acc = np.random.default_rng(before).normal(size=(before + after, 3)).astype(np.float32)
    window = framed(acc, before)
    assert np.array_equal(window[BEFORE - before : BEFORE + after], acc)
    assert {tuple(sample) for sample in window.tolist()} <= {tuple(sample) for sample in acc.tolist()}


def test_detection_loads_numpy_and_attrs_alone():
    code = (
        "import sys, edge_agent.detection\n"
        "edge_agent.detection.FallModel()\n"
        "own = {name.partition('.')[0] for name in sys.modules} - sys.stdlib_module_names\n"
        "print(sorted(name for name in own if not name.startswith('_')))"
    )
    out = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, check=True).stdout
    assert out.strip() == "['attr', 'attrs', 'edge_agent', 'numpy']"
