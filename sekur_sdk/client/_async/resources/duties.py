"""Duties: start, breaks and end of service."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekur_sdk.client._async.pager import AsyncPager
from sekur_sdk.client._async.shell import AsyncResource
from sekur_sdk.client.operations import duties

if TYPE_CHECKING:
    from datetime import datetime
    from typing import Unpack

    from sekur_sdk.client.options import CallOptions, ListOptions, PostOptions
    from sekur_sdk.models.duties import Duty, DutyStatus


class AsyncDuties(AsyncResource):
    """Worked periods."""

    def list(
        self,
        *,
        site_id: str | None = None,
        employee_id: str | None = None,
        status: DutyStatus | str | None = None,
        started_from: datetime | None = None,
        started_before: datetime | None = None,
        **options: Unpack[ListOptions],
    ) -> AsyncPager[Duty]:
        """Duties, by site, employee, `status` and start: at or after `started_from`, before `started_before`."""
        return AsyncPager(
            self._shell,
            duties.list_all(
                site_id=site_id,
                employee_id=employee_id,
                status=status,
                started_from=started_from,
                started_before=started_before,
            ),
            options,
        )

    async def get(self, duty_id: str, **options: Unpack[CallOptions]) -> Duty:
        """One duty."""
        return await self._shell.call(duties.get(duty_id), options)

    async def start(
        self,
        *,
        employee_id: str,
        site_id: str,
        shift_id: str | None = None,
        device_id: str | None = None,
        started_at: datetime | None = None,
        **options: Unpack[PostOptions],
    ) -> Duty:
        """Starts a duty (prise de service), now when `started_at` is None."""
        return await self._shell.call(
            duties.start(
                employee_id=employee_id, site_id=site_id, shift_id=shift_id, device_id=device_id, started_at=started_at
            ),
            options,
        )

    async def start_break(
        self, duty_id: str, *, at: datetime | None = None, version: int | None = None, **options: Unpack[PostOptions]
    ) -> Duty:
        """Starts a break.

        `at` is when it happened, now when None. With `version`, only if the duty has not changed since.
        """
        return await self._shell.call(duties.start_break(duty_id, at=at, version=version), options)

    async def end_break(
        self, duty_id: str, *, at: datetime | None = None, version: int | None = None, **options: Unpack[PostOptions]
    ) -> Duty:
        """Ends the break.

        `at` is when it happened, now when None. With `version`, only if the duty has not changed since.
        """
        return await self._shell.call(duties.end_break(duty_id, at=at, version=version), options)

    async def end(
        self, duty_id: str, *, at: datetime | None = None, version: int | None = None, **options: Unpack[PostOptions]
    ) -> Duty:
        """Ends the duty (fin de service).

        `at` is when it happened, now when None. With `version`, only if the duty has not changed since.
        """
        return await self._shell.call(duties.end(duty_id, at=at, version=version), options)
