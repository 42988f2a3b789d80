"""Absences of employees."""

from __future__ import annotations

from datetime import datetime
from typing import Unpack

from msgspec import UNSET, UnsetType

from sekur_sdk.client.endpoint import Resource, fetch, listing, patch, post
from sekur_sdk.client.options import CallOptions, ListOptions, PostOptions, StepOptions
from sekur_sdk.client.shells import ShellT
from sekur_sdk.models.absences import Absence, AbsenceKind, AbsenceStatus
from sekur_sdk.models.paging import Page


class Absences(Resource[ShellT]):
    """When employees do not work."""

    @listing("/absences")
    def list(
        self,
        *,
        employee_id: str | None = None,
        kind: AbsenceKind | str | None = None,
        status: AbsenceStatus | str | None = None,
        ends_from: datetime | None = None,
        starts_before: datetime | None = None,
        **options: Unpack[ListOptions],
    ) -> Page[Absence]:
        """Absences, by employee, kind, `status` and time."""

    @fetch("/absences/{absence_id}")
    def get(self, absence_id: str, **options: Unpack[CallOptions]) -> Absence:
        """One by its id."""

    @post("/absences")
    def create(
        self,
        *,
        employee_id: str,
        kind: AbsenceKind | str,
        starts_at: datetime,
        ends_at: datetime,
        notes: str | None = None,
        document_id: str | None = None,
        **options: Unpack[PostOptions],
    ) -> Absence:
        """Asks for an absence."""

    @patch("/absences/{absence_id}")
    def update(
        self,
        absence_id: str,
        *,
        version: int,
        kind: AbsenceKind | str | UnsetType = UNSET,
        starts_at: datetime | UnsetType = UNSET,
        ends_at: datetime | UnsetType = UNSET,
        notes: str | UnsetType | None = UNSET,
        document_id: str | UnsetType | None = UNSET,
        **options: Unpack[CallOptions],
    ) -> Absence:
        """Changes what is given; of an approved one its notes and its document alone.

        Raises:
            PreconditionFailedError: it has changed since `version`.
        """

    @post("/absences/{absence_id}/approve")
    def approve(self, absence_id: str, *, by: str | None = None, **options: Unpack[StepOptions]) -> Absence:
        """Grants it; `by` is the token's own name when None."""

    @post("/absences/{absence_id}/refuse")
    def refuse(self, absence_id: str, *, by: str | None = None, **options: Unpack[StepOptions]) -> Absence:
        """Does not grant it; `by` is the token's own name when None."""

    @post("/absences/{absence_id}/cancel")
    def cancel(self, absence_id: str, **options: Unpack[StepOptions]) -> Absence:
        """Gives it up."""
