"""JSON to models: what is refused, and how an error names its place."""

from __future__ import annotations

import copy
import json
import pickle
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sekur_sdk import wire
from sekur_sdk.models.billing import Invoice, Quote
from sekur_sdk.models.device import AlertKind, Channel, DeviceAddress, command_id, command_result_id, parse_topic
from sekur_sdk.models.events import EventType, UnknownSubject
from sekur_sdk.models.paging import Page
from sekur_sdk.models.planning import Shift, ShiftStatus
from sekur_sdk.models.scalars import format_decimal, parse_decimal
from sekur_sdk.models.uid import UID_PATTERN, new_uid
from sekur_sdk.wire.events import decode_event
from sekur_sdk.wire.messages import decode_message, read_uid

EXAMPLES = Path(__file__).parents[2] / "docs" / "contract" / "examples"


def example(name: str, **changes: object) -> bytes:
    """The example, with fields changed: `lines__0__amount=...` reaches inwards."""
    data = json.loads((EXAMPLES / f"{name}.json").read_bytes())
    for path, value in changes.items():
        target: Any = data
        *parents, last = [int(key) if key.isdigit() else key for key in path.split("__")]
        for key in parents:
            target = target[key]
        target[last] = value
    return json.dumps(data).encode()


@pytest.mark.parametrize(
    "amount",
    [
        "NaN",
        "Infinity",
        "-Infinity",
        "1e3",
        "1E400",
        "1_000",
        " 5",
        "5 ",
        "٣",
        "",
        "+1",
        ".5",
        "1.",
        "01",
        "0x1",
        "1,5",
        12,
        12.5,
        None,
        True,
    ],
)
def test_money_that_is_not_plain_digits_in_a_string_is_refused_by_its_path(amount: object) -> None:
    with pytest.raises(wire.WireError) as caught:
        wire.decode(example("invoice", lines__0__amount=amount), Invoice)
    assert caught.value.path == "$.lines[0].amount"


@pytest.mark.parametrize(
    ("amount", "fits"),
    [("9999999999.99", True), ("10000000000", False), ("99999999999.99", False), ("1.234", False), ("-12.5", True)],
)
def test_money_has_at_most_twelve_digits_and_two_decimals(amount: str, fits: bool) -> None:
    data = example("quote", totals__net=amount)
    if fits:
        assert wire.decode(data, Quote).totals.net == Decimal(amount)
    else:
        with pytest.raises(wire.WireError, match=r"\$\.totals\.net: Expected at most"):
            wire.decode(data, Quote)


@given(st.decimals(min_value=-99_999_999, max_value=99_999_999, places=4, allow_nan=False))
def test_a_rate_survives_the_wire_exactly(value: Decimal) -> None:
    assert parse_decimal(format_decimal(value, places=4), places=4) == value


@pytest.mark.parametrize(
    "value", [Decimal("0.001"), Decimal("NaN"), Decimal("Infinity"), Decimal("12345678901.00"), Decimal("1E+20")]
)
def test_an_amount_that_the_wire_can_not_carry_is_refused_and_never_rounded(value: Decimal) -> None:
    with pytest.raises(ValueError, match="Expected"):
        format_decimal(value, places=2)


def test_an_amount_is_written_with_all_its_decimals() -> None:
    assert format_decimal(Decimal("1E+2"), places=2) == "100.00"
    assert format_decimal(Decimal("12.5000"), places=2) == "12.50"


def test_a_naive_time_is_refused_by_its_path() -> None:
    with pytest.raises(wire.WireError) as caught:
        wire.decode(b'{"items": [' + example("shift", starts_at="2026-11-07T19:00:00") + b"]}", Page[Shift])
    assert caught.value.path == "$.items[0].starts_at"


def test_a_wrong_type_is_refused_by_its_path() -> None:
    with pytest.raises(wire.WireError, match=r"^\$\.version: Expected `int`, got `str`$"):
        wire.decode(example("shift", version="three"), Shift)


def test_fields_of_a_newer_server_are_ignored() -> None:
    assert wire.decode(example("shift", colour="blue"), Shift) == wire.decode(example("shift"), Shift)


def test_a_value_of_a_newer_server_is_kept_and_known_as_unknown() -> None:
    shift = wire.decode(example("shift", status="on_hold"), Shift)
    assert shift.status == "on_hold"
    assert not shift.status.is_known
    assert wire.decode(example("shift"), Shift).status.is_known
    assert json.loads(wire.encode(shift))["status"] == "on_hold"


def test_an_unknown_value_survives_pickle_and_copy_and_equals_itself() -> None:
    status = ShiftStatus("on_hold")
    assert pickle.loads(pickle.dumps(status)) == status
    assert copy.deepcopy(status) == status
    assert hash(status) == hash(ShiftStatus("on_hold"))
    assert str(status) == "on_hold"


@pytest.mark.parametrize("data", [b"", b"{", b"\xff\xfe", b'"\xff"', b"[" * 100_000, b"null", b"3"])
def test_rubbish_is_an_error_of_the_wire(data: bytes) -> None:
    with pytest.raises(wire.WireError):
        wire.decode(data, Shift)


