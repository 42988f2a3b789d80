"""The tables. Columns that a resource shows have the names of its model's fields; the others are the store's own."""

from __future__ import annotations

import sqlalchemy as sa

from sekur_sdk.models.alerts import AlertStatus
from sekur_sdk.models.billing import EInvoiceCode, InvoiceStatus, Line, Party, QuoteStatus, Totals
from sekur_sdk.models.device import AlertKind, DutyAction, Fix, FixSource
from sekur_sdk.models.duties import Break, DutyCorrection, DutyMethod, DutyStatus
from sekur_sdk.models.employees import EmployeeStatus, Sex
from sekur_sdk.models.fleet import DeviceStatus
from sekur_sdk.models.geolocation import PositionPurpose
from sekur_sdk.models.logbook import CalledService, EntryAttachment, EntryLocation, LogbookCategory, Severity
from sekur_sdk.models.planning import ShiftStatus
from sekur_sdk.models.sites import SiteStatus
from sekur_sdk.sandbox.store.types import AmountText, EnumText, UtcDateTime, WireJson

metadata: sa.MetaData = sa.MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    }
)

Id: sa.String = sa.String(64)
Ref: sa.String = sa.String(36)
"""A UUID in text."""


def versioned() -> tuple[sa.Column[int], sa.Column[object], sa.Column[object]]:
    """The columns of each resource that changes."""
    return (
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("updated_at", UtcDateTime, nullable=False, index=True),
    )


organisation: sa.Table = sa.Table(
    "organisation",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("tenant", sa.String(64), nullable=False, unique=True),
    sa.Column("name", sa.String(200), nullable=False),
    sa.Column("legal_form", sa.String(100)),
    sa.Column("siren", sa.String(9), nullable=False),
    sa.Column("siret", sa.String(14), nullable=False),
    sa.Column("vat_number", sa.String(20), nullable=False),
    sa.Column("authorisation_number", sa.String(64), nullable=False),
    sa.Column("address", sa.Text, nullable=False),
    sa.Column("email", sa.String(200)),
    sa.Column("phone", sa.String(50)),
    *versioned(),
)

site: sa.Table = sa.Table(
    "site",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("name", sa.String(200), nullable=False),
    sa.Column("client_id", Id, sa.ForeignKey("client.id"), index=True),
    # when it came to this client from another one: what was written before is not this one's to see
    sa.Column("client_since", UtcDateTime),
    sa.Column("customer_name", sa.String(200), nullable=False),
    sa.Column("address", sa.Text, nullable=False),
    sa.Column("lat", sa.Float),
    sa.Column("lon", sa.Float),
    sa.Column("radius_m", sa.Float),
    sa.Column("time_zone", sa.String(64), nullable=False),
    sa.Column("alert_delay_s", sa.Integer, nullable=False, server_default="120"),
    sa.Column("status", EnumText(SiteStatus), nullable=False),
    *versioned(),
)

employee: sa.Table = sa.Table(
    "employee",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("staff_number", sa.String(50), nullable=False, unique=True),
    sa.Column("first_name", sa.String(100), nullable=False),
    sa.Column("last_name", sa.String(100), nullable=False),
    sa.Column("job_title", sa.String(200), nullable=False),
    sa.Column("coefficient", sa.Integer),
    sa.Column("hired_on", sa.Date),
    sa.Column("left_on", sa.Date),
    sa.Column("card_number", sa.String(64)),
    sa.Column("card_expires_on", sa.Date),
    sa.Column("born_on", sa.Date),
    sa.Column("nationality", sa.String(2)),
    sa.Column("sex", EnumText(Sex)),
    sa.Column("email", sa.String(200)),
    sa.Column("phone", sa.String(50)),
    # of the newest hiring in the register
    sa.Column("register_number", sa.Integer),
    sa.Column("status", EnumText(EmployeeStatus), nullable=False),
    *versioned(),
)

shift: sa.Table = sa.Table(
    "shift",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("site_id", Id, sa.ForeignKey("site.id"), nullable=False, index=True),
    sa.Column("employee_id", Id, sa.ForeignKey("employee.id"), index=True),
    sa.Column("post", sa.String(200), nullable=False),
    sa.Column("post_id", Id, sa.ForeignKey("post.id")),
    sa.Column("starts_at", UtcDateTime, nullable=False, index=True),
    sa.Column("ends_at", UtcDateTime, nullable=False),
    sa.Column("break_minutes", sa.Integer),
    sa.Column("notes", sa.Text),
    sa.Column("published_at", UtcDateTime),
    sa.Column("acknowledged_at", UtcDateTime),
    sa.Column("replaces_id", Id, index=True),
    # which slot of which cycle it was made from: none is made twice
    sa.Column("cycle_id", Id),
    sa.Column("cycle_slot", sa.String(40)),
    # when it was told that nobody had taken up its duty
    sa.Column("late_told_at", UtcDateTime),
    sa.Column("status", EnumText(ShiftStatus), nullable=False),
    *versioned(),
    sa.Index("ix_shift_cycle_id_cycle_slot", "cycle_id", "cycle_slot", unique=True),
)

