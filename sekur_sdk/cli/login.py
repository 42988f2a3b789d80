"""`sekur login`: a server and its token, kept for the commands and for `SekurClient.from_env()`."""

from __future__ import annotations

import os
import sys

import click

from sekur_sdk.cli.connection import warn_if_plain
from sekur_sdk.client._sync.client import SekurClient
from sekur_sdk.client.configuration import BASE_URL_VARIABLE, configuration_file, write_settings
from sekur_sdk.client.errors import ConfigurationError
from sekur_sdk.client.secret import read_secret


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--base-url", envvar=BASE_URL_VARIABLE, prompt="Address of the server", help="As in https://sekur.example.fr."
)
@click.option("--check/--no-check", default=True, show_default=True, help="Ask the server whether it takes the token.")
def command(base_url: str, check: bool) -> None:
    """Keep a server and its token in your configuration folder, in a file that you alone may read.

    The token is asked for, or read from standard input: never an argument, which other users of the machine can see.
    """
    warn_if_plain(base_url)
    token = read_secret("token", _read_token())
    file = configuration_file(os.environ)
    if file is None:
        raise ConfigurationError("set HOME or XDG_CONFIG_HOME: there is no folder to keep the token in")
    name = ""
    with SekurClient(base_url, token=token) as client:
        if check:
            name = client.organisation.get().name
    write_settings(file, base_url, token)
    click.echo(f"{file}{f': {name}' if name else ''}")


def _read_token() -> str:
    if sys.stdin.isatty():
        answer: str = click.prompt("Token", hide_input=True, err=True)
        return answer
    return sys.stdin.readline().strip()
