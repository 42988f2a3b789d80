# Made from client/_async by tools/generate_sync.py: change it there.
"""Events."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

import attrs

from sekur_sdk.client._sync.event_stream import SILENCE_S, EventStream
from sekur_sdk.client._sync.shell import Shell
from sekur_sdk.client.endpoint import Resource
from sekur_sdk.client.operations import events

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Unpack

    from sekur_sdk.client.options import CallOptions
    from sekur_sdk.models.events import EventType


class Events(Resource[Shell]):
    """What changed, in the order of its commit."""

    def stream(
        self,
        *,
        after: int | None = None,
        types: Iterable[EventType | str] | None = None,
        reconnect_for: float | None = None,
        **options: Unpack[CallOptions],
    ) -> EventStream:
        """Events as they happen, those after the event `after` first; connected by a `with` block, by `connect()` or at the first iteration.

        `types` keeps some types only. A connection that drops is made anew without gap or duplicate, for `reconnect_for` seconds at
        most (None: for ever). `timeout` is how long the connection may be silent; the server sends a heartbeat every 15 s.
        """
        call = self._shell.read_options(options)
        if "timeout" not in options:
            call = attrs.evolve(call, timeouts=attrs.evolve(call.timeouts, read=SILENCE_S))
        kept = None if types is None or isinstance(types, str) else tuple(types)
        stream_after = functools.partial(events.stream, types=types if kept is None else kept)
        return EventStream(
            self._shell, lambda position: stream_after(after=position), call, after=after, reconnect_for=reconnect_for
        )
