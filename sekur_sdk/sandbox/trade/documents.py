"""Documents: what a stored attachment is, whom it is about, how long it is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sekur_sdk.models.documents import Document, DocumentStatus, SubjectKind
from sekur_sdk.models.events import EventType
from sekur_sdk.sandbox.inputs.body import fields_of
from sekur_sdk.sandbox.problems import rule_broken
from sekur_sdk.sandbox.store.records import attachments, clients, documents, employees, organisations, sites
from sekur_sdk.sandbox.trade.attachments import bind
from sekur_sdk.sandbox.trade.billing import french_day
from sekur_sdk.sandbox.trade.references import named
from sekur_sdk.sandbox.trade.steps import Life, refuse_ended, step
from sekur_sdk.sandbox.trade.typed import typed

if TYPE_CHECKING:
    from datetime import date

    from sekur_sdk.sandbox.access import Caller
    from sekur_sdk.sandbox.inputs.documents import DocumentCreate, DocumentUpdate
    from sekur_sdk.sandbox.store.records import Records
    from sekur_sdk.sandbox.store.writer import Transaction

LIFE: Life[DocumentStatus] = {
    DocumentStatus.ACTIVE: {"archive": DocumentStatus.ARCHIVED},
    DocumentStatus.ARCHIVED: {"restore": DocumentStatus.ACTIVE},
}
_SUBJECTS: dict[SubjectKind, Records[Any]] = {
    SubjectKind.ORGANISATION: organisations,
    SubjectKind.CLIENT: clients,
    SubjectKind.SITE: sites,
    SubjectKind.EMPLOYEE: employees,
}


def create_document(tx: Transaction, data: DocumentCreate, *, caller: Caller) -> Document:
    """A document over a stored attachment, its own from now on or another document's already."""
    id_ = tx.new_id(documents.prefix)
    attachment = attachments.find(tx.connection, data.attachment_id)
    if attachment is None or attachment.owner_id is None or not attachment.owner_id.startswith(documents.prefix):
        attachment = bind(tx, data.attachment_id, "$.attachment_id", owner_id=id_, caller=caller)
    elif attachment.erased_at is not None:
        raise rule_broken("$.attachment_id", "The attachment was erased")
    if data.sha256 not in (None, attachment.sha256):
        raise rule_broken("$.sha256", "The attachment has another SHA-256")
    named(tx.connection, _SUBJECTS[SubjectKind(data.subject_kind)], data.subject_id, "$.subject_id", data.subject_kind)
    _check_retention(tx, data.retain_until)
    stored = {"sha256": attachment.sha256, "size": attachment.size, "content_type": attachment.content_type}
    made = documents.create(tx, id_=id_, **typed(Document, fields_of(data) | stored), status=DocumentStatus.ACTIVE)
    tx.record(EventType.DOCUMENT_CREATED, made)
    return made


def update_document(tx: Transaction, document: Document, data: DocumentUpdate) -> Document:
    """The document with the sent fields changed."""
    refuse_ended(LIFE, "document", document)
    changes = typed(Document, data.changes())
    if not changes:
        return document
    _check_retention(tx, changes.get("retain_until"))
    return _change(tx, document, **changes)


def step_document(tx: Transaction, document: Document, action: str) -> Document:
    """The document after a step; its content stays."""
    return _change(tx, document, status=step(LIFE, "document", document, action))


def _change(tx: Transaction, document: Document, **changes: object) -> Document:
    changed = documents.update(tx, document, **changes)
    tx.record(EventType.DOCUMENT_UPDATED, changed)
    return changed


def _check_retention(tx: Transaction, retain_until: date | None) -> None:
    if retain_until is not None and retain_until < french_day(tx.now):
        raise rule_broken("$.retain_until", "A document is kept until a day that is not past")
