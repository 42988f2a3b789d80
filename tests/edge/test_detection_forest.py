"""A forest as the agent evaluates it, and files of weights that are not what they should be."""

from __future__ import annotations

import hashlib
import json
import pickle

import attrs
import numpy as np
import pytest

from edge_agent.detection import Position, Profile, ProfileError, profile_of
from edge_agent.detection.features import FEATURES
from edge_agent.detection.forest import Forest, ForestError
from edge_agent.detection.profiles import WEIGHTS


def two_trees():
    """One asks input 0 and then input 1; the other is a leaf."""
    return Forest(
        features=("a", "b"),
        roots=np.array([0, 5], np.int32),
        feature=np.array([0, -1, 1, -1, -1, -1], np.int16),
        threshold=np.array([1.0, 0, 2.0, 0, 0, 0], np.float32),
        right=np.array([2, 1, 4, 3, 4, 5], np.int32),
        value=np.array([0.5, 0.1, 0.7, 0.4, 1.0, 0.25], np.float32),
    )


@pytest.mark.parametrize(
    ("inputs", "share"), [((1.0, 9.0), 0.1), ((1.1, 2.0), 0.4), ((1.1, 2.1), 1.0)], ids=["left", "right, left", "right"]
)
def test_an_impact_goes_left_up_to_the_threshold_and_the_trees_are_averaged(inputs, share):
    assert two_trees().score(np.array(inputs)) == pytest.approx((share + 0.25) / 2)


def test_what_the_inputs_contributed_adds_up_to_the_score():
    forest = two_trees()
    moved = forest.contributions(np.array([1.1, 2.1]))
    assert moved == pytest.approx([0.1, 0.15])
    assert moved.sum() + (0.5 + 0.25) / 2 == pytest.approx(forest.score(np.array([1.1, 2.1])))


def test_a_forest_is_the_same_after_writing_and_reading_and_writing_gives_the_same_bytes():
    forest = two_trees()
    data = forest.write()
    read = Forest.read(data, hashlib.sha256(data).hexdigest())
    assert read.features == forest.features
    assert all(np.array_equal(getattr(read, name), getattr(forest, name)) for name in ("roots", "right", "value"))
    assert read.write() == data


def test_a_file_with_one_bit_wrong_is_refused():
    data = bytearray(two_trees().write())
    expected = hashlib.sha256(data).hexdigest()
    data[100] ^= 1
    with pytest.raises(ForestError, match="SHA-256"):
        Forest.read(bytes(data), expected)


@pytest.mark.parametrize("data", [b"", b"PK", pickle.dumps({"roots": 1})], ids=["empty", "no zip", "a pickle"])
def test_a_file_that_is_no_npz_is_refused_even_with_its_checksum(data):
    with pytest.raises(ForestError, match="no file of weights"):
        Forest.read(data, hashlib.sha256(data).hexdigest())


@pytest.mark.parametrize(
    "wrong",
    [
        {"right": np.array([0, 1, 4, 3, 4, 5], np.int32)},
        {"right": np.array([2, 1, 9, 3, 4, 5], np.int32)},
        {"feature": np.array([0, -1, 2, -1, -1, -1], np.int16)},
        {"feature": np.array([0, -1, 1, -1, -1, 1], np.int16)},
        {"roots": np.array([0, 6], np.int32)},
        {"value": np.array([0.5], np.float32)},
    ],
    ids=[
        "a circle",
        "out of the row",
        "an unknown input",
        "no leaf at the end",
        "a root that is not there",
        "too short",
    ],
)
def test_trees_that_would_not_end_are_refused(wrong):
    with pytest.raises(ForestError, match="do not fit"):
        attrs.evolve(two_trees(), **wrong)


@pytest.mark.parametrize("position", list(Position))
def test_each_position_has_its_profile(position):
    profile = profile_of(position)
    assert profile.forest.features == FEATURES
    assert 0 < profile.threshold < 1
    assert len(profile.sha256) == 64


def test_the_identity_of_a_configuration_covers_position_threshold_and_weights():
    assert len({profile_of(position).sha256 for position in Position}) == len(Position)


@pytest.fixture
def copied(tmp_path):
    for file in WEIGHTS.glob("*.forest"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    (tmp_path / "profiles.json").write_text((WEIGHTS / "profiles.json").read_text())
    return tmp_path


def changed(folder, **values):
    file = folder / "profiles.json"
    told = json.loads(file.read_text())
    told["profiles"]["waist"] |= values
    file.write_text(json.dumps(told))


def test_the_copied_files_are_a_profile(copied):
    assert Profile.load(Position.WAIST, copied).sha256 == profile_of(Position.WAIST).sha256


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"threshold": 1.5}, "between 0 and 1"),
        ({"sha256": "0" * 64}, "SHA-256"),
        ({"forest": "absent.forest"}, "can't be read"),
        ({"threshold": None}, "no table of profiles"),
    ],
)
def test_a_profile_that_was_tampered_with_is_refused_with_what_is_wrong(copied, values, message):
    changed(copied, **values)
    with pytest.raises(ProfileError, match=message):
        Profile.load(Position.WAIST, copied)


def test_weights_for_other_inputs_are_refused(copied):
    forest = attrs.evolve(two_trees(), features=("a", "b"))
    data = forest.write()
    (copied / "other.forest").write_bytes(data)
    changed(copied, forest="other.forest", sha256=hashlib.sha256(data).hexdigest())
    with pytest.raises(ProfileError, match="other inputs"):
        Profile.load(Position.WAIST, copied)
