"""What a user gets: the wheel's files, and how much its base install brings."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from email.parser import Parser
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from packaging.requirements import Requirement

if TYPE_CHECKING:
    from email.message import Message

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this tree, built by the hatchling of this environment, so that no network is needed."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(folder)]
    subprocess.run([*command, "--no-build-isolation", "--no-index", "."], check=True, cwd=ROOT)
    (built,) = folder.glob("*.whl")
    return built


def _metadata(wheel: Path) -> Message:
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        return Parser().parsestr(archive.read(name).decode())


def _base_install(requirements: list[str], seen: set[str]) -> set[str]:
    """Names of the distributions that these requirements bring, as installed here, extras left out."""
    for line in requirements:
        requirement = Requirement(line)
        name = requirement.name.lower().replace("_", "-")
        if name in seen or (requirement.marker and not requirement.marker.evaluate({"extra": ""})):
            continue
        seen.add(name)
        try:
            _base_install(distribution(name).requires or [], seen)
        except PackageNotFoundError:
            pytest.fail(f"{name} is a dependency and is not installed: run setup/venv develop")
    return seen


@pytest.mark.services
def test_the_wheel_holds_the_two_packages_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        tops = {name.split("/")[0] for name in archive.namelist()}

    assert {top for top in tops if not top.endswith(".dist-info")} == {"sekur_sdk", "edge_agent"}


@pytest.mark.services
def test_the_wheel_tells_type_checkers_that_it_is_typed(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        assert {"sekur_sdk/py.typed", "edge_agent/py.typed"} <= set(archive.namelist())


@pytest.mark.services
def test_every_source_and_data_file_of_the_packages_is_in_the_wheel(wheel: Path) -> None:
    there = {
        str(file.relative_to(ROOT))
        for package in ("sekur_sdk", "edge_agent")
        for file in (ROOT / package).rglob("*")
        if file.is_file() and "__pycache__" not in file.parts
    }

    with zipfile.ZipFile(wheel) as archive:
        assert there <= set(archive.namelist())


@pytest.mark.services
def test_the_base_install_is_ten_distributions_at_most(wheel: Path) -> None:
    requirements = _metadata(wheel).get_all("Requires-Dist", [])

    brought = _base_install(requirements, {"sekur-sdk"})

    assert {"attrs", "msgspec", "httpx"} < brought
    assert len(brought) <= 10, sorted(brought)


@pytest.mark.services
def test_the_wheel_offers_every_extra_and_both_commands(wheel: Path) -> None:
    assert {"cli", "edge", "sandbox", "reports", "all"} <= set(_metadata(wheel).get_all("Provides-Extra", []))
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (name for name in archive.namelist() if name.endswith("entry_points.txt"))
        commands = archive.read(name).decode()
    assert "sekur = sekur_sdk.cli:main" in commands
    assert "sekur-edge = edge_agent.cli:main" in commands
