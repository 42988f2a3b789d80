"""``python -m benchmarks``: what it prints, and the bars that are held in every run of the tests."""

from __future__ import annotations

import json
import re
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


def test_a_row_without_a_bar_is_ok_and_one_where_more_is_better_has_its_bar_below() -> None:
    from benchmarks.row import Row

    assert Row("a peer", 30, 1, None).ok
    assert not Row("types known", 96, 100, 1.0, "%", at_least=True).ok
    assert Row("types known", 100, 100, 1.0, "%", at_least=True).ok
    assert not Row("one GET", 1.3, 1, 1.2).ok


def test_the_peers_versions_name_no_place_to_get_them_from() -> None:
    lines = (ROOT / "benchmarks" / "sdk_peers" / "constraints.txt").read_text().splitlines()

    for line in lines[1:]:
        assert re.fullmatch(r"[a-z0-9-]+==[0-9][0-9a-z.]*", line), line


@pytest.mark.parametrize(
    "module", sorted(file.name for file in (ROOT / "benchmarks" / "sdk_peers").glob("client_*.py"))
)
def test_a_measured_client_is_described_without_having_it_installed(module: str) -> None:
    script = f"import runpy; m = runpy.run_path({str(ROOT / 'benchmarks' / 'sdk_peers' / module)!r}); print(m['NAME'])"

    # -S: no third-party package can be imported
    done = subprocess.run([sys.executable, "-I", "-S", "-c", script], capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()
