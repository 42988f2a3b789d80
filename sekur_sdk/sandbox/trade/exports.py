"""Exports: asked for, made, kept for a month (SEKUR terms art. 21)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa

from sekur_sdk.models.events import EventType
from sekur_sdk.models.exports import Export, ExportFormat, ExportStatus
from sekur_sdk.sandbox.problems import RefusalError
from sekur_sdk.sandbox.store import outside_tables
from sekur_sdk.sandbox.store.records import exports

if TYPE_CHECKING:
    from sekur_sdk.sandbox.inputs.exports import ExportCreate
    from sekur_sdk.sandbox.store.writer import Transaction

KEPT = timedelta(days=30)
"""How long a ready export can be downloaded: the month of article 21."""

MAX_STARTS = 3
MAX_WAITING = 5
_table = outside_tables.export


def create_export(tx: Transaction, data: ExportCreate) -> Export:
    """A new export, to be made once those before it are."""
    waiting = exports.all(tx.connection, _table.c.status.in_((ExportStatus.REQUESTED, ExportStatus.RUNNING)))
    if len(waiting) >= MAX_WAITING:
        raise RefusalError(409, f"{MAX_WAITING} exports wait to be made already.")
    made = exports.create(
        tx, internal={"starts": 0}, format=ExportFormat(data.format), rows_done=0, status=ExportStatus.REQUESTED
    )
    tx.record(EventType.EXPORT_CREATED, made)
    tx.leads_outside = True
    return made


def begin(tx: Transaction) -> Export | None:
    """The next export to be made, running from now on; None when there is none."""
    waiting = exports.all(tx.connection, _table.c.status == ExportStatus.REQUESTED)
    if not waiting:
        return None
    tx.connection.execute(sa.update(_table).where(_table.c.id == waiting[0].id).values(starts=_table.c.starts + 1))
    return exports.update(tx, waiting[0], status=ExportStatus.RUNNING, rows_done=0, rows_total=None)


def note_progress(tx: Transaction, export_id: str, done: int, total: int) -> None:
    """How far a running export is; for who looks at it, no event."""
    export = _running(tx, export_id)
    if export is not None:
        exports.update(tx, export, rows_done=done, rows_total=total)


def finish(tx: Transaction, export_id: str, *, size: int, sha256: str, rows: int) -> None:
    """The export is ready, its file in its place; not if something was erased meanwhile: then it is made anew."""
    export = _running(tx, export_id)
    if export is None:
        return
    ready = exports.update(
        tx,
        export,
        status=ExportStatus.READY,
        size=size,
        sha256=sha256,
        rows_done=rows,
        rows_total=rows,
        expires_at=tx.now + KEPT,
    )
    tx.record(EventType.EXPORT_READY, ready)


def fail(tx: Transaction, export_id: str, failure: str) -> None:
    """The export could not be made."""
    export = _running(tx, export_id)
    if export is not None:
        tx.record(EventType.EXPORT_UPDATED, exports.update(tx, export, status=ExportStatus.FAILED, failure=failure))


def withdraw_exports(tx: Transaction) -> None:
    """Something was erased: exports that may still hold it are taken back, those that are being made begin anew."""
    for export in exports.all(tx.connection, _table.c.status == ExportStatus.READY):
        tx.record(EventType.EXPORT_UPDATED, exports.update(tx, export, status=ExportStatus.EXPIRED))
    for export in exports.all(tx.connection, _table.c.status == ExportStatus.RUNNING):
        exports.update(tx, export, status=ExportStatus.REQUESTED, rows_done=0, rows_total=None)
    tx.leads_outside = True


def put_back(tx: Transaction, export_id: str) -> None:
    """The server is told to end: the export is begun anew when it is back, and that start does not count."""
    export = _running(tx, export_id)
    if export is not None:
        tx.connection.execute(sa.update(_table).where(_table.c.id == export_id).values(starts=_table.c.starts - 1))
        exports.update(tx, export, status=ExportStatus.REQUESTED, rows_done=0, rows_total=None)


def take_up(tx: Transaction) -> None:
    """After a start: exports that the server's end has broken off are begun anew, but not for ever."""
    for export in exports.all(tx.connection, _table.c.status == ExportStatus.RUNNING):
        starts = tx.connection.execute(sa.select(_table.c.starts).where(_table.c.id == export.id)).scalar_one()
        if starts >= MAX_STARTS:
            fail(tx, export.id, f"the server ended {starts} times while it was made")
        else:
            exports.update(tx, export, status=ExportStatus.REQUESTED, rows_done=0, rows_total=None)


def expire_exports(tx: Transaction) -> None:
    """Ready exports past their time; their files are removed after it."""
    for export in exports.all(tx.connection, _table.c.status == ExportStatus.READY, _table.c.expires_at <= tx.now):
        tx.record(EventType.EXPORT_UPDATED, exports.update(tx, export, status=ExportStatus.EXPIRED))
        tx.leads_outside = True


def _running(tx: Transaction, export_id: str) -> Export | None:
    return exports.first(tx.connection, _table.c.id == export_id, _table.c.status == ExportStatus.RUNNING)
