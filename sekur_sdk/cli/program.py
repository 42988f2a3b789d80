"""The command's frame: its groups, and how it ends."""

from __future__ import annotations

import os
import sys
import warnings
from typing import TYPE_CHECKING

import click

from sekur_sdk.cli.lazy import Entry, LazyGroup, missing_extra
from sekur_sdk.client.errors import ArgumentError, ConfigurationError, SekurError

if TYPE_CHECKING:
    from collections.abc import Sequence

DEBUG_VARIABLE = "SEKUR_DEBUG"
COMPLETION_VARIABLE = "_SEKUR_COMPLETE"

_USAGE = 2
_INTERRUPTED = 130
_BROKEN_PIPE = 141


class Program(LazyGroup):
    """`sekur` itself."""

    def __init__(self) -> None:
        super().__init__(
            "sekur",
            {
                "demo": Entry(
                    "sekur_sdk.cli.demo:command", "From a fall to an acknowledged alert, on this machine.", "all"
                ),
                "login": Entry(
                    "sekur_sdk.cli.login:command", "Keep a server and its token in your configuration folder."
                ),
                "sandbox": Entry("sekur_sdk.cli.sandbox:group", "A local SEKUR server.", "sandbox"),
                "shifts": Entry("sekur_sdk.cli.shifts:group", "The planning."),
                "alerts": Entry("sekur_sdk.cli.alerts:group", "List, watch, acknowledge and resolve alerts."),
                "logbook": Entry("sekur_sdk.cli.logbook:group", "The logbook (main courante) of a site."),
                "invoices": Entry("sekur_sdk.cli.invoices:group", "Invoices."),
                "attachments": Entry("sekur_sdk.cli.attachments:group", "Files that belong to logbook entries."),
                "completion": Entry("sekur_sdk.cli.completion:command", "What makes a shell complete this command."),
            },
            "The command of sekur-sdk, an unofficial SDK for SEKUR.\n\n"
            "Commands that call a server read its address from SEKUR_BASE_URL and a token from SEKUR_TOKEN, or what "
            "`sekur login` wrote.",
        )
        self.params.append(
            click.Option(
                ["--version"],
                is_flag=True,
                is_eager=True,
                expose_value=False,
                callback=_show_version,
                help="Show the release.",
            )
        )


def run(arguments: Sequence[str]) -> int:
    """Runs `sekur` with `arguments`; its exit code. Nothing but one line tells an error."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("always", UserWarning)  # told, whatever Python is asked to make of warnings
            warnings.showwarning = _show_warning
            code = _run(arguments)
        sys.stdout.flush()
    except BrokenPipeError:
        _silence_stdout()
        return _BROKEN_PIPE
    return code


def _show_warning(message: Warning | str, *_: object, **__: object) -> None:
    sys.stderr.write(f"sekur: warning: {message}\n")


def _run(arguments: Sequence[str]) -> int:
    try:
        return _invoke(arguments)
    except click.exceptions.Exit as end:
        return end.exit_code
    except (click.Abort, KeyboardInterrupt):
        return _INTERRUPTED
    except BrokenPipeError:
        raise
    except Exception as error:
        told = _tell(error)
        if told is None and os.environ.get(DEBUG_VARIABLE):
            raise
        message, code = told or (f"internal error ({type(error).__name__}); {DEBUG_VARIABLE}=1 shows where", 1)
        sys.stderr.write(f"sekur: {' '.join(message.split())}\n")
        return code


def _tell(error: Exception) -> tuple[str, int] | None:
    """What to say and how to end, or None for a fault of ours."""
    if isinstance(error, ModuleNotFoundError):
        missing = missing_extra(error)
        return None if missing is None else (missing.format_message(), missing.exit_code)
    if isinstance(error, click.UsageError):
        where = "sekur" if error.ctx is None else error.ctx.command_path
        return f"{error.format_message()} (see `{where} --help`)", error.exit_code
    if isinstance(error, click.ClickException):
        return error.format_message(), error.exit_code
    if isinstance(error, SekurError):
        return str(error), _USAGE if isinstance(error, ConfigurationError | ArgumentError) else 1
    return None


def _invoke(arguments: Sequence[str]) -> int:
    program = Program()
    if COMPLETION_VARIABLE in os.environ:
        program.main(prog_name="sekur")  # answers the shell, and exits
    # not `main`: it would end the process itself when the reader of our output goes away
    with program.make_context("sekur", list(arguments)) as context:
        result = program.invoke(context)
    return result if isinstance(result, int) else 0


def _silence_stdout() -> None:
    # whoever read our output is gone: what Python still holds of it must not fail at exit
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _show_version(context: click.Context, _parameter: click.Parameter, value: bool) -> None:
    if value:
        from importlib.metadata import version  # noqa: PLC0415  # costs more than the help

        click.echo(f"sekur-sdk {version('sekur-sdk')}")
        context.exit()
