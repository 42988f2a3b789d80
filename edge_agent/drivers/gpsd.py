"""Fixes from gpsd, through gpsd-py3, with every call bounded and every age our own.

gpsd goes on reporting the last fix of a receiver that died, `mode` 3 included: only a `time` that changes proves that a fix arrived.
gpsd-py3 polls and parses; what it can't do is done here: its one global socket has no timeout and never reconnects, and it spells
an absent field 0, which is a place in the Gulf of Guinea for a latitude and perfection for an error.
"""

from __future__ import annotations

import contextlib
import errno
import json
import math
import os
import select
import socket
import threading
from datetime import UTC, datetime
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import TYPE_CHECKING

import attrs
import gpsd

from edge_agent.clock import Clock, SystemClock
from edge_agent.drivers.gnss import FixFault, FixReading

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

DEFAULT_PORT = 2947
DEFAULT_STALE_AFTER_S = 10.0
"""A guard walks about 15 m in this time; a receiver reports every second."""

_CALL_S = 2.0
_RETRY_S = (0.5, 1.0, 2.0, 5.0, 10.0)
_MAX_REPORT_BYTES = 256 * 1024
_MODE_2D = 2


@attrs.frozen(kw_only=True)
class GpsdSource:
    """The gpsd at `host`:`port`. A fix older than `stale_after_s` is a fault; `call_timeout_s` bounds each exchange, in real time.

    Raises:
        ValueError: the host is neither an IP address nor `localhost`: looking a name up can take for ever.
    """

    clock: Clock
    host: str = "127.0.0.1"
    port: int = DEFAULT_PORT
    stale_after_s: float = DEFAULT_STALE_AFTER_S
    call_timeout_s: float = _CALL_S

    def __attrs_post_init__(self) -> None:
        try:
            self.address  # noqa: B018  # evaluated for its error
        except ValueError:
            raise ValueError(f"gpsd's host is an IP address or localhost, not {self.host!r}") from None

    @property
    def address(self) -> IPv4Address | IPv6Address:
        """The host as an address."""
        return ip_address("127.0.0.1" if self.host == "localhost" else self.host)

    def session(self) -> GpsdSession:
        """A new session; opens nothing yet."""
        return GpsdSession(self)


class GpsdSession:
    """Polls one gpsd, reconnecting with a growing pause, until it is closed. `poll` belongs to one thread, `close` to any."""

    def __init__(self, source: GpsdSource) -> None:
        self._source = source
        self._fixes = FixTracker(stale_after_s=source.stale_after_s)
        self._lock = threading.Lock()
        self._closed = False
        self._polling = False
        self._line: _Line | None = None
        self._failures = 0
        self._retry_at = -math.inf
        self._failure = FixFault.GPSD_UNREACHABLE

    def poll(self) -> FixReading | FixFault | None:
        """The newest fix, what is wrong, or None while no fix can be told fresh from old (about one period of the receiver)."""
        asked_at = self._source.clock.monotonic()
        if self._line is None and asked_at < self._retry_at:
            return self._failure
        with self._lock:
            self._polling = True
        try:
            report = self._exchange()
        except TimeoutError:
            return self._failed(FixFault.GPSD_SILENT)
        except (OSError, ValueError):
            return self._failed(FixFault.GPSD_UNREACHABLE)
        finally:
            with self._lock:
                self._polling = False
                if self._closed:
                    self._release()
        self._failures = 0
        return self._fixes.take(report, asked_at=asked_at, now=self._source.clock.monotonic())

    def close(self) -> None:
        """Drop the connection at once and for good."""
        with self._lock:
            self._closed = True
            if self._line is not None:
                self._line.hang_up()
            # a descriptor closed under a thread that reads from it may be another connection's by then
            if not self._polling:
                self._release()

    def _exchange(self) -> Mapping[str, object]:
        if self._line is None:
            with self._lock:
                if self._closed:
                    raise ConnectionAbortedError("the session is closed")
                # started under the lock: `close` either comes first or has a connection to drop
                self._line = _Line(self._source.address, self._source.port, timeout_s=self._source.call_timeout_s)
            self._line.greet()
        return self._line.poll()

    def _failed(self, fault: FixFault) -> FixFault:
        with self._lock:
            self._release()
        pause = _RETRY_S[min(self._failures, len(_RETRY_S) - 1)]
        self._failures += 1
        self._failure = fault
        self._retry_at = self._source.clock.monotonic() + pause
        return fault

    def _release(self) -> None:
        if self._line is not None:
            self._line.close()
            self._line = None


