"""The organisation that the token belongs to."""

from __future__ import annotations

from typing import Unpack

from msgspec import UNSET, UnsetType

from sekur_sdk.client.endpoint import Resource, fetch, patch
from sekur_sdk.client.options import CallOptions
from sekur_sdk.client.shells import ShellT
from sekur_sdk.models.organisation import Organisation


class OwnOrganisation(Resource[ShellT]):
    """The company an account belongs to."""

    @fetch("/organisation")
    def get(self, **options: Unpack[CallOptions]) -> Organisation:
        """The organisation."""

    @patch("/organisation")
    def update(
        self,
        *,
        version: int,
        name: str | UnsetType = UNSET,
        legal_form: str | UnsetType | None = UNSET,
        siren: str | UnsetType = UNSET,
        siret: str | UnsetType = UNSET,
        vat_number: str | UnsetType = UNSET,
        authorisation_number: str | UnsetType = UNSET,
        address: str | UnsetType = UNSET,
        email: str | UnsetType | None = UNSET,
        phone: str | UnsetType | None = UNSET,
        **options: Unpack[CallOptions],
    ) -> Organisation:
        """Changes what is given; None clears what may be empty.

        Raises:
            PreconditionFailedError: it has changed since `version`.
        """
