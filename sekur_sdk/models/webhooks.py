"""Webhooks: events sent to an integrator's own server."""

from __future__ import annotations

import attrs

from sekur_sdk.models.scalars import OpenEnum, Timestamp


class WebhookStatus(OpenEnum):
    """Whether a webhook is sent events."""

    ACTIVE = "active"
    DISABLED = "disabled"


@attrs.frozen(kw_only=True)
class Webhook:
    """Where events are sent to; without `event_types` all that its token may read. The secret before is good until `previous_secret_until`."""

    id: str
    url: str = attrs.field(repr=False)
    event_types: tuple[str, ...] = ()
    description: str | None = None
    previous_secret_until: Timestamp | None = None
    status: WebhookStatus
    version: int
    created_at: Timestamp
    updated_at: Timestamp


@attrs.frozen(kw_only=True)
class NewWebhook(Webhook):
    """A webhook with its `secret`, shown when it is made or replaced, and never again; None when that answer is replayed."""

    secret: str | None = attrs.field(default=None, repr=False)


class DeliveryStatus(OpenEnum):
    """Whether a delivery was taken; dead when the last try failed."""

    PENDING = "pending"
    DELIVERED = "delivered"
    DEAD = "dead"


@attrs.frozen(kw_only=True)
class WebhookAttempt:
    """One try: the receiver's `status` with the beginning of its answer, or the `error` for which there is none."""

    at: Timestamp
    duration_ms: int
    status: int | None = None
    error: str | None = None
    answer: str | None = attrs.field(default=None, repr=False)


@attrs.frozen(kw_only=True)
class WebhookDelivery:
    """An event on its way to a webhook. `event_id` is the `webhook-id` that each try bears."""

    id: str
    webhook_id: str
    event_id: int
    event_type: str
    attempts: tuple[WebhookAttempt, ...] = ()
    next_attempt_at: Timestamp | None = None
    status: DeliveryStatus
    version: int
    created_at: Timestamp
    updated_at: Timestamp


@attrs.frozen(kw_only=True)
class WebhookReplay:
    """How many deliveries a replay put on their way."""

    deliveries: int
