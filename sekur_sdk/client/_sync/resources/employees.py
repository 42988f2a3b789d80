# Made from client/_async by tools/generate_sync.py: change it there.
"""Employees."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekur_sdk.client._sync.pager import Pager
from sekur_sdk.client._sync.shell import Resource
from sekur_sdk.client.operations import employees

if TYPE_CHECKING:
    from datetime import date
    from typing import Unpack

    from sekur_sdk.client.options import CallOptions, ListOptions, PostOptions
    from sekur_sdk.models.employees import Employee, EmployeeStatus


class Employees(Resource):
    """The people who work for the company."""

    def list(
        self, *, status: EmployeeStatus | str | None = None, **options: Unpack[ListOptions]
    ) -> Pager[Employee]:
        """Employees, by `status`."""
        return Pager(self._shell, employees.list_all(status=status), options)

    def get(self, employee_id: str, **options: Unpack[CallOptions]) -> Employee:
        """One employee."""
        return self._shell.call(employees.get(employee_id), options)

    def create(
        self,
        *,
        staff_number: str,
        first_name: str,
        last_name: str,
        job_title: str,
        coefficient: int | None = None,
        hired_on: date | None = None,
        card_number: str | None = None,
        card_expires_on: date | None = None,
        **options: Unpack[PostOptions],
    ) -> Employee:
        """A new employee.

        `staff_number` is the matricule, `coefficient` that of the branch's grid, `card_number` the professional card.
        """
        return self._shell.call(
            employees.create(
                staff_number=staff_number,
                first_name=first_name,
                last_name=last_name,
                job_title=job_title,
                coefficient=coefficient,
                hired_on=hired_on,
                card_number=card_number,
                card_expires_on=card_expires_on,
            ),
            options,
        )
