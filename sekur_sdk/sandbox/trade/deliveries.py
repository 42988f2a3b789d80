"""Deliveries: which events a webhook is sent, when each is tried, and what became of it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from sekur_sdk.models.events import EventType
from sekur_sdk.models.webhooks import DeliveryStatus, WebhookAttempt, WebhookDelivery, WebhookReplay, WebhookStatus
from sekur_sdk.sandbox.access import EVENT_MODULES, covers
from sekur_sdk.sandbox.delivery.line import Parcel
from sekur_sdk.sandbox.problems import RefusalError, rule_broken
from sekur_sdk.sandbox.store import outside_tables, schema
from sekur_sdk.sandbox.store.records import webhook_deliveries, webhooks
from sekur_sdk.sandbox.trade.steps import Life, step

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sekur_sdk.models.webhooks import Webhook
    from sekur_sdk.sandbox.store.database import Store
    from sekur_sdk.sandbox.store.writer import Transaction

PAUSES = (
    timedelta(seconds=5),
    timedelta(seconds=30),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=24),
)
"""Between one try and the next: nine tries within 42 hours. What failed at the last is dead until it is replayed."""

KEPT = timedelta(days=30)
"""How long a delivery is told of once it has ended."""

KEPT_ATTEMPTS = 20
BATCH = 500
MAX_REPLAY = 5_000
GONE = 410

LIFE: Life[DeliveryStatus] = {
    DeliveryStatus.PENDING: {"replay": DeliveryStatus.PENDING},
    DeliveryStatus.DELIVERED: {"replay": DeliveryStatus.PENDING},
    DeliveryStatus.DEAD: {"replay": DeliveryStatus.PENDING},
}

_hooks, _deliveries, _events = outside_tables.webhook, outside_tables.webhook_delivery, schema.event


def readable_types(scopes: Collection[str]) -> frozenset[str]:
    """The types of events whose subjects the scopes let be read."""
    return frozenset(
        str(type_) for type_ in EventType if covers(scopes, f"{EVENT_MODULES[type_.partition('.')[0]]}:read")
    )


def _wanted(hook: sa.Row[Any]) -> frozenset[str]:
    readable = readable_types(hook.scopes)
    return readable & frozenset(hook.event_types) if hook.event_types else readable


def newest_event(connection: sa.Connection) -> int:
    """The number of the last event, 0 before the first."""
    return connection.execute(sa.select(sa.func.max(_events.c.id))).scalar() or 0


def has_news(store: Store) -> bool:
    """Whether there are events that a webhook has not been given deliveries of."""
    with store.read() as connection:
        behind = sa.select(_hooks.c.id).where(
            _hooks.c.status == WebhookStatus.ACTIVE, _hooks.c.last_event_id < newest_event(connection)
        )
        return connection.execute(behind.limit(1)).first() is not None


def enqueue(tx: Transaction) -> None:
    """Make some deliveries of the events that webhooks have not come to; no more than a writer can wait for."""
    newest, made = newest_event(tx.connection), 0
    behind = sa.select(_hooks).where(_hooks.c.status == WebhookStatus.ACTIVE, _hooks.c.last_event_id < newest)
    for hook in tx.connection.execute(behind.order_by(_hooks.c.last_event_id)).all():
        if made >= BATCH:
            return
        upto = min(newest, hook.last_event_id + BATCH)
        made += _put_on_their_way(tx, hook, _events.c.id > hook.last_event_id, _events.c.id <= upto)
        tx.connection.execute(sa.update(_hooks).where(_hooks.c.id == hook.id).values(last_event_id=upto))


def _put_on_their_way(tx: Transaction, hook: sa.Row[Any], *which: sa.ColumnElement[bool]) -> int:
    """Deliveries of events, those made before among them; how many."""
    mine = (*which, _events.c.type.in_(_wanted(hook)))
    known = sa.update(_deliveries).where(
        _deliveries.c.webhook_id == hook.id, _deliveries.c.event_id.in_(sa.select(_events.c.id).where(*mine))
    )
    again = tx.connection.execute(known.values(_again(tx) | {"version": _deliveries.c.version + 1})).rowcount
    is_known = sa.exists().where(_deliveries.c.webhook_id == hook.id, _deliveries.c.event_id == _events.c.id)
    select = sa.select(_events.c.id, _events.c.type).where(*mine, ~is_known).order_by(_events.c.id)
    new = [
        {
            "id": tx.new_id(webhook_deliveries.prefix),
            "webhook_id": hook.id,
            "event_id": event.id,
            "event_type": event.type,
            "attempts": (),
            "version": 1,
            "created_at": tx.now,
            **_again(tx),
        }
        for event in tx.connection.execute(select)
    ]
    if new:
        tx.connection.execute(sa.insert(_deliveries), new)
    return again + len(new)


def _again(tx: Transaction) -> dict[str, Any]:
    return {"status": DeliveryStatus.PENDING, "tries": 0, "next_attempt_at": tx.now, "updated_at": tx.now}


def due_webhooks(store: Store) -> list[str]:
    """The active webhooks that have a delivery to be tried now."""
    with store.read() as connection:
        select = sa.select(_deliveries.c.webhook_id).distinct().join(_hooks).where(*_due(store.now()))
        return list(connection.execute(select).scalars())


def _due(now: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        _hooks.c.status == WebhookStatus.ACTIVE,
        _deliveries.c.status == DeliveryStatus.PENDING,
        _deliveries.c.next_attempt_at <= now,
    )


def next_parcel(store: Store, webhook_id: str) -> Parcel | None:
    """What the webhook is sent next: what was never tried in the order of the events, then what failed before.

    One that fails does not hold up those behind it: an alert must not wait for hours behind something that a receiver can't read.
    """
    now = store.now()
    select = (
        sa.select(
            _deliveries.c.id,
            _deliveries.c.version.label("delivery_version"),
            _deliveries.c.event_id,
            _hooks,
            _events.c.data,
        )
        .join(_hooks, _hooks.c.id == _deliveries.c.webhook_id)
        .join(_events, _events.c.id == _deliveries.c.event_id)
        .where(_deliveries.c.webhook_id == webhook_id, *_due(now))
        .order_by(_deliveries.c.tries > 0, _deliveries.c.event_id)
    )
    with store.read() as connection:
        row = connection.execute(select.limit(1)).one_or_none()
    if row is None:
        return None
    good = [row.secret]
    if row.previous_secret is not None and row.previous_secret_until > now:
        good.append(row.previous_secret)
    return Parcel(row.id, row.delivery_version, row.url, row.event_id, row.data.encode(), tuple(good))


def record_attempt(tx: Transaction, parcel: Parcel, attempt: WebhookAttempt) -> None:
    """Note what came of a try, and when the next is. A receiver that says 410 wants no more: its webhook is disabled."""
    delivery = webhook_deliveries.find(tx.connection, parcel.delivery_id)
    if delivery is None:
        return
    tries = _tries(tx, delivery) + 1
    changes: dict[str, object] = {"attempts": (*delivery.attempts, attempt)[-KEPT_ATTEMPTS:]}
    if delivery.version != parcel.version and attempt.status != GONE:
        # replayed while it was on its way: it goes once more, as was asked
        tries = 0
    elif attempt.status is not None and attempt.status // 100 == 2:  # noqa: PLR2004  # any success
        changes |= {"status": DeliveryStatus.DELIVERED, "next_attempt_at": None}
    elif tries > len(PAUSES) or attempt.status == GONE:
        changes |= {"status": DeliveryStatus.DEAD, "next_attempt_at": None}
    else:
        changes["next_attempt_at"] = tx.now + PAUSES[tries - 1]
    webhook_deliveries.update(tx, delivery, **changes)
    _set_tries(tx, delivery, tries)
    if attempt.status == GONE:
        hook = webhooks.find(tx.connection, delivery.webhook_id)
        if hook is not None and hook.status == WebhookStatus.ACTIVE:
            tx.record(EventType.WEBHOOK_UPDATED, webhooks.update(tx, hook, status=WebhookStatus.DISABLED))


def replay_delivery(tx: Transaction, delivery: WebhookDelivery) -> WebhookDelivery:
    """The delivery, to be tried now and as often as a new one."""
    step(LIFE, "delivery", delivery, "replay")
    hook = tx.connection.execute(sa.select(_hooks).where(_hooks.c.id == delivery.webhook_id)).one()
    if delivery.event_type not in _wanted(hook):
        raise RefusalError(409, "The webhook is not sent such events any more.", allowed=(), current=delivery)
    return _send_again(tx, delivery)


def drop_unwanted(tx: Transaction, webhook_id: str) -> None:
    """End the waiting deliveries of events that the webhook is not sent any more: what its token may read, or wants, has changed."""
    hook = tx.connection.execute(sa.select(_hooks).where(_hooks.c.id == webhook_id)).one()
    waiting = (_deliveries.c.webhook_id == webhook_id, _deliveries.c.status == DeliveryStatus.PENDING)
    for delivery in webhook_deliveries.all(tx.connection, *waiting, _deliveries.c.event_type.not_in(_wanted(hook))):
        webhook_deliveries.update(tx, delivery, status=DeliveryStatus.DEAD, next_attempt_at=None)


def replay_events(tx: Transaction, hook: Webhook, start: datetime, stop: datetime | None) -> WebhookReplay:
    """Put all events from `start` until before `stop` on their way again, also those that it was not sent while disabled."""
    stop = tx.now if stop is None else stop
    if stop <= start:
        raise rule_broken("$.occurred_before", "It ends after it starts")
    row = tx.connection.execute(sa.select(_hooks).where(_hooks.c.id == hook.id)).one()
    newest = row.last_event_id
    first, beyond = (_first_at(tx.connection, at, newest) for at in (start, stop))
    which = (_events.c.id >= first, _events.c.id < beyond)
    count = sa.select(sa.func.count()).where(*which, _events.c.type.in_(_wanted(row)))
    if tx.connection.execute(count).scalar_one() > MAX_REPLAY:
        raise rule_broken("$.occurred_from", f"More than {MAX_REPLAY} events: take a shorter time")
    tx.leads_outside = True
    return WebhookReplay(deliveries=_put_on_their_way(tx, row, *which))


def _first_at(connection: sa.Connection, at: datetime, newest: int) -> int:
    """The number of the first event that did not occur before `at`: they are numbered in the order of time.

    Halved, not searched through: events are many, and their times have no index.
    """
    low, high = 1, newest + 1
    while low < high:
        middle = (low + high) // 2
        select = sa.select(_events.c.id, _events.c.at).where(_events.c.id >= middle).order_by(_events.c.id)
        event = connection.execute(select.limit(1)).first()
        if event is not None and event.at < at:
            low = event.id + 1
        else:
            high = middle
    return low


def forget_deliveries(tx: Transaction) -> None:
    """Forget deliveries that ended long ago."""
    tx.connection.execute(
        sa.delete(_deliveries).where(
            _deliveries.c.status != DeliveryStatus.PENDING, _deliveries.c.updated_at < tx.now - KEPT
        )
    )


def _send_again(tx: Transaction, delivery: WebhookDelivery) -> WebhookDelivery:
    _set_tries(tx, delivery, 0)
    tx.leads_outside = True
    return webhook_deliveries.update(tx, delivery, status=DeliveryStatus.PENDING, next_attempt_at=tx.now)


def _tries(tx: Transaction, delivery: WebhookDelivery) -> int:
    select = sa.select(_deliveries.c.tries).where(_deliveries.c.id == delivery.id)
    return int(tx.connection.execute(select).scalar_one())


def _set_tries(tx: Transaction, delivery: WebhookDelivery, tries: int) -> None:
    tx.connection.execute(sa.update(_deliveries).where(_deliveries.c.id == delivery.id).values(tries=tries))
