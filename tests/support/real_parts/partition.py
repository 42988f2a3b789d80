"""A network that can be cut for real: a broker in a network namespace of its own, behind a pair of virtual cables and a packet filter.

Needs root, iproute2 and iptables.
"""

from __future__ import annotations

import itertools
import os
import shutil
import socket
import subprocess
import time
from typing import TYPE_CHECKING, Self

from real_parts.mosquitto import Broker

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

_numbers = itertools.count(1)
_START_S = 15.0
_PATH = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/sbin"])


def what_is_missing() -> str | None:
    """What this machine lacks to cut a network; None when nothing."""
    if os.geteuid() != 0:
        return "root, to make network namespaces"
    for program, package in (("ip", "iproute2"), ("iptables", "iptables")):
        if shutil.which(program, path=_PATH) is None:
            return f"{program} (Debian package {package})"
    name = f"sekur-probe-{os.getpid()}"
    if _run("ip", "netns", "add", name, check=False) != 0:
        return "the right to make network namespaces (CAP_SYS_ADMIN)"
    _run("ip", "netns", "del", name)
    return None


class PartitionedBroker(Broker):
    """A mosquitto on ``host:port`` that is reached by one cable: ``cut`` drops every packet silently, ``heal`` lets them through.

    Connections stay open on both sides of a cut, as when a modem loses its network.
    """

    def __init__(self, executable: Path, directory: Path) -> None:
        number = next(_numbers)
        block = os.getpid() % 200
        self.namespace = f"sekur-{os.getpid()}-{number}"
        self.host = f"10.{block}.{number}.2"
        self._near = f"10.{block}.{number}.1"
        self._cable = f"sk{os.getpid() % 100000}n{number}"
        super().__init__(executable, directory, ["listener {port} 0.0.0.0"])
        self._command = ["ip", "netns", "exec", self.namespace, *self._command]

    def start(self) -> None:
        """Lay the cable, then start mosquitto at its far end."""
        if not self._namespace_is_there():
            self._lay_cable()
        with self.log_path.open("ab") as output:
            self._process = subprocess.Popen(
                self._command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, env={"PATH": _PATH}
            )
        deadline = time.monotonic() + _START_S
        while True:
            try:
                with socket.create_connection((self.host, self.port), timeout=1.0):
                    return
            except OSError:
                if time.monotonic() > deadline or self._process.poll() is not None:
                    raise RuntimeError(f"no mosquitto on {self.host}:{self.port}:\n{self.log}") from None
                time.sleep(0.02)

    def cut(self) -> None:
        """Drop everything, both ways, without a word to anybody."""
        self._inside("iptables", "-I", "INPUT", "-i", "eth0", "-j", "DROP")
        self._inside("iptables", "-I", "OUTPUT", "-o", "eth0", "-j", "DROP")

    def heal(self) -> None:
        """Let everything through again."""
        self._inside("iptables", "-F")

    def close(self) -> None:
        """End mosquitto and take everything away."""
        self.stop()
        _run("ip", "link", "del", self._cable, check=False)
        _run("ip", "netns", "del", self.namespace, check=False)

    def __enter__(self) -> Self:
        if not self.running:
            self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _namespace_is_there(self) -> bool:
        done = subprocess.run(["ip", "netns", "list"], capture_output=True, text=True, check=False, env={"PATH": _PATH})
        return self.namespace in done.stdout.split()

    def _lay_cable(self) -> None:
        far = f"{self._cable}f"
        _run("ip", "netns", "add", self.namespace)
        _run("ip", "link", "add", self._cable, "type", "veth", "peer", "name", far)
        _run("ip", "link", "set", far, "netns", self.namespace, "name", "eth0")
        _run("ip", "addr", "add", f"{self._near}/24", "dev", self._cable)
        _run("ip", "link", "set", self._cable, "up")
        self._inside("ip", "link", "set", "lo", "up")
        self._inside("ip", "addr", "add", f"{self.host}/24", "dev", "eth0")
        self._inside("ip", "link", "set", "eth0", "up")

    def _inside(self, *command: str) -> None:
        _run("ip", "netns", "exec", self.namespace, *command)


def _run(*command: str, check: bool = True) -> int:
    done = subprocess.run(command, capture_output=True, text=True, check=False, env={"PATH": _PATH})
    if check and done.returncode:
        raise RuntimeError(f"{' '.join(command)}: {done.stderr.strip()}")
    return done.returncode
