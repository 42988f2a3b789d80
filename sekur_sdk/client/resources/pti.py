"""Lone-worker protection (PTI)."""

from __future__ import annotations

from typing import Unpack

from sekur_sdk.client.endpoint import Resource, fetch, listing, post
from sekur_sdk.client.options import CallOptions, ListOptions, PostOptions, StepOptions
from sekur_sdk.client.shells import ShellT
from sekur_sdk.models.paging import Page
from sekur_sdk.models.pti import PtiSession, PtiStatus


class PtiSessions(Resource[ShellT]):
    """Sessions in which an employee is expected to be heard of."""

    @listing("/pti-sessions")
    def list(
        self,
        *,
        status: PtiStatus | str | None = None,
        employee_id: str | None = None,
        duty_id: str | None = None,
        device_id: str | None = None,
        site_id: str | None = None,
        **options: Unpack[ListOptions],
    ) -> Page[PtiSession]:
        """Sessions, by `status`, employee, duty, device and site."""

    @fetch("/pti-sessions/{session_id}")
    def get(self, session_id: str, **options: Unpack[CallOptions]) -> PtiSession:
        """One session."""

    @post("/pti-sessions")
    def open(
        self,
        *,
        duty_id: str,
        device_id: str | None = None,
        heartbeat_s: int | None = None,
        **options: Unpack[PostOptions],
    ) -> PtiSession:
        """Opens a session for a duty that runs: of a wearable, or of an app without one.

        Nothing heard for `heartbeat_s` seconds (180 when None) raises a technical alert.
        """

    @post("/pti-sessions/{session_id}/heartbeat")
    def heartbeat(self, session_id: str, **options: Unpack[StepOptions]) -> PtiSession:
        """All is well. A session that was lost is open again, its alert resolved."""

    @post("/pti-sessions/{session_id}/end")
    def end(self, session_id: str, **options: Unpack[StepOptions]) -> PtiSession:
        """Ends the session; the end of its duty does so too."""
