"""Positions from a real gpsd, behind the gate: taken on duty, kept with their age, gone when the gate closes."""

from __future__ import annotations

import queue
import socket
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from real_parts.ports import free_port
from real_parts.receiver import Sky
from real_parts.tcp import connections_to

from edge_agent.clock import ScaledClock, SystemClock
from edge_agent.drivers.gnss import FixFault
from edge_agent.drivers.gpsd import GpsdSource
from edge_agent.gate import PositionGate
from edge_agent.position import PositionFault, PositionProvider, PositionSample

if TYPE_CHECKING:
    from collections.abc import Iterator

    from real_parts.gpsd import Gpsd, StartGpsd

    from edge_agent.clock import Clock
    from edge_agent.position import PositionEvent

pytestmark = pytest.mark.services


class Wearable:
    """The gate, the provider behind it and the core's queue, on a clock."""

    def __init__(self, port: int, *, clock: Clock, interval_s: float, queue_size: int) -> None:
        self.clock = clock
        self.gate = PositionGate()
        self.events: queue.Queue[PositionEvent] = queue.Queue(queue_size)
        self.provider = PositionProvider(
            source=GpsdSource(clock=clock, port=port, call_timeout_s=0.5),
            gate=self.gate,
            clock=clock,
            deliver=self.events.put_nowait,
            interval_s=interval_s,
            poll_s=interval_s / 2,
        )

    def sample(self) -> PositionSample:
        event = self.events.get(timeout=10)
        assert isinstance(event, PositionSample)
        return event

    def fault(self) -> FixFault | None:
        """The next fault, samples before it passed over."""
        while True:
            event = self.events.get(timeout=10)
            if isinstance(event, PositionFault):
                return event.code

    @property
    def stale(self) -> bool:
        return self.provider.current(self.clock.monotonic())[1]


@contextmanager
def wearable(
    port: int, *, clock: Clock | None = None, interval_s: float = 0.1, queue_size: int = 1000
) -> Iterator[Wearable]:
    worn = Wearable(port, clock=clock or SystemClock(), interval_s=interval_s, queue_size=queue_size)
    worn.provider.start()
    try:
        yield worn
    finally:
        assert worn.provider.stop()
        assert connections_to(port) == 0


def watched(port: int, seconds: float = 0.5) -> int:
    """The most connections to the port that were seen at once in this time."""
    most, until = 0, time.monotonic() + seconds
    while time.monotonic() < until:
        most = max(most, connections_to(port))
    return most


def test_an_open_gate_lets_positions_through(gpsd: Gpsd) -> None:
    with wearable(gpsd.port) as worn:
        worn.gate.set_open(True)
        first, second = worn.sample(), worn.sample()
        fix, stale = worn.provider.current(worn.clock.monotonic())

    assert second.reading.fix_at > first.reading.fix_at
    assert fix is not None
    assert (round(fix.lat, 4), round(fix.lon, 4), stale) == (48.8566, 2.3522, False)
    assert fix.age_s < 2


def test_the_fix_brings_the_time_of_the_satellites(gpsd: Gpsd) -> None:
    with wearable(gpsd.port) as worn:
        worn.gate.set_open(True)
        sample = worn.sample()
        told = worn.provider.gnss_time()

    assert told is not None
    assert told.at >= sample.reading.fix_at


def test_samples_keep_their_interval(start_gpsd: StartGpsd) -> None:
    gpsd = start_gpsd(period_s=0.05)
    with wearable(gpsd.port, interval_s=0.6) as worn:
        worn.gate.set_open(True)
        first, second = worn.sample(), worn.sample()

    assert second.reading.taken_at - first.reading.taken_at >= 0.3


def test_a_fix_is_delivered_once(start_gpsd: StartGpsd) -> None:
    gpsd = start_gpsd(period_s=0.4)
    with wearable(gpsd.port, interval_s=0.05) as worn:
        worn.gate.set_open(True)
        samples = [worn.sample() for _ in range(4)]

    assert len({sample.reading.fix_at for sample in samples}) == 4


def test_an_alarm_does_not_wait_for_the_interval(gpsd: Gpsd) -> None:
    with wearable(gpsd.port, interval_s=0.3) as worn:
        worn.provider.interval_s = 3600.0
        worn.gate.set_open(True)
        worn.sample()

        worn.provider.sample_now()

        worn.sample()


def test_a_closed_gate_has_no_connection_from_the_start(gpsd: Gpsd) -> None:
    with wearable(gpsd.port) as worn:
        assert watched(gpsd.port) == 0
        worn.provider.sample_now()
        assert watched(gpsd.port) == 0
        assert worn.events.empty()


def test_a_closed_gate_never_even_tries_to_connect() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener, wearable(listener.getsockname()[1]) as worn:
        listener.settimeout(0.5)
        worn.provider.sample_now()

        with pytest.raises(TimeoutError):
            listener.accept()


def test_closing_the_gate_drops_the_connection_and_the_fix_before_it_returns(gpsd: Gpsd) -> None:
    with wearable(gpsd.port) as worn:
        worn.gate.set_open(True)
        sample = worn.sample()
        assert connections_to(gpsd.port) == 1

        worn.gate.set_open(False)

        assert connections_to(gpsd.port) == 0
        assert worn.provider.current(worn.clock.monotonic()) == (None, False)
        assert worn.provider.gnss_time() is None
        assert not worn.gate.admits(sample.opening)
        assert watched(gpsd.port) == 0


