"""Alerts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekur_sdk.client._async.pager import AsyncPager
from sekur_sdk.client._async.shell import AsyncResource
from sekur_sdk.client.operations import alerts

if TYPE_CHECKING:
    from typing import Unpack

    from sekur_sdk.client.options import CallOptions, ListOptions, PostOptions
    from sekur_sdk.models.alerts import Alert, AlertStatus
    from sekur_sdk.models.device import AlertKind


class AsyncAlerts(AsyncResource):
    """Calls for help and technical alarms."""

    def list(
        self,
        *,
        status: AlertStatus | str | None = None,
        kind: AlertKind | str | None = None,
        site_id: str | None = None,
        device_id: str | None = None,
        **options: Unpack[ListOptions],
    ) -> AsyncPager[Alert]:
        """Alerts, by `status`, `kind`, site and device."""
        return AsyncPager(
            self._shell, alerts.list_all(status=status, kind=kind, site_id=site_id, device_id=device_id), options
        )

    async def get(self, alert_id: str, **options: Unpack[CallOptions]) -> Alert:
        """One alert."""
        return await self._shell.call(alerts.get(alert_id), options)

    async def acknowledge(
        self, alert_id: str, *, by: str | None = None, version: int | None = None, **options: Unpack[PostOptions]
    ) -> Alert:
        """A person takes the alert in hand: `by`, or the token's own name. With `version`, only if the alert has not changed since."""
        return await self._shell.call(alerts.acknowledge(alert_id, by=by, version=version), options)

    async def resolve(
        self,
        alert_id: str,
        *,
        resolution: str,
        false_alarm: bool = False,
        by: str | None = None,
        version: int | None = None,
        **options: Unpack[PostOptions],
    ) -> Alert:
        """The alert is over: `resolution` says how, `false_alarm` that nothing had happened. With `version`, only if the alert has not changed since."""
        return await self._shell.call(
            alerts.resolve(alert_id, resolution=resolution, false_alarm=false_alarm, by=by, version=version), options
        )
