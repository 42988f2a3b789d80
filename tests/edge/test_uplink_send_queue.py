"""Which message goes when, without a network."""

from __future__ import annotations

import hashlib
import threading
from itertools import count, pairwise

from hypothesis import given
from hypothesis import strategies as st

from edge_agent.messages import Lane, Message
from edge_agent.reconnect import ReconnectPolicy, ResendPolicy
from edge_agent.send_queue import ALARM_ALONE_S, COMMIT_WAIT_S, SendQueue
from sekur_sdk.models.device import Channel

CHANNELS = {
    Lane.ALARM: Channel.ALERT,
    Lane.EVENT: Channel.EVENT,
    Lane.HEALTH: Channel.HEALTH,
    Lane.POSITION: Channel.POSITION,
}
_numbers = count(1)


def message(lane: Lane = Lane.ALARM, *, quarantined: bool = False) -> Message:
    number = next(_numbers)
    payload = f"payload {number}".encode()
    return Message(uid=f"uid-{number}", seq=number, channel=CHANNELS[lane], payload=payload, quarantined=quarantined)


def send(queue: SendQueue, now: float) -> list[str]:
    """Send what is ready, as a connection does that takes everything; the uids in their order."""
    sent = []
    while ready := queue.ready(now):
        queue.sent(ready[0], next(_numbers), now)
        sent.append(ready[0].message.uid)
    return sent


def mid_of(queue: SendQueue, message: Message) -> int:
    return next(mid for mid, uid in queue._in_flight.items() if uid == message.uid)


def test_an_alarm_overtakes_what_was_there_before() -> None:
    queue = SendQueue(ResendPolicy())
    telemetry = [message(Lane.POSITION), message(Lane.EVENT)]
    alarm = message()
    for each in (*telemetry, alarm):
        queue.add(each, 0)

    assert send(queue, 0) == [alarm.uid]
    queue.acked(mid_of(queue, alarm))
    assert send(queue, 0) == [telemetry[1].uid, telemetry[0].uid]


def test_an_alarm_that_the_broker_does_not_acknowledge_holds_the_others_for_a_second_only() -> None:
    queue = SendQueue(ResendPolicy())
    alarm, position = message(), message(Lane.POSITION)
    queue.add(position, 0)
    queue.add(alarm, 0)

    assert send(queue, 0) == [alarm.uid]
    assert queue.next_due(0) == ALARM_ALONE_S
    assert send(queue, 0.9) == []
    assert send(queue, ALARM_ALONE_S) == [position.uid]


def test_an_alarm_waits_for_its_commit_and_250_ms_at_most() -> None:
    queue = SendQueue(ResendPolicy())
    slow, quick = message(), message()
    committed = threading.Event()
    queue.add(slow, 0, threading.Event())
    queue.add(quick, 0, committed)
    assert send(queue, 0.1) == []
    committed.set()
    assert send(queue, 0.1) == [quick.uid]

    assert [each.message for each in queue.left_uncommitted(COMMIT_WAIT_S)] == [slow]
    assert queue.left_uncommitted(COMMIT_WAIT_S) == []
    assert send(queue, COMMIT_WAIT_S) == [slow.uid]


def test_a_lost_connection_does_not_shorten_the_wait_for_a_commit() -> None:
    queue = SendQueue(ResendPolicy())
    queue.add(message(), 0, threading.Event())
    queue.lost(0.01)

    assert queue.left_uncommitted(0.02) == []


def test_an_alarm_goes_again_after_5_s_then_slower_up_to_60_s_until_its_receipt() -> None:
    queue = SendQueue(ResendPolicy())
    alarm = message()
    queue.add(alarm, 0)
    times = []
    for tenth in range(3000):
        if send(queue, tenth / 10):
            times.append(tenth / 10)
            queue.acked(mid_of(queue, alarm))

    assert [later - earlier for earlier, later in pairwise(times)] == [5, 10, 20, 40, 60, 60, 60]
    assert queue.receipted(alarm.uid, None) == alarm
    assert send(queue, 1000) == []


