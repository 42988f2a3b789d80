"""What gpsd reports becomes a fix only when it is one, is new, and says where."""

from __future__ import annotations

import copy
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge_agent.drivers.gnss import FixFault, FixReading
from edge_agent.drivers.gpsd import FixTracker

# as gpsd 3.22 told it of a receiver fed with NMEA
REPORT = json.loads(
    '{"class":"POLL","time":"2026-11-24T05:39:05.761Z","active":1,"tpv":[{"class":"TPV","device":"/dev/ttyS0","mode":3,'
    '"time":"2026-11-24T05:39:05.560Z","ept":0.005,"lat":48.8566,"lon":2.3522,"altHAE":82.0,"altMSL":35.0,"alt":35.0,"epv":32.2,'
    '"track":0.0,"speed":0.0,"eph":17.1,"sep":30.4}],"gst":[{"class":"GST","device":"/dev/ttyS0"}],'
    '"sky":[{"class":"SKY","device":"/dev/ttyS0","hdop":0.9,"nSat":2,"uSat":1,"satellites":[{"PRN":1,"used":true},{"PRN":2,"used":false}]}]}'
)

Outcome = FixReading | FixFault | None


def report(second: int = 5, **fields: object) -> dict[str, Any]:
    """REPORT, its fix made at this second, with these fields of its TPV; None removes one."""
    changed: dict[str, Any] = copy.deepcopy(REPORT)
    frame = changed["tpv"][0]
    frame["time"] = f"2026-11-24T05:39:{second:02d}.000Z"
    frame.update(fields)
    changed["tpv"][0] = {key: value for key, value in frame.items() if value is not None}
    return changed


def take(*reports: dict[str, Any], start: float = 100.0) -> list[Outcome]:
    """The outcomes of these reports, one a second."""
    tracker = FixTracker(stale_after_s=10)
    return [tracker.take(one, asked_at=start + second, now=start + second + 0.01) for second, one in enumerate(reports)]


def second_of(**fields: object) -> Outcome:
    """The outcome of a report with these fields, after one to compare it with."""
    return take(report(1), report(2, **fields))[1]


def test_a_fix_that_arrived_has_place_accuracy_satellites_and_time() -> None:
    assert second_of() == FixReading(
        lat=48.8566,
        lon=2.3522,
        accuracy_m=17.1,
        fix_at=datetime(2026, 11, 24, 5, 39, 2, tzinfo=UTC),
        taken_at=100.0,
        mode=3,
        satellites=1,
    )


def test_the_first_report_proves_no_fix() -> None:
    assert take(report(1)) == [None]


def test_an_age_counts_from_the_last_report_without_the_fix() -> None:
    reading = second_of()

    assert isinstance(reading, FixReading)
    assert reading.fix(now=104.0).age_s == 4.0


def test_a_repeated_fix_grows_old_and_then_stale() -> None:
    outcomes = take(report(1), *[report(2)] * 12)

    ages = [outcome.age_s(100.0 + second) for second, outcome in enumerate(outcomes) if isinstance(outcome, FixReading)]
    assert ages == [float(second) for second in range(1, 10)]
    assert outcomes[10:] == [FixFault.STALE_FIX] * 3


def test_a_fix_that_was_dead_before_we_came_becomes_stale_and_is_never_given() -> None:
    outcomes = take(*[report(2)] * 13)

    assert outcomes[:11] == [None] * 11
    assert outcomes[12] is FixFault.STALE_FIX


def test_a_fix_after_a_long_silence_may_be_as_old_as_the_silence() -> None:
    tracker = FixTracker(stale_after_s=10)
    tracker.take(report(1), asked_at=100.0, now=100.1)

    assert tracker.take(report(2), asked_at=160.0, now=160.1) is FixFault.STALE_FIX
    assert isinstance(tracker.take(report(3), asked_at=161.0, now=161.1), FixReading)


@pytest.mark.parametrize("mode", [0, 1, None, "3"])
def test_no_mode_of_a_fix_is_no_fix(mode: object) -> None:
    assert second_of(mode=mode) is FixFault.NO_FIX


@pytest.mark.parametrize(
    "fields",
    [
        {"lat": None},
        {"lon": None},
        {"lat": None, "lon": None},
        {"lat": 0.0, "lon": 0.0},
        {"lat": 0, "lon": -0.0},
        {"lat": float("nan")},
        {"lon": float("inf")},
        {"lat": 90.5},
        {"lon": -180.5},
        {"lat": "48.8566"},
        {"lat": True},
        {"lat": 10**400},
    ],
    ids=str,
)
def test_a_position_that_is_not_told_is_no_fix(fields: dict[str, object]) -> None:
    assert second_of(**fields) is FixFault.NO_FIX


@pytest.mark.parametrize("time", [None, "", "yesterday", "2026-11-24T05:39:02", 5, "0001-01-01T00:00:00+14:00"])
def test_a_fix_that_can_not_be_dated_is_no_fix(time: object) -> None:
    assert second_of(time=time) is FixFault.NO_FIX


