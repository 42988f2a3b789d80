"""The configuration that the agent comes with, on recordings: figures may rise, not fall.

The waist's forest saw nothing of UMAFall. Those of chest and pocket were also learnt from it, so that theirs are no test of
strangers: the report of the training has these.
"""

from __future__ import annotations

import json

import pytest

from benchmarks.falls import main

KEYS = [
    "sensitivity",
    "specificity",
    "f1",
    "false_alarms_per_hour",
    "trials",
    "falls",
    "ci95",
    "decision_delay_s",
    "by_activity",
    "config_sha256",
]


def figures(capsys, file, position):
    assert main(["--data", str(file), "--position", position, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


@pytest.mark.services
@pytest.mark.parametrize(
    ("name", "position", "sensitivity", "specificity"),
    [
        ("umafall_waist", "waist", 0.97, 0.99),
        ("umafall_chest", "chest", 0.94, 0.99),
        ("umafall_rightpocket", "pocket", 0.98, 0.95),
        ("wisdm51_pocket", "pocket", None, 0.97),
    ],
)
def test_the_bars_of_each_set_are_kept(capsys, recordings_dir, name, position, sensitivity, specificity):
    found = figures(capsys, recordings_dir / f"{name}.npz", position)
    assert list(found) == KEYS
    assert found["specificity"] >= specificity
    if sensitivity is None:
        assert (found["sensitivity"], found["f1"], found["falls"]) == (None, None, 0)
    else:
        assert found["sensitivity"] >= sensitivity
        low, high = found["ci95"]["sensitivity"]
        assert low <= found["sensitivity"] <= high
        assert found["decision_delay_s"]["max"] <= 3.0


@pytest.mark.services
def test_on_sisfall_which_it_learnt_from_next_to_nothing_is_wrong(capsys, recordings_dir):
    found = figures(capsys, recordings_dir / "sisfall.npz", "waist")
    assert found["sensitivity"] >= 0.993
    assert found["specificity"] >= 0.995
    assert (found["trials"], found["falls"]) == (4505, 1798)


def test_a_file_that_is_not_there_is_told_in_one_line(capsys, tmp_path):
    assert main(["--data", str(tmp_path / "none.npz"), "--position", "waist"]) == 2
    assert capsys.readouterr().err == f"{tmp_path / 'none.npz'}: there is no such file\n"


def test_a_position_that_there_is_not_is_refused_with_those_there_are(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["--data", "x.npz", "--position", "wrist"])
    assert ended.value.code == 2
    assert "waist" in capsys.readouterr().err
