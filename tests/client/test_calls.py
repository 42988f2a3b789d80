"""What each method sends, and what it gives back."""

from __future__ import annotations

import json
import re
import types
import typing
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import attrs
import pytest
from scripted_http import SHIFT, json_answer, page, problem

from sekur_sdk import NewLine, NewPosition, NewShift, models
from sekur_sdk.client.errors import ArgumentError, ConflictError, ResponseDecodeError
from sekur_sdk.models.scalars import Amount
from sekur_sdk.testing.calls import stated_calls

EXAMPLES = Path(__file__).resolve().parents[2] / "docs" / "contract" / "examples"
PARIS = ZoneInfo("Europe/Paris")
NIGHT = datetime(2026, 11, 7, 20, 0, tzinfo=PARIS)
MORNING = datetime(2026, 11, 8, 8, 0, tzinfo=PARIS)
PARTY = models.Party(name="Mairie de Lyon", address="1 place de la Comédie, 69001 Lyon")
LINE = NewLine(kind="night", description="Agent de sécurité", quantity=Decimal("96.5"), unit_price=24)

STATED = stated_calls()

ALERT, DEVICE, DUTY, EMPLOYEE, INVOICE = "alert", "device", "duty", "employee", "invoice"
LOGBOOK_ENTRY, ORGANISATION, POSITION, QUOTE = "logbook-entry", "organisation", "position", "quote"

READS = [
    (lambda c: c.organisation.get(), "/organisation", ORGANISATION),
    (lambda c: c.sites.get("sit_1"), "/sites/sit_1", "site"),
    (lambda c: c.employees.get("emp_1"), "/employees/emp_1", EMPLOYEE),
    (lambda c: c.shifts.get("shf_1"), "/shifts/shf_1", "shift"),
    (lambda c: c.duties.get("dty_1"), "/duties/dty_1", DUTY),
    (lambda c: c.quotes.get("quo_1"), "/quotes/quo_1", QUOTE),
    (lambda c: c.invoices.get("inv_1"), "/invoices/inv_1", INVOICE),
    (lambda c: c.devices.get("dev_1"), "/devices/dev_1", DEVICE),
    (lambda c: c.alerts.get("alt_1"), "/alerts/alt_1", ALERT),
]

WRITES = [
    (
        lambda c: c.sites.create(name="Entrepôt", customer_name="ACME", address="Lyon", lat=45.76, lon=4.83),
        "/sites",
        "site",
        {"name": "Entrepôt", "customer_name": "ACME", "address": "Lyon", "lat": 45.76, "lon": 4.83},
    ),
    (
        lambda c: c.employees.create(
            staff_number="M042", first_name="Awa", last_name="Diallo", job_title="ADS", hired_on=date(2024, 1, 2)
        ),
        "/employees",
        EMPLOYEE,
        {
            "staff_number": "M042",
            "first_name": "Awa",
            "last_name": "Diallo",
            "job_title": "ADS",
            "hired_on": "2024-01-02",
        },
    ),
    (
        lambda c: c.shifts.create(site_id="sit_1", post="PC", starts_at=NIGHT, ends_at=MORNING, break_minutes=30),
        "/shifts",
        "shift",
        {
            "site_id": "sit_1",
            "post": "PC",
            "starts_at": "2026-11-07T19:00:00Z",
            "ends_at": "2026-11-08T07:00:00Z",
            "break_minutes": 30,
        },
    ),
    (
        lambda c: c.duties.start(employee_id="emp_1", site_id="sit_1", device_id="dev_1"),
        "/duties",
        DUTY,
        {"employee_id": "emp_1", "site_id": "sit_1", "device_id": "dev_1"},
    ),
    (lambda c: c.duties.start_break("dty_1"), "/duties/dty_1/break-start", DUTY, {}),
    (lambda c: c.duties.end_break("dty_1"), "/duties/dty_1/break-end", DUTY, {}),
    (lambda c: c.duties.end("dty_1", at=MORNING), "/duties/dty_1/end", DUTY, {"at": "2026-11-08T07:00:00Z"}),
    (
        lambda c: c.quotes.create(buyer=PARTY, title="Gardiennage", lines=[LINE], valid_until=date(2026, 12, 31)),
        "/quotes",
        QUOTE,
        {
            "buyer": {"name": "Mairie de Lyon", "address": "1 place de la Comédie, 69001 Lyon"},
            "title": "Gardiennage",
            "lines": [
                {"kind": "night", "description": "Agent de sécurité", "quantity": "96.5000", "unit_price": "24.0000"}
            ],
            "valid_until": "2026-12-31",
        },
    ),
    (lambda c: c.quotes.send("quo_1"), "/quotes/quo_1/send", QUOTE, {}),
    (lambda c: c.quotes.accept("quo_1"), "/quotes/quo_1/accept", QUOTE, {}),
    (lambda c: c.quotes.refuse("quo_1"), "/quotes/quo_1/refuse", QUOTE, {}),
    (
        lambda c: c.quotes.convert("quo_1", period_start=date(2026, 11, 1), period_end=date(2026, 11, 30)),
        "/quotes/quo_1/convert",
        INVOICE,
        {"period_start": "2026-11-01", "period_end": "2026-11-30"},
    ),
    (lambda c: c.invoices.issue("inv_1"), "/invoices/inv_1/issue", INVOICE, {}),
    (
        lambda c: c.logbook.append("sit_1", author_id="emp_1", category="ronde", text="RAS", severity="info"),
        "/sites/sit_1/logbook",
        LOGBOOK_ENTRY,
        {"author_id": "emp_1", "category": "ronde", "text": "RAS", "severity": "info"},
    ),
    (
        lambda c: c.devices.create(label="PTI 7", model="sekur-w1", site_id="sit_1"),
        "/devices",
        DEVICE,
        {"label": "PTI 7", "model": "sekur-w1", "site_id": "sit_1"},
    ),
    (lambda c: c.alerts.acknowledge("alt_1", by="PC"), "/alerts/alt_1/acknowledge", ALERT, {"by": "PC"}),
    (
        lambda c: c.alerts.resolve("alt_1", resolution="Agent relevé", false_alarm=True),
        "/alerts/alt_1/resolve",
        ALERT,
        {"resolution": "Agent relevé", "false_alarm": True},
    ),
]

