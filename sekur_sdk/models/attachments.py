"""Attachments: files that belong to logbook entries."""

from __future__ import annotations

import attrs

from sekur_sdk.models.scalars import Timestamp


@attrs.frozen(kw_only=True)
class Attachment:
    """A stored file, never changed once stored. `size` is in bytes, `sha256` the digest (hex) of its content; its repr shows no name."""

    id: str
    name: str = attrs.field(repr=False)
    content_type: str
    size: int
    sha256: str
    created_at: Timestamp
