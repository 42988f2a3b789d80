"""The personnel register."""

from __future__ import annotations

from typing import Unpack

from sekur_sdk.client.fields import listed
from sekur_sdk.client.operation import Operation  # noqa: TC001  # as the other modules have it
from sekur_sdk.client.options import ListOptions
from sekur_sdk.models.employees import RegisterEntry
from sekur_sdk.models.paging import Page


class RegisterFilters(ListOptions, total=False):
    """Filters and options of the list."""

    employee_id: str
    number: int


def list_all(**given: Unpack[RegisterFilters]) -> Operation[Page[RegisterEntry]]:
    """GET /personnel-register."""
    return listed("/personnel-register", Page[RegisterEntry], given, RegisterFilters)
