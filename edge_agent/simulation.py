"""Many wearables that speak the contract, on one thread: to see what a broker and a server bear.

They keep no file and feel nothing; what they publish, how often, and until when they send it again is as a real one does. Their alarms
are of kind `test`, which calls nobody.
"""

from __future__ import annotations

import random
import selectors
import socket
from collections import deque
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

import attrs
from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode, MQTTProtocolVersion

from edge_agent.messages import Lane
from edge_agent.reconnect import ReconnectPolicy, ResendPolicy
from edge_agent.uplink_events import read_downward
from sekur_sdk.models.device import (
    AlertBody,
    AlertKind,
    Channel,
    ClockState,
    DeviceAddress,
    DeviceSettings,
    DutyAction,
    DutyBody,
    Envelope,
    Fix,
    FixSource,
    HealthBody,
    PositionBody,
    Receipt,
    ReceiptOutcome,
    ReportedConfig,
    Status,
)
from sekur_sdk.models.uid import new_uid
from sekur_sdk.wire import WireError, encode

if TYPE_CHECKING:
    from collections.abc import Callable

    from edge_agent.clock import Clock
    from sekur_sdk.wire.messages import Body

_LOOK_S: Final = 0.05
_CONNECTS_A_SECOND: Final = 100.0
_KEEPALIVE_S: Final = 15
_LAST_S: Final = 30.0
"""How long the last alarms are waited for."""
_FIX: Final = (48.8566, 2.3522)


@attrs.frozen(kw_only=True)
class Load:
    """What each wearable does: seconds between two messages of a kind, `alarm_s` on average."""

    devices: int
    seconds: float
    tenant: str = "demo"
    prefix: str = "sim"
    employee_id: str = "emp_demo"
    site_id: str = "sit_entrepot"
    health_s: float = 60.0
    position_s: float = 30.0
    alarm_s: float = 600.0


@attrs.define
class Outcome:
    """What came of it. Times are seconds: `acked_s` to the broker's acknowledgement, `receipted_s` of alarms to the server's receipt."""

    connected: int = 0
    connections_lost: int = 0
    published: int = 0
    again: int = 0
    acked: int = 0
    receipted: dict[str, int] = attrs.field(factory=dict)
    alarms: int = 0
    alarms_receipted: int = 0
    acked_s: list[float] = attrs.field(factory=list)
    receipted_s: list[float] = attrs.field(factory=list)

    def lines(self, seconds: float) -> list[str]:
        """A summary for people; `seconds` is how long it was."""
        receipts = ", ".join(f"{count} {name}" for name, count in sorted(self.receipted.items())) or "none"
        return [
            f"  connections  {self.connected}, lost {self.connections_lost}",
            f"  messages     {self.published} ({self.published / seconds:.1f}/s), sent again {self.again}",
            f"  PUBACK       {self.acked}; {_times(self.acked_s)}",
            f"  receipts     {receipts}",
            f"  alarms       {self.alarms}, receipted {self.alarms_receipted}; {_times(self.receipted_s)}",
        ]


