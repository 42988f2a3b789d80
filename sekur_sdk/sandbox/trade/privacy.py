"""The rights of a person: all that is held about them (GDPR art. 15 and 20), and its erasure (art. 17)."""

from __future__ import annotations

import json
import re
import zipfile
from datetime import date, timedelta
from typing import IO, TYPE_CHECKING, Any

import attrs
import msgspec
import sqlalchemy as sa

from sekur_sdk.models.access import TokenStatus
from sekur_sdk.models.employees import Employee, EmployeeStatus
from sekur_sdk.models.events import EventType
from sekur_sdk.models.privacy import PrivacyErasure, PrivacyExport
from sekur_sdk.sandbox.problems import RefusalError, forbidden_step
from sekur_sdk.sandbox.store import people_tables, schema
from sekur_sdk.sandbox.store.records import attachments, duties, employees, privacy_erasures, privacy_exports
from sekur_sdk.sandbox.trade import audit
from sekur_sdk.sandbox.trade.attachments import erase as erase_attachments
from sekur_sdk.sandbox.trade.billing import french_day
from sekur_sdk.sandbox.trade.duties import IN_SERVICE
from sekur_sdk.sandbox.trade.exports import withdraw_exports
from sekur_sdk.sandbox.trade.held import ERASED, EXCUSED, HELD, held
from sekur_sdk.sandbox.trade.references import named
from sekur_sdk.wire import encode

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from sekur_sdk.sandbox.access import Caller
    from sekur_sdk.sandbox.inputs.privacy import PrivacyErasureCreate, PrivacyExportCreate
    from sekur_sdk.sandbox.store.writer import Transaction

EXPORT_LIFE = timedelta(days=7)
ERASABLE = (EmployeeStatus.DRAFT, EmployeeStatus.LEFT, EmployeeStatus.ERASED)
_EPOCH = (1980, 1, 1, 0, 0, 0)
_TABLE_OF_EVENT = {"checkpoint": "checkpoint_scan", "token": "api_token", "user": "account"}


def request_export(tx: Transaction, data: PrivacyExportCreate, caller: Caller) -> PrivacyExport:
    """A new export; its content is made when it is fetched, so that no copy of a person lies about."""
    named(tx.connection, employees, data.employee_id, "$.employee_id", "employee")
    export = PrivacyExport(
        id=tx.new_id(privacy_exports.prefix),
        employee_id=data.employee_id,
        requested_by=caller.name,
        created_at=tx.now,
        expires_at=tx.now + EXPORT_LIFE,
    )
    privacy_exports.insert(tx, export)
    audit.note(tx, caller, audit.EXPORT_REQUESTED, count=1, employee_id=data.employee_id)
    return export


def check_export(export: PrivacyExport, now: datetime) -> None:
    """Refuse one that has expired.

    Raises:
        RefusalError: 409.
    """
    if export.expires_at <= now:
        raise RefusalError(409, "The export has expired: ask for a new one.", current=export)


def write_export(connection: sa.Connection, export: PrivacyExport, folder: Path, file: IO[bytes]) -> int:
    """Write all that is held about the person as a ZIP: `person.json`, and each file under `files/`; how many rows.

    The same content is the same bytes.
    """
    tables: dict[str, list[dict[str, object]]] = {}
    for table, how in held():
        columns = [column for column in table.columns if column.name not in how.hidden]
        select = sa.select(*columns).where(how.rows(export.employee_id)).order_by(*table.primary_key)
        rows = [dict(zip((column.name for column in columns), row, strict=True)) for row in connection.execute(select)]
        tables.setdefault(table.name, []).extend(rows)
    person = {
        "export_id": export.id,
        "employee_id": export.employee_id,
        "tables": tables,
        "kept_after_erasure": {name: how.why for name, how in HELD.items()},
        "tables_without_personal_data": EXCUSED,
    }
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("person.json", _EPOCH), encode(person))
        files = attachments.table.c.erased_at.is_(None)
        for stored in attachments.all(connection, HELD["attachment"].rows(export.employee_id), files):
            with archive.open(zipfile.ZipInfo(f"files/{stored.id}", _EPOCH), "w") as entry:
                entry.write((folder / stored.sha256).read_bytes())
    return sum(map(len, tables.values()))


