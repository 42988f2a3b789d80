"""constraints.txt: versions alone, and one for everything that the project asks for."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]


def pins() -> list[Requirement]:
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    return [Requirement(line) for line in lines if not line.startswith("#")]


def asked_for() -> list[Requirement]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    lines = [
        *project["project"]["dependencies"],
        *(line for extra in project["project"]["optional-dependencies"].values() for line in extra),
        *(line for group in project["dependency-groups"].values() for line in group if isinstance(line, str)),
    ]
    return [requirement for line in lines if (requirement := Requirement(line)).name != "sekur-sdk"]


def test_each_line_is_a_name_and_one_version() -> None:
    for pin in pins():
        assert re.fullmatch(r"==[0-9][0-9a-z.]*", str(pin.specifier)), pin
        assert pin.url is None
        assert not pin.extras


def test_everything_asked_for_has_a_version_on_each_supported_python() -> None:
    for python in ("3.11", "3.12", "3.13"):
        environment = {"python_version": python, "python_full_version": f"{python}.9", "sys_platform": "linux"}
        pinned = {
            canonicalize_name(pin.name): pin.specifier
            for pin in pins()
            if pin.marker is None or pin.marker.evaluate(environment)
        }
        for wanted in asked_for():
            if wanted.marker is not None and not wanted.marker.evaluate(environment):
                continue
            (specifier,) = pinned[canonicalize_name(wanted.name)]
            assert specifier.version in wanted.specifier, f"{wanted} on Python {python}: {specifier}"