def test_a_position_is_done_with_the_brokers_acknowledgement_and_an_event_is_not() -> None:
    queue = SendQueue(ResendPolicy())
    position, event = message(Lane.POSITION), message(Lane.EVENT)
    queue.add(position, 0)
    queue.add(event, 0)
    send(queue, 0)

    assert queue.acked(mid_of(queue, position)) == (position, True)
    assert queue.acked(mid_of(queue, event)) == (event, True)
    assert (queue.count(Lane.POSITION), queue.count(Lane.EVENT)) == (0, 1)


def test_a_receipt_may_name_a_message_by_its_hash() -> None:
    queue = SendQueue(ResendPolicy())
    event = message(Lane.EVENT)
    queue.add(event, 0)

    assert queue.receipted(None, "00" * 32) is None
    assert queue.receipted(None, hashlib.sha256(event.payload).hexdigest()) == event


def test_the_newest_health_takes_the_place_of_the_one_before() -> None:
    queue = SendQueue(ResendPolicy())
    old, new = message(Lane.HEALTH), message(Lane.HEALTH)
    queue.add(old, 0)
    queue.add(new, 0)

    assert send(queue, 0) == [new.uid]


def test_after_a_loss_only_what_was_not_acknowledged_and_alarms_go_again_at_once() -> None:
    queue = SendQueue(ResendPolicy())
    alarm, event, position = message(), message(Lane.EVENT), message(Lane.POSITION)
    for each in (alarm, event, position):
        queue.add(each, 0)
    send(queue, 0)
    queue.acked(mid_of(queue, alarm))
    send(queue, 0)
    queue.acked(mid_of(queue, event))
    queue.lost(1)

    assert send(queue, 1) == [alarm.uid]
    queue.acked(mid_of(queue, alarm))
    # the position was what the connection ended on: it goes alone
    assert send(queue, 1) == [position.uid]


def test_the_message_on_which_two_connections_ended_is_set_aside_and_the_others_go() -> None:
    queue = SendQueue(ResendPolicy())
    poison, alarm = message(), message()
    queue.add(poison, 0)
    send(queue, 0)
    assert queue.lost(1) is None
    queue.add(alarm, 1)
    # under suspicion it goes after the others of its lane, and alone
    assert send(queue, 1) == [alarm.uid]
    queue.acked(mid_of(queue, alarm))
    assert send(queue, 1) == [poison.uid]

    refused = queue.lost(2)

    assert refused is not None
    assert refused.message == poison
    assert send(queue, 2) == [alarm.uid]
    queue.receipted(alarm.uid, None)
    assert send(queue, 61) == []
    assert send(queue, 62) == [poison.uid]


def test_telemetry_on_which_two_connections_ended_is_given_up() -> None:
    queue = SendQueue(ResendPolicy())
    queue.add(message(Lane.POSITION), 0)
    send(queue, 0)
    queue.lost(1)
    send(queue, 1)

    assert queue.lost(2) is not None
    assert queue.count(Lane.POSITION) == 0


def test_a_loss_after_an_acknowledgement_is_not_held_against_a_message() -> None:
    queue = SendQueue(ResendPolicy(first_s=0, longest_s=0))
    alarm = message()
    queue.add(alarm, 0)
    for now in range(1, 20):
        send_one = queue.ready(now)[0]
        queue.sent(send_one, next(_numbers), now)
        queue.acked(mid_of(queue, alarm))
        assert queue.lost(now) is None


def test_a_message_set_aside_before_a_restart_goes_alone() -> None:
    queue = SendQueue(ResendPolicy())
    poison, alarm = message(quarantined=True), message()
    queue.add(poison, 0)
    queue.add(alarm, 0)

    assert send(queue, 0) == [alarm.uid]
    queue.acked(mid_of(queue, alarm))
    assert send(queue, 0) == [poison.uid]


@given(failures=st.integers(1, 10**6), chance=st.floats(0, 1))
def test_a_pause_is_bounded_after_any_number_of_failures(failures: int, chance: float) -> None:
    policy = ReconnectPolicy()

    assert 0.25 <= policy.pause_s(failures, lambda: chance) <= policy.longest_s


def test_pauses_double_up_to_the_longest() -> None:
    policy = ReconnectPolicy()

    assert [policy.pause_s(number, lambda: 0.0) for number in range(1, 9)] == [0.5, 1, 2, 4, 8, 16, 30, 30]
