"""The tables of pre-payroll, of the subscription to SEKUR and of its availability."""

from __future__ import annotations

import sqlalchemy as sa

from sekur_sdk.models.availability import IncidentKind, IncidentStatus
from sekur_sdk.models.payroll import PayrollProblemCode, PayrollRunStatus, PayrollUnit, PayrollWeek
from sekur_sdk.models.subscription import LicencePack, OverageBilling, SubscriptionTerm
from sekur_sdk.sandbox.store.schema import Id, metadata, versioned
from sekur_sdk.sandbox.store.types import AmountText, EnumText, RateText, UtcDateTime, WireJson

payroll_run: sa.Table = sa.Table(
    "payroll_run",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("period", sa.String(7), nullable=False, index=True),
    sa.Column("employee_ids", WireJson(tuple[str, ...])),
    sa.Column("rules_version", sa.String(64)),
    sa.Column("employees", sa.Integer, nullable=False),
    sa.Column("problems", sa.Integer, nullable=False),
    sa.Column("computed_at", UtcDateTime),
    sa.Column("checked_at", UtcDateTime),
    sa.Column("checked_by", sa.String(200)),
    sa.Column("locked_at", UtcDateTime),
    sa.Column("exported_at", UtcDateTime),
    sa.Column("cancel_reason", sa.String(200)),
    sa.Column("status", EnumText(PayrollRunStatus), nullable=False),
    *versioned(),
)

payroll_line: sa.Table = sa.Table(
    "payroll_line",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("run_id", Id, sa.ForeignKey("payroll_run.id"), nullable=False, index=True),
    sa.Column("employee_id", Id, sa.ForeignKey("employee.id"), nullable=False),
    sa.Column("code", sa.String(40), nullable=False),
    sa.Column("quantity", RateText, nullable=False),
    sa.Column("unit", EnumText(PayrollUnit), nullable=False),
    sa.Column("rate", RateText),
    sa.Column("amount", AmountText),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("computed_at", UtcDateTime, nullable=False),
)

payroll_hours: sa.Table = sa.Table(
    "payroll_hours",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("run_id", Id, sa.ForeignKey("payroll_run.id"), nullable=False, index=True),
    sa.Column("employee_id", Id, sa.ForeignKey("employee.id"), nullable=False),
    sa.Column("worked", RateText, nullable=False),
    sa.Column("weeks", WireJson(tuple[PayrollWeek, ...]), nullable=False),
    sa.Column("computed_at", UtcDateTime, nullable=False),
)

payroll_problem: sa.Table = sa.Table(
    "payroll_problem",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("run_id", Id, sa.ForeignKey("payroll_run.id"), nullable=False, index=True),
    sa.Column("code", EnumText(PayrollProblemCode), nullable=False),
    sa.Column("employee_id", Id, sa.ForeignKey("employee.id")),
    sa.Column("duty_id", Id, sa.ForeignKey("duty.id")),
    sa.Column("computed_at", UtcDateTime, nullable=False),
)

payroll_settings: sa.Table = sa.Table(
    "payroll_settings",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("codes", WireJson(dict[str, str | None]), nullable=False),
    *versioned(),
)

subscription: sa.Table = sa.Table(
    "subscription",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("packs", WireJson(tuple[LicencePack, ...]), nullable=False),
    sa.Column("renewal_packs", WireJson(tuple[LicencePack, ...])),
    # the anniversary from which those hold
    sa.Column("renewal_on", sa.Date),
    sa.Column("term", EnumText(SubscriptionTerm), nullable=False),
    sa.Column("overage_billing", EnumText(OverageBilling), nullable=False),
    sa.Column("company_created_on", sa.Date),
    sa.Column("ordered_on", sa.Date, nullable=False),
    sa.Column("go_live_on", sa.Date, nullable=False),
    *versioned(),
)

overage: sa.Table = sa.Table(
    "overage",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("user_id", Id, sa.ForeignKey("account.id"), nullable=False, index=True),
    sa.Column("billing", EnumText(OverageBilling), nullable=False),
    sa.Column("started_at", UtcDateTime, nullable=False),
    sa.Column("ended_at", UtcDateTime),
    sa.Column("updated_at", UtcDateTime, nullable=False),
)

availability_incident: sa.Table = sa.Table(
    "availability_incident",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("kind", EnumText(IncidentKind), nullable=False),
    sa.Column("started_at", UtcDateTime, nullable=False, index=True),
    sa.Column("ended_at", UtcDateTime),
    sa.Column("announced_at", UtcDateTime),
    sa.Column("notes", sa.Text),
    sa.Column("status", EnumText(IncidentStatus), nullable=False),
    *versioned(),
)
