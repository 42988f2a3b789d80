"""Places that are guarded."""

from __future__ import annotations

import attrs

from sekur_sdk.models.scalars import OpenEnum, Timestamp


class SiteStatus(OpenEnum):
    """Whether a site is served."""

    PROSPECT = "prospect"
    ACTIVE = "active"
    CLOSED = "closed"


@attrs.frozen(kw_only=True)
class Site:
    """A guarded place. `radius_m` is its geofence around `lat`, `lon` (WGS 84)."""

    id: str
    name: str
    customer_name: str
    address: str = attrs.field(repr=False)
    lat: float | None = attrs.field(default=None, repr=False)
    lon: float | None = attrs.field(default=None, repr=False)
    radius_m: float | None = None
    time_zone: str
    status: SiteStatus
    version: int
    created_at: Timestamp
    updated_at: Timestamp
