"""Webhooks: where events are sent, and the secrets that they are signed with."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import attrs
import sqlalchemy as sa

from sekur_sdk.models.events import EventType
from sekur_sdk.models.webhooks import NewWebhook, Webhook, WebhookStatus
from sekur_sdk.sandbox.delivery.signing import new_secret
from sekur_sdk.sandbox.problems import RefusalError, rule_broken
from sekur_sdk.sandbox.store import outside_tables
from sekur_sdk.sandbox.store.records import webhooks
from sekur_sdk.sandbox.trade.deliveries import drop_unwanted, newest_event, readable_types
from sekur_sdk.sandbox.trade.steps import Life, step

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sekur_sdk.sandbox.access import Caller
    from sekur_sdk.sandbox.delivery.addresses import Policy
    from sekur_sdk.sandbox.inputs.webhooks import SecretRotate, WebhookCreate, WebhookUpdate
    from sekur_sdk.sandbox.store.writer import Transaction

LIFE: Life[WebhookStatus] = {
    WebhookStatus.ACTIVE: {"disable": WebhookStatus.DISABLED, "replay": WebhookStatus.ACTIVE},
    WebhookStatus.DISABLED: {"enable": WebhookStatus.ACTIVE},
}
MAX_WEBHOOKS = 100
"""That are active at a time: each may hold a connection of its own."""

_table = outside_tables.webhook


def create_webhook(tx: Transaction, data: WebhookCreate, caller: Caller, policy: Policy) -> NewWebhook:
    """A new webhook with its secret; it is sent the events from now on that the token may read."""
    _check_url(data.url, policy)
    _check_types(data.event_types, caller)
    _check_room(tx)
    secret = new_secret()
    hook = webhooks.create(
        tx,
        internal={
            "secret": secret,
            "scopes": tuple(sorted(caller.scopes)),
            # its own creation is not the first thing that it is told
            "last_event_id": newest_event(tx.connection) + 1,
        },
        url=data.url,
        event_types=tuple(dict.fromkeys(data.event_types)),
        description=data.description,
        status=WebhookStatus.ACTIVE,
    )
    tx.record(EventType.WEBHOOK_CREATED, hook)
    return _with_secret(hook, secret)


def update_webhook(tx: Transaction, hook: Webhook, data: WebhookUpdate, caller: Caller, policy: Policy) -> Webhook:
    """The webhook with the sent fields changed; another URL or other types are this token's doing, and bound by what it may read."""
    changes: dict[str, Any] = data.changes()
    if not changes:
        return hook
    wanted = attrs.evolve(hook, **changes)
    if wanted.url != hook.url:
        _check_url(wanted.url, policy)
    if "event_types" in changes:
        changes["event_types"] = tuple(dict.fromkeys(wanted.event_types))
    if "url" in changes or "event_types" in changes:
        _check_types(wanted.event_types, caller)
        scopes = tuple(sorted(caller.scopes))
        tx.connection.execute(sa.update(_table).where(_table.c.id == hook.id).values(scopes=scopes))
        changed = _change(tx, hook, **changes)
        drop_unwanted(tx, hook.id)
        return changed
    return _change(tx, hook, **changes)


def step_webhook(tx: Transaction, hook: Webhook, action: str) -> Webhook:
    """The webhook after a step; one that is enabled is sent what happens from then on."""
    status = step(LIFE, "webhook", hook, action)
    if action == "enable":
        _check_room(tx)
        newest = newest_event(tx.connection)
        tx.connection.execute(sa.update(_table).where(_table.c.id == hook.id).values(last_event_id=newest))
        tx.leads_outside = True
    return _change(tx, hook, status=status)


def rotate_secret(tx: Transaction, hook: Webhook, data: SecretRotate) -> NewWebhook:
    """The webhook with a new secret; what is sent is signed with the one before too, until its time is over."""
    secret, overlap = new_secret(), timedelta(hours=data.overlap_hours)
    row = tx.connection.execute(sa.select(_table.c.secret).where(_table.c.id == hook.id)).one()
    tx.connection.execute(
        sa.update(_table)
        .where(_table.c.id == hook.id)
        .values(secret=secret, previous_secret=row.secret if overlap else None)
    )
    return _with_secret(_change(tx, hook, previous_secret_until=tx.now + overlap if overlap else None), secret)


def without_secret(hook: NewWebhook) -> NewWebhook:
    """What may be kept of an answer with a secret."""
    return attrs.evolve(hook, secret=None)


def forget_secrets(tx: Transaction) -> None:
    """Forget secrets that were replaced, once their time is over."""
    for hook in webhooks.all(tx.connection, _table.c.previous_secret_until <= tx.now):
        tx.connection.execute(sa.update(_table).where(_table.c.id == hook.id).values(previous_secret=None))
        _change(tx, hook, previous_secret_until=None)


def _with_secret(hook: Webhook, secret: str) -> NewWebhook:
    return NewWebhook(**attrs.asdict(hook, recurse=False), secret=secret)


def _change(tx: Transaction, hook: Webhook, **changes: object) -> Webhook:
    changed = webhooks.update(tx, hook, **changes)
    tx.record(EventType.WEBHOOK_UPDATED, changed)
    return changed


def _check_url(url: str, policy: Policy) -> None:
    try:
        policy.check_url(url)
    except ValueError as error:
        raise rule_broken("$.url", str(error)) from None


def _check_types(types: Sequence[str], caller: Caller) -> None:
    readable = readable_types(caller.scopes)
    known = {str(type_) for type_ in EventType}
    for place, type_ in enumerate(types):
        if type_ not in known:
            raise rule_broken(f"$.event_types[{place}]", "There is no such type of event")
        if type_ not in readable:
            raise rule_broken(f"$.event_types[{place}]", "The token may not read what these events tell of")


def _check_room(tx: Transaction) -> None:
    active = sa.select(sa.func.count()).where(_table.c.status == WebhookStatus.ACTIVE)
    if tx.connection.execute(active).scalar_one() >= MAX_WEBHOOKS:
        raise RefusalError(409, f"There are {MAX_WEBHOOKS} active webhooks: disable one first.")
