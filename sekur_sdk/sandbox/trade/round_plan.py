"""Rounds before they begin: planned by hand or by a schedule, in the site's time, a day ahead."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from sekur_sdk.models.events import EventType
from sekur_sdk.models.rounds import CheckpointStatus, Round, RoundMode, RoundStatus
from sekur_sdk.models.scalars import Rate
from sekur_sdk.models.sites import SiteStatus
from sekur_sdk.sandbox.store.records import round_templates, rounds, sites

if TYPE_CHECKING:
    from sekur_sdk.models.rounds import RoundTemplate
    from sekur_sdk.sandbox.store.writer import Transaction

AHEAD = timedelta(hours=24)
"""How far ahead a schedule's rounds are planned."""

NOT_BEGUN = (RoundStatus.PLANNED, RoundStatus.LATE)


def plan_round(
    tx: Transaction,
    template: RoundTemplate,
    planned_at: datetime,
    *,
    scheduled: bool,
    employee_id: str | None = None,
    device_id: str | None = None,
) -> Round:
    """A new round of the template."""
    made = rounds.create(
        tx,
        internal={"scheduled": scheduled},
        template_id=template.id,
        site_id=template.site_id,
        **_course(template),
        planned_at=planned_at,
        employee_id=employee_id,
        device_id=device_id,
        is_late=False,
        scanned=0,
        completion=Rate(0),
        anomalies=0,
        status=RoundStatus.PLANNED,
    )
    tx.record(EventType.ROUND_PLANNED, made)
    return made


def plan_all(tx: Transaction) -> None:
    """Plan the next rounds of all schedules; what is planned already stays."""
    table = round_templates.table
    scheduled = (table.c.status == CheckpointStatus.ACTIVE, table.c.schedule.is_not(None))
    for template in round_templates.all(tx.connection, *scheduled):
        plan(tx, template)


def plan(tx: Transaction, template: RoundTemplate) -> None:
    """Plan the next rounds of the template's schedule, if it has one."""
    due = _due(tx, template)
    if not due:
        return
    table = rounds.table
    # cancelled ones too: they are not planned again
    known = {
        round_.planned_at
        for round_ in rounds.all(
            tx.connection, table.c.template_id == template.id, table.c.scheduled, table.c.planned_at > tx.now
        )
    }
    for planned_at in due:
        if planned_at not in known:
            plan_round(tx, template, planned_at, scheduled=True)


def plan_again(tx: Transaction, template: RoundTemplate) -> None:
    """Have the rounds that the schedule has planned follow the template as it is now."""
    table = rounds.table
    due = _due(tx, template)
    planned = (
        table.c.template_id == template.id,
        table.c.scheduled,
        table.c.status == RoundStatus.PLANNED,
        table.c.planned_at > tx.now,
    )
    for round_ in rounds.all(tx.connection, *planned):
        if round_.planned_at in due:
            changed = rounds.update(tx, round_, **_course(template))
            tx.record(EventType.ROUND_UPDATED, changed)
        else:
            cancel(tx, round_)
    plan(tx, template)


def cancel_planned(tx: Transaction, template: RoundTemplate) -> None:
    """Cancel all rounds of the template that have not begun."""
    table = rounds.table
    for round_ in rounds.all(tx.connection, table.c.template_id == template.id, table.c.status.in_(NOT_BEGUN)):
        cancel(tx, round_)


def cancel(tx: Transaction, round_: Round) -> Round:
    """The round, which will not be made."""
    changed = rounds.update(tx, round_, status=RoundStatus.CANCELLED)
    tx.record(EventType.ROUND_CANCELLED, changed)
    return changed


def _course(template: RoundTemplate) -> dict[str, Any]:
    order = list(template.checkpoint_ids)
    if template.mode == RoundMode.RANDOM:
        # nobody shall foresee when a guard comes by
        secrets.SystemRandom().shuffle(order)
    return {
        "name": template.name,
        "mode": template.mode,
        "checkpoint_ids": tuple(order),
        "expected_minutes": template.expected_minutes,
        "grace_minutes": template.grace_minutes,
    }


def _due(tx: Transaction, template: RoundTemplate) -> list[datetime]:
    """When the schedule's rounds of the next 24 h start; none at a site that is not in service."""
    site = sites.find(tx.connection, template.site_id)
    schedule = template.schedule
    if schedule is None or site is None or site.status != SiteStatus.ACTIVE:
        return []
    zone = ZoneInfo(site.time_zone)
    today = tx.now.astimezone(zone).date()
    starts = set()
    for day in (today, today + timedelta(days=1)):
        if schedule.weekdays and day.isoweekday() not in schedule.weekdays:
            continue
        for text in schedule.start_times:
            # a time that the clocks leave out is an hour later, one that they repeat is its first
            start = datetime.combine(day, time.fromisoformat(text), zone).astimezone(UTC)
            if tx.now < start <= tx.now + AHEAD:
                starts.add(start)
    return sorted(starts)
