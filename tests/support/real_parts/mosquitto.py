"""A real mosquitto on a free port of 127.0.0.1."""

from __future__ import annotations

import getpass
from typing import TYPE_CHECKING, Protocol

from real_parts.daemon import Daemon
from real_parts.ports import free_port

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


class Broker(Daemon):
    """mosquitto with a configuration of its own, in ``directory``.

    ``settings`` are lines of mosquitto.conf(5). Where they do not name the key, these hold: a plain listener on
    ``127.0.0.1:port``, anonymous clients allowed, nothing persisted, log to :attr:`~real_parts.daemon.Daemon.log`. A setting
    may write ``{port}`` for the port, for instance ``listener {port} 127.0.0.1`` followed by its TLS lines.
    """

    def __init__(
        self, executable: Path, directory: Path, settings: Sequence[str] = (), *, port: int | None = None
    ) -> None:
        chosen = free_port() if port is None else port
        directory.mkdir(parents=True, exist_ok=True)
        self.config_path = directory / "mosquitto.conf"
        self.config_path.write_text(_configuration(directory, settings, chosen))
        super().__init__(
            [str(executable), "-c", str(self.config_path)], port=chosen, log_path=directory / "mosquitto.log"
        )


def _configuration(directory: Path, settings: Sequence[str], port: int) -> str:
    given = [line.replace("{port}", str(port)) for line in settings]
    named = {line.split(maxsplit=1)[0] for line in given if line.strip()}
    defaults = {
        # as root mosquitto would change to a user that can't read the test's folder; otherwise the line has no effect
        "user": getpass.getuser(),
        "log_dest": "stderr",
        "persistence": "false",
        "persistence_location": f"{directory}/",
        "listener": f"{port} 127.0.0.1",
        "allow_anonymous": "true",
    }
    lines = [f"{key} {value}" for key, value in defaults.items() if key not in named]
    return "\n".join([*lines, *given, ""])


class StartBroker(Protocol):
    """What the fixture ``start_broker`` is: makes a :class:`Broker` that ends with the test."""

    def __call__(self, *settings: str, port: int | None = None, start: bool = True) -> Broker: ...
