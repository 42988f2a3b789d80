"""What may happen to a request on its way to the server, or to the answer on its way back."""

from __future__ import annotations

from collections.abc import Mapping  # a field's type, which attrs users resolve at run time
from datetime import UTC, datetime
from email.utils import format_datetime
from http import HTTPStatus

import attrs

TOO_MANY_REQUESTS = 429


@attrs.frozen(kw_only=True)
class Pass:
    """Nothing: the request and its answer go through."""


@attrs.frozen
class Latency:
    """The answer comes, `seconds` later."""

    seconds: float


@attrs.frozen
class Refuse:
    """An answer of this status in the server's stead, as problem details.

    `retry_after` is sent as `Retry-After`: a number as seconds, an aware datetime as HTTP-date. With `after_work` the server gets the
    request and does what it says, and only its answer is replaced: what a caller sees when a gateway fails at the wrong moment.

    Raises:
        ValueError: a `status` that refuses nothing, or a naive `retry_after`.
    """

    status: int = TOO_MANY_REQUESTS
    retry_after: int | datetime | None = attrs.field(default=None, kw_only=True)
    after_work: bool = attrs.field(default=False, kw_only=True)
    headers: Mapping[str, str] = attrs.field(factory=dict, kw_only=True)

    def __attrs_post_init__(self) -> None:
        if self.status not in HTTPStatus._value2member_map_ or self.status < HTTPStatus.BAD_REQUEST:
            raise ValueError(f"status: {self.status} is no status of a refusal; give one from 400 on")
        if isinstance(self.retry_after, datetime) and self.retry_after.tzinfo is None:
            raise ValueError("retry_after: a time needs its zone, as in datetime.now(UTC)")

    @property
    def retry_after_text(self) -> str | None:
        """The value of the header `Retry-After`, None for no such header."""
        if isinstance(self.retry_after, datetime):
            return format_datetime(self.retry_after.astimezone(UTC), usegmt=True)
        return None if self.retry_after is None else str(self.retry_after)


@attrs.frozen
class HangUp:
    """The connection is closed before a byte of the answer; the server has done its work."""


@attrs.frozen
class CutBody:
    """The connection is closed after so many bytes of the answer's body, half of it by default; the server has done its work.

    Of an event stream, which has no half, give the number.
    """

    after_bytes: int | None = None


@attrs.frozen
class CorruptBody:
    """The second half of the answer's body is bytes that are no JSON and no UTF-8; its length is right."""


@attrs.frozen
class Stall:
    """Half of the body comes, then nothing for `seconds`, and then the connection is closed."""

    seconds: float = 30.0


Fault = Pass | Latency | Refuse | HangUp | CutBody | CorruptBody | Stall
