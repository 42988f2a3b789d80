"""Planning: who works where and when."""

from __future__ import annotations

import attrs

from sekur_sdk.models.scalars import OpenEnum, Timestamp


class ShiftStatus(OpenEnum):
    """The life of a shift."""

    DRAFT = "draft"
    PUBLISHED = "published"
    ACKNOWLEDGED = "acknowledged"
    IN_PROGRESS = "in_progress"
    DONE = "done"
    CANCELLED = "cancelled"


@attrs.frozen(kw_only=True)
class Shift:
    """A planned period of work (vacation) on one post of a site; `employee_id` is None while nobody has it."""

    id: str
    site_id: str
    employee_id: str | None = None
    post: str
    starts_at: Timestamp
    ends_at: Timestamp
    break_minutes: int = 0
    notes: str | None = attrs.field(default=None, repr=False)
    status: ShiftStatus
    version: int
    created_at: Timestamp
    updated_at: Timestamp
