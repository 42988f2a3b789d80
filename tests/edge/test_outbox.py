"""The outbox on its real SQLite file: what it keeps, in which order, and what it says about what it had to drop."""

from __future__ import annotations

import shutil
import sqlite3
import threading
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from edge_agent.messages import Draft, Lane, Message
from edge_agent.outbox import Outbox, StorageReport
from edge_agent.outbox_file import OutboxError
from sekur_sdk.models.device import (
    MAX_MESSAGE_BYTES,
    AlertBody,
    AlertKind,
    Channel,
    ClockState,
    GapBody,
    HealthBody,
    LogBody,
    PositionBody,
)
from sekur_sdk.models.uid import new_uid
from sekur_sdk.wire.messages import decode_message

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from sekur_sdk.wire.messages import Body

NOW = datetime(2026, 3, 1, 22, 0, tzinfo=UTC)
BOOT = new_uid(1)


def draft(channel: Channel, body: Body | None = None) -> Draft:
    made = (
        body
        or {
            Channel.ALERT: AlertBody(kind=AlertKind.SOS, started_at=NOW),
            Channel.POSITION: PositionBody(fix=None),
            Channel.HEALTH: HealthBody(protected=True),
            Channel.EVENT: LogBody(category="round", text="RAS", occurred_at=NOW),
        }[channel]
    )
    return Draft(uid=new_uid(1), channel=channel, at=NOW, up_ms=5, clock=ClockState.SYNCED, duty=None, body=made)


class Open:
    """An outbox with its thread, and the questions of a test asked synchronously."""

    def __init__(self, path: Path, **settings: Any) -> None:
        self.reports: list[StorageReport] = []
        self.outbox = Outbox(
            path, boot=BOOT, now=lambda: (NOW, 5, ClockState.SYNCED), report=self.reports.append, **settings
        )
        self.outbox.start()

    def put(self, channel: Channel, body: Body | None = None) -> Message:
        message = self.outbox.submit(draft(channel, body))
        self.settle()
        return message

    def settle(self) -> None:
        assert self.outbox.settle(10)

    def lane(self, lane: Lane, limit: int = 10_000) -> tuple[Message, ...]:
        found: list[tuple[Message, ...]] = []
        done = threading.Event()
        self.outbox.fetch(lane, 0, limit, lambda messages: (found.append(messages), done.set())[0])
        assert done.wait(10)
        return found[0]

    def gaps(self) -> list[GapBody]:
        self.outbox.tell_gaps()
        self.settle()
        self.settle()
        bodies = [decode_message(message.channel, message.payload).body for message in self.lane(Lane.EVENT)]
        return [body for body in bodies if isinstance(body, GapBody)]


@pytest.fixture
def open_outbox(tmp_path: Path) -> Iterator[Callable[..., Open]]:
    made: list[Open] = []

    def make(**settings: Any) -> Open:
        made.append(Open(tmp_path / "outbox.db", **settings))
        return made[-1]

    yield make
    for each in made:
        each.outbox.stop()


def test_messages_are_numbered_from_one_without_a_gap_over_a_restart(open_outbox: Callable[..., Open]) -> None:
    first = open_outbox()
    numbers = [first.put(channel).seq for channel in (Channel.EVENT, Channel.ALERT, Channel.POSITION)]
    log = first.outbox.log
    first.outbox.stop()
    second = open_outbox()

    assert numbers == [1, 2, 3]
    assert second.put(Channel.EVENT).seq == 4
    assert second.outbox.log == log


def test_numbers_that_a_crash_left_in_doubt_are_never_given_again_and_told_as_a_gap(
    open_outbox: Callable[..., Open], tmp_path: Path
) -> None:
    first = open_outbox()
    stored = first.put(Channel.EVENT)
    copy = tmp_path / "after-the-crash"
    copy.mkdir()
    for suffix in ("", "-wal"):
        shutil.copy(tmp_path / f"outbox.db{suffix}", copy / f"outbox.db{suffix}")
    # given, and never committed in what the crash left
    given = first.put(Channel.EVENT)
    second = Open(copy / "outbox.db")
    try:
        following = second.put(Channel.EVENT)
        (gap,) = second.gaps()
    finally:
        second.outbox.stop()

    assert following.seq > given.seq
    assert (gap.reason, gap.dropped, gap.seqs) == ("restart", {}, ((stored.seq + 1, following.seq - 1),))


