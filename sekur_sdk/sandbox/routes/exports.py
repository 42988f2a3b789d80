"""Exports and their files."""

from __future__ import annotations

from typing import Annotated

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath, HeaderParameter
from litestar.response import Stream

from sekur_sdk.models.exports import ExportStatus
from sekur_sdk.sandbox.access import needs
from sekur_sdk.sandbox.export.maker import exports_of
from sekur_sdk.sandbox.inputs.exports import ExportCreate, ExportStatusName
from sekur_sdk.sandbox.problems import RefusalError, declared, not_found
from sekur_sdk.sandbox.routes.attachments import part_of
from sekur_sdk.sandbox.routes.resource import Routes
from sekur_sdk.sandbox.store.database import Store
from sekur_sdk.sandbox.store.records import exports
from sekur_sdk.sandbox.trade import exports as trade
from sekur_sdk.sandbox.trade.references import get as find

_EXPORTS = Routes(path="/exports", module="exports", what="export", records=exports)


@get(
    "/exports/{id:str}/content",
    guards=[needs("exports:read")],
    sync_to_thread=True,
    operation_id="get_export_content",
    responses=declared(400, 401, 403, 404, 409, 416),
)
def get_export_content(
    store: NamedDependency[Store],
    id: FromPath[str],  # noqa: A002  # the path parameter's name in the contract
    range_: Annotated[str | None, HeaderParameter(name="Range")] = None,
) -> Stream:
    """The file of an export that is ready, or the part that `Range` asks for."""
    with store.read() as connection:
        export = find(connection, exports, id, "export")
    if export.status != ExportStatus.READY or export.sha256 is None or export.size is None:
        raise RefusalError(409, f"The export is {export.status}: it has no file.", current=export)
    folder = exports_of(store.path)
    if not (folder / export.sha256).is_file():
        raise not_found("file of the export")
    return part_of(folder, export.sha256, export.size, "application/zip", range_)


HANDLERS = (
    _EXPORTS.list(sorts=("created_at", "updated_at"), equal={"status": ExportStatusName}),
    _EXPORTS.get(),
    _EXPORTS.create(ExportCreate, lambda tx, data, _: trade.create_export(tx, data)),
    get_export_content,
)
