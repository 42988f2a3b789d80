"""Contracts of employment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekur_sdk.client._async.shell import AsyncResource
from sekur_sdk.client.operations import employment_contracts

if TYPE_CHECKING:
    from typing import Unpack

    from sekur_sdk.client._async.pager import AsyncPager
    from sekur_sdk.client.fields import Step
    from sekur_sdk.client.operations.employment_contracts import (
        EmploymentContractChange,
        EmploymentContractFilters,
        Ending,
        NewEmploymentContract,
        Signing,
    )
    from sekur_sdk.client.options import CallOptions
    from sekur_sdk.models.employment import EmploymentContract


class AsyncEmploymentContracts(AsyncResource):
    """Contracts of employment."""

    def list(self, **given: Unpack[EmploymentContractFilters]) -> AsyncPager[EmploymentContract]:
        """All that meet the filters."""
        return self._list(employment_contracts.list_all, given)

    async def get(self, contract_id: str, **options: Unpack[CallOptions]) -> EmploymentContract:
        """One by its id."""
        return await self._shell.call(employment_contracts.get(contract_id), options)

    async def create(self, **given: Unpack[NewEmploymentContract]) -> EmploymentContract:
        """A new draft. A CDD has a `reason`, all but a CDI have an end."""
        return await self._call(employment_contracts.create, given)

    async def update(self, contract_id: str, **given: Unpack[EmploymentContractChange]) -> EmploymentContract:
        """Changes what is given; None clears what may be empty.

        Raises:
            PreconditionFailedError: it has changed since `version`.
        """
        return await self._call(employment_contracts.update, given, contract_id)

    async def cancel(self, contract_id: str, **given: Unpack[Step]) -> EmploymentContract:
        """Given up."""
        return await self._call(employment_contracts.cancel, given, contract_id)

    async def sign(self, contract_id: str, **given: Unpack[Signing]) -> EmploymentContract:
        """Signed, today unless told; one at a time."""
        return await self._call(employment_contracts.sign, given, contract_id)

    async def end(self, contract_id: str, **given: Unpack[Ending]) -> EmploymentContract:
        """At its end, today unless told."""
        return await self._call(employment_contracts.end, given, contract_id)
