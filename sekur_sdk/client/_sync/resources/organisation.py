# Made from client/_async by tools/generate_sync.py: change it there.
"""The organisation that the token belongs to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekur_sdk.client._sync.shell import Resource
from sekur_sdk.client.operations import organisation

if TYPE_CHECKING:
    from typing import Unpack

    from sekur_sdk.client.options import CallOptions
    from sekur_sdk.models.organisation import Organisation


class OwnOrganisation(Resource):
    """The company an account belongs to."""

    def get(self, **options: Unpack[CallOptions]) -> Organisation:
        """The organisation."""
        return self._shell.call(organisation.get(), options)
