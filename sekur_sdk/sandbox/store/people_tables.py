"""The tables of people and places: clients, posts, instructions, employees' papers, documents, accounts."""

from __future__ import annotations

import sqlalchemy as sa

from sekur_sdk.models.access import RoleStatus, TokenStatus, UserStatus
from sekur_sdk.models.clients import ClientStatus
from sekur_sdk.models.documents import DocumentKind, DocumentStatus, SubjectKind
from sekur_sdk.models.employees import RegisterChange, Sex
from sekur_sdk.models.employment import EmploymentKind, EmploymentStatus
from sekur_sdk.models.instructions import InstructionKind, InstructionStatus
from sekur_sdk.models.qualifications import (
    CardActivity,
    CardCheckResult,
    CardStatus,
    QualificationKind,
    QualificationStatus,
)
from sekur_sdk.models.sites import PostStatus
from sekur_sdk.sandbox.store.schema import Id, metadata, versioned
from sekur_sdk.sandbox.store.types import EnumText, RateText, UtcDateTime, WireJson

client: sa.Table = sa.Table(
    "client",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("name", sa.String(200), nullable=False),
    sa.Column("legal_form", sa.String(100)),
    sa.Column("siren", sa.String(9), index=True),
    sa.Column("siret", sa.String(14)),
    sa.Column("vat_number", sa.String(20)),
    sa.Column("billing_address", sa.Text, nullable=False),
    sa.Column("email", sa.String(200)),
    sa.Column("phone", sa.String(50)),
    sa.Column("payment_days", sa.Integer, nullable=False),
    sa.Column("notes", sa.Text),
    sa.Column("status", EnumText(ClientStatus), nullable=False),
    *versioned(),
)

post: sa.Table = sa.Table(
    "post",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("site_id", Id, sa.ForeignKey("site.id"), nullable=False, index=True),
    sa.Column("name", sa.String(200), nullable=False),
    sa.Column("activity", EnumText(CardActivity), nullable=False),
    sa.Column("qualifications", WireJson(tuple[QualificationKind, ...]), nullable=False),
    sa.Column("is_break_paid", sa.Boolean, nullable=False),
    sa.Column("notes", sa.Text),
    sa.Column("status", EnumText(PostStatus), nullable=False),
    *versioned(),
)


