"""What a missing part does: a test that was not run outside CI, a failure under CI=true."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

NEEDY = """
import pytest

def test_recordings(recordings_dir): pass
def test_leaves_itself_out(): pytest.skip("because")
"""


def _run(tmp_path: Path, **environment: str) -> str:
    """Run two tests that need what is not there, with the repository's own conftest."""
    (tmp_path / "conftest.py").write_text((ROOT / "tests" / "conftest.py").read_text())
    (tmp_path / "test_needy.py").write_text(NEEDY)
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-c",
        str(ROOT / "pyproject.toml"),
        "--rootdir",
        str(ROOT),
        "-p",
        "no:cacheprovider",
    ]
    kept = {name: value for name, value in os.environ.items() if name != "CI"}
    variables = kept | {"SEKUR_RECORDINGS": str(tmp_path / "nothing")} | environment
    return subprocess.run(
        [*command, str(tmp_path)], capture_output=True, text=True, check=False, env=variables, cwd=ROOT
    ).stdout


@pytest.mark.services
def test_outside_ci_the_tests_are_reported_as_not_run(tmp_path: Path) -> None:
    output = _run(tmp_path)

    assert "not run: needs the recordings (SEKUR_RECORDINGS names their folder" in output
    assert "2 skipped" in output


@pytest.mark.services
def test_under_ci_they_fail_and_so_does_any_other_skip(tmp_path: Path) -> None:
    output = _run(tmp_path, CI="true")

    assert "not run: needs the recordings" in output
    assert "CI=true runs every test, and this one was skipped" in output
    assert "skipped" not in output.splitlines()[-1]
