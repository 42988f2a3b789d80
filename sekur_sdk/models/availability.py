"""Whether SEKUR was there, and the penalty when it was not (SEKUR terms art. 12 and 13)."""

from __future__ import annotations

from datetime import date

import attrs

from sekur_sdk.models.scalars import Amount, OpenEnum, Rate, Timestamp


class IncidentKind(OpenEnum):
    """Why the service was down; the Internet's faults never count, maintenance does not within its limits."""

    OUTAGE = "outage"
    INTERNET_FAULT = "internet_fault"
    PLANNED_MAINTENANCE = "planned_maintenance"


class IncidentStatus(OpenEnum):
    """The life of an incident; a withdrawn one was none."""

    OPEN = "open"
    ENDED = "ended"
    WITHDRAWN = "withdrawn"


@attrs.frozen(kw_only=True)
class AvailabilityIncident:
    """A time without service; `announced_at` is when a maintenance was announced."""

    id: str
    kind: IncidentKind
    started_at: Timestamp
    ended_at: Timestamp | None = None
    announced_at: Timestamp | None = None
    notes: str | None = attrs.field(default=None, repr=False)
    status: IncidentStatus
    version: int
    created_at: Timestamp
    updated_at: Timestamp


class PenaltyReading(OpenEnum):
    """Which minutes are paid for once the year's allowance is exhausted.

    The outage that exhausts it and those that follow, whole; those beyond it; all of the year.
    """

    CROSSING = "crossing"
    EXCESS = "excess"
    ALL = "all"


@attrs.frozen(kw_only=True)
class Penalty:
    """What a reading comes to: whole minutes, and euros without VAT (art. 13.4), the cap applied."""

    reading: PenaltyReading
    minutes: int
    amount: Amount
    cap_reached: bool


@attrs.frozen(kw_only=True)
class AvailabilityReport:
    """A contract year, from `starts_on` up to `ends_before` (excluded), as it is known at `as_of`.

    Incidents that overlap are counted once, open ones up to `as_of`. `yearly_fee` is what is due for 12 months, `cap` the
    most that their penalties come to. A penalty is owed only after formal notice and with the client's proof (art. 13.3).
    """

    starts_on: date
    ends_before: date
    as_of: Timestamp
    incidents: int
    open_incidents: int
    downtime_minutes: Rate
    excluded_maintenance_minutes: Rate
    excluded_internet_minutes: Rate
    allowance_minutes: Rate
    availability_percent: Rate
    breached: bool
    yearly_fee: Amount
    euros_per_1000_minutes: Rate
    cap: Amount
    penalties: tuple[Penalty, ...]
