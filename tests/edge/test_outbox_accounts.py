"""Whatever happens to the outbox, every number is waiting, done, or told in a gap, and in one of them only: the server can be exact."""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from edge_agent.messages import Lane
from edge_agent.outbox_file import open_outbox_file
from edge_agent.outbox_table import OutboxTable, gap_of
from sekur_sdk.models.device import (
    AlertBody,
    AlertKind,
    Channel,
    ClockState,
    Envelope,
    GapBody,
    HealthBody,
    LogBody,
    PositionBody,
)
from sekur_sdk.models.uid import new_uid
from sekur_sdk.wire import encode
from sekur_sdk.wire.messages import Body, decode_message

NOW = datetime(2026, 3, 1, 22, 0, tzinfo=UTC)
BUDGET = 3000
BODIES: dict[Channel, Body] = {
    Channel.ALERT: AlertBody(kind=AlertKind.SOS, started_at=NOW),
    Channel.EVENT: LogBody(category="round", text="RAS", occurred_at=NOW),
    Channel.HEALTH: HealthBody(protected=True),
    Channel.POSITION: PositionBody(fix=None),
}


def numbers(gap: GapBody) -> set[int]:
    return {seq for first, last in gap.seqs for seq in range(first, last + 1)}


class DiskError(Exception):
    """What a full or failing disk does to a transaction."""


class EveryNumberIsAccountedFor(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.path = Path(self.folder.name) / "outbox.db"
        self.open()
        self.next_seq = 1
        self.done: set[int] = set()
        self.told: set[int] = set()
        self.alarms: set[str] = set()

    def open(self) -> None:
        self.file = open_outbox_file(self.path, lambda: new_uid(1))
        # an fsync each would make this test slow, and it is about counting, not about durability
        self.file.connection.execute("PRAGMA synchronous = OFF")
        self.table = OutboxTable(self.file.connection, BUDGET)

    def sealed(self, body: Body) -> tuple[str, int, bytes]:
        uid, seq = new_uid(1), self.next_seq
        self.next_seq += 1
        envelope = Envelope(
            uid=uid, log=self.table.log, seq=seq, boot=uid, up_ms=0, at=NOW, clock=ClockState.SYNCED, body=body
        )
        return uid, seq, encode(envelope)

    @rule(channel=st.sampled_from(list(BODIES)))
    def insert(self, channel: Channel) -> None:
        uid, seq, payload = self.sealed(BODIES[channel])
        with self.table.transaction():
            self.table.insert(uid, seq, channel, Lane.of(channel), payload)
        if channel is Channel.ALERT:
            self.alarms.add(uid)

    @rule(channel=st.sampled_from([Channel.EVENT, Channel.POSITION, Channel.HEALTH]))
    def insert_fails(self, channel: Channel) -> None:
        uid, seq, payload = self.sealed(BODIES[channel])
        try:
            with self.table.transaction():
                self.table.insert(uid, seq, channel, Lane.of(channel), payload)
                raise DiskError  # noqa: TRY301  # as the statement after it would
        except DiskError:
            self.table.note_dropped(gap_of("storage_failed", channel, seq))
        with self.table.transaction():
            pass

    @rule(data=st.data())
    def server_has_one(self, data: st.DataObject) -> None:
        waiting = self.waiting()
        if not waiting:
            return
        channel, uid, payload = data.draw(st.sampled_from(waiting))
        envelope = decode_message(channel, payload)
        assert envelope.seq not in self.done | self.told
        self.done.add(envelope.seq)
        self.alarms.discard(uid)
        if isinstance(envelope.body, GapBody):
            self.told |= numbers(envelope.body)
        with self.table.transaction():
            self.table.delete((uid,))

    @rule()
    def gaps_are_told(self) -> None:
        for gap in self.table.gaps():
            uid, seq, payload = self.sealed(gap)
            with self.table.transaction():
                self.table.insert(uid, seq, Channel.EVENT, Lane.EVENT, payload)
                self.table.gaps_told(gap)

    @rule()
    def restarts(self) -> None:
        with self.table.transaction():
            self.table.close_numbers(self.next_seq)
        self.file.close()
        self.open()
        assert self.table.next_seq == self.next_seq

    @rule(given=st.integers(0, 5))
    def crashes(self, given: int) -> None:
        # numbers that were given and whose commit never came
        last = self.next_seq + given
        self.file.close()
        self.open()
        assert self.table.next_seq >= last
        self.next_seq = self.table.next_seq

    def waiting(self) -> list[tuple[Channel, str, bytes]]:
        return [
            (Channel(row.channel), row.uid, row.payload) for lane in Lane for row in self.table.read(lane, 0, 10_000)[0]
        ]

    @invariant()
    def every_number_is_waiting_done_or_told(self) -> None:
        envelopes = [decode_message(channel, payload) for channel, _, payload in self.waiting()]
        waiting = {envelope.seq for envelope in envelopes}
        being_told = [numbers(envelope.body) for envelope in envelopes if isinstance(envelope.body, GapBody)]
        to_tell = [numbers(gap) for gap in self.table.gaps()]
        places = [waiting, self.done, self.told, *being_told, *to_tell]
        assert set().union(*places) == set(range(1, self.next_seq))
        assert sum(map(len, places)) == self.next_seq - 1

    @invariant()
    def gaps_are_counted_rightly(self) -> None:
        for gap in self.table.gaps():
            assert sum(gap.dropped.values()) == (len(numbers(gap)) if gap.reason != "restart" else 0)

    @invariant()
    def no_alarm_is_evicted(self) -> None:
        assert {uid for channel, uid, _ in self.waiting() if channel is Channel.ALERT} == self.alarms

    @invariant()
    def the_counters_are_those_of_the_file(self) -> None:
        waiting = self.waiting()
        assert self.table.messages == len(waiting)
        assert self.table.payload_bytes == sum(len(payload) for _, _, payload in waiting)

    @invariant()
    def telemetry_keeps_its_budget(self) -> None:
        telemetry = [payload for channel, _, payload in self.waiting() if channel is not Channel.ALERT]
        assert sum(map(len, telemetry)) <= BUDGET

    def teardown(self) -> None:
        self.file.close()
        self.folder.cleanup()


TestEveryNumberIsAccountedFor = EveryNumberIsAccountedFor.TestCase
TestEveryNumberIsAccountedFor.settings = settings(max_examples=25, stateful_step_count=40, deadline=None)
