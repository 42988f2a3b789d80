"""Rounds (rondes): the checkpoints of a site, the rounds over them, and what was scanned."""

from __future__ import annotations

import attrs

from sekur_sdk.models.device import ScanMethod
from sekur_sdk.models.scalars import OpenEnum, Rate, Timestamp


class CheckpointStatus(OpenEnum):
    """Whether a checkpoint, or a template of rounds, is in use."""

    ACTIVE = "active"
    ARCHIVED = "archived"


@attrs.frozen(kw_only=True)
class Checkpoint:
    """A place to pass by (pointeau), told by its tag or by its place on the map (WGS 84, `radius_m` around it).

    `tag_hash` is the SHA-256 (hex) of the tag's text in UTF-8; the text itself is kept nowhere.
    """

    id: str
    site_id: str
    name: str
    tag_kind: ScanMethod
    tag_hash: str | None = None
    lat: float | None = attrs.field(default=None, repr=False)
    lon: float | None = attrs.field(default=None, repr=False)
    radius_m: float | None = None
    instructions: str | None = attrs.field(default=None, repr=False)
    photo_required: bool
    answer_required: bool
    status: CheckpointStatus
    version: int
    created_at: Timestamp
    updated_at: Timestamp


class RoundMode(OpenEnum):
    """In which order a round goes: that of its template, any, or one that is drawn for each round."""

    ORDERED = "ordered"
    FREE = "free"
    RANDOM = "random"


@attrs.frozen(kw_only=True)
class RoundSchedule:
    """When rounds start, in the site's time: `HH:MM`, on these days of the week (1 is Monday, 7 Sunday; none: all)."""

    start_times: tuple[str, ...]
    weekdays: tuple[int, ...] = ()


@attrs.frozen(kw_only=True)
class RoundTemplate:
    """A round to be made: its checkpoints, how long it takes, and how late it may start before it counts as late.

    With a schedule its rounds are planned by the server, a day ahead.
    """

    id: str
    site_id: str
    name: str
    mode: RoundMode
    checkpoint_ids: tuple[str, ...]
    schedule: RoundSchedule | None = None
    expected_minutes: int
    grace_minutes: int
    status: CheckpointStatus
    version: int
    created_at: Timestamp
    updated_at: Timestamp


class RoundStatus(OpenEnum):
    """The life of a round."""

    PLANNED = "planned"
    LATE = "late"
    RUNNING = "running"
    COMPLETED = "completed"
    INCOMPLETE = "incomplete"
    MISSED = "missed"
    CANCELLED = "cancelled"


@attrs.frozen(kw_only=True)
class Round:
    """One round, with its template's checkpoints as they were when it was planned, in the order to go.

    `scanned` counts the checkpoints with a valid scan, `completion` is its share of all (0 to 1, four decimals), `is_late`
    that the round began after its grace or has not begun by then, `anomalies` those reported.
    """

    id: str
    template_id: str
    site_id: str
    name: str
    mode: RoundMode
    checkpoint_ids: tuple[str, ...]
    planned_at: Timestamp
    expected_minutes: int
    grace_minutes: int
    employee_id: str | None = None
    device_id: str | None = None
    started_at: Timestamp | None = None
    ended_at: Timestamp | None = None
    is_late: bool
    scanned: int
    completion: Rate
    anomalies: int
    status: RoundStatus
    version: int
    created_at: Timestamp
    updated_at: Timestamp


@attrs.frozen(kw_only=True)
class Scan:
    """A checkpoint that was read, as the device told it (`scanned_at`) and when the server heard of it (`received_at`).

    `drift_s` is how far the device's clock was behind the server's when it sent the scan, None where it did not say;
    `clock_drifted` that it can't be trusted. `in_zone` is None without a place to compare, `order_ok` where the round has
    no order. A scan is `valid`, and counts, when it was not told from elsewhere and has the photo and the answer that the
    checkpoint asks for. A tag that no checkpoint has leaves `checkpoint_id` None; without a round of its time, `round_id`
    is None.
    """

    id: str
    uid: str
    round_id: str | None = None
    checkpoint_id: str | None = None
    employee_id: str | None = None
    device_id: str | None = None
    method: ScanMethod
    tag_hash: str | None = None
    scanned_at: Timestamp
    received_at: Timestamp
    drift_s: float | None = None
    clock_drifted: bool
    lat: float | None = attrs.field(default=None, repr=False)
    lon: float | None = attrs.field(default=None, repr=False)
    accuracy_m: float | None = None
    in_zone: bool | None = None
    order_ok: bool | None = None
    valid: bool
    manual_reason: str | None = attrs.field(default=None, repr=False)
    answer: str | None = attrs.field(default=None, repr=False)
    photo_id: str | None = None
    entry_id: str | None = None