LISTS = [
    (lambda c: c.sites.list(status="active"), "/sites", "site", {"status": "active"}),
    (lambda c: c.employees.list(status="active"), "/employees", EMPLOYEE, {"status": "active"}),
    (
        lambda c: c.shifts.list(site_id="sit_1", employee_id="emp_1", starts_from=NIGHT, starts_before=MORNING),
        "/shifts",
        "shift",
        {
            "site_id": "sit_1",
            "employee_id": "emp_1",
            "starts_from": "2026-11-07T19:00:00Z",
            "starts_before": "2026-11-08T07:00:00Z",
        },
    ),
    (
        lambda c: c.duties.list(status="open", started_from=NIGHT),
        "/duties",
        DUTY,
        {"status": "open", "started_from": "2026-11-07T19:00:00Z"},
    ),
    (lambda c: c.quotes.list(status="sent", site_id="sit_1"), "/quotes", QUOTE, {"status": "sent", "site_id": "sit_1"}),
    (lambda c: c.invoices.list(quote_id="quo_1"), "/invoices", INVOICE, {"quote_id": "quo_1"}),
    (
        lambda c: c.logbook.list("sit_1", category="ronde", occurred_before=MORNING),
        "/sites/sit_1/logbook",
        LOGBOOK_ENTRY,
        {"category": "ronde", "occurred_before": "2026-11-08T07:00:00Z"},
    ),
    (lambda c: c.devices.list(site_id="sit_1"), "/devices", DEVICE, {"site_id": "sit_1"}),
    (lambda c: c.alerts.list(kind="fall", status="open"), "/alerts", ALERT, {"kind": "fall", "status": "open"}),
    (
        lambda c: c.positions.list(duty_id="dty_1", received_from=NIGHT, page_size=200, sort="-received_at"),
        "/positions",
        POSITION,
        {"duty_id": "dty_1", "received_from": "2026-11-07T19:00:00Z", "limit": "200", "sort": "-received_at"},
    ),
]


def example(name):
    return json.loads((EXAMPLES / f"{name}.json").read_text("utf-8"))


