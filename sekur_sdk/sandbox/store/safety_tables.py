"""The tables of safety and privacy: PTI sessions, what wearables are told to do, the audit, exports and erasures of persons, keys."""

from __future__ import annotations

import sqlalchemy as sa

from sekur_sdk.models.device import DeviceSettings, ReportedConfig
from sekur_sdk.models.fleet import DeviceCommandStatus
from sekur_sdk.models.pti import PtiStatus
from sekur_sdk.sandbox.store.schema import Id, metadata, versioned
from sekur_sdk.sandbox.store.types import EnumText, UtcDateTime, WireJson

pti_session: sa.Table = sa.Table(
    "pti_session",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("duty_id", Id, sa.ForeignKey("duty.id"), nullable=False, index=True),
    sa.Column("employee_id", Id, sa.ForeignKey("employee.id"), nullable=False, index=True),
    sa.Column("site_id", Id, sa.ForeignKey("site.id"), nullable=False),
    sa.Column("device_id", Id, sa.ForeignKey("device.id"), index=True),
    sa.Column("heartbeat_s", sa.Integer, nullable=False),
    sa.Column("started_at", UtcDateTime, nullable=False),
    sa.Column("heard_at", UtcDateTime, nullable=False),
    sa.Column("lost_at", UtcDateTime),
    sa.Column("ended_at", UtcDateTime),
    sa.Column("alert_id", Id, sa.ForeignKey("alert.id")),
    sa.Column("status", EnumText(PtiStatus), nullable=False, index=True),
    *versioned(),
)

device_command: sa.Table = sa.Table(
    "device_command",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("device_id", Id, sa.ForeignKey("device.id"), nullable=False, index=True),
    sa.Column("kind", sa.String(64), nullable=False),
    sa.Column("args", WireJson(dict[str, str]), nullable=False),
    sa.Column("expires_at", UtcDateTime, nullable=False),
    sa.Column("answered_at", UtcDateTime),
    sa.Column("detail", sa.Text),
    sa.Column("status", EnumText(DeviceCommandStatus), nullable=False, index=True),
    *versioned(),
)

device_config: sa.Table = sa.Table(
    "device_config",
    metadata,
    sa.Column("id", Id, sa.ForeignKey("device.id"), primary_key=True),
    sa.Column("settings", WireJson(DeviceSettings), nullable=False),
    sa.Column("reported", WireJson(ReportedConfig)),
    *versioned(),
)

audit_event: sa.Table = sa.Table(
    "audit_event",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("at", UtcDateTime, nullable=False, index=True),
    sa.Column("actor_id", Id, nullable=False, index=True),
    sa.Column("actor", sa.String(200), nullable=False),
    sa.Column("action", sa.String(64), nullable=False),
    # no foreign key: the audit outlives what it tells of
    sa.Column("employee_id", Id, index=True),
    sa.Column("filters", WireJson(dict[str, str]), nullable=False),
    sa.Column("count", sa.Integer, nullable=False),
)

privacy_export: sa.Table = sa.Table(
    "privacy_export",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("employee_id", Id, sa.ForeignKey("employee.id"), nullable=False, index=True),
    sa.Column("requested_by", sa.String(200), nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("expires_at", UtcDateTime, nullable=False),
)

privacy_erasure: sa.Table = sa.Table(
    "privacy_erasure",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("employee_id", Id, sa.ForeignKey("employee.id"), nullable=False, index=True),
    sa.Column("reason", sa.String(500), nullable=False),
    sa.Column("erased_by", sa.String(200), nullable=False),
    sa.Column("kept_until", sa.Date),
    sa.Column("counts", WireJson(dict[str, int]), nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False),
)

secret: sa.Table = sa.Table(
    "secret",
    metadata,
    sa.Column("name", sa.String(64), primary_key=True),
    sa.Column("value", sa.LargeBinary, nullable=False),
)
"""Keys of the store itself, made with it."""
