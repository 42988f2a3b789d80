"""Documents, whose content is downloaded."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from sekur_sdk.client._async.download import download
from sekur_sdk.client._async.shell import AsyncShell
from sekur_sdk.client.operations.attachments import content
from sekur_sdk.client.resources.documents import DocumentRecords

if TYPE_CHECKING:
    import os
    from typing import BinaryIO, Unpack

    from sekur_sdk.client.content import Progress
    from sekur_sdk.client.options import CallOptions
    from sekur_sdk.models.documents import Document


class AsyncDocuments(DocumentRecords[AsyncShell]):
    """Stored files with what they are and how long they are kept."""

    async def download(
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
        document = await self.get(document_id, **options)
        call = self._shell.read_options({"deadline": None, **options})
        asked = functools.partial(content, "documents", document.id)
        await download(self._shell, asked, document.size, document.sha256, to, progress, call)
        return document
