"""The whole agent on an emulated ADXL345 that a recording moves: what would have happened to its wearer."""

from __future__ import annotations

import queue
import threading
from contextlib import ExitStack
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

import attrs
import numpy as np

from edge_agent import agent_events as told
from edge_agent.agent import Agent
from edge_agent.clock import ScaledClock
from edge_agent.drivers.adxl345 import ADXL345, ADXL345Config
from edge_agent.drivers.emulated.adxl345 import EmulatedADXL345
from edge_agent.drivers.emulated.bus import EmulatedBus
from edge_agent.drivers.emulated.motion import AtRest, Recorded
from edge_agent.drivers.gpio import RecordedWearer
from edge_agent.recordings import load_recording
from sekur_sdk.models.device import AlertKind, Channel

if TYPE_CHECKING:
    from collections.abc import Callable

    from edge_agent.agent_events import AgentEvent
    from edge_agent.config import Config
    from edge_agent.recordings import Recording

STANDING_S: Final = 6.0
"""Before the recording the wearer stands as it begins, so that the device learns what upright is."""
_AFTER_S: Final = 4.0
"""What the detector may take to decide, after the last sample."""
_START_S: Final = 30.0
_SEND_S: Final = 10.0


class Expectation(StrEnum):
    """What a replay is expected to come to."""

    ALARM = "alarm"
    NONE = "none"


@attrs.frozen(kw_only=True)
class Outcome:
    """What came of a replay: the alarms raised about the wearer, how far they got, and what was lost of the signal."""

    alarms: tuple[AlertKind, ...]
    published: int
    receipted: int
    waiting: int
    samples: int
    gaps: int
    connected: bool

    def fulfils(self, expectation: Expectation) -> bool:
        """Whether that is what was expected."""
        return bool(self.alarms) == (expectation is Expectation.ALARM)


class ReplayError(Exception):
    """A replay that can't be made: why, and what to do."""


def replay(
    spec: str, config: Config, *, speed: float, connect: bool, show: Callable[[float, AgentEvent], None]
) -> Outcome:
    """Replay the recording that `spec` names; `show` gets each event with its time in seconds of the recording.

    The outbox is a temporary one: a replay never touches that of a device.

    Raises:
        edge_agent.recordings.RecordingError: no such recording.
        ReplayError: the emulated sensor did not start.
    """
    recording = load_recording(spec)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="sekur-replay-")))
        config = attrs.evolve(config, storage=attrs.evolve(config.storage, path=folder / "outbox.db"))
        return _Stage(recording, config, speed=speed, connect=connect, show=show).run()


class _Stage:
    def __init__(
        self,
        recording: Recording,
        config: Config,
        *,
        speed: float,
        connect: bool,
        show: Callable[[float, AgentEvent], None],
    ) -> None:
        self._recording = recording
        self._connect = connect
        self._show = show
        self._speed = speed
        self._clock = ScaledClock(speed)
        self._chip = EmulatedADXL345(self._clock, AtRest(_first_gravity(recording)))
        self._events: queue.SimpleQueue[AgentEvent] = queue.SimpleQueue()
        self._never = threading.Event()
        self._seen: list[AgentEvent] = []
        self._starts_at = self._clock.monotonic() + STANDING_S
        sensor = ADXL345Config(
            address=config.sensor.address, rate_hz=config.sensor.rate_hz, supply_v=config.sensor.supply_v
        )
        bus = EmulatedBus(self._clock, {sensor.address: self._chip})
        self._pre_alarm_s = config.alarms.pre_alarm_s
        self._agent = Agent(
            config,
            self._clock,
            lambda: ADXL345(bus.reopen(), self._clock, sensor),
            None,
            RecordedWearer(self._clock),
            on_event=self._events.put,
            connect=connect,
        )

    def run(self) -> Outcome:
        self._agent.start()
        try:
            self._wait(lambda: self._agent.samples > 0, _START_S * 10)
            if not self._agent.samples:
                raise ReplayError("the emulated sensor sent no samples; the machine may be too slow for this --speed")
            self._starts_at = self._clock.monotonic() + STANDING_S
            self._agent.start_duty()
            self._pass(STANDING_S)
            self._starts_at = self._chip.play(Recorded(self._recording))
            self._pass(self._recording.duration_s + _AFTER_S)
            self._wait(lambda: not self._pending(), self._pre_alarm_s + 1.0)
            if self._connect:
                self._wait(self._sent, _SEND_S * self._speed)
            return self._outcome()
        finally:
            self._agent.stop()
            self._collect()

    def _pending(self) -> bool:
        return any(not alarm.calls_for_positions and alarm.rule.calls for alarm in self._agent.open_alarms)

    def _sent(self) -> bool:
        raised = {event.uid for event in self._seen if isinstance(event, told.AlarmRaised)}
        return raised <= {event.uid for event in self._seen if isinstance(event, told.MessagePublished)}

    def _pass(self, seconds: float) -> None:
        self._wait(lambda: False, seconds)

    def _wait(self, done: Callable[[], bool], seconds: float) -> None:
        until = self._clock.monotonic() + seconds
        while True:
            self._collect()
            if done() or self._clock.monotonic() >= until:
                return
            self._clock.wait(self._never, min(0.1, until - self._clock.monotonic()))

    def _collect(self) -> None:
        while not self._events.empty():
            event = self._events.get()
            self._seen.append(event)
            self._show(event.at - self._starts_at, event)

    def _outcome(self) -> Outcome:
        raised = {
            event.uid: event.kind
            for event in self._seen
            if isinstance(event, told.AlarmRaised) and event.kind is not AlertKind.TECHNICAL
        }
        published = {event.uid for event in self._seen if isinstance(event, told.MessagePublished)}
        receipted = {
            event.uid
            for event in self._seen
            if isinstance(event, told.MessageReceipted) and event.channel is Channel.ALERT
        }
        return Outcome(
            alarms=tuple(raised.values()),
            published=len(published & raised.keys()),
            receipted=len(receipted & raised.keys()),
            waiting=self._agent.waiting_messages,
            samples=self._agent.samples,
            gaps=self._agent.gaps,
            connected=any(isinstance(event, told.BrokerConnected) for event in self._seen),
        )


def _first_gravity(recording: Recording) -> tuple[float, float, float]:
    first = recording.acc[: max(1, round(recording.rate_hz / 2))].mean(axis=0, dtype=np.float64)
    length = float(np.linalg.norm(first))
    if length == 0:
        return (0.0, 0.0, 1.0)
    x, y, z = (first / length).tolist()
    return (x, y, z)
