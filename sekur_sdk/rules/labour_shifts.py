"""Planning checks of each shift for itself: notice, shortest period, and whether this agent may work it."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from sekur_sdk.rules.civil_time import days_touched, hours, local_date
from sekur_sdk.rules.cnaps import card_is_valid
from sekur_sdk.rules.labour_rules import Agent, Code, Finding, NoticeKind, PlannedShift, RuleBook, finding
from sekur_sdk.rules.minimum_period import PeriodReading, work_periods

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime
    from zoneinfo import ZoneInfo


def check_notice(shifts: Sequence[PlannedShift], book: RuleBook, zone: ZoneInfo) -> Iterator[Finding]:
    """`NOTICE_7_DAYS` and `NOTICE_48H`: whether the agent was told in time, or consented.

    Seven days are counted on the local calendar, to the hour; 48 hours are those that pass.
    """
    for shift in shifts:
        if shift.notified_at is None or shift.agreed:
            continue
        if shift.notice is NoticeKind.EXTRA_HOURS:
            code, notice = Code.NOTICE_48H, _hours_between(shift.notified_at, shift.span.start)
        else:
            code, notice = Code.NOTICE_7_DAYS, _days_between(shift.notified_at, shift.span.start, zone)
        rule = book.rule(code, local_date(shift.span.start, zone))
        if rule is not None and rule.limit is not None and notice < rule.limit:
            yield finding(code, rule, shift.span, (shift.id,), max(notice, Decimal(0)))


def check_periods(
    shifts: Sequence[PlannedShift], book: RuleBook, zone: ZoneInfo, reading: PeriodReading
) -> Iterator[Finding]:
    """`PERIOD_MIN_4H` or, from July 2026, `PERIOD_MIN_6H`: no period of work is planned for less."""
    parts = [part for shift in shifts if shift.is_period for part in shift.worked]
    for period in work_periods(parts, reading=reading, zone=zone):
        day = local_date(period.span.start, zone)
        six = book.rule(Code.PERIOD_MIN_6H, day)
        code = Code.PERIOD_MIN_4H if six is None else Code.PERIOD_MIN_6H
        rule = book.rule(code, day)
        if rule is not None and rule.limit is not None and period.worked < rule.limit:
            ids = tuple(shift.id for shift in shifts if shift.span.clipped(period.span) is not None)
            yield finding(code, rule, period.span, ids, period.worked)


def check_double_bookings(shifts: Sequence[PlannedShift], book: RuleBook, zone: ZoneInfo) -> Iterator[Finding]:
    """`DOUBLE_BOOKED`: each two shifts, given in order, that overlap."""
    for index, one in enumerate(shifts):
        for other in shifts[index + 1 :]:
            both = one.span.clipped(other.span)
            if both is None:
                break
            rule = book.rule(Code.DOUBLE_BOOKED, local_date(both.start, zone))
            if rule is not None:
                yield finding(Code.DOUBLE_BOOKED, rule, both, (one.id, other.id))


def check_absences(shifts: Sequence[PlannedShift], agent: Agent, book: RuleBook, zone: ZoneInfo) -> Iterator[Finding]:
    """`ABSENT`: a shift during an absence."""
    for shift in shifts:
        missed = next((both for absence in agent.absences if (both := shift.span.clipped(absence))), None)
        rule = book.rule(Code.ABSENT, local_date(shift.span.start, zone))
        if missed is not None and rule is not None:
            yield finding(Code.ABSENT, rule, missed, (shift.id,))


def check_declaration(
    shifts: Sequence[PlannedShift], agent: Agent, book: RuleBook, zone: ZoneInfo
) -> Iterator[Finding]:
    """`DPAE_MISSING`: the first shift under a contract of employment that was not declared before (DPAE)."""
    if agent.undeclared_from is None:
        return
    for shift in shifts:
        day = local_date(shift.span.start, zone)
        if day < agent.undeclared_from:
            continue
        rule = book.rule(Code.DPAE_MISSING, day)
        if rule is not None:
            yield finding(Code.DPAE_MISSING, rule, shift.span, (shift.id,))
        return


def check_cards(shifts: Sequence[PlannedShift], agent: Agent, book: RuleBook, zone: ZoneInfo) -> Iterator[Finding]:
    """`CARD_MISSING`, `CARD_EXPIRED`, `CARD_ACTIVITY_MISMATCH`: no card for the whole of a shift.

    One that names the shift's activity and is valid to its last day; the day a card expires is its last.
    """
    if agent.cards is None:
        return
    for shift in shifts:
        last = max(days_touched(shift.span, zone))
        fitting = [card for card in agent.cards if shift.activity is None or shift.activity in card.activities]
        if any(card_is_valid(card.expires_on, last) for card in fitting):
            continue
        code = Code.CARD_EXPIRED if fitting else Code.CARD_ACTIVITY_MISMATCH
        rule = book.rule(code if agent.cards else Code.CARD_MISSING, last)
        if rule is not None:
            yield finding(code if agent.cards else Code.CARD_MISSING, rule, shift.span, (shift.id,))


def check_qualifications(
    shifts: Sequence[PlannedShift], agent: Agent, book: RuleBook, zone: ZoneInfo
) -> Iterator[Finding]:
    """`QUALIF_MISSING`: a qualification that the shift asks for (SSIAP, dog handler) is not held to its last day."""
    if agent.qualifications is None:
        return
    for shift in shifts:
        last = max(days_touched(shift.span, zone))
        held = {
            qualification.name
            for qualification in agent.qualifications
            if qualification.expires_on is None or last <= qualification.expires_on
        }
        rule = book.rule(Code.QUALIF_MISSING, last)
        if rule is not None and not shift.qualifications <= held:
            yield finding(Code.QUALIF_MISSING, rule, shift.span, (shift.id,))


def check_subcontracts(shifts: Sequence[PlannedShift], book: RuleBook, zone: ZoneInfo) -> Iterator[Finding]:
    """`SUBCONTRACT_RANK_3`: a shift given on beyond the second rank."""
    for shift in shifts:
        rule = book.rule(Code.SUBCONTRACT_RANK_3, local_date(shift.span.start, zone))
        if rule is not None and rule.limit is not None and shift.subcontract_rank > rule.limit:
            yield finding(Code.SUBCONTRACT_RANK_3, rule, shift.span, (shift.id,), Decimal(shift.subcontract_rank))


def _hours_between(told: datetime, starts: datetime) -> Decimal:
    return hours(starts - told)


def _days_between(told: datetime, starts: datetime, zone: ZoneInfo) -> Decimal:
    # wall clock against wall clock: "seven days before" is the same hour a week earlier, whatever the clocks did between
    wall = starts.astimezone(zone).replace(tzinfo=None) - told.astimezone(zone).replace(tzinfo=None)
    return hours(wall) / 24
