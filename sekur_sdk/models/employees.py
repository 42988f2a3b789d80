"""The people who work for the company."""

from __future__ import annotations

from datetime import date

import attrs

from sekur_sdk.models.scalars import OpenEnum, Timestamp


class EmployeeStatus(OpenEnum):
    """Where an employee stands in the register of personnel."""

    DRAFT = "draft"
    ACTIVE = "active"
    LEFT = "left"


@attrs.frozen(kw_only=True)
class Employee:
    """One member of staff. Its repr shows no name.

    `staff_number` is the matricule, `coefficient` that of the branch's grid (IDCC 1351), `card_number` the
    professional card (carte professionnelle, CSI art. L612-20).
    """

    id: str
    staff_number: str
    first_name: str = attrs.field(repr=False)
    last_name: str = attrs.field(repr=False)
    job_title: str
    coefficient: int | None = None
    hired_on: date | None = None
    card_number: str | None = attrs.field(default=None, repr=False)
    card_expires_on: date | None = None
    status: EmployeeStatus
    version: int
    created_at: Timestamp
    updated_at: Timestamp
