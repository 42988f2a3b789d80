"""What guards do at sites (postes)."""

from __future__ import annotations

from collections.abc import Sequence  # noqa: TC003  # read at run time
from typing import Required, TypedDict, Unpack

from sekur_sdk.client.arguments import identifier
from sekur_sdk.client.fields import Step, act, change, listed, new
from sekur_sdk.client.operation import Operation
from sekur_sdk.client.operation import get as read
from sekur_sdk.client.options import CallOptions, ListOptions, PostOptions
from sekur_sdk.models.paging import Page
from sekur_sdk.models.qualifications import CardActivity, QualificationKind  # noqa: TC001  # read at run time
from sekur_sdk.models.sites import Post, PostStatus


class PostFilters(ListOptions, total=False):
    """Filters and options of the list."""

    status: PostStatus | str
    site_id: str


class _PostFields(TypedDict, total=False):
    """Fields that need not be given."""

    notes: str | None
    activity: CardActivity | str
    qualifications: Sequence[QualificationKind | str]
    is_break_paid: bool


class NewPost(_PostFields, PostOptions, total=False):
    """Fields of a new one, and options."""

    site_id: Required[str]
    name: Required[str]


class PostChange(_PostFields, CallOptions, total=False):
    """What to change, and options; `version` is the one that the caller saw."""

    version: Required[int]
    name: str


def _at(post_id: str, action: str = "") -> str:
    return f"/posts/{identifier('post_id', post_id)}{action}"


def list_all(**given: Unpack[PostFilters]) -> Operation[Page[Post]]:
    """GET /posts."""
    return listed("/posts", Page[Post], given, PostFilters)


def get(post_id: str) -> Operation[Post]:
    """GET /posts/{id}."""
    return read(_at(post_id), Post)


def create(**given: Unpack[NewPost]) -> Operation[Post]:
    """POST /posts."""
    return new("/posts", Post, given, NewPost)


def update(post_id: str, **given: Unpack[PostChange]) -> Operation[Post]:
    """PATCH /posts/{id}."""
    return change(_at(post_id), Post, given, PostChange)


def archive(post_id: str, **given: Unpack[Step]) -> Operation[Post]:
    """POST /posts/{id}/archive."""
    return act(_at(post_id, "/archive"), Post, given)


def restore(post_id: str, **given: Unpack[Step]) -> Operation[Post]:
    """POST /posts/{id}/restore."""
    return act(_at(post_id, "/restore"), Post, given)
