"""What can't be read or taken: kept raw, and receipted so that nothing is resent for ever."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import sqlalchemy as sa

from sekur_sdk.models.device import Channel, Receipt, ReceiptOutcome
from sekur_sdk.sandbox.store import schema
from sekur_sdk.wire.messages import read_uid

if TYPE_CHECKING:
    from sekur_sdk.sandbox.store.writer import Transaction

KEPT_BYTES = 64 * 1024
_UNREAD = frozenset({"unreadable", "oversize"})


class QuarantineError(Exception):
    """A message that can't be taken; `reason` is a code of the receipt."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def quarantine(tx: Transaction, topic: str, payload: bytes, reason: str) -> Receipt:
    """Keep the message raw; the receipt that says so, by its uid where that can be read, else by its SHA-256."""
    sha256 = hashlib.sha256(payload).hexdigest()
    uid = read_uid(payload)
    # a place that could be read was refused: it must not be kept by this way either
    kept = b"" if topic.endswith(f"/{Channel.POSITION}") and reason not in _UNREAD else payload
    table = schema.quarantine
    where = (table.c.payload_sha256 == sha256, table.c.topic == topic)
    again = tx.connection.execute(sa.update(table).where(*where).values(times=table.c.times + 1))
    if again.rowcount == 0:
        tx.connection.execute(
            sa.insert(table).values(
                topic=topic,
                payload_sha256=sha256,
                uid=uid,
                payload=kept[:KEPT_BYTES],
                payload_bytes=len(payload),
                reason=reason,
                times=1,
                received_at=tx.now,
            )
        )
    return Receipt(
        uid=uid,
        payload_sha256=None if uid else sha256,
        outcome=ReceiptOutcome.QUARANTINED,
        at=tx.now,
        reason=reason,
    )
