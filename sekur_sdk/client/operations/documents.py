"""Stored files with what they are and how long they are kept."""

from __future__ import annotations

from datetime import date  # noqa: TC003  # read at run time
from typing import Required, TypedDict, Unpack

from sekur_sdk.client.arguments import identifier
from sekur_sdk.client.fields import Step, act, change, listed, new
from sekur_sdk.client.operation import Operation
from sekur_sdk.client.operation import get as read
from sekur_sdk.client.options import CallOptions, ListOptions, PostOptions
from sekur_sdk.models.documents import Document, DocumentKind, DocumentStatus, SubjectKind
from sekur_sdk.models.paging import Page


class DocumentFilters(ListOptions, total=False):
    """Filters and options of the list."""

    kind: DocumentKind | str
    status: DocumentStatus | str
    subject_kind: SubjectKind | str
    subject_id: str
    retained_before: date


class _DocumentFields(TypedDict, total=False):
    """Fields that need not be given."""

    retain_until: date | None


class NewDocument(_DocumentFields, PostOptions, total=False):
    """Fields of a new one, and options."""

    attachment_id: Required[str]
    subject_kind: Required[SubjectKind | str]
    subject_id: Required[str]
    kind: Required[DocumentKind | str]
    title: Required[str]
    sha256: str | None


class DocumentChange(_DocumentFields, CallOptions, total=False):
    """What to change, and options; `version` is the one that the caller saw."""

    version: Required[int]
    kind: DocumentKind | str
    title: str


def _at(document_id: str, action: str = "") -> str:
    return f"/documents/{identifier('document_id', document_id)}{action}"


def list_all(**given: Unpack[DocumentFilters]) -> Operation[Page[Document]]:
    """GET /documents."""
    return listed("/documents", Page[Document], given, DocumentFilters)


def get(document_id: str) -> Operation[Document]:
    """GET /documents/{id}."""
    return read(_at(document_id), Document)


def create(**given: Unpack[NewDocument]) -> Operation[Document]:
    """POST /documents."""
    return new("/documents", Document, given, NewDocument)


def update(document_id: str, **given: Unpack[DocumentChange]) -> Operation[Document]:
    """PATCH /documents/{id}."""
    return change(_at(document_id), Document, given, DocumentChange)


def archive(document_id: str, **given: Unpack[Step]) -> Operation[Document]:
    """POST /documents/{id}/archive."""
    return act(_at(document_id, "/archive"), Document, given)


def restore(document_id: str, **given: Unpack[Step]) -> Operation[Document]:
    """POST /documents/{id}/restore."""
    return act(_at(document_id, "/restore"), Document, given)


def content(document_id: str, part: tuple[tuple[str, str], ...]) -> Operation[object]:
    """GET /documents/{id}/content."""
    return Operation(method="GET", path=_at(document_id, "/content"), headers=part, answer=object, is_repeatable=True)
