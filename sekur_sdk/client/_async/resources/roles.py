"""Sets of scopes that users have (habilitations)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekur_sdk.client._async.shell import AsyncResource
from sekur_sdk.client.operations import roles

if TYPE_CHECKING:
    from typing import Unpack

    from sekur_sdk.client._async.pager import AsyncPager
    from sekur_sdk.client.fields import Step
    from sekur_sdk.client.operations.roles import NewRole, RoleChange, RoleFilters
    from sekur_sdk.client.options import CallOptions
    from sekur_sdk.models.access import Role


class AsyncRoles(AsyncResource):
    """Sets of scopes that users have (habilitations)."""

    def list(self, **given: Unpack[RoleFilters]) -> AsyncPager[Role]:
        """All that meet the filters."""
        return self._list(roles.list_all, given)

    async def get(self, role_id: str, **options: Unpack[CallOptions]) -> Role:
        """One by its id."""
        return await self._shell.call(roles.get(role_id), options)

    async def create(self, **given: Unpack[NewRole]) -> Role:
        """A new role, of `scopes` that the token itself has."""
        return await self._call(roles.create, given)

    async def update(self, role_id: str, **given: Unpack[RoleChange]) -> Role:
        """Changes what is given; None clears what may be empty.

        Raises:
            PreconditionFailedError: it has changed since `version`.
        """
        return await self._call(roles.update, given, role_id)

    async def archive(self, role_id: str, **given: Unpack[Step]) -> Role:
        """Counted no more."""
        return await self._call(roles.archive, given, role_id)

    async def restore(self, role_id: str, **given: Unpack[Step]) -> Role:
        """Counted again."""
        return await self._call(roles.restore, given, role_id)
