"""Planning checks of working time and rest, for one agent's shifts.

Each takes all the shifts near those of interest: hours and rests of the weeks beside decide too. Durations are those that
really pass; days, weeks and months are local ones.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING, TypeGuard

import attrs

from sekur_sdk.rules.civil_time import (
    NO_TIME,
    ONE_DAY,
    ONE_WEEK,
    Span,
    add_months,
    days,
    days_touched,
    gaps,
    hours,
    local_date,
    merged,
    monday,
    per_day,
    per_week,
    total_duration,
)
from sekur_sdk.rules.hour_classes import SUNDAY
from sekur_sdk.rules.labour_rules import Code, Finding, PlannedShift, Rule, RuleBook, finding

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime
    from zoneinfo import ZoneInfo

WEEKS_OF_AVERAGE = 12
MONTHS_OF_SUNDAYS = 3
REST_DAY = timedelta(hours=24)
BREAK_AFTER_HOURS = Decimal(6)
"""The working time of a day from which a break is due (C. trav. art. L3121-16)."""


@attrs.frozen
class Service:
    """The work between two daily rests: one shift, or several of one working day.

    `break_minutes` is the longest break at the post that is known of, None if of none of the shifts.
    """

    span: Span
    worked: tuple[Span, ...]
    shift_ids: tuple[str, ...]
    break_minutes: int | None

    @property
    def duration(self) -> timedelta:
        """The time worked."""
        return total_duration(self.worked)


def services(shifts: Sequence[PlannedShift], book: RuleBook, zone: ZoneInfo) -> tuple[Service, ...]:
    """`shifts`, given in order, grouped by working day.

    Shifts that touch are one service whatever they last; shifts with a gap are one as long as all of them leave the
    daily rest free within 24 hours (C. trav. art. L3131-1; IDCC 1351 art. 7.12 knows two periods in a day).
    """
    groups: list[list[PlannedShift]] = []
    for run in _runs(shifts):
        end = max(shift.span.end for shift in run)
        if groups and _leaves_a_rest(groups[-1][0].span.start, end, book, zone):
            groups[-1] += run
        else:
            groups.append(run)
    return tuple(
        Service(
            span=Span(group[0].span.start, max(shift.span.end for shift in group)),
            worked=merged(part for shift in group for part in shift.worked),
            shift_ids=tuple(shift.id for shift in group),
            break_minutes=max(
                (shift.break_minutes for shift in group if shift.break_minutes is not None), default=None
            ),
        )
        for group in groups
    )


def _runs(shifts: Sequence[PlannedShift]) -> Iterator[list[PlannedShift]]:
    """`shifts`, given in order, by those that touch."""
    run: list[PlannedShift] = []
    end = None
    for shift in shifts:
        if end is not None and shift.span.start > end:
            yield run
            run, end = [], None
        run.append(shift)
        end = shift.span.end if end is None else max(end, shift.span.end)
    if run:
        yield run


def _leaves_a_rest(start: datetime, end: datetime, book: RuleBook, zone: ZoneInfo) -> bool:
    rest = book.limit(Code.REST_MIN_12H, local_date(start, zone)) or Decimal(0)
    return hours(end - start) <= hours(REST_DAY) - rest


def check_days(worked_days: Sequence[Service], book: RuleBook, zone: ZoneInfo) -> Iterator[Finding]:
    """`DAY_MAX_12H`: the work of a service, and of a local day from 0:00 to 24:00.

    A shift "from 19:00 to 07:00" on the night the clocks go back lasts 13 hours and is found.
    """
    found: set[date] = set()
    for service in worked_days:
        rule = book.rule(Code.DAY_MAX_12H, local_date(service.span.start, zone))
        if _exceeds(rule, hours(service.duration)):
            found.update(days_touched(service.span, zone))
            yield finding(Code.DAY_MAX_12H, rule, service.span, service.shift_ids, hours(service.duration))
    for day, duration in per_day((part for service in worked_days for part in service.worked), zone).items():
        rule = book.rule(Code.DAY_MAX_12H, day)
        if day not in found and _exceeds(rule, hours(duration)):
            yield _over(Code.DAY_MAX_12H, rule, days(day, day + ONE_DAY, zone), worked_days, hours(duration))


def check_rests(worked_days: Sequence[Service], book: RuleBook, zone: ZoneInfo) -> Iterator[Finding]:
    """`REST_MIN_12H` (branch) and `REST_MIN_11H` (law): the rest between two services; a short one breaks both."""
    for before, after in pairwise(worked_days):
        rest = after.span.start - before.span.end
        if rest <= NO_TIME:
            continue
        for code in (Code.REST_MIN_12H, Code.REST_MIN_11H):
            rule = book.rule(code, local_date(after.span.start, zone))
            if rule is not None and rule.limit is not None and hours(rest) < rule.limit:
                ids = before.shift_ids[-1:] + after.shift_ids[:1]
                yield finding(code, rule, Span(before.span.end, after.span.start), ids, hours(rest))


def check_breaks(worked_days: Sequence[Service], book: RuleBook, zone: ZoneInfo) -> Iterator[Finding]:
    """`BREAK_20MIN_AT_6H`: a break of 20 minutes on end in a working day of 6 hours or more, where breaks are known.

    A gap between its parts is a break.
    """
    for service in worked_days:
        unpaid = max((gap.duration for gap in gaps(service.worked)), default=NO_TIME)
        if service.break_minutes is None and unpaid == NO_TIME:
            continue
        longest = max(hours(unpaid) * 60, Decimal(service.break_minutes or 0))
        rule = book.rule(Code.BREAK_20MIN_AT_6H, local_date(service.span.start, zone))
        due = hours(service.duration) >= BREAK_AFTER_HOURS
        if due and rule is not None and rule.limit is not None and longest < rule.limit:
            yield finding(Code.BREAK_20MIN_AT_6H, rule, service.span, service.shift_ids, longest)


def check_weeks(worked_days: Sequence[Service], book: RuleBook, zone: ZoneInfo) -> Iterator[Finding]:
    """`WEEK_MAX_48H` and `MAX_6_DAYS`: the hours in a civil week and the days on which its services start."""
    for week, duration in _weekly(worked_days, zone).items():
        rule = book.rule(Code.WEEK_MAX_48H, week)
        if _exceeds(rule, hours(duration)):
            yield _over(Code.WEEK_MAX_48H, rule, days(week, week + ONE_WEEK, zone), worked_days, hours(duration))
    starts: dict[date, set[date]] = {}
    for service in worked_days:
        day = local_date(service.span.start, zone)
        starts.setdefault(monday(day), set()).add(day)
    for week, started in starts.items():
        rule = book.rule(Code.MAX_6_DAYS, week)
        if _exceeds(rule, Decimal(len(started))):
            yield _over(Code.MAX_6_DAYS, rule, days(week, week + ONE_WEEK, zone), worked_days, Decimal(len(started)))


def check_averages(
    worked_days: Sequence[Service], book: RuleBook, zone: ZoneInfo, *, night_worker: bool
) -> Iterator[Finding]:
    """`AVG12W_46H` and, for night workers, `AVG12W_NIGHT_44H`: any 12 weeks on end, a week without shifts being empty."""
    weekly = _weekly(worked_days, zone)
    codes = (Code.AVG12W_46H, Code.AVG12W_NIGHT_44H) if night_worker else (Code.AVG12W_46H,)
    for last in weekly:
        first = last - (WEEKS_OF_AVERAGE - 1) * ONE_WEEK
        window = sum((duration for week, duration in weekly.items() if first <= week <= last), NO_TIME)
        average = hours(window) / WEEKS_OF_AVERAGE
        for code in codes:
            rule = book.rule(code, last)
            if _exceeds(rule, average):
                yield _over(code, rule, days(first, last + ONE_WEEK, zone), worked_days, average)


def check_weekly_rest(worked_days: Sequence[Service], book: RuleBook, zone: ZoneInfo) -> Iterator[Finding]:
    """`WEEKLY_REST_35H`: each civil week with work has 35 hours of rest on end of its own.

    A rest over Sunday midnight serves either week, provided that more of it than a daily rest (11 hours) lies there, and
    only one for each 35 hours it lasts. Before the first shift and after the last one all is taken to be rest.
    """
    rests = gaps(service.span for service in worked_days)
    uses: dict[Span, int] = {}
    for week in _weekly(worked_days, zone):
        rule = book.rule(Code.WEEKLY_REST_35H, week)
        if rule is None or rule.limit is None:
            continue
        bounds = days(week, week + ONE_WEEK, zone)
        daily = book.limit(Code.REST_MIN_11H, week) or Decimal(0)
        if _has_outer_rest(worked_days, bounds, daily):
            continue
        longest = NO_TIME
        for rest in rests:
            inside = rest.clipped(bounds)
            if inside is None:
                continue
            longest = max(longest, rest.duration)
            if hours(inside.duration) > daily and hours(rest.duration) >= rule.limit * (uses.get(rest, 0) + 1):
                uses[rest] = uses.get(rest, 0) + 1
                break
        else:
            yield _over(Code.WEEKLY_REST_35H, rule, bounds, worked_days, hours(longest))


def _has_outer_rest(worked_days: Sequence[Service], bounds: Span, daily: Decimal) -> bool:
    before = worked_days[0].span.start - bounds.start
    after = bounds.end - worked_days[-1].span.end
    return hours(before) > daily or hours(after) > daily


def check_rest_days(worked_days: Sequence[Service], book: RuleBook, zone: ZoneInfo) -> Iterator[Finding]:
    """`REST_DAY_AFTER_48H`: 24 hours of rest after 48 hours of service, told once for each run without such a rest."""
    run: list[Service] = []
    told = False
    for service in worked_days:
        if run and service.span.start - run[-1].span.end >= REST_DAY:
            run, told = [], False
        run.append(service)
        served = sum((hours(one.duration) for one in run), Decimal(0))
        rule = book.rule(Code.REST_DAY_AFTER_48H, local_date(service.span.start, zone))
        if not told and len(run) > 1 and _exceeds(rule, served):
            told = True
            ids = tuple(shift_id for one in run for shift_id in one.shift_ids)
            yield finding(Code.REST_DAY_AFTER_48H, rule, Span(run[0].span.start, service.span.end), ids, served)


def check_sundays(worked_days: Sequence[Service], book: RuleBook, zone: ZoneInfo) -> Iterator[Finding]:
    """`SUNDAYS_2_PER_MONTH_AVG_3M`: over any 3 calendar months within those planned, 2 Sundays off a month on average.

    A Sunday counts that is free from 0:00 to 24:00 with the Saturday before it or the Monday after it. For full-timers.
    """
    if not worked_days:
        return
    busy = {day for service in worked_days for part in service.worked for day in days_touched(part, zone)}
    first, last = min(busy).replace(day=1), max(busy).replace(day=1)
    while add_months(first, MONTHS_OF_SUNDAYS - 1) <= last:
        until = add_months(first, MONTHS_OF_SUNDAYS)
        free = sum(_is_free_sunday(first + timedelta(days=offset), busy) for offset in range((until - first).days))
        average = Decimal(free) / MONTHS_OF_SUNDAYS
        rule = book.rule(Code.SUNDAYS_2_PER_MONTH_AVG_3M, first)
        if rule is not None and rule.limit is not None and average < rule.limit:
            yield _over(Code.SUNDAYS_2_PER_MONTH_AVG_3M, rule, days(first, until, zone), worked_days, average)
        first = add_months(first, 1)


def _is_free_sunday(day: date, busy: set[date]) -> bool:
    return day.weekday() == SUNDAY and day not in busy and not {day - ONE_DAY, day + ONE_DAY} <= busy


def _weekly(worked_days: Sequence[Service], zone: ZoneInfo) -> dict[date, timedelta]:
    return per_week((part for service in worked_days for part in service.worked), zone)


def _exceeds(rule: Rule | None, measured: Decimal) -> TypeGuard[Rule]:
    return rule is not None and rule.limit is not None and measured > rule.limit


def _over(code: Code, rule: Rule, bounds: Span, worked_days: Sequence[Service], measured: Decimal) -> Finding:
    ids = tuple(
        shift_id
        for service in worked_days
        if service.span.clipped(bounds) is not None
        for shift_id in service.shift_ids
    )
    return finding(code, rule, bounds, ids, measured)