@given(st.binary(max_size=200))
def test_no_bytes_make_a_message_reader_fail_otherwise(data: bytes) -> None:
    for channel in ("alert", "event", "position", "health", "nonsense"):
        with pytest.raises(wire.WireError):
            decode_message(channel, data)
    assert read_uid(data) is None


def test_an_event_of_an_unknown_type_keeps_its_subject_as_it_came() -> None:
    event = decode_event(example("event", type="drone.launched", subject={"id": "drn_1"}))
    assert event.type == "drone.launched"
    assert not event.type.is_known
    assert isinstance(event.subject, UnknownSubject)
    assert json.loads(event.subject.json) == {"id": "drn_1"}


def test_an_event_of_a_new_kind_about_a_known_resource_is_typed() -> None:
    event = decode_event(example("event", type="logbook_entry.translated"))
    assert not isinstance(event.subject, UnknownSubject)


def test_every_event_type_has_a_subject() -> None:
    for event_type in EventType:
        assert decode_event.__globals__["SUBJECTS"][event_type.partition(".")[0]]


def test_a_bad_subject_is_refused_by_its_path() -> None:
    with pytest.raises(wire.WireError) as caught:
        decode_event(example("event", subject__seq="one"))
    assert caught.value.path == "$.subject.seq"


def test_an_alarm_of_a_kind_from_a_newer_device_is_still_an_alarm() -> None:
    body = decode_message(Channel.ALERT, example("mqtt-alert", body__kind="drowning")).body
    assert body.kind == "drowning"
    assert not AlertKind("drowning").is_known


@pytest.mark.parametrize(
    ("name", "channel", "changes", "path"),
    [
        ("mqtt-alert", "alert", {"body__fix__lat": 91}, "$.body.fix.lat"),
        ("mqtt-alert", "alert", {"body__score": 1.5}, "$.body.score"),
        ("mqtt-alert", "alert", {"uid": "NOT-A-UID"}, "$.uid"),
        ("mqtt-alert", "alert", {"seq": 0}, "$.seq"),
        ("mqtt-alert", "alert", {"at": "2026-11-07T22:10:30"}, "$.at"),
        ("mqtt-event-log", "event", {"body__text": "x" * 2001}, "$.body.text"),
        ("mqtt-event-log", "event", {"body__kind": "poem"}, "$.body.kind"),
        ("mqtt-event-log", "event", {"body": 3}, "$.body"),
        ("mqtt-position", "position", {"body__fix__age_s": -1}, "$.body.fix.age_s"),
        ("mqtt-health", "health", {"body__battery_pct": 101}, "$.body.battery_pct"),
    ],
)
def test_a_message_outside_the_contract_is_refused_by_its_path(
    name: str, channel: str, changes: dict[str, object], path: str
) -> None:
    with pytest.raises(wire.WireError) as caught:
        decode_message(channel, example(name, **changes))
    assert caught.value.path == path


def test_a_message_above_8_kib_is_refused_but_its_uid_can_be_read() -> None:
    data = example("mqtt-event-log", extra="x" * 9000)
    with pytest.raises(wire.WireError, match="more than the 8192"):
        decode_message("event", data)
    assert read_uid(data) is not None


def test_topics_are_built_and_read_the_same_way() -> None:
    address = DeviceAddress("demo", "dev_01hf7cf1ys")
    assert address.topic(Channel.ALERT) == "sekur/v1/demo/dev_01hf7cf1ys/alert"
    assert parse_topic(address.topic("cmd/cmd_1/result")) == (address, "cmd/cmd_1/result")
    assert command_id("cmd/cmd_1") == "cmd_1"
    assert command_result_id("cmd/cmd_1/result") == "cmd_1"
    assert command_id("alert") is None


def test_what_the_server_says_never_comes_back_on_a_topic_the_server_reads() -> None:
    assert Channel.ALERT not in (topic.rsplit("/", 1)[-1] for topic in DeviceAddress("demo", "dev_1").downward)


@pytest.mark.parametrize("name", ["", "a/b", "+", "#", "é", "a b", "x" * 65])
def test_a_name_that_can_not_stand_in_a_topic_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="can't stand in a topic"):
        DeviceAddress("demo", name)


@pytest.mark.parametrize(
    "topic", ["sekur/v2/demo/dev_1/alert", "sekur/v1/demo/alert", "other/v1/demo/dev_1/alert", "sekur/v1/demo/dev_1/"]
)
def test_a_topic_of_another_contract_is_refused(topic: str) -> None:
    with pytest.raises(ValueError, match="not a topic"):
        parse_topic(topic)


@given(st.integers(min_value=0, max_value=2**48 - 2))
def test_uids_are_version_7_and_sort_by_their_time(unix_ms: int) -> None:
    import re

    first, second = new_uid(unix_ms), new_uid(unix_ms + 1)
    assert re.match(UID_PATTERN, first)
    assert first[14] == "7"
    assert first[19] in "89ab"
    assert first < second


def test_times_are_written_in_utc_as_they_are() -> None:
    shift = wire.decode(example("shift", starts_at="2026-11-07T19:00:00+01:00"), Shift)
    assert shift.starts_at == datetime(2026, 11, 7, 18, tzinfo=UTC)
