"""When each start of a wearable began, and alarms of a clock that was not right."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "device_start",
        sa.Column("device_id", sa.String(length=64), nullable=False),
        sa.Column("boot", sa.String(length=36), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("exact", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["device_id"], ["device.id"], name=op.f("fk_device_start_device_id")),
        sa.PrimaryKeyConstraint("device_id", "boot", name=op.f("pk_device_start")),
    )
    op.create_table(
        "unsynced_alert",
        sa.Column("device_id", sa.String(length=64), nullable=False),
        sa.Column("uid", sa.String(length=36), nullable=False),
        sa.Column("boot", sa.String(length=36), nullable=False),
        sa.Column("occurred_up_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["device_id"], ["device.id"], name=op.f("fk_unsynced_alert_device_id")),
        sa.PrimaryKeyConstraint("device_id", "uid", name=op.f("pk_unsynced_alert")),
    )


def downgrade() -> None:
    """Back."""
    op.drop_table("unsynced_alert")
    op.drop_table("device_start")
