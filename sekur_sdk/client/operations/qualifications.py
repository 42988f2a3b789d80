"""Qualifications of employees."""

from __future__ import annotations

from datetime import date  # noqa: TC003  # read at run time
from typing import Required, TypedDict, Unpack

from sekur_sdk.client.arguments import identifier
from sekur_sdk.client.fields import Step, act, change, listed, new
from sekur_sdk.client.operation import Operation
from sekur_sdk.client.operation import get as read
from sekur_sdk.client.options import CallOptions, ListOptions, PostOptions
from sekur_sdk.models.paging import Page
from sekur_sdk.models.qualifications import Qualification, QualificationKind, QualificationStatus


class QualificationFilters(ListOptions, total=False):
    """Filters and options of the list."""

    employee_id: str
    kind: QualificationKind | str
    status: QualificationStatus | str
    expires_before: date


class _QualificationFields(TypedDict, total=False):
    """Fields that need not be given."""

    label: str | None
    expires_on: date | None
    document_id: str | None


class NewQualification(_QualificationFields, PostOptions, total=False):
    """Fields of a new one, and options."""

    employee_id: Required[str]
    kind: Required[QualificationKind | str]
    obtained_on: Required[date]


class QualificationChange(_QualificationFields, CallOptions, total=False):
    """What to change, and options; `version` is the one that the caller saw."""

    version: Required[int]
    obtained_on: date


def _at(qualification_id: str, action: str = "") -> str:
    return f"/qualifications/{identifier('qualification_id', qualification_id)}{action}"


def list_all(**given: Unpack[QualificationFilters]) -> Operation[Page[Qualification]]:
    """GET /qualifications."""
    return listed("/qualifications", Page[Qualification], given, QualificationFilters)


def get(qualification_id: str) -> Operation[Qualification]:
    """GET /qualifications/{id}."""
    return read(_at(qualification_id), Qualification)


def create(**given: Unpack[NewQualification]) -> Operation[Qualification]:
    """POST /qualifications."""
    return new("/qualifications", Qualification, given, NewQualification)


def update(qualification_id: str, **given: Unpack[QualificationChange]) -> Operation[Qualification]:
    """PATCH /qualifications/{id}."""
    return change(_at(qualification_id), Qualification, given, QualificationChange)


def archive(qualification_id: str, **given: Unpack[Step]) -> Operation[Qualification]:
    """POST /qualifications/{id}/archive."""
    return act(_at(qualification_id, "/archive"), Qualification, given)
