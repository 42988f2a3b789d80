"""A virtual environment a client, made when first needed under ``.venv-peers``, with the versions of ``constraints.txt`` beside this file."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import attrs

if TYPE_CHECKING:
    from types import ModuleType

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
CACHE = ROOT / ".venv-peers"
PINS = HERE / "constraints.txt"
OUR_PINS = ROOT / "constraints.txt"


class PeerUnavailableError(Exception):
    """A client's environment can't be made."""


@attrs.frozen
class Environment:
    """Where a client is installed, and how many distributions it brought."""

    folder: Path
    distributions: int

    @property
    def python(self) -> Path:
        """Its interpreter."""
        return self.folder / "bin" / "python"

    @property
    def packages(self) -> Path:
        """Its site-packages."""
        (found,) = self.folder.glob("lib/python*/site-packages")
        return found


def peer(client: ModuleType) -> Environment:
    """The environment of a client from the registry.

    Raises:
        PeerUnavailableError: it is not there and can't be installed.
    """
    folder = CACHE / client.NAME
    also: tuple[str, ...] = getattr(client, "ALSO", ())
    wanted = [*client.REQUIREMENTS, *also, hashlib.sha256(PINS.read_bytes()).hexdigest(), sys.version]
    record = folder / "made-from.json"
    if record.exists():
        made = json.loads(record.read_text())
        if made["wanted"] == wanted:
            return Environment(folder, made["distributions"])
    environment = _empty(folder)
    _install(environment, PINS, *client.REQUIREMENTS)
    brought = len(list(environment.packages.glob("*.dist-info")))
    if also:
        _install(environment, PINS, *also)
    record.write_text(json.dumps({"wanted": wanted, "distributions": brought}))
    return Environment(folder, brought)


def ours() -> Environment:
    """The base install of this tree's wheel, built anew.

    Raises:
        PeerUnavailableError: it can't be built or installed.
    """
    environment = _empty(CACHE / "sekur-sdk")
    with tempfile.TemporaryDirectory() as folder:
        pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "wheel", "--quiet", "--no-deps"]
        _run([*pip, "--no-build-isolation", "--no-index", "--wheel-dir", folder, str(ROOT)])
        (wheel,) = Path(folder).glob("*.whl")
        _install(environment, OUR_PINS, str(wheel))
    return Environment(environment.folder, len(list(environment.packages.glob("*.dist-info"))))


def _empty(folder: Path) -> Environment:
    # without pip: what is there is what the client brought
    _run([sys.executable, "-m", "venv", "--clear", "--without-pip", str(folder)])
    return Environment(folder, 0)


def _install(environment: Environment, pins: Path, *what: str) -> None:
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", str(environment.python)]
    _run([*pip, "install", "--quiet", "--only-binary", ":all:", "--constraint", str(pins), *what])


def _run(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        reason = next((line for line in reversed(done.stderr.splitlines()) if line.startswith("ERROR")), "")
        raise PeerUnavailableError(f"{' '.join(command[1:4])} ... {command[-1]} failed. {reason}".strip())