device: sa.Table = sa.Table(
    "device",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("label", sa.String(200), nullable=False),
    sa.Column("model", sa.String(200), nullable=False),
    sa.Column("employee_id", Id, sa.ForeignKey("employee.id")),
    sa.Column("site_id", Id, sa.ForeignKey("site.id"), index=True),
    sa.Column("status", EnumText(DeviceStatus), nullable=False),
    sa.Column("online", sa.Boolean, nullable=False),
    sa.Column("protected", sa.Boolean),
    sa.Column("faults", WireJson(tuple[str, ...]), nullable=False),
    sa.Column("battery_pct", sa.Integer),
    sa.Column("agent_version", sa.String(100)),
    sa.Column("last_seen_at", UtcDateTime),
    # the newest health message, so that a late one can't overwrite it
    sa.Column("health_log", Ref),
    sa.Column("health_seq", sa.BigInteger),
    sa.Column("health_received_at", UtcDateTime),
    *versioned(),
)

duty: sa.Table = sa.Table(
    "duty",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("employee_id", Id, sa.ForeignKey("employee.id"), nullable=False, index=True),
    sa.Column("site_id", Id, sa.ForeignKey("site.id"), nullable=False, index=True),
    sa.Column("shift_id", Id, sa.ForeignKey("shift.id")),
    sa.Column("device_id", Id, sa.ForeignKey("device.id")),
    sa.Column("device_ref", Ref),
    sa.Column("method", EnumText(DutyMethod), nullable=False),
    sa.Column("status", EnumText(DutyStatus), nullable=False),
    sa.Column("started_at", UtcDateTime, nullable=False, index=True),
    sa.Column("ended_at", UtcDateTime),
    sa.Column("breaks", WireJson(tuple[Break, ...]), nullable=False),
    sa.Column("late_minutes", sa.Integer),
    sa.Column("left_early_minutes", sa.Integer),
    sa.Column("forgotten_end", sa.Boolean, nullable=False),
    sa.Column("corrections", WireJson(tuple[DutyCorrection, ...]), nullable=False),
    sa.Column("validated_by", sa.String(200)),
    # whether the wearable was handed over for this duty, and to whom it goes back after it
    sa.Column("device_lent", sa.Boolean, nullable=False),
    sa.Column("device_back_to", Id),
    *versioned(),
    sa.UniqueConstraint("device_id", "device_ref"),
)

duty_step: sa.Table = sa.Table(
    "duty_step",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("duty_id", Id, sa.ForeignKey("duty.id"), index=True),
    # a wearable's steps may come before its start: they wait under its own id for the duty
    sa.Column("device_id", Id, sa.ForeignKey("device.id")),
    sa.Column("device_ref", Ref),
    sa.Column("action", EnumText(DutyAction), nullable=False),
    sa.Column("occurred_at", UtcDateTime, nullable=False),
    sa.Column("recorded_at", UtcDateTime, nullable=False),
    sa.Index("ix_duty_step_device_id_device_ref", "device_id", "device_ref"),
)

quote: sa.Table = sa.Table(
    "quote",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("number", sa.String(20), nullable=False, unique=True),
    sa.Column("client_id", Id, sa.ForeignKey("client.id"), index=True),
    sa.Column("site_id", Id, sa.ForeignKey("site.id")),
    sa.Column("buyer", WireJson(Party), nullable=False),
    sa.Column("title", sa.String(200), nullable=False),
    sa.Column("lines", WireJson(tuple[Line, ...]), nullable=False),
    sa.Column("totals", WireJson(Totals), nullable=False),
    sa.Column("valid_until", sa.Date),
    sa.Column("invoice_id", Id),
    sa.Column("contract_id", Id),
    sa.Column("status", EnumText(QuoteStatus), nullable=False),
    *versioned(),
)

