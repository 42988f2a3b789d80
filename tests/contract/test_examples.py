"""The written-out examples of the contract, read and written by the models."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from sekur_sdk import wire
from sekur_sdk.models.absences import Absence
from sekur_sdk.models.access import ApiToken, NewApiToken, Role, User
from sekur_sdk.models.alerts import Alert
from sekur_sdk.models.attachments import Attachment
from sekur_sdk.models.availability import AvailabilityIncident, AvailabilityReport
from sekur_sdk.models.billing import CreditNote, EInvoiceStatus, Invoice, LatePenalty, Payment, Quote
from sekur_sdk.models.clients import Client
from sekur_sdk.models.contracts import Contract
from sekur_sdk.models.cycles import Cycle
from sekur_sdk.models.device import (
    AlertUpdate,
    Channel,
    Command,
    CommandResult,
    DesiredConfig,
    Receipt,
    ReportedConfig,
    Status,
)
from sekur_sdk.models.documents import Document
from sekur_sdk.models.duties import Duty
from sekur_sdk.models.employees import Employee, RegisterEntry
from sekur_sdk.models.employment import EmploymentContract
from sekur_sdk.models.exports import Export
from sekur_sdk.models.fleet import Device, DeviceCommand, DeviceConfig
from sekur_sdk.models.geolocation import Position, PositionBatchResult
from sekur_sdk.models.instructions import Instruction, InstructionAcknowledgement, InstructionEdition
from sekur_sdk.models.logbook import ChainVerification, LogbookEntry
from sekur_sdk.models.organisation import Organisation
from sekur_sdk.models.payroll import PayrollHours, PayrollLine, PayrollProblem, PayrollRun, PayrollSettings
from sekur_sdk.models.planning import PlannedShifts, Shift
from sekur_sdk.models.portal import ClientUser, Share
from sekur_sdk.models.privacy import AuditEvent, PrivacyErasure, PrivacyExport, PurgeReport
from sekur_sdk.models.problem import Problem
from sekur_sdk.models.pti import PtiSession
from sekur_sdk.models.qualifications import ProfessionalCard, Qualification
from sekur_sdk.models.rounds import Checkpoint, Round, RoundTemplate, Scan
from sekur_sdk.models.signatures import SignatureRequest, SignatureUsage
from sekur_sdk.models.sites import Post, Site
from sekur_sdk.models.subscription import Overage, Subscription, SubscriptionPrice
from sekur_sdk.models.webhooks import NewWebhook, Webhook, WebhookDelivery, WebhookReplay
from sekur_sdk.wire.events import decode_event
from sekur_sdk.wire.messages import decode_message

EXAMPLES = Path(__file__).parents[2] / "docs" / "contract" / "examples"

PLAIN: dict[str, type[Any]] = {
    "absence": Absence,
    "alert": Alert,
    "availability-incident": AvailabilityIncident,
    "availability-report": AvailabilityReport,
    "card": ProfessionalCard,
    "chain-verification": ChainVerification,
    "checkpoint": Checkpoint,
    "client": Client,
    "attachment": Attachment,
    "contract": Contract,
    "credit-note": CreditNote,
    "cycle": Cycle,
    "device": Device,
    "document": Document,
    "duty": Duty,
    "einvoice-status": EInvoiceStatus,
    "employee": Employee,
    "employment-contract": EmploymentContract,
    "instruction": Instruction,
    "instruction-acknowledgement": InstructionAcknowledgement,
    "instruction-edition": InstructionEdition,
    "invoice": Invoice,
    "late-penalty": LatePenalty,
    "logbook-entry": LogbookEntry,
    "organisation": Organisation,
    "audit-event": AuditEvent,
    "device-command": DeviceCommand,
    "device-config": DeviceConfig,
    "overage": Overage,
    "payroll-hours": PayrollHours,
    "payroll-line": PayrollLine,
    "payroll-problem": PayrollProblem,
    "payroll-run": PayrollRun,
    "payroll-settings": PayrollSettings,
    "payment": Payment,
    "planned-shifts": PlannedShifts,
    "position": Position,
    "position-batch-result": PositionBatchResult,
    "post": Post,
    "privacy-erasure": PrivacyErasure,
    "privacy-export": PrivacyExport,
    "problem": Problem,
    "pti-session": PtiSession,
    "purge-report": PurgeReport,
    "qualification": Qualification,
    "quote": Quote,
    "register-entry": RegisterEntry,
    "role": Role,
    "round": Round,
    "round-template": RoundTemplate,
    "scan": Scan,
    "shift": Shift,
    "site": Site,
    "subscription": Subscription,
    "subscription-price": SubscriptionPrice,
    "token": ApiToken,
    "token-created": NewApiToken,
    "user": User,
    "client-user": ClientUser,
    "export": Export,
    "share": Share,
    "signature-request": SignatureRequest,
    "signature-usage": SignatureUsage,
    "webhook": Webhook,
    "webhook-created": NewWebhook,
    "webhook-delivery": WebhookDelivery,
    "webhook-replay": WebhookReplay,
    "mqtt-alert-state": AlertUpdate,
    "mqtt-cmd": Command,
    "mqtt-cmd-result": CommandResult,
    "mqtt-config-desired": DesiredConfig,
    "mqtt-config-reported": ReportedConfig,
    "mqtt-receipt": Receipt,
    "mqtt-status": Status,
}

MESSAGES: dict[str, Channel] = {
    "mqtt-alert": Channel.ALERT,
    "mqtt-alert-technical": Channel.ALERT,
    "mqtt-event-cancel": Channel.EVENT,
    "mqtt-event-duty": Channel.EVENT,
    "mqtt-event-gap": Channel.EVENT,
    "mqtt-event-log": Channel.EVENT,
    "mqtt-event-scan": Channel.EVENT,
    "mqtt-health": Channel.HEALTH,
    "mqtt-position": Channel.POSITION,
}


def example(name: str) -> bytes:
    return (EXAMPLES / f"{name}.json").read_bytes()


def same_json(written: bytes, example: bytes) -> bool:
    return _timeless(json.loads(written)) == _timeless(json.loads(example))


def _timeless(value: Any) -> Any:
    """Times are equal whatever the trailing zeros of their fraction."""
    if isinstance(value, dict):
        return {key: _timeless(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_timeless(item) for item in value]
    if isinstance(value, str) and value.endswith("Z") and "." in value:
        return value[:-1].rstrip("0") + "Z"
    return value


@pytest.mark.parametrize("name", PLAIN)
def test_a_resource_is_read_and_written_back_as_it_stood(name: str) -> None:
    assert same_json(wire.encode(wire.decode(example(name), PLAIN[name])), example(name))


@pytest.mark.parametrize("name", MESSAGES)
def test_a_message_of_a_wearable_is_read_and_written_back_as_it_stood(name: str) -> None:
    assert same_json(wire.encode(decode_message(MESSAGES[name], example(name))), example(name))


def test_an_event_is_read_with_its_subject_and_written_back_as_it_stood() -> None:
    event = decode_event(example("event"))
    assert isinstance(event.subject, LogbookEntry)
    assert same_json(wire.encode(event), example("event"))


def test_every_example_is_read_by_a_test() -> None:
    requests = {path.stem for path in EXAMPLES.glob("request-*.json")}
    names = {path.stem for path in EXAMPLES.glob("*.json")}
    assert names - requests == PLAIN.keys() | MESSAGES.keys() | {"event"}


@pytest.mark.parametrize("name", [*PLAIN, *MESSAGES])
def test_no_repr_shows_a_person_a_place_or_a_text(name: str) -> None:
    value = (
        decode_message(MESSAGES[name], example(name)) if name in MESSAGES else wire.decode(example(name), PLAIN[name])
    )
    for secret in (
        "Camille",
        "Verdier",
        "48.907",
        "2.383",
        "Porte sud",
        "RAS",
        "quai des Entrep",
        "@",
        "quai 3",
        "1991",
        "sek_",
        "whsec_",
        "integrateur",
        "trop de charge",
        "20240123456",
    ):
        assert secret not in repr(value)


def test_an_alarm_carries_the_moment_of_the_impact() -> None:
    body = decode_message(Channel.ALERT, example("mqtt-alert")).body
    assert body.started_at - body.impact_at == timedelta(seconds=2.49)
