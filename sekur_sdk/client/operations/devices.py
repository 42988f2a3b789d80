"""Devices: the wearables of the fleet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import UNSET

from sekur_sdk.client.arguments import body, given_choice, given_id, identifier, query, words
from sekur_sdk.client.operation import get as read
from sekur_sdk.client.operation import post
from sekur_sdk.models.fleet import Device, DeviceStatus
from sekur_sdk.models.paging import Page

if TYPE_CHECKING:
    from sekur_sdk.client.operation import Operation


def list_all(*, status: str | None, site_id: str | None) -> Operation[Page[Device]]:
    """GET /devices."""
    filters = query(given_choice("status", status, DeviceStatus), given_id("site_id", site_id))
    return read("/devices", Page[Device], filters)


def get(device_id: str) -> Operation[Device]:
    """GET /devices/{id}."""
    return read(f"/devices/{identifier('device_id', device_id)}", Device)


def create(*, label: str, model: str, employee_id: str | None, site_id: str | None) -> Operation[Device]:
    """POST /devices."""
    return post(
        "/devices",
        Device,
        body(
            label=words("label", label),
            model=words("model", model),
            employee_id=UNSET if employee_id is None else identifier("employee_id", employee_id),
            site_id=UNSET if site_id is None else identifier("site_id", site_id),
        ),
    )
