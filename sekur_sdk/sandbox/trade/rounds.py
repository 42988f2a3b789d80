"""Rounds: begun, scanned, ended; late, incomplete and missed as time passes."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from sekur_sdk.models.employees import EmployeeStatus
from sekur_sdk.models.events import EventType
from sekur_sdk.models.logbook import LogbookCategory, Severity
from sekur_sdk.models.rounds import CheckpointStatus, Round, RoundStatus
from sekur_sdk.rules.patrol import is_late
from sekur_sdk.sandbox.problems import rule_broken
from sekur_sdk.sandbox.store.records import (
    checkpoints,
    devices,
    employees,
    round_templates,
    rounds,
    scans,
    sites,
)
from sekur_sdk.sandbox.trade import round_plan
from sekur_sdk.sandbox.trade.logbook import append_entry, bind_all, check_author, company
from sekur_sdk.sandbox.trade.references import named
from sekur_sdk.sandbox.trade.steps import Life, step

if TYPE_CHECKING:
    from datetime import datetime

    from sekur_sdk.models.logbook import LogbookEntry
    from sekur_sdk.sandbox.access import Caller
    from sekur_sdk.sandbox.inputs.rounds import AnomalyReport, RoundCreate, RoundStart, RoundUpdate
    from sekur_sdk.sandbox.store.writer import Transaction

LIFE: Life[RoundStatus] = {
    RoundStatus.PLANNED: {
        "update": RoundStatus.PLANNED,
        "start": RoundStatus.RUNNING,
        "scan": RoundStatus.RUNNING,
        "cancel": RoundStatus.CANCELLED,
    },
    RoundStatus.LATE: {
        "update": RoundStatus.LATE,
        "start": RoundStatus.RUNNING,
        "scan": RoundStatus.RUNNING,
        "cancel": RoundStatus.CANCELLED,
    },
    RoundStatus.RUNNING: {
        "scan": RoundStatus.RUNNING,
        "report-anomaly": RoundStatus.RUNNING,
        "end": RoundStatus.COMPLETED,
    },
    # what a device without network had scanned comes when it can
    RoundStatus.COMPLETED: {"scan": RoundStatus.COMPLETED, "report-anomaly": RoundStatus.COMPLETED},
    RoundStatus.INCOMPLETE: {"scan": RoundStatus.INCOMPLETE, "report-anomaly": RoundStatus.INCOMPLETE},
    RoundStatus.MISSED: {"scan": RoundStatus.INCOMPLETE},
    RoundStatus.CANCELLED: {},
}
EARLY = timedelta(hours=12)
"""How long before its time a round may begin."""

CLOCK_SLACK = timedelta(seconds=60)
"""How far a caller's clock may be ahead."""

LONGEST_AHEAD = timedelta(days=366)
_ENDINGS = {
    RoundStatus.COMPLETED: EventType.ROUND_COMPLETED,
    RoundStatus.INCOMPLETE: EventType.ROUND_INCOMPLETE,
    RoundStatus.MISSED: EventType.ROUND_MISSED,
}


def create_round(tx: Transaction, data: RoundCreate) -> Round:
    """A new round of a template."""
    named(tx.connection, round_templates, data.template_id, "$.template_id", "round template")
    template = round_templates.find(tx.connection, data.template_id)
    assert template is not None
    if template.status != CheckpointStatus.ACTIVE:
        raise rule_broken("$.template_id", "The template is archived")
    check_people(tx, data.employee_id, data.device_id)
    if data.planned_at is not None:
        _check_planned(tx, data.planned_at)
    return round_plan.plan_round(
        tx,
        template,
        data.planned_at or tx.now,
        scheduled=False,
        employee_id=data.employee_id,
        device_id=data.device_id,
    )


def update_round(tx: Transaction, round_: Round, data: RoundUpdate) -> Round:
    """The round with the sent fields changed; at a later time it is no longer late."""
    status = step(LIFE, "round", round_, "update")
    changes: dict[str, Any] = data.changes()
    if not changes:
        return round_
    check_people(tx, changes.get("employee_id"), changes.get("device_id"))
    if "planned_at" in changes:
        _check_planned(tx, changes["planned_at"])
        status = RoundStatus.PLANNED
    return change(tx, round_, EventType.ROUND_UPDATED, **changes, status=status, is_late=status == RoundStatus.LATE)


