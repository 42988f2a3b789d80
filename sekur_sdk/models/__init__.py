"""The contract's resources, as frozen attrs classes; a domain is loaded when first asked for.

The messages between wearable and server are in `sekur_sdk.models.device`.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sekur_sdk.models.access import (
        ApiToken,
        NewApiToken,
        Role,
        RoleStatus,
        TokenStatus,
        User,
        UserStatus,
    )
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
    from sekur_sdk.models.clients import (
        Client,
        ClientStatus,
    )
    from sekur_sdk.models.device import (
        AlertKind,
        Fix,
        FixSource,
    )
    from sekur_sdk.models.documents import (
        Document,
        DocumentKind,
        DocumentStatus,
        SubjectKind,
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
        RegisterChange,
        RegisterEntry,
        Sex,
    )
    from sekur_sdk.models.employment import (
        EmploymentContract,
        EmploymentKind,
        EmploymentStatus,
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
    from sekur_sdk.models.instructions import (
        Instruction,
        InstructionAcknowledgement,
        InstructionEdition,
        InstructionKind,
        InstructionStatus,
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
    from sekur_sdk.models.qualifications import (
        CardActivity,
        CardCheckResult,
        CardStatus,
        ProfessionalCard,
        Qualification,
        QualificationKind,
        QualificationStatus,
    )
    from sekur_sdk.models.scalars import (
        OpenEnum,
    )
    from sekur_sdk.models.sites import (
        Post,
        PostStatus,
        Site,
        SiteStatus,
    )

_HOMES = {
    "ApiToken": "sekur_sdk.models.access",
    "NewApiToken": "sekur_sdk.models.access",
    "Role": "sekur_sdk.models.access",
    "RoleStatus": "sekur_sdk.models.access",
    "TokenStatus": "sekur_sdk.models.access",
    "User": "sekur_sdk.models.access",
    "UserStatus": "sekur_sdk.models.access",
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
    "Client": "sekur_sdk.models.clients",
    "ClientStatus": "sekur_sdk.models.clients",
    "AlertKind": "sekur_sdk.models.device",
    "Fix": "sekur_sdk.models.device",
    "FixSource": "sekur_sdk.models.device",
    "Document": "sekur_sdk.models.documents",
    "DocumentKind": "sekur_sdk.models.documents",
    "DocumentStatus": "sekur_sdk.models.documents",
    "SubjectKind": "sekur_sdk.models.documents",
    "Break": "sekur_sdk.models.duties",
    "Duty": "sekur_sdk.models.duties",
    "DutyMethod": "sekur_sdk.models.duties",
    "DutyStatus": "sekur_sdk.models.duties",
    "Employee": "sekur_sdk.models.employees",
    "EmployeeStatus": "sekur_sdk.models.employees",
    "RegisterChange": "sekur_sdk.models.employees",
    "RegisterEntry": "sekur_sdk.models.employees",
    "Sex": "sekur_sdk.models.employees",
    "EmploymentContract": "sekur_sdk.models.employment",
    "EmploymentKind": "sekur_sdk.models.employment",
    "EmploymentStatus": "sekur_sdk.models.employment",
    "Event": "sekur_sdk.models.events",
    "EventType": "sekur_sdk.models.events",
    "Subject": "sekur_sdk.models.events",
    "UnknownSubject": "sekur_sdk.models.events",
    "Device": "sekur_sdk.models.fleet",
    "DeviceStatus": "sekur_sdk.models.fleet",
    "Position": "sekur_sdk.models.geolocation",
    "Instruction": "sekur_sdk.models.instructions",
    "InstructionAcknowledgement": "sekur_sdk.models.instructions",
    "InstructionEdition": "sekur_sdk.models.instructions",
    "InstructionKind": "sekur_sdk.models.instructions",
    "InstructionStatus": "sekur_sdk.models.instructions",
    "LogbookCategory": "sekur_sdk.models.logbook",
    "LogbookEntry": "sekur_sdk.models.logbook",
    "Severity": "sekur_sdk.models.logbook",
    "Organisation": "sekur_sdk.models.organisation",
    "Page": "sekur_sdk.models.paging",
    "Shift": "sekur_sdk.models.planning",
    "ShiftStatus": "sekur_sdk.models.planning",
    "FieldError": "sekur_sdk.models.problem",
    "Problem": "sekur_sdk.models.problem",
    "CardActivity": "sekur_sdk.models.qualifications",
    "CardCheckResult": "sekur_sdk.models.qualifications",
    "CardStatus": "sekur_sdk.models.qualifications",
    "ProfessionalCard": "sekur_sdk.models.qualifications",
    "Qualification": "sekur_sdk.models.qualifications",
    "QualificationKind": "sekur_sdk.models.qualifications",
    "QualificationStatus": "sekur_sdk.models.qualifications",
    "OpenEnum": "sekur_sdk.models.scalars",
    "Post": "sekur_sdk.models.sites",
    "PostStatus": "sekur_sdk.models.sites",
    "Site": "sekur_sdk.models.sites",
    "SiteStatus": "sekur_sdk.models.sites",
}

__all__ = [
    "Alert",
    "AlertKind",
    "AlertStatus",
    "ApiToken",
    "Break",
    "CardActivity",
    "CardCheckResult",
    "CardStatus",
    "Client",
    "ClientStatus",
    "Device",
    "DeviceStatus",
    "Document",
    "DocumentKind",
    "DocumentStatus",
    "Duty",
    "DutyMethod",
    "DutyStatus",
    "Employee",
    "EmployeeStatus",
    "EmploymentContract",
    "EmploymentKind",
    "EmploymentStatus",
    "Event",
    "EventType",
    "FieldError",
    "Fix",
    "FixSource",
    "Instruction",
    "InstructionAcknowledgement",
    "InstructionEdition",
    "InstructionKind",
    "InstructionStatus",
    "Invoice",
    "InvoiceStatus",
    "Line",
    "LineKind",
    "LogbookCategory",
    "LogbookEntry",
    "NewApiToken",
    "OpenEnum",
    "Organisation",
    "Page",
    "Party",
    "Position",
    "Post",
    "PostStatus",
    "Problem",
    "ProfessionalCard",
    "Qualification",
    "QualificationKind",
    "QualificationStatus",
    "Quote",
    "QuoteStatus",
    "RegisterChange",
    "RegisterEntry",
    "Role",
    "RoleStatus",
    "Severity",
    "Sex",
    "Shift",
    "ShiftStatus",
    "Site",
    "SiteStatus",
    "Subject",
    "SubjectKind",
    "TokenStatus",
    "Totals",
    "UnknownSubject",
    "User",
    "UserStatus",
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
