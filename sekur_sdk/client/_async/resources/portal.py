"""The view of a client's own people, whose reports are downloaded."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from sekur_sdk.client._async.download import download
from sekur_sdk.client._async.shell import AsyncShell
from sekur_sdk.client.operations.attachments import content
from sekur_sdk.client.resources.portal import PortalView

if TYPE_CHECKING:
    import os
    from typing import BinaryIO, Unpack

    from sekur_sdk.client.content import Progress
    from sekur_sdk.client.options import CallOptions
    from sekur_sdk.models.documents import Document


class AsyncPortal(PortalView[AsyncShell]):
    """A client's own sites, and of these what is shared with it."""

    async def download_report(
        self,
        report_id: str,
        to: str | os.PathLike[str] | BinaryIO,
        *,
        progress: Progress | None = None,
        **options: Unpack[CallOptions],
    ) -> Document:
        """Writes a report's content to the path `to`, or into an open binary file, as `attachments.download` does.

        Raises:
            ChecksumError: what came is not what the server has.
        """
        report = await self.report(report_id, **options)
        call = self._shell.read_options({"deadline": None, **options})
        asked = functools.partial(content, "client-portal/reports", report.id)
        await download(self._shell, asked, report.size, report.sha256, to, progress, call)
        return report
