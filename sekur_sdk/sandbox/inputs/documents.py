"""Inputs of documents."""

from __future__ import annotations

from datetime import date
from typing import Literal

from msgspec import UNSET, UnsetType

from sekur_sdk.sandbox.inputs.body import Patch, Strict
from sekur_sdk.sandbox.inputs.scalars import Digest, IdText, Name

DocumentKindName = Literal[
    "identity",
    "residence_permit",
    "card",
    "card_check",
    "diploma",
    "employment_contract",
    "medical_fitness",
    "client_contract",
    "site_plan",
    "instruction",
    "insurance",
    "other",
]
SubjectKindName = Literal["organisation", "client", "site", "employee"]


class DocumentCreate(Strict, kw_only=True, frozen=True):
    """A document over a stored attachment, which must have the digest where one is told."""

    attachment_id: IdText
    sha256: Digest | None = None
    kind: DocumentKindName
    title: Name
    subject_kind: SubjectKindName
    subject_id: IdText
    retain_until: date | None = None


class DocumentUpdate(Patch, kw_only=True, frozen=True):
    """What to change of a document; other content is another document."""

    kind: DocumentKindName | UnsetType = UNSET
    title: Name | UnsetType = UNSET
    retain_until: date | UnsetType | None = UNSET
