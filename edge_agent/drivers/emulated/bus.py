"""An I2C bus without wires: emulated chips by address, and the faults that wires have."""

from __future__ import annotations

import errno
import os
import threading
from typing import TYPE_CHECKING, Protocol

from edge_agent.drivers.bus import failed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from edge_agent.clock import Clock
    from edge_agent.drivers.bus import BusError


class Chip(Protocol):
    """A chip on the bus, as its pins show it."""

    def read(self, register: int, length: int) -> bytes:
        """What one read of ``length`` bytes from ``register`` on answers."""
        ...

    def write(self, register: int, value: int) -> None:
        """One register written."""
        ...


class EmulatedBus:
    """A `Bus` with emulated chips, one an address.

    Args:
        clock: what injected latency waits on.
        chips: the chips by their 7-bit address; an address without one does not acknowledge.
        name: what errors call it.
    """

    def __init__(self, clock: Clock, chips: Mapping[int, Chip], *, name: str = "emulated bus") -> None:
        self._clock = clock
        self._chips = dict(chips)
        self._name = name
        self._lock = threading.Lock()
        self._never = threading.Event()
        self._nacks: dict[int, int | None] = {}
        self._hung = False
        self._latency_s = 0.0
        self._closed = False

    @property
    def name(self) -> str:
        """As given."""
        return self._name

    def attach(self, address: int, chip: Chip) -> None:
        """Solder a chip on, in place of what was there."""
        with self._lock:
            self._chips[address] = chip

    def detach(self, address: int) -> None:
        """Take the chip off: its address no longer acknowledges."""
        with self._lock:
            self._chips.pop(address, None)

    def nack(self, address: int, times: int | None = None) -> None:
        """Let the next ``times`` transactions with ``address`` go unacknowledged; all of them with None."""
        with self._lock:
            self._nacks[address] = times

    def hang(self) -> None:
        """Hold SDA low: every transaction times out, whatever its address."""
        with self._lock:
            self._hung = True

    def delay(self, latency_s: float) -> None:
        """Let every transaction take ``latency_s`` seconds of the clock."""
        with self._lock:
            self._latency_s = latency_s

    def heal(self) -> None:
        """End every injected fault."""
        with self._lock:
            self._nacks.clear()
            self._hung = False
            self._latency_s = 0.0

    def read_byte_data(self, address: int, register: int) -> int:
        """One register of the chip."""
        chip = self._addressed(address, register)
        with self._lock:
            return chip.read(register, 1)[0]

    def write_byte_data(self, address: int, register: int, value: int) -> None:
        """Write one register of the chip."""
        chip = self._addressed(address, register)
        with self._lock:
            chip.write(register, value & 0xFF)

    def read_repeated(self, address: int, register: int, length: int, count: int) -> bytes:
        """``count`` reads, each from ``register`` on."""
        if count == 0:
            return b""
        chip = self._addressed(address, register)
        with self._lock:
            return b"".join(chip.read(register, length) for _ in range(count))

    def close(self) -> None:
        """Nothing answers any more, until `reopen`."""
        self._closed = True

    def reopen(self) -> EmulatedBus:
        """Open the bus again, as a process does that opens its device node a second time."""
        self._closed = False
        return self

    def _addressed(self, address: int, register: int) -> Chip:
        with self._lock:
            latency_s = self._latency_s
        if latency_s > 0:
            self._clock.wait(self._never, latency_s)
        with self._lock:
            if self._closed:
                raise self._failed(address, register, errno.EBADF)
            if self._hung:
                raise self._failed(address, register, errno.ETIMEDOUT)
            chip = self._chips.get(address)
            if chip is None or self._unacknowledged(address):
                raise self._failed(address, register, errno.EREMOTEIO)
            return chip

    def _unacknowledged(self, address: int) -> bool:
        if address not in self._nacks:
            return False
        times = self._nacks[address]
        if times is None:
            return True
        if times <= 0:
            del self._nacks[address]
            return False
        self._nacks[address] = times - 1
        return True

    def _failed(self, address: int, register: int, code: int) -> BusError:
        return failed(self._name, address, register, OSError(code, os.strerror(code)))