def cancel_round(tx: Transaction, round_: Round) -> Round:
    """The round, which will not be made."""
    step(LIFE, "round", round_, "cancel")
    return round_plan.cancel(tx, round_)


def start_round(tx: Transaction, round_: Round, data: RoundStart) -> Round:
    """The round, begun."""
    step(LIFE, "round", round_, "start")
    at = data.at or tx.now
    _check_past(tx, at)
    if at < round_.planned_at - EARLY:
        raise rule_broken("$.at", "A round does not begin more than 12 h before its time")
    check_people(tx, data.employee_id, data.device_id)
    return begin(
        tx,
        round_,
        at,
        employee_id=data.employee_id or round_.employee_id,
        device_id=data.device_id or round_.device_id,
    )


def begin(tx: Transaction, round_: Round, at: datetime, *, employee_id: str | None, device_id: str | None) -> Round:
    """The round, begun at `at` by somebody."""
    late = is_late(round_.planned_at, at, timedelta(minutes=round_.grace_minutes))
    if late and not round_.is_late:
        round_ = change(tx, round_, EventType.ROUND_LATE, is_late=True, status=RoundStatus.LATE)
    return change(
        tx,
        round_,
        EventType.ROUND_STARTED,
        started_at=at,
        employee_id=employee_id,
        device_id=device_id,
        is_late=late,
        status=RoundStatus.RUNNING,
    )


def end_round(tx: Transaction, round_: Round, at: datetime | None) -> Round:
    """The round, ended: complete or not."""
    step(LIFE, "round", round_, "end")
    assert round_.started_at is not None
    earliest = max(round_.started_at, _last_scan(tx, round_) or round_.started_at)
    ended_at = at or max(tx.now, earliest)
    _check_past(tx, ended_at)
    if ended_at < earliest:
        raise rule_broken("$.at", "A round ends after it began and after its last scan")
    return finish(tx, round_, ended_at)


def finish(tx: Transaction, round_: Round, ended_at: datetime) -> Round:
    """The round at its end, told in the logbook."""
    complete = round_.scanned == len(round_.checkpoint_ids)
    status = RoundStatus.COMPLETED if complete else RoundStatus.INCOMPLETE
    changed = change(tx, round_, _ENDINGS[status], status=status, ended_at=ended_at)
    done = f"{round_.scanned} pointeau(x) sur {len(round_.checkpoint_ids)}"
    if complete:
        _tell(tx, changed, f"Ronde « {round_.name} » terminée : {done}.", Severity.INFO, ended_at)
    else:
        _tell(tx, changed, f"Ronde « {round_.name} » incomplète : {done}.", Severity.LOW, ended_at)
    return changed


def report_anomaly(tx: Transaction, round_: Round, data: AnomalyReport, *, caller: Caller) -> LogbookEntry:
    """What a round found, as an entry of the site's logbook."""
    step(LIFE, "round", round_, "report-anomaly")
    author_id = data.author_id or round_.employee_id or round_.device_id
    if author_id is None:
        raise rule_broken("$.author_id", "Nobody is known to make the round: an anomaly has an author")
    check_author(tx, author_id)
    if data.occurred_at is not None and data.occurred_at > tx.now + CLOCK_SLACK:
        raise rule_broken("$.occurred_at", "A time in the future")
    if data.checkpoint_id is not None and data.checkpoint_id not in round_.checkpoint_ids:
        raise rule_broken("$.checkpoint_id", "The round has no such checkpoint")
    id_ = tx.new_id("log")
    return note_anomaly(
        tx,
        round_,
        id_=id_,
        author_id=author_id,
        text=data.text,
        title=data.title or _name_of(tx, data.checkpoint_id),
        severity=Severity(data.severity),
        occurred_at=data.occurred_at or tx.now,
        attachments=bind_all(tx, data.attachments, owner_id=id_, caller=caller),
        shared_with_client=data.shared_with_client,
    )


