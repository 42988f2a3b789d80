"""Sets of scopes that users have (habilitations)."""

from __future__ import annotations

from collections.abc import Sequence  # noqa: TC003  # read at run time
from typing import Required, Unpack

from sekur_sdk.client.arguments import identifier
from sekur_sdk.client.fields import Step, act, change, listed, new
from sekur_sdk.client.operation import Operation
from sekur_sdk.client.operation import get as read
from sekur_sdk.client.options import CallOptions, ListOptions, PostOptions
from sekur_sdk.models.access import Role, RoleStatus
from sekur_sdk.models.paging import Page


class RoleFilters(ListOptions, total=False):
    """Filters and options of the list."""

    status: RoleStatus | str


class NewRole(PostOptions, total=False):
    """Fields of a new one, and options."""

    name: Required[str]
    scopes: Required[Sequence[str]]


class RoleChange(CallOptions, total=False):
    """What to change, and options; `version` is the one that the caller saw."""

    version: Required[int]
    name: str
    scopes: Sequence[str]


def _at(role_id: str, action: str = "") -> str:
    return f"/roles/{identifier('role_id', role_id)}{action}"


def list_all(**given: Unpack[RoleFilters]) -> Operation[Page[Role]]:
    """GET /roles."""
    return listed("/roles", Page[Role], given, RoleFilters)


def get(role_id: str) -> Operation[Role]:
    """GET /roles/{id}."""
    return read(_at(role_id), Role)


def create(**given: Unpack[NewRole]) -> Operation[Role]:
    """POST /roles."""
    return new("/roles", Role, given, NewRole)


def update(role_id: str, **given: Unpack[RoleChange]) -> Operation[Role]:
    """PATCH /roles/{id}."""
    return change(_at(role_id), Role, given, RoleChange)


def archive(role_id: str, **given: Unpack[Step]) -> Operation[Role]:
    """POST /roles/{id}/archive."""
    return act(_at(role_id, "/archive"), Role, given)


def restore(role_id: str, **given: Unpack[Step]) -> Operation[Role]:
    """POST /roles/{id}/restore."""
    return act(_at(role_id, "/restore"), Role, given)
