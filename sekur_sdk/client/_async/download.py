"""A download that goes on where it broke."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO

from sekur_sdk.client._async import seam
from sekur_sdk.client.errors import ConnectionLostError, DeadlineExceededError, SekurError
from sekur_sdk.client.logs import log_retry
from sekur_sdk.client.operations import attachments
from sekur_sdk.client.protocol import ANY
from sekur_sdk.client.sink import Sink, target

if TYPE_CHECKING:
    import os

    from sekur_sdk.client._async.shell import AsyncShell
    from sekur_sdk.client.content import Progress
    from sekur_sdk.client.options import Call
    from sekur_sdk.client.retry import Tries
    from sekur_sdk.models.attachments import Attachment


async def download(
    shell: AsyncShell,
    attachment: Attachment,
    to: str | os.PathLike[str] | BinaryIO,
    progress: Progress | None,
    call: Call,
) -> None:
    """Writes the content of `attachment` to `to`; what had come before a connection broke is not asked for again.

    Raises:
        ChecksumError: what came is not what the server has.
        SekurError: in the class of what went wrong.
    """
    tries = shell.begin(call)
    with target(to) as file:
        sink = Sink(file, attachment.size, progress)
        while not sink.is_whole:
            before = sink.received
            try:
                await _receive(shell, attachment, sink, call, tries)
            except SekurError as error:
                if sink.received > before:
                    tries.failures = 0
                operation = attachments.content(attachment.id, sink.headers)
                pause = tries.pause_after(error, operation, seam.monotonic())
                if pause is None:
                    raise
                log_retry(operation, error, pause, call.request_id)
                await seam.sleep(pause)
        sink.check(attachment.sha256)


async def _receive(shell: AsyncShell, attachment: Attachment, sink: Sink, call: Call, tries: Tries) -> None:
    body = await shell.open_stream(attachments.content(attachment.id, sink.headers), call, accept=ANY)
    try:
        sink.begin(body.status, body.headers)
        while chunk := await body.read_chunk():
            sink.write(chunk)
            if tries.remaining(seam.monotonic()) <= 0:
                raise DeadlineExceededError("the download was not whole within its deadline")
    finally:
        await body.aclose()
    if not sink.is_whole:
        raise ConnectionLostError("the server ended the download before it was whole")
