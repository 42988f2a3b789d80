"""PTI sessions: an employee who is expected to be heard of, and the alert when nothing is."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa

from sekur_sdk.models.events import EventType
from sekur_sdk.models.fleet import DeviceStatus
from sekur_sdk.models.pti import PtiSession, PtiStatus
from sekur_sdk.sandbox.problems import RefusalError, rule_broken
from sekur_sdk.sandbox.store import safety_tables
from sekur_sdk.sandbox.store.records import devices, duties, pti_sessions
from sekur_sdk.sandbox.trade.alerts import clear_technical, raise_technical
from sekur_sdk.sandbox.trade.references import named
from sekur_sdk.sandbox.trade.steps import Life, step

if TYPE_CHECKING:
    from datetime import datetime

    from sekur_sdk.models.duties import Duty
    from sekur_sdk.sandbox.inputs.safety import PtiOpen
    from sekur_sdk.sandbox.store.writer import Transaction

LIFE: Life[PtiStatus] = {
    PtiStatus.OPEN: {"heartbeat": PtiStatus.OPEN, "end": PtiStatus.ENDED},
    PtiStatus.LOST: {"heartbeat": PtiStatus.OPEN, "end": PtiStatus.ENDED},
    PtiStatus.ENDED: {},
}
NO_HEARTBEAT = "no_heartbeat"
_RUNNING = (PtiStatus.OPEN, PtiStatus.LOST)
_HEARD_AGAIN = "La session PTI donne de nouveau de ses nouvelles."


def open_session(tx: Transaction, data: PtiOpen) -> PtiSession:
    """A new session, heard of now."""
    named(tx.connection, duties, data.duty_id, "$.duty_id", "duty")
    named(tx.connection, devices, data.device_id, "$.device_id", "device")
    duty = duties.find(tx.connection, data.duty_id)
    device = devices.find(tx.connection, data.device_id) if data.device_id else None
    assert duty is not None
    if duty.ended_at is not None:
        raise rule_broken("$.duty_id", "The duty has ended")
    if device is not None and device.status != DeviceStatus.ACTIVE:
        raise rule_broken("$.device_id", "The wearable is not in use")
    table = safety_tables.pti_session
    running = table.c.status.in_(_RUNNING)
    of_wearable = sa.false() if device is None else table.c.device_id == device.id
    for whose, own in (("employee", table.c.employee_id == duty.employee_id), ("wearable", of_wearable)):
        other = pti_sessions.first(tx.connection, own, running)
        if other is not None:
            detail = f"The {whose} has a session that is not ended."
            raise RefusalError(409, detail, allowed=LIFE[other.status], current=other)
    session = pti_sessions.create(
        tx,
        duty_id=duty.id,
        employee_id=duty.employee_id,
        site_id=duty.site_id,
        device_id=data.device_id,
        heartbeat_s=data.heartbeat_s,
        started_at=tx.now,
        heard_at=tx.now,
        status=PtiStatus.OPEN,
    )
    tx.record(EventType.PTI_STARTED, session)
    return session


def hear(tx: Transaction, session: PtiSession) -> PtiSession:
    """The session, heard of now; where it was lost, its alert is resolved."""
    status = step(LIFE, "PTI session", session, "heartbeat")
    if session.status == PtiStatus.OPEN:
        return pti_sessions.update(tx, session, heard_at=tx.now)
    changed = pti_sessions.update(tx, session, heard_at=tx.now, status=status, lost_at=None, alert_id=None)
    clear_technical(tx, watch=_watch(session), resolution=_HEARD_AGAIN)
    tx.record(EventType.PTI_RECOVERED, changed)
    return changed


def hear_device(tx: Transaction, device_id: str) -> None:
    """Note that a wearable was heard of: its health is the heartbeat of its session."""
    table = safety_tables.pti_session
    for session in pti_sessions.all(tx.connection, table.c.device_id == device_id, table.c.status.in_(_RUNNING)):
        hear(tx, session)


def end(tx: Transaction, session: PtiSession) -> PtiSession:
    """The session, ended. The alert of one that was lost stays: nobody has heard of the employee, a person has to look."""
    changed = pti_sessions.update(tx, session, status=step(LIFE, "PTI session", session, "end"), ended_at=tx.now)
    tx.record(EventType.PTI_ENDED, changed)
    return changed


def end_with_duty(tx: Transaction, duty: Duty) -> None:
    """End the sessions of a duty that has ended."""
    table = safety_tables.pti_session
    if duty.ended_at is not None:
        for session in pti_sessions.all(tx.connection, table.c.duty_id == duty.id, table.c.status.in_(_RUNNING)):
            end(tx, session)


def watch_sessions(tx: Transaction, *, listening_since: datetime | None = None) -> None:
    """Find lost each session that was not heard of for its `heartbeat_s`; those of a server that was down get as long again."""
    table = safety_tables.pti_session
    for session in pti_sessions.all(tx.connection, table.c.status == PtiStatus.OPEN):
        limit = tx.now - timedelta(seconds=session.heartbeat_s)
        if session.heard_at < limit and (listening_since is None or listening_since < limit):
            _lose(tx, session)


def _lose(tx: Transaction, session: PtiSession) -> None:
    alert = raise_technical(
        tx,
        watch=_watch(session),
        fault=NO_HEARTBEAT,
        device=devices.find(tx.connection, session.device_id) if session.device_id else None,
        duty=duties.find(tx.connection, session.duty_id),
        occurred_at=session.heard_at,
    )
    lost = pti_sessions.update(
        tx, session, status=PtiStatus.LOST, lost_at=tx.now, alert_id=alert.id if alert is not None else None
    )
    tx.record(EventType.PTI_LOST, lost)


def _watch(session: PtiSession) -> str:
    return f"{NO_HEARTBEAT}:{session.id}"
