"""The contract's resources, as frozen attrs classes; a domain is loaded when first asked for.

The messages between wearable and server are in `sekur_sdk.models.device`.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sekur_sdk.models.alerts import Alert, AlertStatus
    from sekur_sdk.models.attachments import Attachment
    from sekur_sdk.models.billing import (
        Invoice,
        InvoiceStatus,
        Line,
        LineKind,
        Party,
        Quote,
        QuoteStatus,
        Totals,
        VatLine,
    )
    from sekur_sdk.models.device import AlertKind, Fix, FixSource
    from sekur_sdk.models.duties import Break, Duty, DutyMethod, DutyStatus
    from sekur_sdk.models.employees import Employee, EmployeeStatus
    from sekur_sdk.models.events import Event, EventType, Subject, UnknownSubject
    from sekur_sdk.models.fleet import Device, DeviceStatus
    from sekur_sdk.models.geolocation import Position
    from sekur_sdk.models.logbook import LogbookCategory, LogbookEntry, Severity
    from sekur_sdk.models.organisation import Organisation
    from sekur_sdk.models.paging import Page
    from sekur_sdk.models.planning import Shift, ShiftStatus
    from sekur_sdk.models.problem import FieldError, Problem
    from sekur_sdk.models.scalars import OpenEnum
    from sekur_sdk.models.sites import Site, SiteStatus

_NAMES = {
    "alerts": "Alert AlertStatus",
    "attachments": "Attachment",
    "billing": "Invoice InvoiceStatus Line LineKind Party Quote QuoteStatus Totals VatLine",
    "device": "AlertKind Fix FixSource",
    "duties": "Break Duty DutyMethod DutyStatus",
    "employees": "Employee EmployeeStatus",
    "events": "Event EventType Subject UnknownSubject",
    "fleet": "Device DeviceStatus",
    "geolocation": "Position",
    "logbook": "LogbookCategory LogbookEntry Severity",
    "organisation": "Organisation",
    "paging": "Page",
    "planning": "Shift ShiftStatus",
    "problem": "FieldError Problem",
    "scalars": "OpenEnum",
    "sites": "Site SiteStatus",
}
_HOMES = {name: module for module, names in _NAMES.items() for name in names.split()}

__all__ = [
    "Alert",
    "AlertKind",
    "AlertStatus",
    "Attachment",
    "Break",
    "Device",
    "DeviceStatus",
    "Duty",
    "DutyMethod",
    "DutyStatus",
    "Employee",
    "EmployeeStatus",
    "Event",
    "EventType",
    "FieldError",
    "Fix",
    "FixSource",
    "Invoice",
    "InvoiceStatus",
    "Line",
    "LineKind",
    "LogbookCategory",
    "LogbookEntry",
    "OpenEnum",
    "Organisation",
    "Page",
    "Party",
    "Position",
    "Problem",
    "Quote",
    "QuoteStatus",
    "Severity",
    "Shift",
    "ShiftStatus",
    "Site",
    "SiteStatus",
    "Subject",
    "Totals",
    "UnknownSubject",
    "VatLine",
]


def __getattr__(name: str) -> object:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{home}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
