"""Shifts from a CSV file, with English or French headers."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import attrs
import msgspec

from sekur_sdk.models.problem import FieldError
from sekur_sdk.sandbox.inputs.planning import MAX_SHIFTS, ShiftCreate
from sekur_sdk.sandbox.problems import RefusalError

if TYPE_CHECKING:
    from collections.abc import Iterator

COLUMNS: dict[str, str] = {
    "site": "site",
    "site_id": "site",
    "employee": "employee",
    "employee_id": "employee",
    "staff_number": "employee",
    "matricule": "employee",
    "agent": "employee",
    "salarie": "employee",
    "post": "post",
    "post_id": "post_id",
    "poste": "post",
    "date": "date",
    "jour": "date",
    "start": "starts_at",
    "starts_at": "starts_at",
    "debut": "starts_at",
    "end": "ends_at",
    "ends_at": "ends_at",
    "fin": "ends_at",
    "break": "break_minutes",
    "break_minutes": "break_minutes",
    "pause": "break_minutes",
    "notes": "notes",
    "remarques": "notes",
    "observations": "notes",
}
"""What a header means, written without accents, in small letters, `_` for spaces."""
_NEEDED = ("site", "post", "starts_at", "ends_at")
_DAY = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})", re.ASCII)
_CLOCK = re.compile(r"([01]?[0-9]|2[0-3])[:hH]([0-5][0-9])?", re.ASCII)
_ONE_DAY = timedelta(days=1)


@attrs.frozen
class Lookup:
    """What the names of a file mean: sites and employees by their id, name or staff number; the clock of each site."""

    sites: Mapping[str, str]
    zones: Mapping[str, ZoneInfo]
    employees: Mapping[str, str]


@attrs.frozen
class CsvShifts:
    """The shifts of a file, with the line that each is on and the header that each column has there."""

    shifts: tuple[ShiftCreate, ...]
    lines: tuple[int, ...]
    headers: Mapping[str, str]


class _CellError(Exception):
    def __init__(self, column: str, message: str) -> None:
        super().__init__(column, message)
        self.column = column
        self.message = message


def read_csv(content: bytes, lookup: Lookup) -> CsvShifts:
    """The shifts that a file spells, its times on the clocks of their sites unless they have a zone.

    Raises:
        RefusalError: 422 that names each line and column that can't be read.
    """
    rows = _rows(content)
    header = next(rows, (1, [""]))[1]
    columns, headers = _columns(header)
    shifts: list[ShiftCreate] = []
    lines: list[int] = []
    errors: list[FieldError] = []
    for line, row in rows:
        if not any(cell.strip() for cell in row):
            continue
        if len(shifts) + len(errors) >= MAX_SHIFTS:
            errors.append(FieldError(path=f"$.lines[{line}]", message=f"More than {MAX_SHIFTS} shifts in one file"))
            break
        if len(row) > len(header):
            errors.append(FieldError(path=f"$.lines[{line}]", message=f"{len(row)} cells under {len(header)} headers"))
            continue
        cells = {name: row[index].strip() if index < len(row) else "" for name, index in columns.items()}
        try:
            shifts.append(_shift(cells, lookup))
            lines.append(line)
        except _CellError as error:
            errors.append(FieldError(path=place(line, error.column, headers), message=error.message))
    if not shifts and not errors:
        errors.append(FieldError(path="$.lines[2]", message="No shift under the headers"))
    if errors:
        raise RefusalError(422, "Some lines can't be read: no shift was made.", errors=errors[:100])
    return CsvShifts(tuple(shifts), tuple(lines), headers)


def place(line: int, column: str, headers: Mapping[str, str]) -> str:
    """Where a cell is, by its line in the file and the header of its column."""
    return f"$.lines[{line}].{headers.get(column, column)}"


def _rows(content: bytes) -> Iterator[tuple[int, list[str]]]:
    """The rows with the line that each begins on."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise _unreadable(f"$.lines[{line}]", "Not UTF-8: save the file as CSV UTF-8") from error
    first = text.partition("\n")[0]
    delimiter = max(";,\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise _unreadable(f"$.lines[{line}]", "Not CSV: a quote is out of place, or a cell too long") from error
        yield line, row
        line = reader.line_num + 1


def _columns(header: list[str]) -> tuple[dict[str, int], dict[str, str]]:
    """Where each column is, and what it is called there."""
    columns: dict[str, int] = {}
    for index, name in enumerate(header):
        plain = unicodedata.normalize("NFKD", name.strip().casefold()).encode("ascii", "ignore").decode()
        column = COLUMNS.get(re.sub(r"[ \-]+", "_", plain))
        if column is None:
            known = ", ".join(sorted(COLUMNS))
            raise _unreadable("$.lines[1]", f"Column {index + 1} has none of the known headers: {known}")
        if column in columns:
            raise _unreadable("$.lines[1]", f"Columns {columns[column] + 1} and {index + 1} mean the same")
        columns[column] = index
    for column in _NEEDED:
        if column not in columns and not (column == "post" and "post_id" in columns):
            names = ", ".join(name for name, meant in COLUMNS.items() if meant == column)
            raise _unreadable("$.lines[1]", f"A column is missing: {names}")
    return columns, {column: header[index].strip() for column, index in columns.items()}


def _shift(cells: Mapping[str, str], lookup: Lookup) -> ShiftCreate:
    site_id = lookup.sites.get(cells["site"])
    if site_id is None:
        raise _CellError("site", "There is no such site, or more than one of that name")
    employee_id = None
    if cells.get("employee"):
        employee_id = lookup.employees.get(cells["employee"])
        if employee_id is None:
            raise _CellError("employee", "There is no employee with this id or staff number")
    starts_at, ends_at = _times(cells, lookup.zones[site_id])
    values = {
        "site_id": site_id,
        "employee_id": employee_id,
        "post": cells.get("post") or None,
        "post_id": cells.get("post_id") or None,
        "starts_at": starts_at,
        "ends_at": ends_at,
        "break_minutes": _minutes(cells.get("break_minutes", "")),
        "notes": cells.get("notes") or None,
    }
    try:
        return msgspec.convert(values, ShiftCreate)
    except msgspec.ValidationError as error:
        reason, _, path = str(error).partition(" - at `$.")
        raise _CellError(path.rstrip("`"), reason) from error


def _minutes(text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 4):  # noqa: PLR2004  # three digits of minutes
        raise _CellError("break_minutes", "Minutes, as in 20")
    return int(text)


def _times(cells: Mapping[str, str], zone: ZoneInfo) -> tuple[datetime, datetime]:
    if not cells.get("date"):
        return _moment(cells["starts_at"], "starts_at", zone), _moment(cells["ends_at"], "ends_at", zone)
    day = _day(cells["date"], "date")
    start, end = _clock(cells["starts_at"], "starts_at"), _clock(cells["ends_at"], "ends_at")
    try:
        last = day + _ONE_DAY if end <= start else day
    except OverflowError as error:
        raise _CellError("date", "Not a day, as in 07/11/2026") from error
    return (
        _local(datetime.combine(day, start), zone, "starts_at"),
        _local(datetime.combine(last, end), zone, "ends_at"),
    )


def _day(text: str, column: str) -> date:
    found = _DAY.fullmatch(text)
    try:
        return date(int(found[3]), int(found[2]), int(found[1])) if found else date.fromisoformat(text)
    except ValueError as error:
        raise _CellError(column, "Not a day, as in 07/11/2026 or 2026-11-07") from error


def _clock(text: str, column: str) -> time:
    found = _CLOCK.fullmatch(text)
    if found is None or (found[2] is None and text[-1] == ":"):
        raise _CellError(column, "Not a time of the day, as in 19:00 or 19h")
    return time(int(found[1]), int(found[2] or 0))


def _moment(text: str, column: str, zone: ZoneInfo) -> datetime:
    day, _, clock = text.partition(" ")
    if _DAY.fullmatch(day):
        return _local(datetime.combine(_day(day, column), _clock(clock.strip(), column)), zone, column)
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise _CellError(column, "Not a time, as in 07/11/2026 19:00 or 2026-11-07T19:00:00+01:00") from error
    return at if at.tzinfo is not None else _local(at, zone, column)


def _local(wall: datetime, zone: ZoneInfo, column: str) -> datetime:
    """The moment of a time on the site's clock; the first where the clocks make it come twice."""
    if not 1 < wall.year < 9999:  # noqa: PLR2004  # the calendar's ends, where another zone's day does not exist
        raise _CellError(column, "A year that no planning has")
    at = wall.replace(tzinfo=zone)
    if at.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != wall:
        raise _CellError(column, "The clocks skip this time")
    return at


def _unreadable(path: str, message: str) -> RefusalError:
    return RefusalError(422, "The file can't be read.", errors=[FieldError(path=path, message=message)])