@attrs.frozen
class Erasing:
    """One erasure while it runs."""

    employee: Employee
    today: date
    ids: tuple[str, ...]
    names: re.Pattern[str]

    @property
    def bylines(self) -> tuple[str, str]:
        """How the person may be named as who did something."""
        first, last = self.employee.first_name, self.employee.last_name
        return f"{first} {last}", f"{last} {first}"

    def scrubbed(self, value: Any) -> Any:
        """A text, or records and what they hold, without the person's name."""
        if isinstance(value, str):
            return self.names.sub(ERASED, value)
        if isinstance(value, list | tuple):
            return type(value)(self.scrubbed(item) for item in value)
        if isinstance(value, dict):
            return {name: self.scrubbed(item) for name, item in value.items()}
        if attrs.has(type(value)):
            return msgspec.convert(self.scrubbed(msgspec.to_builtins(value)), type(value))
        return value


def erase(tx: Transaction, data: PrivacyErasureCreate, caller: Caller) -> PrivacyErasure:
    """The erasure, irreversible; the files are gone after `remove_erased`.

    Said again of one who is erased, it takes what has come to the end of its retention since.

    Raises:
        RefusalError: 409 while the employee is active or on duty.
    """
    named(tx.connection, employees, data.employee_id, "$.employee_id", "employee")
    employee = employees.find(tx.connection, data.employee_id)
    assert employee is not None
    if employee.status not in ERASABLE:
        raise forbidden_step("employee", employee.status, ("leave",), employee)
    table = duties.table
    if duties.first(tx.connection, table.c.employee_id == employee.id, table.c.status.in_(IN_SERVICE)) is not None:
        raise RefusalError(409, "The employee is on duty: end the duty first.", current=employee)
    accounts = people_tables.account
    ids = tx.connection.execute(sa.select(accounts.c.id).where(accounts.c.employee_id == employee.id)).scalars()
    erasing = Erasing(employee, french_day(tx.now), (employee.id, *ids), _names_of(tx, employee))
    kept_until = _longest_kept(tx, erasing)
    counts = _erase_rows(tx, erasing)
    counts["event"] = _rewrite_events(tx, erasing)
    _overwrite_bylines(tx, erasing)
    withdraw_exports(tx)
    tx.access_changed = True
    erased = employees.find(tx.connection, employee.id)
    assert erased is not None
    tx.record(EventType.EMPLOYEE_ERASED, erased)
    erasure = PrivacyErasure(
        id=tx.new_id(privacy_erasures.prefix),
        employee_id=employee.id,
        reason=erasing.scrubbed(data.reason) or "",
        erased_by=caller.name,
        kept_until=kept_until,
        counts={name: count for name, count in counts.items() if count},
        created_at=tx.now,
    )
    privacy_erasures.insert(tx, erasure)
    audit.note(tx, caller, audit.ERASED, count=sum(counts.values()), employee_id=employee.id)
    return erasure


def _names_of(tx: Transaction, employee: Employee) -> re.Pattern[str]:
    first, last = re.escape(employee.first_name), re.escape(employee.last_name)
    known = {f"{first}\\s+{last}", f"{last}\\s+{first}", last, re.escape(employee.staff_number)}
    accounts = people_tables.account
    of_person = sa.select(accounts.c.email).where(accounts.c.employee_id == employee.id)
    for email in (employee.email, *tx.connection.execute(of_person).scalars()):
        if email is not None:
            known.add(re.escape(email))
    return re.compile("|".join(rf"(?<!\w){name}(?!\w)" for name in sorted(known, key=len, reverse=True)), re.IGNORECASE)


def _longest_kept(tx: Transaction, erasing: Erasing) -> date | None:
    document = people_tables.document
    rows = HELD["document"].rows(erasing.employee.id)
    last: date | None = tx.connection.execute(
        sa.select(sa.func.max(document.c.retain_until)).where(rows, document.c.retain_until >= erasing.today)
    ).scalar_one()
    return last


