"""Documents for people to sign. Plain electronic signatures, no qualified ones in the sense of eIDAS."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Unpack

from msgspec import UNSET, UnsetType

from sekur_sdk.client.endpoint import Resource, fetch, listing, patch, post
from sekur_sdk.client.options import CallOptions, ListOptions, PostOptions, StepOptions
from sekur_sdk.client.shells import ShellT
from sekur_sdk.models.paging import Page
from sekur_sdk.models.signatures import SignatureMethod, SignatureRequest, SignatureStatus, SignatureUsage, Signer


class SignatureRequests(Resource[ShellT]):
    """Documents for their signers to sign, in their order."""

    @listing("/signature-requests")
    def list(
        self,
        *,
        status: SignatureStatus | str | None = None,
        document_id: str | None = None,
        **options: Unpack[ListOptions],
    ) -> Page[SignatureRequest]:
        """All that meet the filters."""

    @fetch("/signature-requests/{signature_id}")
    def get(self, signature_id: str, **options: Unpack[CallOptions]) -> SignatureRequest:
        """One by its id."""

    @post("/signature-requests")
    def create(
        self,
        *,
        document_id: str,
        signers: Sequence[Signer],
        title: str | None = None,
        expires_at: datetime | None = None,
        **options: Unpack[PostOptions],
    ) -> SignatureRequest:
        """A new draft, titled as the document unless told; the signers have 30 days when `expires_at` is None."""

    @patch("/signature-requests/{signature_id}")
    def update(
        self,
        signature_id: str,
        *,
        version: int,
        signers: Sequence[Signer] | UnsetType = UNSET,
        title: str | UnsetType = UNSET,
        expires_at: datetime | UnsetType = UNSET,
        **options: Unpack[CallOptions],
    ) -> SignatureRequest:
        """Changes what is given, of a draft.

        Raises:
            PreconditionFailedError: it has changed since `version`.
        """

    @post("/signature-requests/{signature_id}/send")
    def send(self, signature_id: str, **options: Unpack[StepOptions]) -> SignatureRequest:
        """The first signer's turn."""

    @post("/signature-requests/{signature_id}/view")
    def view(
        self,
        signature_id: str,
        *,
        signer: str,
        sha256: str,
        method: SignatureMethod | str | None = None,
        **options: Unpack[StepOptions],
    ) -> SignatureRequest:
        """That the `signer` (an e-mail address) whose turn it is saw the document with that `sha256`, by an e-mailed link unless told."""

    @post("/signature-requests/{signature_id}/sign")
    def sign(
        self,
        signature_id: str,
        *,
        signer: str,
        sha256: str,
        method: SignatureMethod | str | None = None,
        **options: Unpack[StepOptions],
    ) -> SignatureRequest:
        """That the `signer` whose turn it is, having seen it, signed it: the next one's turn, or signed by all."""

    @post("/signature-requests/{signature_id}/decline")
    def decline(
        self,
        signature_id: str,
        *,
        signer: str,
        method: SignatureMethod | str | None = None,
        reason: str | None = None,
        **options: Unpack[StepOptions],
    ) -> SignatureRequest:
        """That the `signer` whose turn it is does not sign, which ends it for all."""

    @post("/signature-requests/{signature_id}/cancel")
    def cancel(self, signature_id: str, **options: Unpack[StepOptions]) -> SignatureRequest:
        """Nobody shall sign it any more."""

    @fetch("/signature-usage")
    def usage(self, **options: Unpack[CallOptions]) -> SignatureUsage:
        """How many signatures were given, and their price."""
