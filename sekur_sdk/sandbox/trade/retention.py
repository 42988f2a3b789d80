"""How long data about people are kept, and the purge of what is past that. docs/privacy.md has the table with the sources."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import attrs
import sqlalchemy as sa

from sekur_sdk.models.alerts import AlertStatus
from sekur_sdk.models.duties import DutyStatus
from sekur_sdk.models.employees import EmployeeStatus
from sekur_sdk.models.geolocation import PositionPurpose
from sekur_sdk.models.privacy import PurgeReport
from sekur_sdk.sandbox.store import people_tables, round_tables, safety_tables, schema
from sekur_sdk.sandbox.trade import audit
from sekur_sdk.sandbox.trade.billing import french_day
from sekur_sdk.sandbox.trade.held import ERASED

if TYPE_CHECKING:
    from sekur_sdk.sandbox.access import Caller
    from sekur_sdk.sandbox.store.writer import Transaction

POSITIONS = timedelta(days=60)
"""2 months (CNIL, délibération 2015-165 and its notice on the geolocation of employees' vehicles)."""
PROOF = timedelta(days=365)
"""1 year, where positions are the only proof that a service was done (as above)."""
YEARS_OF_DUTIES = 5
"""Working time (as above)."""
READS = timedelta(days=365)
"""Logs of access: 6 months to 1 year (CNIL, délibération 2021-122)."""
YEARS_OF_ACTS = 5
"""Acts of privacy: as long as they can be asked about (C. civ. art. 2224)."""
YEARS_OF_REGISTER = 5
"""After leaving (C. trav. art. R1221-26)."""

_DAY = "purged_on"
_PARTS = ("duty_step",)
"""Tables whose rows are nothing without what they refer to, although they may come before it."""

Condition = sa.ColumnElement[bool]


@attrs.frozen
class Rule:
    """What of a table is past its retention, and what is done with it: `values` overwrite it, else it is deleted."""

    name: str
    table: sa.Table
    due: Callable[[datetime], Condition]
    values: dict[str, object] | None = None


def years_before(now: datetime, years: int) -> datetime:
    """The same moment so many years ago; on the 29th of February the day before."""
    try:
        return now.replace(year=now.year - years)
    except ValueError:
        return now.replace(year=now.year - years, day=28)


def _positions(now: datetime) -> Condition:
    table = schema.position
    return sa.or_(
        sa.and_(table.c.purpose != PositionPurpose.PROOF_OF_SERVICE, table.c.fix_at < now - POSITIONS),
        table.c.fix_at < now - PROOF,
    )


def _alert_fixes(now: datetime) -> Condition:
    table = schema.alert
    ended = table.c.status.in_((AlertStatus.RESOLVED, AlertStatus.FALSE_ALARM))
    return sa.and_(table.c.fix.is_not(None), table.c.opened_at < now - POSITIONS, ended)


def _event_fixes(now: datetime) -> Condition:
    table = schema.event
    return sa.and_(table.c.at < now - POSITIONS, table.c.type.like("alert.%"), table.c.data.contains('"fix":{'))


def _duties(now: datetime) -> Condition:
    table = schema.duty
    ended = table.c.status.in_((DutyStatus.CLOSED, DutyStatus.VALIDATED))
    return sa.and_(table.c.ended_at < years_before(now, YEARS_OF_DUTIES), ended)


def _register(now: datetime) -> Condition:
    entry, employee = people_tables.register_entry, schema.employee
    gone = sa.select(employee.c.id).where(
        employee.c.status.in_((EmployeeStatus.LEFT, EmployeeStatus.ERASED)),
        employee.c.left_on < french_day(years_before(now, YEARS_OF_REGISTER)),
    )
    return sa.and_(entry.c.employee_id.in_(gone), entry.c.last_name != ERASED)


def _audit(now: datetime) -> Condition:
    table = safety_tables.audit_event
    return sa.or_(
        sa.and_(table.c.action.in_(audit.READS), table.c.at < now - READS),
        table.c.at < years_before(now, YEARS_OF_ACTS),
    )


RULES: tuple[Rule, ...] = (
    Rule("positions", schema.position, _positions),
    Rule("alert_fixes", schema.alert, _alert_fixes, {"fix": None}),
    Rule(
        "scan_places",
        round_tables.scan,
        lambda now: sa.and_(round_tables.scan.c.lat.is_not(None), round_tables.scan.c.received_at < now - PROOF),
        {"lat": None, "lon": None, "accuracy_m": None},
    ),
    Rule("event_fixes", schema.event, _event_fixes),
    Rule("duties", schema.duty, _duties),
    Rule(
        "register_entries",
        people_tables.register_entry,
        _register,
        {
            "first_name": ERASED,
            "last_name": ERASED,
            "staff_number": ERASED,
            "sex": None,
            "nationality": None,
            "born_on": None,
        },
    ),
    Rule("audit_events", safety_tables.audit_event, _audit),
)


def purge(tx: Transaction, *, caller: Caller | None = None, dry_run: bool = False) -> PurgeReport:
    """Delete what is past its retention, or only count it; whoever asked is written down."""
    counts = {rule.name: _count(tx, rule) for rule in RULES}
    if not dry_run:
        for rule in RULES:
            if counts[rule.name]:
                _apply(tx, rule)
        if caller is not None or any(counts.values()):
            audit.note(tx, caller, audit.PURGED, count=sum(counts.values()))
    return PurgeReport(dry_run=dry_run, at=tx.now, counts=counts)


def purge_daily(tx: Transaction) -> None:
    """Purge once a day, by the company's calendar."""
    table, today = schema.counter, french_day(tx.now).toordinal()
    last = tx.connection.execute(sa.select(table.c.value).where(table.c.name == _DAY)).scalar_one_or_none()
    if last == today:
        return
    if last is None:
        tx.connection.execute(sa.insert(table).values(name=_DAY, value=today))
    else:
        tx.connection.execute(sa.update(table).where(table.c.name == _DAY).values(value=today))
    purge(tx)


def _count(tx: Transaction, rule: Rule) -> int:
    select = sa.select(sa.func.count()).select_from(rule.table).where(rule.due(tx.now))
    return tx.connection.execute(select).scalar_one()


def _apply(tx: Transaction, rule: Rule) -> None:
    due = rule.due(tx.now)
    if rule.table is schema.event:
        _forget_event_fixes(tx, due)
    elif rule.values is not None:
        values = dict(rule.values)
        if "version" in rule.table.c:
            values |= {"version": rule.table.c.version + 1, "updated_at": tx.now}
        tx.connection.execute(sa.update(rule.table).where(due).values(values))
    else:
        _delete(tx, rule.table, due)


def _delete(tx: Transaction, table: sa.Table, due: Condition) -> None:
    """Delete the rows, after those that can't be without them; what can be without forgets them."""
    (key,) = table.primary_key
    gone = sa.select(key).where(due)
    for other in schema.metadata.tables.values():
        for column in other.columns:
            if any(reference.column is key for reference in column.foreign_keys):
                if column.nullable and other.name not in _PARTS:
                    tx.connection.execute(sa.update(other).where(column.in_(gone)).values({column.name: None}))
                else:
                    _delete(tx, other, column.in_(gone))
    tx.connection.execute(sa.delete(table).where(due))


def _forget_event_fixes(tx: Transaction, due: Condition) -> None:
    table = schema.event
    for row in tx.connection.execute(sa.select(table.c.id, table.c.data).where(due)).all():
        event = json.loads(row.data)
        event["subject"]["fix"] = None
        data = json.dumps(event, ensure_ascii=False, separators=(",", ":"))
        tx.connection.execute(sa.update(table).where(table.c.id == row.id).values(data=data))
