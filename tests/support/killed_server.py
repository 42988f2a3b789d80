"""A sandbox in a process of its own, to be killed with SIGKILL."""

from __future__ import annotations

import signal
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import httpx

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SERVER = """
import sys, threading
from pathlib import Path
from sekur_sdk.sandbox.server import SandboxServer
from sekur_sdk.sandbox.settings import Settings
with SandboxServer(Settings(database=Path(sys.argv[1]), token="kill-test-token")) as server:
    print(server.url, flush=True)
    threading.Event().wait()
"""


@contextmanager
def served_until_killed(database: Path) -> Iterator[httpx.Client]:
    """A client of a sandbox over `database`; it is killed at the block's end."""
    with subprocess.Popen([sys.executable, "-c", SERVER, str(database)], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        headers = {"Authorization": "Bearer kill-test-token"}
        try:
            with httpx.Client(base_url=f"{url}/api/v1", headers=headers, timeout=30) as client:
                yield client
        finally:
            process.send_signal(signal.SIGKILL)
