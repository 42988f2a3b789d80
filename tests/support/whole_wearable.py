"""A whole agent on an emulated ADXL345 for tests, what it told, and the same as a process that can be killed."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, TypeVar

import attrs

from edge_agent.agent import Agent
from edge_agent.clock import ScaledClock, SystemClock
from edge_agent.config import (
    AlarmsSection,
    BrokerSection,
    Config,
    DeviceSection,
    StorageSection,
    WearerSection,
)
from edge_agent.drivers.adxl345 import ADXL345
from edge_agent.drivers.emulated.adxl345 import EmulatedADXL345
from edge_agent.drivers.emulated.bus import EmulatedBus
from edge_agent.drivers.emulated.wearer import SimulatedStanding
from edge_agent.drivers.gpio import RecordedWearer
from edge_agent.reconnect import ReconnectPolicy, ResendPolicy

if TYPE_CHECKING:
    from collections.abc import Callable

    from edge_agent.agent_events import AgentEvent
    from edge_agent.clock import Clock
    from edge_agent.drivers.gnss import FixProvider

E = TypeVar("E")

QUICK_RECONNECT = ReconnectPolicy(first_s=0.1, longest_s=0.5)
QUICK_RESEND = ResendPolicy(first_s=0.5, longest_s=1.0, quarantined_first_s=1.0, quarantined_longest_s=2.0)


class EventLog:
    """Everything an agent told, in order, for any thread to wait on."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self.events: list[AgentEvent] = []

    def __call__(self, event: AgentEvent) -> None:
        with self._changed:
            self.events.append(event)
            self._changed.notify_all()

    def of(self, kind: type[E]) -> list[E]:
        with self._changed:
            return [event for event in self.events if isinstance(event, kind)]

    def wait_for(self, kind: type[E], wanted: Callable[[E], bool] = lambda _: True, timeout: float = 20.0) -> E:
        """Return the first event of the kind that is wanted, from the start of the agent on."""
        deadline = time.monotonic() + timeout
        with self._changed:
            while True:
                for event in self.events:
                    if isinstance(event, kind) and wanted(event):
                        return event
                left = deadline - time.monotonic()
                if left <= 0:
                    raise TimeoutError(f"no such {kind.__name__} in {timeout} s among {self.events}")
                self._changed.wait(left)


def config(folder: Path, port: int, *, host: str = "127.0.0.1", **alarms: Any) -> Config:
    return Config(
        device=DeviceSection(tenant="acme", id="w-1"),
        broker=BrokerSection(host=host, port=port, keepalive_s=5),
        wearer=WearerSection(employee_id="emp_1", site_id="site_1"),
        alarms=AlarmsSection(**alarms),
        storage=StorageSection(path=folder / "outbox.db"),
    )


class WholeWearable:
    """An agent, its emulated chip (``chip.play(SimulatedFall())``), its wearer's interface and its log."""

    def __init__(
        self,
        configuration: Config,
        *,
        speed: float = 1.0,
        clock: Clock | None = None,
        position_source: FixProvider | None = None,
        connect: bool = True,
        observe: Callable[[AgentEvent], None] | None = None,
        link_clock: Clock | None = None,
    ) -> None:
        self.config = configuration
        self.clock: Clock = clock or (ScaledClock(speed) if speed != 1.0 else SystemClock())
        self.log = EventLog()
        self.chip = EmulatedADXL345(self.clock, SimulatedStanding())
        self.bus = EmulatedBus(self.clock, {0x53: self.chip})
        self.wearer = RecordedWearer(self.clock)
        self.agent = Agent(
            configuration,
            self.clock,
            lambda: ADXL345(self.bus.reopen(), self.clock),
            position_source,
            self.wearer,
            on_event=observe or self.log,
            link_clock=link_clock,
            reconnect=QUICK_RECONNECT,
            resend=QUICK_RESEND,
            connect=connect,
        )

    def __enter__(self) -> Self:
        self.agent.start()
        return self

    def __exit__(self, *_: object) -> None:
        assert self.agent.stop(flush_s=1.0), "a thread did not end"


class WearableProcess:
    """The same in a process of its own, ended by ``kill`` as a power cut would end it.

    It prints each event's class name and uid; ``send`` takes ``sos``, ``cancel``, ``duty``, ``fall`` and ``stop``.
    """

    def __init__(self, folder: Path, port: int, *, pre_alarm_s: float = 15.0, prefix: tuple[str, ...] = ()) -> None:
        command = [*prefix, sys.executable, "-u", __file__, str(folder), str(port), str(pre_alarm_s)]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.lines: list[str] = []
        self._changed = threading.Condition()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def send(self, word: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(word + "\n")
        self._process.stdin.flush()

    def wait_for(self, start: str, timeout: float = 20.0) -> str:
        deadline = time.monotonic() + timeout
        with self._changed:
            while True:
                for line in self.lines:
                    if line.startswith(start):
                        return line
                left = deadline - time.monotonic()
                if left <= 0 or not self._reader.is_alive():
                    raise TimeoutError(f"no {start!r} among {self.lines}")
                self._changed.wait(min(left, 0.2))

    @property
    def pid(self) -> int:
        return self._process.pid

    def kill(self) -> None:
        self._process.kill()
        self._process.wait(timeout=10)
        self._reader.join(timeout=5)
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                stream.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            with self._changed:
                self.lines.append(line.strip())
                self._changed.notify_all()


def decide_fall(wearable: WholeWearable, *, features: tuple[tuple[str, float], ...] = ()) -> None:
    """The decision alone: what leads to it is tested with the detectors."""
    from edge_agent.alarm_events import FallDecided

    core = wearable.agent._core
    core.post(lambda: core._handle(FallDecided(at=core._now(), impact_at=core._now() - 2, features=features)))


def main() -> None:
    folder, port, pre_alarm_s = Path(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])

    def show(event: AgentEvent) -> None:
        fields = attrs.asdict(event)
        told = fields.get("uid") or fields.get("code") or fields.get("pattern") or fields.get("restored")
        sys.stdout.write(f"{type(event).__name__} {told}\n")
        sys.stdout.flush()

    wearable = WholeWearable(config(folder, port, pre_alarm_s=pre_alarm_s), observe=show)
    agent = wearable.agent
    agent.start()
    actions = {
        "sos": agent.press_sos,
        "cancel": agent.press_cancel,
        "duty": agent.start_duty,
        "fall": lambda: decide_fall(wearable),
    }
    for word in sys.stdin:
        if word.strip() == "stop":
            break
        actions[word.strip()]()
    agent.stop()


if __name__ == "__main__":
    main()