@pytest.mark.parametrize(("call", "path", "resource"), READS, ids=[path for _, path, _ in READS])
def test_a_read_asks_for_its_path_and_gives_the_resource(client, side, server, call, path, resource):
    server.answer(json_answer(example(resource)))
    answer = side.run(call(client))
    [request] = server.received
    assert (request.method, request.path, request.query) == ("GET", "/api/v1" + path, {})
    assert type(answer) is getattr(models, resource.title().replace("-", ""))


@pytest.mark.parametrize(("call", "path", "resource", "body"), WRITES, ids=[path for _, path, _, _ in WRITES])
def test_a_write_posts_what_was_given_and_nothing_else(client, side, server, call, path, resource, body):
    server.answer(json_answer(example(resource), status=201))
    answer = side.run(call(client))
    [request] = server.received
    assert (request.method, request.path, request.json) == ("POST", "/api/v1" + path, body)
    assert request.headers["content-type"] == "application/json"
    assert "if-match" not in request.headers
    assert type(answer) is getattr(models, resource.title().replace("-", ""))


@pytest.mark.parametrize(("call", "path", "resource", "query"), LISTS, ids=[path for _, path, _, _ in LISTS])
def test_a_list_asks_with_its_filters(client, side, server, call, path, resource, query):
    server.answer(json_answer(page(example(resource))))
    [item] = side.collect(call(client))
    [request] = server.received
    assert (request.method, request.path, request.query) == ("GET", "/api/v1" + path, query)
    assert type(item) is getattr(models, resource.title().replace("-", ""))


READ = {date: date.fromisoformat, datetime: datetime.fromisoformat, Decimal: Decimal, Amount: Decimal}


def as_taken(kind, given):
    """An example's value as a parameter of this type takes it."""
    while typing.get_origin(kind) in (types.UnionType, typing.Union):
        kind = typing.get_args(kind)[0]
    if given is None:
        return None
    if (form := typing.get_origin(kind)) in (Sequence, tuple):
        items = [as_taken(typing.get_args(kind)[0], item) for item in given]
        return tuple(items) if form is tuple else items
    if isinstance(kind, type) and attrs.has(kind):
        return kind(**named(typing.get_type_hints(kind), given))
    return READ.get(kind, lambda same: same)(given)


def named(kinds, body):
    return {name: as_taken(kinds[name], given) for name, given in body.items()}


def by_name(call, body):
    """An example's fields as the call takes them."""
    return named(STATED[call].plan.types, body)


def stated(call, *path, version=None):
    """A call made from its example."""
    seen = {} if version is None else {"version": version}
    resource, _, method = call.partition(".")
    own = {"DocumentRecords": "documents", "ExportRecords": "exports"}
    domain = own.get(resource, re.sub(r"(?<=[a-z])(?=[A-Z])", "_", resource).lower().removeprefix("own_"))
    return lambda c, body: getattr(getattr(c, domain), method)(*path, **by_name(call, body), **seen)


