"""Positions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekur_sdk.client._async.pager import AsyncPager
from sekur_sdk.client._async.shell import AsyncResource
from sekur_sdk.client.operations import positions

if TYPE_CHECKING:
    from datetime import datetime
    from typing import Unpack

    from sekur_sdk.client.options import ListOptions
    from sekur_sdk.models.geolocation import Position


class AsyncPositions(AsyncResource):
    """Where wearables were, on duty and outside breaks only."""

    def list(
        self,
        *,
        device_id: str | None = None,
        duty_id: str | None = None,
        alert_id: str | None = None,
        received_from: datetime | None = None,
        received_before: datetime | None = None,
        **options: Unpack[ListOptions],
    ) -> AsyncPager[Position]:
        """Positions, by device, duty, alert and time of arrival: at or after `received_from`, before `received_before`."""
        return AsyncPager(
            self._shell,
            positions.list_all(
                device_id=device_id,
                duty_id=duty_id,
                alert_id=alert_id,
                received_from=received_from,
                received_before=received_before,
            ),
            options,
        )
