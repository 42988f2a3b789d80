"""The uplink's inbox: who sleeps is woken, nothing is missed, a flood is bounded."""

from __future__ import annotations

import sys
import threading
from typing import TYPE_CHECKING

import pytest

from edge_agent.mqtt_link import Came
from edge_agent.uplink_inbox import Inbox
from edge_agent.uplink_posts import Stop, Stored

if TYPE_CHECKING:
    from collections.abc import Iterator

LONG_S = 60.0


@pytest.fixture
def hasty_threads() -> Iterator[None]:
    """Threads that change at every chance, so that what can go wrong between two steps does."""
    switch_s = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(switch_s)


def test_what_is_put_wakes_who_waits() -> None:
    inbox = Inbox()
    waiting = threading.Thread(target=inbox.wait, args=(LONG_S, None), daemon=True)
    waiting.start()
    inbox.put(Stored())
    waiting.join(10)

    assert not waiting.is_alive()
    assert inbox.take() == Stored()


def test_what_was_put_before_is_not_waited_for() -> None:
    inbox = Inbox()
    inbox.put(Stored())
    waiting = threading.Thread(target=inbox.wait, args=(LONG_S, None), daemon=True)
    waiting.start()
    waiting.join(10)

    assert not waiting.is_alive()


def test_a_wait_ends_by_itself_when_nothing_comes() -> None:
    inbox = Inbox()

    assert not inbox.wait(0.01, None)
    assert len(inbox) == 0


@pytest.mark.usefixtures("hasty_threads")
def test_nothing_is_missed_between_a_look_and_falling_asleep() -> None:
    inbox = Inbox()
    each, together = 2000, 3
    taken: list[float] = []

    def take_all() -> None:
        while len(taken) < each * together:
            inbox.wait(LONG_S, None)
            while inbox:
                event = inbox.take()
                assert isinstance(event, Stop)
                taken.append(event.until)

    def put_some(first: int) -> None:
        for number in range(first, first + each):
            inbox.put(Stop(number))

    taking = threading.Thread(target=take_all, daemon=True)
    taking.start()
    putting = [threading.Thread(target=put_some, args=(number * each,), daemon=True) for number in range(together)]
    for thread in putting:
        thread.start()
    for thread in putting:
        thread.join(30)
    # a wake-up that is missed costs a minute
    taking.join(30)

    assert not taking.is_alive()
    assert sorted(taken) == list(range(each * together))
    for number in range(together):
        mine = [each_taken for each_taken in taken if number * each <= each_taken < (number + 1) * each]
        assert mine == sorted(mine)


def test_a_server_that_floods_is_bounded_and_what_the_wearable_has_to_say_still_gets_in() -> None:
    inbox = Inbox()
    for number in range(5000):
        inbox.put(Came(1, "topic", b"%d" % number))
    inbox.put(Stored())

    assert len(inbox) == 1001
    assert [inbox.take() for _ in range(1001)][-1] == Stored()
