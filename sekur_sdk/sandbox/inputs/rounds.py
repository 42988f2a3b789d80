"""Inputs of rounds."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, UnsetType

from sekur_sdk.sandbox.inputs.body import Patch, Strict
from sekur_sdk.sandbox.inputs.operations import SeverityName
from sekur_sdk.sandbox.inputs.scalars import (
    AccuracyM,
    At,
    AttachmentIds,
    IdText,
    Lat,
    Lon,
    LongText,
    Name,
    Notes,
    RadiusM,
)

MethodName = Literal["nfc", "qr", "ble", "gps", "manual"]
ModeName = Literal["ordered", "free", "random"]
RoundStatusName = Literal["planned", "late", "running", "completed", "incomplete", "missed", "cancelled"]
TagText = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
StartTime = Annotated[str, msgspec.Meta(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
Weekday = Annotated[int, msgspec.Meta(ge=1, le=7)]
CheckpointIds = Annotated[list[IdText], msgspec.Meta(min_length=1, max_length=200)]
ExpectedMinutes = Annotated[int, msgspec.Meta(ge=1, le=1440)]
GraceMinutes = Annotated[int, msgspec.Meta(ge=0, le=720)]


class CheckpointCreate(Strict, kw_only=True, frozen=True):
    """A new checkpoint; of its tag's text the hash alone is kept."""

    site_id: IdText
    name: Name
    tag_kind: MethodName
    tag: TagText | None = None
    lat: Lat | None = None
    lon: Lon | None = None
    radius_m: RadiusM | None = None
    instructions: Notes | None = None
    photo_required: bool = False
    answer_required: bool = False


class CheckpointUpdate(Patch, kw_only=True, frozen=True):
    """What to change of a checkpoint; a `tag` replaces the one that was there."""

    name: Name | UnsetType = UNSET
    tag: TagText | UnsetType = UNSET
    lat: Lat | UnsetType | None = UNSET
    lon: Lon | UnsetType | None = UNSET
    radius_m: RadiusM | UnsetType | None = UNSET
    instructions: Notes | UnsetType | None = UNSET
    photo_required: bool | UnsetType = UNSET
    answer_required: bool | UnsetType = UNSET


class RoundTimes(Strict, kw_only=True, frozen=True):
    """When rounds start, in the site's time."""

    start_times: Annotated[list[StartTime], msgspec.Meta(min_length=1, max_length=96)]
    weekdays: Annotated[list[Weekday], msgspec.Meta(max_length=7)] = msgspec.field(default_factory=list)


class TemplateCreate(Strict, kw_only=True, frozen=True):
    """A new template of rounds."""

    site_id: IdText
    name: Name
    mode: ModeName = "free"
    checkpoint_ids: CheckpointIds
    schedule: RoundTimes | None = None
    expected_minutes: ExpectedMinutes = 60
    grace_minutes: GraceMinutes = 15


class TemplateUpdate(Patch, kw_only=True, frozen=True):
    """What to change of a template; planned rounds follow."""

    name: Name | UnsetType = UNSET
    mode: ModeName | UnsetType = UNSET
    checkpoint_ids: CheckpointIds | UnsetType = UNSET
    schedule: RoundTimes | UnsetType | None = UNSET
    expected_minutes: ExpectedMinutes | UnsetType = UNSET
    grace_minutes: GraceMinutes | UnsetType = UNSET


class RoundCreate(Strict, kw_only=True, frozen=True):
    """A new round, for now unless told when."""

    template_id: IdText
    planned_at: At | None = None
    employee_id: IdText | None = None
    device_id: IdText | None = None


class RoundUpdate(Patch, kw_only=True, frozen=True):
    """What to change of a round that has not begun."""

    planned_at: At | UnsetType = UNSET
    employee_id: IdText | UnsetType | None = UNSET
    device_id: IdText | UnsetType | None = UNSET


class RoundStart(Strict, kw_only=True, frozen=True):
    """Who begins a round, with which wearable, now unless told when."""

    at: At | None = None
    employee_id: IdText | None = None
    device_id: IdText | None = None


class RoundEnd(Strict, kw_only=True, frozen=True):
    """When a round ended; now unless told."""

    at: At | None = None


class ScanCreate(Strict, kw_only=True, frozen=True):
    """A checkpoint that was read, by its tag, by its place (`gps`) or by word alone (`manual`).

    `uid` is the device's own, the same when it sends the scan again. `device_at` is the device's clock as it sends.
    """

    uid: IdText
    method: MethodName
    tag: TagText | None = None
    checkpoint_id: IdText | None = None
    scanned_at: At | None = None
    device_at: At | None = None
    employee_id: IdText | None = None
    device_id: IdText | None = None
    lat: Lat | None = None
    lon: Lon | None = None
    accuracy_m: AccuracyM | None = None
    manual_reason: Notes | None = None
    answer: Notes | None = None
    photo_id: IdText | None = None
    anomaly: LongText | None = None


class AnomalyReport(Strict, kw_only=True, frozen=True):
    """What a round found; by who makes it unless told."""

    text: LongText
    title: Name | None = None
    severity: SeverityName = "medium"
    author_id: IdText | None = None
    checkpoint_id: IdText | None = None
    occurred_at: At | None = None
    attachments: AttachmentIds = msgspec.field(default_factory=list)
    shared_with_client: bool = False
