"""Shifts from a file, all of them or none."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import attrs

from sekur_sdk.sandbox.inputs.planning_csv import Lookup, place, read_csv
from sekur_sdk.sandbox.problems import RefusalError
from sekur_sdk.sandbox.store.records import employees, sites
from sekur_sdk.sandbox.trade.roster import create_shifts

if TYPE_CHECKING:
    from sekur_sdk.models.planning import PlannedShifts
    from sekur_sdk.models.problem import FieldError
    from sekur_sdk.sandbox.inputs.planning_csv import CsvShifts
    from sekur_sdk.sandbox.store.writer import Transaction

_COLUMN_OF = {"site_id": "site", "employee_id": "employee"}


def import_shifts(tx: Transaction, content: bytes) -> PlannedShifts:
    """The drafts that a CSV file spells.

    Raises:
        RefusalError: 422 that names lines and columns.
    """
    read = read_csv(content, _lookup(tx))
    try:
        return create_shifts(tx, read.shifts, lambda index: f"$.lines[{read.lines[index]}]")
    except RefusalError as refusal:
        errors = [_in_file(error, read) for error in refusal.problem.errors]
        raise RefusalError(422, "Some shifts break rules of the contract: none was made.", errors=errors) from refusal


def _lookup(tx: Transaction) -> Lookup:
    every_site, staff = sites.all(tx.connection), employees.all(tx.connection)
    names = Counter(site.name for site in every_site)
    return Lookup(
        sites={site.name: site.id for site in every_site if names[site.name] == 1}
        | {site.id: site.id for site in every_site},
        zones={site.id: ZoneInfo(site.time_zone) for site in every_site},
        employees={one.staff_number: one.id for one in staff} | {one.id: one.id for one in staff},
    )


def _in_file(error: FieldError, read: CsvShifts) -> FieldError:
    line, _, field = error.path.removeprefix("$.lines[").partition("].")
    return attrs.evolve(error, path=place(int(line), _COLUMN_OF.get(field, field), read.headers))
