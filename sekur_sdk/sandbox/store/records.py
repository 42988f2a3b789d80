"""Rows to models and back."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import attrs
import sqlalchemy as sa

from sekur_sdk.models.absences import Absence
from sekur_sdk.models.access import ApiToken, Role, User
from sekur_sdk.models.alerts import Alert
from sekur_sdk.models.attachments import Attachment
from sekur_sdk.models.availability import AvailabilityIncident
from sekur_sdk.models.billing import CreditNote, EInvoiceStatus, Invoice, Payment, Quote
from sekur_sdk.models.clients import Client
from sekur_sdk.models.contracts import Contract
from sekur_sdk.models.cycles import Cycle
from sekur_sdk.models.documents import Document
from sekur_sdk.models.duties import Duty
from sekur_sdk.models.employees import Employee, RegisterEntry
from sekur_sdk.models.employment import EmploymentContract
from sekur_sdk.models.exports import Export
from sekur_sdk.models.fleet import Device, DeviceCommand, DeviceConfig
from sekur_sdk.models.geolocation import Position
from sekur_sdk.models.instructions import Instruction, InstructionAcknowledgement, InstructionEdition
from sekur_sdk.models.logbook import LogbookEntry
from sekur_sdk.models.organisation import Organisation
from sekur_sdk.models.payroll import PayrollHours, PayrollLine, PayrollProblem, PayrollRun, PayrollSettings
from sekur_sdk.models.planning import Shift
from sekur_sdk.models.portal import ClientUser, Share
from sekur_sdk.models.privacy import AuditEvent, PrivacyErasure, PrivacyExport
from sekur_sdk.models.pti import PtiSession
from sekur_sdk.models.qualifications import ProfessionalCard, Qualification
from sekur_sdk.models.rounds import Checkpoint, Round, RoundTemplate, Scan
from sekur_sdk.models.signatures import SignatureRequest
from sekur_sdk.models.sites import Post, Site
from sekur_sdk.models.subscription import Overage
from sekur_sdk.models.webhooks import Webhook, WebhookDelivery
from sekur_sdk.sandbox.store import (
    billing_tables,
    outside_tables,
    pay_tables,
    people_tables,
    planning_tables,
    round_tables,
    safety_tables,
    schema,
)
from sekur_sdk.sandbox.store.orders import Order

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from sekur_sdk.sandbox.store.writer import Transaction

ModelT = TypeVar("ModelT")
ValueT = TypeVar("ValueT")


def in_utc(value: ValueT) -> ValueT:
    """`value` with all its times in UTC, as the wire has them: a caller or a wearable may use another zone."""
    changed: Any = value
    if isinstance(value, datetime):
        changed = value.astimezone(UTC)
    elif isinstance(value, tuple):
        changed = tuple(map(in_utc, value))
    elif attrs.has(type(value)):
        kind: Any = type(value)
        changed = attrs.evolve(
            changed, **{field.name: in_utc(getattr(value, field.name)) for field in attrs.fields(kind)}
        )
    return changed  # type: ignore[no-any-return]  # of the same class, by construction


class Records(Generic[ModelT]):
    """A table and the model that its rows are.

    Args:
        table: has a column for each field of `model`, and may have more.
        model: an attrs class with an `id`.
        prefix: what its ids begin with.
    """

    def __init__(self, table: sa.Table, model: type[ModelT], prefix: str) -> None:
        self.table = table
        self.model = model
        self.prefix = prefix
        self.fields: tuple[str, ...] = tuple(field.name for field in attrs.fields(model))  # type: ignore[arg-type]  # an attrs class, which a type variable can't say
        self.columns: tuple[sa.Column[Any], ...] = tuple(table.c[name] for name in self.fields)

    def select(self) -> sa.Select[tuple[Any, ...]]:
        """A SELECT of the model's columns."""
        return sa.select(*self.columns)

    def read(self, row: sa.Row[tuple[Any, ...]]) -> ModelT:
        """The model that a row of `select` is."""
        return self.model(**dict(zip(self.fields, row, strict=True)))

    def find(self, connection: sa.Connection, id_: str) -> ModelT | None:
        """The one with this id, or None."""
        return self.first(connection, self.table.c.id == id_)

    def first(self, connection: sa.Connection, *conditions: sa.ColumnElement[bool]) -> ModelT | None:
        """One that meets all conditions, or None."""
        row = connection.execute(self.select().where(*conditions).limit(1)).one_or_none()
        return None if row is None else self.read(row)

    def all(self, connection: sa.Connection, *conditions: sa.ColumnElement[bool]) -> list[ModelT]:
        """All that meet the conditions, by id, which is by creation."""
        rows = connection.execute(self.select().where(*conditions).order_by(self.table.c.id))
        return [self.read(row) for row in rows]

    def insert(self, transaction: Transaction, model: ModelT, **internal: object) -> ModelT:
        """Write a new row; `internal` are the columns that the model does not show."""
        model = in_utc(model)
        values = attrs.asdict(model, recurse=False) | internal  # type: ignore[arg-type]  # as above
        transaction.connection.execute(sa.insert(self.table).values(values))
        return model

    def insert_all(self, transaction: Transaction, models: Iterable[ModelT], **internal: object) -> None:
        """Write many new rows in one go."""
        rows = [attrs.asdict(in_utc(model), recurse=False) | internal for model in models]  # type: ignore[arg-type]  # as above
        if rows:
            transaction.connection.execute(sa.insert(self.table), rows)

    def create(
        self,
        transaction: Transaction,
        *,
        internal: dict[str, object] | None = None,
        id_: str | None = None,
        **fields: Any,
    ) -> ModelT:
        """Write a new versioned resource with the given fields, and a new id unless one is given."""
        make: Callable[..., ModelT] = self.model
        model = make(
            id=id_ or transaction.new_id(self.prefix),
            version=1,
            created_at=transaction.now,
            updated_at=transaction.now,
            **fields,
        )
        return self.insert(transaction, model, **(internal or {}))

    def update(self, transaction: Transaction, model: ModelT, **changes: Any) -> ModelT:
        """Write the next version of a versioned resource."""
        current: Any = model
        changes = {name: in_utc(value) for name, value in changes.items()}
        changed = attrs.evolve(current, version=current.version + 1, updated_at=transaction.now, **changes)
        written = {name: getattr(changed, name) for name in (*changes, "version", "updated_at")}
        result = transaction.connection.execute(
            sa.update(self.table)
            .where(self.table.c.id == current.id, self.table.c.version == current.version)
            .values(written)
        )
        assert result.rowcount == 1, f"{current.id} changed beside the writer"
        return changed  # type: ignore[no-any-return]  # evolve keeps the class


