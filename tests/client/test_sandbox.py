"""The client and the sandbox together: both read the contract, and must have read the same."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from sekur_sdk import CreditedLine, NewLine, NewPrice, models
from sekur_sdk.client import errors

pytestmark = pytest.mark.services

ROOT = Path(__file__).resolve().parents[2]
TOKEN = "a-token-that-may-do-everything"
NIGHT = datetime(2026, 11, 7, 19, tzinfo=UTC)


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory):
    from sekur_sdk.sandbox.server import SandboxServer
    from sekur_sdk.sandbox.settings import Settings

    database = tmp_path_factory.mktemp("sandbox") / "sandbox.sqlite3"
    with SandboxServer(Settings(database=database, token=TOKEN)) as server:
        yield server


@pytest.fixture
def live(side, sandbox):
    from validating_transport import validating  # its library is not there where the fast tests run on httpx2

    # every request and answer is held against docs/openapi.json
    client = side.client_class(sandbox.url, token=TOKEN, transport=validating(side, sandbox.url))
    yield client
    side.close(client)


@pytest.fixture
def site(live, side):
    return side.run(live.sites.create(name="Entrepôt", customer_name="ACME", address="Lyon", lat=45.76, lon=4.83))


@pytest.fixture
def guard(live, side):
    serial = int.from_bytes(os.urandom(4))
    return side.run(
        live.employees.create(
            staff_number=f"M{serial:x}",
            first_name="Awa",
            last_name="Diallo",
            job_title="ADS",
            card_number=f"CAR-075-2099-01-31-{serial:011d}",
        )
    )


def a_shift(live, side, site, **changes):
    fields = {"post": "PC", "starts_at": NIGHT, "ends_at": NIGHT + timedelta(hours=12)} | changes
    return side.run(live.shifts.create(site_id=site.id, **fields))


def test_health_and_organisation(live, side):
    assert side.run(live.health()).status == "ok"
    assert isinstance(side.run(live.organisation.get()), models.Organisation)


@pytest.mark.parametrize(
    "name", ["sites", "employees", "shifts", "duties", "quotes", "invoices", "devices", "alerts", "positions"]
)
def test_every_list_is_read_to_its_end(live, side, name):
    pager = getattr(live, name).list(page_size=3)
    found = side.collect(pager)
    assert len({item.id for item in found}) == len(found)


def test_a_shift_is_planned_and_published(live, side, site, guard):
    shift = a_shift(live, side, site, notes="Clés au PC")
    assert (shift.status, shift.starts_at, shift.employee_id) == (models.ShiftStatus.DRAFT, NIGHT, None)
    shift = side.run(live.shifts.update(shift.id, version=shift.version, employee_id=guard.id, notes=None))
    assert (shift.employee_id, shift.notes) == (guard.id, None)
    shift = side.run(live.shifts.update(shift.id, version=shift.version, status="published"))
    assert side.run(live.shifts.get(shift.id)) == shift
    assert shift.status is models.ShiftStatus.PUBLISHED


def test_a_stale_version_is_told_the_current_one(live, side, site):
    shift = a_shift(live, side, site)
    side.run(live.shifts.update(shift.id, version=shift.version, notes="première"))
    with pytest.raises(errors.PreconditionFailedError) as caught:
        side.run(live.shifts.update(shift.id, version=shift.version, notes="seconde"))
    assert caught.value.current_version == shift.version + 1
    assert caught.value.request_id


def test_a_step_that_the_state_forbids_is_a_conflict_that_tells_the_possible_ones(live, side, site):
    shift = a_shift(live, side, site)
    with pytest.raises(errors.ConflictError) as caught:
        side.run(live.shifts.update(shift.id, version=shift.version, status="done"))
    assert "published" in caught.value.allowed


def test_shifts_are_filtered_and_paged(live, side, site):
    made = [a_shift(live, side, site, starts_at=NIGHT + timedelta(hours=n)) for n in range(7)]
    found = live.shifts.list(site_id=site.id, starts_from=NIGHT, starts_before=NIGHT + timedelta(hours=6), page_size=2)
    assert {shift.id for shift in side.collect(found)} == {shift.id for shift in made[:6]}
    first = side.run(found.page())
    rest = live.shifts.list(
        site_id=site.id,
        starts_from=NIGHT,
        starts_before=NIGHT + timedelta(hours=6),
        page_size=2,
        cursor=first.next_cursor,
    )
    assert len(first.items) == 2
    assert len(side.collect(rest)) == 4


def test_a_body_that_breaks_a_rule_names_the_field(live, side, site):
    with pytest.raises(errors.UnprocessableError) as caught:
        a_shift(live, side, site, ends_at=NIGHT - timedelta(hours=1))
    assert caught.value.problem.errors


def test_what_does_not_exist_is_not_found(live, side):
    with pytest.raises(errors.NotFoundError):
        side.run(live.shifts.get("shf_none"))


def test_a_wrong_token_is_refused(side, sandbox):
    client = side.client_class(sandbox.url, token="wrong")
    with pytest.raises(errors.AuthenticationError):
        side.run(client.organisation.get())
    side.close(client)


def test_the_same_key_gives_the_same_answer_once(live, side, site):
    key = os.urandom(8).hex()
    first = a_shift(live, side, site, idempotency_key=key)
    assert a_shift(live, side, site, idempotency_key=key).id == first.id
    with pytest.raises(errors.UnprocessableError):
        a_shift(live, side, site, idempotency_key=key, post="Autre poste")


def test_a_duty_has_its_breaks_and_its_end(live, side, site, guard):
    duty = side.run(live.duties.start(employee_id=guard.id, site_id=site.id))
    assert duty.status is models.DutyStatus.OPEN
    assert side.run(live.duties.start_break(duty.id)).status is models.DutyStatus.ON_BREAK
    assert side.run(live.duties.end_break(duty.id)).status is models.DutyStatus.OPEN
    ended = side.run(live.duties.end(duty.id))
    assert (ended.status, len(ended.breaks)) == (models.DutyStatus.CLOSED, 1)
    assert [found.id for found in side.collect(live.duties.list(employee_id=guard.id))] == [duty.id]


def test_a_quote_becomes_an_invoice_with_exact_sums(live, side):
    lines = [
        NewLine(
            kind="night",
            description="Agent",
            quantity=Decimal("12.5"),
            unit_price=Decimal("29.9025"),
            vat_rate=Decimal("0.2"),
        )
    ]
    party = models.Party(name="ACME", address="Lyon")
    quote = side.run(live.quotes.create(buyer=party, title="Surveillance", lines=lines, valid_until=date(2027, 1, 31)))
    assert (quote.totals.net, quote.totals.vat, quote.totals.gross) == (
        Decimal("373.78"),
        Decimal("74.76"),
        Decimal("448.54"),
    )
    with pytest.raises(errors.ConflictError):
        side.run(live.quotes.convert(quote.id))
    side.run(live.quotes.send(quote.id))
    side.run(live.quotes.accept(quote.id))
    draft = side.run(live.quotes.convert(quote.id, period_start=date(2026, 11, 1), period_end=date(2026, 11, 30)))
    assert (draft.status, draft.number, draft.quote_id) == (models.InvoiceStatus.DRAFT, None, quote.id)
    issued = side.run(live.invoices.issue(draft.id, version=draft.version))
    assert issued.number.startswith("FA-")
    assert [found.id for found in side.collect(live.invoices.list(quote_id=quote.id))] == [issued.id]


def test_a_month_is_billed_credited_and_paid(live, side):
    client = side.run(live.clients.create(name="ACME", billing_address="Lyon"))
    site = side.run(live.sites.create(name="Quai", client_id=client.id, address="Lyon"))
    price = NewPrice(kind="flat", description="Forfait", unit_price=100, quantity=3)
    day = date(2026, 10, 1)
    contract = side.run(
        live.contracts.create(client_id=client.id, site_id=site.id, title="Quai", prices=[price], starts_on=day)
    )
    contract = side.run(live.contracts.update(contract.id, version=contract.version, title="Quai sud"))
    assert side.run(live.contracts.sign(contract.id)).status is models.ContractStatus.ACTIVE
    draft = side.run(live.contracts.invoice(contract.id, period_start=day, period_end=date(2026, 10, 31)))
    with pytest.raises(errors.ConflictError) as twice:
        side.run(live.contracts.invoice(contract.id, period_start=day, period_end=day))
    assert (twice.value.allowed, twice.value.current.id) == (("invoice", "end"), contract.id)
    invoice = side.run(live.invoices.issue(draft.id))
    note = side.run(live.invoices.credit(invoice.id, reason="Geste", lines=[CreditedLine(line=1, quantity=1)]))
    assert note.totals.gross == Decimal(120)
    payment = side.run(live.payments.create(invoice_id=invoice.id, amount=Decimal("240.00"), method="transfer"))
    side.run(live.payments.confirm(payment.id))
    side.run(live.invoices.record_einvoice_status(invoice.id, code="200"))
    with pytest.raises(errors.ConflictError) as unsaid:
        side.run(live.invoices.record_einvoice_status(invoice.id, code="209"))
    assert "202" in unsaid.value.allowed
    invoice = side.run(live.invoices.get(invoice.id))
    assert (invoice.status, invoice.balance, invoice.einvoice_code) == (
        models.InvoiceStatus.PAID,
        0,
        models.EInvoiceCode.SUBMITTED,
    )
    assert side.run(live.invoices.late_penalty(invoice.id)).penalty == 0
    assert [found.code for found in side.collect(live.invoices.einvoice_statuses(invoice.id))] == ["200"]
    assert [found.id for found in side.collect(live.credit_notes.list(invoice_id=invoice.id))] == [note.id]


def test_a_refused_quote_is_refused(live, side):
    line = NewLine(kind="flat", description="Intervention", quantity=1, unit_price=90)
    quote = side.run(
        live.quotes.create(buyer=models.Party(name="ACME", address="Lyon"), title="Levée de doute", lines=[line])
    )
    side.run(live.quotes.send(quote.id))
    assert side.run(live.quotes.refuse(quote.id)).status is models.QuoteStatus.REFUSED


def test_the_logbook_is_appended_to_and_read_in_order(live, side, site, guard):
    for text in ("Prise de service", "RAS", "Fin de service"):
        side.run(live.logbook.append(site.id, author_id=guard.id, category="ras", text=text, severity="low"))
    entries = side.collect(live.logbook.list(site.id, category="ras"))
    assert [(entry.seq, entry.text) for entry in entries] == [
        (1, "Prise de service"),
        (2, "RAS"),
        (3, "Fin de service"),
    ]


def test_a_device_is_registered(live, side, site):
    device = side.run(live.devices.create(label="PTI 7", model="sekur-w1", site_id=site.id))
    assert side.run(live.devices.get(device.id)) == device


def test_client_credentials_give_their_scopes_and_no_more(side, sandbox):
    client_id, secret = sandbox.access.register_client(name="Rapports", scopes=["sites:read"])
    client = side.client_class(sandbox.url, client_id=client_id, client_secret=secret)
    side.collect(client.sites.list())
    with pytest.raises(errors.PermissionDeniedError):
        side.run(client.sites.create(name="A", customer_name="B", address="C"))
    side.close(client)


def test_events_tell_what_happens_and_resume_where_they_stopped(live, side, site):
    types = ["shift.created", "shift.updated"]
    stream = live.events.stream(types=types)
    side.run(stream.connect())
    shift = a_shift(live, side, site)
    side.run(live.shifts.update(shift.id, version=shift.version, notes="vu"))
    found = side.collect(stream, count=2)
    side.close(stream)
    assert [event.type for event in found] == types
    assert [event.subject.id for event in found] == [shift.id, shift.id]
    assert found[1].subject.notes == "vu"
    again = live.events.stream(after=found[0].id - 1, types=types)
    assert [event.id for event in side.collect(again, count=2)] == [event.id for event in found]
    side.close(again)


def test_a_stream_that_waits_ends_when_it_is_closed_elsewhere(live, side):
    assert side.collect_closing_after(live.events.stream(), 0.5) == []


def test_a_month_of_pay_is_computed_locked_and_written(live, side):
    run = side.run(live.payroll_runs.create(period="2026-09", employee_ids=["emp_demo"]))
    run = side.run(live.payroll_runs.compute(run.id))
    lines = side.collect(live.payroll_runs.lines(run.id, employee_id="emp_demo"))
    assert (lines[0].code, lines[0].amount) == ("BASE", Decimal("1965.78"))
    [hours] = side.collect(live.payroll_runs.hours(run.id))
    assert (hours.worked, len(hours.weeks)) == (0, 0)
    assert side.collect(live.payroll_runs.problems(run.id)) == []
    with pytest.raises(errors.ConflictError) as refused:
        side.run(live.payroll_runs.export(run.id))
    assert (refused.value.current, "check" in refused.value.problem.allowed) == (run, True)
    run = side.run(live.payroll_runs.check(run.id, version=run.version))
    side.run(live.payroll_runs.lock(run.id))
    table = side.run(live.payroll_runs.export(run.id, format="csv", decimal="comma")).decode()
    assert "A0107;BASE;151,67;2026-09-01;2026-09-30" in table.splitlines()
    side.run(live.payroll_runs.mark_exported(run.id))
    side.run(live.payroll_runs.cancel(run.id, reason="essai"))


def test_the_subscription_its_price_and_its_availability(live, side):
    subscription = side.run(live.subscription.get())
    ordered = side.run(live.subscription.update(version=subscription.version, packs=subscription.packs))
    assert (ordered.quota, ordered.monthly_price) == (10, Decimal("179.98"))
    assert side.collect(live.subscription.overages()) == []
    price = side.run(live.subscription.price(licences=500, term="yearly", trainings=["online_5h"]))
    assert price.licences.packs == (models.LicencePack(size=300, count=1), models.LicencePack(size=200, count=1))
    start = datetime(2026, 3, 1, tzinfo=UTC)
    incident = side.run(
        live.availability_incidents.create(kind="outage", started_at=start, ended_at=start + timedelta(minutes=3000))
    )
    report = side.run(live.availability_incidents.report(on=date(2026, 3, 2), yearly_fee=Decimal("2159.76")))
    side.run(live.availability_incidents.withdraw(incident.id))
    assert {str(penalty.reading): penalty.amount for penalty in report.penalties} == {
        "crossing": Decimal("24.65"),
        "excess": Decimal("11.69"),
        "all": Decimal("24.65"),
    }


EXAMPLES = {
    "bill_a_month": ["contract", "worked", "draft", "invoice", "refused", "credit", "paid"],
    "from_shift_to_invoice": ["shift", "logbook", "invoice"],
    "onboard_employee": ["employee", "card", "contract", "register", "token", "instructions", "refused"],
    "plan_and_publish_a_week": ["planned", "found", "refused", "published", "taken", "calendar"],
    "hand_over_a_device": ["read", "worn", "worn", "history"],
    "watch_and_acknowledge_alerts": ["acknowledged"],
    "export_a_person": ["export", "held", "audit", "audit", "due"],
    "append_logbook_with_photo": ["photo", "entry", "refused", "amendment", "acknowledged"],
    "walk_a_round": ["planned", "mended", "round", "logbook", "logbook"],
    "verify_a_chain": ["server", "export", "forged", "cut"],
    "close_a_payroll_month": ["duties", "computed", "refused", "locked", "lines", "exported"],
    "nightly_export": ["rows", "export", "checked", "kept"],
    "webhook_receiver": ["webhook", "received", "again"],
    "check_the_subscription": ["used", "renews", "price", "price", "outage", "penalty", "penalty", "penalty"],
    "client_month_report": ["client", "report", "stored"],
    "sign_a_contract": [
        "sent",
        "refused",
        "signed",
        "signed",
        "evidence",
        "evidence",
        "evidence",
        "evidence",
        "counted",
    ],
}
ARGUMENTS = {"watch_and_acknowledge_alerts": ["1", "--drill"]}


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_runs(sandbox, name):
    environ = os.environ | {"SEKUR_BASE_URL": sandbox.url, "SEKUR_TOKEN": TOKEN}
    script = ROOT / "examples" / f"{name}.py"
    run = subprocess.run(
        [sys.executable, str(script), *ARGUMENTS.get(name, ())],
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (run.returncode, run.stderr) == (0, "")
    assert [line.split()[0] for line in run.stdout.splitlines()] == EXAMPLES[name]


def test_every_example_is_run():
    assert {script.stem for script in (ROOT / "examples").glob("*.py")} == EXAMPLES.keys()


def test_a_stale_version_and_a_forbidden_step_show_the_shift_as_it_is_now(live, side, site):
    shift = a_shift(live, side, site)
    changed = side.run(live.shifts.update(shift.id, version=shift.version, notes="première"))
    with pytest.raises(errors.PreconditionFailedError) as stale:
        side.run(live.shifts.update(shift.id, version=shift.version, notes="seconde"))
    with pytest.raises(errors.ConflictError) as forbidden:
        side.run(live.shifts.update(shift.id, version=changed.version, status="done"))
    assert stale.value.current == forbidden.value.current == changed


def test_an_attachment_goes_up_and_comes_back(live, side, tmp_path):
    content = os.urandom(3_000_000)
    (tmp_path / "ronde.jpg").write_bytes(content)
    told = []
    made = side.run(live.attachments.upload(tmp_path / "ronde.jpg", progress=lambda *step: told.append(step)))
    assert (made.name, made.content_type, made.size) == ("ronde.jpg", "image/jpeg", len(content))
    assert side.run(live.attachments.download(made.id, tmp_path / "back.jpg")) == made
    assert (tmp_path / "back.jpg").read_bytes() == content
    assert told[-1] == (len(content), len(content))


def test_an_upload_that_was_damaged_is_refused(live, side):
    """The middleware stands for what damages a body on its way: no good network does it on demand."""
    import attrs

    from sekur_sdk.client.content import read_content

    def damage(request, send):
        return send(attrs.evolve(request, body=read_content(b"damaged", None)))

    client = side.client_class(live._shell._base_url, token=TOKEN, middleware=[damage])
    with pytest.raises(errors.UnprocessableError, match="SHA-256"):
        side.run(client.attachments.upload(b"as it w", name="x.bin"))
    side.close(client)


def test_requests_may_carry_it_too(sandbox):
    from sekur_sdk import SekurClient
    from sekur_sdk.requests_transport import RequestsTransport

    with SekurClient(sandbox.url, token=TOKEN, transport=RequestsTransport()) as client:
        assert client.health().status == "ok"
        made = client.attachments.upload(b"x" * 1000, name="x.bin")
        assert made.size == 1000
