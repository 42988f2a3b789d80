"""The I2C bus as an accelerometer driver needs it, and the real one through smbus2."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, Self

if TYPE_CHECKING:
    from types import TracebackType

    from smbus2 import SMBus

# The kernel refuses more messages than this in one I2C_RDWR call (I2C_RDWR_IOCTL_MAX_MSGS, linux/i2c-dev.h); one
# repeated read takes two, the register's address and the data.
_MESSAGES_PER_CALL = 42


class BusError(Exception):
    """The bus or a chip on it did not do what was asked; says which bus, address and register."""


class Bus(Protocol):
    """An I2C bus. Each call raises `BusError` when a chip does not acknowledge or the bus fails."""

    @property
    def name(self) -> str:
        """What people call it, like ``/dev/i2c-1``."""
        ...

    def read_byte_data(self, address: int, register: int) -> int:
        """One register of the chip at ``address``, 0 to 255."""
        ...

    def write_byte_data(self, address: int, register: int, value: int) -> None:
        """Write one register of the chip at ``address``."""
        ...

    def read_repeated(self, address: int, register: int, length: int, count: int) -> bytes:
        """Read ``length`` bytes from ``register`` on, ``count`` times: ``length * count`` bytes, oldest first.

        Each read addresses the register anew, which is how a FIFO behind data registers is emptied; the bus takes as
        few transactions as it can.
        """
        ...

    def close(self) -> None:
        """Give the bus back; safe to call twice."""
        ...


class SMBus2Bus:
    """A bus of the Linux kernel through smbus2.

    Args:
        smbus: an open ``smbus2.SMBus``, owned from now on.
        name: what errors call it.
    """

    def __init__(self, smbus: SMBus, name: str) -> None:
        self._smbus = smbus
        self._name = name

    @classmethod
    def open(cls, number: int) -> Self:
        """Open ``/dev/i2c-{number}``.

        Raises:
            BusError: smbus2 is not installed, the device node is missing, or this user may not open it.
        """
        name = f"/dev/i2c-{number}"
        try:
            from smbus2 import SMBus  # noqa: PLC0415  # an emulated bus needs no smbus2, and not every machine has it
        except ImportError as error:
            raise BusError(f"{name}: smbus2 is not installed; install sekur-sdk[edge]") from error
        try:
            return cls(SMBus(number), name)
        except FileNotFoundError as error:
            raise BusError(
                f"{name} does not exist: enable I2C (raspi-config, or dtparam=i2c_arm=on) or set another bus number"
            ) from error
        except PermissionError as error:
            raise BusError(f"{name}: permission denied; add this user to the group i2c") from error
        except OSError as error:
            raise BusError(f"{name} can't be opened: {error.strerror or error}") from error

    @property
    def name(self) -> str:
        """The device node."""
        return self._name

    def read_byte_data(self, address: int, register: int) -> int:
        """One register, 0 to 255."""
        try:
            return int(self._smbus.read_byte_data(address, register))
        except OSError as error:
            raise failed(self._name, address, register, error) from error

    def write_byte_data(self, address: int, register: int, value: int) -> None:
        """Write one register."""
        try:
            self._smbus.write_byte_data(address, register, value)
        except OSError as error:
            raise failed(self._name, address, register, error) from error

    def read_repeated(self, address: int, register: int, length: int, count: int) -> bytes:
        """Repeated reads as combined transactions of up to 21 reads, past SMBus's limit of 32 bytes."""
        from smbus2 import i2c_msg  # noqa: PLC0415  # see open

        data = bytearray()
        while count > 0:
            reads = [i2c_msg.read(address, length) for _ in range(min(count, _MESSAGES_PER_CALL // 2))]
            messages = [message for read in reads for message in (i2c_msg.write(address, [register]), read)]
            try:
                self._smbus.i2c_rdwr(*messages)
            except OSError as error:
                raise failed(self._name, address, register, error) from error
            for read in reads:
                data += bytes(read)
            count -= len(reads)
        return bytes(data)

    def close(self) -> None:
        """Close the device node."""
        self._smbus.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def failed(bus: str, address: int, register: int, cause: OSError) -> BusError:
    """The error of a call that the kernel, or an emulation of it, refused with ``cause``."""
    return BusError(f"{bus}, address 0x{address:02X}, register 0x{register:02X}: {cause.strerror or cause}")
