"""`sekur sandbox`: a local SEKUR server."""

from __future__ import annotations

import os
from pathlib import Path

import click

from sekur_sdk.cli.lazy import MissingExtraError

TOKEN_VARIABLE = "SEKUR_SANDBOX_TOKEN"  # noqa: S105  # a name

_NO_BROKER = "none"


class SandboxFailure(click.ClickException):
    """The sandbox can't run as it was told to."""

    exit_code = 2


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def group() -> None:
    """A local SEKUR server that implements the contract."""


@group.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), default=8080, show_default=True, help="0 takes a free one.")
@click.option(
    "--database",
    type=click.Path(dir_okay=False, path_type=Path),
    default=Path("sekur-sandbox.sqlite3"),
    show_default=True,
    help="The SQLite file, made when it is not there.",
)
@click.option(
    "--broker",
    default="embedded",
    show_default=True,
    metavar="embedded|mqtt://HOST:PORT|none",
    help="The broker that wearables publish to.",
)
@click.option(
    "--mqtt-port",
    type=click.IntRange(0, 65535),
    default=1883,
    show_default=True,
    help="Where the embedded broker listens, on 127.0.0.1; 0 takes a free port.",
)
@click.option("--seed/--no-seed", default=True, show_default=True, help="Put demo data into an empty database.")
@click.option("--private-webhooks", is_flag=True, help="Let webhooks go to private networks' addresses too.")
def serve(
    host: str, port: int, database: Path, broker: str, mqtt_port: int, seed: bool, private_webhooks: bool
) -> None:
    """Serve until Ctrl+C.

    SEKUR_SANDBOX_TOKEN is accepted as an API token that may do everything; without it one is made and shown.
    """
    try:
        from sekur_sdk.sandbox import serve as sandbox  # noqa: PLC0415  # needs the extra
        from sekur_sdk.sandbox.errors import SandboxError  # noqa: PLC0415  # as above
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("sekur_sdk"):
            raise
        raise MissingExtraError("sandbox") from error
    try:
        sandbox.serve(
            host=host,
            port=port,
            database=database,
            broker=None if broker == _NO_BROKER else broker,
            broker_port=mqtt_port,
            token=os.environ.get(TOKEN_VARIABLE) or None,
            seed=seed,
            private_webhooks=private_webhooks,
            say=click.echo,
        )
    except SandboxError as error:
        raise SandboxFailure(str(error)) from error
