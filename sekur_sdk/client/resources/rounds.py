"""Rounds (rondes): checkpoints, templates, rounds and what was scanned."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Unpack

from msgspec import UNSET, UnsetType

from sekur_sdk.client.endpoint import Resource, fetch, listing, patch, post
from sekur_sdk.client.options import CallOptions, ListOptions, PostOptions, StepOptions
from sekur_sdk.client.shells import ShellT
from sekur_sdk.models.device import ScanMethod
from sekur_sdk.models.logbook import LogbookEntry, Severity
from sekur_sdk.models.paging import Page
from sekur_sdk.models.rounds import (
    Checkpoint,
    CheckpointStatus,
    Round,
    RoundMode,
    RoundSchedule,
    RoundStatus,
    RoundTemplate,
    Scan,
)


class Checkpoints(Resource[ShellT]):
    """Places to pass by (pointeaux)."""

    @listing("/checkpoints")
    def list(
        self,
        *,
        site_id: str | None = None,
        status: CheckpointStatus | str | None = None,
        **options: Unpack[ListOptions],
    ) -> Page[Checkpoint]:
        """All that meet the filters."""

    @fetch("/checkpoints/{checkpoint_id}")
    def get(self, checkpoint_id: str, **options: Unpack[CallOptions]) -> Checkpoint:
        """One by its id."""

    @post("/checkpoints")
    def create(
        self,
        *,
        site_id: str,
        name: str,
        tag_kind: ScanMethod | str,
        tag: str | None = None,
        lat: float | None = None,
        lon: float | None = None,
        radius_m: float | None = None,
        instructions: str | None = None,
        photo_required: bool | None = None,
        answer_required: bool | None = None,
        **options: Unpack[PostOptions],
    ) -> Checkpoint:
        """A new one. Of `tag`, the text of an `nfc`, `qr` or `ble` tag, the server keeps the hash alone; `gps` has a place."""

    @patch("/checkpoints/{checkpoint_id}")
    def update(
        self,
        checkpoint_id: str,
        *,
        version: int,
        name: str | UnsetType = UNSET,
        tag: str | UnsetType = UNSET,
        lat: float | UnsetType | None = UNSET,
        lon: float | UnsetType | None = UNSET,
        radius_m: float | UnsetType | None = UNSET,
        instructions: str | UnsetType | None = UNSET,
        photo_required: bool | UnsetType = UNSET,
        answer_required: bool | UnsetType = UNSET,
        **options: Unpack[CallOptions],
    ) -> Checkpoint:
        """Changes what is given; None clears what may be empty. A `tag` replaces the one that was there.

        Raises:
            PreconditionFailedError: it has changed since `version`.
        """

    @post("/checkpoints/{checkpoint_id}/archive")
    def archive(self, checkpoint_id: str, **options: Unpack[StepOptions]) -> Checkpoint:
        """Used no more; refused while templates have it."""

    @post("/checkpoints/{checkpoint_id}/restore")
    def restore(self, checkpoint_id: str, **options: Unpack[StepOptions]) -> Checkpoint:
        """Used again."""


class RoundTemplates(Resource[ShellT]):
    """Rounds to be made, with their schedules."""

    @listing("/round-templates")
    def list(
        self,
        *,
        site_id: str | None = None,
        status: CheckpointStatus | str | None = None,
        **options: Unpack[ListOptions],
    ) -> Page[RoundTemplate]:
        """All that meet the filters."""

    @fetch("/round-templates/{template_id}")
    def get(self, template_id: str, **options: Unpack[CallOptions]) -> RoundTemplate:
        """One by its id."""

    @post("/round-templates")
    def create(
        self,
        *,
        site_id: str,
        name: str,
        checkpoint_ids: Sequence[str],
        mode: RoundMode | str | None = None,
        schedule: RoundSchedule | None = None,
        expected_minutes: int | None = None,
        grace_minutes: int | None = None,
        **options: Unpack[PostOptions],
    ) -> RoundTemplate:
        """A new one, `free` unless told, of 60 minutes with 15 of grace; with a schedule its rounds are planned a day ahead."""

    @patch("/round-templates/{template_id}")
    def update(
        self,
        template_id: str,
        *,
        version: int,
        name: str | UnsetType = UNSET,
        checkpoint_ids: Sequence[str] | UnsetType = UNSET,
        mode: RoundMode | str | UnsetType = UNSET,
        schedule: RoundSchedule | UnsetType | None = UNSET,
        expected_minutes: int | UnsetType = UNSET,
        grace_minutes: int | UnsetType = UNSET,
        **options: Unpack[CallOptions],
    ) -> RoundTemplate:
        """Changes what is given; the rounds that its schedule has planned follow.

        Raises:
            PreconditionFailedError: it has changed since `version`.
        """

    @post("/round-templates/{template_id}/archive")
    def archive(self, template_id: str, **options: Unpack[StepOptions]) -> RoundTemplate:
        """Used no more; its rounds that have not begun are cancelled."""

    @post("/round-templates/{template_id}/restore")
    def restore(self, template_id: str, **options: Unpack[StepOptions]) -> RoundTemplate:
        """Used again."""


class Rounds(Resource[ShellT]):
    """Rounds (rondes), each over the checkpoints of its template."""

    @listing("/rounds")
    def list(
        self,
        *,
        site_id: str | None = None,
        template_id: str | None = None,
        employee_id: str | None = None,
        device_id: str | None = None,
        status: RoundStatus | str | None = None,
        mode: RoundMode | str | None = None,
        planned_from: datetime | None = None,
        planned_before: datetime | None = None,
        **options: Unpack[ListOptions],
    ) -> Page[Round]:
        """All that meet the filters, by `planned_at` unless sorted otherwise."""

    @fetch("/rounds/{round_id}")
    def get(self, round_id: str, **options: Unpack[CallOptions]) -> Round:
        """One by its id."""

    @post("/rounds")
    def create(
        self,
        *,
        template_id: str,
        planned_at: datetime | None = None,
        employee_id: str | None = None,
        device_id: str | None = None,
        **options: Unpack[PostOptions],
    ) -> Round:
        """A new one, for now when `planned_at` is None."""

    @patch("/rounds/{round_id}")
    def update(
        self,
        round_id: str,
        *,
        version: int,
        planned_at: datetime | UnsetType = UNSET,
        employee_id: str | UnsetType | None = UNSET,
        device_id: str | UnsetType | None = UNSET,
        **options: Unpack[CallOptions],
    ) -> Round:
        """Changes what is given of a round that has not begun.

        Raises:
            PreconditionFailedError: it has changed since `version`.
        """

    @post("/rounds/{round_id}/start")
    def start(
        self,
        round_id: str,
        *,
        at: datetime | None = None,
        employee_id: str | None = None,
        device_id: str | None = None,
        **options: Unpack[StepOptions],
    ) -> Round:
        """Begun, now when `at` is None; a first scan begins a round too."""

    @post("/rounds/{round_id}/scan", subject=Round)
    def scan(
        self,
        round_id: str,
        *,
        uid: str,
        method: ScanMethod | str,
        tag: str | None = None,
        checkpoint_id: str | None = None,
        scanned_at: datetime | None = None,
        device_at: datetime | None = None,
        employee_id: str | None = None,
        device_id: str | None = None,
        lat: float | None = None,
        lon: float | None = None,
        accuracy_m: float | None = None,
        manual_reason: str | None = None,
        answer: str | None = None,
        photo_id: str | None = None,
        anomaly: str | None = None,
        **options: Unpack[StepOptions],
    ) -> Scan:
        """A checkpoint that was read: by its `tag`, by its place (`gps`), or by word alone (`manual`, with its reason).

        `uid` is the device's own, the same when it sends the scan again; `device_at` its clock as it sends, by which the time of a scan
        made without network is mended. An `anomaly` becomes an entry of the logbook.
        """

    @post("/rounds/{round_id}/report-anomaly", subject=Round)
    def report_anomaly(
        self,
        round_id: str,
        *,
        text: str,
        title: str | None = None,
        severity: Severity | str | None = None,
        author_id: str | None = None,
        checkpoint_id: str | None = None,
        occurred_at: datetime | None = None,
        attachments: Sequence[str] | None = None,
        shared_with_client: bool | None = None,
        **options: Unpack[StepOptions],
    ) -> LogbookEntry:
        """What the round found, as an entry of the site's logbook; by who makes it unless told."""

    @post("/rounds/{round_id}/end")
    def end(self, round_id: str, *, at: datetime | None = None, **options: Unpack[StepOptions]) -> Round:
        """Ended: completed, or incomplete."""

    @post("/rounds/{round_id}/cancel")
    def cancel(self, round_id: str, **options: Unpack[StepOptions]) -> Round:
        """Will not be made."""


class Scans(Resource[ShellT]):
    """What was scanned, in rounds and outside."""

    @listing("/scans")
    def list(
        self,
        *,
        round_id: str | None = None,
        checkpoint_id: str | None = None,
        employee_id: str | None = None,
        device_id: str | None = None,
        method: ScanMethod | str | None = None,
        valid: bool | None = None,
        scanned_from: datetime | None = None,
        scanned_before: datetime | None = None,
        **options: Unpack[ListOptions],
    ) -> Page[Scan]:
        """All that meet the filters, by `scanned_at` unless sorted otherwise."""

    @fetch("/scans/{scan_id}")
    def get(self, scan_id: str, **options: Unpack[CallOptions]) -> Scan:
        """One by its id."""
