"""Shifts: the planning."""

from __future__ import annotations

from datetime import datetime
from typing import Unpack

from msgspec import UNSET, UnsetType

from sekur_sdk.client.endpoint import Resource, fetch, listing, patch, post
from sekur_sdk.client.options import CallOptions, ListOptions, PostOptions
from sekur_sdk.client.shells import ShellT
from sekur_sdk.models.paging import Page
from sekur_sdk.models.planning import Shift, ShiftStatus


class Shifts(Resource[ShellT]):
    """Planned periods of work."""

    @listing("/shifts")
    def list(
        self,
        *,
        site_id: str | None = None,
        employee_id: str | None = None,
        status: ShiftStatus | str | None = None,
        starts_from: datetime | None = None,
        starts_before: datetime | None = None,
        **options: Unpack[ListOptions],
    ) -> Page[Shift]:
        """Shifts, by site, employee, `status` and start: at or after `starts_from`, before `starts_before`."""

    @fetch("/shifts/{shift_id}")
    def get(self, shift_id: str, **options: Unpack[CallOptions]) -> Shift:
        """One shift."""

    @post("/shifts")
    def create(
        self,
        *,
        site_id: str,
        post: str,
        starts_at: datetime,
        ends_at: datetime,
        employee_id: str | None = None,
        break_minutes: int | None = None,
        notes: str | None = None,
        **options: Unpack[PostOptions],
    ) -> Shift:
        """A new shift, a draft. `post` names the post of the site; `employee_id` may come later."""

    @patch("/shifts/{shift_id}")
    def update(
        self,
        shift_id: str,
        *,
        version: int,
        employee_id: str | UnsetType | None = UNSET,
        post: str | UnsetType = UNSET,
        starts_at: datetime | UnsetType = UNSET,
        ends_at: datetime | UnsetType = UNSET,
        break_minutes: int | UnsetType = UNSET,
        notes: str | UnsetType | None = UNSET,
        status: ShiftStatus | str | UnsetType = UNSET,
        **options: Unpack[CallOptions],
    ) -> Shift:
        """Changes what is given; None clears `employee_id` and `notes`. `status` takes one step.

        `version` is the one that the caller saw.

        Raises:
            PreconditionFailedError: the shift has changed since; `current_version` is the server's.
        """
