"""Who orders the guarding (donneurs d'ordre)."""

from __future__ import annotations

import attrs

from sekur_sdk.models.scalars import OpenEnum, Timestamp


class ClientStatus(OpenEnum):
    """Whether a client is served."""

    PROSPECT = "prospect"
    ACTIVE = "active"
    CLOSED = "closed"


@attrs.frozen(kw_only=True)
class Client:
    """A customer of the company; its sites name it. Invoices are due `payment_days` after their date."""

    id: str
    name: str
    legal_form: str | None = None
    siren: str | None = None
    siret: str | None = None
    vat_number: str | None = None
    billing_address: str = attrs.field(repr=False)
    email: str | None = attrs.field(default=None, repr=False)
    phone: str | None = attrs.field(default=None, repr=False)
    payment_days: int = 30
    notes: str | None = attrs.field(default=None, repr=False)
    status: ClientStatus
    version: int
    created_at: Timestamp
    updated_at: Timestamp
