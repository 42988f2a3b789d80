"""Employees."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import UNSET

from sekur_sdk.client.arguments import body, day, given_choice, identifier, query, whole, words
from sekur_sdk.client.operation import get as read
from sekur_sdk.client.operation import post
from sekur_sdk.models.employees import Employee, EmployeeStatus
from sekur_sdk.models.paging import Page

if TYPE_CHECKING:
    from datetime import date

    from sekur_sdk.client.operation import Operation


def list_all(*, status: str | None) -> Operation[Page[Employee]]:
    """GET /employees."""
    filters = query(given_choice("status", status, EmployeeStatus))
    return read("/employees", Page[Employee], filters)


def get(employee_id: str) -> Operation[Employee]:
    """GET /employees/{id}."""
    return read(f"/employees/{identifier('employee_id', employee_id)}", Employee)


def create(
    *,
    staff_number: str,
    first_name: str,
    last_name: str,
    job_title: str,
    coefficient: int | None,
    hired_on: date | None,
    card_number: str | None,
    card_expires_on: date | None,
) -> Operation[Employee]:
    """POST /employees."""
    return post(
        "/employees",
        Employee,
        body(
            staff_number=words("staff_number", staff_number),
            first_name=words("first_name", first_name),
            last_name=words("last_name", last_name),
            job_title=words("job_title", job_title),
            coefficient=UNSET if coefficient is None else whole("coefficient", coefficient),
            hired_on=UNSET if hired_on is None else day("hired_on", hired_on),
            card_number=UNSET if card_number is None else card_number,
            card_expires_on=UNSET if card_expires_on is None else day("card_expires_on", card_expires_on),
        ),
    )
