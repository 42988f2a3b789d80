"""Alerts: calls for help and technical alarms, as people handle them."""

from __future__ import annotations

import attrs

from sekur_sdk.models.device import AlertKind, Fix
from sekur_sdk.models.scalars import OpenEnum, Timestamp


class AlertStatus(OpenEnum):
    """The life of an alert."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    ESCALATED = "escalated"
    RESOLVED = "resolved"
    FALSE_ALARM = "false_alarm"


@attrs.frozen(kw_only=True)
class Alert:
    """One alarm and what became of it.

    `uid` is that of the device's message, None for an alert that the server raised. `occurred_at` is by the device's
    clock, `opened_at` by the server's. `fix_is_stale` says that `fix` was old already. `cancelled_at` is when the
    wearer cancelled: a person still has to resolve the alert. `escalation_level` counts how often it was escalated, by a
    person or because nobody acknowledged it in the site's `alert_delay_s`.
    """

    id: str
    uid: str | None = None
    kind: AlertKind
    fault: str | None = None
    silent: bool = False
    device_id: str | None = None
    employee_id: str | None = None
    site_id: str | None = None
    duty_id: str | None = None
    fix: Fix | None = None
    fix_is_stale: bool = False
    score: float | None = None
    occurred_at: Timestamp
    opened_at: Timestamp
    cancelled_at: Timestamp | None = None
    escalation_level: int = 0
    escalated_at: Timestamp | None = None
    escalated_by: str | None = attrs.field(default=None, repr=False)
    acknowledged_at: Timestamp | None = None
    acknowledged_by: str | None = attrs.field(default=None, repr=False)
    resolved_at: Timestamp | None = None
    resolved_by: str | None = attrs.field(default=None, repr=False)
    resolution: str | None = attrs.field(default=None, repr=False)
    status: AlertStatus
    version: int
    created_at: Timestamp
    updated_at: Timestamp
