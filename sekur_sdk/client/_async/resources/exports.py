"""Exports, which are waited for and downloaded."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from sekur_sdk.client._async import seam
from sekur_sdk.client._async.download import download
from sekur_sdk.client._async.shell import AsyncShell
from sekur_sdk.client.errors import ArgumentError, DeadlineExceededError, ExportFailedError
from sekur_sdk.client.operations.attachments import content
from sekur_sdk.client.resources.exports import ExportRecords
from sekur_sdk.models.exports import ExportStatus

if TYPE_CHECKING:
    import os
    from typing import BinaryIO, Unpack

    from sekur_sdk.client.content import Progress
    from sekur_sdk.client.options import CallOptions
    from sekur_sdk.models.exports import Export


class AsyncExports(ExportRecords[AsyncShell]):
    """All of the organisation's data, to take away."""

    async def wait(
        self,
        export_id: str,
        *,
        progress: Progress | None = None,
        poll_every: float = 1.0,
        **options: Unpack[CallOptions],
    ) -> Export:
        """The export once it is ready; asked for every `poll_every` seconds.

        `progress` is told the rows done and their sum each time. `deadline` in the options is for the whole wait; without it, it may take
        as long as it takes.

        Raises:
            ExportFailedError: it could not be made, or is past its time.
            DeadlineExceededError: it was not ready in time; it goes on being made.
        """
        if not poll_every > 0:
            raise ArgumentError("poll_every", "give seconds, more than 0")
        deadline = self._shell.read_options({"deadline": None, **options}).deadline
        ends_at = None if deadline is None else seam.monotonic() + deadline
        while True:
            if ends_at is not None:
                options["deadline"] = max(ends_at - seam.monotonic(), 0.001)
            export = await self.get(export_id, **options)
            if progress is not None and export.rows_total is not None:
                progress(export.rows_done, export.rows_total)
            if export.status == ExportStatus.READY:
                return export
            if export.status not in (ExportStatus.REQUESTED, ExportStatus.RUNNING):
                raise ExportFailedError(export.status, export.failure)
            if ends_at is not None and seam.monotonic() + poll_every >= ends_at:
                raise DeadlineExceededError("the export was not ready within the wait's deadline")
            await seam.sleep(poll_every)

    async def download(
        self,
        export_id: str,
        to: str | os.PathLike[str] | BinaryIO,
        *,
        progress: Progress | None = None,
        **options: Unpack[CallOptions],
    ) -> Export:
        """Writes a ready export to the path `to`, or into an open binary file, as `attachments.download` does.

        Raises:
            ChecksumError: what came is not what the server has.
            ExportFailedError: it is not ready.
        """
        export = await self.get(export_id, **options)
        if export.size is None or export.sha256 is None:
            raise ExportFailedError(export.status, export.failure)
        call = self._shell.read_options({"deadline": None, **options})
        asked = functools.partial(content, "exports", export.id)
        await download(self._shell, asked, export.size, export.sha256, to, progress, call)
        return export
