"""What is sent piece by piece, its SHA-256 taken before."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import io
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

import attrs

from sekur_sdk.client.errors import ArgumentError

Progress = Callable[[int, int], None]
"""Told the bytes that went through so far, and how many there are in all."""

MAX_BYTES = 25 * 1024 * 1024
_PIECE = 64 * 1024


@attrs.frozen(kw_only=True)
class Content:
    """A body to be sent as often as there are tries; `sha256` is of its bytes."""

    size: int
    sha256: bytes = attrs.field(repr=False)
    open: Callable[[], contextlib.AbstractContextManager[BinaryIO]] = attrs.field(repr=False)
    progress: Progress | None = attrs.field(default=None, repr=False)

    @property
    def digest(self) -> str:
        """The digest as `Repr-Digest` has it (RFC 9530)."""
        return f"sha-256=:{base64.b64encode(self.sha256).decode()}:"

    def __len__(self) -> int:
        return self.size

    def __iter__(self) -> Iterator[bytes]:
        sent = 0
        with self.open() as file:
            while sent < self.size:
                piece = file.read(min(_PIECE, self.size - sent))
                if not piece:
                    raise ArgumentError("source", "became shorter while it was sent")
                yield piece
                sent += len(piece)
                if self.progress is not None:
                    self.progress(sent, self.size)


def read_content(source: str | os.PathLike[str] | bytes | BinaryIO, progress: Progress | None) -> Content:
    """What `source` holds: a file by its path, bytes, or an open binary file from where it stands on; it is read once for its digest.

    Raises:
        ArgumentError: it can't be read or sought, is empty, or above 25 MiB.
    """
    opened = _opener(source)
    try:
        with opened() as file:
            digest, size = hashlib.sha256(), 0
            while size <= MAX_BYTES and (piece := file.read(_PIECE)):
                digest.update(piece)
                size += len(piece)
    except (OSError, AttributeError, TypeError) as error:
        raise ArgumentError("source", f"can't be read ({getattr(error, 'strerror', None) or error})") from error
    if not 0 < size <= MAX_BYTES:
        raise ArgumentError("source", "give 1 byte to 25 MiB")
    return Content(size=size, sha256=digest.digest(), open=opened, progress=progress)


def _opener(
    source: str | os.PathLike[str] | bytes | BinaryIO,
) -> Callable[[], contextlib.AbstractContextManager[BinaryIO]]:
    if isinstance(source, bytes):
        return lambda: io.BytesIO(source)
    if isinstance(source, str | os.PathLike):
        return lambda: Path(source).open("rb")
    try:
        start = source.tell()
    except (OSError, AttributeError) as error:
        raise ArgumentError("source", "give a path, bytes, or a binary file that can be sought") from error

    def rewound() -> contextlib.AbstractContextManager[BinaryIO]:
        source.seek(start)
        return contextlib.nullcontext(source)  # it is the caller's to close

    return rewound