invoice: sa.Table = sa.Table(
    "invoice",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("number", sa.String(20), unique=True),
    sa.Column("quote_id", Id, sa.ForeignKey("quote.id"), unique=True),
    sa.Column("contract_id", Id, sa.ForeignKey("contract.id"), index=True),
    sa.Column("client_id", Id, sa.ForeignKey("client.id"), index=True),
    sa.Column("site_id", Id, sa.ForeignKey("site.id")),
    sa.Column("seller", WireJson(Party)),
    sa.Column("buyer", WireJson(Party), nullable=False),
    sa.Column("title", sa.String(200), nullable=False),
    sa.Column("lines", WireJson(tuple[Line, ...]), nullable=False),
    sa.Column("totals", WireJson(Totals), nullable=False),
    sa.Column("paid", AmountText, nullable=False, server_default="0.00"),
    sa.Column("credited", AmountText, nullable=False, server_default="0.00"),
    sa.Column("balance", AmountText, nullable=False, server_default="0.00"),
    sa.Column("period_start", sa.Date),
    sa.Column("period_end", sa.Date),
    sa.Column("issued_on", sa.Date),
    sa.Column("due_on", sa.Date),
    sa.Column("sent_at", UtcDateTime),
    sa.Column("dispute_reason", sa.Text),
    sa.Column("einvoice_code", EnumText(EInvoiceCode)),
    sa.Column("notes", WireJson(tuple[str, ...]), nullable=False),
    sa.Column("status", EnumText(InvoiceStatus), nullable=False),
    *versioned(),
)

attachment: sa.Table = sa.Table(
    "attachment",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("name", sa.String(200), nullable=False),
    sa.Column("content_type", sa.String(150), nullable=False),
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("sha256", sa.String(64), nullable=False, index=True),
    sa.Column("owner_id", Id, index=True),
    sa.Column("erased_at", UtcDateTime),
    sa.Column("created_at", UtcDateTime, nullable=False),
    # who may read it until it belongs to something; not known of those from before
    sa.Column("uploaded_by", Id),
    # erased, and its file not yet removed
    sa.Column("to_remove", sa.Boolean, nullable=False, server_default=sa.false(), index=True),
)
"""What is known of a stored file; its bytes are in the folder beside the database, under their SHA-256."""