PEOPLE_AND_PLACES = {
    "request-organisation-update": stated("OwnOrganisation.update", version=1),
    "request-role-create": stated("Roles.create"),
    "request-role-update": stated("Roles.update", "rol_1", version=1),
    "request-user-invite": stated("Users.invite"),
    "request-user-update": stated("Users.update", "usr_1", version=1),
    "request-token-create": stated("ApiTokens.create"),
    "request-token-update": stated("ApiTokens.update", "tok_1", version=1),
    "request-client-create": stated("Clients.create"),
    "request-client-update": stated("Clients.update", "clt_1", version=1),
    "request-site-create": stated("Sites.create"),
    "request-site-update": stated("Sites.update", "sit_1", version=1),
    "request-post-create": stated("Posts.create"),
    "request-post-update": stated("Posts.update", "pst_1", version=1),
    "request-instruction-create": stated("Instructions.create"),
    "request-instruction-update": stated("Instructions.update", "ins_1", version=1),
    "request-instruction-publish": stated("Instructions.publish", "ins_1"),
    "request-instruction-revise": stated("Instructions.revise", "ins_1"),
    "request-instruction-acknowledge": stated("Instructions.acknowledge", "ins_1"),
    "request-employee-create": stated("Employees.create"),
    "request-employee-update": stated("Employees.update", "emp_1", version=1),
    "request-employee-hire": stated("Employees.activate", "emp_1"),
    "request-employee-leave": stated("Employees.leave", "emp_1"),
    "request-card-create": stated("Cards.create"),
    "request-card-update": stated("Cards.update", "crd_1", version=1),
    "request-card-check": stated("Cards.check", "crd_1"),
    "request-qualification-create": stated("Qualifications.create"),
    "request-qualification-update": stated("Qualifications.update", "qlf_1", version=1),
    "request-employment-create": stated("EmploymentContracts.create"),
    "request-employment-update": stated("EmploymentContracts.update", "ect_1", version=1),
    "request-employment-sign": stated("EmploymentContracts.sign", "ect_1"),
    "request-employment-end": stated("EmploymentContracts.end", "ect_1"),
    "request-document-create": stated("DocumentRecords.create"),
    "request-document-update": stated("DocumentRecords.update", "doc_1", version=1),
}
OUTSIDE = {
    "request-webhook-create": stated("Webhooks.create"),
    "request-webhook-update": stated("Webhooks.update", "whk_1", version=1),
    "request-webhook-replay-range": stated("Webhooks.replay", "whk_1"),
    "request-secret-rotate": stated("Webhooks.rotate_secret", "whk_1"),
    "request-client-user-create": stated("ClientUsers.create"),
    "request-client-user-update": stated("ClientUsers.update", "cus_1", version=1),
    "request-client-token-create": stated("ClientTokens.create"),
    "request-share-create": stated("Shares.create"),
    "request-signature-create": lambda c, body: c.signature_requests.create(**signed(body)),
    "request-signature-update": stated("SignatureRequests.update", "sig_1", version=1),
    "request-signature-step": stated("SignatureRequests.sign", "sig_1"),
    "request-signature-decline": stated("SignatureRequests.decline", "sig_1"),
    "request-export-create": stated("ExportRecords.create"),
}
PLANNING = {
    "request-shift-create": stated("Shifts.create"),
    "request-shift-update": stated("Shifts.update", "shf_1", version=1),
    "request-shifts-create": lambda c, body: c.shifts.create_many(
        shifts=[NewShift(**timed(shift, "starts_at", "ends_at")) for shift in body["shifts"]]
    ),
    "request-shift-selection": stated("Shifts.publish"),
    "request-shift-assign": stated("Shifts.assign", "shf_1"),
    "request-shift-swap": stated("Shifts.swap", "shf_1"),
    "request-shift-publish": stated("Shifts.publish"),
    "request-shift-replace": stated("Shifts.replace", "shf_1"),
    "request-absence-create": stated("Absences.create"),
    "request-absence-update": stated("Absences.update", "abs_1", version=1),
    "request-absence-decide": stated("Absences.approve", "abs_1"),
    "request-cycle-create": lambda c, body: c.cycles.create(
        **body
        | {
            "anchor_on": date.fromisoformat(body["anchor_on"]),
            "slots": [models.CycleSlot(**slot) for slot in body["slots"]],
        }
    ),
    "request-cycle-update": stated("Cycles.update", "cyc_1", version=1),
    "request-cycle-generate": stated("Cycles.generate", "cyc_1"),
    "request-duty-start": stated("Duties.start"),
    "request-duty-correct": stated("Duties.correct", "dty_1"),
    "request-duty-validate": stated("Duties.validate", "dty_1"),
}
LOGBOOK_AND_ROUNDS = {
    "request-logbook-append": stated("Logbook.append", "sit_1"),
    "request-entry-acknowledge": stated("Logbook.acknowledge", "log_1"),
    "request-entry-erase": stated("Logbook.erase", "log_1"),
    "request-checkpoint-create": stated("Checkpoints.create"),
    "request-checkpoint-update": stated("Checkpoints.update", "chk_1", version=1),
    "request-template-create": stated("RoundTemplates.create"),
    "request-template-update": stated("RoundTemplates.update", "rtp_1", version=1),
    "request-round-create": stated("Rounds.create"),
    "request-round-update": stated("Rounds.update", "rnd_1", version=1),
    "request-round-start": stated("Rounds.start", "rnd_1"),
    "request-round-end": stated("Rounds.end", "rnd_1"),
    "request-scan-create": stated("Rounds.scan", "rnd_1"),
    "request-anomaly-report": stated("Rounds.report_anomaly", "rnd_1"),
}
PAY = {
    "request-payroll-run-create": stated("PayrollRuns.create"),
    "request-payroll-run-check": stated("PayrollRuns.check", "prn_1"),
    "request-payroll-run-cancel": stated("PayrollRuns.cancel", "prn_1"),
    "request-payroll-settings-update": stated("OwnPayrollSettings.update", version=1),
    "request-subscription-update": stated("OwnSubscription.update", version=1),
    "request-price-question": stated("OwnSubscription.price"),
    "request-incident-create": stated("AvailabilityIncidents.create"),
    "request-incident-update": stated("AvailabilityIncidents.update", "inc_1", version=1),
    "request-incident-end": stated("AvailabilityIncidents.end", "inc_1"),
}
BILLING = {
    "request-contract-create": stated("Contracts.create"),
    "request-contract-end": stated("Contracts.end", "ctr_1"),
    "request-contract-invoice": stated("Contracts.invoice", "ctr_1"),
    "request-contract-sign": stated("Contracts.sign", "ctr_1"),
    "request-contract-update": stated("Contracts.update", "ctr_1", version=1),
    "request-einvoice-record": stated("Invoices.record_einvoice_status", "inv_1"),
    "request-invoice-create": stated("Invoices.create"),
    "request-invoice-credit": stated("Invoices.credit", "inv_1"),
    "request-invoice-dispute": stated("Invoices.dispute", "inv_1"),
    "request-invoice-issue": stated("Invoices.issue", "inv_1"),
    "request-invoice-update": stated("Invoices.update", "inv_1", version=1),
    "request-payment-confirm": stated("Payments.confirm", "pay_1"),
    "request-payment-create": stated("Payments.create"),
    "request-payment-refund": stated("Payments.refund", "pay_1"),
    "request-payment-reject": stated("Payments.reject", "pay_1"),
    "request-quote-convert": stated("Quotes.convert", "quo_1"),
    "request-quote-create": stated("Quotes.create"),
    "request-quote-to-contract": stated("Quotes.convert_to_contract", "quo_1"),
    "request-quote-update": stated("Quotes.update", "quo_1", version=1),
}


