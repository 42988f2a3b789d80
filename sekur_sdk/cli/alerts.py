"""`sekur alerts`: calls for help and technical alarms."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from sekur_sdk.cli import options
from sekur_sdk.cli.connection import connect
from sekur_sdk.cli.output import Column, shown, write
from sekur_sdk.models.alerts import Alert, AlertStatus
from sekur_sdk.models.device import AlertKind
from sekur_sdk.models.events import EventType
from sekur_sdk.wire import encode

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from sekur_sdk.models.events import Event

_COLUMNS = (
    Column[Alert]("id", lambda alert: alert.id),
    Column[Alert]("kind", lambda alert: alert.kind),
    Column[Alert]("status", lambda alert: alert.status),
    Column[Alert]("occurred_at", lambda alert: alert.occurred_at),
    Column[Alert]("site_id", lambda alert: alert.site_id),
    Column[Alert]("device_id", lambda alert: alert.device_id),
    Column[Alert]("employee_id", lambda alert: alert.employee_id),
    Column[Alert]("acknowledged_by", lambda alert: alert.acknowledged_by),
)
_WATCHED = tuple(kind for kind in EventType if kind.value.startswith("alert."))


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def group() -> None:
    """List, watch, acknowledge and resolve alerts."""


@group.command("list")
@click.option("--status", type=click.Choice([str(status.value) for status in AlertStatus]))
@click.option("--kind", type=click.Choice([str(kind.value) for kind in AlertKind]))
@click.option("--site", "site_id", help="The id of a site.")
@click.option("--device", "device_id", help="The id of a wearable.")
@options.form
@options.zone
def list_alerts(
    status: str | None, kind: str | None, site_id: str | None, device_id: str | None, form: str, zone: ZoneInfo
) -> None:
    """List alerts, all pages of them."""
    with connect() as client:
        found = client.alerts.list(status=status, kind=kind, site_id=site_id, device_id=device_id)
        write(found, _COLUMNS, form=form, zone=zone)


@group.command()
@click.argument("alert_id")
@click.option("--by", help="Who takes it in hand; the token's own name otherwise.")
def acknowledge(alert_id: str, by: str | None) -> None:
    """Take an alert in hand."""
    with connect() as client:
        alert = client.alerts.acknowledge(alert_id, by=by)
    click.echo(f"{alert.id} {alert.status}")


@group.command()
@click.argument("alert_id")
@click.option("--resolution", required=True, help="How it ended.")
@click.option("--false-alarm", is_flag=True, help="Nothing had happened.")
@click.option("--by", help="Who says so; the token's own name otherwise.")
def resolve(alert_id: str, resolution: str, false_alarm: bool, by: str | None) -> None:
    """Close an alert."""
    with connect() as client:
        alert = client.alerts.resolve(alert_id, resolution=resolution, false_alarm=false_alarm, by=by)
    click.echo(f"{alert.id} {alert.status}")


@group.command()
@click.option(
    "--after", type=click.IntRange(0), help="Begin behind the event of this number; otherwise with what comes."
)
@click.option("--format", "form", type=click.Choice(["lines", "json"]), default="lines", show_default=True)
@options.zone
def watch(after: int | None, form: str, zone: ZoneInfo) -> None:
    """Show what happens to alerts, until Ctrl+C; a lost connection is made anew without gap."""
    with connect() as client, client.events.stream(after=after, types=_WATCHED) as stream:
        for event in stream:
            click.echo(encode(event).decode() if form == "json" else _line(event, zone))


def _line(event: Event, zone: ZoneInfo) -> str:
    alert = event.subject
    if not isinstance(alert, Alert):
        return f"{event.id} {shown(event.at, zone)} {shown(event.type, zone)}"
    parts = (event.at, event.type, alert.kind, alert.id, alert.device_id or "-", alert.status)
    return f"{event.id} " + "  ".join(shown(part, zone) for part in parts)
