"""What is held about a person, table by table: how its rows are found, and what an erasure makes of them.

A table that is not named here and refers to employees by a foreign key is exported all the same, and kept by an erasure: a
test fails until it is named. docs/privacy.md tells the same to people, with the sources.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import attrs
import sqlalchemy as sa

from sekur_sdk.models.access import UserStatus
from sekur_sdk.models.documents import SubjectKind
from sekur_sdk.models.employees import EmployeeStatus
from sekur_sdk.sandbox.store import outside_tables as outside
from sekur_sdk.sandbox.store import pay_tables as pay
from sekur_sdk.sandbox.store import people_tables as people
from sekur_sdk.sandbox.store import planning_tables as planning
from sekur_sdk.sandbox.store import round_tables as rounds
from sekur_sdk.sandbox.store import safety_tables as safety
from sekur_sdk.sandbox.store import schema

if TYPE_CHECKING:
    from collections.abc import Iterator

Condition = sa.ColumnElement[bool]

ERASED = "effacé"
"""What stands where something was that a column can't be without."""


@attrs.frozen(kw_only=True)
class Held:
    """How the rows of a table are about a person.

    `rows` is the condition for an employee's id. `blank` are the columns that an erasure overwrites, with what; `scrub`
    those in whose text it replaces the person's name; `delete` that it deletes the rows. `why` says why the rest is kept,
    and `hidden` are columns that no export shows.
    """

    rows: Callable[[str], Condition]
    blank: Mapping[str, object] = attrs.field(factory=dict)
    scrub: tuple[str, ...] = ()
    delete: bool = False
    hidden: tuple[str, ...] = ()
    why: str


def _by_employee(table: sa.Table) -> Callable[[str], Condition]:
    return lambda id_: table.c.employee_id == id_


def _equal(column: sa.Column[str]) -> Callable[[str], Condition]:
    return lambda id_: column == id_


def _of_duties(column: sa.Column[str]) -> Callable[[str], Condition]:
    duty = schema.duty
    return lambda id_: column.in_(sa.select(duty.c.id).where(duty.c.employee_id == id_))


def _of_alerts(table: sa.Table, uid: str) -> Callable[[str], Condition]:
    alert = schema.alert
    return lambda id_: sa.exists().where(
        alert.c.device_id == table.c.device_id, alert.c.uid == table.c[uid], alert.c.employee_id == id_
    )


def _positions(id_: str) -> Condition:
    alert, position = schema.alert, schema.position
    of_alert = position.c.alert_id.in_(sa.select(alert.c.id).where(alert.c.employee_id == id_))
    return sa.or_(_of_duties(position.c.duty_id)(id_), of_alert)


def _by_duty_of_device(table: sa.Table) -> Callable[[str], Condition]:
    duty = schema.duty
    return lambda id_: sa.exists().where(
        duty.c.device_id == table.c.device_id, duty.c.device_ref == table.c.device_ref, duty.c.employee_id == id_
    )


def _scans(id_: str) -> Condition:
    return sa.or_(rounds.scan.c.employee_id == id_, _by_duty_of_device(rounds.scan)(id_))


def _documents(id_: str) -> Condition:
    table = people.document
    return sa.and_(table.c.subject_kind == SubjectKind.EMPLOYEE, table.c.subject_id == id_)


def _attachments(id_: str) -> Condition:
    table = people.document
    return schema.attachment.c.id.in_(sa.select(table.c.attachment_id).where(_documents(id_)))


def _accounts(id_: str) -> sa.ScalarSelect[str]:
    return sa.select(people.account.c.id).where(people.account.c.employee_id == id_).scalar_subquery()


def _logbook(id_: str) -> Condition:
    entry, alert = schema.logbook_entry, schema.alert
    of_alert = entry.c.alert_id.in_(sa.select(alert.c.id).where(alert.c.employee_id == id_))
    return sa.or_(entry.c.author_id == id_, of_alert)


def _events(id_: str) -> Condition:
    return schema.event.c.data.contains(f'"{id_}"', autoescape=True)


def _payroll_runs(id_: str) -> Condition:
    run, line = pay.payroll_run, pay.payroll_line
    asked = sa.cast(run.c.employee_ids, sa.Text).contains(f'"{id_}"', autoescape=True)
    return sa.or_(asked, run.c.id.in_(sa.select(line.c.run_id).where(line.c.employee_id == id_)))


def _audit(id_: str) -> Condition:
    audit, token = safety.audit_event, people.api_token
    own = sa.select(token.c.id).where(token.c.user_id.in_(_accounts(id_)))
    return sa.or_(audit.c.employee_id == id_, audit.c.actor_id.in_(own))


