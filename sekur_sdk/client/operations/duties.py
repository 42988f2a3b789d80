"""Duties: start, breaks and end of service."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import UNSET

from sekur_sdk.client.arguments import (
    body,
    given_choice,
    given_id,
    given_timestamp,
    identifier,
    query,
    timestamp,
    whole,
)
from sekur_sdk.client.operation import get as read
from sekur_sdk.client.operation import post
from sekur_sdk.models.duties import Duty, DutyStatus
from sekur_sdk.models.paging import Page

if TYPE_CHECKING:
    from datetime import datetime

    from sekur_sdk.client.operation import Operation


def list_all(
    *,
    site_id: str | None,
    employee_id: str | None,
    status: str | None,
    started_from: datetime | None,
    started_before: datetime | None,
) -> Operation[Page[Duty]]:
    """GET /duties."""
    filters = query(
        given_id("site_id", site_id),
        given_id("employee_id", employee_id),
        given_choice("status", status, DutyStatus),
        given_timestamp("started_from", started_from),
        given_timestamp("started_before", started_before),
    )
    return read("/duties", Page[Duty], filters)


def get(duty_id: str) -> Operation[Duty]:
    """GET /duties/{id}."""
    return read(f"/duties/{identifier('duty_id', duty_id)}", Duty)


def start(
    *, employee_id: str, site_id: str, shift_id: str | None, device_id: str | None, started_at: datetime | None
) -> Operation[Duty]:
    """POST /duties."""
    return post(
        "/duties",
        Duty,
        body(
            employee_id=identifier("employee_id", employee_id),
            site_id=identifier("site_id", site_id),
            shift_id=UNSET if shift_id is None else identifier("shift_id", shift_id),
            device_id=UNSET if device_id is None else identifier("device_id", device_id),
            started_at=UNSET if started_at is None else timestamp("started_at", started_at),
        ),
    )


def start_break(duty_id: str, *, at: datetime | None, version: int | None) -> Operation[Duty]:
    """POST /duties/{id}/break-start."""
    return _step(duty_id, "break-start", at, version)


def end_break(duty_id: str, *, at: datetime | None, version: int | None) -> Operation[Duty]:
    """POST /duties/{id}/break-end."""
    return _step(duty_id, "break-end", at, version)


def end(duty_id: str, *, at: datetime | None, version: int | None) -> Operation[Duty]:
    """POST /duties/{id}/end."""
    return _step(duty_id, "end", at, version)


def _step(duty_id: str, step: str, at: datetime | None, version: int | None) -> Operation[Duty]:
    return post(
        f"/duties/{identifier('duty_id', duty_id)}/{step}",
        Duty,
        body(at=UNSET if at is None else timestamp("at", at)),
        if_match=None if version is None else whole("version", version),
    )
