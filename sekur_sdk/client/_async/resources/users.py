"""People's accounts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekur_sdk.client._async.shell import AsyncResource
from sekur_sdk.client.operations import users

if TYPE_CHECKING:
    from typing import Unpack

    from sekur_sdk.client._async.pager import AsyncPager
    from sekur_sdk.client.fields import Step
    from sekur_sdk.client.operations.users import NewUser, UserChange, UserFilters
    from sekur_sdk.client.options import CallOptions
    from sekur_sdk.models.access import User


class AsyncUsers(AsyncResource):
    """People's accounts."""

    def list(self, **given: Unpack[UserFilters]) -> AsyncPager[User]:
        """All that meet the filters."""
        return self._list(users.list_all, given)

    async def get(self, user_id: str, **options: Unpack[CallOptions]) -> User:
        """One by its id."""
        return await self._shell.call(users.get(user_id), options)

    async def invite(self, **given: Unpack[NewUser]) -> User:
        """A new account, invited; it may do what any of its roles may."""
        return await self._call(users.invite, given)

    async def update(self, user_id: str, **given: Unpack[UserChange]) -> User:
        """Changes what is given; None clears what may be empty.

        Raises:
            PreconditionFailedError: it has changed since `version`.
        """
        return await self._call(users.update, given, user_id)

    async def activate(self, user_id: str, **given: Unpack[Step]) -> User:
        """In service."""
        return await self._call(users.activate, given, user_id)

    async def suspend(self, user_id: str, **given: Unpack[Step]) -> User:
        """The tokens of the account are refused until it is reinstated."""
        return await self._call(users.suspend, given, user_id)

    async def reinstate(self, user_id: str, **given: Unpack[Step]) -> User:
        """Active again."""
        return await self._call(users.reinstate, given, user_id)

    async def close(self, user_id: str, **given: Unpack[Step]) -> User:
        """For good; the tokens of the account are revoked."""
        return await self._call(users.close, given, user_id)
