"""The store as SQL that the `sqlite3` command loads."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import sqlalchemy as sa

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

LEFT_OUT = {
    ("api_token", "sha256"),
    ("client_token", "sha256"),
    ("oauth_client", "secret_sha256"),
    ("secret", "value"),
    ("token", "sha256"),
    ("webhook", "previous_secret"),
    ("webhook", "secret"),
}
"""Columns whose values are secrets, or would let one be tried: their rows are there, with a placeholder for the value."""

_BATCH = 500
_MANTISSA_BITS = 53
_STEP_BITS = 60


def tables(connection: sa.Connection) -> list[str]:
    """The tables, by name."""
    found = connection.exec_driver_sql(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite~_%' ESCAPE '~' ORDER BY name"
    )
    return [str(name) for name in found.scalars()]


def count_rows(connection: sa.Connection) -> dict[str, int]:
    """How many rows each table has."""
    return {
        table: int(connection.exec_driver_sql(f"SELECT count(*) FROM {_name(table)}").scalar_one())  # noqa: S608  # our own names, quoted
        for table in tables(connection)
    }


def dump(connection: sa.Connection, progress: Callable[[int], None]) -> Iterator[str]:
    """The statements that make the tables and fill them, in one transaction; `progress` is told of rows as they go by."""
    yield "PRAGMA foreign_keys=OFF;\nBEGIN TRANSACTION;\n"
    for table in tables(connection):
        yield f"{_made_by(connection, 'table', table)};\n"
        yield from _rows(connection, table, progress)
    others = connection.exec_driver_sql(
        "SELECT sql FROM sqlite_master WHERE type IN ('index', 'trigger', 'view') AND sql IS NOT NULL ORDER BY type, name"
    )
    for text in others.scalars():
        yield f"{text};\n"
    yield "COMMIT;\n"


def _made_by(connection: sa.Connection, kind: str, name: str) -> str:
    select = sa.text("SELECT sql FROM sqlite_master WHERE type = :kind AND name = :name")
    return str(connection.execute(select, {"kind": kind, "name": name}).scalar_one())


def _rows(connection: sa.Connection, table: str, progress: Callable[[int], None]) -> Iterator[str]:
    # in the order of the primary key or the rowid, so that two exports of one state are alike
    result = connection.execution_options(yield_per=_BATCH).exec_driver_sql(f"SELECT * FROM {_name(table)}")  # noqa: S608  # as above
    columns = list(result.keys())
    hidden = {place for place, column in enumerate(columns) if (table, column) in LEFT_OUT}
    start = f"INSERT INTO {_name(table)}({','.join(map(_name, columns))}) VALUES("
    number = 0
    for batch in result.partitions(_BATCH):
        lines = []
        for row in batch:
            number += 1
            values = (
                _placeholder(value, number) if place in hidden else literal(value) for place, value in enumerate(row)
            )
            lines.append(f"{start}{','.join(values)});\n")
        yield "".join(lines)
        progress(len(batch))


def _placeholder(value: object, number: int) -> str:
    return "NULL" if value is None else f"'left out {number}'"


def literal(value: object) -> str:
    """A value of the store as SQL.

    A text's line ends and zero bytes are spelled out: the command reads its input line by line, and would change them.
    """
    if value is None:
        return "NULL"
    if isinstance(value, bytes):
        return f"X'{value.hex()}'"
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, float):
        return _real(value)
    return str(value)


def _real(value: float) -> str:
    """A float, to the last bit, and as a comment the way people write it.

    Releases of SQLite read many a decimal fraction one bit off (3.40 does `21.821021`): it is scaled from a whole number by
    powers of two, of which no step rounds.
    """
    if math.isinf(value):
        # no word for it, but what is too large is read as infinite
        return "9e999" if value > 0 else "-9e999"
    if value.is_integer() and abs(value) < 2**_MANTISSA_BITS:
        return f"{value:.1f}"
    fraction, exponent = math.frexp(value)
    exponent -= _MANTISSA_BITS
    steps, rest = divmod(abs(exponent), _STEP_BITS)
    sign = "*" if exponent > 0 else "/"
    scaled = "".join(f"{sign}{2**power}.0" for power in [_STEP_BITS] * steps + [rest])
    return f"({int(fraction * 2**_MANTISSA_BITS)}.0{scaled})/*{value!r}*/"


def _text(value: str) -> str:
    if "\0" in value:
        return f"CAST(X'{value.encode().hex()}' AS TEXT)"
    quoted = "'" + value.replace("'", "''") + "'"
    for character, spelled in (("\n", "char(10)"), ("\r", "char(13)")):
        if character in value:
            token = _absent_from(value)
            quoted = f"replace({quoted.replace(character, token)},'{token}',{spelled})"
            value = value.replace(character, token)
    return quoted


def _absent_from(value: str) -> str:
    number = 0
    while (token := f"~{number}~") in value:
        number += 1
    return token


def _name(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