def _naming(column: sa.Column[bytes]) -> Callable[[str], Condition]:
    return lambda id_: sa.func.instr(column, sa.literal(f'"{id_}"'.encode(), sa.LargeBinary)) > 0


_FIVE_YEARS = "kept 5 years: working time and its pay can be claimed (C. trav. art. L3245-1, L1471-1; CNIL)"
_PAY = "kept 5 years: what pay rests on (C. trav. art. L3243-4, L3245-1)"
_PROOF = "kept as proof, under the id alone"

HELD: Mapping[str, Held] = {
    "employee": Held(
        rows=lambda id_: schema.employee.c.id == id_,
        blank={
            "first_name": "Personne",
            "last_name": "effacée",
            "card_number": None,
            "card_expires_on": None,
            "born_on": None,
            "nationality": None,
            "sex": None,
            "email": None,
            "phone": None,
            "status": EmployeeStatus.ERASED,
        },
        why="the id alone stays, as a pseudonym that what is kept refers to",
    ),
    "register_entry": Held(
        rows=_by_employee(people.register_entry),
        why="the register of personnel is indelible and kept 5 years after leaving (C. trav. art. L1221-13, R1221-26)",
    ),
    "card": Held(
        rows=_by_employee(people.card),
        blank={"number": ERASED, "dog_icad": None, "checked_by": None, "check_document_id": None},
        why="that a valid card was checked can be asked for by the CNAPS (CSI art. L612-20)",
    ),
    "qualification": Held(
        rows=_by_employee(people.qualification),
        blank={"label": None, "document_id": None},
        why="who stood guard was qualified: " + _PROOF,
    ),
    "employment_contract": Held(
        rows=_by_employee(people.employment_contract),
        blank={"document_id": None, "reason": None, "end_reason": None},
        why=_FIVE_YEARS,
    ),
    "document": Held(
        rows=_documents,
        delete=True,
        blank={"title": ERASED},
        why="one whose `retain_until` is not past is kept until then",
    ),
    "attachment": Held(
        rows=_attachments,
        blank={"name": ""},
        why="its file and its name go with the document; the row says that there was one",
    ),
    "account": Held(
        rows=_by_employee(people.account),
        blank={
            "email": "efface@invalid",
            "first_name": "Personne",
            "last_name": "effacée",
            "status": UserStatus.CLOSED,
        },
        why="the id alone stays, which the audit refers to",
    ),
    "api_token": Held(
        rows=lambda id_: people.api_token.c.user_id.in_(_accounts(id_)),
        blank={"name": ERASED},
        hidden=("sha256",),
        why="revoked; the id alone stays, which the audit refers to",
    ),
    "device": Held(rows=_by_employee(schema.device), blank={"employee_id": None}, why="the wearable is the company's"),
    "shift": Held(rows=_by_employee(schema.shift), scrub=("notes",), why=_FIVE_YEARS),
    "absence": Held(
        rows=_by_employee(planning.absence),
        blank={"document_id": None},
        scrub=("notes",),
        why=_FIVE_YEARS,
    ),
    "client_user": Held(
        rows=lambda _id: sa.false(), why="a client's own people, who are no employees: closed at the client's word"
    ),
    "share": Held(rows=lambda _id: sa.false(), why="what a client is shown, by id: none is a person"),
    "signature_request": Held(
        rows=lambda id_: outside.signature_request.c.document_id.in_(
            sa.select(people.document.c.id).where(_documents(id_))
        ),
        why="who signed a contract of employment and when: proof as long as it can be disputed (C. civ. art. 1366, 2224)",
    ),
    "duty": Held(rows=_by_employee(schema.duty), scrub=("corrections",), hidden=("device_back_to",), why=_FIVE_YEARS),
    "duty_step": Held(rows=_of_duties(schema.duty_step.c.duty_id), why=_FIVE_YEARS),
    "pti_session": Held(rows=_by_employee(safety.pti_session), why=_FIVE_YEARS),
    "alert": Held(
        rows=_by_employee(schema.alert),
        blank={"fix": None},
        scrub=("resolution",),
        why="that help was called for and came: " + _PROOF,
    ),
    "alert_cancel": Held(rows=_of_alerts(schema.alert_cancel, "alert_uid"), why=_PROOF),
    "unsynced_alert": Held(
        rows=_of_alerts(schema.unsynced_alert, "uid"), why="names no person; gone once the wearable's clock is right"
    ),
    "position": Held(rows=_positions, delete=True, why="none is kept"),
    "pending_position": Held(
        rows=_of_alerts(schema.pending_position, "alert_uid"), delete=True, why="none is kept; 24 h at most"
    ),
    "checkpoint_scan": Held(
        rows=_scans,
        blank={"lat": None, "lon": None, "accuracy_m": None},
        scrub=("manual_reason", "answer"),
        why="that a round was made: " + _PROOF,
    ),
    "patrol_round": Held(rows=_by_employee(rounds.patrol_round), why="that a round was made: " + _PROOF),
    "logbook_entry": Held(
        rows=_logbook,
        why="its author is an id; what it tells is sealed by its hash, and erased entry by entry (POST /logbook-entries/{id}/erase)",
    ),
    "instruction_acknowledgement": Held(
        rows=_by_employee(people.instruction_acknowledgement), why="that the instruction was read: " + _PROOF
    ),
    "event": Held(
        rows=_events, why="the numbers of the stream are unbroken: what the events tell of the person is overwritten"
    ),
    "payroll_run": Held(rows=_payroll_runs, why=_PAY),
    "payroll_line": Held(rows=_by_employee(pay.payroll_line), why=_PAY),
    "payroll_hours": Held(rows=_by_employee(pay.payroll_hours), why=_PAY),
    "payroll_problem": Held(rows=_by_employee(pay.payroll_problem), why=_PAY),
    "overage": Held(
        rows=lambda id_: pay.overage.c.user_id.in_(_accounts(id_)),
        why="what the company was billed for, under the id alone",
    ),
    "quarantine": Held(
        rows=_naming(schema.quarantine.c.payload), blank={"payload": b""}, why="that something came that can't be read"
    ),
    "idempotency": Held(
        rows=_naming(schema.idempotency.c.body), delete=True, hidden=("caller_id",), why="none is kept; 24 h at most"
    ),
    "audit_event": Held(rows=_audit, why="who read a person's positions has to be known (CNIL); it names ids alone"),
    "privacy_export": Held(rows=_by_employee(safety.privacy_export), why=_PROOF),
    "privacy_erasure": Held(rows=_by_employee(safety.privacy_erasure), why=_PROOF),
}
"""What refers to a person. Columns named `by` or `…_by`, and the audit's `actor`, are overwritten everywhere where they name the person."""