def placed(body):
    return {name: datetime.fromisoformat(value) if name == "fix_at" else value for name, value in body.items()}


SAFETY = {
    "request-alert-escalate": lambda c, body: c.alerts.escalate("alt_1", **body),
    "request-alert-raise": lambda c, body: c.alerts.create(
        **timed(body, "occurred_at") | {"fix": models.Fix(**placed(body["fix"]))}
    ),
    "request-command-send": lambda c, body: c.devices.send_command("dev_1", **timed(body, "expires_at")),
    "request-config-update": lambda c, body: c.devices.configure("dev_1", version=4, **body),
    "request-position-batch": lambda c, body: c.positions.send(
        **body | {"positions": [NewPosition(**placed(position)) for position in body["positions"]]}
    ),
    "request-privacy-erasure-create": lambda c, body: c.privacy.erase(**body),
    "request-privacy-export-create": lambda c, body: c.privacy.export(**body),
    "request-pti-open": lambda c, body: c.pti_sessions.open(**body),
    "request-purge-run": lambda c, body: c.privacy.purge(**body),
}
WRITTEN = {
    **SAFETY,
    "request-alert-resolve": lambda c, body: c.alerts.resolve("alt_1", **body),
    **PEOPLE_AND_PLACES,
    **PLANNING,
    **PAY,
    **BILLING,
    **LOGBOOK_AND_ROUNDS,
    **OUTSIDE,
}


def timed(body, *names):
    return body | {name: datetime.fromisoformat(body[name]) for name in names}


def signed(body):
    return timed(body, "expires_at") | {"signers": [models.Signer(**signer) for signer in body["signers"]]}


def exact(value):
    """An example with its decimals written out, as the SDK sends them."""
    if isinstance(value, dict):
        return {name: exact(item) for name, item in value.items()}
    if isinstance(value, list):
        return [exact(item) for item in value]
    is_decimal = isinstance(value, str) and re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", value)
    return Decimal(value) if is_decimal else value


def in_utc(body):
    def read(value):
        if isinstance(value, list):
            return [in_utc(item) if isinstance(item, dict) else item for item in value]
        return (
            datetime.fromisoformat(value).astimezone(UTC) if isinstance(value, str) and "T" in value[10:11] else value
        )

    return {name: read(value) for name, value in body.items()}


