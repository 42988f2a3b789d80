"""The event stream."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekur_sdk.client.arguments import choices, whole
from sekur_sdk.client.operation import Operation
from sekur_sdk.models.events import EventType, RawEvent

if TYPE_CHECKING:
    from collections.abc import Iterable


def stream(*, after: int | None, types: Iterable[str] | None) -> Operation[RawEvent]:
    """GET /events."""
    kept = None if types is None else choices("types", types, EventType)
    position = () if after is None else (("Last-Event-ID", str(whole("after", after))),)
    return Operation(
        method="GET",
        path="/events",
        query=() if kept is None else (("types", kept),),
        headers=position,
        answer=RawEvent,
        is_repeatable=True,
    )