EXCUSED: Mapping[str, str] = {
    "organisation": "the company itself",
    "client": "a company",
    "site": "a place",
    "post": "a place",
    "instruction": "a text for all; `published_by` is overwritten where it names the person",
    "instruction_edition": "as instruction",
    "role": "a set of rights",
    "checkpoint": "a place",
    "cycle": "of a site",
    "webhook": "an integrator's server",
    "webhook_delivery": "when an event was sent where",
    "client_token": "of a client's people",
    "export": "that everything was exported; an erasure takes its file back",
    "round_template": "of a site",
    "logbook_head": "of a site",
    "quote": "of a client",
    "contract": "with a client",
    "credit_note": "of a client; kept 10 years, as invoice",
    "payment": "of a client; kept 10 years, as invoice",
    "einvoice_status": "of an invoice",
    "invoice": "of a client; kept 10 years (C. com. art. L123-22)",
    "device_command": "told to a wearable",
    "device_config": "of a wearable",
    "command_result": "of a wearable",
    "message": "numbers of a wearable's messages",
    "outbox_log": "numbers of a wearable's messages",
    "seq_gap": "numbers of a wearable's messages",
    "declared_gap": "numbers of a wearable's messages",
    "device_start": "the clock of a wearable",
    "tally": "counts of a wearable",
    "counter": "numbers",
    "payroll_settings": "codes of pay",
    "subscription": "the company's own",
    "availability_incident": "of the service",
    "oauth_client": "a program",
    "token": "of a program",
    "secret": "a key of the store",
}
"""The tables that hold nothing about an employee, and why."""


def held() -> Iterator[tuple[sa.Table, Held]]:
    """All tables that refer to employees: those named above, and any other with a foreign key to one."""
    for name, table in schema.metadata.tables.items():
        if name in HELD:
            yield table, HELD[name]
        elif name not in EXCUSED:
            for column in referring(table):
                yield table, Held(rows=_equal(column), why="not yet decided")


def referring(table: sa.Table) -> list[sa.Column[str]]:
    """The columns that are foreign keys to employees."""
    employee = schema.employee
    return [column for column in table.columns if any(key.column.table is employee for key in column.foreign_keys)]