def test_a_place_on_the_equator_or_the_meridian_is_a_place() -> None:
    assert all(isinstance(second_of(**fields), FixReading) for fields in ({"lat": 0.0}, {"lon": 0.0}))


@pytest.mark.parametrize(
    ("fields", "accuracy_m"),
    [
        ({"eph": 4.5, "epx": 30.0, "epy": 40.0}, 4.5),
        ({"eph": None, "epx": 3.0, "epy": 4.0}, 5.0),
        ({"eph": 0, "epx": 3.0, "epy": 4.0}, 5.0),
        ({"eph": None, "epx": 3.0}, None),
        ({"eph": None, "epx": 0.0, "epy": 0.0}, None),
        ({"eph": 0.0}, None),
        ({"eph": None}, None),
    ],
    ids=str,
)
def test_an_accuracy_that_is_absent_or_perfect_is_unknown(fields: dict[str, object], accuracy_m: float | None) -> None:
    reading = second_of(**fields)

    assert isinstance(reading, FixReading)
    assert reading.accuracy_m == accuracy_m


@pytest.mark.parametrize(
    ("sky", "satellites"),
    [
        ([], None),
        ([{"device": "/dev/ttyS0"}], None),
        ([{"device": "/dev/ttyS0", "uSat": 0, "nSat": 0}], None),
        ([{"device": "/dev/ttyS0", "satellites": [{"PRN": 1, "used": True}, {"PRN": 2}]}], 1),
        ([{"device": "/dev/ttyUSB7", "uSat": 9}], None),
    ],
    ids=str,
)
def test_satellites_that_are_not_told_are_unknown_and_the_fix_remains(
    sky: list[object], satellites: int | None
) -> None:
    reading = take(report(1), report(2) | {"sky": sky})[1]

    assert isinstance(reading, FixReading)
    assert reading.satellites == satellites


@pytest.mark.parametrize("active", [0, None, False])
def test_a_gpsd_without_a_working_receiver_says_so(active: object) -> None:
    assert take({"class": "POLL", "active": active, "tpv": [], "sky": []}) == [FixFault.NO_RECEIVER]


def test_an_active_gpsd_without_frames_has_no_fix() -> None:
    assert take({"class": "POLL", "active": 1, "tpv": [], "sky": []}) == [FixFault.NO_FIX]


def test_a_receiver_that_loses_its_fix_has_none_at_once() -> None:
    lost = report(3, mode=1, lat=None, lon=None)

    assert take(report(1), report(2), lost)[2] is FixFault.NO_FIX


def test_of_two_receivers_the_living_one_is_believed() -> None:
    def both(second: int) -> dict[str, Any]:
        # the dead one comes last, where gpsd-py3 looks
        joint = report(second)
        joint["tpv"].append(report(1, device="/dev/dead", lat=43.3, lon=5.4)["tpv"][0])
        return joint

    outcomes = take(*[both(second) for second in range(1, 20)])[1:]

    assert {outcome.lat for outcome in outcomes if isinstance(outcome, FixReading)} == {48.8566}
    assert len(outcomes) == 18


def test_two_frames_of_one_receiver_do_not_make_it_look_alive() -> None:
    def twice() -> dict[str, Any]:
        joint = report(1)
        joint["tpv"].append(report(2)["tpv"][0])
        return joint

    assert not any(isinstance(outcome, FixReading) for outcome in take(*[twice() for _ in range(20)]))


def test_a_reading_shows_no_coordinates() -> None:
    assert "48.8" not in repr(second_of())


SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
JSON = SCALARS | st.lists(SCALARS, max_size=2) | st.dictionaries(st.text(max_size=5), SCALARS, max_size=2)
# a true frame with some fields made otherwise: most stay readable
FRAMES = st.builds(
    lambda second, changes: report(second)["tpv"][0] | changes,
    st.integers(1, 3),
    st.dictionaries(st.sampled_from(["device", "mode", "time", "lat", "lon", "eph", "epx", "epy"]), JSON, max_size=2),
)
SKIES = st.fixed_dictionaries({"device": st.just("/dev/ttyS0") | JSON}, optional={"uSat": JSON, "satellites": JSON})
REPORTS = st.fixed_dictionaries(
    {"active": st.just(1) | JSON, "tpv": st.lists(FRAMES | JSON, max_size=3) | JSON, "sky": st.lists(SKIES, max_size=2)}
)


@given(st.lists(REPORTS, min_size=1, max_size=5))
def test_whatever_gpsd_says_a_reading_is_somewhere_on_earth_and_never_younger_than_the_last_report(
    reports: list[dict[str, Any]],
) -> None:
    for second, outcome in enumerate(take(*reports)):
        if isinstance(outcome, FixReading):
            assert abs(outcome.lat) <= 90
            assert abs(outcome.lon) <= 180
            assert (outcome.lat, outcome.lon) != (0, 0)
            assert outcome.accuracy_m is None or outcome.accuracy_m > 0
            assert outcome.satellites is None or outcome.satellites > 0
            assert outcome.age_s(100.0 + second) >= 1
            assert outcome.fix_at.tzinfo is UTC
