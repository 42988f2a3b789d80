"""Alerts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import UNSET

from sekur_sdk.client.arguments import body, given_choice, given_id, identifier, query, whole, words
from sekur_sdk.client.operation import get as read
from sekur_sdk.client.operation import post
from sekur_sdk.models.alerts import Alert, AlertStatus
from sekur_sdk.models.device import AlertKind
from sekur_sdk.models.paging import Page

if TYPE_CHECKING:
    from sekur_sdk.client.operation import Operation


def list_all(
    *, status: str | None, kind: str | None, site_id: str | None, device_id: str | None
) -> Operation[Page[Alert]]:
    """GET /alerts."""
    filters = query(
        given_choice("status", status, AlertStatus),
        given_choice("kind", kind, AlertKind),
        given_id("site_id", site_id),
        given_id("device_id", device_id),
    )
    return read("/alerts", Page[Alert], filters)


def get(alert_id: str) -> Operation[Alert]:
    """GET /alerts/{id}."""
    return read(f"/alerts/{identifier('alert_id', alert_id)}", Alert)


def acknowledge(alert_id: str, *, by: str | None, version: int | None) -> Operation[Alert]:
    """POST /alerts/{id}/acknowledge."""
    return post(
        f"/alerts/{identifier('alert_id', alert_id)}/acknowledge",
        Alert,
        body(by=UNSET if by is None else words("by", by)),
        if_match=None if version is None else whole("version", version),
    )


def resolve(
    alert_id: str, *, resolution: str, false_alarm: bool, by: str | None, version: int | None
) -> Operation[Alert]:
    """POST /alerts/{id}/resolve."""
    return post(
        f"/alerts/{identifier('alert_id', alert_id)}/resolve",
        Alert,
        body(
            resolution=words("resolution", resolution),
            false_alarm=bool(false_alarm),
            by=UNSET if by is None else words("by", by),
        ),
        if_match=None if version is None else whole("version", version),
    )
