"""What the README shows, run as it stands."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from edge_agent.config import Config
from sekur_sdk.sandbox.seed import DEMO_DEVICE, DEMO_EMPLOYEE, DEMO_SITE, DEMO_TENANT
from sekur_sdk.sandbox.server import SandboxServer
from sekur_sdk.sandbox.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
TOKEN = "readme-token"


def block(language: str) -> str:
    (found,) = re.findall(rf"^```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
    return found


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[SandboxServer]:
    with SandboxServer(Settings(database=tmp_path / "sandbox.sqlite3", token=TOKEN)) as server:
        yield server


def test_the_sdk_script_has_15_lines_and_runs_against_the_sandbox(sandbox: SandboxServer) -> None:
    script = block("python")
    assert len([line for line in script.splitlines() if line]) <= 15
    run = subprocess.run(
        [sys.executable, "-W", "error", "-c", script],
        env={**os.environ, "SEKUR_BASE_URL": f"{sandbox.url}/api/v1", "SEKUR_TOKEN": TOKEN},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert "Rondier nuit published" in run.stdout


def test_the_wearables_config_has_10_lines_and_names_the_demo_data(tmp_path: Path) -> None:
    text = block("toml")
    assert len(text.splitlines()) <= 10
    file = tmp_path / "sekur-edge.toml"
    file.write_text(text)
    config = Config.load(file)
    assert (config.device.tenant, config.device.id) == (DEMO_TENANT, DEMO_DEVICE)
    assert (config.wearer.employee_id, config.wearer.site_id) == (DEMO_EMPLOYEE, DEMO_SITE)


def test_it_says_what_it_is_not() -> None:
    for words in ("unofficial", "this project's own", "not a certified lone-worker device", "acted by volunteers"):
        assert words in README
