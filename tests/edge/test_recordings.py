"""Recordings come in three formats, and what is none says so."""

from __future__ import annotations

import numpy as np
import pytest

from edge_agent.recordings import RecordingError, load_recording, load_set

LINE = "{0},-250,12,-4,-200,30,1,-900,100;"


@pytest.fixture
def sisfall(tmp_path):
    path = tmp_path / "F01_SA01_R02.txt"
    path.write_text("\n".join(LINE.format(n) for n in range(200)) + "\n")
    return path


@pytest.fixture
def csv(tmp_path):
    path = tmp_path / "trial.csv"
    path.write_text("t,x,y,z\n" + "\n".join(f"{n / 50},0.1,0.2,{n}" for n in range(100)) + "\n")
    return path


def write_set(path, **changes):
    counts = np.random.default_rng(0).integers(-4096, 4096, size=(300, 3)).astype(np.int16)
    deltas = np.diff(counts.astype(np.int32), axis=0, prepend=0).astype(np.int16).T
    arrays = {
        "acc_d": deltas,
        "acc_scale": np.full(3, 1 / 256),
        "off": np.array([0, 200, 300]),
        "subject": np.array(["SA01", "SA02"]),
        "activity": np.array(["F01", "D05"]),
        "trial": np.array(["R01", "R03"]),
        "is_fall": np.array([True, False]),
        "fs": np.array([200.0, 100.0]),
        "position": np.array(["waist", "waist"]),
    } | changes
    np.savez(path, **{key: value for key, value in arrays.items() if value is not None})
    return counts


def refused(spec):
    with pytest.raises(RecordingError) as caught:
        load_recording(str(spec))
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_a_sisfall_file_is_its_first_three_columns_at_200_hz_and_256_counts_per_g(sisfall):
    trial = load_recording(str(sisfall))
    assert trial.acc.dtype == np.float32
    assert trial.acc[3].tolist() == [3 / 256, -250 / 256, 12 / 256]
    assert trial.rate_hz == 200.0
    assert (trial.subject, trial.activity, trial.trial, trial.is_fall) == ("SA01", "F01", "R02", True)


def test_a_sisfall_name_that_starts_with_d_is_no_fall(sisfall):
    assert load_recording(str(sisfall.rename(sisfall.with_name("D11_SE06_R01.txt")))).is_fall is False


def test_a_sisfall_file_under_another_name_does_not_say_whether_it_is_a_fall(sisfall):
    assert load_recording(str(sisfall.rename(sisfall.with_name("mine.txt")))).is_fall is None


def test_spaces_and_blank_lines_in_a_sisfall_file_do_no_harm(sisfall):
    sisfall.write_text(" 17, -179,  -99, -18, -504, -352,  76, -697, -279;\r\n\r\n" * 120)
    assert load_recording(str(sisfall)).acc.shape == (120, 3)


def test_a_csv_has_its_own_times_and_its_rate_is_their_mean(csv):
    trial = load_recording(str(csv))
    assert trial.rate_hz == pytest.approx(50)
    assert trial.times_s()[-1] == pytest.approx(1.98)
    assert trial.acc[5].tolist() == pytest.approx([0.1, 0.2, 5.0])


def test_a_trial_of_a_set_is_named_by_subject_activity_and_trial(tmp_path):
    counts = write_set(tmp_path / "set.npz")
    trial = load_recording(f"{tmp_path}/set.npz:SA02/D05/R03")
    assert np.array_equal(trial.acc, (counts[200:] / 256).astype(np.float32))
    assert (trial.rate_hz, trial.is_fall, trial.position) == (100.0, False, "waist")
    assert trial.source.endswith("set.npz:SA02/D05/R03")


def test_irregular_times_of_a_set_are_kept_and_start_at_zero(tmp_path):
    steps = np.tile([40, 60], 150).astype(np.int32)
    write_set(tmp_path / "set.npz", t_ms=steps)
    times = load_recording(f"{tmp_path}/set.npz:SA01/F01/R01").times_s()
    assert times[:3].tolist() == [0.0, 0.06, 0.1]


def test_times_that_repeat_leave_only_the_mean_rate(tmp_path):
    write_set(tmp_path / "set.npz", t_ms=np.tile([0, 10], 150).astype(np.int32))
    trial = load_recording(f"{tmp_path}/set.npz:SA01/F01/R01")
    assert trial.times is None
    assert trial.times_s()[1] == 1 / 200


def test_a_whole_set_comes_in_its_order(tmp_path):
    write_set(tmp_path / "set.npz")
    assert [trial.subject for trial in load_set(tmp_path / "set.npz")] == ["SA01", "SA02"]


