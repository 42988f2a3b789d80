"""Shifts: the planning."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Unpack

import attrs
from msgspec import UNSET, UnsetType

from sekur_sdk.client.endpoint import Resource, fetch, listing, patch, post
from sekur_sdk.client.options import CallOptions, ListOptions, PostOptions, StepOptions
from sekur_sdk.client.shells import ShellT
from sekur_sdk.models.paging import Page
from sekur_sdk.models.planning import PlannedShifts, Shift, ShiftStatus


@attrs.frozen(kw_only=True)
class NewShift:
    """A shift to be made together with others; `post` or `post_id` is needed."""

    site_id: str
    starts_at: datetime
    ends_at: datetime
    post: str | None = None
    post_id: str | None = None
    employee_id: str | None = None
    break_minutes: int | None = None
    notes: str | None = attrs.field(default=None, repr=False)


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
        starts_at: datetime,
        ends_at: datetime,
        post: str | None = None,
        post_id: str | None = None,
        employee_id: str | None = None,
        break_minutes: int | None = None,
        notes: str | None = None,
        **options: Unpack[PostOptions],
    ) -> Shift:
        """A new shift, a draft, on a post of the site: `post` is its name, or `post_id` its id. `employee_id` may come later.

        `break_minutes` is 0 for no break and None where that is not known yet.
        """

    @patch("/shifts/{shift_id}")
    def update(
        self,
        shift_id: str,
        *,
        version: int,
        employee_id: str | UnsetType | None = UNSET,
        post: str | UnsetType = UNSET,
        post_id: str | UnsetType | None = UNSET,
        starts_at: datetime | UnsetType = UNSET,
        ends_at: datetime | UnsetType = UNSET,
        break_minutes: int | UnsetType | None = UNSET,
        notes: str | UnsetType | None = UNSET,
        status: ShiftStatus | str | UnsetType = UNSET,
        **options: Unpack[CallOptions],
    ) -> Shift:
        """Changes what is given; None clears what may be empty. `status` takes one step.

        Who was told of the shift is told anew of another time or another employee, after the labour check.

        `version` is the one that the caller saw.

        Raises:
            PreconditionFailedError: the shift has changed since; `current_version` is the server's.
        """

    @post("/shifts/bulk", subject=Shift)
    def create_many(self, *, shifts: Sequence[NewShift], **options: Unpack[PostOptions]) -> PlannedShifts:
        """New shifts, drafts, up to 500: all of them or none.

        Raises:
            UnprocessableError: its errors name each field that is wrong, as in `$.shifts[3].ends_at`.
        """

    @post("/shifts/import", subject=Shift, content_type="text/csv")
    def import_csv(self, content: str | bytes, **options: Unpack[PostOptions]) -> PlannedShifts:
        """New shifts, drafts, from a CSV file in UTF-8 with English or French headers: all of them or none.

        Raises:
            UnprocessableError: its errors name line and column, as in `$.lines[3].fin`.
        """

    @post("/shifts/check", subject=Shift)
    def check(
        self,
        *,
        ids: Sequence[str] | None = None,
        starts_from: datetime | None = None,
        starts_before: datetime | None = None,
        site_id: str | None = None,
        employee_id: str | None = None,
        **options: Unpack[PostOptions],
    ) -> PlannedShifts:
        """The labour check: the shifts of `ids`, or those that start in a period, and what rules they break."""

    @post("/shifts/publish", subject=Shift)
    def publish(
        self,
        *,
        ids: Sequence[str] | None = None,
        starts_from: datetime | None = None,
        starts_before: datetime | None = None,
        site_id: str | None = None,
        employee_id: str | None = None,
        accept: Sequence[str] | None = None,
        **options: Unpack[PostOptions],
    ) -> PlannedShifts:
        """Publishes the drafts of `ids`, or those that start in a period, after their labour check: all of them or none.

        `accept` are codes of findings that shall not block: rules of the branch and the company that yield to an agreement
        or a consent (`REST_MIN_12H`, `REST_DAY_AFTER_48H`, `PERIOD_MIN_4H`, `PERIOD_MIN_6H`, `ABSENT`). Who accepts is in
        the audit.

        Raises:
            UnprocessableError: rules that block; the findings that do not are in the answer.
        """

    @post("/shifts/{shift_id}/assign")
    def assign(
        self, shift_id: str, *, employee_id: str, accept: Sequence[str] | None = None, **options: Unpack[StepOptions]
    ) -> Shift:
        """Gives it to an employee, who is told of it if it is published; `accept` as of `publish`."""

    @post("/shifts/{shift_id}/unassign")
    def unassign(self, shift_id: str, **options: Unpack[StepOptions]) -> Shift:
        """Makes it nobody's."""

    @post("/shifts/{shift_id}/acknowledge")
    def acknowledge(self, shift_id: str, **options: Unpack[StepOptions]) -> Shift:
        """Its employee has seen it and takes it."""

    @post("/shifts/{shift_id}/swap")
    def swap(self, shift_id: str, *, other_shift_id: str, agreed: bool, **options: Unpack[StepOptions]) -> Shift:
        """Exchanges the employees of two shifts; `agreed` that both consent in writing."""

    @post("/shifts/{shift_id}/no-show")
    def no_show(self, shift_id: str, **options: Unpack[StepOptions]) -> Shift:
        """Its employee did not come."""

    @post("/shifts/{shift_id}/replace")
    def replace(
        self,
        shift_id: str,
        *,
        employee_id: str,
        starts_at: datetime | None = None,
        accept: Sequence[str] | None = None,
        **options: Unpack[StepOptions],
    ) -> Shift:
        """Another employee stands in, of one who did not come from `starts_at` on: the new shift, published.

        `accept` as of `publish`.
        """

    @post("/shifts/{shift_id}/cancel")
    def cancel(self, shift_id: str, **options: Unpack[StepOptions]) -> Shift:
        """Gives it up."""

    @fetch("/planning/ics", accept="text/calendar")
    def calendar(
        self,
        *,
        site_id: str | None = None,
        employee_id: str | None = None,
        starts_from: datetime | None = None,
        starts_before: datetime | None = None,
        **options: Unpack[CallOptions],
    ) -> bytes:
        """The planning as a calendar (RFC 5545), without drafts, from a month ago on unless told."""
