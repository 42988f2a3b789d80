"""Disk space that is kept for alarms: a file that is given up when the disk is full."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

RESERVE_BYTES: Final = 4 * 1024 * 1024
"""SQLite's log grows to this before it is taken into the file; it holds hundreds of alarms."""

_FULL_BYTES: Final = 256 * 1024


class Reserve:
    """A file of `size` bytes at `path` that is really allocated; where there is no room for it, there is none."""

    def __init__(self, path: Path, size: int) -> None:
        self._path = path
        self._size = size
        self.held = False

    def hold(self) -> bool:
        """Take the space, if the disk has it twice over; whether it is held."""
        if self.held or not self._size:
            return self.held
        try:
            disk = os.statvfs(self._path.parent)
            # with room for others beside it: else it would be taken and given up by turns
            if not self._path.exists() and disk.f_bavail * disk.f_frsize < 2 * self._size:
                return False
            descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            try:
                os.posix_fallocate(descriptor, 0, self._size)
            finally:
                os.close(descriptor)
        except OSError:
            # what was allocated of it would only make the disk fuller
            self._remove()
            return False
        self.held = True
        return True

    def take_back(self) -> bool:
        """Give up what an earlier run had taken; whether there was any."""
        was_there = self._path.exists()
        self._remove()
        return was_there

    def release(self) -> bool:
        """Give the space up; whether there was any."""
        was_held, self.held = self.held, False
        if was_held:
            self._remove()
        return was_held

    def may_help(self, error: Exception) -> bool:
        """Whether an error may come from the want of space: SQLite has several names for it."""
        if isinstance(error, sqlite3.Error) and getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL:
            return True
        if not isinstance(error, sqlite3.OperationalError | OSError):
            return False
        try:
            disk = os.statvfs(self._path.parent)
        except OSError:
            return False
        return disk.f_bavail * disk.f_frsize < _FULL_BYTES

    def _remove(self) -> None:
        with contextlib.suppress(OSError):
            self._path.unlink()
