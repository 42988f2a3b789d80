"""Resources that others name."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from sekur_sdk.sandbox.problems import not_found, rule_broken

if TYPE_CHECKING:
    import sqlalchemy as sa

    from sekur_sdk.sandbox.store.records import Records

ModelT = TypeVar("ModelT")


def get(connection: sa.Connection, records: Records[ModelT], id_: str, what: str) -> ModelT:
    """The one that a path names.

    Raises:
        RefusalError: 404.
    """
    found = records.find(connection, id_)
    if found is None:
        raise not_found(what)
    return found


def named(connection: sa.Connection, records: Records[ModelT], id_: str | None, path: str, what: str) -> None:
    """Check that the one that a body names is there; none named is fine.

    Raises:
        RefusalError: 422 with the path.
    """
    if id_ is not None and records.find(connection, id_) is None:
        raise rule_broken(path, f"There is no such {what}")
