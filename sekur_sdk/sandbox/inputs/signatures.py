"""Inputs of requests for signatures."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, UnsetType

from sekur_sdk.sandbox.inputs.body import Patch, Strict
from sekur_sdk.sandbox.inputs.scalars import At, Digest, Email, IdText, Name

Method = Literal["email_link", "sms_code", "in_person"]
SignatureStatusName = Literal["draft", "sent", "viewed", "signed", "declined", "expired", "cancelled"]


class NewSigner(Strict, kw_only=True, frozen=True):
    """Who shall sign."""

    name: Name
    email: Email


Signers = Annotated[list[NewSigner], msgspec.Meta(min_length=1, max_length=10)]


class SignatureCreate(Strict, kw_only=True, frozen=True):
    """A document to sign, by these in this order; within 30 days unless told."""

    document_id: IdText
    signers: Signers
    title: Name | None = None
    expires_at: At | None = None


class SignatureUpdate(Patch, kw_only=True, frozen=True):
    """What to change of a draft."""

    signers: Signers | UnsetType = UNSET
    title: Name | UnsetType = UNSET
    expires_at: At | UnsetType = UNSET


class SignatureStep(Strict, kw_only=True, frozen=True):
    """What the signer whose turn it is saw or signed: the SHA-256 of the document's content, and how it was known to be them."""

    signer: Email
    sha256: Digest
    method: Method = "email_link"


class SignatureDecline(Strict, kw_only=True, frozen=True):
    """That the signer whose turn it is does not sign."""

    signer: Email
    method: Method = "email_link"
    reason: Name | None = None
