"""Requests for electronic signatures. Plain ones: nothing here is a qualified signature in the sense of eIDAS."""

from __future__ import annotations

import attrs

from sekur_sdk.models.scalars import Amount, OpenEnum, Timestamp


class SignatureStatus(OpenEnum):
    """The life of a request; `sent` also when the next signer has it."""

    DRAFT = "draft"
    SENT = "sent"
    VIEWED = "viewed"
    SIGNED = "signed"
    DECLINED = "declined"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


@attrs.frozen(kw_only=True)
class Signer:
    """Who shall sign."""

    name: str = attrs.field(repr=False)
    email: str = attrs.field(repr=False)


class SignatureMethod(OpenEnum):
    """By what it was known that it is the signer."""

    EMAIL_LINK = "email_link"
    SMS_CODE = "sms_code"
    IN_PERSON = "in_person"


class SignatureAction(OpenEnum):
    """What a signer did."""

    VIEWED = "viewed"
    SIGNED = "signed"
    DECLINED = "declined"


@attrs.frozen(kw_only=True)
class SignatureEvidence:
    """What a signer did: which document (its SHA-256), when, by what `method`; `recorded_by` is whose token told."""

    at: Timestamp
    action: SignatureAction
    signer: str = attrs.field(repr=False)
    method: SignatureMethod
    sha256: str
    reason: str | None = attrs.field(default=None, repr=False)
    recorded_by: str = attrs.field(repr=False)


@attrs.frozen(kw_only=True)
class SignatureRequest:
    """A document for its signers to sign, in their order; `signer` is the e-mail address of the one whose turn it is."""

    id: str
    document_id: str
    sha256: str
    title: str = attrs.field(repr=False)
    signers: tuple[Signer, ...]
    signer: str | None = attrs.field(default=None, repr=False)
    evidence: tuple[SignatureEvidence, ...] = ()
    expires_at: Timestamp
    sent_at: Timestamp | None = None
    completed_at: Timestamp | None = None
    status: SignatureStatus
    version: int
    created_at: Timestamp
    updated_at: Timestamp


@attrs.frozen(kw_only=True)
class SignatureUsage:
    """Signatures given, and what they cost by the cheapest packs of article 7.1, in euros excluding VAT."""

    used: int
    price: Amount