def test_every_request_example_has_a_call():
    assert sorted(WRITTEN) == sorted(path.stem for path in EXAMPLES.glob("request-*.json"))


@pytest.mark.parametrize("name", WRITTEN)
def test_a_call_writes_the_contracts_example(client, side, server, name):
    server.answer(problem(409))
    with pytest.raises(ConflictError):
        side.run(WRITTEN[name](client, example(name)))
    assert exact(in_utc(server.received[0].json)) == exact(in_utc(example(name)))


def test_an_update_sends_what_changed_with_the_version_it_was_made_from(client, side, server):
    server.answer(json_answer(SHIFT | {"version": 4}))
    side.run(client.shifts.update("shf_1", version=3, employee_id=None, status="published"))
    [request] = server.received
    assert (request.method, request.path) == ("PATCH", "/api/v1/shifts/shf_1")
    assert request.json == {"employee_id": None, "status": "published"}
    assert request.headers["if-match"] == '"3"'


def test_an_action_sends_the_version_that_it_is_given(client, side, server):
    server.answer(json_answer(example("quote")))
    side.run(client.quotes.send("quo_1", version=2))
    assert server.received[0].headers["if-match"] == '"2"'


def test_every_call_says_who_it_is_and_what_it_takes(client, side, server):
    server.answer(json_answer(SHIFT))
    side.run(client.shifts.get("shf_1"))
    headers = server.received[0].headers
    assert headers["authorization"] == "Bearer t0ken"
    assert headers["accept"] == "application/json"
    assert headers["user-agent"].startswith("sekur-sdk-python")
    assert len(headers["x-request-id"]) == 24


def test_health_is_asked_without_a_token(client, side, server):
    server.answer(json_answer({"status": "ok", "version": "1.2"}))
    health = side.run(client.health())
    assert (health.status, health.version) == ("ok", "1.2")
    assert server.received[0].path == "/api/v1/health"
    assert "authorization" not in server.received[0].headers


def test_the_caller_may_add_headers_and_choose_the_request_id(client, side, server):
    server.answer(json_answer(SHIFT))
    side.run(client.shifts.get("shf_1", headers={"X-Trace": "42"}, request_id="night-7"))
    headers = server.received[0].headers
    assert (headers["x-trace"], headers["x-request-id"]) == ("42", "night-7")


def test_a_base_url_may_hold_the_api_path_or_a_prefix(make_client, side, server):
    server.answer(json_answer(SHIFT))
    for base_url in (server.url + "/", server.url + "/api/v1/", server.url + "/proxy"):
        side.run(make_client(base_url).shifts.get("shf_1"))
    assert [request.path for request in server.received] == [
        "/api/v1/shifts/shf_1",
        "/api/v1/shifts/shf_1",
        "/proxy/api/v1/shifts/shf_1",
    ]


def test_times_of_any_zone_travel_in_utc_and_the_repeated_hour_of_autumn_is_told_apart(client, side, server):
    server.answer(json_answer(SHIFT))
    for fold in (0, 1):
        moment = datetime(2026, 10, 25, 2, 30, tzinfo=PARIS, fold=fold)
        side.run(client.shifts.create(site_id="sit_1", post="PC", starts_at=moment, ends_at=MORNING))
    assert [request.json["starts_at"] for request in server.received] == [
        "2026-10-25T00:30:00Z",
        "2026-10-25T01:30:00Z",
    ]


def test_a_value_that_a_newer_server_added_does_not_break_the_client(client, side, server):
    server.answer(json_answer(SHIFT | {"status": "swapped", "colour": "blue"}))
    found = side.run(client.shifts.get("shf_1"))
    assert found.status == "swapped"
    assert not found.status.is_known


@pytest.mark.parametrize(
    ("changes", "path"),
    [({"version": "one"}, "$.version"), ({"starts_at": "2026-11-07T19:00:00"}, "$.starts_at"), ({"id": None}, "$.id")],
)
def test_a_wrong_type_in_an_answer_is_an_error_that_names_the_path(client, side, server, changes, path):
    server.answer(json_answer(SHIFT | changes, X_Request_Id="req-9"))
    with pytest.raises(ResponseDecodeError) as caught:
        side.run(client.shifts.get("shf_1"))
    assert (caught.value.path, caught.value.status, caught.value.request_id) == (path, 200, "req-9")


