"""Requests for signatures: signers in their order, and the evidence of what each did.

Plain electronic signatures: who, when, by what it was known, and which document by its SHA-256. No qualified or advanced signature in
the sense of eIDAS is claimed.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import attrs
import sqlalchemy as sa

from sekur_sdk.models.documents import DocumentStatus
from sekur_sdk.models.events import EventType
from sekur_sdk.models.scalars import Amount
from sekur_sdk.models.signatures import (
    SignatureAction,
    SignatureEvidence,
    SignatureMethod,
    SignatureRequest,
    SignatureStatus,
    SignatureUsage,
    Signer,
)
from sekur_sdk.rules.subscription import signatures as price_of
from sekur_sdk.sandbox.problems import RefusalError, rule_broken
from sekur_sdk.sandbox.store import outside_tables
from sekur_sdk.sandbox.store.records import documents, signature_requests
from sekur_sdk.sandbox.trade.billing import french_day
from sekur_sdk.sandbox.trade.steps import Life, step

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sekur_sdk.sandbox.access import Caller
    from sekur_sdk.sandbox.inputs.signatures import (
        NewSigner,
        SignatureCreate,
        SignatureDecline,
        SignatureStep,
        SignatureUpdate,
    )
    from sekur_sdk.sandbox.store.writer import Transaction

LIFE: Life[SignatureStatus] = {
    SignatureStatus.DRAFT: {
        "update": SignatureStatus.DRAFT,
        "send": SignatureStatus.SENT,
        "cancel": SignatureStatus.CANCELLED,
    },
    SignatureStatus.SENT: {
        "view": SignatureStatus.VIEWED,
        "decline": SignatureStatus.DECLINED,
        "cancel": SignatureStatus.CANCELLED,
    },
    SignatureStatus.VIEWED: {
        "view": SignatureStatus.VIEWED,
        "sign": SignatureStatus.SIGNED,
        "decline": SignatureStatus.DECLINED,
        "cancel": SignatureStatus.CANCELLED,
    },
    SignatureStatus.SIGNED: {},
    SignatureStatus.DECLINED: {},
    SignatureStatus.EXPIRED: {},
    SignatureStatus.CANCELLED: {},
}
DEFAULT_DAYS, MAX_DAYS = timedelta(days=30), timedelta(days=366)
"""How long the signers have: unless told, and at most."""

MAX_VIEWS = 100
_WAITING = (SignatureStatus.DRAFT, SignatureStatus.SENT, SignatureStatus.VIEWED)
_table = outside_tables.signature_request


def create_request(tx: Transaction, data: SignatureCreate, caller: Caller) -> SignatureRequest:
    """A new draft, over a document's content as it is."""
    if not caller.may("documents:read"):
        # it would tell the document's title and digest
        raise rule_broken(
            "$.document_id", "What the token may not read can't be sent for signature: it lacks documents:read"
        )
    document = documents.find(tx.connection, data.document_id)
    if document is None or document.status != DocumentStatus.ACTIVE:
        raise rule_broken("$.document_id", "There is no such active document")
    expires_at = data.expires_at or tx.now + DEFAULT_DAYS
    _check_expiry(tx, expires_at)
    made = signature_requests.create(
        tx,
        internal={"signatures": 0},
        document_id=document.id,
        sha256=document.sha256,
        title=data.title or document.title,
        signers=_signers(data.signers),
        expires_at=expires_at,
        status=SignatureStatus.DRAFT,
    )
    tx.record(EventType.SIGNATURE_CREATED, made)
    return made


def update_request(tx: Transaction, request: SignatureRequest, data: SignatureUpdate) -> SignatureRequest:
    """The draft with the sent fields changed."""
    step(LIFE, "signature request", request, "update")
    changes: dict[str, Any] = data.changes()
    if not changes:
        return request
    wanted = attrs.evolve(request, **changes)
    if "expires_at" in changes:
        _check_expiry(tx, wanted.expires_at)
    if "signers" in changes:
        changes["signers"] = _signers(wanted.signers)
    return _change(tx, request, **changes)


def send_request(tx: Transaction, request: SignatureRequest) -> SignatureRequest:
    """The request, for its first signer to sign."""
    status = _step(tx, request, "send")
    return _change(tx, request, status=status, sent_at=tx.now, signer=request.signers[0].email)


def cancel_request(tx: Transaction, request: SignatureRequest) -> SignatureRequest:
    """The request, which nobody shall sign any more."""
    status = step(LIFE, "signature request", request, "cancel")
    return _change(tx, request, status=status, signer=None, completed_at=tx.now)


