"""Lists as a table, as JSON, as CSV."""

from __future__ import annotations

import csv
import io
import re
import sys
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Generic, TypeVar

import attrs
import click

from sekur_sdk.cli.progress import counted
from sekur_sdk.wire import encode

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

ItemT = TypeVar("ItemT")
Cell = str | int | datetime | None

FORMATS = ("table", "json", "csv")

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?", re.ASCII)


@attrs.frozen
class Column(Generic[ItemT]):
    """A column: its heading and what it shows of an item."""

    heading: str
    read: Callable[[ItemT], Cell]


def write(items: Iterable[ItemT], columns: Sequence[Column[ItemT]], *, form: str, zone: ZoneInfo) -> None:
    """Writes `items` to standard output in one of `FORMATS`; JSON has every field, the others have `columns`."""
    items = counted(items)
    if form == "json":
        _write_json(items)
    elif form == "csv":
        _write_csv(items, columns)
    else:
        _write_table(items, columns, zone)


def _write_json(items: Iterable[ItemT]) -> None:
    separator = "[\n"
    for item in items:
        click.echo(separator + encode(item).decode(), nl=False)
        separator = ",\n"
    click.echo("[]" if separator == "[\n" else "\n]")


def _write_csv(items: Iterable[ItemT], columns: Sequence[Column[ItemT]]) -> None:
    line = io.StringIO()
    writer = csv.writer(line, lineterminator="\n")
    for row in _rows(items, columns):
        writer.writerow([_plain(cell) for cell in row])
        click.echo(line.getvalue(), nl=False)
        line.seek(0)
        line.truncate()


def _plain(cell: Cell) -> str:
    """`cell` for a spreadsheet, which takes a text that begins like a formula for one, and runs it (CWE-1236)."""
    if isinstance(cell, datetime):
        return cell.isoformat()
    text = "" if cell is None else str(cell)
    is_formula = text.startswith(_FORMULA) and _NUMBER.fullmatch(text) is None
    return f"'{text}" if is_formula else text


def _rows(items: Iterable[ItemT], columns: Sequence[Column[ItemT]]) -> Iterable[Sequence[Cell]]:
    yield [column.heading for column in columns]
    for item in items:
        yield [column.read(item) for column in columns]


def _write_table(items: Iterable[ItemT], columns: Sequence[Column[ItemT]], zone: ZoneInfo) -> None:
    from rich.console import Console  # noqa: PLC0415  # costs more than a call, and only tables need it
    from rich.table import Table  # noqa: PLC0415  # as above
    from rich.text import Text  # noqa: PLC0415  # as above

    table = Table(box=None, pad_edge=False)
    for column in columns:
        table.add_column(column.heading, overflow="fold")
    for item in items:
        table.add_row(*[Text(shown(column.read(item), zone)) for column in columns])
    console = Console(file=sys.stdout)
    if not console.is_terminal:
        console.width = 10_000  # a pipe has no width: nothing is wrapped or cut
    console.print(table)


def shown(cell: Cell, zone: ZoneInfo) -> str:
    """`cell` for a terminal: times in `zone`, and no control character that a text may have brought along."""
    if isinstance(cell, datetime):
        return cell.astimezone(zone).strftime("%Y-%m-%d %H:%M")
    text = "" if cell is None else str(cell)
    return "".join(character if character.isprintable() else " " for character in text)