def test_the_numbers_go_on_without_a_gap_after_an_end_in_order(open_outbox: Callable[..., Open]) -> None:
    first = open_outbox()
    first.put(Channel.EVENT)
    first.outbox.stop()
    second = open_outbox()

    assert second.put(Channel.EVENT).seq == 2
    assert second.gaps() == []


def test_many_gaps_are_told_in_as_many_messages_as_they_need(open_outbox: Callable[..., Open]) -> None:
    box = open_outbox()
    numbers = set()
    # a health message that is superseded, and another message between each two
    for _ in range(450):
        numbers.add(box.outbox.submit(draft(Channel.HEALTH)).seq)
        box.outbox.submit(draft(Channel.EVENT))
        box.settle()
    newest = max(numbers)
    box.gaps()
    for _ in range(5):
        box.settle()
    gaps = box.gaps()
    told = [seq for gap in gaps for first, last in gap.seqs for seq in range(first, last + 1)]

    assert len(gaps) == 3
    assert sorted(told) == sorted(numbers - {newest})


def test_the_bytes_are_the_same_after_a_restart(open_outbox: Callable[..., Open]) -> None:
    first = open_outbox()
    message = first.put(Channel.ALERT)
    first.outbox.stop()

    (kept,) = open_outbox().lane(Lane.ALARM)

    assert (kept.uid, kept.payload) == (message.uid, message.payload)
    envelope = decode_message(kept.channel, kept.payload)
    assert (envelope.uid, envelope.seq, envelope.boot) == (message.uid, 1, BOOT)


def test_what_the_server_has_is_forgotten(open_outbox: Callable[..., Open]) -> None:
    box = open_outbox()
    first, second = box.put(Channel.ALERT), box.put(Channel.ALERT)
    box.outbox.done(first.uid, "no-such-uid")
    box.settle()

    assert [message.uid for message in box.lane(Lane.ALARM)] == [second.uid]
    assert box.outbox.size.messages == 1


def test_a_state_is_durable_with_the_message_of_its_transaction(open_outbox: Callable[..., Open]) -> None:
    box = open_outbox()
    box.outbox.submit(draft(Channel.ALERT), states={"alarms": b"open", "duty": b"on"})
    box.outbox.set_state({"duty": None})
    box.outbox.stop()
    again = open_outbox().outbox

    assert (again.state("alarms"), again.state("duty")) == (b"open", None)


def test_a_commit_is_told_once_it_is_on_the_disk(open_outbox: Callable[..., Open], tmp_path: Path) -> None:
    box = open_outbox()
    seen: list[int] = []
    done = threading.Event()

    def committed() -> None:
        with sqlite3.connect(tmp_path / "outbox.db") as other:
            seen.append(other.execute("SELECT count(*) FROM message").fetchone()[0])
        other.close()
        done.set()

    box.outbox.submit(draft(Channel.ALERT), committed)

    assert done.wait(10)
    assert seen == [1]


def test_only_the_newest_health_is_kept_and_the_others_are_counted(open_outbox: Callable[..., Open]) -> None:
    box = open_outbox()
    for _ in range(3):
        newest = box.put(Channel.HEALTH)

    assert [message.uid for message in box.lane(Lane.HEALTH)] == [newest.uid]
    (gap,) = box.gaps()
    assert (gap.reason, gap.dropped, gap.first_seq, gap.last_seq) == ("superseded", {"health": 2}, 1, 2)


