"""What the check of a planning finds, and what it leaves alone."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sekur_sdk.rules.civil_time import PARIS, Span, merged
from sekur_sdk.rules.labour import check_planning
from sekur_sdk.rules.labour_rules import (
    Agent,
    Code,
    Finding,
    HeldCard,
    HeldQualification,
    NoticeKind,
    PlannedShift,
    RuleBook,
    Severity,
    finding,
)
from sekur_sdk.rules.minimum_period import PeriodReading

if TYPE_CHECKING:
    from collections.abc import Iterable

MONDAY = date(2026, 11, 2)


def span(start: str, end: str) -> Span:
    return Span(*(datetime.fromisoformat(text).replace(tzinfo=PARIS) for text in (start, end)))


def shift(start: str, end: str, **fields: Any) -> PlannedShift:
    return PlannedShift(id=start, span=span(start, end), **fields)


def day_shift(day: date, *, starts: int = 7, lasts: int = 12) -> PlannedShift:
    at = datetime(day.year, day.month, day.day, starts, tzinfo=PARIS).astimezone(UTC)
    return PlannedShift(id=f"{day}", span=Span(at, at + timedelta(hours=lasts)))


def found(shifts: Iterable[PlannedShift], agent: Agent | None = None, **options: Any) -> list[Finding]:
    return list(check_planning(agent or Agent(), shifts, **options))


def codes(shifts: Iterable[PlannedShift], agent: Agent | None = None, **options: Any) -> set[Code]:
    return {one.code for one in found(shifts, agent, **options)}


def test_no_shift_breaks_nothing() -> None:
    assert found([]) == []


def test_a_12_hour_shift_on_the_night_the_clocks_go_back_lasts_13() -> None:
    (one,) = found([shift("2026-10-24T19:00", "2026-10-25T07:00")])
    assert (one.code, one.measured, one.limit) == (Code.DAY_MAX_12H, 13, 12)
    assert (one.severity, one.blocks) == (Severity.BRANCH, True)
    assert "7.08" in one.source


@pytest.mark.parametrize("start", ["2026-03-28", "2026-11-07"])
def test_a_12_hour_night_is_no_longer_than_allowed(start: str) -> None:
    after = date.fromisoformat(start) + timedelta(days=1)
    assert found([shift(f"{start}T19:00", f"{after}T07:00")]) == []


def test_shifts_that_follow_on_are_one_service() -> None:
    (one,) = found([shift("2026-11-02T07:00", "2026-11-02T14:00"), shift("2026-11-02T14:00", "2026-11-02T21:00")])
    assert (one.code, one.measured, len(one.shift_ids)) == (Code.DAY_MAX_12H, 14, 2)


def test_unpaid_breaks_are_no_work() -> None:
    pause = span("2026-11-02T12:00", "2026-11-02T13:00")
    assert found([shift("2026-11-02T07:00", "2026-11-02T20:00", unpaid_breaks=(pause,))]) == []


def test_a_day_in_two_parts_keeps_its_rest_at_night() -> None:
    parts = [shift("2026-11-02T08:00", "2026-11-02T14:00"), shift("2026-11-02T14:00", "2026-11-02T20:00")]
    assert found(parts) == []


def test_two_parts_that_leave_no_rest_break_rest_and_day() -> None:
    parts = [shift("2026-11-02T06:00", "2026-11-02T13:00"), shift("2026-11-02T15:00", "2026-11-02T22:00")]
    assert codes(parts) == {Code.DAY_MAX_12H, Code.REST_MIN_12H, Code.REST_MIN_11H}


RESTS = [
    ("07:00", set()),
    ("06:59", {Code.REST_MIN_12H}),
    ("06:00", {Code.REST_MIN_12H}),
    ("05:59", {Code.REST_MIN_12H, Code.REST_MIN_11H}),
]


@pytest.mark.parametrize(("starts", "broken"), RESTS)
def test_the_branch_wants_12_hours_between_services_and_the_law_11(starts: str, broken: set[Code]) -> None:
    shifts = [shift("2026-11-02T11:00", "2026-11-02T19:00"), shift(f"2026-11-03T{starts}", "2026-11-03T13:30")]
    assert codes(shifts) == broken


def test_a_rest_over_the_night_the_clocks_go_forward_is_an_hour_short() -> None:
    shifts = [shift("2026-03-28T08:00", "2026-03-28T19:00"), shift("2026-03-29T07:00", "2026-03-29T14:00")]
    (one,) = found(shifts)
    assert (one.code, one.measured) == (Code.REST_MIN_12H, 11)


def test_a_week_has_48_hours_at_most() -> None:
    # from Monday on, a day apart each so that the rest is there
    full = [day_shift(MONDAY + timedelta(days=offset)) for offset in (0, 2, 4, 5)]
    assert found(full) == []
    (one,) = found(
        [
            *full[:3],
            day_shift(MONDAY + timedelta(days=5), lasts=12),
            day_shift(MONDAY + timedelta(days=6), starts=9, lasts=6),
        ]
    )[:1]
    assert (one.code, one.measured, one.severity) == (Code.WEEK_MAX_48H, 54, Severity.LAW)


def test_a_week_is_cut_at_sunday_midnight() -> None:
    over = [day_shift(MONDAY + timedelta(days=offset)) for offset in (0, 2, 4)]
    over.append(shift("2026-11-08T19:00", "2026-11-09T07:00"))
    assert found(over) == []


def test_seven_days_in_a_week_are_one_too_many_and_leave_no_weekly_rest() -> None:
    week = [day_shift(MONDAY + timedelta(days=offset), lasts=6) for offset in range(7)]
    assert codes(week) == {Code.MAX_6_DAYS, Code.WEEKLY_REST_35H}


def test_six_nights_a_week_with_the_seventh_off_are_allowed_for_weeks() -> None:
    nights = [
        day_shift(MONDAY + timedelta(days=7 * week + offset), starts=21, lasts=7)
        for week in range(4)
        for offset in range(6)
    ]
    assert codes(nights, Agent(full_time=False)) == set()


def test_a_week_without_35_hours_on_end_is_found() -> None:
    # six days a week, with 34 hours from Sunday evening to Tuesday morning at most
    days = [0, 1, 2, 3, 4, 5]
    shifts = [
        day_shift(MONDAY + timedelta(days=7 * week + day), starts=13, lasts=6) for week in range(3) for day in days
    ]
    late = [day_shift(MONDAY + timedelta(days=7 * week + 7), starts=5, lasts=6) for week in range(3)]
    kept = [one for one in shifts if one.id not in {two.id for two in late}]
    weekly = [one for one in found([*kept, *late]) if one.code is Code.WEEKLY_REST_35H]
    assert len(weekly) == 2
    assert weekly[0].measured == 34


def test_one_long_rest_serves_two_weeks_only_if_it_is_twice_as_long() -> None:
    around = [day_shift(MONDAY + timedelta(days=offset), lasts=6) for offset in (0, 1, 2, 3, 4, 9, 10, 11, 12, 13)]
    assert Code.WEEKLY_REST_35H not in codes(around)


def test_after_48_hours_of_service_there_is_a_day_of_rest() -> None:
    row = [day_shift(MONDAY + timedelta(days=offset)) for offset in (3, 4, 5, 6)]
    assert found(row) == []
    (one,) = found([*row, day_shift(MONDAY + timedelta(days=7), lasts=6)])
    assert (one.code, one.measured, len(one.shift_ids)) == (Code.REST_DAY_AFTER_48H, 54, 5)


def weeks_of(hours: int, weeks: int = 12) -> list[PlannedShift]:
    """So many hours in four days of each week."""
    first = date(2026, 6, 29)
    return [
        day_shift(first + timedelta(days=7 * week + 2 * day - (day > 1)), lasts=hours // 4)
        for week in range(weeks)
        for day in range(4)
    ]


def test_48_hours_each_week_exceed_both_averages() -> None:
    averages = [one for one in found(weeks_of(48), Agent(night_worker=True)) if one.code.startswith("AVG")]
    assert {(one.code, one.measured, one.limit) for one in averages} == {
        (Code.AVG12W_46H, 48, 46),
        (Code.AVG12W_NIGHT_44H, 48, 44),
    }


def test_44_hours_each_week_are_allowed_on_average() -> None:
    assert {one for one in codes(weeks_of(44), Agent(night_worker=True)) if one.startswith("AVG")} == set()


def test_eleven_weeks_of_48_hours_and_one_off_are_allowed_by_day() -> None:
    assert Code.AVG12W_46H not in codes(weeks_of(48, weeks=11))


def sundays(worked: set[int]) -> list[PlannedShift]:
    """September to November 2026, a shift each Wednesday and on the Sundays of these numbers."""
    first = date(2026, 9, 1)
    days = [first + timedelta(days=offset) for offset in range(91)]
    chosen = [day for day in days if day.weekday() == 6]
    return [day_shift(day) for day in days if day.weekday() == 2] + [
        day_shift(day) for index, day in enumerate(chosen) if index in worked
    ]


def test_full_timers_have_two_sundays_off_a_month_on_average() -> None:
    seven_of_13, eight_of_13 = sundays(set(range(7))), sundays(set(range(8)))
    assert Code.SUNDAYS_2_PER_MONTH_AVG_3M not in codes(seven_of_13)
    (one,) = [one for one in found(eight_of_13) if one.code is Code.SUNDAYS_2_PER_MONTH_AVG_3M]
    assert (one.severity, one.blocks, one.limit) == (Severity.INFO, False, 2)
    assert one.measured is not None
    assert one.measured.quantize(Decimal("0.01")) == Decimal("1.67")
    assert Code.SUNDAYS_2_PER_MONTH_AVG_3M not in codes(eight_of_13, Agent(full_time=False))


def test_a_sunday_off_between_two_days_worked_is_not_one() -> None:
    shifts = sundays(set(range(7)))
    free = date(2026, 11, 29)
    around = [day_shift(free - timedelta(days=1)), day_shift(free + timedelta(days=1))]
    assert Code.SUNDAYS_2_PER_MONTH_AVG_3M in codes([*shifts, *around])


NOTICES = [
    (NoticeKind.ROSTER, "2026-10-26T07:00", None),
    (NoticeKind.ROSTER, "2026-10-26T07:01", Code.NOTICE_7_DAYS),
    (NoticeKind.EXTRA_HOURS, "2026-10-31T07:00", None),
    (NoticeKind.EXTRA_HOURS, "2026-10-31T07:01", Code.NOTICE_48H),
]


@pytest.mark.parametrize(("kind", "told", "broken"), NOTICES)
def test_a_roster_is_told_a_week_before_and_extra_hours_two_days(
    kind: NoticeKind, told: str, broken: Code | None
) -> None:
    at = datetime.fromisoformat(told).replace(tzinfo=PARIS)
    late = shift("2026-11-02T07:00", "2026-11-02T19:00", notified_at=at, notice=kind)
    assert codes([late]) == ({broken} if broken else set())


def test_a_week_is_a_week_when_the_clocks_change() -> None:
    at = datetime(2026, 10, 19, 7, tzinfo=PARIS)
    assert found([shift("2026-10-26T07:00", "2026-10-26T19:00", notified_at=at)]) == []
    at = datetime(2026, 3, 23, 7, tzinfo=PARIS)
    assert found([shift("2026-03-30T07:00", "2026-03-30T19:00", notified_at=at)]) == []


def test_a_shorter_notice_that_was_agreed_to_is_allowed() -> None:
    at = datetime(2026, 11, 1, 7, tzinfo=PARIS)
    assert found([shift("2026-11-02T07:00", "2026-11-02T19:00", notified_at=at, agreed=True)]) == []


PERIODS = [
    ("2022-02-28", "09:00", set()),
    ("2022-03-01", "10:59", {Code.PERIOD_MIN_4H}),
    ("2022-03-01", "11:00", set()),
    ("2026-06-30", "10:00", {Code.PERIOD_MIN_4H}),
    ("2026-07-01", "12:59", {Code.PERIOD_MIN_6H}),
    ("2026-07-01", "13:00", set()),
]


@pytest.mark.parametrize(("day", "ends", "broken"), PERIODS)
def test_the_shortest_period_is_that_of_its_day(day: str, ends: str, broken: set[Code]) -> None:
    assert codes([shift(f"{day}T07:00", f"{day}T{ends}")]) == broken


def test_meetings_and_medical_visits_are_no_periods() -> None:
    assert found([shift("2026-11-02T07:00", "2026-11-02T08:00", is_period=False)]) == []


def test_how_gaps_make_periods_can_be_chosen() -> None:
    parts = [shift("2026-11-02T08:00", "2026-11-02T11:00"), shift("2026-11-02T15:00", "2026-11-02T18:00")]
    assert codes(parts) == {Code.PERIOD_MIN_6H}
    assert codes(parts, reading=PeriodReading.SPAN) == set()


BREAKS = [("13:00", None, False), ("13:00", 0, True), ("13:00", 19, True), ("13:00", 20, False), ("12:59", 0, False)]


@pytest.mark.parametrize(("ends", "minutes", "broken"), BREAKS)
def test_a_break_of_20_minutes_is_due_from_6_hours(ends: str, minutes: int | None, broken: bool) -> None:
    one = shift("2026-03-02T07:00", f"2026-03-02T{ends}", break_minutes=minutes)
    assert (Code.BREAK_20MIN_AT_6H in codes([one])) == broken


def test_a_gap_between_the_parts_of_a_day_is_a_break() -> None:
    parts = [
        shift("2026-03-02T07:00", "2026-03-02T11:00", break_minutes=0),
        shift("2026-03-02T12:00", "2026-03-02T16:00", break_minutes=0),
    ]
    assert found(parts) == []


CARDS = [
    (None, set()),
    ((), {Code.CARD_MISSING}),
    ((HeldCard(expires_on=date(2026, 11, 3), activities={"surveillance"}),), set()),
    ((HeldCard(expires_on=date(2026, 11, 2), activities={"surveillance"}),), {Code.CARD_EXPIRED}),
    ((HeldCard(expires_on=date(2029, 11, 2), activities={"cynophile"}),), {Code.CARD_ACTIVITY_MISMATCH}),
    (
        (
            HeldCard(expires_on=date(2020, 1, 1), activities={"surveillance"}),
            HeldCard(expires_on=date(2029, 1, 1), activities={"surveillance"}),
        ),
        set(),
    ),
]


@pytest.mark.parametrize(("cards", "broken"), CARDS)
def test_a_card_is_valid_to_the_last_day_of_a_shift_and_names_its_activity(
    cards: tuple[HeldCard, ...] | None, broken: set[Code]
) -> None:
    night = shift("2026-11-02T19:00", "2026-11-03T07:00", activity="surveillance")
    assert codes([night], Agent(cards=cards)) == broken


QUALIFICATIONS = [
    (None, False),
    ((), True),
    ((HeldQualification(name="SSIAP1"),), False),
    ((HeldQualification(name="SSIAP1", expires_on=date(2026, 11, 2)),), True),
    ((HeldQualification(name="SST"),), True),
]


@pytest.mark.parametrize(("held", "broken"), QUALIFICATIONS)
def test_a_qualification_is_held_to_the_last_day_of_a_shift(
    held: tuple[HeldQualification, ...] | None, broken: bool
) -> None:
    night = shift("2026-11-02T19:00", "2026-11-03T07:00", qualifications={"SSIAP1"})
    assert (Code.QUALIF_MISSING in codes([night], Agent(qualifications=held))) == broken


def test_two_shifts_at_once_are_a_double_booking() -> None:
    shifts = [shift("2026-11-02T07:00", "2026-11-02T15:00"), shift("2026-11-02T14:00", "2026-11-02T19:00")]
    (one,) = found(shifts)
    assert (one.code, one.span) == (Code.DOUBLE_BOOKED, span("2026-11-02T14:00", "2026-11-02T15:00"))
    assert one.shift_ids == ("2026-11-02T07:00", "2026-11-02T14:00")


def test_a_shift_during_an_absence_is_found() -> None:
    leave = Agent(absences=(span("2026-11-03T00:00", "2026-11-10T00:00"),))
    assert codes([shift("2026-11-02T19:00", "2026-11-03T07:00")], leave) == {Code.ABSENT}
    assert codes([shift("2026-11-02T07:00", "2026-11-02T19:00")], leave) == set()


@pytest.mark.parametrize(("rank", "broken"), [(0, set()), (2, set()), (3, {Code.SUBCONTRACT_RANK_3})])
def test_work_is_subcontracted_twice_at_most(rank: int, broken: set[Code]) -> None:
    assert codes([shift("2026-11-02T07:00", "2026-11-02T19:00", subcontract_rank=rank)]) == broken


def test_an_agreement_of_the_company_sets_its_own_limit() -> None:
    book = RuleBook({Code.DAY_MAX_12H: Decimal(10)})
    (one,) = found([shift("2026-11-02T07:00", "2026-11-02T19:00")], book=book)
    assert (one.limit, one.severity, one.source) == (10, Severity.COMPANY, "accord d'entreprise")


def test_an_agreement_may_loosen_the_branch_but_not_public_order() -> None:
    shifts = [shift("2026-11-02T11:00", "2026-11-02T19:00"), shift("2026-11-03T06:30", "2026-11-03T13:30")]
    assert codes(shifts, book=RuleBook({Code.REST_MIN_12H: Decimal(11)})) == set()
    for code, looser in [(Code.WEEK_MAX_48H, 50), (Code.WEEKLY_REST_35H, 24), (Code.DAY_MAX_12H, 14)]:
        with pytest.raises(ValueError, match="public order"):
            RuleBook({code: Decimal(looser)})


def test_no_limit_is_set_where_there_is_none() -> None:
    with pytest.raises(ValueError, match="no limit"):
        RuleBook({Code.DOUBLE_BOOKED: Decimal(1)})


def test_each_code_has_its_limits_text_and_source() -> None:
    for code in Code:
        rule = RuleBook().rule(code, date(2026, 11, 2))
        assert rule is not None
        assert rule.text
        assert rule.source


@st.composite
def rosters(draw: st.DrawFn) -> list[PlannedShift]:
    at = datetime(2026, 9, 1, tzinfo=UTC) + timedelta(hours=draw(st.integers(0, 100)))
    shifts = []
    for number in range(draw(st.integers(0, 40))):
        lasts = timedelta(minutes=15 * draw(st.integers(1, 60)))
        shifts.append(PlannedShift(id=f"{number}", span=Span(at, at + lasts)))
        at += lasts + timedelta(minutes=15 * draw(st.integers(0, 400)))
    return shifts


@given(rosters(), st.randoms(use_true_random=False))
def test_the_order_in_which_shifts_are_given_changes_nothing(shifts: list[PlannedShift], random: Any) -> None:
    shuffled = [*shifts]
    random.shuffle(shuffled)
    assert check_planning(Agent(), shuffled) == check_planning(Agent(), shifts)


def test_a_shift_that_prolongs_one_after_a_gap_takes_the_gap_out_of_the_working_day() -> None:
    at = datetime(2026, 9, 1, tzinfo=UTC)
    parts = ((0, 6 * 60), (6 * 60 + 15, 7 * 60), (7 * 60, 13 * 60))
    shifts = [
        PlannedShift(id=f"{number}", span=Span(at + timedelta(minutes=start), at + timedelta(minutes=end)))
        for number, (start, end) in enumerate(parts)
    ]
    assert [one.measured for one in found(shifts) if one.code is Code.REST_MIN_11H] == [Decimal("0.25")]


@given(rosters())
def test_each_rest_below_11_hours_is_found_or_lies_within_a_working_day(shifts: list[PlannedShift]) -> None:
    short = [one for one in found(shifts) if one.code is Code.REST_MIN_11H]
    assert all(one.measured is not None and one.measured < 11 for one in short)
    one_block = merged(shift.span for shift in shifts)
    for before, after in pairwise(one_block):
        if after.start - before.end < timedelta(hours=11) and after.end - before.start > timedelta(hours=12):
            assert any(one.span == Span(before.end, after.start) for one in short)


@given(rosters())
def test_a_finding_of_a_maximum_exceeds_its_limit(shifts: list[PlannedShift]) -> None:
    maxima = {Code.DAY_MAX_12H, Code.WEEK_MAX_48H, Code.AVG12W_46H, Code.MAX_6_DAYS, Code.REST_DAY_AFTER_48H}
    for one in found(shifts):
        if one.code in maxima:
            assert one.measured is not None
            assert one.limit is not None
            assert one.measured > one.limit
            assert one.shift_ids


def test_what_a_planner_may_answer_for_is_of_the_branch_or_the_company_and_no_public_order() -> None:
    on = datetime(2026, 11, 9, 7, tzinfo=PARIS)
    found = {
        code: finding(code, rule, Span(on, on + timedelta(hours=1)), ("s",))
        for code in Code
        if (rule := RuleBook().rule(code, on.date())) is not None
    }
    assert {code for code, one in found.items() if one.may_be_accepted and "NOTICE" not in code} == {
        "REST_MIN_12H",
        "REST_DAY_AFTER_48H",
        "PERIOD_MIN_4H",
        "PERIOD_MIN_6H",
        "ABSENT",
    }


@pytest.mark.parametrize(("undeclared_from", "found"), [("2026-11-02", ["a"]), ("2026-11-03", ["b"]), (None, [])])
def test_the_first_shift_of_a_contract_is_not_worked_without_its_dpae(
    undeclared_from: str | None, found: list[str]
) -> None:
    shifts = [
        PlannedShift(
            id=name,
            span=Span(datetime(2026, 11, day, 7, tzinfo=PARIS), datetime(2026, 11, day, 15, tzinfo=PARIS)),
        )
        for name, day in (("a", 2), ("b", 3), ("c", 4))
    ]
    since = None if undeclared_from is None else date.fromisoformat(undeclared_from)
    told = check_planning(Agent(undeclared_from=since), shifts)
    assert [(str(one.code), *one.shift_ids, one.may_be_accepted) for one in told] == [
        ("DPAE_MISSING", name, False) for name in found
    ]
