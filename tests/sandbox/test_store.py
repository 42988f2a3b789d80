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

from sekur_sdk.models.subscription import LicencePack
from sekur_sdk.sandbox.errors import SandboxError
from sekur_sdk.sandbox.seed import seed
from sekur_sdk.sandbox.store import schema
from sekur_sdk.sandbox.store.database import Store
from sekur_sdk.sandbox.store.engine import make_engine, migrate
from sekur_sdk.sandbox.store.records import (
    duties,
    invoices,
    orders,
    payroll_settings,
    quotes,
    register_entries,
    shifts,
    sites,
)
from sekur_sdk.sandbox.watch import look

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


def test_a_store_from_before_the_register_gets_its_people_in_the_order_of_hiring(tmp_path: Path, clock: Clock) -> None:
    path = tmp_path / "old.sqlite3"
    engine = make_engine(path, begin="BEGIN IMMEDIATE", size=1)
    migrate(engine, "0002")
    insert = (
        "INSERT INTO employee (id, staff_number, first_name, last_name, job_title, hired_on, status, version, created_at,"
        " updated_at) VALUES (?, ?, 'A', 'B', 'ADS', ?, ?, 1, '2026-03-01 08:00:00.000000', '2026-03-01 08:00:00.000000')"
    )
    site = (
        "INSERT INTO site (id, name, customer_name, address, time_zone, status, version, created_at, updated_at) VALUES"
        " ('sit_1', 'Quai', 'ACME', 'Lyon', 'Europe/Paris', 'active', 1, '2026-03-01 08:00:00.000000', '2026-03-01 08:00:00.000000')"
    )
    with engine.begin() as connection:
        connection.exec_driver_sql(site)
        for row in (
            ("emp_1", "M1", "2025-06-01", "active"),
            ("emp_2", "M2", "2024-01-15", "left"),
            ("emp_3", "M3", None, "active"),
            ("emp_4", "M4", "2020-01-01", "draft"),
        ):
            connection.exec_driver_sql(insert, row)
    engine.dispose()
    store = Store(path, clock)
    with store.read() as connection:
        lines = register_entries.all(connection)
        assert [(line.seq, line.number, line.employee_id, line.hired_on.isoformat()) for line in lines] == [
            (1, 1, "emp_2", "2024-01-15"),
            (2, 2, "emp_1", "2025-06-01"),
            (3, 3, "emp_3", "2026-03-01"),
        ]
        assert sites.all(connection)[0].client_id is None
    made = store.write(lambda tx: (tx.next_number("register_number"), tx.next_number("register_line")))
    assert made == (4, 4)
    store.close()


def test_a_store_from_before_subscriptions_gets_the_smallest_one_for_its_organisation(
    tmp_path: Path, clock: Clock
) -> None:
    path = tmp_path / "old.sqlite3"
    engine = make_engine(path, begin="BEGIN IMMEDIATE", size=1)
    migrate(engine, "0002")
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO organisation (id, tenant, name, legal_form, siren, siret, vat_number, authorisation_number, address,"
            " version, created_at, updated_at) VALUES ('org_1', 't', 'ACME', 'SAS', '1', '1', 'FR1', 'AUT', 'Lyon', 1,"
            " '2026-03-01 08:00:00.000000', '2026-03-01 08:00:00.000000')"
        )
    engine.dispose()
    store = Store(path, clock)
    with store.read() as connection:
        [order] = orders.all(connection)
        assert (order.packs, order.go_live_on.isoformat()) == ((LicencePack(size=5, count=1),), "2026-03-01")
        assert [settings.codes for settings in payroll_settings.all(connection)] == [{}]
    store.close()


