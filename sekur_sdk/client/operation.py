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
    answer: type[AnswerT_co]
    if_match: int | None = None
    has_key: bool = False
    is_repeatable: bool = False
    is_anonymous: bool = False
    subject: type[object] | None = None


def get(path: str, answer: type[AnswerT_co], query: tuple[tuple[str, str], ...] = ()) -> Operation[AnswerT_co]:
    """A call that reads."""
    return Operation(method="GET", path=path, query=query, answer=answer, is_repeatable=True)


def post(
    path: str,
    answer: type[AnswerT_co],
    body: bytes,
    *,
    if_match: int | None = None,
    subject: type[object] | None = None,
) -> Operation[AnswerT_co]:
    """A call that creates or acts; its key makes it safe to try again."""
    return Operation(
        method="POST",
        path=path,
        body=body,
        answer=answer,
        if_match=if_match,
        subject=subject,
        has_key=True,
        is_repeatable=True,
    )


def patch(path: str, answer: type[AnswerT_co], body: bytes, *, if_match: int) -> Operation[AnswerT_co]:
    """A call that changes what `if_match` names; a second try would be told 412 though the first had worked."""
    return Operation(method="PATCH", path=path, body=body, answer=answer, if_match=if_match)
