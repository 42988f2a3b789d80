"""Attachments: files that belong to logbook entries, documents and scans of checkpoints."""

from __future__ import annotations

import attrs

from sekur_sdk.models.scalars import Timestamp


@attrs.frozen(kw_only=True)
class Attachment:
    """A stored file, never changed once stored. `size` is in bytes, `sha256` the digest (hex) of its content; its repr shows no name.

    `owner_id` is what it belongs to (a logbook entry, a document, a scan), None until then. Once `erased_at`, its name and
    its content are gone.
    """

    id: str
    name: str = attrs.field(repr=False)
    content_type: str
    size: int
    sha256: str
    owner_id: str | None = None
    erased_at: Timestamp | None = None
    created_at: Timestamp
