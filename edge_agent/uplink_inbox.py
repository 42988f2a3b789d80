"""What other threads have for the uplink, and its waiting: for that and for the line to the broker at once."""

from __future__ import annotations

import contextlib
import select
import socket
from collections import deque
from typing import TYPE_CHECKING, Final

from edge_agent.mqtt_link import Came

if TYPE_CHECKING:
    from edge_agent.mqtt_link import MqttLink
    from edge_agent.uplink_posts import Posted

_MAX_COMING: Final = 1000


class Inbox:
    """Any thread puts, one takes and waits."""

    def __init__(self) -> None:
        self._posted: deque[Posted] = deque()
        self._asleep = False
        self._bell, self._ring = socket.socketpair()
        self._bell.setblocking(False)
        self._ring.setblocking(False)

    def __del__(self) -> None:
        # not sooner: who is putting something holds it
        self._bell.close()
        self._ring.close()

    def __len__(self) -> int:
        """How much there is."""
        return len(self._posted)

    def put(self, event: Posted) -> None:
        """Add something; never blocks."""
        # what a server may flood it with is bounded, a receipt that is dropped only means that the message goes again
        if isinstance(event, Came) and len(self._posted) >= _MAX_COMING:
            return
        self._posted.append(event)
        # set before the queue is looked at for the last time: who is awake needs no bell, which costs two calls of the system
        if self._asleep:
            self._asleep = False
            with contextlib.suppress(BlockingIOError):
                self._ring.send(b"!")

    def take(self) -> Posted:
        """The next, of which there must be one."""
        return self._posted.popleft()

    def wait(self, timeout_s: float, link: MqttLink | None) -> bool:
        """Wait for something to take, for the link's line, or for so long; whether the link should have its turn."""
        line = link.line if link is not None else None
        reads = [self._bell] if line is None else [self._bell, line]
        writes = [line] if line is not None and link is not None and link.wants_write else []
        pending = link is not None and link.pending
        self._asleep = True
        readable, writable, _ = select.select(reads, writes, [], 0 if self._posted or pending else timeout_s)
        self._asleep = False
        if self._bell in readable:
            with contextlib.suppress(BlockingIOError):
                self._bell.recv(4096)
        return pending or bool(writable) or line in readable
