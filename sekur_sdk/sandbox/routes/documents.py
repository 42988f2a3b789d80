"""Documents, and their content for those who may not read the logbook's attachments."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath, HeaderParameter
from litestar.response import Stream

from sekur_sdk.sandbox.access import needs
from sekur_sdk.sandbox.inputs.billing import Nothing
from sekur_sdk.sandbox.inputs.company import KeptStatus
from sekur_sdk.sandbox.inputs.documents import DocumentCreate, DocumentKindName, DocumentUpdate, SubjectKindName
from sekur_sdk.sandbox.problems import declared
from sekur_sdk.sandbox.routes.attachments import content_of
from sekur_sdk.sandbox.routes.resource import Filter, Routes
from sekur_sdk.sandbox.store.database import Store
from sekur_sdk.sandbox.store.records import attachments, documents
from sekur_sdk.sandbox.trade import documents as trade
from sekur_sdk.sandbox.trade.references import get as find

_DOCUMENTS = Routes(path="/documents", module="documents", what="document", records=documents)


@get(
    "/documents/{id:str}/content",
    guards=[needs("documents:read")],
    sync_to_thread=True,
    operation_id="get_document_content",
    responses=declared(400, 401, 403, 404, 416),
)
def get_document_content(
    store: NamedDependency[Store],
    id: FromPath[str],  # noqa: A002  # the path parameter's name in the contract
    range_: Annotated[str | None, HeaderParameter(name="Range")] = None,
) -> Stream:
    """The content of a document, or the part that `Range` asks for."""
    with store.read() as connection:
        attachment = find(
            connection, attachments, find(connection, documents, id, "document").attachment_id, "document"
        )
    return content_of(store, attachment, range_)


HANDLERS = (
    _DOCUMENTS.list(
        sorts=("created_at", "updated_at"),
        equal={"kind": DocumentKindName, "status": KeptStatus, "subject_kind": SubjectKindName, "subject_id": str},
        more={"retained_before": Filter(date, lambda day, _: documents.table.c.retain_until < day)},
    ),
    _DOCUMENTS.get(),
    _DOCUMENTS.create(DocumentCreate, lambda tx, data, change: trade.create_document(tx, data, caller=change.caller)),
    _DOCUMENTS.update(DocumentUpdate, lambda tx, document, data, _: trade.update_document(tx, document, data)),
    _DOCUMENTS.step("archive", Nothing, lambda tx, document, *_: trade.step_document(tx, document, "archive")),
    _DOCUMENTS.step("restore", Nothing, lambda tx, document, *_: trade.step_document(tx, document, "restore")),
    get_document_content,
)
