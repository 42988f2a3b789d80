"""Stored files with what they are and how long they are kept."""

from __future__ import annotations

from datetime import date
from typing import Unpack

from msgspec import UNSET, UnsetType

from sekur_sdk.client.endpoint import Resource, fetch, listing, patch, post
from sekur_sdk.client.options import CallOptions, ListOptions, PostOptions, StepOptions
from sekur_sdk.client.shells import ShellT
from sekur_sdk.models.documents import Document, DocumentKind, DocumentStatus, SubjectKind
from sekur_sdk.models.paging import Page


class DocumentRecords(Resource[ShellT]):
    """Stored files with what they are and how long they are kept."""

    @listing("/documents")
    def list(
        self,
        *,
        kind: DocumentKind | str | None = None,
        status: DocumentStatus | str | None = None,
        subject_kind: SubjectKind | str | None = None,
        subject_id: str | None = None,
        retained_before: date | None = None,
        **options: Unpack[ListOptions],
    ) -> Page[Document]:
        """All that meet the filters."""

    @fetch("/documents/{document_id}")
    def get(self, document_id: str, **options: Unpack[CallOptions]) -> Document:
        """One by its id."""

    @post("/documents")
    def create(
        self,
        *,
        attachment_id: str,
        subject_kind: SubjectKind | str,
        subject_id: str,
        kind: DocumentKind | str,
        title: str,
        retain_until: date | None = None,
        sha256: str | None = None,
        **options: Unpack[PostOptions],
    ) -> Document:
        """A new document over an uploaded attachment, about `subject_id`, of the kind `subject_kind`."""

    @patch("/documents/{document_id}")
    def update(
        self,
        document_id: str,
        *,
        version: int,
        retain_until: date | UnsetType | None = UNSET,
        kind: DocumentKind | str | UnsetType = UNSET,
        title: str | UnsetType = UNSET,
        **options: Unpack[CallOptions],
    ) -> Document:
        """Changes what is given; None clears what may be empty.

        Raises:
            PreconditionFailedError: it has changed since `version`.
        """

    @post("/documents/{document_id}/archive")
    def archive(self, document_id: str, **options: Unpack[StepOptions]) -> Document:
        """Counted no more."""

    @post("/documents/{document_id}/restore")
    def restore(self, document_id: str, **options: Unpack[StepOptions]) -> Document:
        """Counted again."""
