"""``python -m benchmarks``: what it prints, and the bars that are held in every run of the tests."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def _benchmarks(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "benchmarks", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)


def test_an_unknown_name_is_told_beside_those_there_are() -> None:
    done = _benchmarks("sdk_imprt")

    assert done.returncode == 2
    assert done.stderr.startswith("no benchmark is called sdk_imprt; there are: ")
    assert "sdk_import" in done.stderr


@pytest.mark.services
def test_importing_the_sdk_costs_less_than_three_fifths_of_importing_httpx() -> None:
    done = _benchmarks("sdk_import", "--json")

    (row,) = json.loads(done.stdout)
    assert row["bar"] == 0.6
    assert row["ratio"] == pytest.approx(row["ours"] / row["reference"], rel=0.01)
    assert row["ok"], row
    assert done.returncode == 0
