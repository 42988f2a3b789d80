"""Contracts of employment."""

from __future__ import annotations

from datetime import date

import attrs

from sekur_sdk.models.scalars import OpenEnum, Rate, Timestamp


class EmploymentKind(OpenEnum):
    """Kinds of contract, by their French names."""

    CDI = "cdi"
    CDD = "cdd"
    APPRENTICESHIP = "apprentissage"
    PROFESSIONALISATION = "professionnalisation"


class EmploymentStatus(OpenEnum):
    """The life of a contract of employment."""

    DRAFT = "draft"
    SIGNED = "signed"
    ENDED = "ended"
    CANCELLED = "cancelled"


@attrs.frozen(kw_only=True)
class EmploymentContract:
    """A contract between the company and an employee. `reason` is that of a CDD (C. trav. art. L1242-2).

    `dpae_number` is the receipt of the declaration before hiring (DPAE, C. trav. art. L1221-10).
    """

    id: str
    employee_id: str
    kind: EmploymentKind
    reason: str | None = attrs.field(default=None, repr=False)
    job_title: str
    coefficient: int
    weekly_hours: Rate
    starts_on: date
    trial_ends_on: date | None = None
    ends_on: date | None = None
    dpae_number: str | None = None
    dpae_filed_on: date | None = None
    document_id: str | None = None
    signed_on: date | None = None
    ended_on: date | None = None
    end_reason: str | None = attrs.field(default=None, repr=False)
    status: EmploymentStatus
    version: int
    created_at: Timestamp
    updated_at: Timestamp
