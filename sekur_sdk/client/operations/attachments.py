"""Attachments."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from sekur_sdk.client.arguments import identifier, media_type, words
from sekur_sdk.client.operation import Operation
from sekur_sdk.models.attachments import Attachment

if TYPE_CHECKING:
    from sekur_sdk.client.content import Content


def upload(content: Content, *, name: str, content_type: str) -> Operation[Attachment]:
    """POST /attachments."""
    return Operation(
        method="POST",
        path="/attachments",
        headers=(
            ("Content-Disposition", f"attachment; filename*=UTF-8''{quote(words('name', name), safe='')}"),
            ("Content-Length", str(content.size)),
            ("Repr-Digest", content.digest),
        ),
        body=content,
        content_type=media_type("content_type", content_type),
        answer=Attachment,
        has_key=True,
        is_repeatable=True,
    )


def content(kind: str, stored_id: str, part: tuple[tuple[str, str], ...]) -> Operation[object]:
    """GET /{kind}/{id}/content, of a stored file."""
    path = f"/{kind}/{identifier('id', stored_id)}/content"
    return Operation(method="GET", path=path, headers=part, answer=object, is_repeatable=True)