organisations: Records[Organisation] = Records(schema.organisation, Organisation, "org")
sites: Records[Site] = Records(schema.site, Site, "sit")
employees: Records[Employee] = Records(schema.employee, Employee, "emp")
shifts: Records[Shift] = Records(schema.shift, Shift, "shf")
duties: Records[Duty] = Records(schema.duty, Duty, "dty")
quotes: Records[Quote] = Records(schema.quote, Quote, "quo")
invoices: Records[Invoice] = Records(schema.invoice, Invoice, "inv")
contracts: Records[Contract] = Records(billing_tables.contract, Contract, "ctr")
credit_notes: Records[CreditNote] = Records(billing_tables.credit_note, CreditNote, "cdn")
payments: Records[Payment] = Records(billing_tables.payment, Payment, "pay")
einvoice_statuses: Records[EInvoiceStatus] = Records(billing_tables.einvoice_status, EInvoiceStatus, "eis")
logbook_entries: Records[LogbookEntry] = Records(schema.logbook_entry, LogbookEntry, "log")
attachments: Records[Attachment] = Records(schema.attachment, Attachment, "att")
devices: Records[Device] = Records(schema.device, Device, "dev")
alerts: Records[Alert] = Records(schema.alert, Alert, "alt")
positions: Records[Position] = Records(schema.position, Position, "pos")
clients: Records[Client] = Records(people_tables.client, Client, "clt")
posts: Records[Post] = Records(people_tables.post, Post, "pst")
instructions: Records[Instruction] = Records(people_tables.instruction, Instruction, "ins")
instruction_editions: Records[InstructionEdition] = Records(
    people_tables.instruction_edition, InstructionEdition, "ied"
)
instruction_acknowledgements: Records[InstructionAcknowledgement] = Records(
    people_tables.instruction_acknowledgement, InstructionAcknowledgement, "ack"
)
register_entries: Records[RegisterEntry] = Records(people_tables.register_entry, RegisterEntry, "reg")
cards: Records[ProfessionalCard] = Records(people_tables.card, ProfessionalCard, "crd")
qualifications: Records[Qualification] = Records(people_tables.qualification, Qualification, "qlf")
employment_contracts: Records[EmploymentContract] = Records(
    people_tables.employment_contract, EmploymentContract, "ect"
)
documents: Records[Document] = Records(people_tables.document, Document, "doc")
roles: Records[Role] = Records(people_tables.role, Role, "rol")
users: Records[User] = Records(people_tables.account, User, "usr")
api_tokens: Records[ApiToken] = Records(people_tables.api_token, ApiToken, "tok")
pti_sessions: Records[PtiSession] = Records(safety_tables.pti_session, PtiSession, "pti")
device_commands: Records[DeviceCommand] = Records(safety_tables.device_command, DeviceCommand, "cmd")
device_configs: Records[DeviceConfig] = Records(safety_tables.device_config, DeviceConfig, "dev")
audit_events: Records[AuditEvent] = Records(safety_tables.audit_event, AuditEvent, "aud")
privacy_exports: Records[PrivacyExport] = Records(safety_tables.privacy_export, PrivacyExport, "pex")
privacy_erasures: Records[PrivacyErasure] = Records(safety_tables.privacy_erasure, PrivacyErasure, "per")
payroll_runs: Records[PayrollRun] = Records(pay_tables.payroll_run, PayrollRun, "prn")
payroll_lines: Records[PayrollLine] = Records(pay_tables.payroll_line, PayrollLine, "pyl")
payroll_hours: Records[PayrollHours] = Records(pay_tables.payroll_hours, PayrollHours, "pyh")
payroll_problems: Records[PayrollProblem] = Records(pay_tables.payroll_problem, PayrollProblem, "pyp")
payroll_settings: Records[PayrollSettings] = Records(pay_tables.payroll_settings, PayrollSettings, "pys")
orders: Records[Order] = Records(pay_tables.subscription, Order, "sub")
overages: Records[Overage] = Records(pay_tables.overage, Overage, "ovr")
incidents: Records[AvailabilityIncident] = Records(pay_tables.availability_incident, AvailabilityIncident, "inc")
absences: Records[Absence] = Records(planning_tables.absence, Absence, "abs")
cycles: Records[Cycle] = Records(planning_tables.cycle, Cycle, "cyc")
checkpoints: Records[Checkpoint] = Records(round_tables.checkpoint, Checkpoint, "chk")
round_templates: Records[RoundTemplate] = Records(round_tables.round_template, RoundTemplate, "rtp")
rounds: Records[Round] = Records(round_tables.patrol_round, Round, "rnd")
scans: Records[Scan] = Records(round_tables.scan, Scan, "scn")
webhooks: Records[Webhook] = Records(outside_tables.webhook, Webhook, "whk")
webhook_deliveries: Records[WebhookDelivery] = Records(outside_tables.webhook_delivery, WebhookDelivery, "whd")
client_users: Records[ClientUser] = Records(outside_tables.client_user, ClientUser, "cus")
client_tokens: Records[ApiToken] = Records(outside_tables.client_token, ApiToken, "ctk")
shares: Records[Share] = Records(outside_tables.share, Share, "shr")
signature_requests: Records[SignatureRequest] = Records(outside_tables.signature_request, SignatureRequest, "sig")
exports: Records[Export] = Records(outside_tables.export, Export, "exp")