def note_anomaly(tx: Transaction, round_: Round, **fields: Any) -> LogbookEntry:
    """An entry about an anomaly, counted on the round."""
    entry = append_entry(tx, site_id=round_.site_id, category=LogbookCategory.ANOMALY, **fields)
    change(tx, round_, EventType.ROUND_UPDATED, anomalies=round_.anomalies + 1)
    return entry


def watch_rounds(tx: Transaction) -> None:
    """Tell of each round that is late, was missed, or was not ended in its time."""
    table = rounds.table
    begun_late = (table.c.status.in_(round_plan.NOT_BEGUN), table.c.planned_at < tx.now)
    for round_ in rounds.all(tx.connection, *begun_late):
        grace = timedelta(minutes=round_.grace_minutes)
        if tx.now > round_.planned_at + grace + timedelta(minutes=round_.expected_minutes):
            _miss(tx, round_)
        elif round_.status == RoundStatus.PLANNED and tx.now > round_.planned_at + grace:
            change(tx, round_, EventType.ROUND_LATE, status=RoundStatus.LATE, is_late=True)
    for round_ in rounds.all(tx.connection, table.c.status == RoundStatus.RUNNING):
        assert round_.started_at is not None
        if tx.now > window_end(round_):
            finish(tx, round_, _last_scan(tx, round_) or round_.started_at)


def check_people(tx: Transaction, employee_id: str | None, device_id: str | None) -> None:
    """Refuse who does not work here, and a wearable that is not there; nobody named is fine."""
    named(tx.connection, employees, employee_id, "$.employee_id", "employee")
    named(tx.connection, devices, device_id, "$.device_id", "device")
    employee = None if employee_id is None else employees.find(tx.connection, employee_id)
    if employee is not None and employee.status != EmployeeStatus.ACTIVE:
        raise rule_broken("$.employee_id", "The employee is not active")


def window_end(round_: Round) -> datetime:
    """Until when scans may belong to the round: its end, or what its duration and its grace leave it if that is later."""
    grace = timedelta(minutes=round_.grace_minutes)
    began = round_.started_at or round_.planned_at + grace
    own = began + timedelta(minutes=round_.expected_minutes) + grace
    return own if round_.ended_at is None else max(own, round_.ended_at)


def change(tx: Transaction, round_: Round, type_: EventType, **changes: Any) -> Round:
    """The round with the fields changed, told by an event of this type."""
    changed = rounds.update(tx, round_, **changes)
    tx.record(type_, changed)
    return changed


def _miss(tx: Transaction, round_: Round) -> None:
    missed = change(tx, round_, EventType.ROUND_MISSED, status=RoundStatus.MISSED, is_late=True)
    site = sites.find(tx.connection, round_.site_id)
    assert site is not None
    planned = round_.planned_at.astimezone(ZoneInfo(site.time_zone))
    text = f"Ronde « {round_.name} » prévue à {planned:%H:%M} non effectuée."
    _tell(tx, missed, text, Severity.MEDIUM, tx.now)


def _tell(tx: Transaction, round_: Round, text: str, severity: Severity, at: datetime) -> None:
    append_entry(
        tx,
        site_id=round_.site_id,
        author_id=round_.employee_id or round_.device_id or company(tx, round_.site_id),
        category=LogbookCategory.ROUND,
        text=text,
        severity=severity,
        occurred_at=at,
    )


def _last_scan(tx: Transaction, round_: Round) -> datetime | None:
    made = scans.all(tx.connection, scans.table.c.round_id == round_.id)
    return max((scan.scanned_at for scan in made), default=None)


def _name_of(tx: Transaction, checkpoint_id: str | None) -> str | None:
    checkpoint = None if checkpoint_id is None else checkpoints.find(tx.connection, checkpoint_id)
    return None if checkpoint is None else checkpoint.name


def _check_planned(tx: Transaction, planned_at: datetime) -> None:
    if planned_at < tx.now - CLOCK_SLACK:
        raise rule_broken("$.planned_at", "A round is not planned in the past")
    if planned_at > tx.now + LONGEST_AHEAD:
        raise rule_broken("$.planned_at", "A round is planned a year ahead at most")


def _check_past(tx: Transaction, at: datetime) -> None:
    if at > tx.now + CLOCK_SLACK:
        raise rule_broken("$.at", "A time in the future")
