"""`sekur invoices`: invoices."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from sekur_sdk.cli import options
from sekur_sdk.cli.connection import connect
from sekur_sdk.cli.output import Column, write
from sekur_sdk.models.billing import Invoice, InvoiceStatus

if TYPE_CHECKING:
    from datetime import date
    from zoneinfo import ZoneInfo

_COLUMNS = (
    Column[Invoice]("id", lambda invoice: invoice.id),
    Column[Invoice]("number", lambda invoice: invoice.number),
    Column[Invoice]("status", lambda invoice: invoice.status),
    Column[Invoice]("buyer", lambda invoice: invoice.buyer.name),
    Column[Invoice]("issued_on", lambda invoice: _day(invoice.issued_on)),
    Column[Invoice]("due_on", lambda invoice: _day(invoice.due_on)),
    Column[Invoice]("net", lambda invoice: f"{invoice.totals.net:f}"),
    Column[Invoice]("vat", lambda invoice: f"{invoice.totals.vat:f}"),
    Column[Invoice]("gross", lambda invoice: f"{invoice.totals.gross:f}"),
)


def _day(value: date | None) -> str | None:
    return None if value is None else value.isoformat()


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def group() -> None:
    """Invoices."""


@group.command("list")
@click.option("--status", type=click.Choice([str(status.value) for status in InvoiceStatus]))
@click.option("--site", "site_id", help="The id of a site.")
@options.form
@options.zone
def list_invoices(status: str | None, site_id: str | None, form: str, zone: ZoneInfo) -> None:
    """List invoices, all pages of them; amounts in euros."""
    with connect() as client:
        write(client.invoices.list(status=status, site_id=site_id), _COLUMNS, form=form, zone=zone)
