"""A GNSS receiver that speaks NMEA 0183 over UDP, as gpsd's ``udp://`` devices do."""

from __future__ import annotations

import socket
import threading
from datetime import UTC, datetime, timedelta
from functools import reduce
from typing import TYPE_CHECKING, Self

import attrs

if TYPE_CHECKING:
    from types import TracebackType

_KNOT_M_S = 0.514444


@attrs.frozen
class Sky:
    """What the receiver sees: latitude and longitude in degrees (WGS 84), altitude in metres, speed in m/s, course in degrees.

    ``fix`` False is a receiver without enough satellites: it goes on talking, with empty positions.
    """

    latitude: float = 48.8566
    longitude: float = 2.3522
    altitude_m: float = 35.0
    speed_m_s: float = 0.0
    course_deg: float = 0.0
    fix: bool = True
    satellites: int = 9
    hdop: float = 0.9


def sentence(body: str) -> bytes:
    """Frame one NMEA body (without ``$``) with its checksum: the exclusive or of its characters, in hexadecimal."""
    return f"${body}*{reduce(lambda total, char: total ^ ord(char), body, 0):02X}\r\n".encode("ascii")


def burst(sky: Sky, at: datetime) -> bytes:
    """The RMC, GGA and GSA sentences of one epoch."""
    clock, date = at.strftime("%H%M%S.") + f"{at.microsecond // 10_000:02d}", at.strftime("%d%m%y")
    if sky.fix:
        place = f"{_angle(sky.latitude, 2, 'NS')},{_angle(sky.longitude, 3, 'EW')}"
        speed, course = f"{sky.speed_m_s / _KNOT_M_S:.2f}", f"{sky.course_deg:.1f}"
        rmc = f"GPRMC,{clock},A,{place},{speed},{course},{date},,,A"
        gga = f"GPGGA,{clock},{place},1,{sky.satellites:02d},{sky.hdop:.1f},{sky.altitude_m:.1f},M,47.0,M,,"
        used = ",".join(f"{number:02d}" if number <= sky.satellites else "" for number in range(1, 13))
        gsa = f"GPGSA,A,3,{used},{sky.hdop * 1.8:.1f},{sky.hdop:.1f},{sky.hdop * 1.5:.1f}"
    else:
        rmc = f"GPRMC,{clock},V,,,,,,,{date},,,N"
        gga = f"GPGGA,{clock},,,,,0,00,99.9,,M,,M,,"
        gsa = "GPGSA,A,1,,,,,,,,,,,,,99.9,99.9,99.9"
    return b"".join(map(sentence, (rmc, gga, gsa)))


def _angle(degrees: float, width: int, signs: str) -> str:
    minutes_in_all = round(abs(degrees) * 60, 5)
    whole, minutes = divmod(minutes_in_all, 60)
    return f"{int(whole):0{width}d}{minutes:08.5f},{signs[degrees < 0]}"


class Receiver:
    """Sends one burst each ``period_s`` to ``127.0.0.1:port`` from a thread of its own, with the current date.

    :attr:`sky` may be replaced at any time (``receiver.sky = attrs.evolve(receiver.sky, fix=False)``, or :meth:`lose_fix`,
    :meth:`place`); ``clock_offset`` shifts the time it tells. :meth:`pause` is a receiver that died, :meth:`resume` its return.
    """

    def __init__(self, port: int, *, period_s: float = 0.2, sky: Sky | None = None) -> None:
        self.port = port
        self.period_s = period_s
        self.sky = Sky() if sky is None else sky
        self.clock_offset = timedelta(0)
        self._ended = threading.Event()
        self._speaking = threading.Event()
        self._speaking.set()
        self._thread: threading.Thread | None = None

    def place(self, latitude: float, longitude: float, *, speed_m_s: float = 0.0) -> None:
        """Give it a fix at this place, in degrees."""
        self.sky = attrs.evolve(self.sky, latitude=latitude, longitude=longitude, speed_m_s=speed_m_s, fix=True)

    def lose_fix(self) -> None:
        """It goes on talking, without a position."""
        self.sky = attrs.evolve(self.sky, fix=False)

    def find_fix(self) -> None:
        """It has its last position again."""
        self.sky = attrs.evolve(self.sky, fix=True)

    def pause(self) -> None:
        """Silence, as of a receiver that lost its power."""
        self._speaking.clear()

    def resume(self) -> None:
        """It talks again."""
        self._speaking.set()

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._speak, name="nmea-receiver", daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        self._speaking.set()
        if self._thread is not None:
            self._thread.join(timeout=5)

    def _speak(self) -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
            while not self._ended.wait(self.period_s):
                self._speaking.wait()
                # to an address, not a connected socket: a gpsd that is down must not raise here
                line.sendto(burst(self.sky, datetime.now(UTC) + self.clock_offset), ("127.0.0.1", self.port))
