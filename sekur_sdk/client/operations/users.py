"""People's accounts."""

from __future__ import annotations

from collections.abc import Sequence  # noqa: TC003  # read at run time
from typing import Required, TypedDict, Unpack

from sekur_sdk.client.arguments import identifier
from sekur_sdk.client.fields import Step, act, change, listed, new
from sekur_sdk.client.operation import Operation
from sekur_sdk.client.operation import get as read
from sekur_sdk.client.options import CallOptions, ListOptions, PostOptions
from sekur_sdk.models.access import User, UserStatus
from sekur_sdk.models.paging import Page


class UserFilters(ListOptions, total=False):
    """Filters and options of the list."""

    status: UserStatus | str
    employee_id: str


class _UserFields(TypedDict, total=False):
    """Fields that need not be given."""

    employee_id: str | None


class NewUser(_UserFields, PostOptions, total=False):
    """Fields of a new one, and options."""

    email: Required[str]
    first_name: Required[str]
    last_name: Required[str]
    role_ids: Required[Sequence[str]]


class UserChange(_UserFields, CallOptions, total=False):
    """What to change, and options; `version` is the one that the caller saw."""

    version: Required[int]
    email: str
    first_name: str
    last_name: str
    role_ids: Sequence[str]


def _at(user_id: str, action: str = "") -> str:
    return f"/users/{identifier('user_id', user_id)}{action}"


def list_all(**given: Unpack[UserFilters]) -> Operation[Page[User]]:
    """GET /users."""
    return listed("/users", Page[User], given, UserFilters)


def get(user_id: str) -> Operation[User]:
    """GET /users/{id}."""
    return read(_at(user_id), User)


def invite(**given: Unpack[NewUser]) -> Operation[User]:
    """POST /users."""
    return new("/users", User, given, NewUser)


def update(user_id: str, **given: Unpack[UserChange]) -> Operation[User]:
    """PATCH /users/{id}."""
    return change(_at(user_id), User, given, UserChange)


def activate(user_id: str, **given: Unpack[Step]) -> Operation[User]:
    """POST /users/{id}/activate."""
    return act(_at(user_id, "/activate"), User, given)


def suspend(user_id: str, **given: Unpack[Step]) -> Operation[User]:
    """POST /users/{id}/suspend."""
    return act(_at(user_id, "/suspend"), User, given)


def reinstate(user_id: str, **given: Unpack[Step]) -> Operation[User]:
    """POST /users/{id}/reinstate."""
    return act(_at(user_id, "/reinstate"), User, given)


def close(user_id: str, **given: Unpack[Step]) -> Operation[User]:
    """POST /users/{id}/close."""
    return act(_at(user_id, "/close"), User, given)
