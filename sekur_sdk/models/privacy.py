"""What is done with people's data: who read or erased what, and what was purged. None of it holds the data itself."""

from __future__ import annotations

from datetime import date

import attrs

from sekur_sdk.models.scalars import Timestamp


@attrs.frozen(kw_only=True)
class AuditEvent:
    """One reading of positions, one act of privacy, or one planning that was accepted against a rule.

    `actor` is the name of the token that did it ("sekur" for the server itself), `filters` what was asked for, by ids
    and times, `count` how many were given or changed.
    """

    id: str
    at: Timestamp
    actor_id: str
    actor: str = attrs.field(repr=False)
    action: str
    employee_id: str | None = None
    filters: dict[str, str] = attrs.field(factory=dict)
    count: int


@attrs.frozen(kw_only=True)
class PrivacyExport:
    """A person's right of access (GDPR art. 15): until `expires_at` its content is all that is held about the employee."""

    id: str
    employee_id: str
    requested_by: str = attrs.field(repr=False)
    created_at: Timestamp
    expires_at: Timestamp


@attrs.frozen(kw_only=True)
class PrivacyErasure:
    """A person's right to erasure (GDPR art. 17). `counts` are the rows changed or deleted, by table."""

    id: str
    employee_id: str
    reason: str = attrs.field(repr=False)
    erased_by: str = attrs.field(repr=False)
    kept_until: date | None = None
    counts: dict[str, int]
    created_at: Timestamp


@attrs.frozen(kw_only=True)
class PurgeReport:
    """What a purge found past its retention, and deleted unless `dry_run`."""

    dry_run: bool
    at: Timestamp
    counts: dict[str, int]
