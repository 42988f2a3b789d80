"""Static tokens."""

from __future__ import annotations

from collections.abc import Sequence  # noqa: TC003  # read at run time
from datetime import datetime  # noqa: TC003  # read at run time
from typing import Required, Unpack

from sekur_sdk.client.arguments import identifier
from sekur_sdk.client.fields import Step, act, change, listed, new
from sekur_sdk.client.operation import Operation
from sekur_sdk.client.operation import get as read
from sekur_sdk.client.options import CallOptions, ListOptions, PostOptions
from sekur_sdk.models.access import ApiToken, NewApiToken, TokenStatus
from sekur_sdk.models.paging import Page


class ApiTokenFilters(ListOptions, total=False):
    """Filters and options of the list."""

    status: TokenStatus | str
    user_id: str


class RequestedToken(PostOptions, total=False):
    """Fields of a new one, and options."""

    name: Required[str]
    scopes: Required[Sequence[str]]
    user_id: str | None
    expires_at: datetime | None


class ApiTokenChange(CallOptions, total=False):
    """What to change, and options; `version` is the one that the caller saw."""

    version: Required[int]
    name: str


def _at(token_id: str, action: str = "") -> str:
    return f"/tokens/{identifier('token_id', token_id)}{action}"


def list_all(**given: Unpack[ApiTokenFilters]) -> Operation[Page[ApiToken]]:
    """GET /tokens."""
    return listed("/tokens", Page[ApiToken], given, ApiTokenFilters)


def get(token_id: str) -> Operation[ApiToken]:
    """GET /tokens/{id}."""
    return read(_at(token_id), ApiToken)


def create(**given: Unpack[RequestedToken]) -> Operation[NewApiToken]:
    """POST /tokens."""
    return new("/tokens", NewApiToken, given, RequestedToken)


def update(token_id: str, **given: Unpack[ApiTokenChange]) -> Operation[ApiToken]:
    """PATCH /tokens/{id}."""
    return change(_at(token_id), ApiToken, given, ApiTokenChange)


def revoke(token_id: str, **given: Unpack[Step]) -> Operation[ApiToken]:
    """POST /tokens/{id}/revoke."""
    return act(_at(token_id, "/revoke"), ApiToken, given)
