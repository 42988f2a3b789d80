"""The sets out of files in the form in which their publishers offer them."""

from __future__ import annotations

import numpy as np
import pytest

from edge_agent.recordings import RecordingError, load_set
from training.conversion import sisfall, umafall, wisdm, write


def test_sisfalls_text_files_keep_their_counts(tmp_path):
    (tmp_path / "SA01").mkdir()
    lines = [f"{count},-256,{2 * count},0,0,0,0,0,0;" for count in range(200)]
    (tmp_path / "SA01" / "F05_SA01_R02.txt").write_text("\n".join(lines))
    assert write(sisfall(tmp_path), tmp_path / "set.npz", 1 / 256) == 1
    (trial,) = load_set(tmp_path / "set.npz")
    assert (trial.subject, trial.activity, trial.trial, trial.is_fall, trial.rate_hz) == (
        "SA01",
        "F05",
        "R02",
        True,
        200.0,
    )
    assert np.array_equal(trial.acc[:, 0], np.arange(200) / 256)


UMAFALL = """% Universidad de Malaga
%f8:95:c7:f3:ba:82; 0; RIGHTPOCKET; lge-LG-H815-5.1
%C4:BE:84:71:A5:02; 2; WAIST; SensorTag
% TimeStamp; Sample No; X-Axis; Y-Axis; Z-Axis; Sensor Type; Sensor ID
"""


def test_umafalls_files_give_the_accelerometer_of_one_position_with_its_times(tmp_path):
    rows = [f"{50 * index};{index};0.5;-1;{index / 100};0;2" for index in range(40)]
    rows += [f"{50 * index};{index};9;9;9;1;2" for index in range(40)] + ["3;0;7;7;7;0;0"]
    (tmp_path / "UMAFall_Subject_04_Fall_lateralFall_3_2016-06-13_13-18-13.csv").write_text(UMAFALL + "\n".join(rows))
    assert write(umafall(tmp_path, "waist"), tmp_path / "set.npz", 1 / 2000) == 1
    (trial,) = load_set(tmp_path / "set.npz")
    assert (trial.subject, trial.activity, trial.trial, trial.is_fall) == ("S04", "lateralFall", "3", True)
    assert trial.rate_hz == pytest.approx(20.0)
    assert trial.acc[-1] == pytest.approx([0.5, -1.0, 0.39])
    assert trial.times_s()[:3] == pytest.approx([0, 0.05, 0.1])


def test_wisdms_files_give_a_trial_an_activity_in_g(tmp_path):
    lines = [f"1600,{letter},{1000 + 50_000_000 * index},0,9.80665,0;" for letter in "AM" for index in range(60)]
    (tmp_path / "data_1600_accel_phone.txt").write_text("\n".join(lines))
    assert write(wisdm(tmp_path), tmp_path / "set.npz", 1 / 2000) == 2
    trials = list(load_set(tmp_path / "set.npz"))
    assert [(trial.subject, trial.activity, trial.is_fall) for trial in trials] == [
        ("1600", "walking", False),
        ("1600", "kicking", False),
    ]
    assert trials[0].acc[0] == pytest.approx([0, 1, 0])


def test_a_folder_without_recordings_is_told(tmp_path):
    with pytest.raises(RecordingError, match="no trial was found"):
        write(sisfall(tmp_path), tmp_path / "set.npz", 1 / 256)