def test_a_gate_that_opens_again_starts_without_the_earlier_fix(gpsd: Gpsd) -> None:
    with wearable(gpsd.port) as worn:
        worn.gate.set_open(True)
        worn.sample()
        worn.gate.set_open(False)
        while not worn.events.empty():
            worn.events.get_nowait()
        gpsd.receiver.place(45.7640, 4.8357)
        gpsd.wait_for(lambda report: round(report.get("lat", 0), 4) == 45.7640)

        worn.gate.set_open(True)

        assert round(worn.sample().reading.lat, 4) == 45.7640


def test_closing_the_gate_does_not_wait_for_a_frozen_gpsd(gpsd: Gpsd) -> None:
    with wearable(gpsd.port) as worn:
        worn.gate.set_open(True)
        worn.sample()
        gpsd.freeze()
        began = time.monotonic()

        worn.gate.set_open(False)

        assert time.monotonic() - began < 0.1
        assert connections_to(gpsd.port) == 0


def test_a_receiver_that_stops_leaves_a_last_fix_that_is_flagged(gpsd: Gpsd) -> None:
    with wearable(gpsd.port, clock=ScaledClock(10), interval_s=1.0) as worn:
        worn.gate.set_open(True)
        worn.sample()
        gpsd.receiver.pause()

        assert worn.fault() is FixFault.STALE_FIX
        fix, stale = worn.provider.current(worn.clock.monotonic())
        assert fix is not None
        assert (fix.age_s > 10, stale) == (True, True)
        assert worn.provider.fault is FixFault.STALE_FIX

        gpsd.receiver.resume()
        assert worn.fault() is None
        assert not worn.stale


def test_a_receiver_that_stops_sends_no_position_any_more(gpsd: Gpsd) -> None:
    with wearable(gpsd.port, clock=ScaledClock(10), interval_s=1.0) as worn:
        worn.gate.set_open(True)
        worn.sample()
        gpsd.receiver.pause()
        worn.fault()

        worn.provider.sample_now()

        with pytest.raises(queue.Empty):
            worn.events.get(timeout=0.5)


def test_a_frozen_gpsd_is_told_and_its_return_too(gpsd: Gpsd) -> None:
    with wearable(gpsd.port, clock=ScaledClock(10), interval_s=1.0) as worn:
        worn.gate.set_open(True)
        worn.sample()
        gpsd.freeze()

        assert worn.fault() is FixFault.GPSD_SILENT

        gpsd.thaw()
        # on this clock the silence may have made the first fix after it too old to believe
        while worn.fault() is not None:
            pass
        worn.sample()


def test_a_killed_gpsd_is_told_and_its_return_too(gpsd: Gpsd) -> None:
    with wearable(gpsd.port, clock=ScaledClock(10), interval_s=1.0) as worn:
        worn.gate.set_open(True)
        worn.sample()
        gpsd.kill()

        assert worn.fault() is FixFault.GPSD_UNREACHABLE

        gpsd.start()
        while worn.fault() is not None:
            pass
        worn.sample()


def test_a_gpsd_without_a_receiver_is_told_after_a_while(start_gpsd: StartGpsd) -> None:
    gpsd = start_gpsd(device=False)
    with wearable(gpsd.port, clock=ScaledClock(20), interval_s=1.0) as worn:
        worn.gate.set_open(True)

        assert worn.fault() is FixFault.NO_RECEIVER
        assert worn.provider.current(worn.clock.monotonic()) == (None, False)


def test_a_receiver_without_satellites_is_given_time_before_it_is_told(start_gpsd: StartGpsd) -> None:
    gpsd = start_gpsd(sky=Sky(fix=False))
    gpsd.wait_for(lambda report: report["class"] == "TPV" and report["mode"] == 1)
    with wearable(gpsd.port, clock=ScaledClock(40), interval_s=1.0) as worn:
        began = worn.clock.monotonic()
        worn.gate.set_open(True)

        event = worn.events.get(timeout=10)

        assert isinstance(event, PositionFault)
        assert event.code is FixFault.NO_FIX
        assert worn.clock.monotonic() - began >= 60


def test_a_fault_ends_with_the_gate() -> None:
    with wearable(free_port(), clock=ScaledClock(20), interval_s=1.0) as worn:
        worn.gate.set_open(True)
        assert worn.fault() is FixFault.GPSD_UNREACHABLE

        worn.gate.set_open(False)

        assert worn.provider.fault is None


def test_a_full_queue_neither_blocks_nor_ends_the_thread(gpsd: Gpsd) -> None:
    with wearable(gpsd.port, queue_size=1) as worn:
        worn.gate.set_open(True)
        while worn.provider.dropped < 3:
            assert worn.provider.running
            threading.Event().wait(0.02)

        worn.sample()
        worn.sample()


def test_stopping_does_not_wait_for_a_frozen_gpsd(gpsd: Gpsd) -> None:
    with wearable(gpsd.port) as worn:
        worn.gate.set_open(True)
        worn.sample()
        gpsd.freeze()
        began = time.monotonic()

        assert worn.provider.stop()

        assert time.monotonic() - began < 0.3


def test_a_thread_that_waits_behind_a_closed_gate_is_not_stalled() -> None:
    with wearable(free_port()) as worn:
        assert worn.provider.stalled_s(worn.clock.monotonic() + 3600) == 0
