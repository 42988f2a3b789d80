"""`sekur attachments`: files that belong to logbook entries."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sekur_sdk.cli.connection import connect
from sekur_sdk.cli.progress import bytes_bar

if TYPE_CHECKING:
    from typing import BinaryIO


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def group() -> None:
    """Files that belong to logbook entries."""


@group.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--name", help="What it is to be called; the name of FILE otherwise.")
@click.option("--type", "content_type", help="Its media type, as in image/jpeg; from the name otherwise.")
def upload(file: Path, name: str | None, content_type: str | None) -> None:
    """Store FILE, 25 MiB at most, and print its id."""
    with connect() as client, bytes_bar("sending") as progress:
        attachment = client.attachments.upload(file, name=name, content_type=content_type, progress=progress)
    click.echo(f"{attachment.id} {attachment.size} bytes sha256 {attachment.sha256}")


@group.command()
@click.argument("attachment_id")
@click.option("--to", type=click.Path(path_type=Path), required=True, help="The file to write; - for standard output.")
def download(attachment_id: str, to: Path) -> None:
    """Fetch an attachment; its SHA-256 is checked, and a dropped connection taken up where it broke."""
    is_piped = str(to) == "-"
    target: Path | BinaryIO = sys.stdout.buffer if is_piped else to
    with connect() as client, bytes_bar("receiving") as progress:
        attachment = client.attachments.download(attachment_id, target, progress=progress)
    if not is_piped:
        click.echo(f"{to} {attachment.size} bytes sha256 {attachment.sha256}")
