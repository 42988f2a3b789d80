"""The lines of a run as a file: a plain table that payroll software can be told to read, made for none of them."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import sqlalchemy as sa

from sekur_sdk.models.scalars import format_decimal
from sekur_sdk.sandbox.problems import RefusalError
from sekur_sdk.sandbox.store import pay_tables, schema
from sekur_sdk.sandbox.store.records import payroll_settings
from sekur_sdk.sandbox.trade.payroll import FINAL, LIFE, first_day, last_day

if TYPE_CHECKING:
    from sekur_sdk.models.payroll import PayrollRun

COLUMNS = ("matricule", "code", "valeur", "date_debut", "date_fin")
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def as_csv(connection: sa.Connection, run: PayrollRun, *, comma: bool = False) -> str:
    """The quantities of a locked run, a row a line, by staff number: codes are the organisation's own where it has some.

    Raises:
        RefusalError: 409, its lines may still change.
    """
    if run.status not in FINAL:
        raise RefusalError(
            409, f"The run is {run.status}: a locked one can be handed over.", allowed=LIFE[run.status], current=run
        )
    settings = payroll_settings.first(connection)
    codes = {} if settings is None else settings.codes
    line, employee = pay_tables.payroll_line, schema.employee
    rows = connection.execute(
        sa.select(employee.c.staff_number, line.c.code, line.c.quantity)
        .join(employee, employee.c.id == line.c.employee_id)
        .where(line.c.run_id == run.id)
        .order_by(employee.c.staff_number, line.c.id)
    )
    first, last = first_day(run.period).isoformat(), last_day(run.period).isoformat()
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for staff_number, code, quantity in rows:
        theirs = codes.get(code, code)
        if theirs is not None:
            value = format_decimal(quantity, places=2 if quantity == round(quantity, 2) else 4)
            writer.writerow(
                (_cell(staff_number), _cell(theirs), value.replace(".", ",") if comma else value, first, last)
            )
    return text.getvalue()


def _cell(text: str) -> str:
    """The text, which a spreadsheet would not take for a formula (OWASP, CSV injection)."""
    return f"'{text}" if text.startswith(_FORMULA) else text
