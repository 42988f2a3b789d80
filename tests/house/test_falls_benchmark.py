"""`python -m benchmarks.falls`: how trials are counted."""

from __future__ import annotations

import json

import numpy as np
import pytest
from benchmarks.falls import judge, main, summary

from edge_agent.detection import Position, profile_of
from edge_agent.drivers.emulated.wearer import SimulatedFall, SimulatedWalk
from edge_agent.recordings import Recording


def recording(is_fall, falls=1, subject="1", pause=0, rate=50.0, times=None):
    fall = SimulatedFall(seed=4).acceleration(np.arange(-4.0, 4.0, 1 / rate))
    walk = SimulatedWalk(seed=1).acceleration(np.arange(0, 4.0 + pause, 1 / rate))
    acc = np.concatenate([walk, *(part for _ in range(falls) for part in (fall, walk))])
    activity = "fall" if is_fall else "daily"
    return Recording(acc.astype(np.float32), rate, times, subject, activity, "1", is_fall, "waist", "a trial")


def told(*recordings):
    profile = profile_of(Position.WAIST)
    return summary([judge(each, profile) for each in recordings], profile)


def test_a_fall_with_an_alarm_in_its_trial_is_a_hit_however_many():
    found = told(recording(True, falls=3), recording(True, falls=0))
    assert (found["sensitivity"], found["falls"]) == (0.5, 2)
    assert found["specificity"] is None


def test_alarms_within_ten_seconds_count_as_one():
    assert told(recording(False, falls=1))["specificity"] == 0.0
    near, far = (judge(recording(False, falls=2, pause=pause), profile_of(Position.WAIST)) for pause in (-4, 4))
    assert (near.alarms, len(near.delays_s)) == (1, 2)
    assert far.alarms == 2


def test_false_alarms_are_told_per_hour_of_trials_without_a_fall():
    quiet, loud, fall = recording(False, falls=0), recording(False), recording(True)
    hours = (quiet.duration_s + loud.duration_s) / 3600
    assert told(quiet, loud, fall)["false_alarms_per_hour"] == pytest.approx(1 / hours, rel=1e-3)


def test_f1_is_of_trials():
    found = told(recording(True), recording(True, falls=0), recording(False), recording(False, falls=0))
    assert found["f1"] == 0.5
    assert found["by_activity"] == {
        "daily": {"is_fall": False, "trials": 2, "with_alarm": 1, "right": 0.5},
        "fall": {"is_fall": True, "trials": 2, "with_alarm": 1, "right": 0.5},
    }


def test_a_fall_at_the_end_of_its_trial_is_decided_if_a_second_of_it_is_there():
    whole = recording(True)
    impact = int(np.argmax(np.linalg.norm(whole.acc, axis=1)))

    def cut(seconds):
        acc = whole.acc[: impact + round(seconds * 50)]
        return Recording(acc, 50.0, None, "1", "fall", "1", True, "waist", "a trial")

    assert told(cut(1.3))["sensitivity"] == 1.0
    assert told(cut(0.7))["sensitivity"] == 0.0


def test_a_trial_with_times_is_played_with_them():
    plain = recording(True)
    times = np.cumsum(np.random.default_rng(1).uniform(0.015, 0.025, size=len(plain.acc)))
    assert told(recording(True, times=times - times[0]))["sensitivity"] == 1.0


def test_the_same_trials_give_the_same_figures():
    assert told(recording(True), recording(False, falls=0)) == told(recording(True), recording(False, falls=0))


def write_set(file, rates):
    acc = recording(True).acc
    counts = np.round(acc * 256).astype(np.int16).T
    counts = np.concatenate([counts] * len(rates), axis=1)
    np.savez(
        file,
        acc_d=np.diff(counts, axis=1, prepend=np.zeros((3, 1), np.int16)).astype(np.int16),
        acc_scale=np.full(3, 1 / 256),
        off=np.arange(len(rates) + 1) * len(acc),
        subject=np.array(["1"] * len(rates)),
        activity=np.array(["fall"] * len(rates)),
        trial=np.array([str(index) for index in range(len(rates))]),
        is_fall=np.array([True] * len(rates)),
        fs=np.array(rates),
        position=np.array(["waist"] * len(rates)),
    )


def test_the_command_prints_json_and_nothing_else(tmp_path, capsys):
    write_set(tmp_path / "set.npz", [50.0])
    assert main(["--data", str(tmp_path / "set.npz"), "--position", "waist", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["sensitivity"], found["trials"]) == (1.0, 1)
    assert found["config_sha256"] == profile_of(Position.WAIST).sha256


def test_a_trial_at_a_rate_that_the_detector_refuses_has_no_alarm_and_is_told(tmp_path, capsys):
    write_set(tmp_path / "set.npz", [50.0, 5.0])
    assert main(["--data", str(tmp_path / "set.npz"), "--position", "waist", "--json"]) == 0
    out, err = capsys.readouterr()
    assert json.loads(out)["sensitivity"] == 0.5
    assert "1/fall/1: no alarm: falls are looked for at 18 to 400 Hz, not at 5.0 Hz" in err


def test_a_trial_that_can_not_be_read_is_left_out_and_told(tmp_path, capsys):
    write_set(tmp_path / "set.npz", [0.0, 50.0])
    assert main(["--data", str(tmp_path / "set.npz"), "--position", "waist", "--json"]) == 0
    out, err = capsys.readouterr()
    assert json.loads(out)["trials"] == 1
    assert err.startswith("left out: ")
    assert "its rate is 0.0 Hz" in err


@pytest.mark.services
def test_detection_costs_what_a_wearable_can_spare():
    from benchmarks.detection import measure

    for row in measure():
        assert row.ok, row
