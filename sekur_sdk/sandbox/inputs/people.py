"""Inputs of employees, their cards, qualifications and contracts."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, UnsetType

from sekur_sdk.models.scalars import Rate
from sekur_sdk.sandbox.inputs.body import Patch, Strict
from sekur_sdk.sandbox.inputs.scalars import (
    At,
    CardNumber,
    Coefficient,
    Country,
    DpaeNumber,
    Email,
    Icad,
    IdText,
    Name,
    Phone,
    ShortName,
    StaffNumber,
)

EmployeeStatusName = Literal["draft", "active", "left", "erased"]
SexName = Literal["female", "male"]
ActivityName = Literal[
    "guarding",
    "dog_handling",
    "remote_monitoring",
    "close_protection",
    "cash_in_transit",
    "airport_security",
    "event_security",
]
Activities = Annotated[list[ActivityName], msgspec.Meta(min_length=1, max_length=7)]
CardStatusName = Literal["valid", "expiring", "expired", "withdrawn"]
QualificationName = Literal[
    "tfp_aps", "cqp_aps", "mac_aps", "ssiap_1", "ssiap_2", "ssiap_3", "cynophile", "sst", "h0b0", "other"
]
QualificationStatusName = Literal["valid", "expired", "archived"]
EmploymentKindName = Literal["cdi", "cdd", "apprentissage", "professionnalisation"]
EmploymentStatusName = Literal["draft", "signed", "ended", "cancelled"]


class EmployeeCreate(Strict, kw_only=True, frozen=True):
    """A new employee, in the register at once unless a draft."""

    staff_number: StaffNumber
    first_name: ShortName
    last_name: ShortName
    job_title: Name
    coefficient: Coefficient | None = None
    hired_on: date | None = None
    card_number: CardNumber | None = None
    card_expires_on: date | None = None
    born_on: date | None = None
    nationality: Country | None = None
    sex: SexName | None = None
    email: Email | None = None
    phone: Phone | None = None
    status: Literal["draft", "active"] = "active"


class EmployeeUpdate(Patch, kw_only=True, frozen=True):
    """What to change of an employee."""

    staff_number: StaffNumber | UnsetType = UNSET
    first_name: ShortName | UnsetType = UNSET
    last_name: ShortName | UnsetType = UNSET
    job_title: Name | UnsetType = UNSET
    coefficient: Coefficient | UnsetType | None = UNSET
    hired_on: date | UnsetType = UNSET
    born_on: date | UnsetType | None = UNSET
    nationality: Country | UnsetType | None = UNSET
    sex: SexName | UnsetType | None = UNSET
    email: Email | UnsetType | None = UNSET
    phone: Phone | UnsetType | None = UNSET


class EmployeeHire(Strict, kw_only=True, frozen=True):
    """The day of hiring, today unless told."""

    hired_on: date | None = None


class EmployeeLeave(Strict, kw_only=True, frozen=True):
    """The last day, today unless told."""

    left_on: date | None = None


class CardCreate(Strict, kw_only=True, frozen=True):
    """A card; its number spells the day that it expires."""

    employee_id: IdText
    number: CardNumber
    activities: Activities = msgspec.field(default_factory=lambda: ["guarding"])
    dog_icad: Icad | None = None
    expires_on: date | None = None


class CardUpdate(Patch, kw_only=True, frozen=True):
    """What to change of a card; another number is another card."""

    activities: Activities | UnsetType = UNSET
    dog_icad: Icad | UnsetType | None = UNSET


class CardCheck(Strict, kw_only=True, frozen=True):
    """What the CNAPS's teleservice said, now and to the token's own name unless told."""

    result: Literal["valid", "invalid", "unreachable"]
    checked_at: At | None = None
    by: Name | None = None
    document_id: IdText | None = None


class QualificationCreate(Strict, kw_only=True, frozen=True):
    """A qualification that an employee has."""

    employee_id: IdText
    kind: QualificationName
    label: Name | None = None
    obtained_on: date
    expires_on: date | None = None
    document_id: IdText | None = None


class QualificationUpdate(Patch, kw_only=True, frozen=True):
    """What to change of a qualification."""

    label: Name | UnsetType | None = UNSET
    obtained_on: date | UnsetType = UNSET
    expires_on: date | UnsetType | None = UNSET
    document_id: IdText | UnsetType | None = UNSET


class EmploymentCreate(Strict, kw_only=True, frozen=True):
    """A contract of employment, a draft."""

    employee_id: IdText
    kind: EmploymentKindName
    reason: Name | None = None
    job_title: Name
    coefficient: Coefficient
    weekly_hours: Rate
    starts_on: date
    trial_ends_on: date | None = None
    ends_on: date | None = None
    dpae_number: DpaeNumber | None = None
    dpae_filed_on: date | None = None
    document_id: IdText | None = None


class EmploymentUpdate(Patch, kw_only=True, frozen=True):
    """What to change of a contract of employment; of a signed one the DPAE and the document alone."""

    kind: EmploymentKindName | UnsetType = UNSET
    reason: Name | UnsetType | None = UNSET
    job_title: Name | UnsetType = UNSET
    coefficient: Coefficient | UnsetType = UNSET
    weekly_hours: Rate | UnsetType = UNSET
    starts_on: date | UnsetType = UNSET
    trial_ends_on: date | UnsetType | None = UNSET
    ends_on: date | UnsetType | None = UNSET
    dpae_number: DpaeNumber | UnsetType | None = UNSET
    dpae_filed_on: date | UnsetType | None = UNSET
    document_id: IdText | UnsetType | None = UNSET


class EmploymentSign(Strict, kw_only=True, frozen=True):
    """The day of signing, today unless told."""

    signed_on: date | None = None


class EmploymentEnd(Strict, kw_only=True, frozen=True):
    """How the contract ended; on what day, today unless told."""

    ended_on: date | None = None
    reason: Name
