"""Nothing that answers in gpsd's place, or fails to, holds a poll for longer than its limit.

The servers here stand for a gpsd that misbehaves in ways the real one can't be made to on demand; `test_gpsd.py` has the real one.
"""

from __future__ import annotations

import itertools
import socket
import sys
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from real_parts.ports import free_port

from edge_agent.clock import ManualClock
from edge_agent.drivers.gnss import FixFault
from edge_agent.drivers.gpsd import GpsdSource

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

LIMIT_S = 0.3
WELCOME = (
    b'{"class":"VERSION","release":"3.25"}\r\n{"class":"DEVICES","devices":[]}\r\n{"class":"WATCH","enable":true}\r\n'
)
IDLE = b'{"class":"POLL","active":0,"tpv":[],"sky":[]}\r\n'


def say(*parts: bytes) -> Callable[[socket.socket], None]:
    """Say the first part, then one for each line that is heard, then wait for the other side to hang up."""

    def behave(line: socket.socket) -> None:
        line.sendall(parts[0])
        with line.makefile("rb") as heard:
            for part in parts[1:]:
                if not heard.readline():
                    return
                line.sendall(part)
            while heard.readline():
                pass

    return behave


def dribble(line: socket.socket) -> None:
    for byte in itertools.cycle(b'{"class":"VERSION"'):
        line.sendall(bytes([byte]))
        time.sleep(0.02)  # slower than a line, faster than any timeout of a single read


def flood(line: socket.socket) -> None:
    while True:
        line.sendall(b"x" * 65536)


def hang_up(line: socket.socket) -> None:
    line.shutdown(socket.SHUT_RDWR)


