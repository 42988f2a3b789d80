"""The bytes of attachments: a folder beside the database, each file under the SHA-256 of what it holds.

They are not in the database: 25 MiB written there would hold up the one writer, and an alarm behind it. A file is on the disk before the row that
names it is committed; a crash in between leaves a file that nobody names.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType

_PIECE = 64 * 1024


def folder_of(database: Path) -> Path:
    """The folder that belongs to the database file."""
    return database.with_name(f"{database.name}.attachments")


class Incoming:
    """A file as it comes in; gone when its `with` block ends, unless it was kept."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, exist_ok=True)
        self._folder = folder
        handle, name = tempfile.mkstemp(dir=folder, suffix=".part")
        self._file = os.fdopen(handle, "wb")
        self._path = Path(name)
        self._digest = hashlib.sha256()
        self.size: int = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()
        self._path.unlink(missing_ok=True)

    def write(self, piece: bytes) -> None:
        """Take the next bytes."""
        self._file.write(piece)
        self._digest.update(piece)
        self.size += len(piece)

    @property
    def sha256(self) -> str:
        """The SHA-256 of what came so far, in hexadecimal."""
        return self._digest.hexdigest()

    def flush(self) -> None:
        """Bring its bytes to the disk, so that `keep` is quick."""
        self._file.flush()
        os.fsync(self._file.fileno())

    def keep(self) -> None:
        """Put it in its place, safe from a power cut; on the writer's thread, which removes files too."""
        self._path.replace(self._folder / self.sha256)
        handle = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def read_part(folder: Path, sha256: str, start: int, stop: int) -> Iterator[bytes]:
    """The bytes from `start` up to `stop` of the file with that SHA-256."""
    with (folder / sha256).open("rb") as file:
        file.seek(start)
        while start < stop and (piece := file.read(min(_PIECE, stop - start))):
            start += len(piece)
            yield piece
