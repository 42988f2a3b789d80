"""Absences of employees."""

from __future__ import annotations

import attrs

from sekur_sdk.models.scalars import OpenEnum, Timestamp


class AbsenceKind(OpenEnum):
    """Kinds of absence, by their French names."""

    PAID_LEAVE = "conge_paye"
    UNPAID_LEAVE = "conge_sans_solde"
    FAMILY_EVENT = "evenement_familial"
    PARENTAL = "maternite_paternite"
    SICKNESS = "maladie"
    WORK_ACCIDENT = "accident_travail"
    COMPENSATORY_REST = "repos_compensateur"
    TRAINING = "formation"
    UNJUSTIFIED = "injustifiee"
    OTHER = "autre"


class AbsenceStatus(OpenEnum):
    """The life of an absence; an approved one keeps shifts from being published."""

    REQUESTED = "requested"
    APPROVED = "approved"
    REFUSED = "refused"
    CANCELLED = "cancelled"


@attrs.frozen(kw_only=True)
class Absence:
    """A time in which an employee does not work. `document_id` is its proof."""

    id: str
    employee_id: str
    kind: AbsenceKind
    starts_at: Timestamp
    ends_at: Timestamp
    notes: str | None = attrs.field(default=None, repr=False)
    document_id: str | None = None
    decided_at: Timestamp | None = None
    decided_by: str | None = attrs.field(default=None, repr=False)
    status: AbsenceStatus
    version: int
    created_at: Timestamp
    updated_at: Timestamp
