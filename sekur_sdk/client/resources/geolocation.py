"""Positions."""

from __future__ import annotations

from datetime import datetime
from typing import Unpack

from sekur_sdk.client.endpoint import Resource, listing
from sekur_sdk.client.options import ListOptions
from sekur_sdk.client.shells import ShellT
from sekur_sdk.models.geolocation import Position
from sekur_sdk.models.paging import Page


class Positions(Resource[ShellT]):
    """Where wearables were, on duty and outside breaks only."""

    @listing("/positions")
    def list(
        self,
        *,
        device_id: str | None = None,
        duty_id: str | None = None,
        alert_id: str | None = None,
        received_from: datetime | None = None,
        received_before: datetime | None = None,
        **options: Unpack[ListOptions],
    ) -> Page[Position]:
        """Positions, by device, duty, alert and time of arrival: at or after `received_from`, before `received_before`."""