class FixTracker:
    """Tells arrived fixes from repeated ones, over the receivers of one gpsd: pure, it is given reports and times.

    The first report of a session proves nothing: its fix may have been there for hours. From the second on, a `time` that changed
    arrived after the report before it was asked for.
    """

    def __init__(self, *, stale_after_s: float) -> None:
        self._stale_after_s = stale_after_s
        self._asked_at: float | None = None
        self._arrivals: dict[str, _Arrival] = {}
        self._unproven_since: float | None = None

    def take(self, report: Mapping[str, object], *, asked_at: float, now: float) -> FixReading | FixFault | None:
        """What gpsd's POLL report tells, asked for at `asked_at` and received at `now` of the monotonic clock."""
        not_before, self._asked_at = self._asked_at, asked_at
        if not report.get("active"):
            return FixFault.NO_RECEIVER
        skies = {str(sky.get("device")): sky for sky in _objects(report.get("sky"))}
        frames = {str(frame.get("device")): frame for frame in _objects(report.get("tpv"))}
        readings, unproven = [], False
        for device, frame in frames.items():
            arrival = self._arrival(device, str(frame.get("time")), not_before)
            reading = _reading(frame, skies.get(device, {}), taken_at=arrival.not_before or 0.0)
            if reading is not None and arrival.not_before is not None:
                readings.append(reading)
            unproven |= reading is not None and arrival.not_before is None
        return self._verdict(readings, unproven=unproven, now=now)

    def _arrival(self, device: str, time: str, not_before: float | None) -> _Arrival:
        known = self._arrivals.get(device)
        if known is None or known.time != time:
            known = self._arrivals[device] = _Arrival(time, not_before)
        return known

    def _verdict(self, readings: Sequence[FixReading], *, unproven: bool, now: float) -> FixReading | FixFault | None:
        if unproven and not readings:
            if self._unproven_since is None:
                self._unproven_since = now
            return FixFault.STALE_FIX if now - self._unproven_since > self._stale_after_s else None
        self._unproven_since = None
        if not readings:
            return FixFault.NO_FIX
        newest = max(readings, key=lambda reading: reading.taken_at)
        return FixFault.STALE_FIX if newest.age_s(now) > self._stale_after_s else newest


@attrs.frozen
class _Arrival:
    """A receiver's last `time`, and the moment at which it had not arrived yet; None when it may have been there for ever."""

    time: str
    not_before: float | None


