"""One call of the contract, before it is bound to a server."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

import attrs

if TYPE_CHECKING:
    from sekur_sdk.client.content import Content  # noqa: TC004  # a field's type alone; no need to load it

AnswerT_co = TypeVar("AnswerT_co", covariant=True)


@attrs.frozen(kw_only=True)
class Operation(Generic[AnswerT_co]):
    """Method, path below `/api/v1`, query, headers of its own, body, and the type of the answer.

    `has_key` says that an Idempotency-Key goes with it. `if_match` is the version that the caller saw. `is_repeatable` says that trying
    again can't do the work twice. `is_anonymous` goes without a token. `subject` is the type of the resource that a conflict shows, where
    it is not that of the answer.
    """

    method: str
    path: str
    query: tuple[tuple[str, str], ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes | Content | None = attrs.field(default=None, repr=False)
    content_type: str = "application/json"
    accept: str = "application/json"
    answer: type[AnswerT_co]
    if_match: int | None = None
    has_key: bool = False
    is_repeatable: bool = False
    is_anonymous: bool = False
    subject: type[object] | None = None
