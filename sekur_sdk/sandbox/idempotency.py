"""Requests that change something: run once for an Idempotency-Key, their answer kept beside their effect.

The answer is written in the transaction of the effect: after a crash a key has either both or neither. Refused requests
changed nothing and are not kept: they are judged anew.
"""

from __future__ import annotations

import hashlib
import re
import threading
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Any, Protocol, TypeVar, cast

import attrs
import msgspec
import sqlalchemy as sa
from litestar import Request, Response
from litestar.datastructures import State  # noqa: TC002  # Litestar resolves the annotation at run time
from litestar.enums import MediaType
from litestar.params import HeaderParameter

from sekur_sdk.models.problem import FieldError
from sekur_sdk.sandbox.access import Caller  # noqa: TC001  # Litestar resolves the annotation at run time
from sekur_sdk.sandbox.problems import RefusalError
from sekur_sdk.sandbox.store import schema
from sekur_sdk.wire import encode

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sekur_sdk.sandbox.store.database import Store
    from sekur_sdk.sandbox.store.writer import Transaction

T = TypeVar("T")

KEPT = timedelta(hours=24)
_IF_MATCH = re.compile(r'\*|(W/)?"[0-9]{1,18}"( *, *(W/)?"[0-9]{1,18}")*', re.ASCII)
_KEY = re.compile(r"[\x21-\x7e]([\x20-\x7e]{0,198}[\x21-\x7e])?")


class Versioned(Protocol):
    """A resource that changes."""

    @property
    def version(self) -> int:
        """Counts its changes from 1."""
        ...


class Identified(Protocol):
    """A resource."""

    @property
    def id(self) -> str:
        """Its id."""
        ...


