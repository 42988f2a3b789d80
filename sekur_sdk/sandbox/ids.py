"""Ids of resources: a prefix that says what it is, and a UUIDv7 that sorts by creation even within a millisecond."""

from __future__ import annotations

import secrets
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

_RANDOM_BITS = 74
_STEP_BITS = 32


class _Sequence:
    """UUIDv7 values that grow (RFC 9562, section 6.2, method 2), also while the clock stands still or goes back."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._ms = 0
        self._random = 0

    def next(self, unix_ms: int) -> str:
        with self._lock:
            if unix_ms > self._ms:
                self._ms, self._random = unix_ms, secrets.randbits(_RANDOM_BITS - 1)
            else:
                self._random += 1 + secrets.randbits(_STEP_BITS)
            ms, random = self._ms, self._random
        high, low = random >> 62, random & (1 << 62) - 1
        return f"{ms << 80 | 0x7 << 76 | (high & 0xFFF) << 64 | 0x2 << 62 | low:032x}"


_sequence = _Sequence()


def new_id(prefix: str, now: datetime) -> str:
    """A new id such as `shf_019a…`; later ids of a process sort after earlier ones."""
    return f"{prefix}_{_sequence.next(int(now.timestamp() * 1000))}"
