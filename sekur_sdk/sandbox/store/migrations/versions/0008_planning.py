"""Planning: absences, cycles, what shifts and duties tell beside their times."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

# each column comes by itself: to add them together SQLite would have to copy tables that others refer to
_SHIFT = (
    "post_id VARCHAR(64) CONSTRAINT fk_shift_post_id REFERENCES post (id)",
    "published_at DATETIME",
    "acknowledged_at DATETIME",
    "replaces_id VARCHAR(64)",
    "cycle_id VARCHAR(64)",
    "cycle_slot VARCHAR(40)",
    "late_told_at DATETIME",
)
_DUTY = (
    "late_minutes INTEGER",
    "left_early_minutes INTEGER",
    "forgotten_end BOOLEAN DEFAULT 0 NOT NULL",
    "corrections TEXT DEFAULT '[]' NOT NULL",
    "validated_by VARCHAR(200)",
    "device_lent BOOLEAN DEFAULT 0 NOT NULL",
    "device_back_to VARCHAR(64)",
)


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "absence",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("employee_id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(64), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("notes", sa.Text(), nullable=True),
        sa.Column("document_id", sa.String(length=64), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.String(length=200), nullable=True),
        sa.Column("status", sa.String(64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["employee_id"], ["employee.id"], name=op.f("fk_absence_employee_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absence")),
    )
    for column in ("employee_id", "starts_at", "updated_at"):
        op.create_index(op.f(f"ix_absence_{column}"), "absence", [column])
    op.create_table(
        "cycle",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("site_id", sa.String(length=64), nullable=False),
        sa.Column("post", sa.String(length=200), nullable=False),
        sa.Column("post_id", sa.String(length=64), nullable=True),
        sa.Column("length_days", sa.Integer(), nullable=False),
        sa.Column("anchor_on", sa.Date(), nullable=False),
        sa.Column("slots", sa.Text(), nullable=False),
        sa.Column("status", sa.String(64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_cycle_site_id")),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_cycle_post_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cycle")),
    )
    for column in ("site_id", "updated_at"):
        op.create_index(op.f(f"ix_cycle_{column}"), "cycle", [column])
    for table, columns in (("shift", _SHIFT), ("duty", _DUTY)):
        for column in columns:
            op.execute(f"ALTER TABLE {table} ADD COLUMN {column}")
    op.create_index(op.f("ix_shift_replaces_id"), "shift", ["replaces_id"])
    op.create_index("ix_shift_cycle_id_cycle_slot", "shift", ["cycle_id", "cycle_slot"], unique=True)
    # 0 was also what a shift had whose break nobody had told
    op.execute("ALTER TABLE shift ADD COLUMN known_break INTEGER")
    op.execute("UPDATE shift SET known_break = nullif(break_minutes, 0)")
    op.execute("ALTER TABLE shift DROP COLUMN break_minutes")
    op.execute("ALTER TABLE shift RENAME COLUMN known_break TO break_minutes")


def downgrade() -> None:
    """Back."""
    op.execute("ALTER TABLE shift ADD COLUMN known_break INTEGER DEFAULT 0 NOT NULL")
    op.execute("UPDATE shift SET known_break = coalesce(break_minutes, 0)")
    op.execute("ALTER TABLE shift DROP COLUMN break_minutes")
    op.execute("ALTER TABLE shift RENAME COLUMN known_break TO break_minutes")
    op.drop_index("ix_shift_cycle_id_cycle_slot", table_name="shift")
    op.drop_index(op.f("ix_shift_replaces_id"), table_name="shift")
    for table, columns in (("duty", _DUTY), ("shift", _SHIFT)):
        for column in reversed(columns):
            op.execute(f"ALTER TABLE {table} DROP COLUMN {column.partition(' ')[0]}")
    op.drop_table("cycle")
    op.drop_table("absence")
