"""The tables of rounds: checkpoints, templates, rounds, scans."""

from __future__ import annotations

import sqlalchemy as sa

from sekur_sdk.models.device import ScanMethod
from sekur_sdk.models.rounds import CheckpointStatus, RoundMode, RoundSchedule, RoundStatus
from sekur_sdk.sandbox.store.schema import Id, Ref, metadata, versioned
from sekur_sdk.sandbox.store.types import EnumText, RateText, UtcDateTime, WireJson

checkpoint: sa.Table = sa.Table(
    "checkpoint",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("site_id", Id, sa.ForeignKey("site.id"), nullable=False, index=True),
    sa.Column("name", sa.String(200), nullable=False),
    sa.Column("tag_kind", EnumText(ScanMethod), nullable=False),
    sa.Column("tag_hash", sa.String(64), index=True),
    sa.Column("lat", sa.Float),
    sa.Column("lon", sa.Float),
    sa.Column("radius_m", sa.Float),
    sa.Column("instructions", sa.Text),
    sa.Column("photo_required", sa.Boolean, nullable=False),
    sa.Column("answer_required", sa.Boolean, nullable=False),
    sa.Column("status", EnumText(CheckpointStatus), nullable=False),
    *versioned(),
)

round_template: sa.Table = sa.Table(
    "round_template",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("site_id", Id, sa.ForeignKey("site.id"), nullable=False, index=True),
    sa.Column("name", sa.String(200), nullable=False),
    sa.Column("mode", EnumText(RoundMode), nullable=False),
    sa.Column("checkpoint_ids", WireJson(tuple[str, ...]), nullable=False),
    sa.Column("schedule", WireJson(RoundSchedule)),
    sa.Column("expected_minutes", sa.Integer, nullable=False),
    sa.Column("grace_minutes", sa.Integer, nullable=False),
    sa.Column("status", EnumText(CheckpointStatus), nullable=False),
    *versioned(),
)

# `round` is a function in SQL
patrol_round: sa.Table = sa.Table(
    "patrol_round",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("template_id", Id, sa.ForeignKey("round_template.id"), nullable=False, index=True),
    sa.Column("site_id", Id, sa.ForeignKey("site.id"), nullable=False, index=True),
    sa.Column("name", sa.String(200), nullable=False),
    sa.Column("mode", EnumText(RoundMode), nullable=False),
    sa.Column("checkpoint_ids", WireJson(tuple[str, ...]), nullable=False),
    sa.Column("planned_at", UtcDateTime, nullable=False, index=True),
    sa.Column("expected_minutes", sa.Integer, nullable=False),
    sa.Column("grace_minutes", sa.Integer, nullable=False),
    sa.Column("employee_id", Id, sa.ForeignKey("employee.id")),
    sa.Column("device_id", Id, sa.ForeignKey("device.id")),
    sa.Column("started_at", UtcDateTime),
    sa.Column("ended_at", UtcDateTime),
    sa.Column("is_late", sa.Boolean, nullable=False),
    sa.Column("scanned", sa.Integer, nullable=False),
    sa.Column("completion", RateText, nullable=False),
    sa.Column("anomalies", sa.Integer, nullable=False),
    sa.Column("status", EnumText(RoundStatus), nullable=False, index=True),
    # planned by its template's schedule, and to follow it when that changes
    sa.Column("scheduled", sa.Boolean, nullable=False),
    *versioned(),
)

scan: sa.Table = sa.Table(
    "checkpoint_scan",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("uid", sa.String(64), nullable=False, index=True),
    sa.Column("round_id", Id, sa.ForeignKey("patrol_round.id"), index=True),
    sa.Column("checkpoint_id", Id, sa.ForeignKey("checkpoint.id"), index=True),
    sa.Column("employee_id", Id, sa.ForeignKey("employee.id")),
    sa.Column("device_id", Id, sa.ForeignKey("device.id"), index=True),
    sa.Column("device_ref", Ref),
    sa.Column("method", EnumText(ScanMethod), nullable=False),
    sa.Column("tag_hash", sa.String(64)),
    sa.Column("scanned_at", UtcDateTime, nullable=False),
    sa.Column("received_at", UtcDateTime, nullable=False, index=True),
    sa.Column("drift_s", sa.Float),
    sa.Column("clock_drifted", sa.Boolean, nullable=False),
    sa.Column("lat", sa.Float),
    sa.Column("lon", sa.Float),
    sa.Column("accuracy_m", sa.Float),
    sa.Column("in_zone", sa.Boolean),
    sa.Column("order_ok", sa.Boolean),
    sa.Column("valid", sa.Boolean, nullable=False),
    sa.Column("manual_reason", sa.Text),
    sa.Column("answer", sa.Text),
    sa.Column("photo_id", Id),
    sa.Column("entry_id", Id),
)
