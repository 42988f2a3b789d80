"""What the device believes the time to be, when its clock starts in 1970, in 2040, or jumps."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from edge_agent.clock import ManualClock
from edge_agent.drivers.gnss import GnssTime
from edge_agent.wall_time import EARLIEST, WallTime
from sekur_sdk.models.device import ClockState

NIGHT = datetime(2026, 11, 3, 2, 0, tzinfo=UTC)


def never() -> bool:
    return False


def test_time_is_never_before_what_was_last_known() -> None:
    wall = WallTime(ManualClock(wall=datetime(1970, 1, 1, tzinfo=UTC)), NIGHT, never)

    assert wall.now() == NIGHT
    assert wall.wrong
    assert wall.stamp()[2] is ClockState.UNSYNCED


def test_a_device_that_never_knew_the_time_is_no_older_than_its_program() -> None:
    assert WallTime(ManualClock(wall=datetime(1970, 1, 1, tzinfo=UTC)), None, never).now() == EARLIEST


def test_satellites_set_a_clock_that_nothing_else_has() -> None:
    clock = ManualClock(monotonic=50.0, wall=datetime(1970, 1, 1, tzinfo=UTC))
    wall = WallTime(clock, None, never)
    wall.take(GnssTime(NIGHT, 50.0))
    clock.advance(10)

    assert wall.now() == NIGHT + timedelta(seconds=10)
    assert wall.stamp()[1:] == (10_000, ClockState.GNSS)


def test_a_clock_years_ahead_is_not_believed_even_if_it_claims_to_be_synced() -> None:
    clock = ManualClock(wall=datetime(2040, 1, 1, tzinfo=UTC))
    wall = WallTime(clock, NIGHT, lambda: True)
    wall.take(GnssTime(NIGHT, clock.monotonic()))

    assert wall.wrong
    assert wall.now() == NIGHT
    assert wall.state is ClockState.GNSS


def test_a_synced_clock_is_taken_as_it_is() -> None:
    clock = ManualClock(wall=NIGHT)
    wall = WallTime(clock, None, lambda: True)
    wall.take(None)

    assert wall.stamp() == (NIGHT, 0, ClockState.SYNCED)


def test_a_jump_of_the_wall_clock_leaves_the_milliseconds_since_the_start_alone() -> None:
    clock = ManualClock(wall=NIGHT)
    wall = WallTime(clock, None, never)
    clock.advance(2)
    clock.set_wall(NIGHT + timedelta(days=1))

    assert wall.stamp()[1] == 2000
