"""The real gpsd, through the states that a night on a wearer's belt brings."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from real_parts.receiver import Sky
from real_parts.tcp import connections_to

from edge_agent.clock import ScaledClock, SystemClock
from edge_agent.drivers.gnss import FixFault, FixReading
from edge_agent.drivers.gpsd import GpsdSource

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from real_parts.gpsd import Gpsd, StartGpsd

    from edge_agent.clock import Clock
    from edge_agent.drivers.gpsd import GpsdSession

pytestmark = pytest.mark.services

Outcome = FixReading | FixFault | None

LIMIT_S = 0.5
PERIOD_S = 0.05


@contextmanager
def session_with(gpsd: Gpsd, *, clock: Clock | None = None, stale_after_s: float = 10.0) -> Iterator[GpsdSession]:
    source = GpsdSource(
        clock=clock or SystemClock(), port=gpsd.port, stale_after_s=stale_after_s, call_timeout_s=LIMIT_S
    )
    session = source.session()
    try:
        yield session
    finally:
        session.close()


def poll_until(session: GpsdSession, wanted: Callable[[Outcome], bool], timeout_s: float = 10.0) -> list[Outcome]:
    """Poll at a steady pace up to the outcome that is wanted; all the outcomes, that one last."""
    outcomes: list[Outcome] = []
    pause, deadline = threading.Event(), time.monotonic() + timeout_s
    while time.monotonic() < deadline:
        outcomes.append(session.poll())
        if wanted(outcomes[-1]):
            return outcomes
        pause.wait(PERIOD_S)
    raise AssertionError(f"not in {timeout_s} s; there were {set(map(str, outcomes))}")


def fix_from(session: GpsdSession) -> FixReading:
    reading = poll_until(session, lambda outcome: isinstance(outcome, FixReading))[-1]
    assert isinstance(reading, FixReading)
    return reading


def silence(gpsd: Gpsd) -> None:
    """Its receiver stops, and gpsd has told the last that it heard."""
    gpsd.receiver.pause()
    told: list[Outcome] = []

    def unchanged(outcome: Outcome) -> bool:
        told.append(outcome)
        # four reports of ours to one of the receiver's: ten of a kind are its silence
        return told[-10:] == [outcome] * 10

    with session_with(gpsd) as session:
        poll_until(session, unchanged)


def test_a_fix_arrives_with_its_accuracy_age_and_time(gpsd: Gpsd) -> None:
    with session_with(gpsd) as session:
        reading = fix_from(session)
        fix = reading.fix(time.monotonic())

    assert (round(fix.lat, 4), round(fix.lon, 4), reading.mode) == (48.8566, 2.3522, 3)
    assert fix.accuracy_m is not None
    assert 1 < fix.accuracy_m < 50
    assert fix.age_s < 1
    assert abs(fix.fix_at - datetime.now(UTC)) < timedelta(seconds=5)


def test_a_move_is_followed(gpsd: Gpsd) -> None:
    with session_with(gpsd) as session:
        fix_from(session)
        gpsd.receiver.place(45.7640, 4.8357)

        poll_until(session, lambda outcome: isinstance(outcome, FixReading) and round(outcome.lat, 4) == 45.7640)


def test_a_receiver_that_stops_leaves_a_fix_that_ages_until_it_is_stale(gpsd: Gpsd) -> None:
    with session_with(gpsd, clock=ScaledClock(20)) as session:
        fix_from(session)
        gpsd.receiver.pause()

        outcomes = poll_until(session, lambda outcome: not isinstance(outcome, FixReading))

        assert outcomes[-1] is FixFault.STALE_FIX
        assert session.poll() is FixFault.STALE_FIX
        gpsd.receiver.resume()
        fix_from(session)


def test_the_fix_of_a_receiver_that_stopped_before_we_came_is_never_given(gpsd: Gpsd) -> None:
    gpsd.wait_for_fix()
    silence(gpsd)
    with session_with(gpsd, clock=ScaledClock(20)) as session:
        outcomes = poll_until(session, lambda outcome: outcome is FixFault.STALE_FIX)

    assert not any(isinstance(outcome, FixReading) for outcome in outcomes)


def test_a_receiver_without_satellites_gives_no_position(start_gpsd: StartGpsd) -> None:
    gpsd = start_gpsd(sky=Sky(fix=False))
    gpsd.wait_for(lambda report: report["class"] == "TPV" and report["mode"] == 1)
    with session_with(gpsd) as session:
        outcomes = [session.poll() for _ in range(20)]

    assert set(outcomes) == {FixFault.NO_FIX}


def test_a_lost_fix_is_told_and_a_found_one_given(gpsd: Gpsd) -> None:
    with session_with(gpsd) as session:
        fix_from(session)
        gpsd.receiver.lose_fix()
        poll_until(session, lambda outcome: outcome is FixFault.NO_FIX)
        gpsd.receiver.find_fix()
        fix_from(session)


def test_a_gpsd_without_a_receiver_says_so(start_gpsd: StartGpsd) -> None:
    with session_with(start_gpsd(device=False)) as session:
        assert session.poll() is FixFault.NO_RECEIVER


def test_a_frozen_gpsd_holds_a_poll_no_longer_than_its_limit(gpsd: Gpsd) -> None:
    with session_with(gpsd) as session:
        fix_from(session)
        gpsd.freeze()
        began = time.monotonic()

        assert session.poll() is FixFault.GPSD_SILENT
        assert time.monotonic() - began < LIMIT_S + 0.5

        gpsd.thaw()
        fix_from(session)


def test_a_gpsd_frozen_before_the_first_poll_is_silent_too(gpsd: Gpsd) -> None:
    gpsd.freeze()
    with session_with(gpsd) as session:
        began = time.monotonic()

        assert session.poll() is FixFault.GPSD_SILENT
        assert time.monotonic() - began < LIMIT_S + 0.5


def test_a_gpsd_killed_and_started_again_is_found_again(gpsd: Gpsd) -> None:
    with session_with(gpsd) as session:
        fix_from(session)
        gpsd.kill()
        poll_until(session, lambda outcome: outcome is FixFault.GPSD_UNREACHABLE)
        gpsd.start()

        fix_from(session)


def test_no_state_of_gpsd_puts_the_wearer_on_null_island(start_gpsd: StartGpsd) -> None:
    gpsd = start_gpsd(sky=Sky(latitude=0.0, longitude=0.0))
    gpsd.wait_for_fix()
    with session_with(gpsd) as session:
        outcomes = [session.poll()]
        gpsd.receiver.lose_fix()
        outcomes += poll_until(session, lambda outcome: outcome is FixFault.NO_FIX)
        gpsd.receiver.place(45.7640, 4.8357)
        outcomes += poll_until(session, lambda outcome: isinstance(outcome, FixReading))

    assert [round(outcome.lat, 4) for outcome in outcomes if isinstance(outcome, FixReading)] == [45.7640]


def test_a_closed_session_has_no_connection(gpsd: Gpsd) -> None:
    with session_with(gpsd) as session:
        assert connections_to(gpsd.port) == 0
        fix_from(session)
        assert connections_to(gpsd.port) == 1

        session.close()

        assert connections_to(gpsd.port) == 0
