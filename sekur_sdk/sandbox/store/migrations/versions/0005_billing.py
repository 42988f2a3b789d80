"""Billing: contracts, credit notes, payments, electronic invoices; what is paid of an invoice."""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def _versioned() -> tuple[sa.Column[object], ...]:
    return (
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
    )


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "contract",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("client_id", sa.String(length=64), nullable=False),
        sa.Column("site_id", sa.String(length=64), nullable=False),
        sa.Column("quote_id", sa.String(length=64), nullable=True),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("prices", sa.Text(), nullable=False),
        sa.Column("billing_period", sa.String(64), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("renewal_months", sa.Integer(), nullable=True),
        sa.Column("signed_on", sa.Date(), nullable=True),
        sa.Column("end_reason", sa.String(length=200), nullable=True),
        sa.Column("status", sa.String(64), nullable=False),
        *_versioned(),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_contract_client_id")),
        sa.ForeignKeyConstraint(["quote_id"], ["quote.id"], name=op.f("fk_contract_quote_id")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_contract_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contract")),
        sa.UniqueConstraint("number", name=op.f("uq_contract_number")),
        sa.UniqueConstraint("quote_id", name=op.f("uq_contract_quote_id")),
    )
    op.create_table(
        "credit_note",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("invoice_id", sa.String(length=64), nullable=False),
        sa.Column("seller", sa.Text(), nullable=False),
        sa.Column("buyer", sa.Text(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("lines", sa.Text(), nullable=False),
        sa.Column("places", sa.Text(), nullable=False),
        sa.Column("totals", sa.Text(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        *_versioned(),
        sa.ForeignKeyConstraint(["invoice_id"], ["invoice.id"], name=op.f("fk_credit_note_invoice_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credit_note")),
        sa.UniqueConstraint("number", name=op.f("uq_credit_note_number")),
    )
    op.create_table(
        "payment",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("invoice_id", sa.String(length=64), nullable=False),
        sa.Column("amount", sa.String(20), nullable=False),
        sa.Column("method", sa.String(64), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=False),
        sa.Column("reference", sa.String(length=200), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=True),
        sa.Column("refunded", sa.String(20), nullable=False),
        sa.Column("refunded_on", sa.Date(), nullable=True),
        sa.Column("status", sa.String(64), nullable=False),
        *_versioned(),
        sa.ForeignKeyConstraint(["invoice_id"], ["invoice.id"], name=op.f("fk_payment_invoice_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment")),
    )
    op.create_table(
        "einvoice_status",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("invoice_id", sa.String(length=64), nullable=False),
        sa.Column("code", sa.String(64), nullable=False),
        sa.Column("is_mandatory", sa.Boolean(), nullable=False),
        sa.Column("by", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["invoice_id"], ["invoice.id"], name=op.f("fk_einvoice_status_invoice_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_einvoice_status")),
    )
    for table, columns in _INDEXES.items():
        for column in columns:
            op.create_index(f"ix_{table}_{column}", table, [column], unique=False)
    for table, columns in _NEW_COLUMNS.items():
        # one by one: SQLite would have to copy tables that others refer to
        for column in columns:
            op.execute(f"ALTER TABLE {table} ADD COLUMN {column}")
    for table, column in (("quote", "client_id"), ("invoice", "client_id"), ("invoice", "contract_id")):
        op.create_index(f"ix_{table}_{column}", table, [column], unique=False)
    _fill_invoices()
    _make_indelible()


_NEW_COLUMNS = {
    "quote": (
        "client_id VARCHAR(64) CONSTRAINT fk_quote_client_id REFERENCES client (id)",
        "contract_id VARCHAR(64)",
    ),
    "invoice": (
        "contract_id VARCHAR(64) CONSTRAINT fk_invoice_contract_id REFERENCES contract (id)",
        "client_id VARCHAR(64) CONSTRAINT fk_invoice_client_id REFERENCES client (id)",
        "seller TEXT",
        "paid VARCHAR(20) NOT NULL DEFAULT '0.00'",
        "credited VARCHAR(20) NOT NULL DEFAULT '0.00'",
        "balance VARCHAR(20) NOT NULL DEFAULT '0.00'",
        "sent_at DATETIME",
        "dispute_reason TEXT",
        "einvoice_code VARCHAR(64)",
    ),
}
_INDEXES = {
    "contract": ("client_id", "site_id", "status", "updated_at"),
    "credit_note": ("invoice_id", "updated_at"),
    "payment": ("invoice_id", "updated_at"),
    "einvoice_status": ("invoice_id",),
}


def _fill_invoices() -> None:
    """All is left to pay of the invoices that are there; the issued ones are the company's, as it is."""
    connection = op.get_bind()
    company = connection.execute(
        sa.text("SELECT name, legal_form, address, siren, vat_number, email FROM organisation LIMIT 1")
    ).one_or_none()
    seller = None if company is None else json.dumps(dict(company._mapping), ensure_ascii=False)  # noqa: SLF001  # SQLAlchemy's public name for it
    for row in connection.execute(sa.text("SELECT id, totals, number FROM invoice")).all():
        connection.execute(
            sa.text("UPDATE invoice SET balance = :balance, seller = :seller WHERE id = :id"),
            {
                "id": row.id,
                "balance": json.loads(row.totals)["gross"],
                "seller": None if row.number is None else seller,
            },
        )


_ISSUED = ("number", "seller", "buyer", "title", "lines", "totals", "issued_on", "due_on", "notes")
"""What of an issued invoice never changes."""


def _make_indelible() -> None:
    """Let the database itself refuse to change or erase what was issued or said."""
    for table in ("credit_note", "einvoice_status"):
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table}"
                f" BEGIN SELECT RAISE(ABORT, '{table} is written once'); END"
            )
    op.execute(
        f"CREATE TRIGGER invoice_no_update BEFORE UPDATE OF {', '.join(_ISSUED)} ON invoice WHEN OLD.number IS NOT NULL"
        " BEGIN SELECT RAISE(ABORT, 'an issued invoice never changes'); END"
    )
    op.execute(
        "CREATE TRIGGER invoice_no_delete BEFORE DELETE ON invoice WHEN OLD.number IS NOT NULL"
        " BEGIN SELECT RAISE(ABORT, 'an issued invoice is never erased'); END"
    )


def downgrade() -> None:
    """Back."""
    op.execute("DROP TRIGGER invoice_no_update")
    op.execute("DROP TRIGGER invoice_no_delete")
    with op.batch_alter_table("invoice", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_invoice_contract_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_invoice_client_id"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_invoice_contract_id"))
        batch_op.drop_index(batch_op.f("ix_invoice_client_id"))
        for column in (
            "contract_id",
            "client_id",
            "seller",
            "paid",
            "credited",
            "balance",
            "sent_at",
            "dispute_reason",
            "einvoice_code",
        ):
            batch_op.drop_column(column)
    with op.batch_alter_table("quote", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_quote_client_id"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_quote_client_id"))
        batch_op.drop_column("contract_id")
        batch_op.drop_column("client_id")
    for table in ("einvoice_status", "payment", "credit_note", "contract"):
        op.drop_table(table)
