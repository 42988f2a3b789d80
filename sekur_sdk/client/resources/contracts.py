"""Contracts with clients."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Unpack

import attrs
from msgspec import UNSET, UnsetType

from sekur_sdk.client.endpoint import Resource, fetch, listing, patch, post
from sekur_sdk.client.options import CallOptions, ListOptions, PostOptions, StepOptions
from sekur_sdk.client.shells import ShellT
from sekur_sdk.models.billing import Invoice, LineKind
from sekur_sdk.models.contracts import BillingPeriod, Contract, ContractStatus
from sekur_sdk.models.paging import Page


@attrs.frozen(kw_only=True)
class NewPrice:
    """A price to agree on, in euros excluding VAT: of an hour of its kind, or of `quantity` units a billing period (flat)."""

    kind: LineKind | str
    description: str
    unit_price: Decimal | int
    vat_rate: Decimal | int | None = None
    quantity: Decimal | int | None = None


class Contracts(Resource[ShellT]):
    """Contracts with clients; those with employees are `employment_contracts`."""

    @listing("/contracts")
    def list(
        self,
        *,
        status: ContractStatus | str | None = None,
        client_id: str | None = None,
        site_id: str | None = None,
        **options: Unpack[ListOptions],
    ) -> Page[Contract]:
        """All that meet the filters."""

    @fetch("/contracts/{contract_id}")
    def get(self, contract_id: str, **options: Unpack[CallOptions]) -> Contract:
        """One by its id."""

    @post("/contracts")
    def create(
        self,
        *,
        client_id: str,
        site_id: str,
        title: str,
        prices: Sequence[NewPrice],
        starts_on: date,
        ends_on: date | None = None,
        renewal_months: int | None = None,
        billing_period: BillingPeriod | str | None = None,
        **options: Unpack[PostOptions],
    ) -> Contract:
        """A new draft, billed by the month unless told."""

    @patch("/contracts/{contract_id}")
    def update(
        self,
        contract_id: str,
        *,
        version: int,
        title: str | UnsetType = UNSET,
        prices: Sequence[NewPrice] | UnsetType = UNSET,
        billing_period: BillingPeriod | str | UnsetType = UNSET,
        starts_on: date | UnsetType = UNSET,
        ends_on: date | UnsetType | None = UNSET,
        renewal_months: int | UnsetType | None = UNSET,
        **options: Unpack[CallOptions],
    ) -> Contract:
        """Changes what is given of a draft; None clears what may be empty.

        Raises:
            PreconditionFailedError: it has changed since `version`.
            ConflictError: it is no draft any more.
        """

    @post("/contracts/{contract_id}/sign")
    def sign(self, contract_id: str, *, signed_on: date | None = None, **options: Unpack[StepOptions]) -> Contract:
        """Signed, today unless told; active from its first day on."""

    @post("/contracts/{contract_id}/cancel")
    def cancel(self, contract_id: str, **options: Unpack[StepOptions]) -> Contract:
        """Given up before it began."""

    @post("/contracts/{contract_id}/end")
    def end(
        self, contract_id: str, *, reason: str, ends_on: date | None = None, **options: Unpack[StepOptions]
    ) -> Contract:
        """Its last day, today unless told: a later one is a notice that runs, and it is not renewed any more."""

    @post("/contracts/{contract_id}/invoice", subject=Contract)
    def invoice(
        self, contract_id: str, *, period_start: date, period_end: date, **options: Unpack[StepOptions]
    ) -> Invoice:
        """A draft invoice of the hours worked at its site from one day to another, both included.

        Raises:
            ConflictError: a day of it is billed already, a duty is not over, or hours have no price.
        """