@contextmanager
def served(behave: Callable[[socket.socket], None]) -> Iterator[int]:
    """A port of 127.0.0.1 where each connection is treated so."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            while True:
                try:
                    line, _ = listener.accept()
                except OSError:
                    return
                with line:
                    try:
                        behave(line)
                    except OSError:
                        continue

        thread = threading.Thread(target=serve)
        thread.start()
        yield listener.getsockname()[1]
        listener.shutdown(socket.SHUT_RDWR)
    thread.join(5)
    assert not thread.is_alive()


@pytest.mark.parametrize(
    ("behave", "fault"),
    [
        (say(b""), FixFault.GPSD_SILENT),
        (say(WELCOME), FixFault.GPSD_SILENT),
        (say(WELCOME[:40]), FixFault.GPSD_SILENT),
        (dribble, FixFault.GPSD_SILENT),
        (flood, FixFault.GPSD_UNREACHABLE),
        (hang_up, FixFault.GPSD_UNREACHABLE),
        (say(b"SSH-2.0-OpenSSH_9.2\r\n"), FixFault.GPSD_UNREACHABLE),
        (say(b"[]\r\n"), FixFault.GPSD_UNREACHABLE),
        (say(b"[" * 100_000 + b"\r\n"), FixFault.GPSD_UNREACHABLE),
        (say(b'{"class":"DEVICE"}\r\n'), FixFault.GPSD_UNREACHABLE),
        (say(WELCOME, b"", b'{"class":"DEVICE"}\r\n'), FixFault.GPSD_UNREACHABLE),
        (say(WELCOME, b"", b'{"class":"POLL"\r\n'), FixFault.GPSD_UNREACHABLE),
        (say(WELCOME, b"", b"\xff\xfe\r\n"), FixFault.GPSD_UNREACHABLE),
        (say(WELCOME, b"", b'{"class":"POLL","active":1}\r\n'), FixFault.NO_FIX),
        (say(WELCOME, b"", b'{"class":"POLL","active":1,"tpv":[],"sky":[]}\r\n'), FixFault.NO_FIX),
        (say(WELCOME, b"", IDLE), FixFault.NO_RECEIVER),
    ],
    ids=[
        "says nothing",
        "greets and says nothing",
        "stops in the greeting",
        "dribbles",
        "floods",
        "hangs up",
        "is something else",
        "greets with a list",
        "greets too deep",
        "greets out of turn",
        "reports out of turn",
        "breaks off",
        "is not UTF-8",
        "lacks the frames",
        "has no frames",
        "has no receiver",
    ],
)
def test_a_poll_ends_in_time_and_says_what_is_wrong(behave: Callable[[socket.socket], None], fault: FixFault) -> None:
    with served(behave) as port:
        session = GpsdSource(clock=ManualClock(), port=port, call_timeout_s=LIMIT_S).session()
        began = time.monotonic()
        try:
            assert session.poll() is fault
            assert time.monotonic() - began < 2 * LIMIT_S + 0.5  # a greeting and an exchange, on a busy machine
        finally:
            session.close()


def test_without_a_gpsd_the_fault_is_at_once() -> None:
    session = GpsdSource(clock=ManualClock(), port=free_port()).session()

    assert session.poll() is FixFault.GPSD_UNREACHABLE
    session.close()


def test_a_host_that_does_not_take_the_connection_is_silent() -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        # its queue holds one; Linux drops the opening packet of the next
        port = listener.getsockname()[1]
        waiting = [socket.socket() for _ in range(3)]
        for one in waiting:
            one.setblocking(False)
            one.connect_ex(("127.0.0.1", port))
        session = GpsdSource(clock=ManualClock(), port=port, call_timeout_s=LIMIT_S).session()

        assert session.poll() is FixFault.GPSD_SILENT

        session.close()
        for one in waiting:
            one.close()


def test_after_a_failure_it_tries_again_later_and_then_later_still() -> None:
    clock, tried = ManualClock(), []

    def count(line: socket.socket) -> None:
        tried.append(round(clock.monotonic(), 1))
        hang_up(line)

    with served(count) as port:
        session = GpsdSource(clock=clock, port=port).session()
        for _ in range(600):
            session.poll()
            clock.advance(0.1)
        session.close()

    pauses = [round(later - earlier, 1) for earlier, later in itertools.pairwise(tried)]
    assert pauses[:5] == pytest.approx([0.5, 1.0, 2.0, 5.0, 10.0], abs=0.11)
    assert set(pauses[5:]) <= {10.0, 10.1}


def test_a_gpsd_that_answered_is_tried_again_soon() -> None:
    clock, tried = ManualClock(), []

    def answer_once(line: socket.socket) -> None:
        tried.append(clock.monotonic())
        line.sendall(WELCOME)
        with line.makefile("rb") as heard:
            heard.readline()
            heard.readline()
            line.sendall(IDLE)

    with served(answer_once) as port:
        session = GpsdSource(clock=clock, port=port).session()
        while len(tried) < 5:
            session.poll()
            clock.advance(0.1)
        session.close()

    assert max(later - earlier for earlier, later in itertools.pairwise(tried)) < 0.9


def test_a_connection_is_used_again_and_again() -> None:
    taken = []

    def answer(line: socket.socket) -> None:
        taken.append(line)
        say(WELCOME, b"", *[IDLE] * 9)(line)

    with served(answer) as port:
        session = GpsdSource(clock=ManualClock(), port=port).session()
        assert {session.poll() for _ in range(9)} == {FixFault.NO_RECEIVER}
        session.close()

    assert len(taken) == 1


def test_closing_ends_a_poll_in_progress() -> None:
    heard = threading.Event()

    def listen_only(line: socket.socket) -> None:
        heard.set()
        say(b"")(line)

    with served(listen_only) as port:
        session = GpsdSource(clock=ManualClock(), port=port, call_timeout_s=30).session()
        outcomes: list[object] = []
        poller = threading.Thread(target=lambda: outcomes.append(session.poll()))
        poller.start()
        assert heard.wait(5)

        session.close()

        poller.join(5)
        assert outcomes == [FixFault.GPSD_UNREACHABLE]


def test_a_closed_session_never_connects_again() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.05)
        session = GpsdSource(clock=ManualClock(), port=listener.getsockname()[1]).session()
        session.close()

        assert session.poll() is FixFault.GPSD_UNREACHABLE
        with pytest.raises(TimeoutError):
            listener.accept()


def test_two_sessions_in_one_process_do_not_mix() -> None:
    fixed = b'{"class":"POLL","active":1,"tpv":[],"sky":[]}\r\n'
    polls, switch_s = 200, sys.getswitchinterval()
    with served(say(WELCOME, b"", *[IDLE] * polls)) as idle, served(say(WELCOME, b"", *[fixed] * polls)) as active:
        outcomes: dict[int, set[object]] = {idle: set(), active: set()}

        def poll(port: int) -> None:
            session = GpsdSource(clock=ManualClock(), port=port).session()
            outcomes[port] = {session.poll() for _ in range(polls)}
            session.close()

        threads = [threading.Thread(target=poll, args=(port,)) for port in outcomes]
        # so often that two sessions would meet within the library if they could
        sys.setswitchinterval(1e-6)
        try:
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(20)
        finally:
            sys.setswitchinterval(switch_s)

    assert outcomes == {idle: {FixFault.NO_RECEIVER}, active: {FixFault.NO_FIX}}


@pytest.mark.parametrize("host", ["gpsd.example", "", "127.0.0.1:2947"])
def test_a_host_that_would_have_to_be_looked_up_is_refused(host: str) -> None:
    with pytest.raises(ValueError, match="IP address or localhost"):
        GpsdSource(clock=ManualClock(), host=host)


def test_localhost_is_this_machine() -> None:
    assert str(GpsdSource(clock=ManualClock(), host="localhost").address) == "127.0.0.1"