def test_a_file_that_is_not_there_is_said_to_be_missing(tmp_path):
    assert "there is no such file" in refused(tmp_path / "nothing.txt")
    assert "there is no such file" in refused(f"{tmp_path}/nothing.npz:SA01/F01/R01")


def test_a_folder_is_no_recording(tmp_path):
    assert "is not a file" in refused(tmp_path)


@pytest.mark.parametrize("content", [b"", b"hello\n", b"\x89PNG\r\n\x00\xff", b"t,x,y\n0,1,2\n", b"1,2,3;\n"])
def test_a_file_that_is_something_else_is_said_to_be_no_recording(tmp_path, content):
    path = tmp_path / "file.txt"
    path.write_bytes(content)
    assert "is no recording" in refused(path)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 broken", b"not a zip"])
def test_an_npz_that_is_none_is_said_to_be_no_set(tmp_path, content):
    path = tmp_path / "set.npz"
    path.write_bytes(content)
    assert "is no set of trials" in refused(f"{path}:SA01/F01/R01")


def test_an_npz_with_other_arrays_says_what_it_lacks(tmp_path):
    write_set(tmp_path / "set.npz", fs=None)
    assert "lacks fs" in refused(f"{tmp_path}/set.npz:SA01/F01/R01")


def test_an_npz_whose_arrays_do_not_fit_each_other_is_refused(tmp_path):
    write_set(tmp_path / "set.npz", off=np.array([0, 200, 301]))
    assert "do not fit each other" in refused(f"{tmp_path}/set.npz:SA01/F01/R01")


def test_a_single_array_under_the_name_of_a_set_is_refused(tmp_path):
    with (tmp_path / "set.npz").open("wb") as file:
        np.save(file, np.zeros((3, 3)))
    assert "is no set of trials" in refused(f"{tmp_path}/set.npz:SA01/F01/R01")


def test_an_npz_with_pickled_objects_is_refused_unread(tmp_path):
    write_set(tmp_path / "set.npz", subject=np.array([{"a": 1}, 2], dtype=object))
    assert "is no set of trials" in refused(f"{tmp_path}/set.npz:SA01/F01/R01")


def test_a_set_without_a_trial_named_says_how_to_name_one(tmp_path):
    write_set(tmp_path / "set.npz")
    assert "set.npz:SA01/F01/R01" in refused(tmp_path / "set.npz")


def test_an_unknown_trial_is_answered_with_near_ones(tmp_path):
    write_set(tmp_path / "set.npz")
    assert "near it are SA01/F01/R01" in refused(f"{tmp_path}/set.npz:SA01/F01/R09")


def test_a_trial_named_of_a_text_file_is_refused(sisfall):
    assert "there is no such file" in refused(f"{sisfall}:SA01/F01/R01")


def test_a_broken_line_of_a_sisfall_file_is_named(sisfall):
    sisfall.write_text(sisfall.read_text() + "1,2,x;\n")
    assert "line 201" in refused(sisfall)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("5,1,2", "line 102: expected four numbers"),
        ("5,1,2,three", "line 102: expected four numbers"),
        ("5,1,nan,3", "line 102: a value is not finite"),
        ("5,1,inf,3", "line 102: a value is not finite"),
        ("1.98,1,2,3", "line 102: the time 1.98 does not come after 1.98"),
        ("0.5,1,2,3", "line 102: the time 0.5 does not come after 1.98"),
    ],
)
def test_a_bad_row_of_a_csv_is_named_with_what_is_wrong(csv, row, message):
    csv.write_text(csv.read_text() + row + "\n")
    assert message in refused(csv)


def test_a_recording_of_less_than_half_a_second_is_too_short(sisfall, csv):
    sisfall.write_text(LINE.format(1) + "\n")
    assert "too few" in refused(sisfall)
    csv.write_text("t,x,y,z\n0,0,0,1\n")
    assert "too few" in refused(csv)


def test_a_set_whose_scale_is_not_finite_is_refused(tmp_path):
    write_set(tmp_path / "set.npz", acc_scale=np.array([1.0, np.nan, 1.0]))
    assert "not finite" in refused(f"{tmp_path}/set.npz:SA01/F01/R01")


@pytest.mark.services
def test_the_published_sets_load_whole(recordings_dir):
    trials = list(load_set(recordings_dir / "sisfall.npz"))
    assert len(trials) == 4505
    assert sum(trial.is_fall for trial in trials) == 1798
    assert {trial.rate_hz for trial in trials} == {200.0}
