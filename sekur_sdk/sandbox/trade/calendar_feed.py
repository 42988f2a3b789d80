"""The planning as a calendar (RFC 5545)."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING

from sekur_sdk.models.planning import Shift, ShiftStatus

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime

    from sekur_sdk.models.sites import Site

FOLDED_AT = 75
"""Octets of a line without its end (section 3.1)."""
_CANCELLED = (ShiftStatus.CANCELLED, ShiftStatus.NO_SHOW, ShiftStatus.REPLACED)


def calendar_of(shifts: Iterable[Shift], sites: Mapping[str, Site]) -> bytes:
    """A calendar with an event for each shift, its times in UTC."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//sekur-sdk//planning//FR",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        *(line for shift in shifts for line in _event(shift, sites[shift.site_id])),
        "END:VCALENDAR",
    ]
    return b"".join(_folded(line) for line in lines)


def _event(shift: Shift, site: Site) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{shift.id}@sekur"
    yield f"SEQUENCE:{shift.version}"
    yield f"DTSTAMP:{_time(shift.updated_at)}"
    yield f"DTSTART:{_time(shift.starts_at)}"
    yield f"DTEND:{_time(shift.ends_at)}"
    yield f"SUMMARY:{_text(f'{shift.post}, {site.name}')}"
    yield f"LOCATION:{_text(site.address)}"
    if shift.notes is not None:
        yield f"DESCRIPTION:{_text(shift.notes)}"
    yield f"STATUS:{'CANCELLED' if shift.status in _CANCELLED else 'CONFIRMED'}"
    yield "END:VEVENT"


def _time(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _text(text: str) -> str:
    """A value of text (section 3.3.11); other control characters are not allowed in one."""
    escaped = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    escaped = escaped.replace("\r\n", "\\n").replace("\n", "\\n").replace("\r", "\\n")
    return "".join(
        character for character in escaped if character == "\t" or (character >= " " and character != "\x7f")
    )


def _folded(line: str) -> bytes:
    """The line with its end, folded between characters and never inside one."""
    parts, part = [], b""
    for character in line:
        octets = character.encode()
        if len(part) + len(octets) > FOLDED_AT:
            parts.append(part)
            part = b" "
        part += octets
    return b"\r\n".join([*parts, part]) + b"\r\n"
