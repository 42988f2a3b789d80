"""Gets the outbox through to the server: alarms first, each until its receipt, over any number of connections.

One thread owns all that is here, paho's loop with it; the core, the storage thread and the connecting one only post to it.
"""

from __future__ import annotations

import random
import threading
from typing import TYPE_CHECKING, Final

import attrs

from edge_agent.backlog import Backlog, Fetched
from edge_agent.certificates import LOOK_EVERY_S, CertificateFiles
from edge_agent.faults import FaultCode
from edge_agent.messages import QUEUED, Lane, Message
from edge_agent.mqtt_link import Came, Connected, Failed, LinkSignal, Lost, MqttLink, Opened, Refused
from edge_agent.reconnect import Endpoints, ReconnectPolicy, ResendPolicy
from edge_agent.send_queue import Outgoing, SendQueue
from edge_agent.uplink_events import (
    CommitSlow,
    IdentityTaken,
    LinkDown,
    LinkSteady,
    LinkUp,
    MessageRefused,
    Published,
    Receipted,
    UplinkEvent,
    read_downward,
)
from edge_agent.uplink_inbox import Inbox
from edge_agent.uplink_posts import Committed, Offer, Posted, Say, Stop, Stored
from sekur_sdk.models.device import Channel, CommandResult, DeviceAddress, Receipt, ReportedConfig, Status
from sekur_sdk.wire import WireError, encode

if TYPE_CHECKING:
    from collections.abc import Callable

    from edge_agent.clock import Clock
    from edge_agent.config import BrokerSection
    from edge_agent.outbox import Outbox

_CONNECTING_S: Final = 30.0
_AFTER_ALARM_S: Final = 0.001
"""How long nothing else is sent after an alarm has come through. A thread that sends keeps getting Python's lock back before
another can take it: who waits to hear of the alarm would wait for a window of telemetry."""
_TURN_S: Final = 1.0
"""How long a quiet connection waits for its turn at most."""


