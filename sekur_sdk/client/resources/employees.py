"""Employees, the personnel register, cards, qualifications and contracts of employment."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Literal, Unpack

from msgspec import UNSET, UnsetType

from sekur_sdk.client.endpoint import Resource, fetch, listing, patch, post
from sekur_sdk.client.options import CallOptions, ListOptions, PostOptions, StepOptions
from sekur_sdk.client.shells import ShellT
from sekur_sdk.models.employees import Employee, EmployeeStatus, RegisterEntry, Sex
from sekur_sdk.models.employment import EmploymentContract, EmploymentKind, EmploymentStatus
from sekur_sdk.models.paging import Page
from sekur_sdk.models.qualifications import (
    CardActivity,
    CardCheckResult,
    CardStatus,
    ProfessionalCard,
    Qualification,
    QualificationKind,
    QualificationStatus,
)


class Employees(Resource[ShellT]):
    """The people who work for the company."""

    @listing("/employees")
    def list(
        self,
        *,
        status: EmployeeStatus | str | None = None,
        staff_number: str | None = None,
        **options: Unpack[ListOptions],
    ) -> Page[Employee]:
        """All that meet the filters."""

    @fetch("/employees/{employee_id}")
    def get(self, employee_id: str, **options: Unpack[CallOptions]) -> Employee:
        """One by its id."""

    @post("/employees")
    def create(
        self,
        *,
        staff_number: str,
        first_name: str,
        last_name: str,
        job_title: str,
        coefficient: int | None = None,
        born_on: date | None = None,
        nationality: str | None = None,
        sex: Sex | str | None = None,
        email: str | None = None,
        phone: str | None = None,
        hired_on: date | None = None,
        card_number: str | None = None,
        card_expires_on: date | None = None,
        status: Literal["draft", "active"] | None = None,
        **options: Unpack[PostOptions],
    ) -> Employee:
        """A new employee, hired at once unless `status` is "draft".

        `staff_number` is the matricule, `coefficient` that of the branch's grid, `card_number` the professional card.
        """

    @patch("/employees/{employee_id}")
    def update(
        self,
        employee_id: str,
        *,
        version: int,
        coefficient: int | UnsetType | None = UNSET,
        born_on: date | UnsetType | None = UNSET,
        nationality: str | UnsetType | None = UNSET,
        sex: Sex | str | UnsetType | None = UNSET,
        email: str | UnsetType | None = UNSET,
        phone: str | UnsetType | None = UNSET,
        staff_number: str | UnsetType = UNSET,
        first_name: str | UnsetType = UNSET,
        last_name: str | UnsetType = UNSET,
        job_title: str | UnsetType = UNSET,
        hired_on: date | UnsetType = UNSET,
        **options: Unpack[CallOptions],
    ) -> Employee:
        """Changes what is given; None clears what may be empty.

        Raises:
            PreconditionFailedError: it has changed since `version`.
        """

    @post("/employees/{employee_id}/activate")
    def activate(self, employee_id: str, *, hired_on: date | None = None, **options: Unpack[StepOptions]) -> Employee:
        """Hired, today unless told: a number in the personnel register."""

    @post("/employees/{employee_id}/rehire")
    def rehire(self, employee_id: str, *, hired_on: date | None = None, **options: Unpack[StepOptions]) -> Employee:
        """Hired again, under a new number in the personnel register."""

    @post("/employees/{employee_id}/leave")
    def leave(self, employee_id: str, *, left_on: date | None = None, **options: Unpack[StepOptions]) -> Employee:
        """Left, today unless told."""


class PersonnelRegister(Resource[ShellT]):
    """The personnel register (registre unique du personnel)."""

    @listing("/personnel-register")
    def list(
        self, *, employee_id: str | None = None, number: int | None = None, **options: Unpack[ListOptions]
    ) -> Page[RegisterEntry]:
        """Its lines: hirings in their order, corrections and leavings as lines of their own."""


class Cards(Resource[ShellT]):
    """Professional cards (cartes professionnelles)."""

    @listing("/cards")
    def list(
        self,
        *,
        employee_id: str | None = None,
        status: CardStatus | str | None = None,
        number: str | None = None,
        expires_before: date | None = None,
        **options: Unpack[ListOptions],
    ) -> Page[ProfessionalCard]:
        """All that meet the filters."""

    @fetch("/cards/{card_id}")
    def get(self, card_id: str, **options: Unpack[CallOptions]) -> ProfessionalCard:
        """One by its id."""

    @post("/cards")
    def create(
        self,
        *,
        employee_id: str,
        number: str,
        dog_icad: str | None = None,
        activities: Sequence[CardActivity | str] | None = None,
        expires_on: date | None = None,
        **options: Unpack[PostOptions],
    ) -> ProfessionalCard:
        """A new card; its number spells the day that it expires."""

    @patch("/cards/{card_id}")
    def update(
        self,
        card_id: str,
        *,
        version: int,
        dog_icad: str | UnsetType | None = UNSET,
        activities: Sequence[CardActivity | str] | UnsetType = UNSET,
        **options: Unpack[CallOptions],
    ) -> ProfessionalCard:
        """Changes what is given; None clears what may be empty.

        Raises:
            PreconditionFailedError: it has changed since `version`.
        """

    @post("/cards/{card_id}/withdraw")
    def withdraw(self, card_id: str, **options: Unpack[StepOptions]) -> ProfessionalCard:
        """In force no more."""

    @post("/cards/{card_id}/check")
    def check(
        self,
        card_id: str,
        *,
        result: CardCheckResult | str,
        checked_at: datetime | None = None,
        by: str | None = None,
        document_id: str | None = None,
        **options: Unpack[StepOptions],
    ) -> ProfessionalCard:
        """What the CNAPS's teleservice said, now and to the token's own name unless told."""


class Qualifications(Resource[ShellT]):
    """Qualifications of employees."""

    @listing("/qualifications")
    def list(
        self,
        *,
        employee_id: str | None = None,
        kind: QualificationKind | str | None = None,
        status: QualificationStatus | str | None = None,
        expires_before: date | None = None,
        **options: Unpack[ListOptions],
    ) -> Page[Qualification]:
        """All that meet the filters."""

    @fetch("/qualifications/{qualification_id}")
    def get(self, qualification_id: str, **options: Unpack[CallOptions]) -> Qualification:
        """One by its id."""

    @post("/qualifications")
    def create(
        self,
        *,
        employee_id: str,
        kind: QualificationKind | str,
        obtained_on: date,
        label: str | None = None,
        expires_on: date | None = None,
        document_id: str | None = None,
        **options: Unpack[PostOptions],
    ) -> Qualification:
        """A new qualification, without an end unless `expires_on` is given."""

    @patch("/qualifications/{qualification_id}")
    def update(
        self,
        qualification_id: str,
        *,
        version: int,
        label: str | UnsetType | None = UNSET,
        expires_on: date | UnsetType | None = UNSET,
        document_id: str | UnsetType | None = UNSET,
        obtained_on: date | UnsetType = UNSET,
        **options: Unpack[CallOptions],
    ) -> Qualification:
        """Changes what is given; None clears what may be empty.

        Raises:
            PreconditionFailedError: it has changed since `version`.
        """

    @post("/qualifications/{qualification_id}/archive")
    def archive(self, qualification_id: str, **options: Unpack[StepOptions]) -> Qualification:
        """Counted no more."""


class EmploymentContracts(Resource[ShellT]):
    """Contracts of employment."""

    @listing("/employment-contracts")
    def list(
        self,
        *,
        employee_id: str | None = None,
        kind: EmploymentKind | str | None = None,
        status: EmploymentStatus | str | None = None,
        **options: Unpack[ListOptions],
    ) -> Page[EmploymentContract]:
        """All that meet the filters."""

    @fetch("/employment-contracts/{contract_id}")
    def get(self, contract_id: str, **options: Unpack[CallOptions]) -> EmploymentContract:
        """One by its id."""

    @post("/employment-contracts")
    def create(
        self,
        *,
        employee_id: str,
        kind: EmploymentKind | str,
        job_title: str,
        coefficient: int,
        weekly_hours: Decimal | int,
        starts_on: date,
        reason: str | None = None,
        trial_ends_on: date | None = None,
        ends_on: date | None = None,
        dpae_number: str | None = None,
        dpae_filed_on: date | None = None,
        document_id: str | None = None,
        **options: Unpack[PostOptions],
    ) -> EmploymentContract:
        """A new draft. A CDD has a `reason`, all but a CDI have an end."""

    @patch("/employment-contracts/{contract_id}")
    def update(
        self,
        contract_id: str,
        *,
        version: int,
        reason: str | UnsetType | None = UNSET,
        trial_ends_on: date | UnsetType | None = UNSET,
        ends_on: date | UnsetType | None = UNSET,
        dpae_number: str | UnsetType | None = UNSET,
        dpae_filed_on: date | UnsetType | None = UNSET,
        document_id: str | UnsetType | None = UNSET,
        kind: EmploymentKind | str | UnsetType = UNSET,
        job_title: str | UnsetType = UNSET,
        coefficient: int | UnsetType = UNSET,
        weekly_hours: Decimal | int | UnsetType = UNSET,
        starts_on: date | UnsetType = UNSET,
        **options: Unpack[CallOptions],
    ) -> EmploymentContract:
        """Changes what is given; None clears what may be empty.

        Raises:
            PreconditionFailedError: it has changed since `version`.
        """

    @post("/employment-contracts/{contract_id}/cancel")
    def cancel(self, contract_id: str, **options: Unpack[StepOptions]) -> EmploymentContract:
        """Given up."""

    @post("/employment-contracts/{contract_id}/sign")
    def sign(
        self, contract_id: str, *, signed_on: date | None = None, **options: Unpack[StepOptions]
    ) -> EmploymentContract:
        """Signed, today unless told; one at a time."""

    @post("/employment-contracts/{contract_id}/end")
    def end(
        self, contract_id: str, *, reason: str, ended_on: date | None = None, **options: Unpack[StepOptions]
    ) -> EmploymentContract:
        """At its end, today unless told."""
