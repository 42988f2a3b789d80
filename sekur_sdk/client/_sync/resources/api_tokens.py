# Made from client/_async by tools/generate_sync.py: change it there.
"""Static tokens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekur_sdk.client._sync.shell import Resource
from sekur_sdk.client.operations import api_tokens

if TYPE_CHECKING:
    from typing import Unpack

    from sekur_sdk.client._sync.pager import Pager
    from sekur_sdk.client.fields import Step
    from sekur_sdk.client.operations.api_tokens import ApiTokenChange, ApiTokenFilters, RequestedToken
    from sekur_sdk.client.options import CallOptions
    from sekur_sdk.models.access import ApiToken, NewApiToken


class ApiTokens(Resource):
    """Static tokens."""

    def list(self, **given: Unpack[ApiTokenFilters]) -> Pager[ApiToken]:
        """All that meet the filters."""
        return self._list(api_tokens.list_all, given)

    def get(self, token_id: str, **options: Unpack[CallOptions]) -> ApiToken:
        """One by its id."""
        return self._shell.call(api_tokens.get(token_id), options)

    def create(self, **given: Unpack[RequestedToken]) -> NewApiToken:
        """A new token with its `secret`, which is shown this once. `expires_at` is at most 366 days ahead, 90 when None."""
        return self._call(api_tokens.create, given)

    def update(self, token_id: str, **given: Unpack[ApiTokenChange]) -> ApiToken:
        """Changes what is given; None clears what may be empty.

        Raises:
            PreconditionFailedError: it has changed since `version`.
        """
        return self._call(api_tokens.update, given, token_id)

    def revoke(self, token_id: str, **given: Unpack[Step]) -> ApiToken:
        """Refused from now on."""
        return self._call(api_tokens.revoke, given, token_id)
