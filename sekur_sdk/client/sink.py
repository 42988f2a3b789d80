"""Where a download goes, its SHA-256 taken on the way."""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from sekur_sdk.client.errors import ArgumentError, ChecksumError, ResponseDecodeError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sekur_sdk.client.content import Progress


class Sink:
    """Takes a download of `size` bytes into `file`; after a break it goes on where it was."""

    def __init__(self, file: BinaryIO, size: int, progress: Progress | None) -> None:
        self.received: int = 0
        self._file = file
        self._size = size
        self._progress = progress
        self._digest = hashlib.sha256()
        self._skip = 0

    @property
    def headers(self) -> tuple[tuple[str, str], ...]:
        """What asks for the part that is still missing."""
        return (("Range", f"bytes={self.received}-"),) if self.received else ()

    def begin(self, status: int, headers: Mapping[str, str]) -> None:
        """An answer begins: with the part that was asked for (206), or anew.

        Raises:
            ResponseDecodeError: another part.
        """
        self._skip = self.received
        if status == 206:  # noqa: PLR2004  # Partial Content
            if not headers.get("content-range", "").startswith(f"bytes {self.received}-"):
                raise ResponseDecodeError("$", "another part than the one that was asked for", status)
            self._skip = 0

    def write(self, chunk: bytes) -> None:
        """Takes the next bytes.

        Raises:
            ChecksumError: more than were announced.
        """
        fresh = chunk[self._skip :]
        self._skip -= len(chunk) - len(fresh)
        self.received += len(fresh)
        if self.received > self._size:
            raise ChecksumError(f"the download is longer than the {self._size} bytes that were announced")
        self._digest.update(fresh)
        self._file.write(fresh)
        if self._progress is not None and fresh:
            self._progress(self.received, self._size)

    @property
    def is_whole(self) -> bool:
        """Whether all bytes came."""
        return self.received == self._size

    def check(self, sha256: str) -> None:
        """Compares with the SHA-256 (hex) that the server has.

        Raises:
            ChecksumError: another.
        """
        if self._digest.hexdigest() != sha256.lower():
            raise ChecksumError("the download's SHA-256 is not the one that the server has: it was damaged on the way")


@contextlib.contextmanager
def target(to: str | os.PathLike[str] | BinaryIO) -> Iterator[BinaryIO]:
    """The file to write to. A path has its file only once all is written and checked, and then at once.

    Raises:
        ArgumentError: nothing can be written there.
    """
    if not isinstance(to, str | os.PathLike):
        yield to
        return
    path = Path(to)
    try:
        handle, part = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
    except OSError as error:
        raise ArgumentError("to", f"can't be written ({error.strerror})") from error
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
        Path(part).replace(path)
    except BaseException:
        Path(part).unlink(missing_ok=True)
        raise
