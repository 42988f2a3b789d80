"""Whether SEKUR was there."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Unpack

from msgspec import UNSET, UnsetType

from sekur_sdk.client.endpoint import Resource, fetch, listing, patch, post
from sekur_sdk.client.options import CallOptions, ListOptions, PostOptions, StepOptions
from sekur_sdk.client.shells import ShellT
from sekur_sdk.models.availability import AvailabilityIncident, AvailabilityReport, IncidentKind, IncidentStatus
from sekur_sdk.models.paging import Page


class AvailabilityIncidents(Resource[ShellT]):
    """Times without service, and what a contract year of them comes to."""

    @listing("/availability-incidents")
    def list(
        self,
        *,
        kind: IncidentKind | str | None = None,
        status: IncidentStatus | str | None = None,
        **options: Unpack[ListOptions],
    ) -> Page[AvailabilityIncident]:
        """All that meet the filters, by their start."""

    @fetch("/availability-incidents/{incident_id}")
    def get(self, incident_id: str, **options: Unpack[CallOptions]) -> AvailabilityIncident:
        """One by its id."""

    @post("/availability-incidents")
    def create(
        self,
        *,
        kind: IncidentKind | str,
        started_at: datetime,
        ended_at: datetime | None = None,
        announced_at: datetime | None = None,
        notes: str | None = None,
        **options: Unpack[PostOptions],
    ) -> AvailabilityIncident:
        """A new incident, open unless its end is told; `announced_at` is a maintenance's."""

    @patch("/availability-incidents/{incident_id}")
    def update(
        self,
        incident_id: str,
        *,
        version: int,
        kind: IncidentKind | str | UnsetType = UNSET,
        started_at: datetime | UnsetType = UNSET,
        ended_at: datetime | UnsetType | None = UNSET,
        announced_at: datetime | UnsetType | None = UNSET,
        notes: str | UnsetType | None = UNSET,
        **options: Unpack[CallOptions],
    ) -> AvailabilityIncident:
        """Changes what is given; None clears what may be empty, and opens it again where it is the end.

        Raises:
            PreconditionFailedError: it has changed since `version`.
        """

    @post("/availability-incidents/{incident_id}/end")
    def end(
        self, incident_id: str, *, ended_at: datetime | None = None, **options: Unpack[StepOptions]
    ) -> AvailabilityIncident:
        """At its end, now unless told."""

    @post("/availability-incidents/{incident_id}/withdraw")
    def withdraw(self, incident_id: str, **options: Unpack[StepOptions]) -> AvailabilityIncident:
        """It was none, and counts no more."""

    @fetch("/availability/report")
    def report(
        self,
        *,
        on: date | None = None,
        yearly_fee: Decimal | int | None = None,
        already_paid: Decimal | int | None = None,
        **options: Unpack[CallOptions],
    ) -> AvailabilityReport:
        """The contract year of a day, today's unless told: downtime, and the penalty in each reading of the terms.

        `yearly_fee` is what is due for 12 months, that of the subscription unless told; `already_paid` the penalties of the 12
        months before, which the cap covers too.
        """
