"""Who orders the guarding (donneurs d'ordre)."""

from __future__ import annotations

from typing import Literal, Unpack

from msgspec import UNSET, UnsetType

from sekur_sdk.client.endpoint import Resource, fetch, listing, patch, post
from sekur_sdk.client.options import CallOptions, ListOptions, PostOptions, StepOptions
from sekur_sdk.client.shells import ShellT
from sekur_sdk.models.clients import Client, ClientStatus
from sekur_sdk.models.paging import Page


class Clients(Resource[ShellT]):
    """Who orders the guarding (donneurs d'ordre)."""

    @listing("/clients")
    def list(
        self, *, status: ClientStatus | str | None = None, siren: str | None = None, **options: Unpack[ListOptions]
    ) -> Page[Client]:
        """All that meet the filters."""

    @fetch("/clients/{client_id}")
    def get(self, client_id: str, **options: Unpack[CallOptions]) -> Client:
        """One by its id."""

    @post("/clients")
    def create(
        self,
        *,
        name: str,
        billing_address: str,
        legal_form: str | None = None,
        siren: str | None = None,
        siret: str | None = None,
        vat_number: str | None = None,
        email: str | None = None,
        phone: str | None = None,
        payment_days: int | None = None,
        notes: str | None = None,
        status: Literal["prospect", "active"] | None = None,
        **options: Unpack[PostOptions],
    ) -> Client:
        """A new client, a prospect unless `status` is "active". Invoices are due `payment_days` (30) after their date."""

    @patch("/clients/{client_id}")
    def update(
        self,
        client_id: str,
        *,
        version: int,
        legal_form: str | UnsetType | None = UNSET,
        siren: str | UnsetType | None = UNSET,
        siret: str | UnsetType | None = UNSET,
        vat_number: str | UnsetType | None = UNSET,
        email: str | UnsetType | None = UNSET,
        phone: str | UnsetType | None = UNSET,
        payment_days: int | UnsetType = UNSET,
        notes: str | UnsetType | None = UNSET,
        name: str | UnsetType = UNSET,
        billing_address: str | UnsetType = UNSET,
        **options: Unpack[CallOptions],
    ) -> Client:
        """Changes what is given; None clears what may be empty.

        Raises:
            PreconditionFailedError: it has changed since `version`.
        """

    @post("/clients/{client_id}/activate")
    def activate(self, client_id: str, **options: Unpack[StepOptions]) -> Client:
        """In service."""

    @post("/clients/{client_id}/close")
    def close(self, client_id: str, **options: Unpack[StepOptions]) -> Client:
        """Served no more."""

    @post("/clients/{client_id}/reopen")
    def reopen(self, client_id: str, **options: Unpack[StepOptions]) -> Client:
        """Served again."""
