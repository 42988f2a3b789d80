"""Free ports of the loopback interface, for daemons that must be told theirs."""

from __future__ import annotations

import random
import socket

_FIRST, _LAST = 20_000, 32_000
"""Below the kernel's range for outgoing connections (32768 and up on Linux): a client that keeps trying a port whose daemon is
down can otherwise be given that very port and connect to itself."""


def free_port(kind: socket.SocketKind = socket.SOCK_STREAM) -> int:
    """Return a port of 127.0.0.1 that nobody listens on at this moment."""
    for port in random.sample(range(_FIRST, _LAST), 200):
        with socket.socket(socket.AF_INET, kind) as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise RuntimeError(f"no free port on 127.0.0.1 between {_FIRST} and {_LAST}: end some daemons and try again")


def accepts_connections(port: int, timeout: float = 0.5) -> bool:
    """Tell whether something listens on the TCP port of 127.0.0.1."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=timeout):
            return True
    except OSError:
        return False
