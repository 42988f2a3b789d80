"""Times that can be worked with: beyond these years there is no planning, and the calendar's ends are near."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekur_sdk.sandbox.problems import rule_broken

if TYPE_CHECKING:
    from datetime import date

FIRST_YEAR = 2000
LAST_YEAR = 2100


def check_year(at: date, path: str) -> None:
    """Refuse a day or a time of another century.

    Raises:
        RefusalError: 422 with the path.
    """
    if not FIRST_YEAR <= at.year <= LAST_YEAR:
        raise rule_broken(path, f"A time from {FIRST_YEAR} to {LAST_YEAR}")
