"""A crash in a pre-alarm still alarms: the agent's file is copied at each of its commits, before and after, and an agent started on each copy.

What `kill -9` leaves is what had been written by then, so a copy made on the storage thread is exactly that.
"""

from __future__ import annotations

import shutil
import threading
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs
import pytest
from whole_wearable import WholeWearable, config, decide_fall

from edge_agent import agent_events as told
from edge_agent.alarm_rules import Pattern
from edge_agent.outbox_table import OutboxTable
from sekur_sdk.models.device import AlertKind

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.services

PRE_ALARM_S = 0.6


@attrs.frozen
class Edge:
    """A moment at which the agent may have died: its file as it was then, and what the wearer had been told."""

    folder: Path
    asked: frozenset[str]
    signalled: bool
    cancelled: frozenset[str]
    raised: frozenset[str]


class Edges:
    """Copies the outbox of an agent before and after each commit."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.found: list[Edge] = []
        self.wearable: WholeWearable | None = None
        self._transaction = OutboxTable.transaction

    def transaction(self) -> Any:
        edges, original = self, self._transaction

        @contextmanager
        def wrapped(table: OutboxTable) -> Iterator[None]:
            with original(table):
                yield
                # all is written, nothing is committed
                edges.copy()
            edges.copy()

        return wrapped

    def copy(self) -> None:
        if self.wearable is None:
            return
        log = self.wearable.log
        copy = self._folder / f"edge-{len(self.found)}"
        copy.mkdir(parents=True)
        for file in self.wearable.config.storage.path.parent.glob("outbox.db*"):
            if file.suffix in ("", ".db", ".db-wal") or file.name.endswith("-wal"):
                shutil.copy(file, copy / file.name)
        self.found.append(
            Edge(
                folder=copy,
                asked=frozenset(event.uid for event in log.of(told.PreAlarmStarted)),
                signalled=any(event.pattern is Pattern.PRE_ALARM for event in log.of(told.SignalChanged)),
                cancelled=frozenset(event.uid for event in log.of(told.AlarmCancelled)),
                raised=frozenset(event.uid for event in log.of(told.AlarmRaised)),
            )
        )


def lives(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, cancel: bool) -> list[Edge]:
    """The edges of one pre-alarm, from the fall to what came of it."""
    edges = Edges(tmp_path / "edges")
    monkeypatch.setattr(OutboxTable, "transaction", edges.transaction())
    configuration = config(tmp_path / "device", 1, pre_alarm_s=PRE_ALARM_S)
    with WholeWearable(configuration, connect=False) as wearable:
        wearable.agent.start_duty()
        wearable.agent._outbox.settle(5)
        edges.wearable = wearable
        decide_fall(wearable)
        asked = wearable.log.wait_for(told.PreAlarmStarted)
        if cancel:
            wearable.log.wait_for(told.SignalChanged, lambda event: event.pattern is Pattern.PRE_ALARM)
            wearable.agent.press_cancel()
            wearable.log.wait_for(told.AlarmCancelled)
        else:
            wearable.log.wait_for(told.AlarmCommitted, lambda event: event.uid == asked.uid)
        wearable.agent._outbox.settle(5)
        edges.wearable = None
    monkeypatch.undo()
    return edges.found


def after_a_crash(edge: Edge) -> tuple[set[str], set[str]]:
    """The falls that an agent started on what was left has raised or still asks about, once the pre-alarm is over; and those in its file."""
    with WholeWearable(config(edge.folder, 1, pre_alarm_s=PRE_ALARM_S), connect=False) as again:
        threading.Event().wait(PRE_ALARM_S + 0.2)
        again.agent._outbox.settle(5)
        raised = {event.uid for event in again.log.of(told.AlarmRaised) if event.kind is AlertKind.FALL}
        waiting = {row.uid for row in again.agent._outbox._table.read(0, 0, 100)[0]}
        return raised | {each.uid for each in again.agent.open_alarms if each.kind is AlertKind.FALL}, waiting


def test_a_fall_whose_wearer_has_been_asked_is_an_alarm_wherever_the_agent_dies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    edges = lives(tmp_path, monkeypatch, cancel=False)
    (uid,) = edges[-1].asked
    answers = [(edge, *after_a_crash(edge)) for edge in edges]

    assert len(edges) >= 4
    assert not edges[0].signalled
    for edge, known, waiting in answers:
        if edge.signalled or edge.raised:
            assert uid in known & waiting, f"the fall is lost when the agent dies at {edge.folder.name}"


def test_a_fall_that_was_cancelled_is_no_alarm_once_the_cancel_is_stored_and_one_until_then(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    edges = lives(tmp_path, monkeypatch, cancel=True)
    (uid,) = edges[-1].asked
    last = after_a_crash(edges[-1])
    first_signalled = next(edge for edge in edges if edge.signalled)

    assert uid not in last[0] | last[1]
    assert uid in after_a_crash(first_signalled)[0]
