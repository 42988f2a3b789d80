"""Exports: all of the organisation's data, to take away (reversibility, article 21)."""

from __future__ import annotations

import attrs

from sekur_sdk.models.scalars import OpenEnum, Timestamp


class ExportFormat(OpenEnum):
    """The form of an export: a ZIP with the tables as SQL and the files."""

    ZIP = "zip"


class ExportStatus(OpenEnum):
    """The life of an export."""

    REQUESTED = "requested"
    RUNNING = "running"
    READY = "ready"
    EXPIRED = "expired"
    FAILED = "failed"


@attrs.frozen(kw_only=True)
class Export:
    """An export. `rows_done` of `rows_total` counts rows and files; `size` (bytes) and `sha256` (hex) are those of the file once ready."""

    id: str
    format: ExportFormat
    rows_done: int
    rows_total: int | None = None
    size: int | None = None
    sha256: str | None = None
    failure: str | None = None
    expires_at: Timestamp | None = None
    status: ExportStatus
    version: int
    created_at: Timestamp
    updated_at: Timestamp
