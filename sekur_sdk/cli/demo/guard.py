"""The guard of the demo: the real agent on an emulated ADXL345, moved by a simulated wearer or by a recording."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

import attrs

from edge_agent.agent import Agent
from edge_agent.clock import SystemClock
from edge_agent.config import (
    AlarmsSection,
    BrokerSection,
    Config,
    DeviceSection,
    GpsSection,
    HealthSection,
    StorageSection,
    WearerSection,
)
from edge_agent.drivers.adxl345 import ADXL345, ADXL345Config
from edge_agent.drivers.emulated.adxl345 import EmulatedADXL345
from edge_agent.drivers.emulated.bus import EmulatedBus
from edge_agent.drivers.emulated.motion import Motion, Recorded
from edge_agent.drivers.emulated.wearer import SimulatedFall, SimulatedStanding, SimulatedWalk
from edge_agent.drivers.gpio import RecordedWearer
from edge_agent.reconnect import ReconnectPolicy
from sekur_sdk.cli.demo.sightings import Sightings

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

    from edge_agent.agent_events import AgentEvent
    from edge_agent.drivers.gnss import FixProvider
    from edge_agent.recordings import Recording

UPRIGHT_S = 6.0
"""Standing long enough for the device to learn what upright is."""
PRE_ALARM_S = 4.0
"""Shorter than the 15 s of a real device, so that the demo is."""
DECISION_S = 4.0
"""What the detector may take after the last sample."""


@attrs.frozen(kw_only=True)
class Movement:
    """What moves the guard's sensor.

    `standing` comes first, `walking` (if any) on duty, then `moment`: what is to be told from daily life, or for it.
    A fall in it has happened `moment_s` seconds after its start at the latest. `told_as` is for the user.
    """

    told_as: str
    standing: Motion
    walking: Motion | None
    moment: Motion
    moment_s: float

    @classmethod
    def simulated(cls) -> Self:
        """A simulated wearer, who walks and falls forward."""
        fall = SimulatedFall()
        return cls(
            told_as="a simulated wearer (no recording): gait, inverted-pendulum fall, impact, lying still",
            standing=SimulatedStanding(),
            walking=SimulatedWalk(),
            moment=fall,
            moment_s=fall.impact_s,
        )

    @classmethod
    def recorded(cls, recording: Recording) -> Self:
        """A wearer whose movement was recorded."""
        played = Recorded(recording)
        return cls(
            told_as=f"the recording {recording.source}, {played.duration_s:.1f} s at {recording.rate_hz:g} Hz",
            standing=played.lead_in(),
            walking=None,
            moment=played,
            moment_s=played.duration_s,
        )


class Guard:
    """The guard's wearable, running while the context is open; `seen` has all that its agent told."""

    def __init__(
        self,
        movement: Movement,
        *,
        folder: Path,
        tenant: str,
        device_id: str,
        employee_id: str,
        site_id: str,
        position_source: FixProvider,
        broker_port: int,
    ) -> None:
        self.movement = movement
        self.seen: Sightings[AgentEvent] = Sightings()
        clock = SystemClock()
        config = Config(
            device=DeviceSection(tenant=tenant, id=device_id),
            broker=BrokerSection(host="127.0.0.1", port=broker_port),
            wearer=WearerSection(employee_id=employee_id, site_id=site_id, duty_at_start=False),
            alarms=AlarmsSection(pre_alarm_s=PRE_ALARM_S),
            gps=GpsSection(interval_s=5.0),
            storage=StorageSection(path=folder / "outbox.db"),
            health=HealthSection(interval_s=5.0),
        )
        sensor = ADXL345Config(
            address=config.sensor.address, rate_hz=config.sensor.rate_hz, supply_v=config.sensor.supply_v
        )
        self._chip = EmulatedADXL345(clock, movement.standing)
        bus = EmulatedBus(clock, {sensor.address: self._chip})
        self.agent: Agent = Agent(
            config,
            clock,
            lambda: ADXL345(bus.reopen(), clock, sensor),
            position_source,
            RecordedWearer(clock),
            on_event=self.seen.add,
            reconnect=ReconnectPolicy(longest_s=2.0),
        )

    def __enter__(self) -> Self:
        self.agent.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.agent.stop()

    def moves(self, motion: Motion) -> None:
        """From now on the sensor feels this."""
        self._chip.play(motion)
