"""Times that a wearable told before its clock was right, mended by its monotonic clock.

A message whose clock was right says when that start of the device began: its `at` less its `up_ms`. Every other message of the same
start is mended by that, an alarm that came earlier too. Until then only a time that can't be (in the future, or before this program)
is replaced, by the latest that it can have been: nothing is sent before it happens.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import attrs
import sqlalchemy as sa

from sekur_sdk.models.device import AlertBody, CancelBody, ClockState, DutyBody, LogBody, ScanBody
from sekur_sdk.sandbox.store import schema
from sekur_sdk.sandbox.store.records import alerts

if TYPE_CHECKING:
    from sekur_sdk.models.device import Envelope
    from sekur_sdk.sandbox.store.writer import Transaction
    from sekur_sdk.wire.messages import Body

EARLIEST = datetime(2026, 1, 1, tzinfo=UTC)
AGREES = timedelta(seconds=2)
AHEAD = timedelta(seconds=60)
"""How far a clock may be ahead of the server's before it can't be right."""
LONGEST_UP = timedelta(days=3650)


def mend(tx: Transaction, device_id: str, message: Envelope[Body]) -> Envelope[Body]:
    """The message with the times that it should have told."""
    up = timedelta(milliseconds=min(message.up_ms, LONGEST_UP // timedelta(milliseconds=1)))
    right = message.clock in (ClockState.SYNCED, ClockState.GNSS) and message.at <= tx.now + AHEAD
    started_at, exact = _note_start(tx, device_id, message.boot, message.at - up if right else tx.now - up, exact=right)
    if right:
        return message
    impossible = message.at > tx.now + AHEAD or message.at < EARLIEST
    if not exact and isinstance(message.body, AlertBody):
        _remember(tx, device_id, message, up)
    shift = started_at + up - message.at if exact or impossible else timedelta()
    return message if abs(shift) <= AGREES else attrs.evolve(message, body=_shifted(message.body, shift))


def _note_start(
    tx: Transaction, device_id: str, boot: str, started_at: datetime, *, exact: bool
) -> tuple[datetime, bool]:
    """When this start of the device began as far as is known, and whether by a clock that was right."""
    table = schema.device_start
    where = (table.c.device_id == device_id, table.c.boot == boot)
    known = tx.connection.execute(sa.select(table.c.started_at, table.c.exact).where(*where)).first()
    if known is None:
        tx.connection.execute(
            sa.insert(table).values(device_id=device_id, boot=boot, started_at=started_at, exact=exact)
        )
    elif known.exact or (not exact and started_at >= known.started_at):
        return known.started_at, known.exact
    else:
        tx.connection.execute(sa.update(table).where(*where).values(started_at=started_at, exact=exact))
    if exact:
        _mend_alarms(tx, device_id, boot, started_at)
    return started_at, exact


def _remember(tx: Transaction, device_id: str, message: Envelope[Body], up: timedelta) -> None:
    assert isinstance(message.body, AlertBody)
    occurred_at = message.body.impact_at or message.body.started_at
    occurred_up = up - (message.at - occurred_at)
    tx.connection.execute(
        sa.insert(schema.unsynced_alert).values(
            device_id=device_id,
            uid=message.uid,
            boot=message.boot,
            occurred_up_ms=occurred_up // timedelta(milliseconds=1),
        )
    )


def _mend_alarms(tx: Transaction, device_id: str, boot: str, started_at: datetime) -> None:
    table = schema.unsynced_alert
    where = (table.c.device_id == device_id, table.c.boot == boot)
    for row in tx.connection.execute(sa.select(table).where(*where)).all():
        alert = alerts.first(tx.connection, schema.alert.c.device_id == device_id, schema.alert.c.uid == row.uid)
        occurred_at = started_at + timedelta(milliseconds=row.occurred_up_ms)
        if alert is not None and abs(alert.occurred_at - occurred_at) > AGREES:
            alerts.update(tx, alert, occurred_at=occurred_at)
    tx.connection.execute(sa.delete(table).where(*where))


def _shifted(body: Body, shift: timedelta) -> Body:
    if isinstance(body, AlertBody):
        impact_at = None if body.impact_at is None else body.impact_at + shift
        return attrs.evolve(body, started_at=body.started_at + shift, impact_at=impact_at)
    if isinstance(body, CancelBody | DutyBody | LogBody | ScanBody):
        return attrs.evolve(body, occurred_at=body.occurred_at + shift)
    # a position's time is the satellites' own
    return body
