"""The personnel register."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekur_sdk.client._async.shell import AsyncResource
from sekur_sdk.client.operations import personnel_register

if TYPE_CHECKING:
    from typing import Unpack

    from sekur_sdk.client._async.pager import AsyncPager
    from sekur_sdk.client.operations.personnel_register import RegisterFilters
    from sekur_sdk.models.employees import RegisterEntry


class AsyncPersonnelRegister(AsyncResource):
    """The personnel register (registre unique du personnel)."""

    def list(self, **given: Unpack[RegisterFilters]) -> AsyncPager[RegisterEntry]:
        """Its lines: hirings in their order, corrections and leavings as lines of their own."""
        return self._list(personnel_register.list_all, given)
