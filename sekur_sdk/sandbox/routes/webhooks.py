"""Webhooks and their deliveries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekur_sdk.models.webhooks import NewWebhook, WebhookReplay
from sekur_sdk.sandbox.inputs.billing import Nothing
from sekur_sdk.sandbox.inputs.webhooks import (
    DeliveryStatusName,
    SecretRotate,
    WebhookCreate,
    WebhookReplayRange,
    WebhookStatusName,
    WebhookUpdate,
)
from sekur_sdk.sandbox.routes.resource import Routes
from sekur_sdk.sandbox.store.records import webhook_deliveries, webhooks
from sekur_sdk.sandbox.trade import deliveries
from sekur_sdk.sandbox.trade import webhooks as trade
from sekur_sdk.sandbox.trade.steps import step

if TYPE_CHECKING:
    from litestar.handlers import HTTPRouteHandler

    from sekur_sdk.models.webhooks import Webhook
    from sekur_sdk.sandbox.delivery.addresses import Policy
    from sekur_sdk.sandbox.store.writer import Transaction

_WEBHOOKS = Routes(path="/webhooks", module="webhooks", what="webhook", records=webhooks)
_DELIVERIES = Routes(path="/webhook-deliveries", module="webhooks", what="webhook delivery", records=webhook_deliveries)
_TIMES = ("created_at", "updated_at")


def _replay(tx: Transaction, hook: Webhook, data: WebhookReplayRange) -> WebhookReplay:
    step(trade.LIFE, "webhook", hook, "replay")
    return deliveries.replay_events(tx, hook, data.occurred_from, data.occurred_before)


def handlers(policy: Policy) -> tuple[HTTPRouteHandler, ...]:
    """The routes, for a server whose webhooks go where `policy` says."""
    return (
        _WEBHOOKS.list(sorts=_TIMES, equal={"status": WebhookStatusName}),
        _WEBHOOKS.get(),
        _WEBHOOKS.create(
            WebhookCreate,
            lambda tx, data, change: trade.create_webhook(tx, data, change.caller, policy),
            answer=NewWebhook,
            kept=trade.without_secret,
        ),
        _WEBHOOKS.update(
            WebhookUpdate,
            lambda tx, hook, data, change: trade.update_webhook(tx, hook, data, change.caller, policy),
        ),
        _WEBHOOKS.step("disable", Nothing, lambda tx, hook, *_: trade.step_webhook(tx, hook, "disable")),
        _WEBHOOKS.step("enable", Nothing, lambda tx, hook, *_: trade.step_webhook(tx, hook, "enable")),
        _WEBHOOKS.step(
            "rotate-secret",
            SecretRotate,
            lambda tx, hook, data, _: trade.rotate_secret(tx, hook, data),
            answer=NewWebhook,
            kept=trade.without_secret,
        ),
        _WEBHOOKS.step(
            "replay", WebhookReplayRange, lambda tx, hook, data, _: _replay(tx, hook, data), answer=WebhookReplay
        ),
        _DELIVERIES.list(
            sorts=("event_id", *_TIMES),
            default="event_id",
            equal={"webhook_id": str, "status": DeliveryStatusName, "event_id": int},
        ),
        _DELIVERIES.get(),
        _DELIVERIES.step("replay", Nothing, lambda tx, delivery, *_: deliveries.replay_delivery(tx, delivery)),
    )