def test_quotes_and_invoices_from_before_payments_keep_what_they_say(tmp_path: Path, clock: Clock) -> None:
    path = tmp_path / "old.sqlite3"
    engine = make_engine(path, begin="BEGIN IMMEDIATE", size=1)
    migrate(engine, "0004")
    at = "'2026-03-01 08:00:00.000000'"
    buyer, lines = '{"name":"ACME","address":"Lyon"}', '[{"kind":"flat","description":"Forfait","quantity":"1.0000",'
    lines += '"unit_price":"100.0000","vat_rate":"0.2000","amount":"100.00"}]'
    totals = '{"net":"100.00","vat":"20.00","gross":"120.00","vat_lines":[]}'
    with engine.begin() as connection:
        for statement in (
            (
                "INSERT INTO organisation (id, tenant, name, siren, siret, vat_number, authorisation_number, address, version,"
                f" created_at, updated_at) VALUES ('org_1', 't', 'Vigie', '1', '2', 'FR3', 'AUT', 'Paris', 1, {at}, {at})"
            ),
            (
                "INSERT INTO quote (id, number, buyer, title, lines, totals, invoice_id, status, version, created_at, updated_at)"
                f" VALUES ('quo_1', 'DV-1', '{buyer}', 'T', '{lines}', '{totals}', 'inv_1', 'converted', 1, {at}, {at})"
            ),
            (
                "INSERT INTO invoice (id, number, quote_id, buyer, title, lines, totals, issued_on, due_on, notes, status, version,"
                f" created_at, updated_at) VALUES ('inv_1', 'FA-1', 'quo_1', '{buyer}', 'T', '{lines}', '{totals}', '2026-03-01',"
                f" '2026-03-31', '[]', 'issued', 1, {at}, {at})"
            ),
            (
                "INSERT INTO invoice (id, buyer, title, lines, totals, notes, status, version, created_at, updated_at)"
                f" VALUES ('inv_2', '{buyer}', 'T', '{lines}', '{totals}', '[]', 'draft', 1, {at}, {at})"
            ),
        ):
            connection.exec_driver_sql(statement)
    engine.dispose()
    store = Store(path, clock)
    with store.read() as connection:
        issued, draft = invoices.all(connection)
        [quote] = quotes.all(connection)
    assert (quote.invoice_id, quote.contract_id, quote.lines[0].discount_rate) == ("inv_1", None, 0)
    assert (str(issued.balance), str(issued.paid), str(draft.balance)) == ("120.00", "0.00", "120.00")
    assert issued.seller is not None
    assert (issued.seller.name, issued.seller.address, draft.seller) == ("Vigie", "Paris", None)
    store.write(look)
    with store.read() as connection:
        assert invoices.all(connection)[0].status == "overdue"
    store.close()


def test_a_store_from_before_planning_keeps_its_shifts_and_no_break_told_is_none_known(
    tmp_path: Path, clock: Clock
) -> None:
    path = tmp_path / "old.sqlite3"
    engine = make_engine(path, begin="BEGIN IMMEDIATE", size=1)
    migrate(engine, "0004")
    times = "1, '2026-03-01 08:00:00.000000', '2026-03-01 08:00:00.000000'"
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO site (id, name, customer_name, address, time_zone, status, version, created_at, updated_at) VALUES"
            f" ('sit_1', 'Quai', 'ACME', 'Lyon', 'Europe/Paris', 'active', {times})"
        )
        connection.exec_driver_sql(
            "INSERT INTO employee (id, staff_number, first_name, last_name, job_title, status, version, created_at,"
            f" updated_at) VALUES ('emp_1', 'M1', 'A', 'B', 'ADS', 'active', {times})"
        )
        for id_, minutes in (("shf_1", 0), ("shf_2", 20)):
            connection.exec_driver_sql(
                "INSERT INTO shift (id, site_id, employee_id, post, starts_at, ends_at, break_minutes, status, version,"
                " created_at, updated_at) VALUES (?, 'sit_1', 'emp_1', 'PC', '2026-03-02 08:00:00.000000',"
                f" '2026-03-02 16:00:00.000000', ?, 'done', {times})",
                (id_, minutes),
            )
        connection.exec_driver_sql(
            "INSERT INTO duty (id, employee_id, site_id, shift_id, method, status, started_at, ended_at, breaks, version,"
            " created_at, updated_at) VALUES ('dty_1', 'emp_1', 'sit_1', 'shf_1', 'api', 'closed',"
            f" '2026-03-02 08:00:00.000000', '2026-03-02 16:00:00.000000', '[]', {times})"
        )
    engine.dispose()
    store = Store(path, clock)
    with store.read() as connection:
        assert [shift.break_minutes for shift in shifts.all(connection)] == [None, 20]
        [duty] = duties.all(connection)
    assert (duty.shift_id, duty.corrections, duty.forgotten_end, duty.late_minutes) == ("shf_1", (), False, None)
    store.close()
