"""One internal rate: what becomes of a signal at 18 to 400 Hz, and that it does not depend on how it comes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge_agent.detection.resampling import DELAY_S, STEP_S, RegularResampler, TimedResampler

RATES = [18.0, 20.3, 25.0, 50.0, 100.0, 200.0, 238.0, 400.0]


def joined(portions):
    return np.concatenate([portion.acc for portion in portions])


def resampled(acc, rate, sizes=(32,)):
    resampler, portions, start, turn = RegularResampler(rate), [], 0, 0
    while start < len(acc):
        part = acc[start : start + sizes[turn % len(sizes)]]
        portions += resampler.feed(part, start / rate)
        start += len(part)
        turn += 1
    return joined(portions + resampler.flush())


def sway(times):
    """Gravity, and a sway of 2 Hz."""
    return np.stack([0.5 * np.sin(4 * np.pi * times), np.ones_like(times), np.zeros_like(times)], axis=1)


@pytest.mark.parametrize("rate", RATES)
def test_a_slow_motion_comes_out_alike_at_any_rate(rate):
    acc = sway(np.arange(0, 10, 1 / rate)).astype(np.float32)
    out = resampled(acc, rate)
    expected = sway(np.arange(len(out)) * STEP_S - DELAY_S)
    assert abs(len(out) - 10 / STEP_S) <= 3
    assert np.abs(out - expected)[5:].max() < 0.04


@pytest.mark.parametrize("rate", RATES)
def test_a_sensor_at_rest_stays_at_rest(rate):
    acc = np.tile(np.array([[0.0, 0.6, 0.8]], np.float32), (200, 1))
    assert resampled(acc, rate) == pytest.approx(np.tile(acc[:1], (len(resampled(acc, rate)), 1)), abs=1e-6)


@given(
    seed=st.integers(0, 1000),
    rate=st.one_of(st.sampled_from(RATES), st.floats(18, 400)),
    sizes=st.lists(st.integers(1, 400), min_size=1, max_size=5),
)
def test_the_output_is_the_same_to_the_last_bit_whatever_the_blocks(seed, rate, sizes):
    acc = np.random.default_rng(seed).normal(size=(int(3 * rate), 3)).astype(np.float32)
    assert np.array_equal(resampled(acc, rate, sizes), resampled(acc, rate, (len(acc),)))


@given(seed=st.integers(0, 1000), sizes=st.lists(st.integers(1, 60), min_size=1, max_size=5))
def test_samples_with_times_give_the_same_whatever_the_blocks(seed, sizes):
    draw = np.random.default_rng(seed)
    times = np.cumsum(draw.uniform(0.001, 0.1, size=150))
    acc = draw.normal(size=(150, 3)).astype(np.float32)

    def out(sizes):
        resampler, portions, start, turn = TimedResampler(float(times[0])), [], 0, 0
        while start < len(acc):
            stop = start + sizes[turn % len(sizes)]
            portions += resampler.feed(acc[start:stop], times[start:stop])
            start, turn = stop, turn + 1
        return joined(portions + resampler.flush())

    assert np.array_equal(out(sizes), out([150]))


@pytest.mark.parametrize("rate", RATES)
def test_equally_spaced_samples_give_the_same_with_and_without_their_times(rate):
    acc = np.random.default_rng(1).normal(size=(int(4 * rate), 3)).astype(np.float32)
    timed = TimedResampler(7.0)
    with_times = joined(timed.feed(acc, 7.0 + np.arange(len(acc)) / rate) + timed.flush())
    without = resampled(acc, rate)
    assert abs(len(with_times) - len(without)) <= 1
    least = min(len(with_times), len(without))
    assert with_times[:least] == pytest.approx(without[:least], abs=1e-9)


def test_a_peak_is_told_at_the_time_at_which_it_was():
    rate = 100.0
    acc = np.tile(np.array([[0.0, 1.0, 0.0]], np.float32), (400, 1))
    acc[199:202] *= 4
    resampler = RegularResampler(rate)
    out = joined(resampler.feed(acc, 50.0))
    peak = int(np.argmax(out[:, 1]))
    assert resampler.clock_time(peak * STEP_S - DELAY_S) == pytest.approx(52.0, abs=0.02)


def test_the_clock_follows_the_blocks_when_the_oscillator_is_off():
    resampler = RegularResampler(100.0)
    for block in range(100):
        resampler.feed(np.ones((16, 3), np.float32), block * 0.168)
    assert resampler.clock_time(16 * 90 / 100) == pytest.approx(90 * 0.168)
