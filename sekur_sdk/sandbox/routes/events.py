"""The event stream."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from litestar import Request, get
from litestar.concurrency import sync_to_thread
from litestar.datastructures import State
from litestar.params import HeaderParameter, QueryParameter
from litestar.response import Stream

from sekur_sdk.models.events import EventType
from sekur_sdk.sandbox.access import EVENT_MODULES, Caller, needs
from sekur_sdk.sandbox.paging import bad_parameter
from sekur_sdk.sandbox.problems import RefusalError, declared

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from sekur_sdk.sandbox.feed import EventFeed

COMMENT_EVERY_S = 15.0


@get(
    "/events",
    guards=[needs("events:read")],
    media_type="text/event-stream",
    operation_id="stream_events",
    responses=declared(400, 401, 403),
)
async def stream_events(
    request: Request[Caller, str, State],
    after: Annotated[int | None, QueryParameter(ge=0)] = None,
    types: Annotated[str | None, QueryParameter(max_length=1000)] = None,
    last_event_id: Annotated[str | None, HeaderParameter(name="Last-Event-ID")] = None,
) -> Stream:
    """The organisation's events as server-sent events, beyond `Last-Event-ID` or `after`, from now without either."""
    feed: EventFeed = request.app.state.feed
    wanted = _types(types, request.user)
    start = _start(feed, after, last_event_id)
    return Stream(
        _follow(feed, start, wanted),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


def _types(text: str | None, caller: Caller) -> frozenset[str]:
    """The types that the caller wants, of those whose subjects its scopes let it read."""
    known = {str(type_) for type_ in EventType}
    readable = frozenset(type_ for type_ in known if caller.may(f"{EVENT_MODULES[type_.partition('.')[0]]}:read"))
    if not readable:
        raise RefusalError(403, "The token may read nothing that events tell of.")
    if text is None:
        return readable
    wanted = frozenset(text.split(","))
    if not wanted <= known:
        raise bad_parameter("types", f"A list of {', '.join(sorted(known))}")
    if not wanted <= readable:
        raise RefusalError(403, "The token lacks the scope to read what some of these events tell of.")
    return wanted


def _start(feed: EventFeed, after: int | None, last_event_id: str | None) -> int:
    if last_event_id is not None:
        # the header wins: a client that reconnects by itself repeats its first URL
        if not (last_event_id.isascii() and last_event_id.isdigit() and len(last_event_id) < 19):  # noqa: PLR2004  # digits of a 64-bit number
            raise bad_parameter("Last-Event-ID", "The number of an event")
        after = int(last_event_id)
    if after is None:
        return feed.latest
    if after > feed.latest:
        raise bad_parameter("after", "There is no such event: the store was begun anew")
    return after


async def _follow(feed: EventFeed, after: int, types: frozenset[str]) -> AsyncIterator[bytes]:
    # an id without data: who loses the line before the first event still knows where to resume
    yield f"id: {after}\n\n".encode()
    while not feed.closed:
        events, after = await sync_to_thread(feed.read, after, types)
        if events:
            yield b"".join(f"id: {id_}\nevent: {type_}\ndata: {data}\n\n".encode() for id_, type_, data in events)
        if not await feed.wait(after, COMMENT_EVERY_S):
            yield b":\n\n"


HANDLERS = (stream_events,)
