"""Credit notes and payments."""

from __future__ import annotations

from datetime import date
from typing import Literal, Unpack

from sekur_sdk.client.endpoint import Resource, fetch, listing, post
from sekur_sdk.client.options import CallOptions, ListOptions, PostOptions, StepOptions
from sekur_sdk.client.shells import ShellT
from sekur_sdk.models.billing import CreditNote, Payment, PaymentMethod, PaymentStatus
from sekur_sdk.models.paging import Page
from sekur_sdk.models.scalars import Amount


class CreditNotes(Resource[ShellT]):
    """Credit notes (avoirs), which `invoices.credit` issues."""

    @listing("/credit-notes")
    def list(
        self, *, invoice_id: str | None = None, number: str | None = None, **options: Unpack[ListOptions]
    ) -> Page[CreditNote]:
        """All that meet the filters."""

    @fetch("/credit-notes/{credit_note_id}")
    def get(self, credit_note_id: str, **options: Unpack[CallOptions]) -> CreditNote:
        """One by its id."""


class Payments(Resource[ShellT]):
    """Payments (règlements) of invoices."""

    @listing("/payments")
    def list(
        self,
        *,
        invoice_id: str | None = None,
        status: PaymentStatus | str | None = None,
        method: PaymentMethod | str | None = None,
        **options: Unpack[ListOptions],
    ) -> Page[Payment]:
        """All that meet the filters."""

    @fetch("/payments/{payment_id}")
    def get(self, payment_id: str, **options: Unpack[CallOptions]) -> Payment:
        """One by its id."""

    @post("/payments")
    def create(
        self,
        *,
        invoice_id: str,
        amount: Amount | int,
        method: PaymentMethod | str,
        paid_on: date | None = None,
        reference: str | None = None,
        status: Literal["pending", "confirmed"] | None = None,
        **options: Unpack[PostOptions],
    ) -> Payment:
        """Money for an issued invoice, today and pending unless told; never more than is left to pay."""

    @post("/payments/{payment_id}/confirm")
    def confirm(self, payment_id: str, *, paid_on: date | None = None, **options: Unpack[StepOptions]) -> Payment:
        """The money has come: the invoice's balance and state follow."""

    @post("/payments/{payment_id}/reject")
    def reject(self, payment_id: str, *, reason: str, **options: Unpack[StepOptions]) -> Payment:
        """The money did not come, or the bank took it back."""

    @post("/payments/{payment_id}/refund")
    def refund(
        self,
        payment_id: str,
        *,
        reason: str,
        amount: Amount | int | None = None,
        refunded_on: date | None = None,
        **options: Unpack[StepOptions],
    ) -> Payment:
        """Given back, all of it and today unless told."""
