"""Makes exports, one after the other, on a thread of its own and from a snapshot: nobody who writes waits for it.

The file is made beside its place and put there whole, under its SHA-256; after a kill in the middle it is made anew.
"""

from __future__ import annotations

import hashlib
import logging
import os
import threading
import time
from typing import TYPE_CHECKING

from sekur_sdk.models.exports import Export, ExportStatus
from sekur_sdk.sandbox.diagnosis import where
from sekur_sdk.sandbox.export.archive import Archive
from sekur_sdk.sandbox.store.files import folder_of
from sekur_sdk.sandbox.store.records import exports
from sekur_sdk.sandbox.trade import exports as trade

if TYPE_CHECKING:
    from pathlib import Path

    from sekur_sdk.sandbox.store.database import Store
    from sekur_sdk.sandbox.store.writer import Transaction

_TOLD_EVERY_S = 0.5
_log = logging.getLogger("sekur_sdk.sandbox.export")


def exports_of(database: Path) -> Path:
    """The folder of exports that belongs to the database file."""
    return database.with_name(f"{database.name}.exports")


class _EndedError(Exception):
    """The server is told to end."""


class ExportMaker:
    """A thread that makes what was asked for."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._folder = exports_of(store.path)
        self._woken = threading.Event()
        self._ended = False
        self._thread: threading.Thread | None = None
        self._told_at = 0.0
        store.on_commit(self._committed)

    def start(self) -> None:
        """Take up what a kill broke off, and begin."""
        self._store.write(trade.take_up)
        self._woken.set()
        self._thread = threading.Thread(target=self._work, name="sandbox-exports", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Make no more; what is being made is put back."""
        self._ended = True
        self._woken.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def make_all(self) -> None:
        """Make all that was asked for, then remove files that are of no use any more."""
        while not self._ended and (export := self._store.write(trade.begin)) is not None:
            self._make(export)
        self._sweep()

    def _committed(self, transaction: Transaction) -> None:
        if transaction.leads_outside:
            self._woken.set()

    def _work(self) -> None:
        while True:
            self._woken.wait()
            self._woken.clear()
            if self._ended:
                return
            try:
                self.make_all()
            except Exception as error:  # noqa: BLE001  # must not end the thread: the next export may succeed
                _log.error("exports failed: %s", where(error))

    def _make(self, export: Export) -> None:
        part = self._folder / f"{export.id}.part"
        try:
            rows = self._write(part, export.id)
            size, sha256 = self._keep(part)
        except _EndedError:
            self._store.write(lambda tx: trade.put_back(tx, export.id))
        except Exception as error:  # noqa: BLE001  # becomes the export's state
            _log.error("an export failed: %s", where(error))
            failure = os.strerror(error.errno) if isinstance(error, OSError) and error.errno else type(error).__name__
            self._store.write(lambda tx: trade.fail(tx, export.id, failure))
        else:
            self._store.write(lambda tx: trade.finish(tx, export.id, size=size, sha256=sha256, rows=rows))
        finally:
            part.unlink(missing_ok=True)

    def _write(self, part: Path, id_: str) -> int:
        self._folder.mkdir(mode=0o700, exist_ok=True)
        self._told_at = 0.0
        with part.open("wb") as file, self._store.read() as connection:
            part.chmod(0o600)
            archive = Archive(
                file,
                connection,
                folder_of(self._store.path),
                self._store.now(),
                lambda done, total: self._tell(id_, done, total),
            )
            rows = archive.write()
            file.flush()
            os.fsync(file.fileno())
        return rows

    def _tell(self, id_: str, done: int, total: int) -> None:
        if self._ended:
            raise _EndedError
        if time.monotonic() - self._told_at >= _TOLD_EVERY_S:
            self._told_at = time.monotonic()
            self._store.write(lambda tx: trade.note_progress(tx, id_, done, total))

    def _keep(self, part: Path) -> tuple[int, str]:
        """Put the file in its place, safe from a power cut: its size and SHA-256."""
        with part.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
            size = file.tell()
        part.replace(self._folder / sha256)
        handle = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
        return size, sha256

    def _sweep(self) -> None:
        if not self._folder.is_dir():
            return
        with self._store.read() as connection:
            ready = {export.sha256 for export in exports.all(connection, exports.table.c.status == ExportStatus.READY)}
        for path in self._folder.iterdir():
            if path.name not in ready:
                path.unlink(missing_ok=True)
