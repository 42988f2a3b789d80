"""Attachments."""

from __future__ import annotations

import functools
import mimetypes
import os
from pathlib import Path
from typing import BinaryIO, Unpack

from sekur_sdk.client._async import seam
from sekur_sdk.client._async.download import download
from sekur_sdk.client._async.shell import AsyncShell
from sekur_sdk.client.content import Progress, read_content
from sekur_sdk.client.endpoint import Resource, fetch
from sekur_sdk.client.errors import ArgumentError
from sekur_sdk.client.operations import attachments
from sekur_sdk.client.options import CallOptions, PostOptions
from sekur_sdk.models.attachments import Attachment


class AsyncAttachments(Resource[AsyncShell]):
    """Files that belong to logbook entries, up to 25 MiB each; they are read from and written to the disk by blocking calls."""

    async def upload(
        self,
        source: str | os.PathLike[str] | bytes | BinaryIO,
        *,
        name: str | None = None,
        content_type: str | None = None,
        progress: Progress | None = None,
        **options: Unpack[PostOptions],
    ) -> Attachment:
        """Stores a file: its path, its bytes, or an open binary file from where it stands on.

        `name` and `content_type` follow from a path when None. `progress` is told the bytes sent and their sum, from 0 anew at each
        further try. The server checks the SHA-256. Without `deadline` in the options it may take as long as it takes.

        Raises:
            ArgumentError: `source` can't be read, is empty, or above 25 MiB.
        """
        if name is None:
            if not isinstance(source, str | os.PathLike):
                raise ArgumentError("name", "give the file's name: it follows only from a path")
            name = Path(source).name
        kind = content_type or mimetypes.guess_type(name)[0] or "application/octet-stream"
        content = await seam.in_thread(lambda: read_content(source, progress))
        operation = attachments.upload(content, name=name, content_type=kind)
        return await self._shell.call(operation, {"deadline": None, **options})

    @fetch("/attachments/{attachment_id}")
    def get(self, attachment_id: str, **options: Unpack[CallOptions]) -> Attachment:
        """What is known of an attachment, without its content."""

    async def download(
        self,
        attachment_id: str,
        to: str | os.PathLike[str] | BinaryIO,
        *,
        progress: Progress | None = None,
        **options: Unpack[CallOptions],
    ) -> Attachment:
        """Writes an attachment to the path `to`, or into an open binary file, and gives what is known of it.

        A dropped connection is taken up where it broke. A path has its file only when all is there and its SHA-256 is right. `progress`
        is told the bytes received and their sum. Without `deadline` in the options it may take as long as it takes.

        Raises:
            ChecksumError: what came is not what the server has.
        """
        attachment = await self.get(attachment_id, **options)
        call = self._shell.read_options({"deadline": None, **options})
        content = functools.partial(attachments.content, "attachments", attachment.id)
        await download(self._shell, content, attachment.size, attachment.sha256, to, progress, call)
        return attachment
