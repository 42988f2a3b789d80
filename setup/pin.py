"""Write constraints.txt: one version for each distribution that the extras and groups of pyproject.toml bring in.

``.venv/bin/python setup/pin.py python3.11 python3.12 python3.13`` resolves with each of these interpreters, newest versions first,
and keeps versions only: no index, no host, no hash. Where interpreters differ, an environment marker tells which is whose.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import tomllib
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OUTPUT = ROOT / "constraints.txt"
BUILD_TOOLS = ("pip", "hatchling", "editables", "setuptools")
"""What ``setup/venv`` itself uses: pip, our build backend with what an editable install asks of it, and gpsd-py3's backend."""
HEADER = "# Written by setup/pin.py: versions only. Used by setup/venv with --constraint and --build-constraint.\n"


def main(interpreters: list[str]) -> int:
    """Resolve with each interpreter and write the file; 2 when it can't."""
    if not interpreters:
        sys.stderr.write(
            "name the interpreters to resolve with, for instance: setup/pin.py python3.11 python3.12 python3.13\n"
        )
        return 2
    resolutions = dict(_resolve(interpreter) for interpreter in interpreters)
    OUTPUT.write_text(HEADER + "".join(f"{line}\n" for line in _lines(resolutions)))
    return 0


def _resolve(interpreter: str) -> tuple[tuple[int, int], dict[str, str]]:
    """Return the (major, minor) of the interpreter and the version chosen for each distribution name."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([interpreter, "-m", "venv", folder], check=True)
        python = Path(folder, "bin", "python")
        subprocess.run([python, "-m", "pip", "install", "--quiet", "--upgrade", "pip"], check=True)
        shown = subprocess.run(
            [python, "-c", "import sys; print(*sys.version_info[:2])"], check=True, capture_output=True, text=True
        )
        report = Path(folder, "report.json")
        command = [
            str(python),
            "-m",
            "pip",
            "install",
            "--quiet",
            "--dry-run",
            "--ignore-installed",
            "--report",
            str(report),
        ]
        subprocess.run([*command, *_requirements()], check=True, cwd=ROOT)
        items = json.loads(report.read_text())["install"]
    versions = {item["metadata"]["name"].lower().replace("_", "-"): item["metadata"]["version"] for item in items}
    major, minor = map(int, shown.stdout.split())
    return (major, minor), versions


def _requirements() -> list[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    extras = project["project"]["optional-dependencies"].values()
    named = [
        *project["project"]["dependencies"],
        *(line for extra in extras for line in extra if not line.startswith("sekur-sdk")),
    ]
    groups = [option for group in project["dependency-groups"] for option in ("--group", group)]
    return [*named, *BUILD_TOOLS, *groups]


def _lines(resolutions: dict[tuple[int, int], dict[str, str]]) -> list[str]:
    pythons = sorted(resolutions)
    names = sorted({name for versions in resolutions.values() for name in versions})
    lines = []
    for name in names:
        users = defaultdict(list)
        for python in pythons:
            if version := resolutions[python].get(name):
                users[version].append(python)
        for version, those in users.items():
            marker = "" if len(users) == 1 else f"; {_marker(those, pythons)}"
            lines.append(f"{name}=={version}{marker}")
    return lines


def _marker(those: list[tuple[int, int]], pythons: list[tuple[int, int]]) -> str:
    """Each marker reaches up to the next interpreter that differs; the last is open, for Pythons to come."""
    bounds = [] if those[0] == pythons[0] else [f"python_version >= '{those[0][0]}.{those[0][1]}'"]
    later = [python for python in pythons if python > those[-1]]
    if later:
        bounds.append(f"python_version < '{later[0][0]}.{later[0][1]}'")
    return " and ".join(bounds)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
