"""UUID version 7 (RFC 9562, section 5.7): unique ids that sort by the time they were made."""

from __future__ import annotations

import secrets
from typing import Annotated

import msgspec

UID_PATTERN = r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"

Uid = Annotated[str, msgspec.Meta(pattern=UID_PATTERN)]
"""A UUID in its canonical lower-case form."""


def new_uid(unix_ms: int) -> str:
    """A new UUIDv7 for the moment `unix_ms` (milliseconds since 1970; a clock not yet set only spoils the order)."""
    value = (unix_ms & 0xFFFF_FFFF_FFFF) << 80 | secrets.randbits(80)
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    text = f"{value:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
