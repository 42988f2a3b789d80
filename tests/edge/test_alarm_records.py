"""Open alarms over a crash and over a reboot, with clocks that can be trusted and clocks that can't."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import attrs
import pytest

from edge_agent.alarm_records import Moment, load_alarms, save_alarms
from edge_agent.alarm_rules import OpenAlarm, Phase
from sekur_sdk.models.device import AlertKind
from sekur_sdk.wire import WireError

SAVED = Moment(monotonic=1000.0, wall=datetime(2026, 3, 1, 22, 0, tzinfo=UTC), epoch="first boot")
ASKED = OpenAlarm(
    uid="0198a0a0-0000-7000-8000-000000000001",
    kind=AlertKind.FALL,
    phase=Phase.PRE_ALARM,
    started_at=996.0,
    deadline=1012.0,
    impact_at=996.0,
    score=0.7,
    features=(("peak_g", 3.5),),
)


def restored(after: Moment) -> OpenAlarm:
    (alarm,) = load_alarms(save_alarms((ASKED,), SAVED), after)
    return alarm


def test_a_crash_leaves_the_deadline_where_it_was() -> None:
    after = attrs.evolve(SAVED, monotonic=1003.0, wall=SAVED.wall - timedelta(days=1))

    assert restored(after) == ASKED


def test_a_deadline_that_passed_during_the_crash_is_now() -> None:
    assert restored(attrs.evolve(SAVED, monotonic=1500.0)).deadline == 1500.0


def test_after_a_reboot_the_wall_clock_tells_how_much_time_is_left() -> None:
    after = Moment(monotonic=20.0, wall=SAVED.wall + timedelta(seconds=5), epoch="second boot")
    alarm = restored(after)

    assert alarm.deadline == pytest.approx(27.0)
    assert after.wall_at(alarm.started_at) == SAVED.wall_at(ASKED.started_at)


def test_after_a_reboot_with_a_clock_that_went_back_it_alarms_at_once() -> None:
    after = Moment(monotonic=20.0, wall=datetime(1970, 1, 1, tzinfo=UTC), epoch="second boot")

    assert restored(after).deadline == 20.0


def test_after_a_reboot_years_later_it_alarms_at_once() -> None:
    after = Moment(monotonic=20.0, wall=datetime(2040, 1, 1, tzinfo=UTC), epoch="second boot")

    assert restored(after).deadline == 20.0


def test_nothing_open_leaves_no_record() -> None:
    assert save_alarms((), SAVED) is None
    assert load_alarms(None, SAVED) == ()


def test_a_record_that_is_none_says_so() -> None:
    with pytest.raises(WireError):
        load_alarms(b'{"moment": 3}', SAVED)
