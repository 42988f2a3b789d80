"""Privacy: the audit, exports and erasures of persons, the purge."""

from __future__ import annotations

import hashlib
import tempfile
from typing import TYPE_CHECKING

from litestar import Request, Response, get, post
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from litestar.response import Stream

from sekur_sdk.models.privacy import PrivacyErasure, PurgeReport
from sekur_sdk.sandbox.access import Caller, needs
from sekur_sdk.sandbox.idempotency import Change
from sekur_sdk.sandbox.inputs.body import Body
from sekur_sdk.sandbox.inputs.privacy import PrivacyErasureCreate, PrivacyExportCreate, PurgeRun
from sekur_sdk.sandbox.paging import Listing
from sekur_sdk.sandbox.problems import declared
from sekur_sdk.sandbox.routes.resource import Routes, lister
from sekur_sdk.sandbox.store.database import Store
from sekur_sdk.sandbox.store.files import folder_of
from sekur_sdk.sandbox.store.records import audit_events, privacy_erasures, privacy_exports
from sekur_sdk.sandbox.trade import audit, privacy, retention
from sekur_sdk.sandbox.trade.attachments import remove_erased
from sekur_sdk.sandbox.trade.references import get as find

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import IO

_PIECE = 64 * 1024
_IN_MEMORY = 8 * 1024 * 1024
_EXPORTS = Routes(path="/privacy/exports", module="privacy", what="privacy export", records=privacy_exports)
_ERASURES = Routes(path="/privacy/erasures", module="privacy", what="privacy erasure", records=privacy_erasures)


@get(
    "/privacy/exports/{id:str}/content",
    guards=[needs("privacy:read")],
    sync_to_thread=True,
    operation_id="get_privacy_export_content",
    responses=declared(400, 401, 403, 404, 409),
)
def get_export_content(
    request: Request[Caller, object, State],
    store: NamedDependency[Store],
    id: FromPath[str],  # noqa: A002  # the path parameter's name in the contract
) -> Stream:
    """All that is held about the employee, as it is now: a ZIP with `person.json` and the files."""
    # in memory, and on the disk without a name when it is large: no copy of a person lies about
    file = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115  # closed once it is sent
    try:
        with store.read() as connection:
            export = find(connection, privacy_exports, id, "privacy export")
            privacy.check_export(export, store.now())
            rows = privacy.write_export(connection, export, folder_of(store.path), file)
        caller = request.user
        store.write(lambda tx: audit.note(tx, caller, audit.EXPORT_READ, count=rows, employee_id=export.employee_id))
        size = file.tell()
        file.seek(0)
        digest = hashlib.sha256()
        while piece := file.read(_PIECE):
            digest.update(piece)
    except BaseException:
        file.close()
        raise
    headers = {
        "Content-Length": str(size),
        "Content-Disposition": "attachment",
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
        "ETag": f'"{digest.hexdigest()}"',
    }
    return Stream(_pieces(file), media_type="application/zip", headers=headers)


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        file.seek(0)
        while piece := file.read(_PIECE):
            yield piece


@post(
    "/privacy/erasures",
    guards=[needs("privacy:write")],
    dto=Body[PrivacyErasureCreate],
    return_dto=None,
    sync_to_thread=True,
    operation_id="create_privacy_erasure",
    responses=declared(400, 401, 403, 409, 422),
)
def create_erasure(
    store: NamedDependency[Store], data: JSONBody[PrivacyErasureCreate], change: NamedDependency[Change]
) -> Response[PrivacyErasure]:
    """The erasure of a person who has left: irreversible; what the law wants kept is kept under the id alone."""
    answer = change.created(lambda tx: privacy.erase(tx, data, change.caller), "/api/v1/privacy/erasures")
    remove_erased(store)
    store.fold_log()
    return answer


@post(
    "/privacy/purge",
    guards=[needs("privacy:write")],
    dto=Body[PurgeRun],
    return_dto=None,
    status_code=200,
    sync_to_thread=True,
    operation_id="purge",
    responses=declared(400, 401, 403, 409, 422),
)
def purge(data: JSONBody[PurgeRun], change: NamedDependency[Change]) -> Response[PurgeReport]:
    """Delete what is past its retention, as the server does each day by itself; or only count it."""
    return change.done(lambda tx: retention.purge(tx, caller=change.caller, dry_run=data.dry_run))


HANDLERS = (
    lister(
        "/audit-events",
        "privacy",
        "audit events",
        Listing(audit_events, sorts=("at",), default="at", changed="at"),
        equal={"employee_id": str, "actor_id": str, "action": str},
    ),
    _EXPORTS.list(sorts=("created_at",), changed="created_at", equal={"employee_id": str}),
    _EXPORTS.get(),
    _EXPORTS.create(PrivacyExportCreate, lambda tx, data, change: privacy.request_export(tx, data, change.caller)),
    get_export_content,
    _ERASURES.list(sorts=("created_at",), changed="created_at", equal={"employee_id": str}),
    _ERASURES.get(),
    create_erasure,
    purge,
)
