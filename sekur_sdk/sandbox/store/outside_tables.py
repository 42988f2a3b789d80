"""The tables of what leads outside: webhooks, client access, requests for signatures, exports."""

from __future__ import annotations

import sqlalchemy as sa

from sekur_sdk.models.access import TokenStatus
from sekur_sdk.models.exports import ExportFormat, ExportStatus
from sekur_sdk.models.portal import ClientUserStatus, ShareKind, ShareStatus
from sekur_sdk.models.signatures import SignatureEvidence, SignatureStatus, Signer
from sekur_sdk.models.webhooks import DeliveryStatus, WebhookAttempt, WebhookStatus
from sekur_sdk.sandbox.store.schema import Id, metadata, versioned
from sekur_sdk.sandbox.store.types import EnumText, UtcDateTime, WireJson

webhook: sa.Table = sa.Table(
    "webhook",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("url", sa.Text, nullable=False),
    sa.Column("event_types", WireJson(tuple[str, ...]), nullable=False),
    sa.Column("description", sa.String(200)),
    # signatures are made with them: a hash would not do
    sa.Column("secret", sa.String(100), nullable=False),
    sa.Column("previous_secret", sa.String(100)),
    sa.Column("previous_secret_until", UtcDateTime),
    # of the token that said where to: what it may not read is not sent there
    sa.Column("scopes", WireJson(tuple[str, ...]), nullable=False),
    # the number of the last event that deliveries were made of
    sa.Column("last_event_id", sa.BigInteger, nullable=False),
    sa.Column("status", EnumText(WebhookStatus), nullable=False),
    *versioned(),
)

webhook_delivery: sa.Table = sa.Table(
    "webhook_delivery",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("webhook_id", Id, sa.ForeignKey("webhook.id"), nullable=False),
    sa.Column("event_id", sa.BigInteger, nullable=False),
    sa.Column("event_type", sa.String(64), nullable=False),
    sa.Column("attempts", WireJson(tuple[WebhookAttempt, ...]), nullable=False),
    # tries since it was last put on its way: a replay begins anew
    sa.Column("tries", sa.Integer, nullable=False),
    sa.Column("next_attempt_at", UtcDateTime, index=True),
    sa.Column("status", EnumText(DeliveryStatus), nullable=False),
    *versioned(),
    sa.UniqueConstraint("webhook_id", "event_id"),
)

client_user: sa.Table = sa.Table(
    "client_user",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("client_id", Id, sa.ForeignKey("client.id"), nullable=False, index=True),
    sa.Column("email", sa.String(200), nullable=False, index=True),
    sa.Column("first_name", sa.String(100), nullable=False),
    sa.Column("last_name", sa.String(100), nullable=False),
    sa.Column("site_ids", WireJson(tuple[str, ...]), nullable=False),
    sa.Column("status", EnumText(ClientUserStatus), nullable=False),
    *versioned(),
)

client_token: sa.Table = sa.Table(
    "client_token",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("name", sa.String(200), nullable=False),
    sa.Column("user_id", Id, sa.ForeignKey("client_user.id"), nullable=False, index=True),
    sa.Column("scopes", WireJson(tuple[str, ...]), nullable=False),
    sa.Column("expires_at", UtcDateTime, nullable=False),
    sa.Column("revoked_at", UtcDateTime),
    sa.Column("status", EnumText(TokenStatus), nullable=False),
    sa.Column("sha256", sa.String(64), nullable=False, unique=True),
    *versioned(),
)

share: sa.Table = sa.Table(
    "share",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("kind", EnumText(ShareKind), nullable=False),
    sa.Column("subject_id", Id, nullable=False, index=True),
    sa.Column("client_id", Id, sa.ForeignKey("client.id"), nullable=False, index=True),
    sa.Column("site_id", Id, sa.ForeignKey("site.id")),
    sa.Column("status", EnumText(ShareStatus), nullable=False),
    *versioned(),
)

signature_request: sa.Table = sa.Table(
    "signature_request",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("document_id", Id, sa.ForeignKey("document.id"), nullable=False, index=True),
    sa.Column("sha256", sa.String(64), nullable=False),
    sa.Column("title", sa.String(200), nullable=False),
    sa.Column("signers", WireJson(tuple[Signer, ...]), nullable=False),
    sa.Column("signer", sa.String(200)),
    sa.Column("evidence", WireJson(tuple[SignatureEvidence, ...]), nullable=False),
    # how many signatures were given: what article 7.1 counts
    sa.Column("signatures", sa.Integer, nullable=False),
    sa.Column("expires_at", UtcDateTime, nullable=False),
    sa.Column("sent_at", UtcDateTime),
    sa.Column("completed_at", UtcDateTime),
    sa.Column("status", EnumText(SignatureStatus), nullable=False, index=True),
    *versioned(),
)

export: sa.Table = sa.Table(
    "export",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("format", EnumText(ExportFormat), nullable=False),
    sa.Column("rows_done", sa.BigInteger, nullable=False),
    sa.Column("rows_total", sa.BigInteger),
    sa.Column("size", sa.BigInteger),
    sa.Column("sha256", sa.String(64)),
    sa.Column("failure", sa.String(200)),
    # how often it was begun: one that ends the server each time must not do so for ever
    sa.Column("starts", sa.Integer, nullable=False),
    sa.Column("expires_at", UtcDateTime),
    sa.Column("status", EnumText(ExportStatus), nullable=False, index=True),
    *versioned(),
)
