"""What a sandbox's store holds, read past its API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sekur_sdk.sandbox.store.records import alerts

if TYPE_CHECKING:
    import sqlalchemy as sa

    from sekur_sdk.sandbox.store.database import Store


def rows(store: Store, select: sa.Select[Any]) -> list[sa.Row[Any]]:
    with store.read() as connection:
        return list(connection.execute(select))


def all_alerts(store: Store) -> list[Any]:
    with store.read() as connection:
        return alerts.all(connection)
