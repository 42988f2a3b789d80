"""A duty takes its steps in order, says when positions may be taken, and survives a crash."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge_agent.duty import Duty, DutyError, DutyState
from sekur_sdk.models.device import DutyAction
from sekur_sdk.models.uid import new_uid
from sekur_sdk.wire import WireError

if TYPE_CHECKING:
    from collections.abc import Callable

AT = datetime(2026, 3, 1, 22, 0, tzinfo=UTC)
UID = "019cab6a-5b00-7bc3-b4c4-c09a67f7ba48"
ALARMS = [new_uid(1_772_402_400_001 + number) for number in range(3)]


def on_duty() -> Duty:
    return Duty().start(UID, at=AT, employee_id="emp_1", site_id="sit_1", shift_id="shf_1").duty


def on_break() -> Duty:
    return on_duty().break_start(at=AT).duty


STEPS: dict[DutyAction, Callable[[Duty], Duty]] = {
    DutyAction.START: lambda duty: duty.start(UID, at=AT, employee_id="emp_1", site_id="sit_1").duty,
    DutyAction.BREAK_START: lambda duty: duty.break_start(at=AT).duty,
    DutyAction.BREAK_END: lambda duty: duty.break_end(at=AT).duty,
    DutyAction.END: lambda duty: duty.end(at=AT).duty,
}


def test_a_duty_goes_from_its_start_over_a_break_to_its_end() -> None:
    started = Duty().start(UID, at=AT, employee_id="emp_1", site_id="sit_1")
    paused = started.duty.break_start(at=AT + timedelta(hours=2))
    resumed = paused.duty.break_end(at=AT + timedelta(hours=3))
    ended = resumed.duty.end(at=AT + timedelta(hours=8))

    steps = (started, paused, resumed, ended)
    assert [step.duty.state for step in steps] == ["on_duty", "on_break", "on_duty", "off_duty"]
    assert [step.event.action for step in steps] == ["start", "break_start", "break_end", "end"]
    assert [(step.event.occurred_at - AT).total_seconds() / 3600 for step in steps] == [0, 2, 3, 8]


def test_every_event_carries_the_duty_and_whose_it_is() -> None:
    events = [on_duty().break_start(at=AT).event, on_break().break_end(at=AT).event, on_break().end(at=AT).event]

    assert {(event.duty, event.employee_id, event.site_id, event.shift_id) for event in events} == {
        (UID, "emp_1", "sit_1", "shf_1")
    }


def test_a_duty_can_be_ended_from_a_break() -> None:
    assert on_break().end(at=AT).duty == Duty()


@pytest.mark.parametrize("duty", [Duty(), on_duty(), on_break()], ids=lambda duty: duty.state)
@pytest.mark.parametrize("action", DutyAction)
def test_a_step_is_taken_where_it_is_possible_and_refused_elsewhere(duty: Duty, action: DutyAction) -> None:
    if action in duty.possible:
        STEPS[action](duty)
        return
    with pytest.raises(DutyError) as refused:
        STEPS[action](duty)
    assert (refused.value.action, refused.value.state, refused.value.possible) == (action, duty.state, duty.possible)


def test_a_refusal_says_what_is_possible() -> None:
    with pytest.raises(DutyError, match=r"^break_end is not possible on duty; possible now: break_start, end$"):
        on_duty().break_end(at=AT)


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        Duty().start(UID, at=datetime(2026, 3, 1, 22, 0), employee_id="emp_1", site_id="sit_1")  # noqa: DTZ001  # what is tested


def test_detectors_run_on_break_and_positions_do_not() -> None:
    assert [(duty.monitoring, duty.gate_open) for duty in (Duty(), on_duty(), on_break())] == [
        (False, False),
        (True, True),
        (True, False),
    ]


@pytest.mark.parametrize("duty", [Duty(), on_duty(), on_break()], ids=lambda duty: duty.state)
def test_an_open_alarm_opens_the_gate_until_the_last_one_is_cleared(duty: Duty) -> None:
    two = duty.alarm_opened(ALARMS[0]).alarm_opened(ALARMS[1])
    one = two.alarm_cleared(ALARMS[0])

    assert two.gate_open
    assert one.gate_open
    assert one.alarm_cleared(ALARMS[1]).gate_open == duty.gate_open


def test_an_alarm_told_twice_is_open_once() -> None:
    twice = Duty().alarm_opened(ALARMS[0]).alarm_opened(ALARMS[0])

    assert not twice.alarm_cleared(ALARMS[0]).gate_open


def test_clearing_an_alarm_that_is_not_open_changes_nothing() -> None:
    duty = on_break().alarm_opened(ALARMS[0])

    assert duty.alarm_cleared(ALARMS[1]) == duty


def test_an_alarm_outlives_the_duty_it_began_in() -> None:
    ended = on_duty().alarm_opened(ALARMS[0]).end(at=AT).duty

    assert (ended.state, ended.gate_open) == (DutyState.OFF_DUTY, True)


def test_positions_carry_the_alarm_raised_last() -> None:
    duty = Duty().alarm_opened(ALARMS[0]).alarm_opened(ALARMS[1])

    assert (Duty().alert, duty.alert, duty.alarm_cleared(ALARMS[1]).alert) == (None, ALARMS[1], ALARMS[0])


@given(st.lists(st.sampled_from([*DutyAction, *ALARMS]), max_size=12))
def test_a_duty_comes_back_from_its_snapshot_as_it_was(steps: list[str]) -> None:
    duty = Duty()
    for step in steps:
        if isinstance(step, DutyAction):
            duty = STEPS[step](duty) if step in duty.possible else duty
        else:
            duty = duty.alarm_cleared(step) if step in duty.open_alarms else duty.alarm_opened(step)

        assert Duty.restore(duty.snapshot()) == duty


def test_without_a_snapshot_the_wearer_is_off_duty() -> None:
    assert Duty.restore(None) == Duty()


@pytest.mark.parametrize(
    "snapshot",
    [
        b"",
        b"{",
        b'{"state": "asleep"}',
        b'{"state": "on_duty"}',
        f'{{"state": "off_duty", "duty": "{UID}"}}'.encode(),
        f'{{"open_alarms": ["{UID}", "{UID}"]}}'.encode(),
        b'{"open_alarms": ["fall"]}',
    ],
)
def test_a_snapshot_that_can_not_be_is_refused(snapshot: bytes) -> None:
    with pytest.raises(WireError):
        Duty.restore(snapshot)