logbook_entry: sa.Table = sa.Table(
    "logbook_entry",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("site_id", Id, sa.ForeignKey("site.id"), nullable=False),
    sa.Column("seq", sa.Integer, nullable=False),
    sa.Column("author_id", Id, nullable=False),
    sa.Column("occurred_at", UtcDateTime, nullable=False),
    sa.Column("recorded_at", UtcDateTime, nullable=False),
    sa.Column("category", EnumText(LogbookCategory), nullable=False),
    sa.Column("severity", EnumText(Severity), nullable=False),
    sa.Column("title", sa.String(200)),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("persons", WireJson(tuple[str, ...]), nullable=False, server_default="[]"),
    sa.Column("measures", sa.Text),
    sa.Column("called_services", WireJson(tuple[CalledService, ...]), nullable=False, server_default="[]"),
    sa.Column("location", WireJson(EntryLocation)),
    sa.Column("attachments", WireJson(tuple[EntryAttachment, ...]), nullable=False, server_default="[]"),
    sa.Column("alert_id", Id),
    sa.Column("amends_id", Id, index=True),
    sa.Column("erases_id", Id),
    sa.Column("shared_with_client", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("requires_ack", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("acknowledged_at", UtcDateTime),
    sa.Column("acknowledged_by", sa.String(200)),
    sa.Column("erased_at", UtcDateTime),
    sa.Column("erased_by", sa.String(200)),
    sa.Column("erasure_reason", sa.Text),
    sa.Column("prev_hash", sa.String(64), nullable=False),
    sa.Column("hash", sa.String(64), nullable=False),
    sa.UniqueConstraint("site_id", "seq"),
)

logbook_head: sa.Table = sa.Table(
    "logbook_head",
    metadata,
    sa.Column("site_id", Id, sa.ForeignKey("site.id"), primary_key=True),
    sa.Column("seq", sa.Integer, nullable=False),
    sa.Column("hash", sa.String(64), nullable=False),
)
"""The last entry of each site's chain: without it nobody would see that the end was cut off."""

alert: sa.Table = sa.Table(
    "alert",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("uid", Ref),
    sa.Column("kind", EnumText(AlertKind), nullable=False),
    sa.Column("fault", sa.String(64)),
    sa.Column("silent", sa.Boolean, nullable=False),
    sa.Column("device_id", Id, sa.ForeignKey("device.id"), index=True),
    sa.Column("employee_id", Id, sa.ForeignKey("employee.id")),
    sa.Column("site_id", Id, sa.ForeignKey("site.id")),
    sa.Column("duty_id", Id, sa.ForeignKey("duty.id")),
    sa.Column("fix", WireJson(Fix)),
    sa.Column("fix_is_stale", sa.Boolean, nullable=False),
    sa.Column("score", sa.Float),
    sa.Column("occurred_at", UtcDateTime, nullable=False),
    sa.Column("opened_at", UtcDateTime, nullable=False, index=True),
    sa.Column("cancelled_at", UtcDateTime),
    sa.Column("escalation_level", sa.Integer, nullable=False, server_default="0"),
    sa.Column("escalated_at", UtcDateTime),
    sa.Column("escalated_by", sa.String(200)),
    sa.Column("acknowledged_at", UtcDateTime),
    sa.Column("acknowledged_by", sa.String(200)),
    sa.Column("resolved_at", UtcDateTime),
    sa.Column("resolved_by", sa.String(200)),
    sa.Column("resolution", sa.Text),
    sa.Column("status", EnumText(AlertStatus), nullable=False, index=True),
    # the wearable's id of the duty, which may come later than the alarm
    sa.Column("device_ref", Ref),
    # what an alert stands for that the server raised itself: only one of a kind is open at a time
    sa.Column("watch", sa.String(200), index=True),
    *versioned(),
    sa.UniqueConstraint("device_id", "uid"),
)

alert_cancel: sa.Table = sa.Table(
    "alert_cancel",
    metadata,
    sa.Column("device_id", Id, sa.ForeignKey("device.id"), primary_key=True),
    sa.Column("alert_uid", Ref, primary_key=True),
    sa.Column("kind", EnumText(AlertKind), nullable=False),
    sa.Column("phase", sa.String(64), nullable=False),
    sa.Column("occurred_at", UtcDateTime, nullable=False),
    sa.Column("recorded_at", UtcDateTime, nullable=False),
)


def _position_columns(*, needs_device: bool) -> tuple[sa.Column[object], ...]:
    return (
        sa.Column("device_id", Id, sa.ForeignKey("device.id"), nullable=not needs_device),
        sa.Column("lat", sa.Float, nullable=False),
        sa.Column("lon", sa.Float, nullable=False),
        sa.Column("fix_at", UtcDateTime, nullable=False),
        sa.Column("age_s", sa.Float, nullable=False),
        sa.Column("accuracy_m", sa.Float),
        sa.Column("source", EnumText(FixSource), nullable=False),
        sa.Column("received_at", UtcDateTime, nullable=False, index=True),
    )


position: sa.Table = sa.Table(
    "position",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("duty_id", Id, sa.ForeignKey("duty.id"), index=True),
    sa.Column("alert_id", Id, sa.ForeignKey("alert.id"), index=True),
    # an app has none
    *_position_columns(needs_device=False),
    sa.Column("purpose", EnumText(PositionPurpose), nullable=False, server_default=PositionPurpose.PROTECTION),
    # an app's own id of it, by which it is stored once
    sa.Column("uid", Ref, unique=True),
    sa.Index("ix_position_fix_at", "fix_at"),
)

pending_position: sa.Table = sa.Table(
    "pending_position",
    metadata,
    sa.Column("id", Id, primary_key=True),
    # the wearable's ids of the duty and the alarm that will tell whether the position may be kept
    sa.Column("device_ref", Ref, index=True),
    sa.Column("alert_uid", Ref, index=True),
    *_position_columns(needs_device=True),
)

command_result: sa.Table = sa.Table(
    "command_result",
    metadata,
    sa.Column("device_id", Id, sa.ForeignKey("device.id"), primary_key=True),
    sa.Column("command_id", sa.String(64), primary_key=True),
    sa.Column("outcome", sa.String(64), nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("detail", sa.Text),
)

message: sa.Table = sa.Table(
    "message",
    metadata,
    sa.Column("device_id", Id, sa.ForeignKey("device.id"), primary_key=True),
    sa.Column("uid", Ref, primary_key=True),
    sa.Column("channel", sa.String(64), nullable=False),
    sa.Column("log", Ref, nullable=False),
    sa.Column("seq", sa.BigInteger, nullable=False),
    sa.Column("received_at", UtcDateTime, nullable=False),
)

outbox_log: sa.Table = sa.Table(
    "outbox_log",
    metadata,
    sa.Column("device_id", Id, sa.ForeignKey("device.id"), primary_key=True),
    sa.Column("log", Ref, primary_key=True),
    sa.Column("highest_seq", sa.BigInteger, nullable=False),
    sa.Column("first_seen_at", UtcDateTime, nullable=False),
)

seq_gap: sa.Table = sa.Table(
    "seq_gap",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("device_id", Id, nullable=False),
    sa.Column("log", Ref, nullable=False),
    sa.Column("first_seq", sa.BigInteger, nullable=False),
    sa.Column("last_seq", sa.BigInteger, nullable=False),
    sa.Column("noticed_at", UtcDateTime, nullable=False),
    sa.ForeignKeyConstraint(["device_id", "log"], ["outbox_log.device_id", "outbox_log.log"]),
    sa.Index("ix_seq_gap_device_id_log", "device_id", "log"),
)

declared_gap: sa.Table = sa.Table(
    "declared_gap",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("device_id", Id, sa.ForeignKey("device.id"), nullable=False),
    sa.Column("log", Ref, nullable=False),
    sa.Column("first_seq", sa.BigInteger, nullable=False),
    sa.Column("last_seq", sa.BigInteger, nullable=False),
    sa.Column("dropped", WireJson(dict[str, int]), nullable=False),
    sa.Column("reason", sa.String(64), nullable=False),
    sa.Column("received_at", UtcDateTime, nullable=False),
)

device_start: sa.Table = sa.Table(
    "device_start",
    metadata,
    sa.Column("device_id", Id, sa.ForeignKey("device.id"), primary_key=True),
    sa.Column("boot", Ref, primary_key=True),
    # by a clock that was right, or else the latest that it can have been
    sa.Column("started_at", UtcDateTime, nullable=False),
    sa.Column("exact", sa.Boolean, nullable=False),
)

unsynced_alert: sa.Table = sa.Table(
    "unsynced_alert",
    metadata,
    sa.Column("device_id", Id, sa.ForeignKey("device.id"), primary_key=True),
    sa.Column("uid", Ref, primary_key=True),
    sa.Column("boot", Ref, nullable=False),
    sa.Column("occurred_up_ms", sa.BigInteger, nullable=False),
)

quarantine: sa.Table = sa.Table(
    "quarantine",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    # topics are written by strangers: kept as they came, cut at what MQTT allows
    sa.Column("topic", sa.Text, nullable=False),
    sa.Column("payload_sha256", sa.String(64), nullable=False, index=True),
    sa.Column("uid", Ref),
    sa.Column("payload", sa.LargeBinary, nullable=False),
    sa.Column("payload_bytes", sa.Integer, nullable=False),
    sa.Column("reason", sa.String(64), nullable=False),
    sa.Column("times", sa.Integer, nullable=False),
    sa.Column("received_at", UtcDateTime, nullable=False),
)

tally: sa.Table = sa.Table(
    "tally",
    metadata,
    sa.Column("device_id", Id, sa.ForeignKey("device.id"), primary_key=True),
    sa.Column("name", sa.String(64), primary_key=True),
    sa.Column("value", sa.BigInteger, nullable=False),
)

event: sa.Table = sa.Table(
    "event",
    metadata,
    sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("type", sa.String(64), nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("data", sa.Text, nullable=False),
)

counter: sa.Table = sa.Table(
    "counter",
    metadata,
    sa.Column("name", sa.String(100), primary_key=True),
    sa.Column("value", sa.BigInteger, nullable=False),
)

oauth_client: sa.Table = sa.Table(
    "oauth_client",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("name", sa.String(200), nullable=False),
    sa.Column("secret_sha256", sa.String(64), nullable=False),
    sa.Column("scopes", WireJson(tuple[str, ...]), nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False),
)

token: sa.Table = sa.Table(
    "token",
    metadata,
    sa.Column("sha256", sa.String(64), primary_key=True),
    sa.Column("caller_id", Id, nullable=False),
    sa.Column("name", sa.String(200), nullable=False),
    sa.Column("scopes", WireJson(tuple[str, ...]), nullable=False),
    sa.Column("expires_at", UtcDateTime),
    sa.Column("created_at", UtcDateTime, nullable=False),
)

idempotency: sa.Table = sa.Table(
    "idempotency",
    metadata,
    sa.Column("caller_id", Id, primary_key=True),
    sa.Column("route", sa.String(500), primary_key=True),
    sa.Column("key", sa.String(200), primary_key=True),
    sa.Column("body_sha256", sa.String(64), nullable=False),
    sa.Column("status", sa.Integer, nullable=False),
    sa.Column("headers", WireJson(dict[str, str]), nullable=False),
    sa.Column("body", sa.LargeBinary, nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False, index=True),
)
