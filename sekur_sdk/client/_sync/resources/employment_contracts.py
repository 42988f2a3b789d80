# Made from client/_async by tools/generate_sync.py: change it there.
"""Contracts of employment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekur_sdk.client._sync.shell import Resource
from sekur_sdk.client.operations import employment_contracts

if TYPE_CHECKING:
    from typing import Unpack

    from sekur_sdk.client._sync.pager import Pager
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


class EmploymentContracts(Resource):
    """Contracts of employment."""

    def list(self, **given: Unpack[EmploymentContractFilters]) -> Pager[EmploymentContract]:
        """All that meet the filters."""
        return self._list(employment_contracts.list_all, given)

    def get(self, contract_id: str, **options: Unpack[CallOptions]) -> EmploymentContract:
        """One by its id."""
        return self._shell.call(employment_contracts.get(contract_id), options)

    def create(self, **given: Unpack[NewEmploymentContract]) -> EmploymentContract:
        """A new draft. A CDD has a `reason`, all but a CDI have an end."""
        return self._call(employment_contracts.create, given)

    def update(self, contract_id: str, **given: Unpack[EmploymentContractChange]) -> EmploymentContract:
        """Changes what is given; None clears what may be empty.

        Raises:
            PreconditionFailedError: it has changed since `version`.
        """
        return self._call(employment_contracts.update, given, contract_id)

    def cancel(self, contract_id: str, **given: Unpack[Step]) -> EmploymentContract:
        """Given up."""
        return self._call(employment_contracts.cancel, given, contract_id)

    def sign(self, contract_id: str, **given: Unpack[Signing]) -> EmploymentContract:
        """Signed, today unless told; one at a time."""
        return self._call(employment_contracts.sign, given, contract_id)

    def end(self, contract_id: str, **given: Unpack[Ending]) -> EmploymentContract:
        """At its end, today unless told."""
        return self._call(employment_contracts.end, given, contract_id)