def view_request(tx: Transaction, request: SignatureRequest, data: SignatureStep, caller: Caller) -> SignatureRequest:
    """The request, seen by the signer whose turn it is."""
    status = _step(tx, request, "view")
    _check_signer(request, data)
    if len(request.evidence) >= MAX_VIEWS:
        raise RefusalError(409, f"It was seen {MAX_VIEWS} times.", allowed=LIFE[request.status], current=request)
    evidence = _evidence(tx, SignatureAction.VIEWED, data, caller, data.sha256)
    return _change(tx, request, status=status, evidence=(*request.evidence, evidence))


def sign_request(tx: Transaction, request: SignatureRequest, data: SignatureStep, caller: Caller) -> SignatureRequest:
    """The request, signed by the signer whose turn it is: the next one's turn, or signed by all."""
    status = _step(tx, request, "sign")
    _check_signer(request, data)
    evidence = _evidence(tx, SignatureAction.SIGNED, data, caller, data.sha256)
    signed = tx.connection.execute(
        sa.update(_table)
        .where(_table.c.id == request.id)
        .values(signatures=_table.c.signatures + 1)
        .returning(_table.c.signatures)
    ).scalar_one()
    changes: dict[str, Any] = {"evidence": (*request.evidence, evidence)}
    if signed < len(request.signers):
        changes |= {"status": SignatureStatus.SENT, "signer": request.signers[signed].email}
        return _change(tx, request, **changes)
    changes |= {"status": status, "signer": None, "completed_at": tx.now}
    return _change(tx, request, EventType.SIGNATURE_SIGNED, **changes)


def decline_request(
    tx: Transaction, request: SignatureRequest, data: SignatureDecline, caller: Caller
) -> SignatureRequest:
    """The request, which the signer whose turn it is does not sign: nor does anybody after."""
    status = _step(tx, request, "decline")
    _check_turn(request, data.signer)
    evidence = _evidence(tx, SignatureAction.DECLINED, data, caller, request.sha256, data.reason)
    return _change(tx, request, status=status, signer=None, completed_at=tx.now, evidence=(*request.evidence, evidence))


def expire_requests(tx: Transaction) -> None:
    """Note of each request past its time that it has expired; it could not be signed from that time on anyway."""
    for request in signature_requests.all(tx.connection, _table.c.status.in_(_WAITING), _table.c.expires_at <= tx.now):
        _change(tx, request, status=SignatureStatus.EXPIRED, signer=None, completed_at=tx.now)


def usage(connection: sa.Connection, now: datetime) -> SignatureUsage:
    """Signatures given so far: each signer's counts as one."""
    used = connection.execute(sa.select(sa.func.coalesce(sa.func.sum(_table.c.signatures), 0))).scalar_one()
    return SignatureUsage(used=used, price=Amount(price_of(used, on=french_day(now)).price))


def _step(tx: Transaction, request: SignatureRequest, action: str) -> SignatureStatus:
    status = step(LIFE, "signature request", request, action)
    if request.expires_at <= tx.now:
        raise RefusalError(409, "The request has expired.", current=request)
    return status


def _check_expiry(tx: Transaction, expires_at: datetime) -> None:
    if not tx.now < expires_at <= tx.now + MAX_DAYS:
        raise rule_broken("$.expires_at", f"A request expires in the future, within {MAX_DAYS.days} days")


def _check_signer(request: SignatureRequest, data: SignatureStep) -> None:
    _check_turn(request, data.signer)
    if data.sha256 != request.sha256:
        raise rule_broken("$.sha256", "The document has another SHA-256: it is not what was to be signed")


def _check_turn(request: SignatureRequest, signer: str) -> None:
    if request.signer is None or signer.lower() != request.signer.lower():
        raise rule_broken("$.signer", "It is another signer's turn")


def _signers(given: Sequence[NewSigner | Signer]) -> tuple[Signer, ...]:
    addresses: set[str] = set()
    for place, signer in enumerate(given):
        if signer.email.lower() in addresses:
            raise rule_broken(f"$.signers[{place}].email", "Another signer has this address")
        addresses.add(signer.email.lower())
    return tuple(Signer(name=signer.name, email=signer.email) for signer in given)


def _evidence(
    tx: Transaction,
    action: SignatureAction,
    data: SignatureStep | SignatureDecline,
    caller: Caller,
    sha256: str,
    reason: str | None = None,
) -> SignatureEvidence:
    return SignatureEvidence(
        at=tx.now,
        action=action,
        signer=data.signer,
        method=SignatureMethod(data.method),
        sha256=sha256,
        reason=reason,
        recorded_by=caller.name,
    )


def _change(
    tx: Transaction, request: SignatureRequest, type_: EventType = EventType.SIGNATURE_UPDATED, **changes: Any
) -> SignatureRequest:
    changed = signature_requests.update(tx, request, **changes)
    tx.record(type_, changed)
    return changed
