"""The people who work for the company."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekur_sdk.client._async.shell import AsyncResource
from sekur_sdk.client.operations import employees

if TYPE_CHECKING:
    from typing import Unpack

    from sekur_sdk.client._async.pager import AsyncPager
    from sekur_sdk.client.operations.employees import EmployeeChange, EmployeeFilters, Hiring, Leaving, NewEmployee
    from sekur_sdk.client.options import CallOptions
    from sekur_sdk.models.employees import Employee


class AsyncEmployees(AsyncResource):
    """The people who work for the company."""

    def list(self, **given: Unpack[EmployeeFilters]) -> AsyncPager[Employee]:
        """All that meet the filters."""
        return self._list(employees.list_all, given)

    async def get(self, employee_id: str, **options: Unpack[CallOptions]) -> Employee:
        """One by its id."""
        return await self._shell.call(employees.get(employee_id), options)

    async def create(self, **given: Unpack[NewEmployee]) -> Employee:
        """A new employee, hired at once unless `status` is "draft".

        `staff_number` is the matricule, `coefficient` that of the branch's grid, `card_number` the professional card.
        """
        return await self._call(employees.create, given)

    async def update(self, employee_id: str, **given: Unpack[EmployeeChange]) -> Employee:
        """Changes what is given; None clears what may be empty.

        Raises:
            PreconditionFailedError: it has changed since `version`.
        """
        return await self._call(employees.update, given, employee_id)

    async def activate(self, employee_id: str, **given: Unpack[Hiring]) -> Employee:
        """Hired, today unless told: a number in the personnel register."""
        return await self._call(employees.activate, given, employee_id)

    async def rehire(self, employee_id: str, **given: Unpack[Hiring]) -> Employee:
        """Hired again, under a new number in the personnel register."""
        return await self._call(employees.rehire, given, employee_id)

    async def leave(self, employee_id: str, **given: Unpack[Leaving]) -> Employee:
        """Left, today unless told."""
        return await self._call(employees.leave, given, employee_id)
