"""Events: what changed, in the order of its commit."""

from __future__ import annotations

import attrs
import msgspec

from sekur_sdk.models.absences import Absence
from sekur_sdk.models.access import ApiToken, Role, User
from sekur_sdk.models.alerts import Alert
from sekur_sdk.models.availability import AvailabilityIncident
from sekur_sdk.models.billing import CreditNote, EInvoiceStatus, Invoice, Payment, Quote
from sekur_sdk.models.clients import Client
from sekur_sdk.models.contracts import Contract
from sekur_sdk.models.cycles import Cycle
from sekur_sdk.models.documents import Document
from sekur_sdk.models.duties import Duty
from sekur_sdk.models.employees import Employee
from sekur_sdk.models.employment import EmploymentContract
from sekur_sdk.models.exports import Export
from sekur_sdk.models.fleet import Device, DeviceCommand
from sekur_sdk.models.instructions import Instruction, InstructionAcknowledgement
from sekur_sdk.models.logbook import LogbookEntry
from sekur_sdk.models.organisation import Organisation
from sekur_sdk.models.payroll import PayrollRun
from sekur_sdk.models.planning import Shift
from sekur_sdk.models.portal import ClientUser, Share
from sekur_sdk.models.pti import PtiSession
from sekur_sdk.models.qualifications import ProfessionalCard, Qualification
from sekur_sdk.models.rounds import Round, Scan
from sekur_sdk.models.scalars import OpenEnum, Timestamp
from sekur_sdk.models.signatures import SignatureRequest
from sekur_sdk.models.sites import Post, Site
from sekur_sdk.models.subscription import Subscription
from sekur_sdk.models.webhooks import Webhook


class EventType(OpenEnum):
    """What happened, as `subject.verb`."""

    SHIFT_CREATED = "shift.created"
    SHIFT_UPDATED = "shift.updated"
    SHIFT_PUBLISHED = "shift.published"
    SHIFT_ACKNOWLEDGED = "shift.acknowledged"
    SHIFT_LATE = "shift.late"
    SHIFT_NO_SHOW = "shift.no_show"
    ABSENCE_CREATED = "absence.created"
    ABSENCE_UPDATED = "absence.updated"
    CYCLE_CREATED = "cycle.created"
    CYCLE_UPDATED = "cycle.updated"
    DUTY_STARTED = "duty.started"
    DUTY_UPDATED = "duty.updated"
    DUTY_ENDED = "duty.ended"
    DUTY_LATE = "duty.late"
    DUTY_FORGOTTEN_END = "duty.forgotten_end"
    QUOTE_CREATED = "quote.created"
    QUOTE_UPDATED = "quote.updated"
    INVOICE_CREATED = "invoice.created"
    INVOICE_UPDATED = "invoice.updated"
    INVOICE_ISSUED = "invoice.issued"
    INVOICE_PAID = "invoice.paid"
    INVOICE_OVERDUE = "invoice.overdue"
    CREDIT_NOTE_ISSUED = "credit_note.issued"
    PAYMENT_CREATED = "payment.created"
    PAYMENT_UPDATED = "payment.updated"
    EINVOICE_STATUS_RECORDED = "einvoice_status.recorded"
    CONTRACT_CREATED = "contract.created"
    CONTRACT_UPDATED = "contract.updated"
    LOGBOOK_ENTRY_CREATED = "logbook_entry.created"
    LOGBOOK_ENTRY_ACKNOWLEDGED = "logbook_entry.acknowledged"
    LOGBOOK_ENTRY_ERASED = "logbook_entry.erased"
    ROUND_PLANNED = "round.planned"
    ROUND_UPDATED = "round.updated"
    ROUND_LATE = "round.late"
    ROUND_STARTED = "round.started"
    ROUND_COMPLETED = "round.completed"
    ROUND_INCOMPLETE = "round.incomplete"
    ROUND_MISSED = "round.missed"
    ROUND_CANCELLED = "round.cancelled"
    CHECKPOINT_SCANNED = "checkpoint.scanned"
    ALERT_OPENED = "alert.opened"
    ALERT_CANCELLED = "alert.cancelled"
    ALERT_ACKNOWLEDGED = "alert.acknowledged"
    ALERT_RESOLVED = "alert.resolved"
    ALERT_ESCALATED = "alert.escalated"
    PTI_STARTED = "pti_session.started"
    PTI_LOST = "pti_session.lost"
    PTI_RECOVERED = "pti_session.recovered"
    PTI_ENDED = "pti_session.ended"
    DEVICE_UPDATED = "device.updated"
    COMMAND_SENT = "command.sent"
    COMMAND_ANSWERED = "command.answered"
    COMMAND_EXPIRED = "command.expired"
    ORGANISATION_UPDATED = "organisation.updated"
    CLIENT_CREATED = "client.created"
    CLIENT_UPDATED = "client.updated"
    SITE_CREATED = "site.created"
    SITE_UPDATED = "site.updated"
    POST_CREATED = "post.created"
    POST_UPDATED = "post.updated"
    INSTRUCTION_CREATED = "instruction.created"
    INSTRUCTION_UPDATED = "instruction.updated"
    INSTRUCTION_PUBLISHED = "instruction.published"
    INSTRUCTION_WITHDRAWN = "instruction.withdrawn"
    INSTRUCTION_ACKNOWLEDGED = "instruction_acknowledgement.created"
    EMPLOYEE_CREATED = "employee.created"
    EMPLOYEE_UPDATED = "employee.updated"
    EMPLOYEE_HIRED = "employee.hired"
    EMPLOYEE_LEFT = "employee.left"
    EMPLOYEE_ERASED = "employee.erased"
    CARD_CREATED = "card.created"
    CARD_UPDATED = "card.updated"
    CARD_EXPIRING = "card.expiring"
    CARD_EXPIRED = "card.expired"
    QUALIFICATION_CREATED = "qualification.created"
    QUALIFICATION_UPDATED = "qualification.updated"
    QUALIFICATION_EXPIRED = "qualification.expired"
    EMPLOYMENT_CREATED = "employment_contract.created"
    EMPLOYMENT_UPDATED = "employment_contract.updated"
    DOCUMENT_CREATED = "document.created"
    DOCUMENT_UPDATED = "document.updated"
    ROLE_CREATED = "role.created"
    ROLE_UPDATED = "role.updated"
    USER_INVITED = "user.invited"
    USER_UPDATED = "user.updated"
    TOKEN_CREATED = "token.created"  # noqa: S105  # the name of an event
    TOKEN_UPDATED = "token.updated"  # noqa: S105  # as above
    PAYROLL_RUN_CREATED = "payroll_run.created"
    PAYROLL_RUN_UPDATED = "payroll_run.updated"
    SUBSCRIPTION_UPDATED = "subscription.updated"
    QUOTA_EXCEEDED = "quota.exceeded"
    INCIDENT_CREATED = "availability_incident.created"
    INCIDENT_UPDATED = "availability_incident.updated"
    CLIENT_USER_CREATED = "client_user.created"
    CLIENT_USER_UPDATED = "client_user.updated"
    SHARE_CREATED = "share.created"
    SHARE_UPDATED = "share.updated"
    SIGNATURE_CREATED = "signature_request.created"
    SIGNATURE_UPDATED = "signature_request.updated"
    SIGNATURE_SIGNED = "signature_request.signed"
    EXPORT_CREATED = "export.created"
    EXPORT_READY = "export.ready"
    EXPORT_UPDATED = "export.updated"
    WEBHOOK_CREATED = "webhook.created"
    WEBHOOK_UPDATED = "webhook.updated"


