"""Loss of verticality and stillness as streams: what holds for how long, and what is over when."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edge_agent.detection import ConditionKind, Posture, PostureConfig, Stillness, StillnessConfig
from edge_agent.drivers.accelerometer import SampleBlock
from edge_agent.drivers.emulated.motion import SensorNoise
from edge_agent.drivers.emulated.wearer import SimulatedFall, SimulatedStanding, SimulatedWalk

RATE = 100.0


def blocks(acc, sizes=(16,), t0=100.0):
    start, turn = 0, 0
    while start < len(acc):
        part = np.asarray(acc[start : start + sizes[turn % len(sizes)]], dtype=np.float32)
        yield SampleBlock(part, t0 + start / RATE, RATE, start)
        start += len(part)
        turn += 1


def changes(detector, acc, **how):
    return [change for block in blocks(acc, **how) for change in detector.feed(block)]


def tilted(degrees, seconds):
    angle = np.radians(degrees)
    times = np.arange(0, seconds, 1 / RATE)
    return np.array([np.sin(angle), np.cos(angle), 0.0]) + SensorNoise(1).at(times)


def shaken(seconds, strength_g=0.3):
    times = np.arange(0, seconds, 1 / RATE)
    return tilted(0, seconds) + strength_g * np.sin(2 * np.pi * 2 * times)[:, None] * [1, 0, 0]


UPRIGHT = PostureConfig(upright=(0.0, 1.0, 0.0))


def test_a_tilt_of_45_degrees_counts_after_30_seconds_from_when_it_began():
    (change,) = changes(Posture(UPRIGHT), np.concatenate([tilted(0, 10), tilted(60, 40)]))
    assert (change.kind, change.on) == (ConditionKind.TILT, True)
    assert change.since == pytest.approx(110, abs=1)
    assert change.at - change.since == pytest.approx(30)


def test_a_tilt_of_less_than_45_degrees_never_counts():
    assert changes(Posture(UPRIGHT), tilted(43, 120)) == []


def test_bending_for_less_than_30_seconds_does_not_count():
    acc = np.concatenate([tilted(0, 5), tilted(80, 28), tilted(0, 3), tilted(80, 28)])
    assert changes(Posture(UPRIGHT), acc) == []


def test_a_tilt_is_over_after_two_seconds_upright():
    acc = np.concatenate([tilted(90, 40), tilted(0, 1), tilted(90, 5), tilted(0, 10)])
    on, off = changes(Posture(UPRIGHT), acc)
    assert on.on
    assert not off.on
    assert off.since == pytest.approx(146)
    assert off.at == pytest.approx(148)


@pytest.mark.parametrize("mounting", range(6))
def test_upright_is_learnt_in_any_mounting(mounting):
    turn, _ = np.linalg.qr(np.random.default_rng(mounting).normal(size=(3, 3)))
    walk = SimulatedWalk(seed=mounting).acceleration(np.arange(0, 10, 1 / RATE))
    posture = Posture()
    assert posture.upright is None
    found = changes(posture, np.concatenate([walk, tilted(80, 40)]) @ turn.T)
    assert posture.upright == pytest.approx(turn @ [0, 1, 0], abs=0.15)
    assert [change.on for change in found] == [True]


def test_upright_is_not_learnt_while_the_device_is_being_put_on():
    posture = Posture()
    changes(posture, np.concatenate([tilted(angle, 1) for angle in (0, 90, 30, 150, 60, 10, 100, 45)]))
    assert posture.upright is None
    changes(posture, tilted(0, 8))
    assert posture.upright == pytest.approx((0, 1, 0), abs=0.05)


def test_learning_again_starts_from_how_the_device_is_worn_now():
    posture = Posture()
    changes(posture, tilted(0, 10))
    posture.learn()
    assert changes(posture, tilted(90, 60), t0=200.0) == []
    assert posture.upright == pytest.approx((1, 0, 0), abs=0.05)


def test_a_gap_restarts_the_hold_and_keeps_upright():
    posture = Posture()
    changes(posture, np.concatenate([tilted(0, 10), tilted(90, 25)]))
    upright = posture.upright
    after = [SampleBlock(tilted(90, 29).astype(np.float32), 140.0, RATE, 0, gap=True)]
    assert [change for block in after for change in posture.feed(block)] == []
    (change,) = changes(posture, tilted(90, 2), t0=169.0)
    assert change.since == pytest.approx(140.0)
    assert posture.upright == upright


def test_a_gap_does_not_end_a_tilt_that_counts():
    posture = Posture(UPRIGHT)
    changes(posture, tilted(90, 40))
    posture.feed(SampleBlock(tilted(90, 5).astype(np.float32), 145.0, RATE, 0, gap=True))
    assert posture.on


def test_no_motion_counts_after_60_seconds():
    (change,) = changes(Stillness(), np.concatenate([shaken(10), tilted(0, 70)]))
    assert (change.kind, change.on) == (ConditionKind.STILL, True)
    assert change.since == pytest.approx(110, abs=1)
    assert change.at - change.since == pytest.approx(60)


@pytest.mark.parametrize(("strength_g", "still"), [(0.03, True), (0.06, False)])
def test_a_change_of_100_mg_is_a_motion(strength_g, still):
    # A sine's change is twice its strength; the sensor's noise comes on top.
    assert bool(changes(Stillness(), shaken(65, strength_g))) is still


def test_a_slow_turn_is_a_motion():
    angles = np.radians(np.arange(0, 65, 1 / RATE) * 0.5)
    acc = np.stack([np.sin(angles), np.cos(angles), 0 * angles], axis=1)
    assert changes(Stillness(), acc) == []


def test_stillness_is_over_after_two_seconds_of_motion():
    acc = np.concatenate([tilted(0, 65), shaken(1), tilted(0, 5), shaken(5)])
    on, off = changes(Stillness(), acc)
    assert on.on
    assert off.at == pytest.approx(173, abs=0.1)


def test_the_devices_own_vibration_does_not_end_a_stillness():
    still = Stillness()
    changes(still, tilted(0, 65))
    for block in blocks(shaken(10), t0=165.0):
        assert still.feed(block, masked=True) == ()
    assert still.on


def test_the_devices_own_vibration_does_not_restart_the_hold():
    still = Stillness()
    changes(still, tilted(0, 50))
    for block in blocks(shaken(5), sizes=(100,), t0=150.0):
        still.feed(block, masked=True)
    (change,) = changes(still, tilted(0, 11), t0=155.0)
    assert change.since == pytest.approx(100)


def test_a_gap_restarts_the_hold_of_stillness():
    still = Stillness()
    changes(still, tilted(0, 55))
    still.feed(SampleBlock(tilted(0, 5).astype(np.float32), 160.0, RATE, 0, gap=True))
    assert changes(still, tilted(0, 54), t0=165.0) == []
    assert [change.on for change in changes(still, tilted(0, 2), t0=219.0)] == [True]


def test_a_simulated_wearer_who_falls_and_lies_is_found_tilted_and_still():
    times = np.arange(0, 10, 1 / RATE)
    fall = SimulatedFall(seed=1)
    acc = np.concatenate(
        [SimulatedWalk(seed=1).acceleration(times), fall.acceleration(np.arange(0, fall.duration_s, 1 / RATE))]
    )
    assert [change.on for change in changes(Posture(), acc)] == [True]
    assert [change.on for change in changes(Stillness(), acc)] == [True]


def test_a_simulated_wearer_who_walks_and_stands_is_neither():
    times = np.arange(0, 50, 1 / RATE)
    acc = np.concatenate([kind(seed=2).acceleration(times) for kind in (SimulatedStanding, SimulatedWalk)])
    assert changes(Posture(), acc) == []
    assert changes(Stillness(), acc) == []


@settings(max_examples=40, deadline=None)
@given(
    sizes=st.lists(st.integers(1, 1200), min_size=1, max_size=5),
    pieces=st.lists(st.tuples(st.sampled_from([0, 50, 90]), st.integers(1, 12), st.booleans()), min_size=3, max_size=8),
)
def test_the_changes_do_not_depend_on_how_the_signal_is_cut_into_blocks(sizes, pieces):
    acc = np.concatenate(
        [tilted(angle, seconds) + (shaken(seconds) * [1, 0, 0] if moving else 0) for angle, seconds, moving in pieces]
    )
    for make in (
        lambda: Posture(PostureConfig(hold_s=5, learn_s=2)),
        lambda: Stillness(StillnessConfig(hold_s=5)),
    ):
        one, other = changes(make(), acc, sizes=sizes), changes(make(), acc, sizes=(16,))
        assert [change.on for change in one] == [change.on for change in other]
        assert np.allclose([(c.since, c.at) for c in one], [(c.since, c.at) for c in other], rtol=0, atol=1e-6)


@pytest.mark.parametrize(
    ("make", "wrong"),
    [(PostureConfig, {"tilt_deg": 0}), (PostureConfig, {"hold_s": -1}), (StillnessConfig, {"change_g": 0})],
)
def test_a_configuration_that_makes_no_sense_is_refused(make, wrong):
    with pytest.raises(ValueError, match=next(iter(wrong))):
        make(**wrong)
