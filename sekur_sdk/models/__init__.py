"""The contract's resources, as frozen attrs classes; a domain is loaded when first asked for.

The messages between wearable and server are in `sekur_sdk.models.device`.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sekur_sdk.models.absences import Absence, AbsenceKind, AbsenceStatus
    from sekur_sdk.models.access import ApiToken, NewApiToken, Role, RoleStatus, TokenStatus, User, UserStatus
    from sekur_sdk.models.alerts import Alert, AlertStatus
    from sekur_sdk.models.attachments import Attachment
    from sekur_sdk.models.availability import (
        AvailabilityIncident,
        AvailabilityReport,
        IncidentKind,
        IncidentStatus,
        Penalty,
        PenaltyReading,
    )
    from sekur_sdk.models.billing import (
        CreditNote,
        EInvoiceCode,
        EInvoiceStatus,
        Invoice,
        InvoiceStatus,
        LatePenalty,
        Line,
        LineKind,
        Party,
        Payment,
        PaymentMethod,
        PaymentStatus,
        Quote,
        QuoteStatus,
        Totals,
        VatLine,
    )
    from sekur_sdk.models.clients import Client, ClientStatus
    from sekur_sdk.models.contracts import BillingPeriod, Contract, ContractPrice, ContractStatus
    from sekur_sdk.models.cycles import Cycle, CycleSlot, CycleStatus
    from sekur_sdk.models.device import AlertKind, DeviceSettings, Fix, FixSource, ScanMethod
    from sekur_sdk.models.documents import Document, DocumentKind, DocumentStatus, SubjectKind
    from sekur_sdk.models.duties import Break, Duty, DutyCorrection, DutyMethod, DutyStatus
    from sekur_sdk.models.employees import Employee, EmployeeStatus, RegisterChange, RegisterEntry, Sex
    from sekur_sdk.models.employment import EmploymentContract, EmploymentKind, EmploymentStatus
    from sekur_sdk.models.events import Event, EventType, Subject, UnknownSubject
    from sekur_sdk.models.exports import Export, ExportFormat, ExportStatus
    from sekur_sdk.models.fleet import Device, DeviceCommand, DeviceCommandStatus, DeviceConfig, DeviceStatus
    from sekur_sdk.models.geolocation import Position, PositionBatchResult, PositionPurpose
    from sekur_sdk.models.instructions import (
        Instruction,
        InstructionAcknowledgement,
        InstructionEdition,
        InstructionKind,
        InstructionStatus,
    )
    from sekur_sdk.models.logbook import (
        CalledService,
        ChainBreak,
        ChainBreakReason,
        ChainVerification,
        EntryAttachment,
        EntryLocation,
        LogbookCategory,
        LogbookEntry,
        Severity,
    )
    from sekur_sdk.models.organisation import Organisation
    from sekur_sdk.models.paging import Page
    from sekur_sdk.models.payroll import (
        PayrollHours,
        PayrollLine,
        PayrollProblem,
        PayrollProblemCode,
        PayrollRun,
        PayrollRunStatus,
        PayrollSettings,
        PayrollUnit,
        PayrollWeek,
    )
    from sekur_sdk.models.planning import FindingSeverity, PlannedShifts, PlanningFinding, Shift, ShiftStatus
    from sekur_sdk.models.portal import ClientUser, ClientUserStatus, Share, ShareKind, ShareStatus
    from sekur_sdk.models.privacy import AuditEvent, PrivacyErasure, PrivacyExport, PurgeReport
    from sekur_sdk.models.problem import FieldError, Problem
    from sekur_sdk.models.pti import PtiSession, PtiStatus
    from sekur_sdk.models.qualifications import (
        CardActivity,
        CardCheckResult,
        CardStatus,
        ProfessionalCard,
        Qualification,
        QualificationKind,
        QualificationStatus,
    )
    from sekur_sdk.models.rounds import (
        Checkpoint,
        CheckpointStatus,
        Round,
        RoundMode,
        RoundSchedule,
        RoundStatus,
        RoundTemplate,
        Scan,
    )
    from sekur_sdk.models.scalars import OpenEnum
    from sekur_sdk.models.signatures import (
        SignatureAction,
        SignatureEvidence,
        SignatureMethod,
        SignatureRequest,
        SignatureStatus,
        SignatureUsage,
        Signer,
    )
    from sekur_sdk.models.sites import Post, PostStatus, Site, SiteStatus
    from sekur_sdk.models.subscription import (
        LicencePack,
        Overage,
        OverageBilling,
        PackPurchase,
        Subscription,
        SubscriptionPrice,
        SubscriptionTerm,
    )
    from sekur_sdk.models.webhooks import (
        DeliveryStatus,
        NewWebhook,
        Webhook,
        WebhookAttempt,
        WebhookDelivery,
        WebhookReplay,
        WebhookStatus,
    )

_NAMES = {
    "absences": "Absence AbsenceKind AbsenceStatus",
    "access": "ApiToken NewApiToken Role RoleStatus TokenStatus User UserStatus",
    "alerts": "Alert AlertStatus",
    "attachments": "Attachment",
    "availability": "AvailabilityIncident AvailabilityReport IncidentKind IncidentStatus Penalty PenaltyReading",
    "billing": (
        "CreditNote EInvoiceCode EInvoiceStatus Invoice InvoiceStatus LatePenalty Line LineKind Party Payment PaymentMethod"
        " PaymentStatus Quote QuoteStatus Totals VatLine"
    ),
    "clients": "Client ClientStatus",
    "contracts": "BillingPeriod Contract ContractPrice ContractStatus",
    "cycles": "Cycle CycleSlot CycleStatus",
    "device": "AlertKind DeviceSettings Fix FixSource ScanMethod",
    "documents": "Document DocumentKind DocumentStatus SubjectKind",
    "duties": "Break Duty DutyCorrection DutyMethod DutyStatus",
    "employees": "Employee EmployeeStatus RegisterChange RegisterEntry Sex",
    "employment": "EmploymentContract EmploymentKind EmploymentStatus",
    "events": "Event EventType Subject UnknownSubject",
    "exports": "Export ExportFormat ExportStatus",
    "fleet": "Device DeviceCommand DeviceCommandStatus DeviceConfig DeviceStatus",
    "geolocation": "Position PositionBatchResult PositionPurpose",
    "instructions": "Instruction InstructionAcknowledgement InstructionEdition InstructionKind InstructionStatus",
    "logbook": "CalledService ChainBreak ChainBreakReason ChainVerification EntryAttachment EntryLocation LogbookCategory LogbookEntry Severity",
    "organisation": "Organisation",
    "paging": "Page",
    "payroll": "PayrollHours PayrollLine PayrollProblem PayrollProblemCode PayrollRun PayrollRunStatus PayrollSettings PayrollUnit PayrollWeek",
    "planning": "FindingSeverity PlannedShifts PlanningFinding Shift ShiftStatus",
    "portal": "ClientUser ClientUserStatus Share ShareKind ShareStatus",
    "privacy": "AuditEvent PrivacyErasure PrivacyExport PurgeReport",
    "problem": "FieldError Problem",
    "pti": "PtiSession PtiStatus",
    "qualifications": "CardActivity CardCheckResult CardStatus ProfessionalCard Qualification QualificationKind QualificationStatus",
    "rounds": "Checkpoint CheckpointStatus Round RoundMode RoundSchedule RoundStatus RoundTemplate Scan",
    "scalars": "OpenEnum",
    "signatures": "SignatureAction SignatureEvidence SignatureMethod SignatureRequest SignatureStatus SignatureUsage Signer",
    "sites": "Post PostStatus Site SiteStatus",
    "subscription": "LicencePack Overage OverageBilling PackPurchase Subscription SubscriptionPrice SubscriptionTerm",
    "webhooks": "DeliveryStatus NewWebhook Webhook WebhookAttempt WebhookDelivery WebhookReplay WebhookStatus",
}
_HOMES = {name: module for module, names in _NAMES.items() for name in names.split()}

__all__ = [
    "Absence",
    "AbsenceKind",
    "AbsenceStatus",
    "Alert",
    "AlertKind",
    "AlertStatus",
    "ApiToken",
    "Attachment",
    "AuditEvent",
    "AvailabilityIncident",
    "AvailabilityReport",
    "BillingPeriod",
    "Break",
    "CalledService",
    "CardActivity",
    "CardCheckResult",
    "CardStatus",
    "ChainBreak",
    "ChainBreakReason",
    "ChainVerification",
    "Checkpoint",
    "CheckpointStatus",
    "Client",
    "ClientStatus",
    "ClientUser",
    "ClientUserStatus",
    "Contract",
    "ContractPrice",
    "ContractStatus",
    "CreditNote",
    "Cycle",
    "CycleSlot",
    "CycleStatus",
    "DeliveryStatus",
    "Device",
    "DeviceCommand",
    "DeviceCommandStatus",
    "DeviceConfig",
    "DeviceSettings",
    "DeviceStatus",
    "Document",
    "DocumentKind",
    "DocumentStatus",
    "Duty",
    "DutyCorrection",
    "DutyMethod",
    "DutyStatus",
    "EInvoiceCode",
    "EInvoiceStatus",
    "Employee",
    "EmployeeStatus",
    "EmploymentContract",
    "EmploymentKind",
    "EmploymentStatus",
    "EntryAttachment",
    "EntryLocation",
    "Event",
    "EventType",
    "Export",
    "ExportFormat",
    "ExportStatus",
    "FieldError",
    "FindingSeverity",
    "Fix",
    "FixSource",
    "IncidentKind",
    "IncidentStatus",
    "Instruction",
    "InstructionAcknowledgement",
    "InstructionEdition",
    "InstructionKind",
    "InstructionStatus",
    "Invoice",
    "InvoiceStatus",
    "LatePenalty",
    "LicencePack",
    "Line",
    "LineKind",
    "LogbookCategory",
    "LogbookEntry",
    "NewApiToken",
    "NewWebhook",
    "OpenEnum",
    "Organisation",
    "Overage",
    "OverageBilling",
    "PackPurchase",
    "Page",
    "Party",
    "Payment",
    "PaymentMethod",
    "PaymentStatus",
    "PayrollHours",
    "PayrollLine",
    "PayrollProblem",
    "PayrollProblemCode",
    "PayrollRun",
    "PayrollRunStatus",
    "PayrollSettings",
    "PayrollUnit",
    "PayrollWeek",
    "Penalty",
    "PenaltyReading",
    "PlannedShifts",
    "PlanningFinding",
    "Position",
    "PositionBatchResult",
    "PositionPurpose",
    "Post",
    "PostStatus",
    "PrivacyErasure",
    "PrivacyExport",
    "Problem",
    "ProfessionalCard",
    "PtiSession",
    "PtiStatus",
    "PurgeReport",
    "Qualification",
    "QualificationKind",
    "QualificationStatus",
    "Quote",
    "QuoteStatus",
    "RegisterChange",
    "RegisterEntry",
    "Role",
    "RoleStatus",
    "Round",
    "RoundMode",
    "RoundSchedule",
    "RoundStatus",
    "RoundTemplate",
    "Scan",
    "ScanMethod",
    "Severity",
    "Sex",
    "Share",
    "ShareKind",
    "ShareStatus",
    "Shift",
    "ShiftStatus",
    "SignatureAction",
    "SignatureEvidence",
    "SignatureMethod",
    "SignatureRequest",
    "SignatureStatus",
    "SignatureUsage",
    "Signer",
    "Site",
    "SiteStatus",
    "Subject",
    "SubjectKind",
    "Subscription",
    "SubscriptionPrice",
    "SubscriptionTerm",
    "TokenStatus",
    "Totals",
    "UnknownSubject",
    "User",
    "UserStatus",
    "VatLine",
    "Webhook",
    "WebhookAttempt",
    "WebhookDelivery",
    "WebhookReplay",
    "WebhookStatus",
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
