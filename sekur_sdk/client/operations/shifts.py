"""Shifts: the planning."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import UNSET, UnsetType

from sekur_sdk.client.arguments import (
    body,
    choice,
    given_choice,
    given_id,
    given_timestamp,
    identifier,
    query,
    timestamp,
    whole,
    words,
)
from sekur_sdk.client.operation import get as read
from sekur_sdk.client.operation import patch, post
from sekur_sdk.models.paging import Page
from sekur_sdk.models.planning import Shift, ShiftStatus

if TYPE_CHECKING:
    from datetime import datetime

    from sekur_sdk.client.operation import Operation


def list_all(
    *,
    site_id: str | None,
    employee_id: str | None,
    status: str | None,
    starts_from: datetime | None,
    starts_before: datetime | None,
) -> Operation[Page[Shift]]:
    """GET /shifts."""
    filters = query(
        given_id("site_id", site_id),
        given_id("employee_id", employee_id),
        given_choice("status", status, ShiftStatus),
        given_timestamp("starts_from", starts_from),
        given_timestamp("starts_before", starts_before),
    )
    return read("/shifts", Page[Shift], filters)


def get(shift_id: str) -> Operation[Shift]:
    """GET /shifts/{id}."""
    return read(f"/shifts/{identifier('shift_id', shift_id)}", Shift)


def create(
    *,
    site_id: str,
    post_name: str,
    starts_at: datetime,
    ends_at: datetime,
    employee_id: str | None,
    break_minutes: int | None,
    notes: str | None,
) -> Operation[Shift]:
    """POST /shifts."""
    return post(
        "/shifts",
        Shift,
        body(
            site_id=identifier("site_id", site_id),
            post=words("post", post_name),
            starts_at=timestamp("starts_at", starts_at),
            ends_at=timestamp("ends_at", ends_at),
            employee_id=UNSET if employee_id is None else identifier("employee_id", employee_id),
            break_minutes=UNSET if break_minutes is None else whole("break_minutes", break_minutes),
            notes=UNSET if notes is None else notes,
        ),
    )


def update(
    shift_id: str,
    *,
    version: int,
    employee_id: str | UnsetType | None,
    post_name: str | UnsetType,
    starts_at: datetime | UnsetType,
    ends_at: datetime | UnsetType,
    break_minutes: int | UnsetType,
    notes: str | UnsetType | None,
    status: str | UnsetType,
) -> Operation[Shift]:
    """PATCH /shifts/{id}."""
    return patch(
        f"/shifts/{identifier('shift_id', shift_id)}",
        Shift,
        body(
            employee_id=identifier("employee_id", employee_id) if isinstance(employee_id, str) else employee_id,
            post=UNSET if post_name is UNSET else words("post", post_name),
            starts_at=UNSET if starts_at is UNSET else timestamp("starts_at", starts_at),
            ends_at=UNSET if ends_at is UNSET else timestamp("ends_at", ends_at),
            break_minutes=UNSET if break_minutes is UNSET else whole("break_minutes", break_minutes),
            notes=notes,
            status=UNSET if status is UNSET else choice("status", status, ShiftStatus),
        ),
        if_match=whole("version", version),
    )
