"""The tables of billing beside quotes and invoices: contracts, credit notes, payments, statuses of electronic invoices."""

from __future__ import annotations

import sqlalchemy as sa

from sekur_sdk.models.billing import EInvoiceCode, Line, Party, PaymentMethod, PaymentStatus, Totals
from sekur_sdk.models.contracts import BillingPeriod, ContractPrice, ContractStatus
from sekur_sdk.sandbox.store.schema import Id, metadata, versioned
from sekur_sdk.sandbox.store.types import AmountText, EnumText, UtcDateTime, WireJson

contract: sa.Table = sa.Table(
    "contract",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("number", sa.String(20), nullable=False, unique=True),
    sa.Column("client_id", Id, sa.ForeignKey("client.id"), nullable=False, index=True),
    sa.Column("site_id", Id, sa.ForeignKey("site.id"), nullable=False, index=True),
    sa.Column("quote_id", Id, sa.ForeignKey("quote.id"), unique=True),
    sa.Column("title", sa.String(200), nullable=False),
    sa.Column("prices", WireJson(tuple[ContractPrice, ...]), nullable=False),
    sa.Column("billing_period", EnumText(BillingPeriod), nullable=False),
    sa.Column("starts_on", sa.Date, nullable=False),
    sa.Column("ends_on", sa.Date),
    sa.Column("renewal_months", sa.Integer),
    sa.Column("signed_on", sa.Date),
    sa.Column("end_reason", sa.String(200)),
    sa.Column("status", EnumText(ContractStatus), nullable=False, index=True),
    *versioned(),
)

credit_note: sa.Table = sa.Table(
    "credit_note",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("number", sa.String(20), nullable=False, unique=True),
    sa.Column("invoice_id", Id, sa.ForeignKey("invoice.id"), nullable=False, index=True),
    sa.Column("seller", WireJson(Party), nullable=False),
    sa.Column("buyer", WireJson(Party), nullable=False),
    sa.Column("reason", sa.String(200), nullable=False),
    sa.Column("lines", WireJson(tuple[Line, ...]), nullable=False),
    # of each line, the place of the invoice's line that it takes from
    sa.Column("places", WireJson(tuple[int, ...]), nullable=False),
    sa.Column("totals", WireJson(Totals), nullable=False),
    sa.Column("issued_on", sa.Date, nullable=False),
    sa.Column("notes", WireJson(tuple[str, ...]), nullable=False),
    *versioned(),
)

payment: sa.Table = sa.Table(
    "payment",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("invoice_id", Id, sa.ForeignKey("invoice.id"), nullable=False, index=True),
    sa.Column("amount", AmountText, nullable=False),
    sa.Column("method", EnumText(PaymentMethod), nullable=False),
    sa.Column("paid_on", sa.Date, nullable=False),
    sa.Column("reference", sa.String(200)),
    sa.Column("reason", sa.String(200)),
    sa.Column("refunded", AmountText, nullable=False),
    sa.Column("refunded_on", sa.Date),
    sa.Column("status", EnumText(PaymentStatus), nullable=False),
    *versioned(),
)

einvoice_status: sa.Table = sa.Table(
    "einvoice_status",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("invoice_id", Id, sa.ForeignKey("invoice.id"), nullable=False, index=True),
    sa.Column("code", EnumText(EInvoiceCode), nullable=False),
    sa.Column("is_mandatory", sa.Boolean, nullable=False),
    sa.Column("by", sa.String(200), nullable=False),
    sa.Column("reason", sa.Text),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("recorded_at", UtcDateTime, nullable=False),
)
