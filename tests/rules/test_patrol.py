"""What scans make of a round."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sekur_sdk.rules.patrol import completion, distance_m, in_order, in_zone, is_late

LATS, LONS = st.floats(-90, 90), st.floats(-180, 180)


@pytest.mark.parametrize(
    ("a", "b", "metres"),
    [
        # a degree of a meridian, and of the parallel of 60 degrees, which is half as long
        ((48.0, 2.0), (49.0, 2.0), 111_195),
        ((60.0, 2.0), (60.0, 3.0), 55_597),
        ((0.0, 179.5), (0.0, -179.5), 111_195),
        ((90.0, 0.0), (-90.0, 0.0), 20_015_115),
        ((48.9072, 2.3831), (48.9072, 2.3831), 0),
    ],
)
def test_a_distance_is_that_of_the_great_circle(a: tuple[float, float], b: tuple[float, float], metres: float) -> None:
    assert distance_m(*a, *b) == pytest.approx(metres, abs=60 if metres > 1e6 else 5)


@given(LATS, LONS, LATS, LONS)
def test_a_distance_is_the_same_both_ways_and_at_most_half_the_earth(
    lat_a: float, lon_a: float, lat_b: float, lon_b: float
) -> None:
    there = distance_m(lat_a, lon_a, lat_b, lon_b)
    assert there == pytest.approx(distance_m(lat_b, lon_b, lat_a, lon_a), abs=1e-3)
    assert 0 <= there <= 20_015_200


@pytest.mark.parametrize(
    ("north_m", "accuracy_m", "inside"),
    [(19, None, True), (21, None, False), (29, 10, True), (31, 10, False), (39, 500, True), (41, 500, False)],
)
def test_a_fix_is_granted_its_accuracy_up_to_the_radius(north_m: float, accuracy_m: float | None, inside: bool) -> None:
    assert in_zone(48.0, 2.0, 20.0, 48.0 + north_m / 111_195, 2.0, accuracy_m) is inside


@pytest.mark.parametrize(
    ("scanned", "judged"),
    [
        ("abcd", [True, True, True, True]),
        ("acd", [True, True, True]),
        ("abdc", [True, True, True, False]),
        ("aab", [True, True, True]),
        ("dabc", [True, False, False, False]),
        ("", []),
    ],
)
def test_a_checkpoint_is_in_order_when_none_before_it_comes_later(scanned: str, judged: list[bool]) -> None:
    assert in_order("abcd", scanned) == judged


@pytest.mark.parametrize(
    ("expected", "valid", "share"),
    [
        ("abc", "", "0"),
        ("abc", "ab", "0.6667"),
        ("abc", "aab", "0.6667"),
        ("abc", "cba", "1"),
        ("abc", "abz", "0.6667"),
    ],
)
def test_the_completion_counts_each_expected_checkpoint_once(expected: str, valid: str, share: str) -> None:
    assert completion(expected, valid) == Decimal(share)


def test_a_checkpoint_that_is_expected_twice_is_one_and_a_round_of_none_has_no_completion() -> None:
    assert completion(["a", "b", "a"], ["a", "b"]) == Decimal(1)
    with pytest.raises(ValueError, match="at least one"):
        completion([], ["a"])


def test_a_round_is_late_after_its_grace() -> None:
    planned, grace = datetime(2026, 11, 7, 22, tzinfo=UTC), timedelta(minutes=15)
    assert not is_late(planned, planned + grace, grace)
    assert is_late(planned, planned + grace + timedelta(seconds=1), grace)
