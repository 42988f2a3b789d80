"""Connections to the SQLite file: one engine that writes, one that reads, and the migrations that prepare it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import event

from sekur_sdk.sandbox.errors import SandboxError

if TYPE_CHECKING:
    from sqlalchemy.engine.interfaces import DBAPIConnection
    from sqlalchemy.pool import ConnectionPoolEntry

BUSY_TIMEOUT_S = 10
_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    # a receipt promises that a message survives a power cut
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    # what was erased shall not lie about in free pages
    "PRAGMA secure_delete=ON",
    f"PRAGMA busy_timeout={BUSY_TIMEOUT_S * 1000}",
)


def make_engine(path: Path, *, begin: str, size: int) -> sa.Engine:
    """An engine on the file at `path` whose transactions start with the statement `begin`."""
    engine = sa.create_engine(
        f"sqlite+pysqlite:///{path}",
        pool_size=size,
        max_overflow=0,
        hide_parameters=True,
        connect_args={"check_same_thread": False},
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
        # sqlite3 must not start transactions of its own: they would be deferred ones
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in _PRAGMAS:
            cursor.execute(pragma)
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


def migrate(engine: sa.Engine, revision: str = "head") -> None:
    """Bring the database's tables up to this release, or to the one of an older `revision`.

    Raises:
        SandboxError: the file is no database, or was made by a newer release.
    """
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    try:
        with engine.begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, revision)
    except sa.exc.DatabaseError as error:
        raise SandboxError(
            f"{engine.url.database}: not a database that the sandbox can open ({error.orig}); name another file"
        ) from error
    except CommandError as error:
        raise SandboxError(
            f"{engine.url.database}: made by a newer release of the sandbox ({error}); update sekur-sdk or name another file"
        ) from error
