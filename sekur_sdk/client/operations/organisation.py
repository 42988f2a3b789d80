"""The organisation that the token belongs to."""

from __future__ import annotations

from typing import Required, Unpack

from sekur_sdk.client.fields import change
from sekur_sdk.client.operation import Operation
from sekur_sdk.client.operation import get as read
from sekur_sdk.client.options import CallOptions
from sekur_sdk.models.organisation import Organisation


class OrganisationChange(CallOptions, total=False):
    """What to change, and options; `version` is the one that the caller saw."""

    version: Required[int]
    name: str
    legal_form: str | None
    siren: str
    siret: str
    vat_number: str
    authorisation_number: str
    address: str
    email: str | None
    phone: str | None


def get() -> Operation[Organisation]:
    """GET /organisation."""
    return read("/organisation", Organisation)


def update(**given: Unpack[OrganisationChange]) -> Operation[Organisation]:
    """PATCH /organisation."""
    return change("/organisation", Organisation, given, OrganisationChange)
