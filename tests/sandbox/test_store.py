"""The store: migrations, one writer, what survives a restart."""

from __future__ import annotations

import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from sekur_sdk.sandbox.errors import SandboxError
from sekur_sdk.sandbox.seed import seed
from sekur_sdk.sandbox.store import schema
from sekur_sdk.sandbox.store.database import Store
from sekur_sdk.sandbox.store.records import sites

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Clock


def test_the_migrations_make_the_schema_from_an_empty_file(store: Store) -> None:
    with store.read() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        assert compare_metadata(context, schema.metadata) == []


def test_the_file_is_in_wal_mode_and_a_commit_survives_a_power_cut(store: Store) -> None:
    with store._writing.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1


def test_a_store_opened_again_has_everything(tmp_path: Path, clock: Clock) -> None:
    path = tmp_path / "again.sqlite3"
    first = Store(path, clock)
    first.write(seed)
    with first.read() as connection:
        before = sites.all(connection)
    first.close()
    second = Store(path, clock)
    second.write(seed)
    with second.read() as connection:
        assert sites.all(connection) == before
    second.close()


def test_a_file_that_is_no_database_is_one_clear_error(tmp_path: Path, clock: Clock) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("these are not the tables you are looking for " * 100)
    with pytest.raises(SandboxError, match=r"notes\.txt: not a database .* name another file"):
        Store(path, clock)


def test_a_file_of_a_newer_release_is_one_clear_error(tmp_path: Path, clock: Clock) -> None:
    path = tmp_path / "newer.sqlite3"
    Store(path, clock).close()
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    with pytest.raises(SandboxError, match="newer release"):
        Store(path, clock)


def test_a_folder_that_is_not_there_is_one_clear_error(tmp_path: Path, clock: Clock) -> None:
    with pytest.raises(SandboxError, match="its folder does not exist"):
        Store(tmp_path / "none" / "x.sqlite3", clock)


def test_what_a_failed_change_did_is_gone_its_number_too(store: Store) -> None:
    def fail(tx: object) -> None:
        assert tx.next_number("invoice-2026") == 1  # type: ignore[attr-defined]  # a transaction
        raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011  # the one raised above
        store.write(fail)
    assert store.write(lambda tx: tx.next_number("invoice-2026")) == 1


def test_numbers_drawn_by_many_threads_are_unbroken(store: Store) -> None:
    with ThreadPoolExecutor(8) as pool:
        drawn = list(pool.map(lambda _: store.write(lambda tx: tx.next_number("n")), range(400)))
    assert sorted(drawn) == list(range(1, 401))


def test_listeners_hear_of_a_commit_after_it(store: Store) -> None:
    seen: list[int] = []

    def look(_tx: object) -> None:
        with store.read() as connection:
            seen.append(
                connection.execute(sa.select(schema.counter.c.value).where(schema.counter.c.name == "n")).scalar_one()
            )

    store.on_commit(look)
    store.write(lambda tx: tx.next_number("n"))
    assert seen == [1]


def test_readers_see_the_last_commit_while_a_write_is_running(store: Store) -> None:
    inside, go_on = threading.Event(), threading.Event()

    def hold(tx: object) -> None:
        tx.next_number("n")  # type: ignore[attr-defined]  # a transaction
        inside.set()
        go_on.wait(10)

    with ThreadPoolExecutor(1) as pool:
        writing = pool.submit(store.write, hold)
        assert inside.wait(10)
        with store.read() as connection:
            assert connection.execute(sa.select(schema.counter).where(schema.counter.c.name == "n")).first() is None
        go_on.set()
        writing.result(10)


def test_a_closed_store_refuses_writes(tmp_path: Path, clock: Clock) -> None:
    closed = Store(tmp_path / "closed.sqlite3", clock)
    closed.close()
    with pytest.raises(SandboxError, match="closed"):
        closed.write(lambda tx: tx.now)


def test_times_come_back_aware_and_equal(store: Store) -> None:
    at = datetime(2026, 10, 25, 1, 30, 0, 123456, tzinfo=UTC)
    store.write(lambda tx: tx.connection.execute(sa.insert(schema.event).values(id=9_999, type="x", at=at, data="{}")))
    with store.read() as connection:
        assert connection.execute(sa.select(schema.event.c.at).where(schema.event.c.id == 9_999)).scalar_one() == at


def test_a_naive_time_is_refused(store: Store) -> None:
    naive = datetime(2026, 10, 25, 1, 30)  # noqa: DTZ001  # what is refused
    with pytest.raises(sa.exc.StatementError, match="zone"):
        store.write(
            lambda tx: tx.connection.execute(sa.insert(schema.event).values(id=9_999, type="x", at=naive, data="{}"))
        )
