"""Duties: start, breaks and end of service."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal, Unpack

from sekur_sdk.client.endpoint import Resource, fetch, listing, post
from sekur_sdk.client.options import CallOptions, ListOptions, PostOptions, StepOptions
from sekur_sdk.client.shells import ShellT
from sekur_sdk.models.duties import Break, Duty, DutyStatus
from sekur_sdk.models.paging import Page


class Duties(Resource[ShellT]):
    """Worked periods."""

    @listing("/duties")
    def list(
        self,
        *,
        site_id: str | None = None,
        employee_id: str | None = None,
        status: DutyStatus | str | None = None,
        shift_id: str | None = None,
        forgotten_end: bool | None = None,
        started_from: datetime | None = None,
        started_before: datetime | None = None,
        **options: Unpack[ListOptions],
    ) -> Page[Duty]:
        """Duties, by site, employee, `status`, shift and start: at or after `started_from`, before `started_before`."""

    @fetch("/duties/{duty_id}")
    def get(self, duty_id: str, **options: Unpack[CallOptions]) -> Duty:
        """One duty."""

    @post("/duties")
    def start(
        self,
        *,
        employee_id: str,
        site_id: str,
        shift_id: str | None = None,
        device_id: str | None = None,
        method: Literal["api", "nfc", "qr", "phone", "manual"] | None = None,
        started_at: datetime | None = None,
        **options: Unpack[PostOptions],
    ) -> Duty:
        """Starts a duty (prise de service), now when `started_at` is None; the device is handed over with it.

        Raises:
            ConflictError: the employee is on duty, or somebody else wears the device.
        """

    @post("/duties/{duty_id}/break-start")
    def start_break(self, duty_id: str, *, at: datetime | None = None, **options: Unpack[StepOptions]) -> Duty:
        """Starts a break.

        `at` is when it happened, now when None. With `version`, only if the duty has not changed since.
        """

    @post("/duties/{duty_id}/break-end")
    def end_break(self, duty_id: str, *, at: datetime | None = None, **options: Unpack[StepOptions]) -> Duty:
        """Ends the break.

        `at` is when it happened, now when None. With `version`, only if the duty has not changed since.
        """

    @post("/duties/{duty_id}/end")
    def end(self, duty_id: str, *, at: datetime | None = None, **options: Unpack[StepOptions]) -> Duty:
        """Ends the duty (fin de service).

        `at` is when it happened, now when None. With `version`, only if the duty has not changed since.
        """

    @post("/duties/{duty_id}/correct")
    def correct(
        self,
        duty_id: str,
        *,
        reason: str,
        started_at: datetime | None = None,
        ended_at: datetime | None = None,
        breaks: Sequence[Break] | None = None,
        by: str | None = None,
        **options: Unpack[StepOptions],
    ) -> Duty:
        """Sets other times; what the duty told before stays readable in its `corrections`."""

    @post("/duties/{duty_id}/validate")
    def validate(self, duty_id: str, *, by: str | None = None, **options: Unpack[StepOptions]) -> Duty:
        """Lets it count for the pay; `by` is the token's own name when None."""
