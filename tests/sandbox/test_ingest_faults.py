"""What the server does with gaps, shared identities, wrong clocks and broken messages of wearables."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from stored import all_alerts, rows
from wearable import Wearable, uid

from sekur_sdk.models.device import AlertKind
from sekur_sdk.sandbox.store import schema
from sekur_sdk.sandbox.watch import look

if TYPE_CHECKING:
    from conftest import Clock

    from sekur_sdk.sandbox.ingest.ingest import Ingest
    from sekur_sdk.sandbox.store.database import Store


# numbers that are missing, identities that two have


def numbered(wearable: Wearable, seq: int, waiting: int = 0) -> dict[str, Any]:
    return wearable.envelope({"protected": True, "outbox_messages": waiting}, seq=seq)


def open_gaps(store: Store, log: str) -> set[int]:
    gap = schema.seq_gap
    return {
        seq
        for row in rows(store, sa.select(gap).where(gap.c.log == log))
        for seq in range(row.first_seq, row.last_seq + 1)
    }


def gap_body(*seqs: tuple[int, int], dropped: dict[str, int] | None = None) -> dict[str, Any]:
    return {
        "kind": "gap",
        "first_seq": seqs[0][0],
        "last_seq": seqs[-1][1],
        "dropped": dropped or {},
        "reason": "superseded",
        "seqs": seqs,
    }


@hypothesis_settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(range(1, 9)), missing=st.sets(st.integers(1, 8), max_size=3))
def test_gaps_in_seq_are_those_numbers_that_never_came(
    store: Store, ingest: Ingest, clock: Clock, order: list[int], missing: set[int]
) -> None:
    device = Wearable(ingest.handle, clock)
    came = [seq for seq in order if seq not in missing]
    for seq in came:
        device.send("health", device.envelope({"protected": True}, seq=seq))
    assert open_gaps(store, device.log) == set(range(1, max(came) + 1)) - set(came)


def test_numbers_that_the_wearable_tells_as_dropped_are_not_missed(store: Store, wearable: Wearable) -> None:
    wearable.send("health", numbered(wearable, 1))
    wearable.send("health", numbered(wearable, 20))
    assert open_gaps(store, wearable.log) == set(range(2, 20))
    wearable.send("event", wearable.envelope(gap_body((2, 4), (8, 8), (12, 19)), seq=21))
    assert open_gaps(store, wearable.log) == {5, 6, 7, 9, 10, 11}


def test_a_message_lost_on_the_way_raises_one_technical_alert(store: Store, wearable: Wearable, clock: Clock) -> None:
    wearable.send("health", numbered(wearable, 1))
    wearable.send("health", numbered(wearable, 3))
    clock.advance(60)
    # it may be among what still waits
    wearable.send("health", numbered(wearable, 4, waiting=1))
    assert all_alerts(store) == []
    wearable.send("health", numbered(wearable, 5))
    wearable.send("health", numbered(wearable, 6))
    (alert,) = all_alerts(store)
    assert (alert.fault, alert.device_id) == ("messages_lost", "dev_demo")
    declared = rows(store, sa.select(schema.declared_gap))
    assert [(gap.first_seq, gap.last_seq, gap.reason) for gap in declared] == [(2, 2, "messages_lost")]


def test_what_a_wearable_without_a_word_has_not_sent_for_a_day_is_reported(
    store: Store, wearable: Wearable, clock: Clock
) -> None:
    wearable.send("health", numbered(wearable, 5))
    clock.advance(86_399)
    store.write(look)
    assert all_alerts(store) == []
    clock.advance(1)
    store.write(look)
    assert [alert.fault for alert in all_alerts(store)] == ["messages_lost"]


def test_two_wearables_with_one_identity_raise_a_technical_alert(store: Store, ingest: Ingest, clock: Clock) -> None:
    one, other = Wearable(ingest.handle, clock), Wearable(ingest.handle, clock)
    for each in (one, other, one):
        each.send("status", each.status())
    assert all_alerts(store) == []
    for each in (other, one):
        each.send("status", each.status())
    (alert,) = all_alerts(store)
    assert (alert.fault, alert.device_id) == ("identity_shared", "dev_demo")


def test_a_wearable_that_starts_again_and_again_shares_no_identity(store: Store, ingest: Ingest, clock: Clock) -> None:
    for _ in range(6):
        wearable = Wearable(ingest.handle, clock)
        for _ in range(2):
            wearable.send("status", wearable.status(online=True))
            wearable.send("status", wearable.status(online=False))
    assert all_alerts(store) == []


# times


def of_an_unset_clock(wearable: Wearable, at: datetime, up_s: float, *, ago_s: float = 2.0) -> dict[str, Any]:
    """An alarm of a wearable that believed it to be `at`, `up_s` after its start; what it tells of was `ago_s` before."""
    body = {"kind": "fall", "started_at": (at - timedelta(seconds=ago_s)).isoformat()}
    return wearable.envelope(body, at=at.isoformat(), clock="unsynced", up_ms=int(up_s * 1000))


@pytest.mark.parametrize("year", [1970, 2040])
def test_an_alarm_of_a_clock_that_cant_be_right_is_no_later_than_its_coming(
    store: Store, wearable: Wearable, clock: Clock, year: int
) -> None:
    wearable.send("alert", of_an_unset_clock(wearable, datetime(year, 1, 1, tzinfo=UTC), 100))
    (alert,) = all_alerts(store)
    assert alert.occurred_at == clock() - timedelta(seconds=2)


def test_an_alarm_is_mended_when_the_clock_of_its_start_is_known(
    store: Store, wearable: Wearable, clock: Clock
) -> None:
    # it fell an hour ago, 100 s after the start, with no link until now
    wearable.send("alert", of_an_unset_clock(wearable, datetime(1970, 1, 1, tzinfo=UTC), 100))
    message = wearable.envelope({"protected": True}, clock="gnss", up_ms=3_700_000)
    wearable.send("health", message)
    (alert,) = all_alerts(store)
    assert alert.occurred_at == clock() - timedelta(seconds=3602)
    # and one that comes later is right at once
    wearable.send("alert", of_an_unset_clock(wearable, datetime(1970, 1, 1, tzinfo=UTC), 200))
    assert all_alerts(store)[-1].occurred_at == clock() - timedelta(seconds=3502)


def test_a_clock_that_nobody_vouches_for_and_that_may_be_right_is_believed(
    store: Store, wearable: Wearable, clock: Clock
) -> None:
    late = clock() - timedelta(hours=3)
    wearable.send("alert", of_an_unset_clock(wearable, late, 50))
    (alert,) = all_alerts(store)
    assert alert.occurred_at == late - timedelta(seconds=2)


def test_the_times_of_another_start_are_left_alone(store: Store, wearable: Wearable, clock: Clock) -> None:
    late = clock() - timedelta(hours=3)
    wearable.send("alert", of_an_unset_clock(wearable, late, 50))
    wearable.boot = uid()
    wearable.send("health", wearable.envelope({"protected": True}, clock="synced", up_ms=10_000))
    (alert,) = all_alerts(store)
    assert alert.occurred_at == late - timedelta(seconds=2)


# hostile and broken messages


def deep(depth: int) -> bytes:
    return b'{"v":1,"body":' + b"[" * depth + b"]" * depth + b"}"


HOSTILE = {
    "empty": b"",
    "not JSON": b"not json",
    "bad UTF-8": b'{"uid": "\xff\xfe"}',
    "a lone surrogate": b'{"v":1,"uid":"\\ud800"}',
    "deep": deep(100_000)[:8000],
    "deep and whole": deep(2000),
    "oversize": b'{"pad":"' + b"x" * 9000 + b'"}',
    "huge": b"x" * 1_000_000,
    "another tenant in the body": b'{"v":1,"tenant":"other","device":"dev_pti_09","uid":3}',
    "a list": b"[1,2,3]",
    "null": b"null",
    "wrong types": b'{"v":"1","uid":5,"log":[],"seq":"x","boot":{},"up_ms":-1,"at":0,"clock":1,"body":7}',
}


@pytest.mark.parametrize("channel", ["alert", "event", "position", "health"])
@pytest.mark.parametrize("name", HOSTILE)
def test_what_cant_be_read_is_kept_raw_and_receipted_by_its_hash(
    store: Store, wearable: Wearable, name: str, channel: str
) -> None:
    payload = HOSTILE[name]
    answers = wearable.send(channel, payload)
    (receipt,) = [body for where, body in answers if where == "receipt"]
    assert (receipt["outcome"], receipt["reason"]) == (
        "quarantined",
        "oversize" if len(payload) > 8192 else "unreadable",
    )
    assert receipt["payload_sha256"] == hashlib.sha256(payload).hexdigest()
    (kept,) = rows(store, sa.select(schema.quarantine))
    assert kept.payload == payload[: 64 * 1024]
    assert kept.payload_bytes == len(payload)


def test_what_cant_be_read_but_for_its_uid_is_receipted_by_it(wearable: Wearable) -> None:
    message = wearable.alert()
    message["body"]["kind"] = 7
    (receipt,) = (body for channel, body in wearable.send("alert", message) if channel == "receipt")
    assert (receipt["uid"], receipt["payload_sha256"], receipt["outcome"]) == (message["uid"], None, "quarantined")


@pytest.mark.parametrize(
    ("channel", "body", "fields"),
    [
        ("health", {"protected": True}, {"seq": 2**70}),
        ("event", gap_body((1, 2)) | {"last_seq": 2**70}, {}),
        ("event", gap_body((1, 2)) | {"first_seq": 2**70, "last_seq": 2**70}, {}),
        ("event", gap_body((1, 2**70)) | {"last_seq": 2}, {}),
    ],
)
def test_numbers_of_messages_beyond_64_bits_are_quarantined(
    wearable: Wearable, channel: str, body: dict[str, Any], fields: dict[str, int]
) -> None:
    (answer,) = wearable.send(channel, wearable.envelope(body, **fields))
    assert (answer[1]["outcome"], answer[1]["reason"]) == ("quarantined", "unreadable")


def test_a_time_since_the_start_that_no_clock_counts_costs_no_message(wearable: Wearable) -> None:
    (answer,) = wearable.send("health", wearable.envelope({"protected": True}, up_ms=2**70))
    assert answer[1]["outcome"] == "stored"


def test_the_same_unreadable_message_again_is_counted_not_kept_twice(store: Store, wearable: Wearable) -> None:
    wearable.send("event", b"?")
    wearable.send("event", b"?")
    (kept,) = rows(store, sa.select(schema.quarantine))
    assert kept.times == 2


def test_an_unreadable_alarm_raises_one_technical_alert(store: Store, wearable: Wearable) -> None:
    wearable.send("alert", b"?")
    wearable.send("alert", b"??")
    (alert,) = all_alerts(store)
    assert (alert.kind, alert.fault, alert.device_id) == (AlertKind.TECHNICAL, "unreadable_alarm", "dev_demo")


def test_an_alarm_of_an_unknown_device_is_quarantined_and_somebody_is_told(
    store: Store, ingest: Ingest, clock: Clock
) -> None:
    stranger = Wearable(ingest.handle, clock, device="dev_stranger")
    message = stranger.alert()
    (answer,) = stranger.send("alert", message)
    assert (answer[1]["uid"], answer[1]["outcome"], answer[1]["reason"]) == (
        message["uid"],
        "quarantined",
        "unknown_device",
    )
    (alert,) = all_alerts(store)
    assert (alert.fault, alert.device_id) == ("unknown_device_alarm", None)


def test_a_position_that_may_not_be_kept_is_not_kept_in_quarantine_either(
    store: Store, ingest: Ingest, clock: Clock
) -> None:
    stranger = Wearable(ingest.handle, clock, device="dev_stranger")
    stranger.send("position", stranger.position())
    (kept,) = rows(store, sa.select(schema.quarantine))
    assert (kept.reason, kept.payload) == ("unknown_device", b"")


def test_another_tenants_message_is_quarantined(store: Store, ingest: Ingest, clock: Clock) -> None:
    stranger = Wearable(ingest.handle, clock, tenant="other")
    (answer,) = stranger.send("alert", stranger.alert())
    assert answer[1]["reason"] == "unknown_tenant"
    assert all_alerts(store) == []


def test_a_topic_that_is_none_of_ours_is_kept_without_an_answer(store: Store, ingest: Ingest) -> None:
    assert ingest.handle("somewhere/else", b"{}") == []
    assert [row.reason for row in rows(store, sa.select(schema.quarantine))] == ["unknown_topic"]


@hypothesis_settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    payload=st.binary(max_size=300),
    channel=st.sampled_from(["alert", "event", "position", "health", "status", "cmd/a/result"]),
)
def test_no_bytes_of_a_stranger_meet_a_bug_of_ours(
    store: Store, wearable: Wearable, payload: bytes, channel: str
) -> None:
    wearable.send(channel, payload)
    assert {row.reason for row in rows(store, sa.select(schema.quarantine))} == {"unreadable"}
