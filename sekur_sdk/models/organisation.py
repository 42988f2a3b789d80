"""The security company itself."""

from __future__ import annotations

import attrs

from sekur_sdk.models.scalars import Timestamp


@attrs.frozen(kw_only=True)
class Organisation:
    """The company an account belongs to.

    `authorisation_number` is that of the CNAPS (CSI art. L612-9), to be shown on every document (art. L612-15).
    """

    id: str
    name: str
    legal_form: str | None = None
    siren: str
    siret: str
    vat_number: str
    authorisation_number: str
    address: str
    email: str | None = attrs.field(default=None, repr=False)
    phone: str | None = attrs.field(default=None, repr=False)
    version: int
    created_at: Timestamp
    updated_at: Timestamp
