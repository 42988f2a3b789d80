"""Safety and place: PTI sessions, commands and configurations of wearables, escalation, audit, privacy."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_NEW = ("pti_session", "device_command", "device_config", "audit_event", "privacy_export", "privacy_erasure")


_ERASABLE = {
    "register_entry": (
        ("staff_number", "first_name", "last_name", "sex", "nationality", "born_on"),
        (
            "id",
            "seq",
            "number",
            "change",
            "employee_id",
            "job_title",
            "coefficient",
            "hired_on",
            "left_on",
            "recorded_at",
        ),
    ),
    "instruction_edition": (
        ("published_by",),
        (
            "id",
            "instruction_id",
            "edition",
            "title",
            "text",
            "must_read",
            "valid_from",
            "valid_until",
            "sha256",
            "published_at",
        ),
    ),
    "einvoice_status": (("by",), ("id", "invoice_id", "code", "is_mandatory", "reason", "at", "recorded_at")),
}
"""Of tables that are written once: the columns in which a person may be overwritten, and the others."""


def _replace_trigger(table: str, condition: str) -> None:
    op.execute(f"DROP TRIGGER {table}_no_update")
    op.execute(
        f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} {condition}"
        f" BEGIN SELECT RAISE(ABORT, '{table} is written once'); END"
    )


def _versioned() -> tuple[sa.Column[object], ...]:
    return (
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False, index=True),
    )


def _ref(name: str, target: str, *, of: str, nullable: bool = False, index: bool = False) -> sa.Column[object]:
    column: sa.Column[object] = sa.Column(
        name,
        sa.String(length=64),
        sa.ForeignKey(f"{target}.id", name=op.f(f"fk_{of}_{name}")),
        nullable=nullable,
        index=index,
    )
    return column


def upgrade() -> None:
    """Forward."""
    # added in place: other tables refer to these, and a copy would drop the original under them
    op.add_column("site", sa.Column("alert_delay_s", sa.Integer(), nullable=False, server_default="120"))
    op.add_column("alert", sa.Column("escalation_level", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("alert", sa.Column("escalated_at", sa.DateTime(timezone=True)))
    op.add_column("alert", sa.Column("escalated_by", sa.String(length=200)))
    with op.batch_alter_table("position") as batch_op:
        batch_op.alter_column("device_id", existing_type=sa.String(length=64), nullable=True)
        batch_op.add_column(sa.Column("purpose", sa.String(length=64), nullable=False, server_default="protection"))
        batch_op.add_column(sa.Column("uid", sa.String(length=36)))
        batch_op.create_unique_constraint(batch_op.f("uq_position_uid"), ["uid"])
        batch_op.create_index(batch_op.f("ix_position_fix_at"), ["fix_at"])
    op.create_table(
        "pti_session",
        sa.Column("id", sa.String(length=64), primary_key=True),
        _ref("duty_id", "duty", of="pti_session", index=True),
        _ref("employee_id", "employee", of="pti_session", index=True),
        _ref("site_id", "site", of="pti_session"),
        _ref("device_id", "device", of="pti_session", nullable=True, index=True),
        sa.Column("heartbeat_s", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("heard_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lost_at", sa.DateTime(timezone=True)),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        _ref("alert_id", "alert", of="pti_session", nullable=True),
        sa.Column("status", sa.String(64), nullable=False, index=True),
        *_versioned(),
    )
    op.create_table(
        "device_command",
        sa.Column("id", sa.String(length=64), primary_key=True),
        _ref("device_id", "device", of="device_command", index=True),
        sa.Column("kind", sa.String(64), nullable=False),
        sa.Column("args", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True)),
        sa.Column("detail", sa.Text()),
        sa.Column("status", sa.String(64), nullable=False, index=True),
        *_versioned(),
    )
    op.create_table(
        "device_config",
        sa.Column(
            "id",
            sa.String(length=64),
            sa.ForeignKey("device.id", name=op.f("fk_device_config_id")),
            primary_key=True,
        ),
        sa.Column("settings", sa.Text(), nullable=False),
        sa.Column("reported", sa.Text()),
        *_versioned(),
    )
    op.create_table(
        "audit_event",
        sa.Column("id", sa.String(length=64), primary_key=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False, index=True),
        sa.Column("actor_id", sa.String(length=64), nullable=False, index=True),
        sa.Column("actor", sa.String(length=200), nullable=False),
        sa.Column("action", sa.String(length=64), nullable=False),
        sa.Column("employee_id", sa.String(length=64), index=True),
        sa.Column("filters", sa.Text(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
    )
    op.create_table(
        "privacy_export",
        sa.Column("id", sa.String(length=64), primary_key=True),
        _ref("employee_id", "employee", of="privacy_export", index=True),
        sa.Column("requested_by", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "privacy_erasure",
        sa.Column("id", sa.String(length=64), primary_key=True),
        _ref("employee_id", "employee", of="privacy_erasure", index=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("erased_by", sa.String(length=200), nullable=False),
        sa.Column("kept_until", sa.Date()),
        sa.Column("counts", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "secret",
        sa.Column("name", sa.String(length=64), primary_key=True),
        sa.Column("value", sa.LargeBinary(), nullable=False),
    )
    op.execute(
        "INSERT INTO device_config (id, settings, reported, version, created_at, updated_at)"
        " SELECT id, '{}', reported_config, 0, updated_at, updated_at FROM device WHERE reported_config IS NOT NULL"
    )
    op.execute("ALTER TABLE device DROP COLUMN reported_config")
    for table, (erasable, others) in _ERASABLE.items():
        changed = [f'NEW."{name}" IS NOT OLD."{name}"' for name in others]
        made_up = [
            f"""(NEW."{name}" IS NOT OLD."{name}" AND NEW."{name}" IS NOT NULL AND NEW."{name}" <> 'effacé')"""
            for name in erasable
        ]
        _replace_trigger(table, f"WHEN {' OR '.join((*changed, *made_up))}")


def downgrade() -> None:
    """Back."""
    for table in _ERASABLE:
        _replace_trigger(table, "")
    op.add_column("device", sa.Column("reported_config", sa.Text()))
    op.execute(
        "UPDATE device SET reported_config = (SELECT reported FROM device_config WHERE device_config.id = device.id)"
    )
    for name in ("secret", *_NEW):
        op.drop_table(name)
    op.execute("DELETE FROM position WHERE device_id IS NULL")
    with op.batch_alter_table("position") as batch_op:
        batch_op.drop_index(batch_op.f("ix_position_fix_at"))
        batch_op.drop_constraint(batch_op.f("uq_position_uid"), type_="unique")
        batch_op.drop_column("uid")
        batch_op.drop_column("purpose")
        batch_op.alter_column("device_id", existing_type=sa.String(length=64), nullable=False)
    for column in ("escalated_by", "escalated_at", "escalation_level"):
        op.execute(f"ALTER TABLE alert DROP COLUMN {column}")
    op.execute("ALTER TABLE site DROP COLUMN alert_delay_s")
