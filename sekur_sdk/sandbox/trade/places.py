"""What may stand for a place."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Protocol

from sekur_sdk.sandbox.problems import rule_broken

if TYPE_CHECKING:
    from sekur_sdk.sandbox.store.writer import Transaction

AHEAD = timedelta(seconds=60)
"""How far a caller's clock, or a fix, may be ahead of the server."""


class Place(Protocol):
    """What somebody says of a place."""

    @property
    def lat(self) -> float:
        """Degrees north."""
        ...

    @property
    def lon(self) -> float:
        """Degrees east."""
        ...

    @property
    def fix_at(self) -> datetime:
        """When."""
        ...


def is_nowhere(place: Place) -> bool:
    """Whether it is 0,0: what a receiver says that knows nothing."""
    return place.lat == 0 and place.lon == 0


def check_place(tx: Transaction, place: Place, path: str) -> None:
    """Refuse a place that is none, or from the future.

    Raises:
        RefusalError: 422 with the path.
    """
    if is_nowhere(place):
        raise rule_broken(path, "0,0 stands for no place: leave an unknown position out")
    if place.fix_at > tx.now + AHEAD:
        raise rule_broken(f"{path}.fix_at", "A time in the future")
