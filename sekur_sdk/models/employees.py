"""The people who work for the company, and the register of them."""

from __future__ import annotations

from datetime import date

import attrs

from sekur_sdk.models.scalars import OpenEnum, Timestamp


class EmployeeStatus(OpenEnum):
    """Where an employee stands in the register of personnel."""

    DRAFT = "draft"
    ACTIVE = "active"
    LEFT = "left"
    ERASED = "erased"


class Sex(OpenEnum):
    """As the register of personnel wants it (C. trav. art. D1221-23)."""

    FEMALE = "female"
    MALE = "male"


@attrs.frozen(kw_only=True)
class Employee:
    """One member of staff. Its repr shows no name.

    `staff_number` is the matricule, `coefficient` that of the branch's grid (IDCC 1351), `card_number` the newest
    professional card (carte professionnelle, CSI art. L612-20), `nationality` a country (ISO 3166-1 alpha-2).
    """

    id: str
    staff_number: str
    first_name: str = attrs.field(repr=False)
    last_name: str = attrs.field(repr=False)
    job_title: str
    coefficient: int | None = None
    hired_on: date | None = None
    left_on: date | None = None
    card_number: str | None = attrs.field(default=None, repr=False)
    card_expires_on: date | None = None
    born_on: date | None = attrs.field(default=None, repr=False)
    nationality: str | None = attrs.field(default=None, repr=False)
    sex: Sex | None = attrs.field(default=None, repr=False)
    email: str | None = attrs.field(default=None, repr=False)
    phone: str | None = attrs.field(default=None, repr=False)
    status: EmployeeStatus
    version: int
    created_at: Timestamp
    updated_at: Timestamp


class RegisterChange(OpenEnum):
    """Why a line was written into the register."""

    HIRED = "hired"
    CORRECTED = "corrected"
    LEFT = "left"


@attrs.frozen(kw_only=True)
class RegisterEntry:
    """A line of the personnel register (C. trav. art. L1221-13, D1221-23): written once, never changed nor erased.

    `seq` numbers the lines from 1, `number` the hirings: later lines about one have its number, and stand over earlier ones.
    """

    id: str
    seq: int
    number: int
    change: RegisterChange
    employee_id: str
    staff_number: str
    first_name: str = attrs.field(repr=False)
    last_name: str = attrs.field(repr=False)
    sex: Sex | None = attrs.field(default=None, repr=False)
    nationality: str | None = attrs.field(default=None, repr=False)
    born_on: date | None = attrs.field(default=None, repr=False)
    job_title: str
    coefficient: int | None = None
    hired_on: date
    left_on: date | None = None
    recorded_at: Timestamp
