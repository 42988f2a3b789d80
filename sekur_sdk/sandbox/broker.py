"""A small MQTT broker for demonstrations: iotcore in a child process, bound to the loopback interface.

It keeps nothing over a restart: sessions and retained messages are gone, and everything rests on receipts.
"""

from __future__ import annotations

import random
import signal
import socket
import subprocess
import sys
import threading
from typing import TYPE_CHECKING, Self

from sekur_sdk.sandbox.errors import SandboxError

if TYPE_CHECKING:
    from types import TracebackType

HOST = "127.0.0.1"
_START_S = 10.0
_END_S = 5.0
_LOOK_S = 0.02

# below the kernel's range for outgoing connections (32768 and up on Linux): a client that keeps trying while the broker is
# down could be given the broker's own port as its source, and connect to itself
_OWN_PORTS = range(20_000, 32_000)
_TRIES = 200

# our own child rather than iotcore.Broker: that one can't be killed, and shares its standard streams with us
_CHILD = """
import sys, threading, os
def end_with_parent():
    sys.stdin.buffer.read()
    os._exit(0)
threading.Thread(target=end_with_parent, daemon=True).start()
from iotcore.iotcore import IotCoreBroker
IotCoreBroker(listen=sys.argv[1], port=int(sys.argv[2])).run_forever()
"""


class EmbeddedBroker:
    """A broker on `127.0.0.1:port`; `port` 0 takes a free one, kept over stops and starts.

    Its process ends with ours, whatever ends ours.
    """

    def __init__(self, port: int = 0) -> None:
        self._port = port
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def host(self) -> str:
        """The loopback address."""
        return HOST

    @property
    def port(self) -> int:
        """The port, once started."""
        return self._port

    @property
    def running(self) -> bool:
        """Whether its process is there."""
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Start it and return once it accepts connections.

        Raises:
            SandboxError: the port is taken, or it does not start.
        """
        if self.running:
            return
        self._port = _free_port(self._port)
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-c", _CHILD, HOST, str(self._port)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            # a Ctrl+C at the terminal is for us to handle, in our order
            start_new_session=True,
        )
        self._wait_until_listening(self._process)

    def stop(self) -> None:
        """End it; nothing happens when it is not running."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """End it as a power cut does."""
        self._end(signal.SIGKILL)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _end(self, how: signal.Signals) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.send_signal(how)
        try:
            process.wait(_END_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(_END_S)
        if process.stdin is not None:
            process.stdin.close()

    def _wait_until_listening(self, process: subprocess.Popen[bytes]) -> None:
        pause = threading.Event()
        for _ in range(int(_START_S / _LOOK_S)):
            if process.poll() is not None:
                break
            try:
                with socket.create_connection((HOST, self._port), timeout=1.0):
                    return
            except OSError:
                pause.wait(_LOOK_S)
        self.kill()
        raise SandboxError(
            f"the embedded broker did not start on {HOST}:{self._port};"
            " is the extra installed (pip install 'sekur-sdk[sandbox]')?"
        )


def _free_port(port: int) -> int:
    """`port` if it is free, or any free one for 0."""
    candidates = [port] if port else random.sample(_OWN_PORTS, _TRIES)
    for candidate in candidates:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, candidate))
            except (OSError, OverflowError):
                continue
            return candidate
    raise SandboxError(
        f"can't start a broker on {HOST}:{port}: the port is taken or not allowed; name another, or 0 for a free one"
    )