def _instruction_text() -> tuple[sa.Column[object], ...]:
    return (
        sa.Column("edition", sa.Integer, nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("must_read", sa.Boolean, nullable=False),
        sa.Column("valid_from", UtcDateTime),
        sa.Column("valid_until", UtcDateTime),
    )


instruction: sa.Table = sa.Table(
    "instruction",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("kind", EnumText(InstructionKind), nullable=False),
    sa.Column("site_id", Id, sa.ForeignKey("site.id"), index=True),
    sa.Column("post_id", Id, sa.ForeignKey("post.id")),
    sa.Column("shift_id", Id, sa.ForeignKey("shift.id")),
    *_instruction_text(),
    sa.Column("published_at", UtcDateTime),
    sa.Column("published_by", sa.String(200)),
    sa.Column("status", EnumText(InstructionStatus), nullable=False),
    *versioned(),
)

instruction_edition: sa.Table = sa.Table(
    "instruction_edition",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("instruction_id", Id, sa.ForeignKey("instruction.id"), nullable=False),
    *_instruction_text(),
    sa.Column("sha256", sa.String(64), nullable=False),
    sa.Column("published_at", UtcDateTime, nullable=False),
    sa.Column("published_by", sa.String(200), nullable=False),
    sa.UniqueConstraint("instruction_id", "edition"),
)

instruction_acknowledgement: sa.Table = sa.Table(
    "instruction_acknowledgement",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("instruction_id", Id, sa.ForeignKey("instruction.id"), nullable=False),
    sa.Column("edition", sa.Integer, nullable=False),
    sa.Column("employee_id", Id, sa.ForeignKey("employee.id"), nullable=False, index=True),
    sa.Column("acknowledged_at", UtcDateTime, nullable=False),
    sa.UniqueConstraint("instruction_id", "edition", "employee_id"),
)

register_entry: sa.Table = sa.Table(
    "register_entry",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("seq", sa.Integer, nullable=False, unique=True),
    sa.Column("number", sa.Integer, nullable=False, index=True),
    sa.Column("change", EnumText(RegisterChange), nullable=False),
    sa.Column("employee_id", Id, sa.ForeignKey("employee.id"), nullable=False, index=True),
    sa.Column("staff_number", sa.String(50), nullable=False),
    sa.Column("first_name", sa.String(100), nullable=False),
    sa.Column("last_name", sa.String(100), nullable=False),
    sa.Column("sex", EnumText(Sex)),
    sa.Column("nationality", sa.String(2)),
    sa.Column("born_on", sa.Date),
    sa.Column("job_title", sa.String(200), nullable=False),
    sa.Column("coefficient", sa.Integer),
    sa.Column("hired_on", sa.Date, nullable=False),
    sa.Column("left_on", sa.Date),
    sa.Column("recorded_at", UtcDateTime, nullable=False),
)

card: sa.Table = sa.Table(
    "card",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("employee_id", Id, sa.ForeignKey("employee.id"), nullable=False, index=True),
    sa.Column("number", sa.String(64), nullable=False, index=True),
    sa.Column("number_is_regular", sa.Boolean, nullable=False),
    sa.Column("activities", WireJson(tuple[CardActivity, ...]), nullable=False),
    sa.Column("dog_icad", sa.String(15)),
    sa.Column("expires_on", sa.Date, nullable=False, index=True),
    sa.Column("warned_days", sa.Integer),
    sa.Column("checked_at", UtcDateTime),
    sa.Column("checked_by", sa.String(200)),
    sa.Column("check_result", EnumText(CardCheckResult)),
    sa.Column("check_document_id", Id),
    sa.Column("status", EnumText(CardStatus), nullable=False, index=True),
    *versioned(),
)

qualification: sa.Table = sa.Table(
    "qualification",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("employee_id", Id, sa.ForeignKey("employee.id"), nullable=False, index=True),
    sa.Column("kind", EnumText(QualificationKind), nullable=False),
    sa.Column("label", sa.String(200)),
    sa.Column("obtained_on", sa.Date, nullable=False),
    sa.Column("expires_on", sa.Date, index=True),
    sa.Column("document_id", Id),
    sa.Column("status", EnumText(QualificationStatus), nullable=False),
    *versioned(),
)

employment_contract: sa.Table = sa.Table(
    "employment_contract",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("employee_id", Id, sa.ForeignKey("employee.id"), nullable=False, index=True),
    sa.Column("kind", EnumText(EmploymentKind), nullable=False),
    sa.Column("reason", sa.String(200)),
    sa.Column("job_title", sa.String(200), nullable=False),
    sa.Column("coefficient", sa.Integer, nullable=False),
    sa.Column("weekly_hours", RateText, nullable=False),
    sa.Column("starts_on", sa.Date, nullable=False),
    sa.Column("trial_ends_on", sa.Date),
    sa.Column("ends_on", sa.Date),
    sa.Column("dpae_number", sa.String(50)),
    sa.Column("dpae_filed_on", sa.Date),
    sa.Column("document_id", Id),
    sa.Column("signed_on", sa.Date),
    sa.Column("ended_on", sa.Date),
    sa.Column("end_reason", sa.String(200)),
    sa.Column("status", EnumText(EmploymentStatus), nullable=False),
    *versioned(),
)

document: sa.Table = sa.Table(
    "document",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("attachment_id", Id, sa.ForeignKey("attachment.id"), nullable=False),
    sa.Column("sha256", sa.String(64), nullable=False),
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("content_type", sa.String(150), nullable=False),
    sa.Column("kind", EnumText(DocumentKind), nullable=False),
    sa.Column("title", sa.String(200), nullable=False),
    sa.Column("subject_kind", EnumText(SubjectKind), nullable=False),
    sa.Column("subject_id", Id, nullable=False, index=True),
    sa.Column("retain_until", sa.Date),
    sa.Column("status", EnumText(DocumentStatus), nullable=False),
    *versioned(),
)

role: sa.Table = sa.Table(
    "role",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("name", sa.String(200), nullable=False, unique=True),
    sa.Column("scopes", WireJson(tuple[str, ...]), nullable=False),
    sa.Column("status", EnumText(RoleStatus), nullable=False),
    *versioned(),
)

# `user` is a reserved word of PostgreSQL
account: sa.Table = sa.Table(
    "account",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("email", sa.String(200), nullable=False, index=True),
    sa.Column("first_name", sa.String(100), nullable=False),
    sa.Column("last_name", sa.String(100), nullable=False),
    sa.Column("role_ids", WireJson(tuple[str, ...]), nullable=False),
    sa.Column("employee_id", Id, sa.ForeignKey("employee.id")),
    sa.Column("activated_at", UtcDateTime),
    sa.Column("closed_at", UtcDateTime),
    sa.Column("status", EnumText(UserStatus), nullable=False),
    *versioned(),
)

api_token: sa.Table = sa.Table(
    "api_token",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("name", sa.String(200), nullable=False),
    sa.Column("user_id", Id, sa.ForeignKey("account.id"), index=True),
    sa.Column("scopes", WireJson(tuple[str, ...]), nullable=False),
    sa.Column("expires_at", UtcDateTime, nullable=False),
    sa.Column("revoked_at", UtcDateTime),
    sa.Column("status", EnumText(TokenStatus), nullable=False),
    sa.Column("sha256", sa.String(64), nullable=False, unique=True),
    *versioned(),
)
