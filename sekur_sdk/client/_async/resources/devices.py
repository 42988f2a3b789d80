"""Devices: the wearables of the fleet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekur_sdk.client._async.pager import AsyncPager
from sekur_sdk.client._async.shell import AsyncResource
from sekur_sdk.client.operations import devices

if TYPE_CHECKING:
    from typing import Unpack

    from sekur_sdk.client.options import CallOptions, ListOptions, PostOptions
    from sekur_sdk.models.fleet import Device, DeviceStatus


class AsyncDevices(AsyncResource):
    """Wearables."""

    def list(
        self, *, status: DeviceStatus | str | None = None, site_id: str | None = None, **options: Unpack[ListOptions]
    ) -> AsyncPager[Device]:
        """Wearables, by `status` and site."""
        return AsyncPager(self._shell, devices.list_all(status=status, site_id=site_id), options)

    async def get(self, device_id: str, **options: Unpack[CallOptions]) -> Device:
        """One wearable."""
        return await self._shell.call(devices.get(device_id), options)

    async def create(
        self,
        *,
        label: str,
        model: str,
        employee_id: str | None = None,
        site_id: str | None = None,
        **options: Unpack[PostOptions],
    ) -> Device:
        """Registers a wearable."""
        return await self._shell.call(
            devices.create(label=label, model=model, employee_id=employee_id, site_id=site_id), options
        )
