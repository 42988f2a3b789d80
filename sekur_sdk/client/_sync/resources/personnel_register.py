# Made from client/_async by tools/generate_sync.py: change it there.
"""The personnel register."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekur_sdk.client._sync.shell import Resource
from sekur_sdk.client.operations import personnel_register

if TYPE_CHECKING:
    from typing import Unpack

    from sekur_sdk.client._sync.pager import Pager
    from sekur_sdk.client.operations.personnel_register import RegisterFilters
    from sekur_sdk.models.employees import RegisterEntry


class PersonnelRegister(Resource):
    """The personnel register (registre unique du personnel)."""

    def list(self, **given: Unpack[RegisterFilters]) -> Pager[RegisterEntry]:
        """Its lines: hirings in their order, corrections and leavings as lines of their own."""
        return self._list(personnel_register.list_all, given)
