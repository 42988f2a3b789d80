"""Contracts of employment."""

from __future__ import annotations

from datetime import date  # noqa: TC003  # read at run time
from decimal import Decimal  # noqa: TC003  # read at run time
from typing import Required, TypedDict, Unpack

from sekur_sdk.client.arguments import identifier
from sekur_sdk.client.fields import Step, act, change, listed, new
from sekur_sdk.client.operation import Operation
from sekur_sdk.client.operation import get as read
from sekur_sdk.client.options import CallOptions, ListOptions, PostOptions
from sekur_sdk.models.employment import EmploymentContract, EmploymentKind, EmploymentStatus
from sekur_sdk.models.paging import Page


class EmploymentContractFilters(ListOptions, total=False):
    """Filters and options of the list."""

    employee_id: str
    kind: EmploymentKind | str
    status: EmploymentStatus | str


class _EmploymentContractFields(TypedDict, total=False):
    """Fields that need not be given."""

    reason: str | None
    trial_ends_on: date | None
    ends_on: date | None
    dpae_number: str | None
    dpae_filed_on: date | None
    document_id: str | None


class NewEmploymentContract(_EmploymentContractFields, PostOptions, total=False):
    """Fields of a new one, and options."""

    employee_id: Required[str]
    kind: Required[EmploymentKind | str]
    job_title: Required[str]
    coefficient: Required[int]
    weekly_hours: Required[Decimal | int]
    starts_on: Required[date]


class EmploymentContractChange(_EmploymentContractFields, CallOptions, total=False):
    """What to change, and options; `version` is the one that the caller saw."""

    version: Required[int]
    kind: EmploymentKind | str
    job_title: str
    coefficient: int
    weekly_hours: Decimal | int
    starts_on: date


class Signing(Step, total=False):
    """Fields and options of the action."""

    signed_on: date | None


class Ending(Step, total=False):
    """Fields and options of the action."""

    reason: Required[str]
    ended_on: date | None


def _at(contract_id: str, action: str = "") -> str:
    return f"/employment-contracts/{identifier('contract_id', contract_id)}{action}"


def list_all(**given: Unpack[EmploymentContractFilters]) -> Operation[Page[EmploymentContract]]:
    """GET /employment-contracts."""
    return listed("/employment-contracts", Page[EmploymentContract], given, EmploymentContractFilters)


def get(contract_id: str) -> Operation[EmploymentContract]:
    """GET /employment-contracts/{id}."""
    return read(_at(contract_id), EmploymentContract)


def create(**given: Unpack[NewEmploymentContract]) -> Operation[EmploymentContract]:
    """POST /employment-contracts."""
    return new("/employment-contracts", EmploymentContract, given, NewEmploymentContract)


def update(contract_id: str, **given: Unpack[EmploymentContractChange]) -> Operation[EmploymentContract]:
    """PATCH /employment-contracts/{id}."""
    return change(_at(contract_id), EmploymentContract, given, EmploymentContractChange)


def cancel(contract_id: str, **given: Unpack[Step]) -> Operation[EmploymentContract]:
    """POST /employment-contracts/{id}/cancel."""
    return act(_at(contract_id, "/cancel"), EmploymentContract, given)


def sign(contract_id: str, **given: Unpack[Signing]) -> Operation[EmploymentContract]:
    """POST /employment-contracts/{id}/sign."""
    return act(_at(contract_id, "/sign"), EmploymentContract, given, Signing)


def end(contract_id: str, **given: Unpack[Ending]) -> Operation[EmploymentContract]:
    """POST /employment-contracts/{id}/end."""
    return act(_at(contract_id, "/end"), EmploymentContract, given, Ending)