def _erase_rows(tx: Transaction, erasing: Erasing) -> dict[str, int]:
    id_ = erasing.employee.id
    counts: dict[str, int] = {}
    for table, how in held():
        if table is schema.attachment:
            continue
        rows = how.rows(id_)
        if table is people_tables.document:
            rows = sa.and_(rows, sa.func.coalesce(table.c.retain_until < erasing.today, True))
            gone = tuple(tx.connection.execute(sa.select(table.c.id).where(rows)).scalars())
            erase_attachments(tx, *gone)
            counts["attachment"] = len(gone)
        if how.delete:
            counts[table.name] = tx.connection.execute(sa.delete(table).where(rows)).rowcount
        elif how.blank or how.scrub:
            counts[table.name] = _overwrite(tx, erasing, table, rows)
    return counts


def _overwrite(tx: Transaction, erasing: Erasing, table: sa.Table, rows: sa.ColumnElement[bool]) -> int:
    how = HELD[table.name]
    changed = 0
    for row in tx.connection.execute(sa.select(table).where(rows)).mappings().all():
        values: dict[str, Any] = dict(how.blank) | {name: erasing.scrubbed(row[name]) for name in how.scrub}
        if table is schema.employee:
            values["staff_number"] = f"EFF-{row['id'].rpartition('_')[2]}"[:50]
        elif table is people_tables.account:
            values["closed_at"] = row["closed_at"] or tx.now
        elif table is people_tables.api_token and row["status"] != TokenStatus.REVOKED:
            values |= {"status": TokenStatus.REVOKED, "revoked_at": tx.now}
        if all(row[name] == value for name, value in values.items()):
            continue
        if "version" in table.c:
            values |= {"version": row["version"] + 1, "updated_at": tx.now}
        keys = (column == row[column.name] for column in table.primary_key)
        tx.connection.execute(sa.update(table).where(*keys).values(values))
        changed += 1
    return changed


def _rewrite_events(tx: Transaction, erasing: Erasing) -> int:
    """Take the person out of what past events tell."""
    table = schema.event
    bylines = (table.c.data.contains(f'"{name}"', autoescape=True) for name in erasing.bylines)
    named_in = sa.or_(*(HELD["event"].rows(id_) for id_ in erasing.ids), *bylines)
    changed = 0
    for row in tx.connection.execute(sa.select(table.c.id, table.c.type, table.c.data).where(named_in)).all():
        event = json.loads(row.data)
        kind = row.type.partition(".")[0]
        how = HELD.get(_TABLE_OF_EVENT.get(kind, kind))
        subject = event["subject"]
        values: dict[str, Any] = {
            name: ERASED for name, value in subject.items() if _is_byline(name) and value in erasing.bylines
        }
        is_about = any(f'"{id_}"' in row.data for id_ in erasing.ids)
        if how is not None and is_about and not (kind == "document" and _is_kept(subject, erasing)):
            values |= dict(how.blank) | {name: erasing.scrubbed(subject.get(name)) for name in how.scrub}
        if kind == "employee" and is_about:
            values["staff_number"] = f"EFF-{erasing.employee.id.rpartition('_')[2]}"[:50]
        # what the person was then is history; who it was is not kept
        values.pop("status", None)
        blanked = subject | {name: msgspec.to_builtins(value) for name, value in values.items() if name in subject}
        if blanked != subject:
            event["subject"] = blanked
            data = json.dumps(event, ensure_ascii=False, separators=(",", ":"))
            tx.connection.execute(sa.update(table).where(table.c.id == row.id).values(data=data))
            changed += 1
    return changed


def _is_byline(name: str) -> bool:
    """Whether a field says who did something, by name."""
    return name == "by" or name.endswith("_by")


def _is_kept(document: dict[str, Any], erasing: Erasing) -> bool:
    retain_until = document.get("retain_until")
    return retain_until is not None and retain_until >= erasing.today.isoformat()


def _overwrite_bylines(tx: Transaction, erasing: Erasing) -> None:
    """Overwrite the person's name wherever it stands for who did something."""
    for table in schema.metadata.tables.values():
        for column in table.columns:
            if _is_byline(column.name) or (table.name, column.name) == ("audit_event", "actor"):
                change = sa.update(table).where(column.in_(erasing.bylines)).values({column.name: ERASED})
                try:
                    with tx.connection.begin_nested():
                        tx.connection.execute(change)
                except sa.exc.IntegrityError:
                    # written once: the table's own trigger refuses, and its record stays what it is
                    continue
