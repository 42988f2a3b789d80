"""What the server does with what wearables publish; the ingest is called as its MQTT link calls it."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
import sqlalchemy as sa
from stored import all_alerts, rows
from wearable import Wearable, uid

from sekur_sdk.models.alerts import AlertStatus
from sekur_sdk.models.device import AlertKind
from sekur_sdk.models.duties import DutyStatus
from sekur_sdk.rules.logbook_chain import first_broken
from sekur_sdk.sandbox.store import round_tables, schema
from sekur_sdk.sandbox.store.records import devices, duties, logbook_entries, positions
from sekur_sdk.sandbox.trade import alerts as trade
from sekur_sdk.sandbox.watch import look

if TYPE_CHECKING:
    from conftest import Clock

    from sekur_sdk.sandbox.ingest.ingest import Ingest
    from sekur_sdk.sandbox.store.database import Store


def event_types(store: Store) -> list[str]:
    return [row.type for row in rows(store, sa.select(schema.event.c.type).order_by(schema.event.c.id))]


def new_events(store: Store, before: list[str]) -> list[str]:
    return event_types(store)[len(before) :]


def all_positions(store: Store) -> list[Any]:
    with store.read() as connection:
        return positions.all(connection)


def all_duties(store: Store) -> list[Any]:
    with store.read() as connection:
        return duties.all(connection)


def demo_device(store: Store) -> Any:
    with store.read() as connection:
        return devices.find(connection, "dev_demo")


def tally(store: Store, name: str) -> int:
    found = rows(store, sa.select(schema.tally.c.value).where(schema.tally.c.name == name))
    return found[0].value if found else 0


# alarms


def test_an_alarm_opens_an_alert_with_its_event_its_logbook_entry_and_its_receipt(
    store: Store, wearable: Wearable
) -> None:
    before = event_types(store)
    message = wearable.alert(score=0.9, fix=wearable.fix())
    answers = wearable.send("alert", message)

    (alert,) = all_alerts(store)
    assert (alert.uid, alert.kind, alert.status) == (message["uid"], AlertKind.FALL, AlertStatus.OPEN)
    assert (alert.device_id, alert.employee_id, alert.site_id) == ("dev_demo", "emp_demo", "sit_entrepot")
    assert new_events(store, before) == ["alert.opened", "logbook_entry.created"]
    assert [(channel, body.get("outcome") or body["state"]) for channel, body in answers] == [
        ("receipt", "stored"),
        ("alert/state", "received"),
    ]
    with store.read() as connection:
        entry = logbook_entries.all(connection)[-1]
    assert (entry.alert_id, entry.category, entry.author_id) == (alert.id, "alarme_dati", "emp_demo")
    assert "chute" in entry.text


def test_an_alarm_sent_twice_is_one_alert_and_its_present_state_is_told_again(store: Store, wearable: Wearable) -> None:
    message = wearable.alert()
    wearable.send("alert", message)
    (alert,) = all_alerts(store)
    store.write(lambda tx: trade.acknowledge(tx, alert, by="Poste central"))
    before = event_types(store)

    answers = wearable.send("alert", message)

    assert len(all_alerts(store)) == 1
    assert new_events(store, before) == []
    assert [body.get("outcome") or body["state"] for _, body in answers] == ["duplicate", "acknowledged"]


def test_an_alarm_of_a_kind_from_the_future_still_opens_an_alert(store: Store, wearable: Wearable) -> None:
    wearable.send("alert", wearable.alert("gas_leak"))
    (alert,) = all_alerts(store)
    assert alert.kind == "gas_leak"
    assert not alert.kind.is_known


@pytest.mark.parametrize("kind", ["low_battery", "technical", "test"])
def test_an_alarm_about_the_device_alone_writes_no_logbook_entry(store: Store, wearable: Wearable, kind: str) -> None:
    before = event_types(store)
    wearable.send("alert", wearable.alert(kind))
    assert new_events(store, before) == ["alert.opened"]


def test_a_cancelled_alarm_stays_open_for_a_person_to_resolve(store: Store, wearable: Wearable, clock: Clock) -> None:
    message = wearable.alert()
    wearable.send("alert", message)
    clock.advance(5)
    before = event_types(store)
    wearable.send("event", wearable.cancel(message["uid"]))
    (alert,) = all_alerts(store)
    assert alert.cancelled_at == clock()
    assert alert.status == AlertStatus.OPEN
    assert new_events(store, before) == ["alert.cancelled"]


def test_a_cancel_that_overtakes_its_alarm_is_not_lost(store: Store, wearable: Wearable) -> None:
    message = wearable.alert()
    wearable.send("event", wearable.cancel(message["uid"]))
    wearable.send("alert", message)
    (alert,) = all_alerts(store)
    assert alert.cancelled_at is not None


def test_a_cancelled_pre_alarm_opens_no_alert(store: Store, wearable: Wearable) -> None:
    (answer,) = wearable.send("event", wearable.cancel(uid(), phase="pre_alarm"))
    assert answer[1]["outcome"] == "stored"
    assert all_alerts(store) == []


def test_a_device_that_comes_back_is_told_what_became_of_its_alarms(store: Store, wearable: Wearable) -> None:
    messages = [wearable.alert("sos"), wearable.alert("fall")]
    for message in messages:
        wearable.send("alert", message)
    first, _ = all_alerts(store)
    store.write(lambda tx: trade.resolve(tx, first, by="Poste central", resolution="Agent vu", false_alarm=False))

    answers = wearable.send("status", wearable.status())

    assert [(body["uid"], body["state"]) for _, body in answers] == [
        (messages[0]["uid"], "resolved"),
        (messages[1]["uid"], "received"),
    ]
    assert demo_device(store).online


def test_open_alarms_are_told_again_when_the_line_to_the_broker_is_new(ingest: Ingest, wearable: Wearable) -> None:
    message = wearable.alert()
    wearable.send("alert", message)
    (publication,) = ingest.standing()
    assert publication.topic == "sekur/v1/demo/dev_demo/alert/state"
    assert msgspec.json.decode(publication.payload)["uid"] == message["uid"]


def test_an_alarm_that_overtakes_its_duty_gets_it_when_the_duty_comes(store: Store, wearable: Wearable) -> None:
    start = wearable.duty_step("start", employee_id="emp_benali", site_id="sit_tour")
    wearable.send("alert", wearable.alert())
    wearable.send("event", start)
    (alert,) = all_alerts(store)
    (duty,) = all_duties(store)
    assert (alert.duty_id, alert.employee_id, alert.site_id) == (duty.id, "emp_benali", "sit_tour")


# commits before receipts


def test_no_receipt_is_made_when_the_commit_fails(
    store: Store, wearable: Wearable, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = wearable.alert()

    # a fake, as a full disk can't be had in a fast test: the commit itself fails
    def fail(_connection: sa.Connection) -> None:
        raise sa.exc.OperationalError("COMMIT", None, OSError("disk full"))

    with monkeypatch.context() as patch:
        patch.setattr(store._writing.dialect, "do_commit", fail)
        with pytest.raises(sa.exc.OperationalError):
            wearable.send("alert", message)
    assert all_alerts(store) == []

    answers = wearable.send("alert", message)
    assert answers[0][1]["outcome"] == "stored"


def test_a_bug_of_ours_loses_no_alarm_and_raises_a_technical_alert(
    store: Store, wearable: Wearable, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("48.9072 Rochefontaine")

    monkeypatch.setattr("sekur_sdk.sandbox.ingest.ingest.apply", broken)
    (answer,) = wearable.send("alert", wearable.alert())
    assert (answer[1]["outcome"], answer[1]["reason"]) == ("quarantined", "server_error")
    (alert,) = all_alerts(store)
    assert (alert.kind, alert.fault) == (AlertKind.TECHNICAL, "unreadable_alarm")
    assert "ZeroDivisionError" in caplog.text
    assert "Rochefontaine" not in caplog.text


# duties


def test_a_duty_is_followed_from_start_to_end(store: Store, wearable: Wearable, clock: Clock) -> None:
    before = event_types(store)
    for action in ("start", "break_start", "break_end", "end"):
        wearable.send("event", wearable.duty_step(action))
        clock.advance(600)
    (duty,) = all_duties(store)
    assert (duty.status, duty.device_ref, duty.method) == (DutyStatus.CLOSED, wearable.duty, "device")
    assert len(duty.breaks) == 1
    assert new_events(store, before) == ["duty.started", "duty.updated", "duty.updated", "duty.ended"]


def test_the_steps_of_a_duty_may_come_in_any_order(store: Store, wearable: Wearable, clock: Clock) -> None:
    steps = []
    for action in ("start", "break_start", "break_end", "end"):
        steps.append(wearable.duty_step(action))
        clock.advance(600)
    for step in reversed(steps):
        wearable.send("event", step)
    (duty,) = all_duties(store)
    assert duty.status == DutyStatus.CLOSED
    assert [pause.ended_at - pause.started_at for pause in duty.breaks] == [timedelta(seconds=600)]


def test_a_duty_of_nobody_known_is_quarantined_and_somebody_is_told(store: Store, wearable: Wearable) -> None:
    (answer,) = wearable.send("event", wearable.duty_step("start", employee_id="emp_nobody"))
    assert (answer[1]["outcome"], answer[1]["reason"]) == ("quarantined", "unknown_employee")
    assert all_duties(store) == []
    assert [alert.fault for alert in all_alerts(store)] == ["duty_refused"]


# positions


def test_a_position_on_duty_is_kept(store: Store, wearable: Wearable) -> None:
    wearable.send("event", wearable.duty_step("start"))
    assert wearable.send("position", wearable.position()) == []
    (kept,) = all_positions(store)
    assert kept.duty_id == all_duties(store)[0].id


@pytest.mark.parametrize("when", ["before", "on break", "after"])
def test_a_position_outside_the_duty_is_dropped_and_counted(
    store: Store, wearable: Wearable, clock: Clock, when: str
) -> None:
    wearable.send("event", wearable.duty_step("start"))
    clock.advance(60)
    if when == "on break":
        wearable.send("event", wearable.duty_step("break_start"))
    if when == "after":
        wearable.send("event", wearable.duty_step("end"))
    clock.advance(60)
    at = clock() - timedelta(hours=1) if when == "before" else None
    wearable.send("position", wearable.position(at=at))
    assert all_positions(store) == []
    assert tally(store, "positions_dropped") == 1


def test_a_position_without_any_duty_is_dropped(store: Store, wearable: Wearable) -> None:
    wearable.send("position", wearable.position())
    assert all_positions(store) == []
    assert rows(store, sa.select(schema.pending_position)) == []
    assert tally(store, "positions_dropped") == 1


def test_positions_that_overtake_their_duty_are_judged_when_it_comes(
    store: Store, wearable: Wearable, clock: Clock
) -> None:
    clock.advance(60)
    start = wearable.duty_step("start")
    early, inside = clock() - timedelta(seconds=30), clock() + timedelta(seconds=30)
    clock.advance(60)
    wearable.send("position", wearable.position(at=early))
    wearable.send("position", wearable.position(at=inside))
    assert all_positions(store) == []

    wearable.send("event", start)

    assert [kept.fix_at for kept in all_positions(store)] == [inside]
    assert tally(store, "positions_dropped") == 1
    assert rows(store, sa.select(schema.pending_position)) == []


def test_a_break_told_late_takes_back_the_positions_within_it(store: Store, wearable: Wearable, clock: Clock) -> None:
    wearable.send("event", wearable.duty_step("start"))
    clock.advance(60)
    pause = wearable.duty_step("break_start")
    clock.advance(60)
    wearable.send("position", wearable.position())
    assert len(all_positions(store)) == 1
    wearable.send("event", pause)
    assert all_positions(store) == []
    assert tally(store, "positions_dropped") == 1


def test_positions_that_wait_for_a_duty_for_a_day_are_forgotten(store: Store, wearable: Wearable, clock: Clock) -> None:
    wearable.duty = uid()
    wearable.send("position", wearable.position())
    clock.advance(24 * 3600)
    store.write(look)
    assert rows(store, sa.select(schema.pending_position)) == []
    assert tally(store, "positions_dropped") == 1


def test_positions_of_an_alarm_are_kept_off_duty_until_it_is_resolved(
    store: Store, wearable: Wearable, clock: Clock
) -> None:
    message = wearable.alert("sos")
    wearable.send("position", wearable.position(alert=message["uid"]))
    assert all_positions(store) == []
    wearable.send("alert", message)
    (alert,) = all_alerts(store)
    assert [kept.alert_id for kept in all_positions(store)] == [alert.id]

    store.write(lambda tx: trade.resolve(tx, alert, by="PC", resolution="RAS", false_alarm=True))
    clock.advance(10)
    wearable.send("position", wearable.position(alert=message["uid"]))
    assert len(all_positions(store)) == 1
    assert tally(store, "positions_dropped") == 1


# health


def test_health_shows_on_the_device(store: Store, wearable: Wearable, clock: Clock) -> None:
    before = event_types(store)
    (answer,) = wearable.send("health", wearable.health(protected=False, faults=["no_fix"]))
    device = demo_device(store)
    assert (device.protected, device.faults, device.battery_pct, device.last_seen_at) == (
        False,
        ("no_fix",),
        80,
        clock(),
    )
    assert answer[1]["outcome"] == "stored"
    assert new_events(store, before) == ["device.updated"]


def test_a_late_health_message_does_not_overwrite_a_newer_one(store: Store, wearable: Wearable) -> None:
    old, new = wearable.health(protected=False), wearable.health(protected=True)
    wearable.send("health", new)
    wearable.send("health", old)
    assert demo_device(store).protected is True


def test_a_wearable_on_duty_that_falls_silent_raises_one_alert_until_it_is_back(
    store: Store, wearable: Wearable, clock: Clock
) -> None:
    wearable.send("event", wearable.duty_step("start"))
    wearable.send("health", wearable.health())
    clock.advance(179)
    store.write(look)
    assert all_alerts(store) == []

    clock.advance(1)
    store.write(look)
    store.write(look)
    (alert,) = all_alerts(store)
    assert (alert.uid, alert.fault, alert.device_id) == (None, "no_health", "dev_demo")
    assert demo_device(store).protected is False

    wearable.send("health", wearable.health())
    (alert,) = all_alerts(store)
    assert alert.status == AlertStatus.RESOLVED
    assert demo_device(store).protected is True

    clock.advance(180)
    store.write(look)
    assert len(all_alerts(store)) == 2


def test_after_a_restart_the_server_listens_first_before_it_misses_anybody(
    store: Store, wearable: Wearable, clock: Clock
) -> None:
    wearable.send("event", wearable.duty_step("start"))
    wearable.send("health", wearable.health())
    clock.advance(3600)
    restarted = clock()
    clock.advance(179)
    store.write(lambda tx: look(tx, listening_since=restarted))
    assert all_alerts(store) == []
    clock.advance(1)
    store.write(lambda tx: look(tx, listening_since=restarted))
    assert [alert.fault for alert in all_alerts(store)] == ["no_health"]


def test_a_wearable_off_duty_may_be_silent(store: Store, wearable: Wearable, clock: Clock) -> None:
    wearable.send("event", wearable.duty_step("start"))
    wearable.send("health", wearable.health())
    wearable.send("event", wearable.duty_step("end"))
    assert demo_device(store).protected is None
    clock.advance(3600)
    store.write(look)
    assert all_alerts(store) == []


# the rest


def test_a_log_message_becomes_a_chained_logbook_entry(store: Store, wearable: Wearable) -> None:
    body = {"kind": "log", "category": "ronde", "text": "Ronde faite", "occurred_at": wearable.now().isoformat()}
    wearable.send("event", wearable.envelope(body))
    with store.read() as connection:
        entries = logbook_entries.all(connection, schema.logbook_entry.c.site_id == "sit_entrepot")
    assert entries[-1].text == "Ronde faite"
    assert first_broken(sorted(entries, key=lambda entry: entry.seq)) is None


def test_a_scan_is_kept(store: Store, wearable: Wearable) -> None:
    body = {"kind": "scan", "method": "nfc", "tag": "04:A2", "occurred_at": wearable.now().isoformat(), "fix": None}
    wearable.send("event", wearable.envelope(body))
    [scan] = rows(store, sa.select(round_tables.scan))
    assert scan.tag_hash == hashlib.sha256(b"04:A2").hexdigest()
    assert (scan.round_id, scan.checkpoint_id, scan.valid) == (None, None, False)


def test_a_declared_gap_is_recorded(store: Store, wearable: Wearable) -> None:
    body = {"kind": "gap", "first_seq": 3, "last_seq": 9, "dropped": {"position": 7}, "reason": "disk_full"}
    wearable.send("event", wearable.envelope(body))
    (gap,) = rows(store, sa.select(schema.declared_gap))
    assert (gap.first_seq, gap.last_seq, gap.dropped) == (3, 9, {"position": 7})


def test_the_will_of_a_dead_device_takes_it_offline(store: Store, wearable: Wearable) -> None:
    wearable.send("status", wearable.status(online=True))
    wearable.send("status", wearable.status(online=False))
    assert not demo_device(store).online


# the contract's examples


@pytest.mark.parametrize(
    ("name", "channel"),
    [
        ("mqtt-alert", "alert"),
        ("mqtt-alert-technical", "alert"),
        ("mqtt-event-cancel", "event"),
        ("mqtt-event-duty", "event"),
        ("mqtt-event-gap", "event"),
        ("mqtt-event-log", "event"),
        ("mqtt-event-scan", "event"),
        ("mqtt-health", "health"),
    ],
)
def test_the_contracts_examples_are_taken(examples: Any, wearable: Wearable, name: str, channel: str) -> None:
    message = msgspec.json.decode((examples / f"{name}.json").read_bytes())
    if message["body"].get("action") == "start":
        # its employee and site are those of the other examples, not of the demo data
        message["body"] |= {"employee_id": "emp_demo", "site_id": "sit_entrepot", "shift_id": None}
    answers = wearable.send(channel, message)
    assert answers[0][1]["outcome"] == "stored"


@pytest.mark.parametrize("name", ["mqtt-status", "mqtt-config-reported", "mqtt-cmd-result", "mqtt-position"])
def test_the_contracts_examples_without_receipt_are_taken(
    examples: Any, store: Store, wearable: Wearable, name: str
) -> None:
    channels = {"mqtt-config-reported": "config/reported", "mqtt-position": "position", "mqtt-status": "status"}
    message = msgspec.json.decode((examples / f"{name}.json").read_bytes())
    wearable.send(channels.get(name) or f"cmd/{message['id']}/result", message)
    assert rows(store, sa.select(schema.quarantine)) == []
