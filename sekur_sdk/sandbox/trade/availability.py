"""Availability incidents, and what a contract year of them comes to."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import attrs

from sekur_sdk.models.availability import (
    AvailabilityIncident,
    AvailabilityReport,
    IncidentKind,
    IncidentStatus,
    Penalty,
    PenaltyReading,
)
from sekur_sdk.models.events import EventType
from sekur_sdk.models.scalars import Amount, Rate
from sekur_sdk.rules import availability as rules
from sekur_sdk.rules.civil_time import PARIS, Span, days, merged, without
from sekur_sdk.rules.contract import contract_year
from sekur_sdk.sandbox.inputs.body import fields_of
from sekur_sdk.sandbox.paging import bad_parameter
from sekur_sdk.sandbox.problems import rule_broken
from sekur_sdk.sandbox.store.records import incidents
from sekur_sdk.sandbox.trade.billing import french_day
from sekur_sdk.sandbox.trade.steps import Life, refuse_ended, step
from sekur_sdk.sandbox.trade.subscription import order_of, year_fee
from sekur_sdk.sandbox.trade.typed import typed

if TYPE_CHECKING:
    import sqlalchemy as sa

    from sekur_sdk.sandbox.inputs.availability import IncidentCreate, IncidentUpdate
    from sekur_sdk.sandbox.store.writer import Transaction

LIFE: Life[IncidentStatus] = {
    IncidentStatus.OPEN: {"end": IncidentStatus.ENDED, "withdraw": IncidentStatus.WITHDRAWN},
    IncidentStatus.ENDED: {"withdraw": IncidentStatus.WITHDRAWN},
    IncidentStatus.WITHDRAWN: {},
}
CLOCK_SLACK = timedelta(minutes=5)
"""How far a caller's clock may be ahead."""
LONGEST_AHEAD = timedelta(days=366)
"""How far ahead maintenance is planned, and a report looks."""
EARLIEST = datetime.fromisoformat("2000-01-01T00:00:00+00:00")
_WHAT = "availability incident"
_MICROSECONDS_A_MINUTE = 60_000_000
_FOUR_PLACES = Decimal("0.0001")
_TAKEN_FIRST = (IncidentKind.OUTAGE, IncidentKind.PLANNED_MAINTENANCE, IncidentKind.INTERNET_FAULT)
_RULE_KINDS = {
    IncidentKind.OUTAGE: rules.OutageKind.PLATFORM,
    IncidentKind.INTERNET_FAULT: rules.OutageKind.INTERNET,
    IncidentKind.PLANNED_MAINTENANCE: rules.OutageKind.PLANNED_MAINTENANCE,
}


@attrs.frozen(order=True)
class Part:
    """A stretch of a year without service that no other part has, and its outage as the rules have it."""

    span: Span
    outage: rules.Outage = attrs.field(order=False)


def create_incident(tx: Transaction, data: IncidentCreate) -> AvailabilityIncident:
    """A new incident."""
    status = IncidentStatus.OPEN if data.ended_at is None else IncidentStatus.ENDED
    incident = incidents.create(tx, **typed(AvailabilityIncident, fields_of(data)), status=status)
    _check(incident, tx.now)
    tx.record(EventType.INCIDENT_CREATED, incident)
    return incident


def update_incident(tx: Transaction, incident: AvailabilityIncident, data: IncidentUpdate) -> AvailabilityIncident:
    """The incident with the sent fields changed; with an end it is ended, without one it is open again."""
    refuse_ended(LIFE, _WHAT, incident)
    changes = typed(AvailabilityIncident, data.changes())
    if not changes:
        return incident
    wanted = attrs.evolve(incident, **changes)
    _check(wanted, tx.now)
    status = IncidentStatus.OPEN if wanted.ended_at is None else IncidentStatus.ENDED
    return _change(tx, incident, **changes, status=status)


def end_incident(tx: Transaction, incident: AvailabilityIncident, ended_at: datetime | None) -> AvailabilityIncident:
    """The incident at its end."""
    status = step(LIFE, _WHAT, incident, "end")
    end = ended_at or tx.now
    _check(attrs.evolve(incident, ended_at=end), tx.now)
    return _change(tx, incident, status=status, ended_at=end)


def withdraw_incident(tx: Transaction, incident: AvailabilityIncident) -> AvailabilityIncident:
    """The incident that was none; it stays to be read, and counts no more."""
    return _change(tx, incident, status=step(LIFE, _WHAT, incident, "withdraw"))


