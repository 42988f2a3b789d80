"""Planning: who works where and when."""

from __future__ import annotations

import attrs

from sekur_sdk.models.scalars import OpenEnum, Rate, Timestamp


class ShiftStatus(OpenEnum):
    """The life of a shift."""

    DRAFT = "draft"
    PUBLISHED = "published"
    ACKNOWLEDGED = "acknowledged"
    IN_PROGRESS = "in_progress"
    DONE = "done"
    CANCELLED = "cancelled"
    NO_SHOW = "no_show"
    REPLACED = "replaced"


@attrs.frozen(kw_only=True)
class Shift:
    """A planned period of work (vacation) on one post of a site; `employee_id` is None while nobody has it.

    `break_minutes` is 0 where no break is planned and None where that is not known. `published_at` is when its employee was
    told of it as it is now. `replaces_id` is the shift that it stands in for.
    """

    id: str
    site_id: str
    employee_id: str | None = None
    post: str
    post_id: str | None = None
    starts_at: Timestamp
    ends_at: Timestamp
    break_minutes: int | None = None
    notes: str | None = attrs.field(default=None, repr=False)
    published_at: Timestamp | None = None
    acknowledged_at: Timestamp | None = None
    replaces_id: str | None = None
    status: ShiftStatus
    version: int
    created_at: Timestamp
    updated_at: Timestamp


class FindingSeverity(OpenEnum):
    """Whose rule a finding is about."""

    LAW = "law"
    BRANCH = "branch"
    COMPANY = "company"
    INFO = "info"


@attrs.frozen(kw_only=True)
class PlanningFinding:
    """A rule that an employee's planning breaks, from `starts_at` to `ends_at`; the text is French, for planners.

    `measured` and `limit` are in `unit` (minute, hour, day, rank). What `blocks` is not published.
    """

    code: str
    severity: FindingSeverity
    blocks: bool
    employee_id: str
    shift_ids: tuple[str, ...]
    starts_at: Timestamp
    ends_at: Timestamp
    measured: Rate | None = None
    limit: Rate | None = None
    unit: str | None = None
    text: str
    source: str


@attrs.frozen(kw_only=True)
class PlannedShifts:
    """Shifts that were made, checked or published together, and what was found in them."""

    shifts: tuple[Shift, ...]
    findings: tuple[PlanningFinding, ...] = ()
