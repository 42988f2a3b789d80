"""Sites."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import UNSET

from sekur_sdk.client.arguments import body, given_choice, identifier, query, words
from sekur_sdk.client.operation import get as read
from sekur_sdk.client.operation import post
from sekur_sdk.models.paging import Page
from sekur_sdk.models.sites import Site, SiteStatus

if TYPE_CHECKING:
    from sekur_sdk.client.operation import Operation


def list_all(*, status: str | None) -> Operation[Page[Site]]:
    """GET /sites."""
    filters = query(given_choice("status", status, SiteStatus))
    return read("/sites", Page[Site], filters)


def get(site_id: str) -> Operation[Site]:
    """GET /sites/{id}."""
    return read(f"/sites/{identifier('site_id', site_id)}", Site)


def create(
    *,
    name: str,
    customer_name: str,
    address: str,
    lat: float | None,
    lon: float | None,
    radius_m: float | None,
    time_zone: str | None,
) -> Operation[Site]:
    """POST /sites."""
    return post(
        "/sites",
        Site,
        body(
            name=words("name", name),
            customer_name=words("customer_name", customer_name),
            address=words("address", address),
            lat=UNSET if lat is None else lat,
            lon=UNSET if lon is None else lon,
            radius_m=UNSET if radius_m is None else radius_m,
            time_zone=UNSET if time_zone is None else time_zone,
        ),
    )
