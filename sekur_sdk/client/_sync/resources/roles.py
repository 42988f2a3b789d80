# Made from client/_async by tools/generate_sync.py: change it there.
"""Sets of scopes that users have (habilitations)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekur_sdk.client._sync.shell import Resource
from sekur_sdk.client.operations import roles

if TYPE_CHECKING:
    from typing import Unpack

    from sekur_sdk.client._sync.pager import Pager
    from sekur_sdk.client.fields import Step
    from sekur_sdk.client.operations.roles import NewRole, RoleChange, RoleFilters
    from sekur_sdk.client.options import CallOptions
    from sekur_sdk.models.access import Role


class Roles(Resource):
    """Sets of scopes that users have (habilitations)."""

    def list(self, **given: Unpack[RoleFilters]) -> Pager[Role]:
        """All that meet the filters."""
        return self._list(roles.list_all, given)

    def get(self, role_id: str, **options: Unpack[CallOptions]) -> Role:
        """One by its id."""
        return self._shell.call(roles.get(role_id), options)

    def create(self, **given: Unpack[NewRole]) -> Role:
        """A new role, of `scopes` that the token itself has."""
        return self._call(roles.create, given)

    def update(self, role_id: str, **given: Unpack[RoleChange]) -> Role:
        """Changes what is given; None clears what may be empty.

        Raises:
            PreconditionFailedError: it has changed since `version`.
        """
        return self._call(roles.update, given, role_id)

    def archive(self, role_id: str, **given: Unpack[Step]) -> Role:
        """Counted no more."""
        return self._call(roles.archive, given, role_id)

    def restore(self, role_id: str, **given: Unpack[Step]) -> Role:
        """Counted again."""
        return self._call(roles.restore, given, role_id)
