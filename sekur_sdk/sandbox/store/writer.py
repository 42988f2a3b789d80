"""The single writer: all transactions that change the store run on its thread, one after the other."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from datetime import datetime
from typing import TYPE_CHECKING, Generic, TypeVar, cast

import attrs
import sqlalchemy as sa

from sekur_sdk.sandbox.errors import SandboxError
from sekur_sdk.sandbox.ids import new_id
from sekur_sdk.sandbox.store import schema
from sekur_sdk.wire import encode

if TYPE_CHECKING:
    from sekur_sdk.models.device import DeviceAddress
    from sekur_sdk.models.events import EventType, Subject

T = TypeVar("T")


@attrs.frozen
class Publication:
    """A message for a wearable, not yet sent: the topic, and its JSON (which may tell of people: not in the repr)."""

    topic: str
    payload: bytes = attrs.field(repr=False)
    retain: bool = False


@attrs.define(eq=False)
class Transaction:
    """One transaction of the writer. What it publishes is sent after its commit, and not at all without one.

    `access_changed` says that it changed what tokens may do, `leads_outside` that it left work for what delivers and exports.
    """

    connection: sa.Connection
    now: datetime
    publications: list[Publication] = attrs.field(factory=list)
    last_event_id: int | None = None
    access_changed: bool = False
    leads_outside: bool = False

    def new_id(self, prefix: str) -> str:
        """A new id for a resource."""
        return new_id(prefix, self.now)

    def next_number(self, name: str) -> int:
        """The counter's next value, from 1, unbroken: a transaction that fails gives its number back."""
        bump = sa.update(schema.counter).where(schema.counter.c.name == name).values(value=schema.counter.c.value + 1)
        value = self.connection.execute(bump.returning(schema.counter.c.value)).scalar_one_or_none()
        if value is None:
            value = 1
            self.connection.execute(sa.insert(schema.counter).values(name=name, value=value))
        return cast("int", value)

    def record(self, type_: EventType, subject: Subject) -> None:
        """Write the event that tells what this transaction did to `subject`."""
        number = self.next_number("event")
        data = encode({"id": number, "type": type_, "at": self.now, "subject": subject}).decode()
        self.connection.execute(sa.insert(schema.event).values(id=number, type=str(type_), at=self.now, data=data))
        self.last_event_id = number

    def publish(self, address: DeviceAddress, channel: str, body: object, *, retain: bool = False) -> None:
        """Send `body` to a wearable once this is committed."""
        self.publications.append(Publication(address.topic(channel), encode(body), retain))

    def take_publications(self) -> list[Publication]:
        """What was to be sent after the commit, for a caller that sends it itself."""
        taken, self.publications = self.publications, []
        return taken


@attrs.frozen
class _Task(Generic[T]):
    run: Callable[[Transaction], T]
    done: Future[T]

    def perform(self, writer: Writer) -> None:
        if not self.done.set_running_or_notify_cancel():
            return
        try:
            result = writer.perform(self.run)
        except BaseException as error:  # noqa: BLE001  # handed to the caller's thread, where it is raised
            self.done.set_exception(error)
        else:
            self.done.set_result(result)


class Writer:
    """Runs transactions on one thread, each begun with BEGIN IMMEDIATE.

    Args:
        engine: whose transactions begin with BEGIN IMMEDIATE.
        now: the wall clock, aware.
        on_commit: called on the writer's thread after each commit; must be quick and not raise.
    """

    def __init__(
        self, engine: sa.Engine, now: Callable[[], datetime], on_commit: Callable[[Transaction], None]
    ) -> None:
        self._engine = engine
        self._now = now
        self._on_commit = on_commit
        self._tasks: queue.SimpleQueue[_Task[object] | None] = queue.SimpleQueue()
        self._closing = threading.Lock()
        self._closed = False
        self._thread = threading.Thread(target=self._work, name="sandbox-writer", daemon=True)
        self._thread.start()

    def run(self, change: Callable[[Transaction], T]) -> T:
        """What `change` returns, after its transaction was committed; blocks the calling thread until then.

        Raises:
            SandboxError: the store is closed.
            Exception: what `change` raised; nothing of it is kept then.
        """
        done: Future[T] = Future()
        with self._closing:
            if self._closed:
                raise SandboxError("the sandbox's store is closed")
            self._tasks.put(cast("_Task[object]", _Task(change, done)))
        return done.result()

    def perform(self, change: Callable[[Transaction], T]) -> T:
        """Run one transaction on the current thread, the writer's."""
        with self._engine.connect() as connection, connection.begin():
            transaction = Transaction(connection, self._now())
            result = change(transaction)
        self._on_commit(transaction)
        return result

    def close(self) -> None:
        """Finish what was handed in, then end the thread."""
        with self._closing:
            if not self._closed:
                self._closed = True
                self._tasks.put(None)
        self._thread.join()

    def _work(self) -> None:
        while (task := self._tasks.get()) is not None:
            task.perform(self)
