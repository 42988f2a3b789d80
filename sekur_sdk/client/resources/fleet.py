"""Devices: the wearables of the fleet."""

from __future__ import annotations

from typing import Unpack

from sekur_sdk.client.endpoint import Resource, fetch, listing, post
from sekur_sdk.client.options import CallOptions, ListOptions, PostOptions
from sekur_sdk.client.shells import ShellT
from sekur_sdk.models.fleet import Device, DeviceStatus
from sekur_sdk.models.paging import Page


class Devices(Resource[ShellT]):
    """Wearables."""

    @listing("/devices")
    def list(
        self, *, status: DeviceStatus | str | None = None, site_id: str | None = None, **options: Unpack[ListOptions]
    ) -> Page[Device]:
        """Wearables, by `status` and site."""

    @fetch("/devices/{device_id}")
    def get(self, device_id: str, **options: Unpack[CallOptions]) -> Device:
        """One wearable."""

    @post("/devices")
    def create(
        self,
        *,
        label: str,
        model: str,
        employee_id: str | None = None,
        site_id: str | None = None,
        **options: Unpack[PostOptions],
    ) -> Device:
        """Registers a wearable."""
