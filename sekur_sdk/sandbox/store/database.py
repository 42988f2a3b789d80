"""The open store: a writer, readers, and who is told of a commit."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

from sekur_sdk.sandbox.errors import SandboxError
from sekur_sdk.sandbox.sealing import ensure_key
from sekur_sdk.sandbox.store.engine import make_engine, migrate
from sekur_sdk.sandbox.store.writer import Transaction, Writer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime
    from pathlib import Path

    import sqlalchemy as sa

T = TypeVar("T")

READERS = 16


class Store:
    """A SQLite file with the sandbox's tables, migrated when opened.

    Args:
        path: the file; made when it is not there, its folder not.
        now: the wall clock, aware.

    Raises:
        SandboxError: the folder is not there, or the file is no database of the sandbox.
    """

    def __init__(self, path: Path, now: Callable[[], datetime]) -> None:
        if not path.parent.is_dir():
            raise SandboxError(f"{path}: its folder does not exist; make it or name another file")
        self.path = path
        self.now = now
        self._listeners: list[Callable[[Transaction], None]] = []
        self._writing = make_engine(path, begin="BEGIN IMMEDIATE", size=1)
        self._reading = make_engine(path, begin="BEGIN", size=READERS)
        try:
            migrate(self._writing)
            with self._writing.begin() as connection:
                ensure_key(connection)
        except BaseException:
            self._writing.dispose()
            raise
        self._writer = Writer(self._writing, now, self._tell)

    def write(self, change: Callable[[Transaction], T]) -> T:
        """What `change` returns once its transaction is committed; raises what it raised, nothing kept."""
        return self._writer.run(change)

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """A connection that reads one consistent state."""
        with self._reading.connect() as connection, connection.begin():
            yield connection

    def fold_log(self) -> None:
        """Write the log of changes into the file and empty it, so that it holds no copy of what was overwritten.

        A reader that is still at an older state keeps the log until a later checkpoint.
        """
        connection = self._reading.raw_connection()
        try:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            connection.close()

    def on_commit(self, listener: Callable[[Transaction], None]) -> None:
        """Call `listener` after each commit, on the writer's thread: it must be quick and not raise."""
        self._listeners.append(listener)

    def close(self) -> None:
        """Finish the writes handed in and close the file."""
        self._writer.close()
        self._reading.dispose()
        self._writing.dispose()

    def _tell(self, transaction: Transaction) -> None:
        for listener in self._listeners:
            listener(transaction)
