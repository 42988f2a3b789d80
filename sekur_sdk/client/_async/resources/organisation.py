"""The organisation that the token belongs to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekur_sdk.client._async.shell import AsyncResource
from sekur_sdk.client.operations import organisation

if TYPE_CHECKING:
    from typing import Unpack

    from sekur_sdk.client.operations.organisation import OrganisationChange
    from sekur_sdk.client.options import CallOptions
    from sekur_sdk.models.organisation import Organisation


class AsyncOwnOrganisation(AsyncResource):
    """The company an account belongs to."""

    async def get(self, **options: Unpack[CallOptions]) -> Organisation:
        """The organisation."""
        return await self._shell.call(organisation.get(), options)

    async def update(self, **given: Unpack[OrganisationChange]) -> Organisation:
        """Changes what is given; None clears what may be empty.

        Raises:
            PreconditionFailedError: it has changed since `version`.
        """
        return await self._call(organisation.update, given)
