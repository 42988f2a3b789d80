# Made from client/_async by tools/generate_sync.py: change it there.
"""The people who work for the company."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekur_sdk.client._sync.shell import Resource
from sekur_sdk.client.operations import employees

if TYPE_CHECKING:
    from typing import Unpack

    from sekur_sdk.client._sync.pager import Pager
    from sekur_sdk.client.operations.employees import EmployeeChange, EmployeeFilters, Hiring, Leaving, NewEmployee
    from sekur_sdk.client.options import CallOptions
    from sekur_sdk.models.employees import Employee


class Employees(Resource):
    """The people who work for the company."""

    def list(self, **given: Unpack[EmployeeFilters]) -> Pager[Employee]:
        """All that meet the filters."""
        return self._list(employees.list_all, given)

    def get(self, employee_id: str, **options: Unpack[CallOptions]) -> Employee:
        """One by its id."""
        return self._shell.call(employees.get(employee_id), options)

    def create(self, **given: Unpack[NewEmployee]) -> Employee:
        """A new employee, hired at once unless `status` is "draft".

        `staff_number` is the matricule, `coefficient` that of the branch's grid, `card_number` the professional card.
        """
        return self._call(employees.create, given)

    def update(self, employee_id: str, **given: Unpack[EmployeeChange]) -> Employee:
        """Changes what is given; None clears what may be empty.

        Raises:
            PreconditionFailedError: it has changed since `version`.
        """
        return self._call(employees.update, given, employee_id)

    def activate(self, employee_id: str, **given: Unpack[Hiring]) -> Employee:
        """Hired, today unless told: a number in the personnel register."""
        return self._call(employees.activate, given, employee_id)

    def rehire(self, employee_id: str, **given: Unpack[Hiring]) -> Employee:
        """Hired again, under a new number in the personnel register."""
        return self._call(employees.rehire, given, employee_id)

    def leave(self, employee_id: str, **given: Unpack[Leaving]) -> Employee:
        """Left, today unless told."""
        return self._call(employees.leave, given, employee_id)
