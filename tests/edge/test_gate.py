"""The gate lets nothing pass once it is closed, and closes what was opened behind it."""

from __future__ import annotations

import threading

from edge_agent.gate import PositionGate


def opened_gate() -> PositionGate:
    gate = PositionGate()
    gate.set_open(True)
    return gate


def test_a_gate_is_closed_at_first() -> None:
    gate = PositionGate()

    assert not gate.is_open
    assert gate.enter(lambda: None) is None


def test_closing_closes_what_was_opened_behind_it_before_it_returns() -> None:
    closed: list[str] = []
    gate = opened_gate()
    gate.enter(lambda: closed.append("session"))

    gate.set_open(False)

    assert closed == ["session"]


def test_what_has_left_is_not_closed() -> None:
    closed: list[str] = []
    gate = opened_gate()

    def close() -> None:
        closed.append("session")

    gate.enter(close)
    gate.leave(close)
    gate.set_open(False)

    assert closed == []


def test_an_earlier_opening_passes_nothing_through_a_later_one() -> None:
    passed: list[str] = []
    gate = opened_gate()
    first = gate.enter(lambda: None)
    assert first is not None
    gate.set_open(False)
    gate.set_open(True)

    assert not gate.pass_through(first, lambda: passed.append("old fix"))
    assert not gate.admits(first)
    assert passed == []


def test_opening_an_open_gate_is_no_new_opening() -> None:
    gate = opened_gate()
    opening = gate.enter(lambda: None)
    assert opening is not None

    gate.set_open(True)

    assert gate.admits(opening)


def test_the_gate_waits_for_what_is_passing() -> None:
    gate = opened_gate()
    opening = gate.enter(lambda: None)
    assert opening is not None
    order: list[str] = []
    closing = threading.Event()

    def close() -> None:
        closing.set()
        gate.set_open(False)
        order.append("closed")

    closer = threading.Thread(target=close)

    def deliver() -> None:
        closer.start()
        closing.wait(5)
        order.append("delivered")

    gate.pass_through(opening, deliver)
    closer.join(5)

    assert order == ["delivered", "closed"]


def test_a_watcher_wakes_at_each_move() -> None:
    gate, woken = PositionGate(), threading.Event()
    gate.watch(woken)

    gate.set_open(True)
    assert woken.is_set()
    woken.clear()
    gate.set_open(False)
    assert woken.is_set()
