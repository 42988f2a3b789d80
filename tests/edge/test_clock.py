"""The clocks that everything in the agent is timed by."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime, timedelta

import pytest

from edge_agent.clock import ManualClock, ScaledClock, SystemClock


def test_a_manual_clock_stands_still_until_it_is_advanced():
    clock = ManualClock(monotonic=5.0, wall=datetime(2026, 3, 1, tzinfo=UTC))
    clock.advance(1.5)
    assert clock.monotonic() == 6.5
    assert clock.now() == datetime(2026, 3, 1, 0, 0, 1, 500_000, tzinfo=UTC)


def test_a_jump_of_the_wall_clock_leaves_the_monotonic_one_alone():
    clock = ManualClock()
    clock.set_wall(clock.now() + timedelta(days=1))
    assert clock.monotonic() == 0.0


def test_a_monotonic_clock_refuses_to_go_back():
    with pytest.raises(ValueError, match="never goes back"):
        ManualClock().advance(-1)


def test_a_naive_wall_time_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        ManualClock().set_wall(datetime(2026, 1, 1))  # noqa: DTZ001  # what is tested


def waiting_thread(clock, event, timeout_s):
    answers = []
    thread = threading.Thread(target=lambda: answers.append(clock.wait(event, timeout_s)))
    thread.start()
    while not clock.waiting:
        time.sleep(0.001)
    return thread, answers


def test_a_thread_waiting_on_a_manual_clock_wakes_when_the_clock_passes_its_deadline():
    clock = ManualClock()
    thread, answers = waiting_thread(clock, threading.Event(), 3600)
    clock.advance(3599)
    thread.join(0.02)
    assert thread.is_alive()
    clock.advance(1)
    thread.join(5)
    assert answers == [False]
    assert clock.waiting == 0


def test_a_thread_waiting_on_a_manual_clock_wakes_when_its_event_is_set():
    clock, event = ManualClock(), threading.Event()
    thread, answers = waiting_thread(clock, event, 3600)
    event.set()
    thread.join(5)
    assert answers == [True]


def test_a_wait_on_a_self_advancing_clock_passes_at_once_and_moves_the_clock():
    clock = ManualClock(self_advancing=True)
    assert clock.wait(threading.Event(), 3600) is False
    assert clock.monotonic() == 3600


def test_a_scaled_clock_runs_as_many_times_faster_as_told():
    clock = ScaledClock(1000)
    before, wall = clock.monotonic(), clock.now()
    assert clock.wait(threading.Event(), 20) is False
    assert clock.monotonic() - before >= 19.9
    assert clock.now() - wall >= timedelta(seconds=19.9)


@pytest.mark.parametrize("speed", [0, -1, float("nan")])
def test_a_scaled_clock_needs_a_speed_above_zero(speed):
    with pytest.raises(ValueError, match="above 0"):
        ScaledClock(speed)


def test_the_system_clock_is_aware_and_its_wait_ends_with_the_event():
    clock, event = SystemClock(), threading.Event()
    event.set()
    assert clock.now().tzinfo is UTC
    assert clock.wait(event, 60) is True