class Uplink:
    """The connection to the server, from `start` to `stop`.

    Args:
        broker: where and as whom.
        address: this device's place on the broker.
        outbox: where messages wait; it will tell of what it commits.
        clock: real time, also where the agent's runs faster.
        status: the body of `status` for being online or not; not `at` when offline, since the broker tells it later.
        reported: the configuration that the device runs with.
        report: told of everything, from the uplink's thread; must only enqueue.
        reconnect: pauses between two tries to connect.
        resend: waits before a message without a receipt goes again.
        connect: False never connects: messages only wait.
    """

    def __init__(
        self,
        broker: BrokerSection,
        address: DeviceAddress,
        outbox: Outbox,
        clock: Clock,
        *,
        status: Callable[[bool], Status],
        reported: Callable[[], ReportedConfig],
        report: Callable[[UplinkEvent], None],
        reconnect: ReconnectPolicy | None = None,
        resend: ResendPolicy | None = None,
        connect: bool = True,
    ) -> None:
        self._broker = broker
        self._address = address
        self._outbox = outbox
        self._clock = clock
        self._status = status
        self._reported = reported
        self._report = report
        self._connects = connect
        self._reconnect = reconnect or ReconnectPolicy()
        self._queue = SendQueue(resend or ResendPolicy())
        self._inbox = Inbox()
        self._thread = threading.Thread(target=self._run, name="uplink", daemon=True)

        self._link: MqttLink | None = None
        self._links = 0
        self._up_since: float | None = None
        self._steady = False
        self._connect_at: float | None = None
        self._give_up_at = 0.0
        self._endpoints = Endpoints(broker.endpoints)
        self._certificates = CertificateFiles(broker)
        self._look_at: float | None = None
        self._short_lives = 0
        self._turn_at = 0.0
        self._quiet_until = 0.0
        self._backlog = Backlog(outbox, self._inbox.put)
        self._stop_at: float | None = None
        self._gone: list[str] = []
        self._topics = {Lane.of(channel): address.topic(channel) for channel in QUEUED}
        self._offered = False
        outbox.when_stored(lambda: self._inbox.put(Stored()))

    # From any thread

    def start(self) -> None:
        """Start connecting."""
        self._thread.start()

    def stop(self, flush_s: float = 3.0) -> bool:
        """Send what can be sent within `flush_s` seconds, say goodbye and end; whether the thread ended."""
        self._inbox.put(Stop(self._clock.monotonic() + flush_s))
        if self._thread.ident is not None:
            self._thread.join(flush_s + 5.0)
        return not self._thread.is_alive()

    @property
    def alive(self) -> bool:
        """Whether the uplink's thread runs."""
        return self._thread.is_alive()

    def offer(self, message: Message, committed: threading.Event) -> None:
        """Send an alarm, or health, as soon as `committed` is set (followed by `wake`), and after 250 ms in any case."""
        self._offered = True
        self._inbox.put(Offer(message, committed))

    def wake(self) -> None:
        """Something that was offered is committed."""
        self._inbox.put(Committed())

    def answer(self, result: CommandResult) -> None:
        """Tell what became of a command, if the connection is there."""
        self._inbox.put(Say(f"cmd/{result.id}/result", encode(result), retain=False))

    def receipt(self, receipt: Receipt) -> None:
        """Take a receipt that came another way than by this connection."""
        self._inbox.put(receipt)

    def tell_status(self) -> None:
        """Say again that the device is there: the server answers with what became of its alarms."""
        self._inbox.put(Say(Channel.STATUS, encode(self._status(True)), retain=True))

    def tell_config(self) -> None:
        """Tell the configuration again: it changed."""
        self._inbox.put(Say(Channel.CONFIG_REPORTED, encode(self._reported()), retain=True))

    # On the uplink's thread

    def _run(self) -> None:
        self._connect_at = self._clock.monotonic() if self._connects else None
        try:
            while not self._finished():
                ready = self._inbox.wait(self._pause_s(), self._link)
                self._turn(ready=ready)
                while self._inbox:
                    self._take(self._inbox.take())
                if self._gone:
                    self._outbox.done(*self._gone)
                    self._gone.clear()
                self._step(self._clock.monotonic())
            self._say_goodbye()
        finally:
            if self._link is not None:
                self._link.close()

    def _turn(self, *, ready: bool) -> None:
        if self._link is not None and (ready or self._clock.monotonic() >= self._turn_at):
            self._turn_at = self._clock.monotonic() + _TURN_S
            for mid in self._link.turn():
                self._acked(mid)

    def _step(self, now: float) -> None:
        self._keep_connected(now)
        for outgoing in self._queue.left_uncommitted(now):
            if outgoing.message.lane is Lane.ALARM:
                self._report(CommitSlow(outgoing.message.uid))
        if self._up_since is None:
            return
        self._pump(now)
        if not self._waits_for_alarm(now):
            # an alarm has the storage thread to itself too
            self._backlog.refill(self._queue.count)

    def _waits_for_alarm(self, now: float) -> bool:
        # one was offered since the queue was looked at, is on its way, or has just come through
        return self._offered or self._queue.alone(now) or now < self._quiet_until

    def _take(self, event: Posted) -> None:  # noqa: C901  # one flat case a post
        match event:
            case Offer():
                self._offered = False
                self._queue.add(event.message, self._clock.monotonic(), event.committed)
            case Fetched():
                for message in self._backlog.take(event):
                    self._queue.add(message, self._clock.monotonic())
            case Stored():
                self._backlog.look_again()
            case Receipt():
                self._receipt(event)
            case Say():
                if self._link is not None and self._up_since is not None:
                    self._link.publish(self._address.topic(event.channel), event.payload, retain=event.retain)
            case Stop():
                self._stop_at = event.until
                self._backlog.look_again()
            case Committed():
                pass  # the queue looks at its flags
            case _:
                if self._link is not None and event.link == self._link.number:
                    self._take_signal(event)

    def _take_signal(self, signal: LinkSignal) -> None:
        match signal:
            case Opened():
                self._turn_at = self._clock.monotonic()
            case Connected():
                self._connected()
            case Came():
                self._came(signal)
            case Refused():
                self._down(FaultCode.BROKER_REFUSED, signal.reason)
            case Failed():
                self._down(signal.code, signal.reason)
            case Lost():
                self._down(FaultCode.BROKER_UNREACHABLE, signal.reason)

    # The connection

    def _keep_connected(self, now: float) -> None:
        if self._up_since is not None and not self._steady and now - self._up_since >= self._reconnect.steady_s:
            self._steady = True
            self._short_lives = 0
            self._report(LinkSteady())
        if self._link is not None and self._up_since is None and now >= self._give_up_at:
            self._down(FaultCode.BROKER_UNREACHABLE, "no answer")
        if self._connect_at is not None and now >= self._connect_at and self._stop_at is None:
            self._connect_at = None
            self._give_up_at = now + _CONNECTING_S
            self._links += 1
            will = (self._address.topic(Channel.STATUS), encode(self._status(False)))
            client_id = f"sekur-{self._address.tenant}-{self._address.device}"
            host, port = self._endpoints.present
            broker = attrs.evolve(self._broker, host=host, port=port)
            self._certificates.used()
            self._link = MqttLink(self._links, broker, client_id, will, self._inbox.put)
            self._link.connect()
        if self._look_at is not None and now >= self._look_at and self._stop_at is None:
            self._look_at = now + LOOK_EVERY_S
            if self._up_since is not None and self._certificates.renewed():
                self._reconnect_at_once(now)

    def _connected(self) -> None:
        now = self._clock.monotonic()
        self._up_since = now
        self._steady = False
        self._look_at = now + LOOK_EVERY_S if self._broker.tls_files else None
        assert self._link is not None
        self._link.subscribe(self._address.downward)
        self._pump(now)
        self._link.publish(self._address.topic(Channel.STATUS), encode(self._status(True)), retain=True)
        self._link.publish(self._address.topic(Channel.CONFIG_REPORTED), encode(self._reported()), retain=True)
        self._outbox.tell_gaps()
        self._report(LinkUp())

    def _down(self, code: FaultCode, reason: str) -> None:
        now = self._clock.monotonic()
        was_up, self._up_since = self._up_since, None
        self._close_link()
        refused = self._queue.lost(now)
        if refused is not None:
            self._refused(refused)
        if was_up is not None and now - was_up < self._reconnect.steady_s:
            self._short_lives += 1
        if self._short_lives >= self._reconnect.taken_after:
            self._report(IdentityTaken())
        if self._steady:
            self._endpoints.ended()
        else:
            self._endpoints.failed()
        self._steady = False
        fresh = self._endpoints.next_is_fresh
        rounds = max(1, self._endpoints.rounds)
        self._connect_at = now if fresh else now + self._reconnect.pause_s(rounds, random.random)
        self._report(LinkDown(code, reason))

    def _reconnect_at_once(self, now: float) -> None:
        """Connect anew with the renewed certificate; what is on its way goes again, and nobody is told of a loss."""
        self._up_since = None
        self._close_link()
        self._queue.interrupted(now)
        self._connect_at = now

    def _close_link(self) -> None:
        link, self._link = self._link, None
        if link is not None:
            link.close()

    def _refused(self, outgoing: Outgoing) -> None:
        message = outgoing.message
        if message.lane is Lane.ALARM:
            self._outbox.quarantine(message.uid)
        else:
            self._outbox.drop(message, "refused")
        self._report(MessageRefused(message.uid, message.channel))

    # What goes out

    def _pump(self, now: float) -> None:
        assert self._link is not None
        self._link.hasty = self._queue.has_unheard_alarm
        for outgoing in self._queue.ready(now):
            message = outgoing.message
            if message.lane is not Lane.ALARM and self._waits_for_alarm(now):
                return
            mid = self._link.publish(self._topics[message.lane], message.payload)
            if mid is None:
                return
            self._queue.sent(outgoing, mid, now)

    def _acked(self, mid: int) -> None:
        acked = self._queue.acked(mid)
        if acked is None:
            return
        message, first = acked
        if not message.needs_receipt:
            self._gone.append(message.uid)
        if message.lane is Lane.ALARM:
            self._quiet_until = self._clock.monotonic() + _AFTER_ALARM_S
        if first:
            self._report(Published(message.uid, message.channel))

    # What comes in

    def _came(self, came: Came) -> None:
        try:
            message = read_downward(came.topic, came.payload, self._address)
        except (ValueError, WireError):
            return  # a newer server, or garbage: a device does nothing it does not understand
        if isinstance(message, Receipt):
            self._receipt(message)
        elif message is not None:
            self._report(message)

    def _receipt(self, receipt: Receipt) -> None:
        message = self._queue.receipted(receipt.uid, receipt.payload_sha256)
        if message is not None:
            self._outbox.done(message.uid)
            if message.lane is Lane.HEALTH:
                # once a minute, while the server takes them
                self._outbox.tell_gaps()
            self._report(Receipted(message.uid, message.channel, receipt))
        elif receipt.uid is not None:
            # of a message that is not on its way yet, as after a restart
            self._outbox.done(receipt.uid)

    # Time and end

    def _pause_s(self) -> float:
        now = self._clock.monotonic()
        due = self._queue.next_due(now)
        moments = [now + 60.0] if due is None else [due]
        if self._connect_at is not None and self._stop_at is None:
            moments.append(self._connect_at)
        if self._stop_at is not None:
            moments.append(self._stop_at)
        if self._link is not None and self._up_since is None:
            moments.append(self._give_up_at)
        if self._look_at is not None and self._up_since is not None:
            moments.append(self._look_at)
        if now < self._quiet_until:
            moments.append(self._quiet_until)
        if self._up_since is not None and not self._steady:
            moments.append(self._up_since + self._reconnect.steady_s)
        if self._link is not None and self._link.line is not None:
            moments.append(self._turn_at)
        return max(0.0, min(moments) - now)

    def _finished(self) -> bool:
        if self._stop_at is None:
            return False
        flushed = self._queue.all_acked and self._backlog.exhausted
        return self._up_since is None or flushed or self._clock.monotonic() >= self._stop_at

    def _say_goodbye(self) -> None:
        if self._link is not None and self._up_since is not None:
            self._link.publish(self._address.topic(Channel.STATUS), encode(self._status(False)), retain=True)
