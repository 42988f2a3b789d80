"""A store from before safety and privacy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekur_sdk.sandbox.sealing import key_of
from sekur_sdk.sandbox.store.database import Store
from sekur_sdk.sandbox.store.engine import make_engine, migrate
from sekur_sdk.sandbox.store.records import alerts, device_configs, positions, sites

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Clock


def test_a_store_from_before_safety_keeps_its_rows_and_gets_a_key(tmp_path: Path, clock: Clock) -> None:
    path = tmp_path / "old.sqlite3"
    engine = make_engine(path, begin="BEGIN IMMEDIATE", size=1)
    migrate(engine, "0006")
    at = "'2026-03-01 08:00:00.000000'"
    kept = f"1, {at}, {at}"
    reported = '{"v":1,"version":4,"settings":{"tilt_deg":45.0}}'
    statements = (
        (
            "INSERT INTO site (id, name, customer_name, address, time_zone, status, version, created_at, updated_at)"
            f" VALUES ('sit_1', 'Quai', 'ACME', 'Lyon', 'Europe/Paris', 'active', {kept})"
        ),
        (
            "INSERT INTO device (id, label, model, site_id, status, online, faults, reported_config, version, created_at,"
            f" updated_at) VALUES ('dev_1', 'PTI', 'Zero', 'sit_1', 'active', 0, '[]', '{reported}', {kept})"
        ),
        (
            "INSERT INTO alert (id, kind, silent, device_id, fix_is_stale, occurred_at, opened_at, status, version, created_at,"
            f" updated_at) VALUES ('alt_1', 'fall', 0, 'dev_1', 0, {at}, {at}, 'open', {kept})"
        ),
        (
            "INSERT INTO position (id, device_id, alert_id, lat, lon, fix_at, age_s, source, received_at)"
            f" VALUES ('pos_1', 'dev_1', 'alt_1', 48.9, 2.3, {at}, 0.5, 'gnss', {at})"
        ),
    )
    with engine.begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
    engine.dispose()
    store = Store(path, clock)
    with store.read() as connection:
        assert sites.all(connection)[0].alert_delay_s == 120
        assert alerts.all(connection)[0].escalation_level == 0
        assert positions.all(connection)[0].purpose == "protection"
        (config,) = device_configs.all(connection)
        assert (config.id, config.version, config.settings.tilt_deg) == ("dev_1", 0, None)
        assert config.reported is not None
        assert config.reported.settings.tilt_deg == 45.0
        assert len(key_of(connection)) == 32
        assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []
    store.close()
