"""Takes deliveries to their receivers: each webhook's one after the other, all webhooks beside each other.

What is to be sent stands in the store (the event, and how far each webhook has come) from the commit of the event on: a server that
is killed at any moment sends it when it is back, twice at worst.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from typing import TYPE_CHECKING, TypeVar

import anyio

from sekur_sdk.sandbox.delivery.line import TIMEOUT_S, send
from sekur_sdk.sandbox.diagnosis import where
from sekur_sdk.sandbox.trade.deliveries import due_webhooks, enqueue, has_news, next_parcel, record_attempt

if TYPE_CHECKING:
    from collections.abc import Callable

    from sekur_sdk.sandbox.delivery.addresses import Policy
    from sekur_sdk.sandbox.store.database import Store
    from sekur_sdk.sandbox.store.writer import Transaction

T = TypeVar("T")

_PAUSE_S = 1.0
"""After a failure of our own, so that it does not become a busy loop."""

_READERS = 4
"""Threads at the store at a time: its connections are for everybody."""

_log = logging.getLogger("sekur_sdk.sandbox.delivery")


class Courier:
    """A thread that delivers; looks at each commit, and every `every_s` seconds for tries that are due."""

    def __init__(self, store: Store, policy: Policy, every_s: float, *, timeout_s: float = TIMEOUT_S) -> None:
        self._store = store
        self._policy = policy
        self._every_s = every_s
        self._timeout_s = timeout_s
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._woken: asyncio.Event
        self._readers: anyio.CapacityLimiter
        self._ended = False
        store.on_commit(self._committed)

    def start(self) -> None:
        """Begin to deliver."""
        self._thread = threading.Thread(target=lambda: asyncio.run(self._work()), name="sandbox-courier", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Deliver no more; a try that is under way counts as not made, and is made again."""
        self._ended = True
        self.wake()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def wake(self) -> None:
        """Look now."""
        with self._lock:
            if self._loop is not None:
                self._loop.call_soon_threadsafe(self._woken.set)

    def deliver_due(self) -> None:
        """Try all that is due now, and return when it was tried: for a courier that was not started."""

        async def work() -> None:
            self._readers = anyio.CapacityLimiter(_READERS)
            await asyncio.gather(*(self._work_off(id_) for id_ in await self._beside(self._look)))

        asyncio.run(work())

    def _committed(self, transaction: Transaction) -> None:
        if transaction.last_event_id is not None or transaction.leads_outside:
            self.wake()

    async def _work(self) -> None:
        self._woken = asyncio.Event()
        self._readers = anyio.CapacityLimiter(_READERS)
        with self._lock:
            self._loop = asyncio.get_running_loop()
        under_way: dict[str, asyncio.Task[None]] = {}
        try:
            while not self._ended:
                self._woken.clear()
                await self._set_out(under_way)
                try:
                    async with asyncio.timeout(self._every_s):
                        await self._woken.wait()
                except TimeoutError:
                    continue
        finally:
            with self._lock:
                self._loop = None
            for task in under_way.values():
                task.cancel()
            await asyncio.gather(*under_way.values(), return_exceptions=True)

    async def _set_out(self, under_way: dict[str, asyncio.Task[None]]) -> None:
        """Begin on each webhook that has something due and is not being worked on."""

        def ended(task: asyncio.Task[None]) -> None:
            del under_way[task.get_name()]
            # something may have come due for it since its last look
            self._woken.set()

        try:
            due = await self._beside(self._look)
        except Exception as error:  # noqa: BLE001  # a look that fails must not end the courier: the next may succeed
            _log.error("a look for deliveries failed: %s", where(error))
            return
        for webhook_id in due:
            if webhook_id not in under_way:
                task = asyncio.create_task(self._keep_working(webhook_id), name=webhook_id)
                under_way[webhook_id] = task
                task.add_done_callback(ended)

    def _look(self) -> list[str]:
        while has_news(self._store):
            self._store.write(enqueue)
        return due_webhooks(self._store)

    async def _keep_working(self, webhook_id: str) -> None:
        try:
            await self._work_off(webhook_id)
        except Exception as error:  # noqa: BLE001  # as above
            _log.error("deliveries of a webhook failed: %s", where(error))
            await asyncio.sleep(_PAUSE_S)

    async def _work_off(self, webhook_id: str) -> None:
        store = self._store
        while True:
            parcel = await self._beside(lambda: next_parcel(store, webhook_id))
            if parcel is None:
                return
            attempt = await send(parcel, self._policy, store.now(), timeout_s=self._timeout_s)
            await self._beside(lambda: store.write(lambda tx: record_attempt(tx, parcel, attempt)))  # noqa: B023  # awaited here

    async def _beside(self, work: Callable[[], T]) -> T:
        """What `work` returns, on a thread of its own: the store blocks."""
        return await anyio.to_thread.run_sync(work, limiter=self._readers)
