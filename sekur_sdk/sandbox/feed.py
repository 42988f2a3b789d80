"""The event stream: who waits for events is told of a commit, and looks at the store then."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING

import sqlalchemy as sa

from sekur_sdk.sandbox.store import schema

if TYPE_CHECKING:
    from sekur_sdk.sandbox.store.database import Store
    from sekur_sdk.sandbox.store.writer import Transaction

BATCH = 200


class EventFeed:
    """The organisation's events as they are committed."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._latest = self._stored_latest()
        self._closed = False
        self._waiting: set[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = set()
        store.on_commit(self._committed)

    @property
    def latest(self) -> int:
        """The number of the last event committed, 0 before the first."""
        return self._latest

    @property
    def closed(self) -> bool:
        """Whether streams shall end."""
        return self._closed

    def close(self) -> None:
        """End all streams, and those that come later."""
        with self._lock:
            self._closed = True
        self._wake()

    async def wait(self, after: int, timeout_s: float) -> bool:
        """Wait for an event beyond `after` or the close; False when neither came within `timeout_s` seconds."""
        woken = asyncio.Event()
        entry = (asyncio.get_running_loop(), woken)
        with self._lock:
            if self._closed or self._latest > after:
                return True
            self._waiting.add(entry)
        try:
            await asyncio.wait_for(woken.wait(), timeout_s)
        except TimeoutError:
            return False
        finally:
            with self._lock:
                self._waiting.discard(entry)
        return True

    def read(self, after: int, types: frozenset[str]) -> tuple[list[tuple[int, str, str]], int]:
        """The next events beyond `after` of these types (all when empty): number, type, JSON; and up to where was read."""
        with self._store.read() as connection:
            newest = connection.execute(sa.select(sa.func.max(schema.event.c.id))).scalar() or 0
            upto = min(newest, after + BATCH)
            select = sa.select(schema.event.c.id, schema.event.c.type, schema.event.c.data)
            select = select.where(schema.event.c.id > after, schema.event.c.id <= upto).order_by(schema.event.c.id)
            if types:
                select = select.where(schema.event.c.type.in_(types))
            return [(row.id, row.type, row.data) for row in connection.execute(select)], max(upto, after)

    def _stored_latest(self) -> int:
        with self._store.read() as connection:
            return connection.execute(sa.select(sa.func.max(schema.event.c.id))).scalar() or 0

    def _committed(self, transaction: Transaction) -> None:
        if transaction.last_event_id is not None:
            with self._lock:
                self._latest = transaction.last_event_id
            self._wake()

    def _wake(self) -> None:
        with self._lock:
            waiting, self._waiting = self._waiting, set()
        for loop, event in waiting:
            try:
                loop.call_soon_threadsafe(event.set)
            except RuntimeError:  # the loop has ended, and its stream with it
                continue
