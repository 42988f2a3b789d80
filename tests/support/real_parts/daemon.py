"""One child process that serves a port: started, ended, killed, frozen, restarted."""

from __future__ import annotations

import signal
import subprocess
import time
from typing import TYPE_CHECKING, Self

from real_parts.ports import accepts_connections

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from types import TracebackType

_START_S = 15.0
_END_S = 10.0


class Daemon:
    """A real daemon in the foreground of a child process, listening on ``127.0.0.1:port``.

    It is a context manager: leaving it ends the process in whatever state it is, frozen included. Its output goes to ``log_path``.
    """

    host = "127.0.0.1"

    def __init__(self, command: Sequence[str], *, port: int, log_path: Path) -> None:
        self.port = port
        self.log_path = log_path
        self._command = [str(part) for part in command]
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def running(self) -> bool:
        """Whether the process is there (a frozen one is)."""
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int:
        """Process id of the running daemon."""
        return self._alive().pid

    @property
    def log(self) -> str:
        """What it has printed so far, over all its starts."""
        return self.log_path.read_text(errors="replace") if self.log_path.exists() else ""

    def start(self) -> None:
        """Start it and return once it accepts connections; on the same port each time."""
        if self.running:
            raise RuntimeError(f"{self._command[0]} is already running on port {self.port}")
        with self.log_path.open("ab") as output:
            self._process = subprocess.Popen(
                self._command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT
            )
        deadline = time.monotonic() + _START_S
        while not accepts_connections(self.port):
            # waiting for the exit is how we wait between two tries: a daemon that dies is noticed at once
            try:
                code = self._process.wait(timeout=0.02)
            except subprocess.TimeoutExpired:
                code = None
            if code is not None:
                raise RuntimeError(f"{' '.join(self._command)} ended with {code}:\n{self.log}")
            if time.monotonic() > deadline:
                self.kill()
                raise RuntimeError(
                    f"{' '.join(self._command)} did not listen on {self.port} in {_START_S} s:\n{self.log}"
                )

    def stop(self) -> None:
        """End it in order (SIGTERM), thawing it first; does nothing when it is not running."""
        if not self.running:
            return
        process = self._alive()
        process.send_signal(signal.SIGTERM)
        process.send_signal(signal.SIGCONT)
        try:
            process.wait(timeout=_END_S)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        """End it as a power cut does (SIGKILL); does nothing when it is not running."""
        if self.running:
            process = self._alive()
            process.kill()
            process.wait(timeout=_END_S)

    def freeze(self) -> None:
        """SIGSTOP: connections stay open, nothing is answered."""
        self._alive().send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """SIGCONT: it goes on where it was frozen."""
        self._alive().send_signal(signal.SIGCONT)

    def restart(self) -> None:
        """Stop it in order and start it on the same port."""
        self.stop()
        self.start()

    def _alive(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            raise RuntimeError(f"{self._command[0]} is not running on port {self.port}")
        return self._process

    def __enter__(self) -> Self:
        if not self.running:
            self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
