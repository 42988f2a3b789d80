"""`sekur logbook`: the logbook (main courante) of a site."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from sekur_sdk.cli import options
from sekur_sdk.cli.connection import connect
from sekur_sdk.cli.output import Column, write
from sekur_sdk.cli.times import beginning, ending, read_moment
from sekur_sdk.models.logbook import LogbookCategory, LogbookEntry, Severity

if TYPE_CHECKING:
    from datetime import date, datetime
    from zoneinfo import ZoneInfo

_COLUMNS = (
    Column[LogbookEntry]("seq", lambda entry: entry.seq),
    Column[LogbookEntry]("occurred_at", lambda entry: entry.occurred_at),
    Column[LogbookEntry]("author_id", lambda entry: entry.author_id),
    Column[LogbookEntry]("category", lambda entry: entry.category),
    Column[LogbookEntry]("severity", lambda entry: entry.severity),
    Column[LogbookEntry]("text", lambda entry: entry.text),
)
_CATEGORIES = click.Choice([str(category.value) for category in LogbookCategory])


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def group() -> None:
    """The logbook (main courante) of a site."""


@group.command("list")
@click.argument("site_id")
@click.option("--from", "start", callback=read_moment, metavar="TIME", help="Entries of then or later.")
@click.option("--to", "end", callback=read_moment, metavar="TIME", help="Entries before then; a day is meant whole.")
@click.option("--category", type=_CATEGORIES)
@options.form
@options.zone
def list_entries(
    site_id: str,
    start: date | datetime | None,
    end: date | datetime | None,
    category: str | None,
    form: str,
    zone: ZoneInfo,
) -> None:
    """List the entries of a site, all pages of them."""
    with connect() as client:
        found = client.logbook.list(
            site_id, category=category, occurred_from=beginning(start, zone), occurred_before=ending(end, zone)
        )
        write(found, _COLUMNS, form=form, zone=zone)


@group.command()
@click.argument("site_id")
@click.option("--author", "author_id", required=True, help="The id of the employee who writes.")
@click.option("--category", type=_CATEGORIES, required=True)
@click.option("--severity", type=click.Choice([str(severity.value) for severity in Severity]))
@click.option(
    "--text", help="What happened; read from standard input when it is not given, to keep it out of the process list."
)
@click.option("--at", "moment", callback=read_moment, metavar="TIME", help="When; now unless told.")
@click.option("--alert", "alert_id", help="The id of the alert that it is about.")
@options.zone
def append(
    site_id: str,
    author_id: str,
    category: str,
    severity: str | None,
    text: str | None,
    moment: date | datetime | None,
    alert_id: str | None,
    zone: ZoneInfo,
) -> None:
    """Record an entry; it can't be changed afterwards."""
    words = sys.stdin.read().strip() if text is None else text
    with connect() as client:
        entry = client.logbook.append(
            site_id,
            author_id=author_id,
            category=category,
            text=words,
            severity=severity,
            occurred_at=beginning(moment, zone),
            alert_id=alert_id,
        )
    click.echo(f"{entry.id} seq {entry.seq}")
