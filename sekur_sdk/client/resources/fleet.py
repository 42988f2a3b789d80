"""Devices: the wearables of the fleet."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Unpack

from msgspec import UNSET, UnsetType

from sekur_sdk.client.endpoint import Resource, fetch, listing, patch, post
from sekur_sdk.client.options import CallOptions, ListOptions, PostOptions
from sekur_sdk.client.shells import ShellT
from sekur_sdk.models.fleet import Device, DeviceCommand, DeviceCommandStatus, DeviceConfig, DeviceStatus
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

    @listing("/devices/{device_id}/commands")
    def commands(
        self,
        device_id: str,
        *,
        status: DeviceCommandStatus | str | None = None,
        kind: str | None = None,
        **options: Unpack[ListOptions],
    ) -> Page[DeviceCommand]:
        """What a wearable was told to do, by `status` and `kind`."""

    @fetch("/devices/{device_id}/commands/{command_id}")
    def get_command(self, device_id: str, command_id: str, **options: Unpack[CallOptions]) -> DeviceCommand:
        """One command, with what became of it."""

    @post("/devices/{device_id}/commands", subject=Device)
    def send_command(
        self,
        device_id: str,
        *,
        kind: str,
        expires_at: datetime,
        args: Mapping[str, str] | None = None,
        **options: Unpack[PostOptions],
    ) -> DeviceCommand:
        """Tells a wearable to do something once, before `expires_at`."""

    @fetch("/devices/{device_id}/config")
    def get_config(self, device_id: str, **options: Unpack[CallOptions]) -> DeviceConfig:
        """What a wearable shall run with, and what it says it runs with."""

    @patch("/devices/{device_id}/config")
    def configure(
        self,
        device_id: str,
        *,
        version: int,
        pre_alarm_s: float | UnsetType | None = UNSET,
        tilt_deg: float | UnsetType | None = UNSET,
        tilt_hold_s: float | UnsetType | None = UNSET,
        no_motion_mg: float | UnsetType | None = UNSET,
        no_motion_hold_s: float | UnsetType | None = UNSET,
        check_in_s: float | UnsetType | None = UNSET,
        position_interval_s: float | UnsetType | None = UNSET,
        silent_sos: bool | UnsetType | None = UNSET,
        **options: Unpack[CallOptions],
    ) -> DeviceConfig:
        """Sets what is given, in seconds, degrees and thousandths of g; None leaves the wearable's own value.

        Raises:
            PreconditionFailedError: it has changed since `version`, that of the configuration.
        """
