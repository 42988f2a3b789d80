"""What the storage thread takes at once: an alarm alone, the others together."""

from __future__ import annotations

from edge_agent.messages import Message
from edge_agent.outbox_queue import WriteQueue
from edge_agent.outbox_writes import Done, Insert, SetStates, Write
from sekur_sdk.models.device import Channel


def alarm() -> Insert:
    message = Message(uid="alarm", seq=1, channel=Channel.ALERT, payload=b"{}")
    return Insert(message, {}, None)


def news(count: int) -> Done:
    return Done(tuple(f"uid-{number}" for number in range(count)))


def taken(queue: WriteQueue) -> list[Write]:
    return queue.take().writes


def test_an_alarm_is_committed_without_the_news_of_others_although_that_is_due() -> None:
    queue, raised, gone = WriteQueue(), alarm(), news(500)
    queue.put(gone)
    queue.put_insert(raised)

    assert taken(queue) == [raised]
    assert taken(queue) == [gone]


def test_news_that_alarm_after_alarm_keeps_waiting_goes_with_one_of_them_at_last() -> None:
    queue, raised, gone = WriteQueue(), alarm(), news(2000)
    queue.put(gone)
    queue.put_insert(raised)

    assert taken(queue) == [gone, raised]


def test_to_settle_is_to_write_everything_that_waits() -> None:
    queue, gone, last = WriteQueue(), news(1), SetStates({}, None)
    queue.put(gone)
    queue.put_last(last)

    assert taken(queue) == [gone, last]
