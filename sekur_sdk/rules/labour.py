"""The check of an agent's planning against the law, the branch (IDCC 1351) and the company.

A finding is told, never decided upon: some rules yield to consent, emergencies or agreements that a program can't see.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekur_sdk.rules.civil_time import PARIS
from sekur_sdk.rules.labour_hours import (
    check_averages,
    check_breaks,
    check_days,
    check_rest_days,
    check_rests,
    check_sundays,
    check_weekly_rest,
    check_weeks,
    services,
)
from sekur_sdk.rules.labour_rules import Agent, Finding, PlannedShift, RuleBook
from sekur_sdk.rules.labour_shifts import (
    check_absences,
    check_cards,
    check_declaration,
    check_double_bookings,
    check_notice,
    check_periods,
    check_qualifications,
    check_subcontracts,
)
from sekur_sdk.rules.minimum_period import PeriodReading

if TYPE_CHECKING:
    from collections.abc import Iterable
    from zoneinfo import ZoneInfo

NO_COMPANY_RULES = RuleBook()


def check_planning(
    agent: Agent,
    shifts: Iterable[PlannedShift],
    *,
    book: RuleBook = NO_COMPANY_RULES,
    zone: ZoneInfo = PARIS,
    reading: PeriodReading = PeriodReading.GAP,
) -> tuple[Finding, ...]:
    """All that one agent's shifts break, in order of time; empty where nothing is.

    `shifts` are all the agent's from 12 weeks before those of interest (3 months for the Sundays) to a week after: a rest
    or an average that reaches beyond what is given is taken to be free. What is found in those weeks around is told too, and
    left for the caller to drop by `span`. Codes, severities and sources: `Code`,
    `data/labour.json`.
    """
    planned = tuple(sorted(shifts, key=lambda shift: (shift.span, shift.id)))
    worked_days = services(planned, book, zone)
    found = [
        *check_days(worked_days, book, zone),
        *check_breaks(worked_days, book, zone),
        *check_rests(worked_days, book, zone),
        *check_weeks(worked_days, book, zone),
        *check_averages(worked_days, book, zone, night_worker=agent.night_worker),
        *check_weekly_rest(worked_days, book, zone),
        *check_rest_days(worked_days, book, zone),
        *(check_sundays(worked_days, book, zone) if agent.full_time else ()),
        *check_notice(planned, book, zone),
        *check_periods(planned, book, zone, reading),
        *check_double_bookings(planned, book, zone),
        *check_absences(planned, agent, book, zone),
        *check_declaration(planned, agent, book, zone),
        *check_cards(planned, agent, book, zone),
        *check_qualifications(planned, agent, book, zone),
        *check_subcontracts(planned, book, zone),
    ]
    return tuple(sorted(found, key=lambda one: (one.span, one.code)))