class Running:
    """The keys whose first request has not ended. In memory: a crash ends them all."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._keys: set[tuple[str, str, str]] = set()

    @contextmanager
    def hold(self, key: tuple[str, str, str]) -> Iterator[None]:
        """Hold the key while its request runs.

        Raises:
            RefusalError: 409, it is held already.
        """
        with self._lock:
            if key in self._keys:
                raise RefusalError(
                    409, "A request with this Idempotency-Key is still running.", headers={"Retry-After": "1"}
                )
            self._keys.add(key)
        try:
            yield
        finally:
            with self._lock:
                self._keys.discard(key)


@attrs.frozen
class _Answer:
    status: int
    headers: dict[str, str]
    body: bytes = attrs.field(repr=False)

    def response(self, *, replayed: bool = False) -> Response[bytes]:
        headers = self.headers | {"Idempotency-Replayed": "true"} if replayed else self.headers
        return Response(self.body, status_code=self.status, headers=headers, media_type=MediaType.JSON)


class Change:
    """A request that changes something: who asks, under which key, for which version.

    No attrs class: the framework would convert it field by field.
    """

    def __init__(
        self,
        *,
        store: Store,
        running: Running,
        caller: Caller,
        route: str,
        key: str | None,
        body: bytes,
        if_match: str | None,
    ) -> None:
        self.caller = caller
        self._store = store
        self._running = running
        self._route = route
        self._key = key
        self._body = body
        self._if_match = if_match

    def created(
        self, change: Callable[[Transaction], T], location: str, *, kept: Callable[[T], T] | None = None
    ) -> Response[T]:
        """201 with what `change` made; `location` is the path of its kind, to which its id is appended.

        `kept` is what of it a replay shows, where it holds a secret.
        """
        return self._answer(change, 201, location, kept)

    def done(self, change: Callable[[Transaction], T], *, kept: Callable[[T], T] | None = None) -> Response[T]:
        """200 with what `change` made of a resource; `kept` as above."""
        return self._answer(change, 200, None, kept)

    def require_version(self, current: Versioned) -> None:
        """Refuse when the caller did not say which version it changes (428), or said a stale one (412)."""
        if self._if_match is None:
            raise RefusalError(428, "If-Match is needed: send the resource's version, as its ETag has it.")
        self.check_version(current)

    def check_version(self, current: Versioned) -> None:
        """Refuse a stale If-Match (412); none is fine."""
        if self._if_match is None or self._if_match.strip() == "*":
            return
        sent = {tag.strip().removeprefix("W/") for tag in self._if_match.split(",")}
        if f'"{current.version}"' not in sent:
            raise RefusalError(
                412,
                "The resource has changed since that version.",
                current_version=current.version,
                current=current,
            )

    def _answer(
        self,
        change: Callable[[Transaction], T],
        status: int,
        location: str | None,
        kept: Callable[[T], T] | None = None,
    ) -> Response[T]:
        if self._key is None:
            answer = self._store.write(lambda tx: _spell(change(tx), status, location))
            return cast("Response[T]", answer.response())
        key = (self.caller.id, self._route, self._key)
        with self._running.hold(key):
            answer, replayed = self._store.write(lambda tx: self._once(tx, key, change, status, location, kept))
        return cast("Response[T]", answer.response(replayed=replayed))

    def _once(
        self,
        tx: Transaction,
        key: tuple[str, str, str],
        change: Callable[[Transaction], T],
        status: int,
        location: str | None,
        shown_again: Callable[[T], T] | None,
    ) -> tuple[_Answer, bool]:
        kept = schema.idempotency
        tx.connection.execute(sa.delete(kept).where(kept.c.created_at <= tx.now - KEPT))
        caller, route, text = key
        row = tx.connection.execute(
            sa.select(kept).where(kept.c.caller_id == caller, kept.c.route == route, kept.c.key == text)
        ).one_or_none()
        sent = hashlib.sha256(self._body).hexdigest()
        if row is not None:
            if row.body_sha256 != sent:
                raise RefusalError(422, "This Idempotency-Key was used for another body.")
            return _Answer(row.status, row.headers, row.body), True
        made = change(tx)
        answer = _spell(made, status, location)
        again = answer if shown_again is None else _spell(shown_again(made), status, location)
        tx.connection.execute(
            sa.insert(kept).values(
                caller_id=caller,
                route=route,
                key=text,
                body_sha256=sent,
                status=again.status,
                headers=again.headers,
                body=again.body,
                created_at=tx.now,
            )
        )
        return answer, False


def replace_answers(tx: Transaction, resource: Identified) -> None:
    """Have the kept answers that show this resource show it as it is now: it was erased."""
    table, now = schema.idempotency, encode(resource)
    like = sa.cast(table.c.body, sa.Text).like(f'%"id":"{resource.id}"%')
    for row in tx.connection.execute(sa.select(table).where(like)).all():
        if msgspec.json.decode(row.body).get("id") == resource.id:
            key = (table.c.caller_id == row.caller_id, table.c.route == row.route, table.c.key == row.key)
            tx.connection.execute(sa.update(table).where(*key).values(body=now))


def etag(resource: object) -> dict[str, str]:
    """The ETag header of a versioned resource; nothing for another."""
    version = getattr(resource, "version", None)
    return {} if version is None else {"ETag": f'"{version}"'}


def _spell(resource: object, status: int, location: str | None) -> _Answer:
    headers = etag(resource)
    if location is not None:
        made: Any = resource
        headers["Location"] = f"{location}/{made.id}"
    return _Answer(status, headers, encode(resource))


async def provide_change(
    request: Request[Caller, object, State],
    idempotency_key: Annotated[str | None, HeaderParameter(name="Idempotency-Key")] = None,
    if_match: Annotated[str | None, HeaderParameter(name="If-Match")] = None,
) -> Change:
    """The `change` of a handler's signature."""
    return make_change(request, key=idempotency_key, body=await request.body(), if_match=if_match)


def make_change(
    request: Request[Caller, object, State], *, key: str | None, body: bytes, if_match: str | None
) -> Change:
    """The change that a request asks for, whose `body` tells it from others under the same key.

    Raises:
        RefusalError: 400, a key or a version that is none.
    """
    if if_match is not None and _IF_MATCH.fullmatch(if_match) is None:
        error = FieldError(path="header.If-Match", message='The version in quotes, as ETag has it, like "3"')
        raise RefusalError(400, "A header is not what the contract says.", errors=[error])
    if key is not None and _KEY.fullmatch(key) is None:
        raise RefusalError(400, "An Idempotency-Key has 1 to 200 printable ASCII characters.")
    state = request.app.state
    return Change(
        store=state.store,
        running=state.running,
        caller=request.user,
        route=f"{request.method} {request.url.path}",
        key=key,
        body=body,
        if_match=if_match,
    )
