"""Positions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Unpack

import attrs

from sekur_sdk.client.endpoint import Resource, fetch, listing, post
from sekur_sdk.client.options import CallOptions, ListOptions, PostOptions
from sekur_sdk.client.shells import ShellT
from sekur_sdk.models.device import FixSource
from sekur_sdk.models.geolocation import Position, PositionBatchResult, PositionPurpose
from sekur_sdk.models.paging import Page


@attrs.frozen(kw_only=True)
class NewPosition:
    """A position to be stored, WGS 84, under the sender's own UUID of it. Its repr shows no coordinates."""

    uid: str
    lat: float = attrs.field(repr=False)
    lon: float = attrs.field(repr=False)
    fix_at: datetime
    age_s: float | None = None
    accuracy_m: float | None = None
    source: FixSource | str | None = None


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

    @post("/positions/batch")
    def send(
        self,
        *,
        positions: Sequence[NewPosition],
        duty_id: str | None = None,
        alert_id: str | None = None,
        purpose: PositionPurpose | str | None = None,
        **options: Unpack[PostOptions],
    ) -> PositionBatchResult:
        """Stores positions of a duty or of an alert, all or none; one sent again under its `uid` changes nothing.

        Raises:
            UnprocessableError: some were taken outside the duty or on break; its `problem.errors` name the index of each.
        """

    @fetch("/employees/{employee_id}/last-position")
    def last(self, employee_id: str, **options: Unpack[CallOptions]) -> Position:
        """Where an employee was last seen.

        Raises:
            ConflictError: neither on duty outside breaks nor with a call for help that is not resolved.
        """
