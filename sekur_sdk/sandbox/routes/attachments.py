"""Attachments: files that belong to logbook entries, documents and scans of checkpoints."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from litestar import Request, Response, get, post
from litestar.concurrency import sync_to_thread
from litestar.di import NamedDependency
from litestar.params import FromPath, HeaderParameter
from litestar.response import Stream

from sekur_sdk.models.attachments import Attachment
from sekur_sdk.sandbox.access import Caller, needs
from sekur_sdk.sandbox.idempotency import make_change
from sekur_sdk.sandbox.inputs.upload import read_digest, read_media_type, read_name, read_range
from sekur_sdk.sandbox.problems import RefusalError, declared
from sekur_sdk.sandbox.routes.reading import shown
from sekur_sdk.sandbox.store.database import Store
from sekur_sdk.sandbox.store.files import Incoming, folder_of, read_part
from sekur_sdk.sandbox.store.records import attachments
from sekur_sdk.sandbox.trade.attachments import READ_SCOPES, UPLOAD_SCOPES, readable

if TYPE_CHECKING:
    from pathlib import Path

    from sekur_sdk.sandbox.store.writer import Transaction

MAX_BYTES = 25 * 1024 * 1024


@post(
    "/attachments",
    guards=[needs(*UPLOAD_SCOPES)],
    operation_id="upload_attachment",
    responses=declared(400, 401, 403, 409, 413, 422),
    request_max_body_size=MAX_BYTES,
)
async def upload_attachment(
    request: Request[Any, Any, Any],
    store: NamedDependency[Store],
    content_type: Annotated[str | None, HeaderParameter(name="Content-Type")] = None,
    content_disposition: Annotated[str | None, HeaderParameter(name="Content-Disposition")] = None,
    repr_digest: Annotated[str | None, HeaderParameter(name="Repr-Digest")] = None,
    idempotency_key: Annotated[str | None, HeaderParameter(name="Idempotency-Key")] = None,
) -> Response[Attachment]:
    """A new attachment: the body is its content. With a `Repr-Digest` it is stored only if its SHA-256 is that."""
    name, kind, digest = read_name(content_disposition), read_media_type(content_type), read_digest(repr_digest)
    with Incoming(folder_of(store.path)) as incoming:
        async for piece in request.stream():
            incoming.write(piece)
        if not incoming.size:
            raise RefusalError(422, "An attachment is not empty.")
        if digest is not None and digest != incoming.sha256:
            raise RefusalError(422, "The body's SHA-256 is not that of Repr-Digest: it was damaged on the way.")
        told = f"{name}\0{kind}\0{incoming.sha256}".encode()
        change = make_change(request, key=idempotency_key, body=told, if_match=None)

        def keep(tx: Transaction) -> Attachment:
            attachment = Attachment(
                id=tx.new_id(attachments.prefix),
                name=name,
                content_type=kind,
                size=incoming.size,
                sha256=incoming.sha256,
                created_at=tx.now,
            )
            incoming.keep()
            return attachments.insert(tx, attachment, uploaded_by=change.caller.id)

        def store_it() -> Response[Attachment]:
            incoming.flush()
            return change.created(keep, "/api/v1/attachments")

        return await sync_to_thread(store_it)


@get(
    "/attachments/{id:str}",
    guards=[needs(*READ_SCOPES)],
    sync_to_thread=True,
    operation_id="get_attachment",
    responses=declared(400, 401, 403, 404),
)
def get_attachment(
    request: Request[Caller, Any, Any],
    store: NamedDependency[Store],
    id: FromPath[str],  # noqa: A002  # named by the contract
) -> Response[Attachment]:
    """What is known of an attachment; it takes the scope of what it belongs to, and while that is nothing its uploader's token."""
    with store.read() as connection:
        return shown(readable(connection, id, request.user))


@get(
    "/attachments/{id:str}/content",
    guards=[needs(*READ_SCOPES)],
    sync_to_thread=True,
    operation_id="get_attachment_content",
    responses=declared(400, 401, 403, 404, 416),
)
def get_attachment_content(
    request: Request[Caller, Any, Any],
    store: NamedDependency[Store],
    id: FromPath[str],  # noqa: A002  # as above
    range_: Annotated[str | None, HeaderParameter(name="Range")] = None,
) -> Stream:
    """The content of an attachment, or the part that `Range` asks for."""
    with store.read() as connection:
        attachment = readable(connection, id, request.user)
    return content_of(store, attachment, range_)


def content_of(store: Store, attachment: Attachment, range_: str | None) -> Stream:
    """The content of an attachment, or the part that a `Range` header asks for.

    Raises:
        RefusalError: 404, it was erased; 416, a range behind the end.
    """
    if attachment.erased_at is not None:
        raise RefusalError(404, "The content was erased.")
    return part_of(folder_of(store.path), attachment.sha256, attachment.size, attachment.content_type, range_)


def part_of(folder: Path, sha256: str, size: int, content_type: str, range_: str | None) -> Stream:
    """The file with that SHA-256 in `folder`, or the part that a `Range` header asks for.

    Raises:
        RefusalError: 416, a range behind the end.
    """
    part = read_range(range_, size)
    start, stop = part or (0, size)
    headers = {
        "Accept-Ranges": "bytes",
        "Content-Length": str(stop - start),
        # no name: clients' logs may show the headers of an answer
        "Content-Disposition": "attachment",
        "X-Content-Type-Options": "nosniff",
        "ETag": f'"{sha256}"',
    }
    if part is not None:
        headers["Content-Range"] = f"bytes {start}-{stop - 1}/{size}"
    return Stream(
        read_part(folder, sha256, start, stop),
        status_code=200 if part is None else 206,
        media_type=content_type,
        headers=headers,
    )


HANDLERS = (upload_attachment, get_attachment, get_attachment_content)
