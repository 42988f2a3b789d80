"""The organisation that the token belongs to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekur_sdk.client.operations import organisation

if TYPE_CHECKING:
    from typing import Unpack

    from sekur_sdk.client._async.shell import AsyncShell
    from sekur_sdk.client.options import CallOptions
    from sekur_sdk.models.organisation import Organisation


class AsyncOwnOrganisation:
    """The company an account belongs to."""

    def __init__(self, shell: AsyncShell) -> None:
        self._shell = shell

    async def get(
        self,
        **options: Unpack[CallOptions],
    ) -> Organisation:
        """The organisation."""
        return await self._shell.call(organisation.get(), options)
