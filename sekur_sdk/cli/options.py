"""Options that several commands have."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import click

from sekur_sdk.cli.output import FORMATS
from sekur_sdk.cli.times import DEFAULT_ZONE, read_zone

CommandT = TypeVar("CommandT", bound=Callable[..., None])


def form(command: CommandT) -> CommandT:
    """`--format`: how the list is written."""
    return click.option(
        "--format",
        "form",
        type=click.Choice(FORMATS),
        default="table",
        show_default=True,
        help="How the list is written.",
    )(command)


def zone(command: CommandT) -> CommandT:
    """`--time-zone`: for what is typed without an offset, and for tables."""
    return click.option(
        "--time-zone",
        "zone",
        callback=read_zone,
        metavar="ZONE",
        default=DEFAULT_ZONE,
        show_default=True,
        help="For times that are typed without an offset, and for those in tables.",
    )(command)
