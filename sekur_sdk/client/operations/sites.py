"""Guarded places."""

from __future__ import annotations

from typing import Literal, Required, TypedDict, Unpack

from sekur_sdk.client.arguments import identifier
from sekur_sdk.client.fields import Step, act, change, listed, new
from sekur_sdk.client.operation import Operation
from sekur_sdk.client.operation import get as read
from sekur_sdk.client.options import CallOptions, ListOptions, PostOptions
from sekur_sdk.models.paging import Page
from sekur_sdk.models.sites import Site, SiteStatus


class SiteFilters(ListOptions, total=False):
    """Filters and options of the list."""

    status: SiteStatus | str
    client_id: str


class _SiteFields(TypedDict, total=False):
    """Fields that need not be given."""

    client_id: str | None
    lat: float | None
    lon: float | None
    radius_m: float | None


class NewSite(_SiteFields, PostOptions, total=False):
    """Fields of a new one, and options."""

    name: Required[str]
    address: Required[str]
    customer_name: str | None
    time_zone: str | None
    status: Literal["prospect", "active"]


class SiteChange(_SiteFields, CallOptions, total=False):
    """What to change, and options; `version` is the one that the caller saw."""

    version: Required[int]
    name: str
    address: str
    customer_name: str
    time_zone: str


def _at(site_id: str, action: str = "") -> str:
    return f"/sites/{identifier('site_id', site_id)}{action}"


def list_all(**given: Unpack[SiteFilters]) -> Operation[Page[Site]]:
    """GET /sites."""
    return listed("/sites", Page[Site], given, SiteFilters)


def get(site_id: str) -> Operation[Site]:
    """GET /sites/{id}."""
    return read(_at(site_id), Site)


def create(**given: Unpack[NewSite]) -> Operation[Site]:
    """POST /sites."""
    return new("/sites", Site, given, NewSite)


def update(site_id: str, **given: Unpack[SiteChange]) -> Operation[Site]:
    """PATCH /sites/{id}."""
    return change(_at(site_id), Site, given, SiteChange)


def activate(site_id: str, **given: Unpack[Step]) -> Operation[Site]:
    """POST /sites/{id}/activate."""
    return act(_at(site_id, "/activate"), Site, given)


def close(site_id: str, **given: Unpack[Step]) -> Operation[Site]:
    """POST /sites/{id}/close."""
    return act(_at(site_id, "/close"), Site, given)


def reopen(site_id: str, **given: Unpack[Step]) -> Operation[Site]:
    """POST /sites/{id}/reopen."""
    return act(_at(site_id, "/reopen"), Site, given)
