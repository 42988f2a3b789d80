"""A download that goes on where it broke."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO

from sekur_sdk.client._async import seam
from sekur_sdk.client.errors import ConnectionLostError, DeadlineExceededError, SekurError
from sekur_sdk.client.logs import log_retry
from sekur_sdk.client.protocol import ANY
from sekur_sdk.client.sink import Sink, target

if TYPE_CHECKING:
    import os
    from collections.abc import Callable

    from sekur_sdk.client._async.shell import AsyncShell
    from sekur_sdk.client.content import Progress
    from sekur_sdk.client.operation import Operation
    from sekur_sdk.client.options import Call
    from sekur_sdk.client.retry import Tries


async def download(
    shell: AsyncShell,
    content: Callable[[tuple[tuple[str, str], ...]], Operation[object]],
    size: int,
    sha256: str,
    to: str | os.PathLike[str] | BinaryIO,
    progress: Progress | None,
    call: Call,
) -> None:
    """Writes what `content` asks for, of `size` bytes, to `to`; what had come before a connection broke is not asked for again.

    Raises:
        ChecksumError: what came is not what the server has.
        SekurError: in the class of what went wrong.
    """
    tries = shell.begin(call)
    with target(to) as file:
        sink = Sink(file, size, progress)
        while not sink.is_whole:
            before = sink.received
            try:
                await _receive(shell, content(sink.headers), sink, call, tries)
            except SekurError as error:
                if sink.received > before:
                    tries.failures = 0
                operation = content(sink.headers)
                pause = tries.pause_after(error, operation, seam.monotonic())
                if pause is None:
                    raise
                log_retry(operation, error, pause, call.request_id)
                await seam.sleep(pause)
        sink.check(sha256)


async def _receive(shell: AsyncShell, operation: Operation[object], sink: Sink, call: Call, tries: Tries) -> None:
    body = await shell.open_stream(operation, call, accept=ANY)
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
