"""PTI sessions."""

from __future__ import annotations

from sekur_sdk.sandbox.inputs.billing import Nothing
from sekur_sdk.sandbox.inputs.safety import PtiOpen, PtiStatusName
from sekur_sdk.sandbox.routes.resource import Routes
from sekur_sdk.sandbox.store.records import pti_sessions
from sekur_sdk.sandbox.trade import pti

_SESSIONS = Routes(path="/pti-sessions", module="pti", what="pti session", records=pti_sessions)

HANDLERS = (
    _SESSIONS.list(
        sorts=("started_at", "created_at", "updated_at"),
        default="started_at",
        equal={"status": PtiStatusName, "employee_id": str, "duty_id": str, "device_id": str, "site_id": str},
    ),
    _SESSIONS.get(),
    _SESSIONS.create(PtiOpen, lambda tx, data, _: pti.open_session(tx, data)),
    _SESSIONS.step("heartbeat", Nothing, lambda tx, session, *_: pti.hear(tx, session)),
    _SESSIONS.step("end", Nothing, lambda tx, session, *_: pti.end(tx, session)),
)
