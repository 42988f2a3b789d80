"""Alerts."""

from __future__ import annotations

from typing import Unpack

from sekur_sdk.client.endpoint import Resource, fetch, listing, post
from sekur_sdk.client.options import CallOptions, ListOptions, StepOptions
from sekur_sdk.client.shells import ShellT
from sekur_sdk.models.alerts import Alert, AlertStatus
from sekur_sdk.models.device import AlertKind
from sekur_sdk.models.paging import Page


class Alerts(Resource[ShellT]):
    """Calls for help and technical alarms."""

    @listing("/alerts")
    def list(
        self,
        *,
        status: AlertStatus | str | None = None,
        kind: AlertKind | str | None = None,
        site_id: str | None = None,
        device_id: str | None = None,
        **options: Unpack[ListOptions],
    ) -> Page[Alert]:
        """Alerts, by `status`, `kind`, site and device."""

    @fetch("/alerts/{alert_id}")
    def get(self, alert_id: str, **options: Unpack[CallOptions]) -> Alert:
        """One alert."""

    @post("/alerts/{alert_id}/acknowledge")
    def acknowledge(self, alert_id: str, *, by: str | None = None, **options: Unpack[StepOptions]) -> Alert:
        """A person takes the alert in hand: `by`, or the token's own name. With `version`, only if the alert has not changed since."""

    @post("/alerts/{alert_id}/resolve")
    def resolve(
        self,
        alert_id: str,
        *,
        resolution: str,
        false_alarm: bool = False,
        by: str | None = None,
        **options: Unpack[StepOptions],
    ) -> Alert:
        """The alert is over: `resolution` says how, `false_alarm` that nothing had happened. With `version`, only if the alert has not changed since."""
