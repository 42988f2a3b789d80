"""Events: what changed, in the order of its commit."""

from __future__ import annotations

import attrs
import msgspec

from sekur_sdk.models.alerts import Alert
from sekur_sdk.models.billing import Invoice, Quote
from sekur_sdk.models.duties import Duty
from sekur_sdk.models.fleet import Device
from sekur_sdk.models.logbook import LogbookEntry
from sekur_sdk.models.planning import Shift
from sekur_sdk.models.scalars import OpenEnum, Timestamp


class EventType(OpenEnum):
    """What happened, as `subject.verb`."""

    SHIFT_CREATED = "shift.created"
    SHIFT_UPDATED = "shift.updated"
    DUTY_STARTED = "duty.started"
    DUTY_UPDATED = "duty.updated"
    DUTY_ENDED = "duty.ended"
    QUOTE_CREATED = "quote.created"
    QUOTE_UPDATED = "quote.updated"
    INVOICE_CREATED = "invoice.created"
    INVOICE_ISSUED = "invoice.issued"
    LOGBOOK_ENTRY_CREATED = "logbook_entry.created"
    ALERT_OPENED = "alert.opened"
    ALERT_CANCELLED = "alert.cancelled"
    ALERT_ACKNOWLEDGED = "alert.acknowledged"
    ALERT_RESOLVED = "alert.resolved"
    DEVICE_UPDATED = "device.updated"


@attrs.frozen
class UnknownSubject:
    """The subject of an event whose type this release does not know: its JSON, as it came."""

    json: bytes = attrs.field(repr=False)


Subject = Alert | Device | Duty | Invoice | LogbookEntry | Quote | Shift | UnknownSubject


@attrs.frozen(kw_only=True)
class Event:
    """One change. `id` numbers the organisation's events from 1; `subject` is the resource as the change left it."""

    id: int
    type: EventType
    at: Timestamp
    subject: Subject


@attrs.frozen(kw_only=True)
class RawEvent:
    """An event as the wire carries it, its subject not yet read."""

    id: int
    type: EventType
    at: Timestamp
    subject: msgspec.Raw


SUBJECTS: dict[str, type[Alert | Device | Duty | Invoice | LogbookEntry | Quote | Shift]] = {
    "alert": Alert,
    "device": Device,
    "duty": Duty,
    "invoice": Invoice,
    "logbook_entry": LogbookEntry,
    "quote": Quote,
    "shift": Shift,
}
"""The class of an event's subject, by the part of its type before the dot."""