@attrs.frozen
class UnknownSubject:
    """The subject of an event whose type this release does not know: its JSON, as it came."""

    json: bytes = attrs.field(repr=False)


KnownSubject = (
    Absence
    | Alert
    | ApiToken
    | AvailabilityIncident
    | Client
    | Contract
    | CreditNote
    | Cycle
    | ClientUser
    | Device
    | DeviceCommand
    | Document
    | Duty
    | EInvoiceStatus
    | Employee
    | EmploymentContract
    | Export
    | Instruction
    | InstructionAcknowledgement
    | Invoice
    | LogbookEntry
    | Organisation
    | PayrollRun
    | Payment
    | Post
    | ProfessionalCard
    | PtiSession
    | Qualification
    | Quote
    | Role
    | Round
    | Scan
    | Share
    | Shift
    | SignatureRequest
    | Site
    | Subscription
    | User
    | Webhook
)
Subject = KnownSubject | UnknownSubject


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


SUBJECTS: dict[str, type[KnownSubject]] = {
    "absence": Absence,
    "alert": Alert,
    "availability_incident": AvailabilityIncident,
    "card": ProfessionalCard,
    "checkpoint": Scan,
    "client": Client,
    "command": DeviceCommand,
    "contract": Contract,
    "credit_note": CreditNote,
    "cycle": Cycle,
    "client_user": ClientUser,
    "device": Device,
    "document": Document,
    "duty": Duty,
    "einvoice_status": EInvoiceStatus,
    "employee": Employee,
    "employment_contract": EmploymentContract,
    "export": Export,
    "instruction": Instruction,
    "instruction_acknowledgement": InstructionAcknowledgement,
    "invoice": Invoice,
    "logbook_entry": LogbookEntry,
    "organisation": Organisation,
    "payroll_run": PayrollRun,
    "payment": Payment,
    "post": Post,
    "pti_session": PtiSession,
    "qualification": Qualification,
    "quota": Subscription,
    "quote": Quote,
    "role": Role,
    "round": Round,
    "share": Share,
    "shift": Shift,
    "signature_request": SignatureRequest,
    "site": Site,
    "subscription": Subscription,
    "token": ApiToken,
    "user": User,
    "webhook": Webhook,
}
"""The class of an event's subject, by the part of its type before the dot."""
