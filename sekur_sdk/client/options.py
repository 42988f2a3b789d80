"""How long a call may take, and what one call may do otherwise than the client's other calls."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Mapping  # read at run time by typing.get_type_hints
from datetime import datetime  # noqa: TC003  # as above
from typing import TYPE_CHECKING, TypedDict

import attrs

from sekur_sdk.client.errors import ArgumentError

if TYPE_CHECKING:
    from sekur_sdk.client.paging import BadRecord
    from sekur_sdk.client.protocol import Response  # noqa: TC004  # a field's type alone; it imports this module

DEFAULT_DEADLINE_S = 60.0

_HEADER_NAME = re.compile(r"[A-Za-z0-9-]{1,64}", re.ASCII)
_REQUEST_ID = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)
_IDEMPOTENCY_KEY = re.compile(r"[!-~]{1,200}", re.ASCII)


@attrs.frozen(kw_only=True)
class Timeouts:
    """Seconds that one try may spend: to connect, to wait for bytes to come, for bytes to leave, for a free connection."""

    connect: float = 5.0
    read: float = 10.0
    write: float = 10.0
    pool: float = 5.0

    def __attrs_post_init__(self) -> None:
        for name in ("connect", "read", "write", "pool"):
            read_seconds(name, getattr(self, name))

    def within(self, remaining: float) -> Timeouts:
        """These, none of them above `remaining` seconds."""
        if remaining >= max(self.connect, self.read, self.write, self.pool):
            return self
        return Timeouts(
            connect=min(self.connect, remaining),
            read=min(self.read, remaining),
            write=min(self.write, remaining),
            pool=min(self.pool, remaining),
        )


def read_timeouts(value: float | Timeouts | None, default: Timeouts) -> Timeouts:
    """`value` as timeouts; a number is the time to wait for the server, and connecting never gets more than that.

    Raises:
        ArgumentError: not a positive number.
    """
    if value is None:
        return default
    if isinstance(value, Timeouts):
        return value
    seconds = read_seconds("timeout", value)
    return Timeouts(connect=min(default.connect, seconds), read=seconds, write=seconds, pool=min(default.pool, seconds))


def read_seconds(parameter: str, value: object, *, unit: str = "number of seconds") -> float:
    """`value`, a positive number of seconds.

    Raises:
        ArgumentError: it is not.
    """
    if isinstance(value, bool) or not isinstance(value, int | float) or not value > 0:
        raise ArgumentError(parameter, f"give a positive {unit}")
    return float(value)


class CallOptions(TypedDict, total=False):
    """What any call accepts beside its own parameters.

    `timeout` in seconds for one try; `deadline` in seconds over all tries, None for no limit; `headers` to send in addition;
    `request_id`, the `X-Request-Id` to send (1 to 64 of `[A-Za-z0-9_-]`). `on_response` is handed the raw answer that the call ended with
    (status, headers, body, rate limit), once for each page of a list, before it is read or raised.
    """

    timeout: float | Timeouts
    deadline: float | None
    headers: Mapping[str, str]
    request_id: str
    on_response: Callable[[Response], None]


class ListOptions(CallOptions, total=False):
    """What a list accepts too.

    `page_size` is how many come at once (1 to 200), `sort` a field (`-` before it for descending), `updated_since` keeps what
    changed since, `cursor` goes on from where an earlier pager stood. With `on_bad_record` a record that is not what the contract says is
    handed to it and left out; without it, it is an error that names the path.
    """

    page_size: int | None
    sort: str | None
    updated_since: datetime | None
    cursor: str | None
    on_bad_record: Callable[[BadRecord], None]


class PostOptions(CallOptions, total=False):
    """What a call that creates or acts accepts too: `idempotency_key`, so that a call made twice has its effect once (24 h)."""

    idempotency_key: str


class StepOptions(PostOptions, total=False):
    """What an action on a resource accepts too: with `version`, it is done only if the resource has not changed since."""

    version: int


@attrs.frozen(kw_only=True)
class Call:
    """The options of one call, read and checked."""

    timeouts: Timeouts
    deadline: float | None
    headers: tuple[tuple[str, str], ...] = ()
    request_id: str
    idempotency_key: str | None = None
    on_response: Callable[[Response], None] | None = None

    def keyed(self) -> Call:
        """With an Idempotency-Key: the caller's own, or a new one for all tries of this call."""
        return self if self.idempotency_key else attrs.evolve(self, idempotency_key=str(uuid.uuid4()))


_OWN_HEADERS = frozenset(
    [
        "accept",
        "accept-encoding",
        "authorization",
        "connection",
        "content-length",
        "content-type",
        "host",
        "idempotency-key",
        "if-match",
        "last-event-id",
        "range",
        "repr-digest",
        "sekur-version",
        "transfer-encoding",
        "user-agent",
        "x-request-id",
    ]
)
"""What the client says itself; said twice it would be a request that nobody can read alike."""

_CALL_NAMES = frozenset(CallOptions.__annotations__)
_POST_NAMES = frozenset(PostOptions.__annotations__)


def read_options(
    options: PostOptions | CallOptions, *, has_key: bool, timeouts: Timeouts, deadline: float | None, fresh: str
) -> Call:
    """The options of one call, which `has_key` or not; `fresh` is the request id of a call that names none.

    Raises:
        TypeError: a name that is no option, most often a mistyped parameter.
        ArgumentError: a value that can't be sent.
    """
    if not options:
        return Call(timeouts=timeouts, deadline=deadline, request_id=fresh)
    unknown = sorted(options.keys() - (_POST_NAMES if has_key else _CALL_NAMES))
    if unknown:
        raise TypeError(f"unexpected keyword argument {unknown[0]!r}")
    seconds = options.get("deadline", deadline)
    return Call(
        timeouts=read_timeouts(options.get("timeout"), timeouts),
        deadline=None if seconds is None else read_seconds("deadline", seconds),
        headers=_read_headers(options.get("headers", {})),
        request_id=_match("request_id", options.get("request_id", fresh), _REQUEST_ID),
        idempotency_key=_read_key(options),
        on_response=options.get("on_response"),
    )


def _read_key(options: PostOptions | CallOptions) -> str | None:
    key = options.get("idempotency_key")
    return None if key is None else _match("idempotency_key", key, _IDEMPOTENCY_KEY)


def _read_headers(headers: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    for name, value in headers.items():
        _match("headers", name, _HEADER_NAME)
        if name.lower() in _OWN_HEADERS:
            raise ArgumentError("headers", f"{name} is sent by the client itself")
        if not (value.isascii() and value.isprintable()):
            raise ArgumentError("headers", f"the value of {name} is not printable ASCII")
    return tuple(headers.items())


def _match(parameter: str, value: object, pattern: re.Pattern[str]) -> str:
    if not isinstance(value, str) or pattern.fullmatch(value) is None:
        raise ArgumentError(parameter, f"does not match {pattern.pattern}")
    return value
