"""Instructions (consignes): versioned texts that guards must have read."""

from __future__ import annotations

import attrs

from sekur_sdk.models.scalars import OpenEnum, Timestamp


class InstructionKind(OpenEnum):
    """For where an instruction is: the whole company, a site, a site for a time, one shift."""

    GENERAL = "general"
    SITE = "site"
    TEMPORARY = "temporary"
    SHIFT = "shift"


class InstructionStatus(OpenEnum):
    """The life of an instruction."""

    DRAFT = "draft"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


@attrs.frozen(kw_only=True)
class Instruction:
    """An instruction in its newest edition; `edition` is 0 in a draft. Published editions never change."""

    id: str
    kind: InstructionKind
    site_id: str | None = None
    post_id: str | None = None
    shift_id: str | None = None
    title: str
    text: str = attrs.field(repr=False)
    must_read: bool
    valid_from: Timestamp | None = None
    valid_until: Timestamp | None = None
    edition: int = 0
    published_at: Timestamp | None = None
    published_by: str | None = attrs.field(default=None, repr=False)
    status: InstructionStatus
    version: int
    created_at: Timestamp
    updated_at: Timestamp


@attrs.frozen(kw_only=True)
class InstructionEdition:
    """An edition as it was published; `sha256` (hex) is of its text in UTF-8."""

    id: str
    instruction_id: str
    edition: int
    title: str
    text: str = attrs.field(repr=False)
    must_read: bool
    valid_from: Timestamp | None = None
    valid_until: Timestamp | None = None
    sha256: str
    published_at: Timestamp
    published_by: str = attrs.field(repr=False)


@attrs.frozen(kw_only=True)
class InstructionAcknowledgement:
    """That an employee has read an edition."""

    id: str
    instruction_id: str
    edition: int
    employee_id: str
    acknowledged_at: Timestamp
