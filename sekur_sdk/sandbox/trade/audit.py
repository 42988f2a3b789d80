"""The audit: who read positions, every act of privacy, who answers for a planning that a rule stands against. It names ids and times, never a place or a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekur_sdk.models.privacy import AuditEvent
from sekur_sdk.sandbox.store.records import audit_events
from sekur_sdk.sandbox.trade.alerts import SERVER

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sekur_sdk.sandbox.access import Caller
    from sekur_sdk.sandbox.store.writer import Transaction

POSITIONS_READ = "positions.read"
LAST_POSITION_READ = "positions.last"
EXPORT_REQUESTED = "privacy.export_requested"
EXPORT_READ = "privacy.export_read"
ERASED = "privacy.erased"
PURGED = "privacy.purged"
PLANNING_ACCEPTED = "planning.accepted"
READS = (POSITIONS_READ, LAST_POSITION_READ)


def note(
    tx: Transaction,
    caller: Caller | None,
    action: str,
    *,
    count: int,
    employee_id: str | None = None,
    filters: Mapping[str, object] | None = None,
) -> AuditEvent:
    """Write down what a caller did, or the server itself; filters that were not given are left out."""
    event = AuditEvent(
        id=tx.new_id(audit_events.prefix),
        at=tx.now,
        actor_id=caller.id if caller else SERVER,
        actor=caller.name if caller else SERVER,
        action=action,
        employee_id=employee_id,
        filters={name: str(value) for name, value in (filters or {}).items() if value is not None},
        count=count,
    )
    return audit_events.insert(tx, event)
