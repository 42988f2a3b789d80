"""The people who work for the company."""

from __future__ import annotations

from datetime import date  # noqa: TC003  # read at run time
from typing import Literal, Required, TypedDict, Unpack

from sekur_sdk.client.arguments import identifier
from sekur_sdk.client.fields import Step, act, change, listed, new
from sekur_sdk.client.operation import Operation
from sekur_sdk.client.operation import get as read
from sekur_sdk.client.options import CallOptions, ListOptions, PostOptions
from sekur_sdk.models.employees import Employee, EmployeeStatus, Sex
from sekur_sdk.models.paging import Page


class EmployeeFilters(ListOptions, total=False):
    """Filters and options of the list."""

    status: EmployeeStatus | str
    staff_number: str


class _EmployeeFields(TypedDict, total=False):
    """Fields that need not be given."""

    coefficient: int | None
    born_on: date | None
    nationality: str | None
    sex: Sex | str | None
    email: str | None
    phone: str | None


class NewEmployee(_EmployeeFields, PostOptions, total=False):
    """Fields of a new one, and options."""

    staff_number: Required[str]
    first_name: Required[str]
    last_name: Required[str]
    job_title: Required[str]
    hired_on: date | None
    card_number: str | None
    card_expires_on: date | None
    status: Literal["draft", "active"]


class EmployeeChange(_EmployeeFields, CallOptions, total=False):
    """What to change, and options; `version` is the one that the caller saw."""

    version: Required[int]
    staff_number: str
    first_name: str
    last_name: str
    job_title: str
    hired_on: date


class Hiring(Step, total=False):
    """Fields and options of the action."""

    hired_on: date | None


class Leaving(Step, total=False):
    """Fields and options of the action."""

    left_on: date | None


def _at(employee_id: str, action: str = "") -> str:
    return f"/employees/{identifier('employee_id', employee_id)}{action}"


def list_all(**given: Unpack[EmployeeFilters]) -> Operation[Page[Employee]]:
    """GET /employees."""
    return listed("/employees", Page[Employee], given, EmployeeFilters)


def get(employee_id: str) -> Operation[Employee]:
    """GET /employees/{id}."""
    return read(_at(employee_id), Employee)


def create(**given: Unpack[NewEmployee]) -> Operation[Employee]:
    """POST /employees."""
    return new("/employees", Employee, given, NewEmployee)


def update(employee_id: str, **given: Unpack[EmployeeChange]) -> Operation[Employee]:
    """PATCH /employees/{id}."""
    return change(_at(employee_id), Employee, given, EmployeeChange)


def activate(employee_id: str, **given: Unpack[Hiring]) -> Operation[Employee]:
    """POST /employees/{id}/activate."""
    return act(_at(employee_id, "/activate"), Employee, given, Hiring)


def rehire(employee_id: str, **given: Unpack[Hiring]) -> Operation[Employee]:
    """POST /employees/{id}/rehire."""
    return act(_at(employee_id, "/rehire"), Employee, given, Hiring)


def leave(employee_id: str, **given: Unpack[Leaving]) -> Operation[Employee]:
    """POST /employees/{id}/leave."""
    return act(_at(employee_id, "/leave"), Employee, given, Leaving)
