# Made from client/_async by tools/generate_sync.py: change it there.
"""Documents, whose content is downloaded."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from sekur_sdk.client._sync.download import download
from sekur_sdk.client._sync.shell import Shell
from sekur_sdk.client.operations.attachments import content
from sekur_sdk.client.resources.documents import DocumentRecords

if TYPE_CHECKING:
    import os
    from typing import BinaryIO, Unpack

    from sekur_sdk.client.content import Progress
    from sekur_sdk.client.options import CallOptions
    from sekur_sdk.models.documents import Document


class Documents(DocumentRecords[Shell]):
    """Stored files with what they are and how long they are kept."""

    def download(
        self,
        document_id: str,
        to: str | os.PathLike[str] | BinaryIO,
        *,
        progress: Progress | None = None,
        **options: Unpack[CallOptions],
    ) -> Document:
        """Writes a document's content to the path `to`, or into an open binary file, as `attachments.download` does.

        Raises:
            ChecksumError: what came is not what the server has.
        """
        document = self.get(document_id, **options)
        call = self._shell.read_options({"deadline": None, **options})
        asked = functools.partial(content, "documents", document.id)
        download(self._shell, asked, document.size, document.sha256, to, progress, call)
        return document