def _times(seconds: list[float]) -> str:
    if not seconds:
        return "no times"
    ordered = sorted(seconds)
    half, most = ordered[len(ordered) // 2], ordered[int(len(ordered) * 0.99)]
    return f"half within {half * 1000:.1f} ms, 99 % within {most * 1000:.1f} ms, all within {ordered[-1] * 1000:.1f} ms"


@attrs.define
class _Waiting:
    channel: Channel
    payload: bytes
    made: float
    due: float
    tries: int = 1


class _Device:
    def __init__(self, number: int, load: Load, host: str, port: int, clock: Clock, outcome: Outcome) -> None:
        self._load, self._host, self._port = load, host, port
        self._clock, self._outcome = clock, outcome
        self.address = DeviceAddress(load.tenant, f"{load.prefix}-{number:05d}")
        self._log, self._boot, self._duty = self._uid(), self._uid(), self._uid()
        self._seq = 0
        self._started = clock.monotonic()
        self._waiting: dict[str, _Waiting] = {}
        self._in_flight: dict[int, float] = {}
        self._resend, self._reconnect = ResendPolicy(), ReconnectPolicy()
        self._failures = 0
        self._up = False
        self._connect_at: float | None = self._started + number / _CONNECTS_A_SECOND
        self._told_duty = False
        # spread, as a fleet is
        self._due = {
            Channel.HEALTH: random.uniform(0, load.health_s),  # noqa: S311  # when, not what
            Channel.POSITION: random.uniform(0, load.position_s),  # noqa: S311  # as above
            Channel.ALERT: random.expovariate(1 / load.alarm_s),  # as above
        }
        self.client = self._new_client()

    @property
    def has_alarms(self) -> bool:
        """Whether an alarm has no receipt yet."""
        return any(waiting.channel is Channel.ALERT for waiting in self._waiting.values())

    def step(self, now: float, *, ending: bool) -> None:
        """What is due now; when `ending`, only what is out already."""
        if self._connect_at is not None and now >= self._connect_at:
            self._connect(now)
        if not self._up:
            return
        self.client.loop_misc()
        for waiting in [each for each in self._waiting.values() if each.due <= now]:
            waiting.tries += 1
            waiting.due = now + self._resend.wait_s(waiting.tries)
            self._outcome.again += 1
            self._publish(waiting.channel, waiting.payload, now)
        if ending:
            return
        since = now - self._started
        for channel, due in self._due.items():
            if since >= due:
                self._due[channel] = max(due, since) + self._pause_s(channel)
                self._say(channel, now)

    def end(self) -> None:
        """Say goodbye."""
        if self._up:
            self._up = False
            status = Status(online=False, boot=self._boot, log=self._log)
            self.client.publish(self.address.topic(Channel.STATUS), encode(status), qos=1, retain=True)
            self.client.disconnect()

    def _pause_s(self, channel: Channel) -> float:
        if channel is Channel.ALERT:
            return random.expovariate(1 / self._load.alarm_s)  # when, not what
        return self._load.health_s if channel is Channel.HEALTH else self._load.position_s

    def _say(self, channel: Channel, now: float) -> None:
        at = self._clock.now()
        if channel is Channel.HEALTH:
            self._waiting = {uid: each for uid, each in self._waiting.items() if each.channel is not Channel.HEALTH}
            self._send(channel, HealthBody(protected=True, battery_pct=80), now)
        elif channel is Channel.POSITION:
            lat, lon = (place + random.uniform(-0.01, 0.01) for place in _FIX)  # noqa: S311  # nobody's place
            fix = Fix(lat=lat, lon=lon, fix_at=at, age_s=0.5, accuracy_m=8.0, source=FixSource.GNSS)
            self._send(channel, PositionBody(fix=fix), now)
        else:
            self._outcome.alarms += 1
            self._send(channel, AlertBody(kind=AlertKind.TEST, started_at=at), now)

    def _send(self, channel: Channel, body: Body, now: float) -> None:
        self._seq += 1
        uid = self._uid()
        envelope = Envelope(
            uid=uid,
            log=self._log,
            seq=self._seq,
            boot=self._boot,
            up_ms=int((now - self._started) * 1000),
            at=self._clock.now(),
            clock=ClockState.SYNCED,
            duty=self._duty,
            body=body,
        )
        payload = encode(envelope)
        if channel.needs_receipt:
            self._waiting[uid] = _Waiting(channel, payload, now, now + self._resend.wait_s(1))
        self._outcome.published += 1
        self._publish(channel, payload, now)

    def _publish(self, channel: Channel, payload: bytes, now: float) -> None:
        info = self.client.publish(self.address.topic(channel), payload, qos=1)
        if info.rc == MQTTErrorCode.MQTT_ERR_SUCCESS:
            self._in_flight[info.mid] = now

    # The connection

    def _new_client(self) -> Client:
        client = Client(
            CallbackAPIVersion.VERSION2,
            f"sekur-{self._load.tenant}-{self.address.device}",
            clean_session=False,
            protocol=MQTTProtocolVersion.MQTTv311,
        )
        client.will_set(
            self.address.topic(Channel.STATUS),
            encode(Status(online=False, boot=self._boot, log=self._log)),
            qos=1,
            retain=True,
        )
        client.max_inflight_messages_set(0)
        client.on_connect = lambda _client, _data, _flags, reason, _properties: self._connected(
            refused=reason.is_failure
        )
        client.on_disconnect = lambda *_: self._lost()
        client.on_publish = lambda _client, _data, mid, *_: self._acked(mid)
        client.on_message = lambda _client, _data, message: self._came(message.topic, bytes(message.payload))
        return client

    def _connect(self, now: float) -> None:
        self._connect_at = None
        try:
            self.client.connect(self._host, self._port, keepalive=_KEEPALIVE_S)
        except OSError:
            self._retry(now)

    def _retry(self, now: float) -> None:
        self._failures += 1
        self._connect_at = now + self._reconnect.pause_s(self._failures, random.random)

    def _connected(self, *, refused: bool) -> None:
        if refused:
            return
        now = self._clock.monotonic()
        self._up, self._failures = True, 0
        self._outcome.connected += 1
        self.client.subscribe([(topic, 1) for topic in self.address.downward])
        status = Status(online=True, boot=self._boot, log=self._log, at=self._clock.now(), agent="simulated")
        self.client.publish(self.address.topic(Channel.STATUS), encode(status), qos=1, retain=True)
        config = ReportedConfig(version=0, settings=DeviceSettings())
        self.client.publish(self.address.topic(Channel.CONFIG_REPORTED), encode(config), qos=1, retain=True)
        if not self._told_duty:
            self._told_duty = True
            duty = DutyBody(
                action=DutyAction.START,
                duty=self._duty,
                occurred_at=self._clock.now(),
                employee_id=self._load.employee_id,
                site_id=self._load.site_id,
            )
            self._send(Channel.EVENT, duty, now)

    def _lost(self) -> None:
        if self._up:
            self._outcome.connections_lost += 1
        self._up = False
        self._in_flight.clear()
        now = self._clock.monotonic()
        for waiting in self._waiting.values():
            waiting.due = now
        self._retry(now)

    def _acked(self, mid: int) -> None:
        sent = self._in_flight.pop(mid, None)
        if sent is not None:
            self._outcome.acked += 1
            self._outcome.acked_s.append(self._clock.monotonic() - sent)

    def _came(self, topic: str, payload: bytes) -> None:
        try:
            message = read_downward(topic, payload, self.address)
        except (ValueError, WireError):
            return
        if not isinstance(message, Receipt) or message.uid is None:
            return
        waiting = self._waiting.pop(message.uid, None)
        if waiting is None:
            return
        reason = f" ({message.reason})" if message.outcome is ReceiptOutcome.QUARANTINED and message.reason else ""
        name = f"{message.outcome}{reason}"
        self._outcome.receipted[name] = self._outcome.receipted.get(name, 0) + 1
        if Lane.of(waiting.channel) is Lane.ALARM:
            self._outcome.alarms_receipted += 1
            self._outcome.receipted_s.append(self._clock.monotonic() - waiting.made)

    def _uid(self) -> str:
        return new_uid(int(datetime.now(UTC).timestamp() * 1000))


def simulate(load: Load, host: str, port: int, clock: Clock, *, ended: Callable[[], bool] = lambda: False) -> Outcome:
    """Let so many wearables work for so long; what came of it.

    Raises:
        OSError: nobody listens on `host:port`.
    """
    socket.create_connection((host, port), timeout=5.0).close()
    outcome = Outcome()
    devices = deque(_Device(number, load, host, port, clock, outcome) for number in range(load.devices))
    until = clock.monotonic() + load.seconds
    with selectors.DefaultSelector() as lines:
        while not ended() and (now := clock.monotonic()) < until + _LAST_S:
            if now >= until and not any(device.has_alarms for device in devices):
                break
            for device in devices:
                device.step(now, ending=now >= until)
            _serve(lines, devices)
        for device in devices:
            device.end()
    return outcome


def _serve(lines: selectors.BaseSelector, devices: deque[_Device]) -> None:
    """Read and write what the network lets through, for a moment."""
    watched = {key.data: key for key in lines.get_map().values()}
    for device in devices:
        line = device.client.socket()
        key = watched.get(device)
        if key is not None and key.fileobj is not line:
            lines.unregister(key.fileobj)
            key = None
        if line is None:
            continue
        events = selectors.EVENT_READ | (selectors.EVENT_WRITE if device.client.want_write() else 0)
        if key is None:
            lines.register(line, events, device)
        elif key.events != events:
            lines.modify(line, events, device)
    for key, events in lines.select(_LOOK_S):
        if events & selectors.EVENT_READ:
            key.data.client.loop_read()
        if events & selectors.EVENT_WRITE:
            key.data.client.loop_write()