def report(
    connection: sa.Connection,
    now: datetime,
    *,
    on: date | None,
    yearly_fee: Decimal | None = None,
    already_paid: Decimal | None = None,
) -> AvailabilityReport:
    """The contract year of a day, today's unless told.

    `yearly_fee` is what is really due for 12 months, that of the subscription as it is now unless told; `already_paid` the
    penalties of the 12 months before, which the cap covers too.

    Raises:
        RefusalError: 400, a day outside the contract; 404, no subscription.
    """
    order = order_of(connection)
    today = french_day(now)
    day = today if on is None else on
    if not order.go_live_on <= day <= max(today, order.go_live_on) + LONGEST_AHEAD:
        raise bad_parameter("on", f"From {order.go_live_on}, when the service went live, to a year from now")
    starts_on, ends_before = contract_year(order.go_live_on, day)
    known = [
        incident
        for incident in incidents.all(connection, incidents.table.c.status != IncidentStatus.WITHDRAWN)
        if _clipped(incident, days(starts_on, ends_before, PARIS), now) is not None
    ]
    parts = disjoint(known, days(starts_on, ends_before, PARIS), now)
    outages = [part.outage for part in parts]
    fee = year_fee(order) if yearly_fee is None else yearly_fee
    paid = Decimal(0) if already_paid is None else already_paid
    found = {
        reading: rules.assess(fee, outages, on=starts_on, reading=rules.PenaltyReading(reading), already_paid=paid)
        for reading in PenaltyReading
    }
    year = found[PenaltyReading.CROSSING]
    excluded = {
        kind: sum(
            (
                outage.minutes - counted
                for outage, counted in zip(outages, rules.counted_minutes(outages, on=starts_on), strict=True)
                if outage.kind is kind
            ),
            Decimal(0),
        )
        for kind in rules.OutageKind
    }
    return AvailabilityReport(
        starts_on=starts_on,
        ends_before=ends_before,
        as_of=now,
        incidents=len(known),
        open_incidents=sum(incident.status == IncidentStatus.OPEN for incident in known),
        downtime_minutes=_rate(year.downtime),
        excluded_maintenance_minutes=_rate(excluded[rules.OutageKind.PLANNED_MAINTENANCE]),
        excluded_internet_minutes=_rate(excluded[rules.OutageKind.INTERNET]),
        allowance_minutes=_rate(year.allowance),
        availability_percent=_rate(year.availability * 100),
        breached=year.breached,
        yearly_fee=Amount(fee),
        euros_per_1000_minutes=_rate(year.minute_rate * 1000),
        cap=Amount(year.cap),
        penalties=tuple(
            Penalty(
                reading=reading,
                minutes=int(assessed.minutes),
                amount=Amount(assessed.penalty),
                cap_reached=assessed.cap_reached,
            )
            for reading, assessed in found.items()
        ),
    )


def disjoint(found: list[AvailabilityIncident], year: Span, now: datetime) -> list[Part]:
    """The time of the incidents within `year` and up to now, each moment once, in order.

    Where kinds overlap an outage stands before maintenance, and that before the Internet's faults: the terms exclude the
    latter two, and what they leave open is read against who wrote them (C. civ. art. 1190). Of two maintenances the one
    with less notice stands.
    """
    parts: list[Part] = []
    taken: list[Span] = []
    for kind in _TAKEN_FIRST:
        spans = [
            (_notice(incident), span)
            for incident in found
            if incident.kind == kind and (span := _clipped(incident, year, now)) is not None
        ]
        if kind != IncidentKind.PLANNED_MAINTENANCE:
            spans = [(Decimal(0), span) for span in merged(span for _, span in spans)]
        for notice, span in sorted(spans):
            parts.extend(
                Part(left, rules.Outage(_minutes(left), _RULE_KINDS[kind], notice)) for left in without(span, taken)
            )
            taken.append(span)
    return sorted(parts)


def _clipped(incident: AvailabilityIncident, year: Span, now: datetime) -> Span | None:
    end = min(incident.ended_at or now, now)
    return Span(incident.started_at, end).clipped(year) if end > incident.started_at else None


def _notice(incident: AvailabilityIncident) -> Decimal:
    """The days between the announcement and the start."""
    if incident.announced_at is None:
        return Decimal(0)
    return Decimal((incident.started_at - incident.announced_at) // timedelta(microseconds=1)) / 86_400_000_000


def _minutes(span: Span) -> Decimal:
    return Decimal(span.duration // timedelta(microseconds=1)) / _MICROSECONDS_A_MINUTE


def _rate(value: Decimal) -> Decimal:
    return Rate(value.quantize(_FOUR_PLACES))


def _change(tx: Transaction, incident: AvailabilityIncident, **changes: object) -> AvailabilityIncident:
    changed = incidents.update(tx, incident, **changes)
    tx.record(EventType.INCIDENT_UPDATED, changed)
    return changed


def _check(incident: AvailabilityIncident, now: datetime) -> None:
    planned = incident.kind == IncidentKind.PLANNED_MAINTENANCE
    latest = now + (LONGEST_AHEAD if planned else CLOCK_SLACK)
    for name in ("started_at", "ended_at"):
        at = getattr(incident, name)
        if at is not None and not EARLIEST <= at <= latest:
            raise rule_broken(
                f"$.{name}",
                "From 2000 on, and within a year from now" if planned else "A time in the future, or too old",
            )
    if incident.ended_at is not None and incident.ended_at <= incident.started_at:
        raise rule_broken("$.ended_at", "An incident ends after it starts")
    if incident.announced_at is None:
        return
    if not planned:
        raise rule_broken("$.announced_at", "Planned maintenance alone is announced")
    if not EARLIEST <= incident.announced_at <= now + CLOCK_SLACK:
        raise rule_broken("$.announced_at", "A time in the future, or too old")
    if incident.announced_at > incident.started_at:
        raise rule_broken("$.announced_at", "Announced before it starts, or not at all")
