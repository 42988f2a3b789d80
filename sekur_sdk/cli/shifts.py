"""`sekur shifts`: the planning."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from sekur_sdk.cli import options
from sekur_sdk.cli.connection import connect
from sekur_sdk.cli.output import Column, write
from sekur_sdk.cli.times import beginning, ending, read_moment
from sekur_sdk.models.planning import Shift, ShiftStatus

if TYPE_CHECKING:
    from datetime import date, datetime
    from zoneinfo import ZoneInfo

_COLUMNS = (
    Column[Shift]("id", lambda shift: shift.id),
    Column[Shift]("site_id", lambda shift: shift.site_id),
    Column[Shift]("employee_id", lambda shift: shift.employee_id),
    Column[Shift]("post", lambda shift: shift.post),
    Column[Shift]("starts_at", lambda shift: shift.starts_at),
    Column[Shift]("ends_at", lambda shift: shift.ends_at),
    Column[Shift]("status", lambda shift: shift.status),
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def group() -> None:
    """The planning."""


@group.command("list")
@click.option("--from", "start", callback=read_moment, metavar="TIME", help="Shifts that start then or later.")
@click.option(
    "--to", "end", callback=read_moment, metavar="TIME", help="Shifts that start before then; a day is meant whole."
)
@click.option("--site", "site_id", help="The id of a site.")
@click.option("--employee", "employee_id", help="The id of an employee.")
@click.option("--status", type=click.Choice([str(status.value) for status in ShiftStatus]))
@options.form
@options.zone
def list_shifts(
    start: date | datetime | None,
    end: date | datetime | None,
    site_id: str | None,
    employee_id: str | None,
    status: str | None,
    form: str,
    zone: ZoneInfo,
) -> None:
    """List shifts, all pages of them."""
    with connect() as client:
        found = client.shifts.list(
            site_id=site_id,
            employee_id=employee_id,
            status=status,
            starts_from=beginning(start, zone),
            starts_before=ending(end, zone),
        )
        write(found, _COLUMNS, form=form, zone=zone)