def _objects(value: object) -> Sequence[Mapping[str, object]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _reading(frame: Mapping[str, object], sky: Mapping[str, object], *, taken_at: float) -> FixReading | None:
    """The fix in one TPV report, or None when it has no position, or none that can be dated."""
    satellites = [one for one in _objects(sky.get("satellites")) if isinstance(one.get("used"), bool)]
    try:
        parsed = gpsd.GpsResponse.from_json({"active": 1, "tpv": [frame], "sky": [{"satellites": satellites}]})
        if parsed.mode < _MODE_2D:
            return None
        fix_at = datetime.fromisoformat(parsed.time)
        if fix_at.tzinfo is None:
            return None
        fix_at = fix_at.astimezone(UTC)
    except (KeyError, TypeError, ValueError, OverflowError):
        return None
    # from the report itself: the library's 0.0 may be an absent field
    lat, lon = _number(frame, "lat"), _number(frame, "lon")
    if lat is None or lon is None or not (abs(lat) <= 90 and abs(lon) <= 180):  # noqa: PLR2004  # degrees of the globe
        return None
    if lat == 0 and lon == 0:
        return None
    used = _number(sky, "uSat") or parsed.sats_valid
    return FixReading(
        lat=lat,
        lon=lon,
        accuracy_m=_accuracy_m(frame),
        fix_at=fix_at,
        taken_at=taken_at,
        mode=parsed.mode,
        satellites=int(used) if used > 0 else None,
    )


def _accuracy_m(frame: Mapping[str, object]) -> float | None:
    """The horizontal error, 95 %: `eph`, or that of both axes together. An error of 0 is one that gpsd did not compute."""
    horizontal = _number(frame, "eph")
    if horizontal is not None and horizontal > 0:
        return horizontal
    east, north = _number(frame, "epx"), _number(frame, "epy")
    if east is None or north is None or east <= 0 or north <= 0:
        return None
    return round(math.hypot(east, north), 3)


def _number(fields: Mapping[str, object], key: str) -> float | None:
    value = fields.get(key)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None


_library = threading.Lock()
"""gpsd-py3 keeps one stream for the whole process; two sessions in one process take turns."""

_machine = SystemClock()
"""The kernel's timeouts run in the machine's time, whatever clock the agent lives by."""


class _Line:
    """A connection to gpsd that stands where gpsd-py3 has its stream: same three methods, each exchange with a deadline.

    Making one starts to connect and does not wait for it. All methods but `hang_up` belong to one thread.
    """

    def __init__(self, address: IPv4Address | IPv6Address, port: int, *, timeout_s: float) -> None:
        self._timeout_s = timeout_s
        self._received = b""
        self._last = ""
        self._deadline = _machine.monotonic() + timeout_s
        family = socket.AF_INET if address.version == 4 else socket.AF_INET6  # noqa: PLR2004  # of the Internet Protocol
        self._socket = socket.socket(family, socket.SOCK_STREAM)
        self._socket.setblocking(False)
        self._refused = self._socket.connect_ex((str(address), port))

    def greet(self) -> None:
        """What `gpsd.connect` does, which makes its own socket without a timeout and waits on it.

        Raises:
            OSError: not connected, or not in time (TimeoutError).
            ValueError: something else than gpsd answered.
        """
        if self._refused == errno.EINPROGRESS:
            select.select([], [self._socket], [], self._left())
            self._refused = self._socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if self._refused:
            raise OSError(self._refused, os.strerror(self._refused))
        if _report(self.readline()).get("class") != "VERSION":
            raise ValueError("something else than gpsd answered")
        self.write('?WATCH={"enable":true};\n')
        while _report(self.readline()).get("class") != "WATCH":
            pass

    def poll(self) -> Mapping[str, object]:
        """The POLL report that gpsd answers, by `gpsd.get_current`.

        Raises:
            OSError: not in time (TimeoutError), or the connection is lost.
            ValueError: something else than a POLL report came.
        """
        with _library:
            self._deadline = _machine.monotonic() + self._timeout_s
            self._last = ""
            gpsd.gpsd_stream = self
            try:
                gpsd.get_current()
            except OSError:
                raise
            except Exception:  # noqa: BLE001, S110  # the library raises bare Exception, UserWarning, IndexError, KeyError; the report judges
                pass
            finally:
                gpsd.gpsd_stream = None
        report = _report(self._last)
        if report.get("class") != "POLL":
            raise ValueError("gpsd answered something else than was asked")
        return report

    def hang_up(self) -> None:
        """End the connection, from any thread; a read or a connect in progress returns."""
        with contextlib.suppress(OSError):  # it may have ended by itself
            self._socket.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """End the connection and give its descriptor back."""
        self.hang_up()
        self._socket.close()

    def write(self, text: str) -> None:
        """Send `text` before the deadline."""
        self._socket.settimeout(self._left())
        self._socket.sendall(text.encode())

    def flush(self) -> None:
        """Nothing: everything was sent at once."""

    def readline(self) -> str:
        """One line, before the deadline."""
        while (end := self._received.find(b"\n")) < 0:
            if len(self._received) > _MAX_REPORT_BYTES:
                raise ValueError(f"a report of gpsd above {_MAX_REPORT_BYTES} bytes")
            self._socket.settimeout(self._left())
            more = self._socket.recv(65536)
            if not more:
                raise ConnectionResetError("gpsd hung up")
            self._received += more
        line, self._received = self._received[: end + 1], self._received[end + 1 :]
        self._last = line.decode(errors="replace")
        return self._last

    def _left(self) -> float:
        left = self._deadline - _machine.monotonic()
        if left <= 0:
            raise TimeoutError("gpsd took too long")
        return left


def _report(line: str) -> Mapping[str, object]:
    try:
        report = json.loads(line)
    except RecursionError as error:
        raise ValueError("a report nested too deep") from error
    if not isinstance(report, dict):
        raise ValueError("a report of gpsd is an object")  # noqa: TRY004  # one error type for what is no report
    return report