def test_a_full_disk_budget_costs_the_oldest_positions_first_and_never_an_alarm(
    open_outbox: Callable[..., Open],
) -> None:
    box = open_outbox(budget_bytes=20_000)
    alarms = [box.outbox.submit(draft(Channel.ALERT)).uid for _ in range(60)]
    events = [box.outbox.submit(draft(Channel.EVENT)).uid for _ in range(5)]
    positions = [box.outbox.submit(draft(Channel.POSITION)).uid for _ in range(200)]
    box.settle()
    kept = [message.uid for message in box.lane(Lane.POSITION)]

    assert [message.uid for message in box.lane(Lane.ALARM)] == alarms
    assert [message.uid for message in box.lane(Lane.EVENT)] == events
    assert kept == positions[-len(kept) :]
    assert 0 < len(kept) < 60
    (gap,) = box.gaps()
    assert (gap.reason, gap.dropped) == ("disk_budget", {"position": 200 - len(kept)})


def test_every_number_is_kept_or_told_when_even_gap_events_are_evicted(
    open_outbox: Callable[..., Open], tmp_path: Path
) -> None:
    box = open_outbox(budget_bytes=4_000)
    for _ in range(10):
        for _ in range(10):
            box.outbox.submit(draft(Channel.EVENT))
        box.settle()
        box.gaps()
    gaps = box.gaps()
    waiting = box.lane(Lane.EVENT)
    told = sum(sum(gap.dropped.values()) for gap in gaps)
    file = sqlite3.connect(tmp_path / "outbox.db")
    (not_yet_told,) = file.execute("SELECT total(count) FROM gap").fetchone()
    file.close()

    assert len(gaps) < 10
    assert told + not_yet_told + len(waiting) == max(message.seq for message in waiting)


def test_a_message_that_comes_after_all_others_were_forgotten_has_a_later_place(
    open_outbox: Callable[..., Open],
) -> None:
    box = open_outbox()
    box.put(Channel.EVENT)
    (first,) = box.lane(Lane.EVENT)
    box.outbox.done(first.uid)
    box.put(Channel.EVENT)

    (second,) = box.lane(Lane.EVENT)
    assert second.id > first.id


def test_a_gap_is_told_once(open_outbox: Callable[..., Open]) -> None:
    box = open_outbox()
    box.put(Channel.HEALTH), box.put(Channel.HEALTH)

    assert len(box.gaps()) == 1
    assert len(box.gaps()) == 1


def test_a_message_above_8_kib_is_refused_and_uses_no_number(open_outbox: Callable[..., Open]) -> None:
    box = open_outbox()
    with pytest.raises(ValueError, match=f"at most {MAX_MESSAGE_BYTES}"):
        box.outbox.submit(draft(Channel.EVENT, LogBody(category="c", text="é" * 9000, occurred_at=NOW)))

    assert box.put(Channel.EVENT).seq == 1


def test_a_row_whose_checksum_fails_is_dropped_counted_and_reported(
    open_outbox: Callable[..., Open], tmp_path: Path
) -> None:
    first = open_outbox()
    bad, good = first.put(Channel.ALERT), first.put(Channel.ALERT)
    first.outbox.stop()
    file = sqlite3.connect(tmp_path / "outbox.db")
    file.execute("UPDATE message SET payload = ? WHERE uid = ?", (bad.payload[:-1] + b"?", bad.uid))
    file.commit()
    file.close()
    box = open_outbox()

    assert [message.uid for message in box.lane(Lane.ALARM)] == [good.uid]
    assert box.reports == [StorageReport(corrupt=1)]
    assert [(gap.reason, gap.dropped) for gap in box.gaps()] == [("corrupt", {"alert": 1})]


