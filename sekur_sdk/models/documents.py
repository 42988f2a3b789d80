"""Documents: stored files with what they are and how long they are kept."""

from __future__ import annotations

from datetime import date

import attrs

from sekur_sdk.models.scalars import OpenEnum, Timestamp


class DocumentKind(OpenEnum):
    """What a document is."""

    IDENTITY = "identity"
    RESIDENCE_PERMIT = "residence_permit"
    CARD = "card"
    CARD_CHECK = "card_check"
    DIPLOMA = "diploma"
    EMPLOYMENT_CONTRACT = "employment_contract"
    MEDICAL_FITNESS = "medical_fitness"
    CLIENT_CONTRACT = "client_contract"
    SITE_PLAN = "site_plan"
    INSTRUCTION = "instruction"
    INSURANCE = "insurance"
    OTHER = "other"


class SubjectKind(OpenEnum):
    """What a document is about."""

    ORGANISATION = "organisation"
    CLIENT = "client"
    SITE = "site"
    EMPLOYEE = "employee"


class DocumentStatus(OpenEnum):
    """Whether a document counts."""

    ACTIVE = "active"
    ARCHIVED = "archived"


@attrs.frozen(kw_only=True)
class Document:
    """A stored file: content, `sha256` (hex), `size` (bytes) and `content_type` are those of its attachment.

    `retain_until` is the last day that it has to be kept.
    """

    id: str
    attachment_id: str
    sha256: str
    size: int
    content_type: str
    kind: DocumentKind
    title: str = attrs.field(repr=False)
    subject_kind: SubjectKind
    subject_id: str
    retain_until: date | None = None
    status: DocumentStatus
    version: int
    created_at: Timestamp
    updated_at: Timestamp
