"""The labour check of shifts: what the rules need of each employee, and what they find."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import attrs

from sekur_sdk.models.absences import AbsenceStatus
from sekur_sdk.models.employment import EmploymentContract, EmploymentStatus
from sekur_sdk.models.planning import FindingSeverity, PlanningFinding, Shift, ShiftStatus
from sekur_sdk.models.problem import FieldError
from sekur_sdk.models.qualifications import CardCheckResult, CardStatus, QualificationStatus
from sekur_sdk.models.scalars import Rate
from sekur_sdk.rules.civil_time import Span, local_date
from sekur_sdk.rules.labour import check_planning
from sekur_sdk.rules.labour_rules import Agent, Code, HeldCard, HeldQualification, PlannedShift
from sekur_sdk.rules.night_work import is_night_worker
from sekur_sdk.sandbox.access import Caller
from sekur_sdk.sandbox.problems import RefusalError
from sekur_sdk.sandbox.store.records import (
    absences,
    cards,
    employees,
    employment_contracts,
    posts,
    qualifications,
    shifts,
    sites,
)
from sekur_sdk.sandbox.trade import audit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import datetime

    import sqlalchemy as sa

    from sekur_sdk.models.sites import Post
    from sekur_sdk.rules.labour_rules import Finding
    from sekur_sdk.sandbox.store.writer import Transaction

STANDING = (ShiftStatus.PUBLISHED, ShiftStatus.ACKNOWLEDGED, ShiftStatus.IN_PROGRESS, ShiftStatus.DONE)
"""States of shifts that an employee was told of, and has worked or shall work."""
NOTICES = frozenset({Code.NOTICE_7_DAYS, Code.NOTICE_48H})
"""Told, but no reason not to publish: to publish is how an employee is asked, and to acknowledge is to consent."""
FULL_TIME_HOURS = 35
_BEFORE = timedelta(days=95)
"""At least 12 weeks and 3 months."""
_AFTER = timedelta(days=8)
_SHOWN_ERRORS = 100
_PLACES = Rate("0.0001")


def findings(
    connection: sa.Connection, chosen: Sequence[Shift], *, now: datetime, with_drafts: bool = False
) -> tuple[PlanningFinding, ...]:
    """What the planning of the employees of `chosen` breaks by any of these shifts, in order of time.

    The shifts are taken as they are given, the others around them as they are stored; drafts among those count `with_drafts`
    alone.
    """
    found: list[PlanningFinding] = []
    for employee_id in dict.fromkeys(shift.employee_id for shift in chosen):
        if employee_id is not None:
            mine = [shift for shift in chosen if shift.employee_id == employee_id]
            found += _of_employee(connection, employee_id, mine, {shift.id for shift in chosen}, now, with_drafts)
    return tuple(sorted(found, key=lambda one: (one.starts_at, one.code)))


@attrs.frozen
class Acceptance:
    """The codes of findings that a caller answers for."""

    codes: frozenset[str]
    caller: Caller


def settle(
    tx: Transaction,
    found: Sequence[PlanningFinding],
    path_of: Callable[[PlanningFinding], str],
    accepted: Acceptance | None = None,
) -> tuple[PlanningFinding, ...]:
    """What was found, with what is accepted blocking no more; who accepted what goes to the audit.

    Raises:
        RefusalError: 422 that names each finding that still stands against publishing, at the path that `path_of` tells.
    """
    codes = frozenset[str]() if accepted is None else accepted.codes
    left = tuple(attrs.evolve(one, blocks=one.blocks and one.code not in codes) for one in found)
    _refuse_blocking(left, path_of)
    if accepted is None:
        return left
    by_employee: dict[str, list[PlanningFinding]] = {}
    for before, after in zip(found, left, strict=True):
        if before.blocks and not after.blocks:
            by_employee.setdefault(after.employee_id, []).append(after)
    for employee_id, yielded in by_employee.items():
        shift_ids = list(dict.fromkeys(id_ for one in yielded for id_ in one.shift_ids))
        audit.note(
            tx,
            accepted.caller,
            audit.PLANNING_ACCEPTED,
            count=len(yielded),
            employee_id=employee_id,
            filters={"codes": " ".join(sorted({one.code for one in yielded})), "shift_ids": " ".join(shift_ids)},
        )
    return left


def _refuse_blocking(found: Iterable[PlanningFinding], path_of: Callable[[PlanningFinding], str]) -> None:
    errors = [
        FieldError(path=path_of(one), message=f"{one.code}: {one.text} ({', '.join(one.shift_ids)})")
        for one in found
        if one.blocks
    ]
    if errors:
        raise RefusalError(
            422, "The planning breaks rules that stand against publishing.", errors=errors[:_SHOWN_ERRORS]
        )


def _of_employee(
    connection: sa.Connection,
    employee_id: str,
    mine: Sequence[Shift],
    besides: set[str],
    now: datetime,
    with_drafts: bool,
) -> list[PlanningFinding]:
    table = shifts.table
    states = (*STANDING, ShiftStatus.DRAFT) if with_drafts else STANDING
    stored = shifts.all(
        connection,
        table.c.employee_id == employee_id,
        table.c.status.in_(states),
        table.c.ends_at > min(shift.starts_at for shift in mine) - _BEFORE,
        table.c.starts_at < max(shift.ends_at for shift in mine) + _AFTER,
    )
    site = sites.find(connection, mine[0].site_id)
    assert site is not None
    zone = ZoneInfo(site.time_zone)
    kept: dict[str, Post | None] = {}
    planned = []
    for shift in (*mine, *(shift for shift in stored if shift.id not in besides)):
        if shift.post_id is not None and shift.post_id not in kept:
            kept[shift.post_id] = posts.find(connection, shift.post_id)
        planned.append(_planned(shift, kept.get(shift.post_id or ""), now))
    on = local_date(mine[0].starts_at, zone)
    agent = _agent(connection, employee_id, on, night_worker=is_night_worker((one.span for one in planned), zone=zone))
    told = check_planning(agent, planned, zone=zone)
    ids = {shift.id for shift in mine}
    return [_told(one, employee_id) for one in told if not ids.isdisjoint(one.shift_ids)]


def _planned(shift: Shift, post: Post | None, now: datetime) -> PlannedShift:
    span = Span(shift.starts_at, shift.ends_at)
    # paid unless the post says otherwise: an agent who stays at the post works (C. trav. art. L3121-2)
    is_paid = post is None or post.is_break_paid
    planned = PlannedShift(
        id=shift.id,
        span=span,
        break_minutes=shift.break_minutes if is_paid or not shift.break_minutes else None,
        # what was published before it was noted when is not judged
        notified_at=now if shift.status == ShiftStatus.DRAFT else shift.published_at,
        agreed=shift.acknowledged_at is not None,
        activity=None if post is None else str(post.activity),
        qualifications=() if post is None else map(str, post.qualifications),
    )
    if is_paid or not shift.break_minutes:
        return planned
    # nobody plans when exactly the break is taken: in the middle is as good as anywhere
    pause = timedelta(minutes=shift.break_minutes)
    start = span.start + (span.duration - pause) / 2
    return attrs.evolve(planned, unpaid_breaks=(Span(start, start + pause),))


def _agent(connection: sa.Connection, employee_id: str, on: date, *, night_worker: bool) -> Agent:
    employee = employees.find(connection, employee_id)
    assert employee is not None
    card, held, absence = cards.table, qualifications.table, absences.table
    own_cards = cards.all(connection, card.c.employee_id == employee_id, card.c.status != CardStatus.WITHDRAWN)
    known = [
        HeldCard(expires_on=one.expires_on, activities=map(str, one.activities))
        for one in own_cards
        if one.check_result != CardCheckResult.INVALID
    ]
    if not own_cards and employee.card_number is not None and employee.card_expires_on is not None:
        # a number of another form than the known ones is kept on the employee alone
        known = [HeldCard(expires_on=employee.card_expires_on, activities=("guarding",))]
    contract = _contract(connection, employee_id, on)
    return Agent(
        undeclared_from=None if contract is None or contract.dpae_number is not None else contract.starts_on,
        full_time=contract is None or contract.weekly_hours >= FULL_TIME_HOURS,
        night_worker=night_worker,
        cards=tuple(known),
        qualifications=tuple(
            HeldQualification(name=str(one.kind), expires_on=one.expires_on)
            for one in qualifications.all(
                connection, held.c.employee_id == employee_id, held.c.status != QualificationStatus.ARCHIVED
            )
        ),
        absences=tuple(
            Span(one.starts_at, one.ends_at)
            for one in absences.all(
                connection, absence.c.employee_id == employee_id, absence.c.status == AbsenceStatus.APPROVED
            )
        ),
    )


def _contract(connection: sa.Connection, employee_id: str, on: date) -> EmploymentContract | None:
    """The signed contract that began last."""
    table = employment_contracts.table
    signed = employment_contracts.all(
        connection,
        table.c.employee_id == employee_id,
        table.c.status == EmploymentStatus.SIGNED,
        table.c.starts_on <= on,
    )
    return max(signed, key=lambda contract: contract.starts_on, default=None)


def _told(one: Finding, employee_id: str) -> PlanningFinding:
    return PlanningFinding(
        code=str(one.code),
        severity=FindingSeverity(str(one.severity)),
        blocks=one.blocks and one.code not in NOTICES,
        employee_id=employee_id,
        shift_ids=one.shift_ids,
        starts_at=one.span.start,
        ends_at=one.span.end,
        measured=None if one.measured is None else Rate(one.measured.quantize(_PLACES)),
        limit=None if one.limit is None else Rate(one.limit),
        unit=None if one.unit is None else str(one.unit),
        text=one.text,
        source=one.source,
    )
