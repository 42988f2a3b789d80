"""Places that are guarded, and what guards do there."""

from __future__ import annotations

import attrs

from sekur_sdk.models.qualifications import CardActivity, QualificationKind
from sekur_sdk.models.scalars import OpenEnum, Timestamp


class SiteStatus(OpenEnum):
    """Whether a site is served."""

    PROSPECT = "prospect"
    ACTIVE = "active"
    CLOSED = "closed"


@attrs.frozen(kw_only=True)
class Site:
    """A guarded place. `radius_m` is its geofence around `lat`, `lon` (WGS 84).

    An alert there that nobody acknowledges within `alert_delay_s` seconds is escalated.
    """

    id: str
    name: str
    client_id: str | None = None
    customer_name: str
    address: str = attrs.field(repr=False)
    lat: float | None = attrs.field(default=None, repr=False)
    lon: float | None = attrs.field(default=None, repr=False)
    radius_m: float | None = None
    time_zone: str
    alert_delay_s: int = 120
    status: SiteStatus
    version: int
    created_at: Timestamp
    updated_at: Timestamp


class PostStatus(OpenEnum):
    """Whether a post is staffed."""

    ACTIVE = "active"
    ARCHIVED = "archived"


@attrs.frozen(kw_only=True)
class Post:
    """What a guard does at a site (poste), and what it takes: an activity of the card, and all of `qualifications`."""

    id: str
    site_id: str
    name: str
    activity: CardActivity
    qualifications: tuple[QualificationKind, ...] = ()
    is_break_paid: bool
    notes: str | None = attrs.field(default=None, repr=False)
    status: PostStatus
    version: int
    created_at: Timestamp
    updated_at: Timestamp
