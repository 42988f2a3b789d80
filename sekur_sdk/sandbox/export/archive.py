"""The ZIP of an export: `database.sql`, the files, a manifest with the SHA-256 of each."""

from __future__ import annotations

import hashlib
import zipfile
from contextlib import contextmanager
from typing import TYPE_CHECKING

import msgspec

from sekur_sdk.sandbox.export.dump import LEFT_OUT, count_rows, dump
from sekur_sdk.sandbox.store.records import attachments

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime
    from pathlib import Path
    from typing import IO

    import sqlalchemy as sa

_PIECE = 256 * 1024
_READ_ME = """\
Export de réversibilité (article 21 des conditions générales)

database.sql    toutes les tables ; à charger par : sqlite3 sekur.sqlite3 < database.sql
attachments/    les pièces jointes, sous leur identifiant
manifest.json   le SHA-256 et la taille de chaque fichier, le nombre de lignes de chaque table

Ne s'y trouvent pas, parce que ce sont des secrets (leurs lignes y sont, la valeur est remplacée) :
{left_out}
"""


class _Hashed:
    """An entry as it is written, with what the manifest says of it."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._digest = hashlib.sha256()
        self.size = 0

    def write(self, piece: bytes) -> None:
        self._file.write(piece)
        self._digest.update(piece)
        self.size += len(piece)

    @property
    def sha256(self) -> str:
        return self._digest.hexdigest()


class Archive:
    """Writes one export of what `connection` sees into `file`.

    `at` is when; `progress` is told the rows and files done and how many there are, and may raise to end it.
    """

    def __init__(
        self,
        file: IO[bytes],
        connection: sa.Connection,
        folder: Path,
        at: datetime,
        progress: Callable[[int, int], None],
    ) -> None:
        self._connection = connection
        self._folder = folder
        self._at = at
        self._progress = progress
        self._zip = zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=4)
        self._entries: list[dict[str, object]] = []
        self._done = 0
        self._total = 0

    def write(self) -> int:
        """Write all of it; how many rows and files there were."""
        rows = count_rows(self._connection)
        files = attachments.all(self._connection, attachments.table.c.erased_at.is_(None))
        self._total = sum(rows.values()) + len(files)
        self._progress(0, self._total)
        with self._zip:
            self._add("LISEZMOI.txt", [_READ_ME.format(left_out="\n".join(_left_out())).encode()])
            self._add("database.sql", (text.encode() for text in dump(self._connection, self._advance)))
            for attachment in files:
                self._add_file(attachment.id, attachment.name, attachment.sha256)
                self._advance(1)
            manifest = {
                "made_at": self._at,
                "tables": rows,
                "files": self._entries,
                "left_out": _left_out(),
            }
            with self._entry("manifest.json") as entry:
                entry.write(msgspec.json.format(msgspec.json.encode(manifest), indent=1))
        return self._total

    def _advance(self, count: int) -> None:
        self._done += count
        self._progress(self._done, self._total)

    def _add_file(self, id_: str, name: str, sha256: str) -> None:
        path = f"attachments/{id_}/{_safe(name)}"
        try:
            with (self._folder / sha256).open("rb") as file:
                found = self._add(path, iter(lambda: file.read(_PIECE), b""))
        except FileNotFoundError:
            # said, not hidden: an export with all the rest is worth more than none
            self._entries.append({"path": path, "is_missing": True})
            return
        if found != sha256:
            self._entries[-1]["is_damaged"] = True

    def _add(self, path: str, pieces: Iterator[bytes] | list[bytes]) -> str:
        with self._entry(path) as entry:
            for piece in pieces:
                entry.write(piece)
        self._entries.append({"path": path, "size": entry.size, "sha256": entry.sha256})
        return entry.sha256

    @contextmanager
    def _entry(self, path: str) -> Iterator[_Hashed]:
        info = zipfile.ZipInfo(path, self._at.timetuple()[:6])
        info.compress_type = zipfile.ZIP_DEFLATED
        info.external_attr = 0o600 << 16
        with self._zip.open(info, "w", force_zip64=True) as file:
            yield _Hashed(file)


def _left_out() -> list[str]:
    return [f"{table}.{column}" for table, column in sorted(LEFT_OUT)]


def _safe(name: str) -> str:
    """A name that can't lead out of its folder, on any system."""
    kept = "".join("_" if character in '/\\:*?"<>|' or not character.isprintable() else character for character in name)
    return kept.strip(". ") or "file"
