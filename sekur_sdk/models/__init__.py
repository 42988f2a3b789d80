"""The contract's resources, as frozen attrs classes; a domain is loaded when first asked for.

The messages between wearable and server are in `sekur_sdk.models.device`.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sekur_sdk.models.alerts import (
        Alert,
        AlertStatus,
    )
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
    from sekur_sdk.models.device import (
        AlertKind,
        Fix,
        FixSource,
    )
    from sekur_sdk.models.duties import (
        Break,
        Duty,
        DutyMethod,
        DutyStatus,
    )
    from sekur_sdk.models.employees import (
        Employee,
        EmployeeStatus,
    )
    from sekur_sdk.models.events import (
        Event,
        EventType,
        Subject,
        UnknownSubject,
    )
    from sekur_sdk.models.fleet import (
        Device,
        DeviceStatus,
    )
    from sekur_sdk.models.geolocation import (
        Position,
    )
    from sekur_sdk.models.logbook import (
        LogbookCategory,
        LogbookEntry,
        Severity,
    )
    from sekur_sdk.models.organisation import (
        Organisation,
    )
    from sekur_sdk.models.paging import (
        Page,
    )
    from sekur_sdk.models.planning import (
        Shift,
        ShiftStatus,
    )
    from sekur_sdk.models.problem import (
        FieldError,
        Problem,
    )
    from sekur_sdk.models.scalars import (
        OpenEnum,
    )
    from sekur_sdk.models.sites import (
        Site,
        SiteStatus,
    )

_HOMES = {
    "Alert": "sekur_sdk.models.alerts",
    "AlertStatus": "sekur_sdk.models.alerts",
    "Invoice": "sekur_sdk.models.billing",
    "InvoiceStatus": "sekur_sdk.models.billing",
    "Line": "sekur_sdk.models.billing",
    "LineKind": "sekur_sdk.models.billing",
    "Party": "sekur_sdk.models.billing",
    "Quote": "sekur_sdk.models.billing",
    "QuoteStatus": "sekur_sdk.models.billing",
    "Totals": "sekur_sdk.models.billing",
    "VatLine": "sekur_sdk.models.billing",
    "AlertKind": "sekur_sdk.models.device",
    "Fix": "sekur_sdk.models.device",
    "FixSource": "sekur_sdk.models.device",
    "Break": "sekur_sdk.models.duties",
    "Duty": "sekur_sdk.models.duties",
    "DutyMethod": "sekur_sdk.models.duties",
    "DutyStatus": "sekur_sdk.models.duties",
    "Employee": "sekur_sdk.models.employees",
    "EmployeeStatus": "sekur_sdk.models.employees",
    "Event": "sekur_sdk.models.events",
    "EventType": "sekur_sdk.models.events",
    "Subject": "sekur_sdk.models.events",
    "UnknownSubject": "sekur_sdk.models.events",
    "Device": "sekur_sdk.models.fleet",
    "DeviceStatus": "sekur_sdk.models.fleet",
    "Position": "sekur_sdk.models.geolocation",
    "LogbookCategory": "sekur_sdk.models.logbook",
    "LogbookEntry": "sekur_sdk.models.logbook",
    "Severity": "sekur_sdk.models.logbook",
    "Organisation": "sekur_sdk.models.organisation",
    "Page": "sekur_sdk.models.paging",
    "Shift": "sekur_sdk.models.planning",
    "ShiftStatus": "sekur_sdk.models.planning",
    "FieldError": "sekur_sdk.models.problem",
    "Problem": "sekur_sdk.models.problem",
    "OpenEnum": "sekur_sdk.models.scalars",
    "Site": "sekur_sdk.models.sites",
    "SiteStatus": "sekur_sdk.models.sites",
}

__all__ = [
    "Alert",
    "AlertKind",
    "AlertStatus",
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
    value = getattr(import_module(home), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
