"""A group whose commands are imported when they are run, so that `--help` is quick and a missing extra disturbs nobody else."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple

import click

from sekur_sdk.cli import INSTALL

if TYPE_CHECKING:
    from collections.abc import Mapping

_EXTRA_OF = {
    "rich": "cli",
    "alembic": "sandbox",
    "iotcore": "sandbox",
    "litestar": "sandbox",
    "sqlalchemy": "sandbox",
    "uvicorn": "sandbox",
    "gpsd": "edge",
    "numpy": "edge",
    "paho": "edge",
    "smbus2": "edge",
}


class Entry(NamedTuple):
    """Where a command is (`package.module:name`), its line in the help of its group, and the extra that it needs."""

    home: str
    help: str
    extra: str = "cli"


class LazyGroup(click.Group):
    """A group that knows its commands by their entries."""

    def __init__(self, name: str, entries: Mapping[str, Entry], help_text: str) -> None:
        super().__init__(name, help=help_text, context_settings={"help_option_names": ["-h", "--help"]})
        self._entries = entries

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  # click's signature
        """The names of the commands."""
        return list(self._entries)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002  # click's signature
        """The command of that name, imported now.

        Raises:
            MissingExtraError: what it needs is not installed.
        """
        entry = self._entries.get(cmd_name)
        return None if entry is None else load(entry)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002  # click's signature
        """The list of commands, from their entries alone."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, entry.help) for name, entry in self._entries.items()])


class MissingExtraError(click.ClickException):
    """A command without its extra."""

    exit_code = 2

    def __init__(self, extra: str) -> None:
        super().__init__(f"this command needs the extra `{extra}`: {INSTALL.format(extra=extra)}")


def missing_extra(error: ModuleNotFoundError) -> MissingExtraError | None:
    """What to install for the module that is missing, or None when it is part of no extra."""
    extra = _EXTRA_OF.get((error.name or "").partition(".")[0])
    return None if extra is None else MissingExtraError(extra)


def load(entry: Entry) -> click.Command:
    """The command that `entry` tells.

    Raises:
        MissingExtraError: what it needs is not installed.
    """
    module, _, name = entry.home.partition(":")
    try:
        command = getattr(import_module(module), name)
    except ModuleNotFoundError as error:
        if missing_extra(error) is None:
            raise
        raise MissingExtraError(entry.extra) from error
    assert isinstance(command, click.Command)
    return command
