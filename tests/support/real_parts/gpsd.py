"""A real gpsd on a free port of 127.0.0.1, fed with NMEA by a :class:`~real_parts.receiver.Receiver`."""

from __future__ import annotations

import json
import socket
import time
from typing import TYPE_CHECKING, Any, Protocol, Self

from real_parts.daemon import Daemon
from real_parts.ports import free_port
from real_parts.receiver import Receiver

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from pathlib import Path
    from types import TracebackType

    from real_parts.receiver import Sky


class Gpsd(Daemon):
    """``gpsd -N -n -S port udp://127.0.0.1:udp_port`` and its receiver (:attr:`receiver`).

    With ``device`` False gpsd starts with no device at all and the receiver's datagrams go nowhere. Started as root it changes
    to an unprivileged user by itself.
    """

    def __init__(
        self, executable: Path, directory: Path, *, sky: Sky | None = None, period_s: float = 0.2, device: bool = True
    ) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        udp_port, port = free_port(socket.SOCK_DGRAM), free_port()
        devices = [f"udp://127.0.0.1:{udp_port}"] if device else ["-F", str(directory / "gpsd.sock")]
        self.receiver = Receiver(udp_port, period_s=period_s, sky=sky)
        super().__init__(
            [str(executable), "-N", "-n", "-S", str(port), *devices], port=port, log_path=directory / "gpsd.log"
        )

    def reports(self, timeout: float = 10.0) -> Generator[dict[str, Any]]:
        """gpsd's own JSON reports, as a watching client gets them; TimeoutError after ``timeout`` seconds in all."""
        deadline = time.monotonic() + timeout
        with socket.create_connection((self.host, self.port), timeout=timeout) as line, line.makefile("rb") as incoming:
            line.sendall(b'?WATCH={"enable":true,"json":true};\n')
            while (left := deadline - time.monotonic()) > 0:
                line.settimeout(left)
                report = incoming.readline()
                if not report:
                    raise ConnectionError("gpsd closed the connection")
                yield json.loads(report)
        raise TimeoutError(f"gpsd sent nothing that was waited for in {timeout} s")

    def wait_for(self, wanted: Callable[[dict[str, Any]], bool], timeout: float = 10.0) -> dict[str, Any]:
        """Return the first report that is wanted; TimeoutError when none comes in time."""
        reports = self.reports(timeout)
        try:
            return next(report for report in reports if wanted(report))
        finally:
            reports.close()  # its connection, here and now

    def wait_for_fix(self, timeout: float = 10.0) -> dict[str, Any]:
        """Return the first TPV report with a position (mode 2 or 3)."""
        return self.wait_for(lambda report: report["class"] == "TPV" and report.get("mode", 0) >= 2, timeout)

    def __enter__(self) -> Self:
        super().__enter__()
        self.receiver.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.receiver.__exit__(kind, error, trace)
        super().__exit__(kind, error, trace)


class StartGpsd(Protocol):
    """What the fixture ``start_gpsd`` is: makes a :class:`Gpsd` that ends with the test."""

    def __call__(self, *, sky: Sky | None = None, period_s: float = 0.2, device: bool = True) -> Gpsd: ...
