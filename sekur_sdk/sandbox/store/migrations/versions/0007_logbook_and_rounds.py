"""The logbook's further fields and the ends of its chains, attachments' owners, rounds."""

from __future__ import annotations

import hashlib
import json

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "checkpoint",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("site_id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("tag_kind", sa.String(64), nullable=False),
        sa.Column("tag_hash", sa.String(length=64), nullable=True),
        sa.Column("lat", sa.Float(), nullable=True),
        sa.Column("lon", sa.Float(), nullable=True),
        sa.Column("radius_m", sa.Float(), nullable=True),
        sa.Column("instructions", sa.Text(), nullable=True),
        sa.Column("photo_required", sa.Boolean(), nullable=False),
        sa.Column("answer_required", sa.Boolean(), nullable=False),
        sa.Column("status", sa.String(64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_checkpoint_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checkpoint")),
    )
    with op.batch_alter_table("checkpoint", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_checkpoint_site_id"), ["site_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_checkpoint_tag_hash"), ["tag_hash"], unique=False)
        batch_op.create_index(batch_op.f("ix_checkpoint_updated_at"), ["updated_at"], unique=False)

    op.create_table(
        "logbook_head",
        sa.Column("site_id", sa.String(length=64), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_logbook_head_site_id")),
        sa.PrimaryKeyConstraint("site_id", name=op.f("pk_logbook_head")),
    )
    op.create_table(
        "round_template",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("site_id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("mode", sa.String(64), nullable=False),
        sa.Column("checkpoint_ids", sa.Text(), nullable=False),
        sa.Column("schedule", sa.Text(), nullable=True),
        sa.Column("expected_minutes", sa.Integer(), nullable=False),
        sa.Column("grace_minutes", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_round_template_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round_template")),
    )
    with op.batch_alter_table("round_template", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_round_template_site_id"), ["site_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_round_template_updated_at"), ["updated_at"], unique=False)

    op.create_table(
        "patrol_round",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("template_id", sa.String(length=64), nullable=False),
        sa.Column("site_id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("mode", sa.String(64), nullable=False),
        sa.Column("checkpoint_ids", sa.Text(), nullable=False),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expected_minutes", sa.Integer(), nullable=False),
        sa.Column("grace_minutes", sa.Integer(), nullable=False),
        sa.Column("employee_id", sa.String(length=64), nullable=True),
        sa.Column("device_id", sa.String(length=64), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_late", sa.Boolean(), nullable=False),
        sa.Column("scanned", sa.Integer(), nullable=False),
        sa.Column("completion", sa.String(20), nullable=False),
        sa.Column("anomalies", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(64), nullable=False),
        sa.Column("scheduled", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["device_id"], ["device.id"], name=op.f("fk_patrol_round_device_id")),
        sa.ForeignKeyConstraint(["employee_id"], ["employee.id"], name=op.f("fk_patrol_round_employee_id")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_patrol_round_site_id")),
        sa.ForeignKeyConstraint(["template_id"], ["round_template.id"], name=op.f("fk_patrol_round_template_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_patrol_round")),
    )
    with op.batch_alter_table("patrol_round", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_patrol_round_planned_at"), ["planned_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_patrol_round_site_id"), ["site_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_patrol_round_status"), ["status"], unique=False)
        batch_op.create_index(batch_op.f("ix_patrol_round_template_id"), ["template_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_patrol_round_updated_at"), ["updated_at"], unique=False)

    op.create_table(
        "checkpoint_scan",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("uid", sa.String(length=64), nullable=False),
        sa.Column("round_id", sa.String(length=64), nullable=True),
        sa.Column("checkpoint_id", sa.String(length=64), nullable=True),
        sa.Column("employee_id", sa.String(length=64), nullable=True),
        sa.Column("device_id", sa.String(length=64), nullable=True),
        sa.Column("device_ref", sa.String(length=36), nullable=True),
        sa.Column("method", sa.String(64), nullable=False),
        sa.Column("tag_hash", sa.String(length=64), nullable=True),
        sa.Column("scanned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("drift_s", sa.Float(), nullable=True),
        sa.Column("clock_drifted", sa.Boolean(), nullable=False),
        sa.Column("lat", sa.Float(), nullable=True),
        sa.Column("lon", sa.Float(), nullable=True),
        sa.Column("accuracy_m", sa.Float(), nullable=True),
        sa.Column("in_zone", sa.Boolean(), nullable=True),
        sa.Column("order_ok", sa.Boolean(), nullable=True),
        sa.Column("valid", sa.Boolean(), nullable=False),
        sa.Column("manual_reason", sa.Text(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("photo_id", sa.String(length=64), nullable=True),
        sa.Column("entry_id", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["checkpoint_id"], ["checkpoint.id"], name=op.f("fk_checkpoint_scan_checkpoint_id")),
        sa.ForeignKeyConstraint(["device_id"], ["device.id"], name=op.f("fk_checkpoint_scan_device_id")),
        sa.ForeignKeyConstraint(["employee_id"], ["employee.id"], name=op.f("fk_checkpoint_scan_employee_id")),
        sa.ForeignKeyConstraint(["round_id"], ["patrol_round.id"], name=op.f("fk_checkpoint_scan_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checkpoint_scan")),
    )
    with op.batch_alter_table("checkpoint_scan", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_checkpoint_scan_checkpoint_id"), ["checkpoint_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_checkpoint_scan_device_id"), ["device_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_checkpoint_scan_received_at"), ["received_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_checkpoint_scan_round_id"), ["round_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_checkpoint_scan_uid"), ["uid"], unique=False)

    _copy_scans()
    with op.batch_alter_table("scan", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_scan_device_id"))

    op.drop_table("scan")
    # in place: SQLite would copy the tables otherwise, and what refers to them refuses that
    op.add_column("attachment", sa.Column("owner_id", sa.String(length=64), nullable=True))
    op.add_column("attachment", sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("attachment", sa.Column("uploaded_by", sa.String(length=64), nullable=True))
    op.add_column("attachment", sa.Column("to_remove", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.create_index(op.f("ix_attachment_owner_id"), "attachment", ["owner_id"], unique=False)
    op.create_index(op.f("ix_attachment_to_remove"), "attachment", ["to_remove"], unique=False)

    op.add_column("logbook_entry", sa.Column("title", sa.String(length=200), nullable=True))
    op.add_column("logbook_entry", sa.Column("persons", sa.Text(), server_default="[]", nullable=False))
    op.add_column("logbook_entry", sa.Column("measures", sa.Text(), nullable=True))
    op.add_column("logbook_entry", sa.Column("called_services", sa.Text(), server_default="[]", nullable=False))
    op.add_column("logbook_entry", sa.Column("location", sa.Text(), nullable=True))
    op.add_column("logbook_entry", sa.Column("attachments", sa.Text(), server_default="[]", nullable=False))
    op.add_column("logbook_entry", sa.Column("amends_id", sa.String(length=64), nullable=True))
    op.add_column("logbook_entry", sa.Column("erases_id", sa.String(length=64), nullable=True))
    op.add_column(
        "logbook_entry", sa.Column("shared_with_client", sa.Boolean(), server_default=sa.false(), nullable=False)
    )
    op.add_column("logbook_entry", sa.Column("requires_ack", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("logbook_entry", sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("logbook_entry", sa.Column("acknowledged_by", sa.String(length=200), nullable=True))
    op.add_column("logbook_entry", sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("logbook_entry", sa.Column("erased_by", sa.String(length=200), nullable=True))
    op.add_column("logbook_entry", sa.Column("erasure_reason", sa.Text(), nullable=True))
    op.create_index(op.f("ix_logbook_entry_amends_id"), "logbook_entry", ["amends_id"], unique=False)
    _give_attachments_to_documents()
    _note_heads()


def downgrade() -> None:
    """Back. Scans are lost: their tags are no longer known."""
    op.create_table(
        "scan",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("device_id", sa.String(length=64), nullable=False),
        sa.Column("device_ref", sa.String(length=36), nullable=True),
        sa.Column("method", sa.String(length=64), nullable=False),
        sa.Column("tag", sa.String(length=200), nullable=False),
        sa.Column("fix", sa.Text(), nullable=True),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["device_id"], ["device.id"], name=op.f("fk_scan_device_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scan")),
    )
    op.create_index(op.f("ix_scan_device_id"), "scan", ["device_id"])
    for table in ("checkpoint_scan", "patrol_round", "round_template", "checkpoint", "logbook_head"):
        op.drop_table(table)
    for index, table in (
        ("ix_attachment_owner_id", "attachment"),
        ("ix_attachment_to_remove", "attachment"),
        ("ix_logbook_entry_amends_id", "logbook_entry"),
    ):
        op.drop_index(op.f(index), table_name=table)
    for name in ("owner_id", "erased_at", "uploaded_by", "to_remove"):
        op.drop_column("attachment", name)
    for name in _ENTRY_COLUMNS:
        op.drop_column("logbook_entry", name)


_ENTRY_COLUMNS = (
    "title",
    "persons",
    "measures",
    "called_services",
    "location",
    "attachments",
    "amends_id",
    "erases_id",
    "shared_with_client",
    "requires_ack",
    "acknowledged_at",
    "acknowledged_by",
    "erased_at",
    "erased_by",
    "erasure_reason",
)


def _copy_scans() -> None:
    connection = op.get_bind()
    scan = sa.table("scan", *map(sa.column, _SCANNED))
    copy = sa.table("checkpoint_scan", *map(sa.column, _COPIED))
    for row in connection.execute(sa.select(scan)).mappings().all():
        fix = json.loads(row["fix"] or "null") or {}
        connection.execute(
            sa.insert(copy).values(
                id=row["id"],
                uid=row["id"],
                device_id=row["device_id"],
                device_ref=row["device_ref"],
                method=row["method"],
                tag_hash=hashlib.sha256(row["tag"].encode()).hexdigest(),
                scanned_at=row["occurred_at"],
                received_at=row["received_at"],
                clock_drifted=False,
                lat=fix.get("lat"),
                lon=fix.get("lon"),
                accuracy_m=fix.get("accuracy_m"),
                valid=False,
            )
        )


_SCANNED = ("id", "device_id", "device_ref", "method", "tag", "fix", "occurred_at", "received_at")
_COPIED = (
    "id",
    "uid",
    "device_id",
    "device_ref",
    "method",
    "tag_hash",
    "scanned_at",
    "received_at",
    "clock_drifted",
    "lat",
    "lon",
    "accuracy_m",
    "valid",
)


def _give_attachments_to_documents() -> None:
    op.execute(
        "UPDATE attachment SET owner_id = (SELECT min(document.id) FROM document WHERE document.attachment_id = attachment.id)"
    )


def _note_heads() -> None:
    op.execute(
        "INSERT INTO logbook_head (site_id, seq, hash) SELECT site_id, seq, hash FROM logbook_entry AS entry WHERE seq ="
        " (SELECT max(seq) FROM logbook_entry WHERE logbook_entry.site_id = entry.site_id)"
    )
