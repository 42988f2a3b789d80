"""Days and moments as a person types and reads them."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import click

DEFAULT_ZONE = "Europe/Paris"


def read_zone(_context: click.Context, _parameter: click.Parameter, text: str) -> ZoneInfo:
    """The time zone of that IANA name.

    Raises:
        BadParameter: there is none.
    """
    try:
        return ZoneInfo(text)
    except (OSError, ValueError, LookupError) as error:
        raise click.BadParameter(f"{text!r} is no time zone; give an IANA name, as in {DEFAULT_ZONE}") from error


def read_moment(_context: click.Context, _parameter: click.Parameter, text: str | None) -> date | datetime | None:
    """A day (2026-11-07) or a moment (2026-11-07T20:00, with an offset or in the command's time zone).

    Raises:
        BadParameter: neither.
    """
    if text is None:
        return None
    try:
        return date.fromisoformat(text) if len(text) <= len("2026-11-07") else datetime.fromisoformat(text)
    except ValueError as error:
        raise click.BadParameter(f"{text!r} is neither a day (2026-11-07) nor a moment (2026-11-07T20:00)") from error


def beginning(value: date | datetime | None, zone: ZoneInfo) -> datetime | None:
    """The moment that is meant, or the first of the day."""
    if value is None:
        return None
    if not isinstance(value, datetime):
        return datetime.combine(value, time(), zone)
    return value if value.tzinfo is not None else value.replace(tzinfo=zone)


def ending(value: date | datetime | None, zone: ZoneInfo) -> datetime | None:
    """The moment that is meant, or the first after the day."""
    if value is None or isinstance(value, datetime):
        return beginning(value, zone)
    return datetime.combine(value + timedelta(days=1), time(), zone)
