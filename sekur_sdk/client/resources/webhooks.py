"""Events sent to an integrator's own server; `sekur_sdk.webhooks.verify` reads them there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Unpack

from msgspec import UNSET, UnsetType

from sekur_sdk.client.endpoint import Resource, fetch, listing, patch, post
from sekur_sdk.client.options import CallOptions, ListOptions, PostOptions, StepOptions
from sekur_sdk.client.shells import ShellT
from sekur_sdk.models.paging import Page
from sekur_sdk.models.webhooks import (
    DeliveryStatus,
    NewWebhook,
    Webhook,
    WebhookDelivery,
    WebhookReplay,
    WebhookStatus,
)


class Webhooks(Resource[ShellT]):
    """Where events are sent to."""

    @listing("/webhooks")
    def list(self, *, status: WebhookStatus | str | None = None, **options: Unpack[ListOptions]) -> Page[Webhook]:
        """All that meet the filters."""

    @fetch("/webhooks/{webhook_id}")
    def get(self, webhook_id: str, **options: Unpack[CallOptions]) -> Webhook:
        """One by its id, without its secret."""

    @post("/webhooks")
    def create(
        self,
        *,
        url: str,
        event_types: Sequence[str] | None = None,
        description: str | None = None,
        **options: Unpack[PostOptions],
    ) -> NewWebhook:
        """A new webhook with its `secret`, which is shown this once.

        It is sent the `event_types`, all when None, that this token may read.
        """

    @patch("/webhooks/{webhook_id}")
    def update(
        self,
        webhook_id: str,
        *,
        version: int,
        url: str | UnsetType = UNSET,
        event_types: Sequence[str] | UnsetType = UNSET,
        description: str | UnsetType | None = UNSET,
        **options: Unpack[CallOptions],
    ) -> Webhook:
        """Changes what is given; None clears what may be empty. With another URL or other types it is sent what this token may read.

        Raises:
            PreconditionFailedError: it has changed since `version`.
        """

    @post("/webhooks/{webhook_id}/disable")
    def disable(self, webhook_id: str, **options: Unpack[StepOptions]) -> Webhook:
        """Sent nothing more; what waits rests."""

    @post("/webhooks/{webhook_id}/enable")
    def enable(self, webhook_id: str, **options: Unpack[StepOptions]) -> Webhook:
        """Sent what happens from now on; `replay` sends what it missed."""

    @post("/webhooks/{webhook_id}/rotate-secret")
    def rotate_secret(
        self, webhook_id: str, *, overlap_hours: int | None = None, **options: Unpack[StepOptions]
    ) -> NewWebhook:
        """A new `secret`, shown this once; the one before stays good for `overlap_hours` (24)."""

    @post("/webhooks/{webhook_id}/replay", subject=Webhook)
    def replay(
        self,
        webhook_id: str,
        *,
        occurred_from: datetime,
        occurred_before: datetime | None = None,
        **options: Unpack[StepOptions],
    ) -> WebhookReplay:
        """Sends the events of that time again, until now when `occurred_before` is None; 5,000 at most."""


class WebhookDeliveries(Resource[ShellT]):
    """Events on their way to webhooks, and what became of them."""

    @listing("/webhook-deliveries")
    def list(
        self,
        *,
        webhook_id: str | None = None,
        status: DeliveryStatus | str | None = None,
        event_id: int | None = None,
        **options: Unpack[ListOptions],
    ) -> Page[WebhookDelivery]:
        """All that meet the filters, in the order of the events."""

    @fetch("/webhook-deliveries/{delivery_id}")
    def get(self, delivery_id: str, **options: Unpack[CallOptions]) -> WebhookDelivery:
        """One by its id."""

    @post("/webhook-deliveries/{delivery_id}/replay")
    def replay(self, delivery_id: str, **options: Unpack[StepOptions]) -> WebhookDelivery:
        """Tried now, and as often as a new one."""
