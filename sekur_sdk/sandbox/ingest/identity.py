"""Two wearables with one identity (a copied card): each connection of one ends the other's, and their starts take turns."""

from __future__ import annotations

from collections import deque
from datetime import datetime, timedelta

import attrs

RETURNS = 2
"""So many returns of a start that another had replaced: one could be a message that the broker delivers twice."""
WITHIN = timedelta(minutes=10)
_KEPT = 8


@attrs.define
class _Starts:
    present: str | None = None
    replaced: deque[str] = attrs.field(factory=lambda: deque(maxlen=_KEPT))
    returns: deque[datetime] = attrs.field(factory=lambda: deque(maxlen=RETURNS))


class Identities:
    """Which start of each wearable is online; kept in memory, since the loop shows itself again after a restart of the server."""

    def __init__(self) -> None:
        self._starts: dict[str, _Starts] = {}

    def is_shared(self, device_id: str, boot: str, now: datetime) -> bool:
        """Whether the start `boot`, online now, tells that two devices use this identity."""
        starts = self._starts.setdefault(device_id, _Starts())
        if boot == starts.present:
            return False
        if boot in starts.replaced:
            starts.returns.append(now)
        if starts.present is not None and starts.present not in starts.replaced:
            starts.replaced.append(starts.present)
        starts.present = boot
        return len(starts.returns) == RETURNS and now - starts.returns[0] <= WITHIN
