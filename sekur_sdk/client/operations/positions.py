"""Positions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekur_sdk.client.arguments import given_id, given_timestamp, query
from sekur_sdk.client.operation import get as read
from sekur_sdk.models.geolocation import Position
from sekur_sdk.models.paging import Page

if TYPE_CHECKING:
    from datetime import datetime

    from sekur_sdk.client.operation import Operation


def list_all(
    *,
    device_id: str | None,
    duty_id: str | None,
    alert_id: str | None,
    received_from: datetime | None,
    received_before: datetime | None,
) -> Operation[Page[Position]]:
    """GET /positions."""
    filters = query(
        given_id("device_id", device_id),
        given_id("duty_id", duty_id),
        given_id("alert_id", alert_id),
        given_timestamp("received_from", received_from),
        given_timestamp("received_before", received_before),
    )
    return read("/positions", Page[Position], filters)
