"""The client that the commands share."""

from __future__ import annotations

import os
from urllib.parse import urlsplit

import click

from sekur_sdk.client._sync.client import SekurClient
from sekur_sdk.client.configuration import read_settings
from sekur_sdk.client.network import is_loopback


def connect() -> SekurClient:
    """A client for the server that the environment, or the user's configuration file, names.

    Raises:
        ConfigurationError: neither names one.
    """
    base_url, settings = read_settings(os.environ)
    warn_if_plain(base_url)
    return SekurClient(base_url, **settings)


def warn_if_plain(base_url: str) -> None:
    """Says so when the token would cross a network in the clear."""
    parts = urlsplit(base_url)
    if parts.scheme == "http" and not is_loopback(parts.hostname or ""):
        click.echo(
            f"sekur: warning: {parts.hostname} is spoken to without TLS: anyone on the way reads the token", err=True
        )
