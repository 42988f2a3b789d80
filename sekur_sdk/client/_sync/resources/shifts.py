# Made from client/_async by tools/generate_sync.py: change it there.
"""Shifts: the planning."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import UNSET, UnsetType

from sekur_sdk.client._sync.pager import Pager
from sekur_sdk.client._sync.shell import Resource
from sekur_sdk.client.operations import shifts

if TYPE_CHECKING:
    from datetime import datetime
    from typing import Unpack

    from sekur_sdk.client.options import CallOptions, ListOptions, PostOptions
    from sekur_sdk.models.planning import Shift, ShiftStatus


class Shifts(Resource):
    """Planned periods of work."""

    def list(
        self,
        *,
        site_id: str | None = None,
        employee_id: str | None = None,
        status: ShiftStatus | str | None = None,
        starts_from: datetime | None = None,
        starts_before: datetime | None = None,
        **options: Unpack[ListOptions],
    ) -> Pager[Shift]:
        """Shifts, by site, employee, `status` and start: at or after `starts_from`, before `starts_before`."""
        return Pager(
            self._shell,
            shifts.list_all(
                site_id=site_id,
                employee_id=employee_id,
                status=status,
                starts_from=starts_from,
                starts_before=starts_before,
            ),
            options,
        )

    def get(self, shift_id: str, **options: Unpack[CallOptions]) -> Shift:
        """One shift."""
        return self._shell.call(shifts.get(shift_id), options)

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
        return self._shell.call(
            shifts.create(
                site_id=site_id,
                post_name=post,
                starts_at=starts_at,
                ends_at=ends_at,
                employee_id=employee_id,
                break_minutes=break_minutes,
                notes=notes,
            ),
            options,
        )

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
        return self._shell.call(
            shifts.update(
                shift_id,
                version=version,
                employee_id=employee_id,
                post_name=post,
                starts_at=starts_at,
                ends_at=ends_at,
                break_minutes=break_minutes,
                notes=notes,
                status=status,
            ),
            options,
        )