@pytest.mark.parametrize(
    ("call", "parameter"),
    [
        (lambda c: c.shifts.get(""), "shift_id"),
        (lambda c: c.shifts.get("../tokens"), "shift_id"),
        (lambda c: c.shifts.get(None), "shift_id"),
        (lambda c: c.shifts.list(starts_from=datetime(2026, 11, 7, 20)), "starts_from"),  # noqa: DTZ001  # the case
        (lambda c: c.shifts.list(starts_before="2026-11-07"), "starts_before"),
        (lambda c: c.shifts.list(status="publishd"), "status"),
        (lambda c: c.shifts.list(status=models.ShiftStatus("publishd")), "status"),
        (lambda c: c.shifts.list(page_size=201), "page_size"),
        (lambda c: c.shifts.list(page_size=True), "page_size"),
        (lambda c: c.shifts.update("shf_1", version=-1), "version"),
        (lambda c: c.shifts.update("shf_1", version=1, starts_at=datetime(2026, 11, 7)), "starts_at"),  # noqa: DTZ001  # the case
        (
            lambda c: c.shifts.list(starts_from=datetime.max.replace(tzinfo=timezone(-timedelta(hours=1)))),
            "starts_from",
        ),
        (lambda c: c.employees.create(staff_number=" ", first_name="A", last_name="B", job_title="C"), "staff_number"),
        (lambda c: c.quotes.create(buyer=PARTY, title="G", lines=LINE), "lines"),
        (lambda c: c.invoices.issue("inv_1", issued_on=datetime(2026, 11, 7, tzinfo=UTC)), "issued_on"),
        (lambda c: c.logbook.append("sit_1", author_id="emp_1", category="rond", text="RAS"), "category"),
        (lambda c: c.shifts.get("shf_1", timeout=0), "timeout"),
        (lambda c: c.shifts.get("shf_1", deadline=-1), "deadline"),
        (lambda c: c.shifts.get("shf_1", headers={"X-A": "b\r\nX-Evil: 1"}), "headers"),
        (lambda c: c.shifts.get("shf_1", headers={"authorization": "Bearer other"}), "headers"),
        (lambda c: c.quotes.send("quo_1", idempotency_key="two words"), "idempotency_key"),
    ],
)
def test_an_argument_that_the_contract_cannot_carry_is_a_value_error_that_names_it(
    client, side, server, call, parameter
):
    with pytest.raises(ValueError, match=f"^{parameter}: ") as caught:
        side.run(call(client))
    assert isinstance(caught.value, ArgumentError)
    assert caught.value.parameter == parameter
    assert server.received == []


def test_a_mistyped_choice_is_told_the_allowed_ones(client):
    with pytest.raises(ArgumentError, match="not one of draft, published, acknowledged, in_progress, done, cancelled"):
        client.shifts.list(status="publishd")


@pytest.mark.parametrize(
    "value",
    [1.5, "24.50", True, Decimal("0.00001"), Decimal("NaN"), Decimal("Infinity"), Decimal("123456789.0001"), 10**12],
)
def test_an_amount_that_is_not_exact_on_the_wire_is_refused(client, side, value):
    line = NewLine(kind="night", description="Agent", quantity=1, unit_price=value)
    with pytest.raises(ArgumentError, match=r"^lines\[1\]\.unit_price: "):
        side.run(client.quotes.create(buyer=PARTY, title="Gardiennage", lines=[LINE, line]))


def test_a_parameter_that_does_not_exist_is_a_type_error(client, side):
    with pytest.raises(TypeError, match="unexpected keyword argument 'site'"):
        side.run(client.shifts.list(site="sit_1"))
    with pytest.raises(TypeError, match="unexpected keyword argument 'nots'"):
        side.run(client.shifts.get("shf_1", nots=True))
    with pytest.raises(TypeError, match="unexpected keyword argument 'idempotency_key'"):
        side.run(client.shifts.get("shf_1", idempotency_key="k"))


def test_calls_of_one_client_share_its_connections(client, side, server):
    server.answer(json_answer(SHIFT))
    ports = set()
    original = server.handle
    server.handle = lambda handler: (ports.add(handler.client_address[1]), original(handler))
    for _ in range(5):
        side.run(client.shifts.get("shf_1"))
    assert len(ports) == 1
