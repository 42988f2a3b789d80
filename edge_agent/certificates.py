"""The files of the encryption, which are renewed while the program runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from edge_agent.mqtt_link import tls_context

if TYPE_CHECKING:
    from edge_agent.config import BrokerSection

LOOK_EVERY_S: Final = 5.0


class CertificateFiles:
    """Tells when certificates, key or authorities were replaced by others that can be used.

    Half of a renewal (a new certificate with the old key) is none: the connection that there is goes on until both fit.
    """

    def __init__(self, broker: BrokerSection) -> None:
        self._broker = broker
        self._in_use = self._state()

    def used(self) -> None:
        """A connection is made with them as they are now."""
        self._in_use = self._state()

    def renewed(self) -> bool:
        """Whether a new connection would use others than those in use, and could."""
        state = self._state()
        if state is None or state == self._in_use:
            return False
        try:
            tls_context(self._broker)
        except OSError:
            return False
        return True

    def _state(self) -> tuple[tuple[int, int, int], ...] | None:
        try:
            found = [file.stat() for file in self._broker.tls_files]
        except OSError:
            return None
        return tuple((each.st_mtime_ns, each.st_ino, each.st_size) for each in found)
