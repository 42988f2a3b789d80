# Made from client/_async by tools/generate_sync.py: change it there.
"""Devices: the wearables of the fleet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekur_sdk.client._sync.pager import Pager
from sekur_sdk.client._sync.shell import Resource
from sekur_sdk.client.operations import devices

if TYPE_CHECKING:
    from typing import Unpack

    from sekur_sdk.client.options import CallOptions, ListOptions, PostOptions
    from sekur_sdk.models.fleet import Device, DeviceStatus


class Devices(Resource):
    """Wearables."""

    def list(
        self, *, status: DeviceStatus | str | None = None, site_id: str | None = None, **options: Unpack[ListOptions]
    ) -> Pager[Device]:
        """Wearables, by `status` and site."""
        return Pager(self._shell, devices.list_all(status=status, site_id=site_id), options)

    def get(self, device_id: str, **options: Unpack[CallOptions]) -> Device:
        """One wearable."""
        return self._shell.call(devices.get(device_id), options)

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
        return self._shell.call(
            devices.create(label=label, model=model, employee_id=employee_id, site_id=site_id), options
        )
