"""What the server says will end (`Deprecation`, RFC 9745, and `Sunset`, RFC 8594), told once."""

from __future__ import annotations

import sys
import warnings
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sekur_sdk.client.operation import Operation
    from sekur_sdk.client.protocol import Response

_PACKAGE = __name__.partition(".")[0] + "."


class Deprecations:
    """The announcements that a client has passed on."""

    def __init__(self) -> None:
        self._told: set[tuple[str, str, str, str]] = set()

    def tell(self, operation: Operation[object], response: Response) -> None:
        """A `DeprecationWarning` where the caller's code is, for an announcement that is new."""
        since, until = response.headers.get("deprecation", ""), response.headers.get("sunset", "")
        if not since and not until:
            return
        route = f"/{operation.path.split('/')[1]}"
        key = (operation.method, route, since, until)
        if key in self._told:
            return
        self._told.add(key)
        text = f"{operation.method} {route}: deprecated{_day(' since', since)}{_day(', ends on', until)}; update sekur-sdk or read the contract's changes"
        warnings.warn(text, DeprecationWarning, stacklevel=_depth_of_caller())


def _day(label: str, text: str) -> str:
    from email.utils import parsedate_to_datetime  # noqa: PLC0415  # seldom needed

    try:
        moment = datetime.fromtimestamp(int(text[1:]), UTC) if text.startswith("@") else parsedate_to_datetime(text)
    except (ValueError, OverflowError, OSError):
        return ""
    return f"{label} {moment.date().isoformat()}"


def _depth_of_caller() -> int:
    depth, frame = 1, sys._getframe(1)  # noqa: SLF001  # `skip_file_prefixes` comes with Python 3.12
    while frame.f_back is not None and frame.f_globals.get("__name__", "").startswith(_PACKAGE):
        depth, frame = depth + 1, frame.f_back
    return depth