def test_a_corrupt_file_is_set_aside_and_what_is_readable_is_kept(
    open_outbox: Callable[..., Open], tmp_path: Path
) -> None:
    first = open_outbox()
    messages = [first.outbox.submit(draft(Channel.ALERT)) for _ in range(400)]
    uids = {message.uid for message in messages}
    first.outbox.set_state({"duty": b"on"})
    old_log = first.outbox.log
    first.outbox.stop()
    path = tmp_path / "outbox.db"
    content = bytearray(path.read_bytes())
    page = content.index(messages[200].payload) // 4096 * 4096
    content[page : page + 4096] = b"\xa5" * 4096
    path.write_bytes(content)

    box = open_outbox()

    recovery = box.outbox.recovery
    assert recovery is not None
    assert recovery.set_aside.read_bytes() == bytes(content)
    kept = {message.uid for message in box.lane(Lane.ALARM)}
    assert kept < uids
    assert len(kept) == recovery.messages > 300
    assert box.outbox.state("duty") == b"on"
    assert box.outbox.log != old_log


def test_a_file_that_is_no_database_is_set_aside(open_outbox: Callable[..., Open], tmp_path: Path) -> None:
    (tmp_path / "outbox.db").write_bytes(b"not a database at all" * 500)
    box = open_outbox()

    assert box.outbox.recovery is not None
    assert box.put(Channel.ALERT).seq == 1


def test_a_second_agent_on_the_same_file_is_refused(open_outbox: Callable[..., Open]) -> None:
    open_outbox()

    with pytest.raises(OutboxError, match="another agent uses this outbox"):
        open_outbox()


def test_a_file_of_a_newer_version_is_refused_and_left_alone(open_outbox: Callable[..., Open], tmp_path: Path) -> None:
    open_outbox().outbox.stop()
    file = sqlite3.connect(tmp_path / "outbox.db")
    file.execute("PRAGMA user_version = 99")
    file.close()

    with pytest.raises(OutboxError, match="newer version"):
        open_outbox()


def test_the_file_is_written_with_full_durability(open_outbox: Callable[..., Open]) -> None:
    connection = open_outbox().outbox._file.connection

    assert connection.execute("PRAGMA synchronous").fetchone() == (2,)
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)


@pytest.mark.services
def test_a_locked_file_delays_commits_reports_it_and_loses_nothing(
    open_outbox: Callable[..., Open], tmp_path: Path
) -> None:
    box = open_outbox()
    box.outbox._file.connection.execute("PRAGMA busy_timeout = 50")
    blocker = sqlite3.connect(tmp_path / "outbox.db", isolation_level=None)
    blocker.execute("BEGIN IMMEDIATE")
    committed = threading.Event()
    message = box.outbox.submit(draft(Channel.ALERT), committed.set)
    wait_until(lambda: bool(box.reports))
    assert not committed.is_set()
    blocker.execute("ROLLBACK")
    blocker.close()

    assert committed.wait(10)
    assert [kept.uid for kept in box.lane(Lane.ALARM)] == [message.uid]
    assert [report.failed is None for report in box.reports] == [False, True]


def test_a_stalled_card_drops_telemetry_beyond_its_bound_counts_it_and_keeps_alarms(
    open_outbox: Callable[..., Open], tmp_path: Path
) -> None:
    box = open_outbox()
    blocker = sqlite3.connect(tmp_path / "outbox.db", isolation_level=None)
    blocker.execute("BEGIN IMMEDIATE")
    box.outbox.submit(draft(Channel.POSITION))
    for _ in range(2500):
        box.outbox.submit(draft(Channel.POSITION))
    alarm = box.outbox.submit(draft(Channel.ALERT))
    blocker.execute("ROLLBACK")
    blocker.close()
    box.settle()
    box.settle()

    assert [message.uid for message in box.lane(Lane.ALARM)] == [alarm.uid]
    kept = len(box.lane(Lane.POSITION))
    (gap,) = box.gaps()
    assert gap.reason == "storage_stalled"
    assert kept + gap.dropped["position"] == 2501


def wait_until(done: Callable[[], bool], timeout: float = 10.0) -> None:
    deadline = time.monotonic() + timeout
    while not done():
        assert time.monotonic() < deadline
        threading.Event().wait(0.01)
