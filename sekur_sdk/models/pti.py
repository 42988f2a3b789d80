"""Lone-worker protection (PTI): sessions in which an employee is expected to be heard of."""

from __future__ import annotations

import attrs

from sekur_sdk.models.scalars import OpenEnum, Timestamp


class PtiStatus(OpenEnum):
    """The life of a session."""

    OPEN = "open"
    LOST = "lost"
    ENDED = "ended"


@attrs.frozen(kw_only=True)
class PtiSession:
    """One employee's protection over a duty, by a wearable or, without a `device_id`, by an app.

    It is lost when nothing is heard for `heartbeat_s` seconds; `alert_id` is then the technical alert that tells so.
    """

    id: str
    duty_id: str
    employee_id: str
    site_id: str
    device_id: str | None = None
    heartbeat_s: int
    started_at: Timestamp
    heard_at: Timestamp
    lost_at: Timestamp | None = None
    ended_at: Timestamp | None = None
    alert_id: str | None = None
    status: PtiStatus
    version: int
    created_at: Timestamp
    updated_at: Timestamp
