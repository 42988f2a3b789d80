"""The tables of planning beside that of shifts: absences and cycles."""

from __future__ import annotations

import sqlalchemy as sa

from sekur_sdk.models.absences import AbsenceKind, AbsenceStatus
from sekur_sdk.models.cycles import CycleSlot, CycleStatus
from sekur_sdk.sandbox.store.schema import Id, metadata, versioned
from sekur_sdk.sandbox.store.types import EnumText, UtcDateTime, WireJson

absence: sa.Table = sa.Table(
    "absence",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("employee_id", Id, sa.ForeignKey("employee.id"), nullable=False, index=True),
    sa.Column("kind", EnumText(AbsenceKind), nullable=False),
    sa.Column("starts_at", UtcDateTime, nullable=False, index=True),
    sa.Column("ends_at", UtcDateTime, nullable=False),
    sa.Column("notes", sa.Text),
    sa.Column("document_id", Id),
    sa.Column("decided_at", UtcDateTime),
    sa.Column("decided_by", sa.String(200)),
    sa.Column("status", EnumText(AbsenceStatus), nullable=False),
    *versioned(),
)

cycle: sa.Table = sa.Table(
    "cycle",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("name", sa.String(200), nullable=False),
    sa.Column("site_id", Id, sa.ForeignKey("site.id"), nullable=False, index=True),
    sa.Column("post", sa.String(200), nullable=False),
    sa.Column("post_id", Id, sa.ForeignKey("post.id")),
    sa.Column("length_days", sa.Integer, nullable=False),
    sa.Column("anchor_on", sa.Date, nullable=False),
    sa.Column("slots", WireJson(tuple[CycleSlot, ...]), nullable=False),
    sa.Column("status", EnumText(CycleStatus), nullable=False),
    *versioned(),
)
