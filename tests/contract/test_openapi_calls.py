"""Every call of the SDK against a live sandbox, each request and answer held against docs/openapi.json."""

from __future__ import annotations

import hashlib
import uuid
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import attrs
import pytest
from client_sides import AsyncSide, SyncSide
from openapi_core.exceptions import OpenAPIError
from validating_transport import ValidatingTransport, document, validating

from sekur_sdk import (
    ConflictError,
    NewLine,
    NewPosition,
    NewShift,
    NotFoundError,
    PermissionDeniedError,
    PreconditionFailedError,
    Request,
    Response,
    Timeouts,
    UnprocessableError,
    models,
)

pytestmark = pytest.mark.services

NIGHT = datetime(2026, 11, 7, 19, tzinfo=UTC)


@pytest.fixture(params=[SyncSide, AsyncSide], ids=["sync", "async"])
def side(request):
    side = request.param()
    yield side
    side.stop()


@pytest.fixture
def transport(side, sekur_sandbox):
    return validating(side, sekur_sandbox.url)


@pytest.fixture
def client(side, sekur_sandbox, transport):
    client = side.client_class(sekur_sandbox.url, token=sekur_sandbox.token, transport=transport)
    yield client
    side.close(client)


class Story:
    """All that the services can do, once."""

    def __init__(self, side, client, sandbox):
        self.run, self.side, self.client, self.sandbox = side.run, side, client, sandbox

    def service(self):
        self.run(self.client.health())
        self.run(self.client.organisation.get())

    def people_and_places(self):
        site = self.run(self.client.sites.create(name="Dock", customer_name="ACME", address="Lyon", lat=45.7, lon=4.8))
        assert self.run(self.client.sites.get(site.id)) == site
        guard = self.run(
            self.client.employees.create(staff_number="M1", first_name="Awa", last_name="Vald", job_title="ADS")
        )
        assert self.run(self.client.employees.get(guard.id)) == guard
        device = self.run(self.client.devices.create(label="PTI 11", model="Zero 2 W", site_id=site.id))
        assert self.run(self.client.devices.get(device.id)) == device
        return site, guard

    def accounts(self):
        role = self.run(self.client.roles.create(name="Nuit", scopes=["planning:write", "sites:read"]))
        role = self.run(self.client.roles.update(role.id, version=1, scopes=["planning:write"]))
        assert self.run(self.client.roles.get(role.id)) == role
        self.run(self.client.roles.restore(self.run(self.client.roles.archive(role.id)).id))
        user = self.run(
            self.client.users.invite(email="a@b.example", first_name="Awa", last_name="Vald", role_ids=[role.id])
        )
        user = self.run(self.client.users.update(user.id, version=user.version, last_name="Valdo"))
        self.run(self.client.users.activate(user.id, version=user.version))
        expires_at = NIGHT + timedelta(days=30)
        token = self.run(
            self.client.api_tokens.create(
                name="Export", scopes=["planning:read"], user_id=user.id, expires_at=expires_at
            )
        )
        assert token.secret
        assert token.secret not in repr(token)
        own = self.side.client_class(self.sandbox.url, token=token.secret)
        self.run(own.shifts.list().page())
        with pytest.raises(PermissionDeniedError):
            self.run(own.sites.list().page())
        self.side.close(own)
        self.run(self.client.api_tokens.update(token.id, version=1, name="Export du soir"))
        self.run(self.client.api_tokens.revoke(token.id))
        assert self.run(self.client.api_tokens.get(token.id)).status == "revoked"
        self.run(self.client.users.suspend(user.id))
        self.run(self.client.users.reinstate(user.id))
        self.run(self.client.users.close(user.id))
        assert self.run(self.client.users.get(user.id)).closed_at is not None

    def clients_and_sites(self):
        organisation = self.run(self.client.organisation.get())
        self.run(self.client.organisation.update(version=organisation.version, email=None))
        customer = self.run(self.client.clients.create(name="ACME", billing_address="Lyon", siren="999000425"))
        customer = self.run(self.client.clients.update(customer.id, version=1, payment_days=45))
        self.run(self.client.clients.activate(customer.id))
        site = self.run(self.client.sites.create(name="Dock 2", client_id=customer.id, address="Lyon"))
        site = self.run(self.client.sites.update(site.id, version=1, radius_m=80.0))
        post = self.run(self.client.posts.create(site_id=site.id, name="PC", qualifications=["sst"]))
        post = self.run(self.client.posts.update(post.id, version=1, is_break_paid=True))
        assert self.run(self.client.posts.get(post.id)) == post
        self.run(self.client.posts.archive(post.id))
        self.run(self.client.posts.restore(post.id))
        with pytest.raises(ConflictError) as refusal:
            self.run(self.client.clients.close(customer.id))
        assert refusal.value.current.status == "active"
        self.run(self.client.sites.close(site.id))
        self.run(self.client.clients.close(customer.id))
        self.run(self.client.clients.reopen(customer.id))
        self.run(self.client.sites.reopen(site.id))
        prospect = self.run(
            self.client.sites.create(name="Dock 3", customer_name="ACME", address="Lyon", status="prospect")
        )
        self.run(self.client.sites.activate(prospect.id))
        assert self.run(self.client.clients.get(customer.id)).payment_days == 45

    def instructions(self, site, guard):
        draft = self.run(
            self.client.instructions.create(kind="site", site_id=site.id, title="Quai", text="Fermer le quai.")
        )
        draft = self.run(self.client.instructions.update(draft.id, version=1, title="Quai 3"))
        self.run(self.client.instructions.publish(draft.id, by="PC"))
        self.run(self.client.instructions.revise(draft.id, text="Fermer les quais."))
        assert self.side.collect(self.client.instructions.list(unread_by=guard.id, site_id=site.id))
        read = self.run(self.client.instructions.acknowledge(draft.id, employee_id=guard.id, edition=2))
        assert self.side.collect(self.client.instructions.acknowledgements(draft.id)) == [read]
        assert len(self.side.collect(self.client.instructions.editions(draft.id))) == 2
        self.run(self.client.instructions.withdraw(draft.id))
        assert self.run(self.client.instructions.get(draft.id)).status == "withdrawn"

    def papers(self, folder):
        hired_on = date(2020, 1, 1)
        employee = self.run(
            self.client.employees.create(
                staff_number="M2", first_name="Ugo", last_name="Val", job_title="ADS", status="draft", sex="male"
            )
        )
        employee = self.run(self.client.employees.update(employee.id, version=1, coefficient=140))
        self.run(self.client.employees.activate(employee.id, hired_on=hired_on))
        card = self.run(self.client.cards.create(employee_id=employee.id, number="CAR-075-2099-01-31-20240999999"))
        card = self.run(self.client.cards.update(card.id, version=1, activities=["guarding", "dog_handling"]))
        file = folder / "preuve.pdf"
        file.write_bytes(b"%PDF" * 100)
        attachment = self.run(self.client.attachments.upload(file))
        document = self.run(
            self.client.documents.create(
                attachment_id=attachment.id,
                sha256=attachment.sha256,
                kind="card_check",
                title="Preuve",
                subject_kind="employee",
                subject_id=employee.id,
            )
        )
        document = self.run(self.client.documents.update(document.id, version=1, retain_until=date(2099, 1, 1)))
        self.run(self.client.documents.download(document.id, folder / "copie.pdf"))
        assert (folder / "copie.pdf").read_bytes() == file.read_bytes()
        self.run(self.client.cards.check(card.id, result="valid", document_id=document.id))
        self.run(self.client.documents.archive(document.id))
        self.run(self.client.documents.restore(document.id))
        held = self.run(
            self.client.qualifications.create(employee_id=employee.id, kind="sst", obtained_on=date(2026, 1, 1))
        )
        held = self.run(self.client.qualifications.update(held.id, version=1, expires_on=date(2099, 1, 1)))
        self.run(self.client.qualifications.archive(held.id))
        assert self.run(self.client.qualifications.get(held.id)).status == "archived"
        contracts = [
            self.run(
                self.client.employment_contracts.create(
                    employee_id=employee.id,
                    kind="cdi",
                    job_title="ADS",
                    coefficient=140,
                    weekly_hours=35,
                    starts_on=hired_on,
                )
            )
            for _ in range(2)
        ]
        self.run(self.client.employment_contracts.cancel(contracts[1].id))
        contract = self.run(
            self.client.employment_contracts.update(contracts[0].id, version=1, weekly_hours=Decimal("30.5"))
        )
        self.run(self.client.employment_contracts.sign(contract.id))
        self.run(self.client.employment_contracts.end(contract.id, reason="Démission"))
        assert self.run(self.client.employment_contracts.get(contract.id)).weekly_hours == Decimal("30.5")
        self.run(self.client.cards.withdraw(card.id))
        assert self.run(self.client.cards.get(card.id)).check_document_id == document.id
        self.run(self.client.employees.leave(employee.id, left_on=date(2021, 1, 1)))
        self.run(self.client.employees.rehire(employee.id, hired_on=date(2021, 2, 1)))
        lines = self.side.collect(self.client.personnel_register.list(employee_id=employee.id))
        assert [line.change for line in lines] == ["hired", "left", "hired"]

    def planning(self, site, guard):
        shifts, hours = self.client.shifts, timedelta(hours=1)
        shift = self.run(shifts.create(site_id=site.id, post="PC", starts_at=NIGHT, ends_at=NIGHT + 12 * hours))
        with pytest.raises(UnprocessableError):
            self.run(shifts.update(shift.id, version=1, employee_id=guard.id, status="published"))
        self.run(self.client.cards.create(employee_id=guard.id, number="CAR-075-2099-01-31-20240999998"))
        shift = self.run(shifts.update(shift.id, version=1, employee_id=guard.id, status="published"))
        assert self.run(shifts.get(shift.id)) == shift
        self.run(shifts.acknowledge(shift.id))
        self.run(shifts.unassign(shift.id))
        self.run(shifts.assign(shift.id, employee_id=guard.id))
        other = self.run(
            self.client.employees.create(
                staff_number="M3",
                first_name="Léa",
                last_name="Vald",
                job_title="ADS",
                card_number="CAR-075-2099-01-31-20240999997",
            )
        )
        day = NIGHT + timedelta(days=30)
        new = [
            NewShift(site_id=site.id, post="PC", starts_at=day, ends_at=day + 8 * hours, employee_id=other.id),
            NewShift(site_id=site.id, post="PC", starts_at=day + 48 * hours, ends_at=day + 56 * hours),
        ]
        two = self.run(shifts.create_many(shifts=new)).shifts
        self.run(shifts.assign(two[1].id, employee_id=guard.id))
        assert self.run(shifts.check(ids=[one.id for one in two])).findings == ()
        assert len(self.run(shifts.publish(starts_from=day, starts_before=day + timedelta(days=3))).shifts) == 2
        swapped = self.run(shifts.swap(two[0].id, other_shift_id=two[1].id, agreed=True))
        assert (swapped.employee_id, swapped.status) == (guard.id, "acknowledged")
        self.run(shifts.cancel(two[1].id))
        self.run(shifts.no_show(shift.id))
        stand_in = self.run(shifts.replace(shift.id, employee_id=other.id, starts_at=NIGHT + 2 * hours))
        assert stand_in.replaces_id == shift.id
        file = f"site;poste;date;début;fin\n{site.id};PC;24/12/2026;19:00;07:00\n"
        [imported] = self.run(shifts.import_csv(file)).shifts
        assert imported.starts_at == datetime(2026, 12, 24, 18, tzinfo=UTC)
        assert self.run(shifts.calendar(site_id=site.id, starts_from=NIGHT)).count(b"BEGIN:VEVENT") == 4
        self.absences(guard)
        self.cycles(site)

    def absences(self, guard):
        absences, day = self.client.absences, NIGHT + timedelta(days=100)
        for end in (absences.approve, absences.refuse, absences.cancel):
            absence = self.run(
                absences.create(employee_id=guard.id, kind="conge_paye", starts_at=day, ends_at=day + timedelta(days=2))
            )
            absence = self.run(absences.update(absence.id, version=1, kind="formation", notes="SST"))
            absence = self.run(end(absence.id))
            assert self.run(absences.get(absence.id)) == absence
            day += timedelta(days=10)

    def cycles(self, site):
        slot = models.CycleSlot(day=1, start="20:00", end="06:00")
        cycle = self.run(
            self.client.cycles.create(
                name="Nuits", site_id=site.id, post="PC", length_days=2, anchor_on=date(2026, 12, 1), slots=[slot]
            )
        )
        cycle = self.run(self.client.cycles.update(cycle.id, version=1, name="Une nuit sur deux"))
        assert self.run(self.client.cycles.get(cycle.id)) == cycle
        days = {"first_on": date(2026, 12, 1), "last_on": date(2026, 12, 4)}
        assert len(self.run(self.client.cycles.generate(cycle.id, **days)).shifts) == 2
        assert self.run(self.client.cycles.generate(cycle.id, **days)).shifts == ()
        self.run(self.client.cycles.archive(cycle.id))
        with pytest.raises(ConflictError) as refusal:
            self.run(self.client.cycles.generate(cycle.id, **days))
        assert refusal.value.current.status == "archived"
        self.run(self.client.cycles.restore(cycle.id))

    def duties(self, site, guard):
        duty = self.run(self.client.duties.start(employee_id=guard.id, site_id=site.id, method="qr"))
        duty = self.run(self.client.duties.start_break(duty.id))
        duty = self.run(self.client.duties.end_break(duty.id))
        duty = self.run(self.client.duties.end(duty.id))
        assert self.run(self.client.duties.get(duty.id)) == duty
        started_at = duty.started_at - timedelta(minutes=10)
        corrected = self.run(self.client.duties.correct(duty.id, started_at=started_at, breaks=[], reason="Badge"))
        assert (corrected.started_at, corrected.corrections[0].started_at) == (started_at, duty.started_at)
        assert self.run(self.client.duties.validate(duty.id, by="Paie")).validated_by == "Paie"

    def billing(self, site):
        line = NewLine(kind="day", description="Jour", quantity=Decimal("8.5"), unit_price=Decimal("25.10"))
        buyer = models.Party(name="ACME", address="Lyon")
        quotes = [
            self.run(self.client.quotes.create(buyer=buyer, title="Été", lines=[line], site_id=site.id))
            for _ in range(2)
        ]
        accepted, refused = (self.run(self.client.quotes.send(quote.id)) for quote in quotes)
        self.run(self.client.quotes.refuse(refused.id))
        self.run(self.client.quotes.accept(accepted.id))
        draft = self.run(self.client.quotes.convert(accepted.id, period_start=date(2026, 7, 1)))
        invoice = self.run(self.client.invoices.issue(draft.id))
        assert self.run(self.client.invoices.get(invoice.id)) == invoice
        assert self.run(self.client.quotes.get(accepted.id)).status == "converted"
        return invoice

    def logbook(self, site, guard):
        append = self.client.logbook.append
        first = self.run(append(site.id, author_id=guard.id, category="ronde", text="RAS", requires_ack=True))
        photo = self.run(self.client.attachments.upload(b"photo", name="p.jpg", content_type="image/jpeg"))
        second = self.run(
            append(
                site.id,
                author_id=guard.id,
                category="anomalie",
                text="Porte ouverte",
                title="Porte",
                persons=["Un passant"],
                called_services=[models.CalledService(name="Police", called_at=first.recorded_at)],
                location=models.EntryLocation(zone="Quai 3"),
                attachments=[photo.id],
                amends_id=first.id,
                shared_with_client=True,
            )
        )
        assert self.run(self.client.logbook.get(second.id)) == second
        assert self.side.collect(self.client.logbook.amendments(second.id)) == [first, second]
        assert self.run(self.client.logbook.acknowledge(first.id)).acknowledged_by is not None
        assert self.run(self.client.logbook.erase(second.id, reason="Demande RGPD")).text == ""
        verified = self.run(self.client.logbook.verify(site.id))
        # the erasure is an entry too
        assert (verified.seq, verified.broken) == (second.seq + 1, None)

    def rounds(self, site, guard):
        run, places, templates, rounds = (
            self.run,
            self.client.checkpoints,
            self.client.round_templates,
            self.client.rounds,
        )
        place = run(places.create(site_id=site.id, name="Quai", tag_kind="qr", tag=f"quai-{site.id}"))
        place = run(places.update(place.id, version=1, instructions="Fermer"))
        run(places.restore(run(places.archive(place.id)).id))
        schedule = models.RoundSchedule(start_times=("22:00",))
        template = run(
            templates.create(site_id=site.id, name="Nuit", checkpoint_ids=[place.id], mode="ordered", schedule=schedule)
        )
        template = run(templates.update(template.id, version=1, schedule=None))
        run(templates.restore(run(templates.archive(template.id)).id))
        assert run(templates.get(template.id)).schedule is None
        other = run(rounds.create(template_id=template.id, employee_id=guard.id))
        run(rounds.cancel(run(rounds.update(other.id, version=1, employee_id=None)).id))
        round_ = run(rounds.create(template_id=template.id, employee_id=guard.id))
        run(rounds.start(round_.id))
        scan = run(rounds.scan(round_.id, uid=f"u-{site.id}", method="qr", tag=f"quai-{site.id}"))
        assert run(self.client.scans.get(scan.id)) == scan
        assert run(rounds.report_anomaly(round_.id, text="Vitre brisée")).author_id == guard.id
        done = run(rounds.end(round_.id))
        assert (done.status, done.completion) == ("completed", 1)
        assert run(rounds.get(round_.id)) == done
        assert run(places.get(place.id)).tag_hash == scan.tag_hash

    def attachments(self, folder):
        content = b"photo" * 100
        file = folder / "porte.jpg"
        file.write_bytes(content)
        attachment = self.run(self.client.attachments.upload(file, content_type="image/jpeg"))
        assert attachment.sha256 == hashlib.sha256(content).hexdigest()
        assert self.run(self.client.attachments.get(attachment.id)) == attachment
        self.run(self.client.attachments.download(attachment.id, folder / "copie.jpg"))
        assert (folder / "copie.jpg").read_bytes() == content

    def alerts(self):
        first, second = self.sandbox.raise_alert("fall"), self.sandbox.raise_alert("sos")
        self.run(self.client.alerts.acknowledge(first.id, by="PC"))
        resolved = self.run(self.client.alerts.resolve(second.id, resolution="Fausse alerte", false_alarm=True))
        assert self.run(self.client.alerts.get(second.id)) == resolved

    def safety(self, site, guard):
        run, now = self.run, datetime.now(UTC)
        duty = run(self.client.duties.start(employee_id=guard.id, site_id=site.id))
        session = run(self.client.pti_sessions.open(duty_id=duty.id, heartbeat_s=60))
        run(self.client.pti_sessions.heartbeat(session.id))
        fix = models.Fix(lat=45.7, lon=4.8, fix_at=now, age_s=1.0, source="gnss")
        raised = {"uid": str(uuid.uuid4()), "kind": "sos", "duty_id": duty.id, "fix": fix, "silent": True}
        alert = run(self.client.alerts.create(**raised))
        assert run(self.client.alerts.create(**raised)) == alert
        run(self.client.alerts.escalate(alert.id, by="PC"))
        assert run(self.client.positions.last(guard.id)).alert_id == alert.id
        run(self.client.alerts.resolve(alert.id, resolution="RAS"))
        place = NewPosition(uid=str(uuid.uuid4()), lat=45.7, lon=4.8, fix_at=datetime.now(UTC), accuracy_m=5)
        assert run(self.client.positions.send(duty_id=duty.id, positions=[place])).stored == 1
        assert run(self.client.positions.send(duty_id=duty.id, positions=[place])).duplicates == 1
        assert run(self.client.positions.last(guard.id)).lat == place.lat
        early = attrs.evolve(place, uid=str(uuid.uuid4()), fix_at=NIGHT - timedelta(days=90))
        with pytest.raises(UnprocessableError) as refusal:
            run(self.client.positions.send(duty_id=duty.id, positions=[place, early]))
        assert [error.path for error in refusal.value.problem.errors] == ["$.positions[1].fix_at"]
        run(self.client.pti_sessions.end(session.id))
        run(self.client.duties.end(duty.id))
        assert run(self.client.pti_sessions.get(session.id)).status == "ended"
        with pytest.raises(ConflictError):
            run(self.client.positions.last(guard.id))

    def wearables(self):
        run, device = self.run, "dev_demo"
        expires_at = datetime.now(UTC) + timedelta(minutes=5)
        command = run(self.client.devices.send_command(device, kind="locate", expires_at=expires_at, args={"s": "30"}))
        assert run(self.client.devices.get_command(device, command.id)) == command
        assert self.side.collect(self.client.devices.commands(device, status="sent")) == [command]
        config = run(self.client.devices.configure(device, version=0, tilt_deg=50, silent_sos=True))
        config = run(self.client.devices.configure(device, version=config.version, tilt_deg=None))
        assert run(self.client.devices.get_config(device)) == config
        assert (config.settings.tilt_deg, config.settings.silent_sos) == (None, True)

    def privacy(self, guard):
        run = self.run
        export = run(self.client.privacy.export(employee_id=guard.id))
        assert run(self.client.privacy.get_export(export.id)) == export
        assert run(self.client.privacy.export_content(export.id)).startswith(b"PK")
        assert self.side.collect(self.client.privacy.exports(employee_id=guard.id)) == [export]
        with pytest.raises(ConflictError) as refusal:
            run(self.client.privacy.erase(employee_id=guard.id, reason="Demande"))
        assert refusal.value.current.id == guard.id
        run(self.client.employees.leave(guard.id))
        erasure = run(self.client.privacy.erase(employee_id=guard.id, reason="Demande"))
        assert run(self.client.privacy.get_erasure(erasure.id)) == erasure
        assert self.side.collect(self.client.privacy.erasures()) == [erasure]
        assert run(self.client.employees.get(guard.id)).status == "erased"
        assert self.side.collect(self.client.privacy.audit(employee_id=guard.id))
        assert run(self.client.privacy.purge(dry_run=True)).dry_run

    def events(self):
        stream = self.client.events.stream(after=0, types=["shift.created"])
        assert self.side.collect(stream, 2)
        self.side.close(stream)

    def outside(self, folder):
        hook = self.run(self.client.webhooks.create(url="http://127.0.0.1:9/", event_types=["share.created"]))
        assert hook.secret
        assert hook.secret not in repr(hook)
        hook = self.run(self.client.webhooks.update(hook.id, version=hook.version, description="Essai"))
        self.run(self.client.webhooks.rotate_secret(hook.id, overlap_hours=1))
        self.run(self.client.shares.create(kind="shifts", subject_id="sit_chantier"))
        again = self.run(self.client.webhooks.replay(hook.id, occurred_from=datetime.now(UTC) - timedelta(hours=1)))
        assert again.deliveries >= 4
        while not (sent := self.side.collect(self.client.webhook_deliveries.list(webhook_id=hook.id))):
            continue  # the sandbox is at it
        self.run(self.client.webhook_deliveries.replay(sent[0].id))
        assert self.run(self.client.webhook_deliveries.get(sent[0].id)).event_type == "share.created"
        self.run(self.client.webhooks.disable(hook.id))
        self.run(self.client.webhooks.enable(hook.id))
        self.run(self.client.webhooks.disable(hook.id))
        assert self.run(self.client.webhooks.get(hook.id)).status == "disabled"
        export = self.run(self.client.exports.create(format="zip"))
        export = self.run(self.client.exports.wait(export.id, poll_every=0.05, deadline=30))
        self.run(self.client.exports.download(export.id, folder / "export.zip"))
        assert hashlib.sha256((folder / "export.zip").read_bytes()).hexdigest() == export.sha256

    def signatures(self, folder):
        file = folder / "contrat.pdf"
        file.write_bytes(b"%PDF" * 50)
        stored = self.run(self.client.attachments.upload(file))
        document = self.run(
            self.client.documents.create(
                attachment_id=stored.id, kind="other", title="Plan", subject_kind="site", subject_id="sit_tour"
            )
        )
        signer = models.Signer(name="Awa Vald", email="awa@a.example")
        requests = [
            self.run(self.client.signature_requests.create(document_id=document.id, signers=[signer])) for _ in range(3)
        ]
        asked = self.run(self.client.signature_requests.update(requests[0].id, version=1, title="Plan signé"))
        self.run(self.client.signature_requests.send(asked.id))
        seen = {"signer": signer.email, "sha256": document.sha256}
        self.run(self.client.signature_requests.view(asked.id, **seen, method="in_person"))
        self.run(self.client.signature_requests.sign(asked.id, **seen, method="in_person"))
        assert self.run(self.client.signature_requests.get(asked.id)).status == "signed"
        self.run(self.client.signature_requests.send(requests[1].id))
        self.run(self.client.signature_requests.decline(requests[1].id, signer=signer.email))
        self.run(self.client.signature_requests.cancel(requests[2].id))
        assert self.run(self.client.signature_requests.usage()).used == 1
        return document

    def client_access(self, invoice, report, folder):
        person = self.run(
            self.client.client_users.create(
                client_id="clt_belvedere", email="lou@client.example", first_name="Lou", last_name="Dupont"
            )
        )
        person = self.run(self.client.client_users.update(person.id, version=1, site_ids=[]))
        self.run(self.client.client_users.suspend(person.id))
        self.run(self.client.client_users.reinstate(person.id))
        token = self.run(self.client.client_tokens.create(user_id=person.id, name="Portail"))
        entry = self.run(self.client.logbook.append("sit_tour", author_id="emp_demo", category="ronde", text="RAS"))
        place = self.run(self.client.checkpoints.create(site_id="sit_tour", name="Hall", tag_kind="manual"))
        template = self.run(
            self.client.round_templates.create(
                site_id="sit_tour", name="Tour", mode="free", checkpoint_ids=[place.id], expected_minutes=10
            )
        )
        self.run(self.client.rounds.create(template_id=template.id))
        shares = [
            self.run(self.client.shares.create(kind=kind, subject_id=subject))
            for kind, subject in (
                ("logbook_entry", entry.id),
                ("invoice", invoice.id),
                ("report", report.id),
                ("shifts", "sit_tour"),
                ("rounds", "sit_tour"),
            )
        ]
        transport = validating(self.side, self.sandbox.url)
        own = self.side.client_class(self.sandbox.url, token=token.secret, transport=transport)
        for many, one in (
            (own.portal.sites, own.portal.site),
            (own.portal.shifts, own.portal.shift),
            (own.portal.entries, own.portal.entry),
            (own.portal.rounds, own.portal.round),
            (own.portal.invoices, own.portal.invoice),
            (own.portal.reports, own.portal.report),
        ):
            found = self.side.collect(many())
            assert self.run(one(found[0].id)) == found[0]
        self.run(own.portal.download_report(report.id, folder / "rapport.pdf"))
        with pytest.raises(PermissionDeniedError):
            self.run(own.sites.list().page())
        self.run(self.client.shares.withdraw(shares[0].id))
        with pytest.raises(NotFoundError):
            self.run(own.portal.entry(entry.id))
        self.side.close(own)
        assert self.run(self.client.shares.get(shares[0].id)).status == "withdrawn"
        self.run(self.client.client_tokens.revoke(token.id))
        assert self.run(self.client.client_tokens.get(token.id)).status == "revoked"
        self.run(self.client.client_users.close(person.id))
        assert self.run(self.client.client_users.get(person.id)).status == "closed"
        return transport.seen

    def lists(self, site):
        for name in (
            "sites",
            "employees",
            "shifts",
            "duties",
            "quotes",
            "invoices",
            "devices",
            "alerts",
            "positions",
            "pti_sessions",
            "roles",
            "users",
            "api_tokens",
            "clients",
            "posts",
            "instructions",
            "personnel_register",
            "cards",
            "qualifications",
            "employment_contracts",
            "documents",
            "absences",
            "cycles",
            "checkpoints",
            "round_templates",
            "rounds",
            "scans",
            "webhooks",
            "webhook_deliveries",
            "client_users",
            "client_tokens",
            "shares",
            "signature_requests",
            "exports",
        ):
            self.side.collect(getattr(self.client, name).list(page_size=3))
        assert self.side.collect(self.client.logbook.list(site.id))
        self.side.collect(self.client.shifts.list(starts_from=NIGHT, sort="-starts_at", updated_since=NIGHT))


def test_every_operation_is_called_and_each_keeps_to_the_document(
    side, client, transport, sekur_sandbox, tmp_path
) -> None:
    story = Story(side, client, sekur_sandbox)
    story.service()
    site, guard = story.people_and_places()
    story.accounts()
    story.clients_and_sites()
    story.instructions(site, guard)
    story.papers(tmp_path)
    story.planning(site, guard)
    story.duties(site, guard)
    story.billing(site)
    story.logbook(site, guard)
    story.rounds(site, guard)
    story.attachments(tmp_path)
    story.alerts()
    story.safety(site, guard)
    story.wearables()
    report = story.signatures(tmp_path)
    tower = story.billing(side.run(client.sites.get("sit_tour")))
    by_client = story.client_access(tower, report, tmp_path)
    story.outside(tmp_path)
    story.lists(site)
    story.events()
    story.privacy(guard)
    client_id, secret = sekur_sandbox.register_client()
    own = side.client_class(
        sekur_sandbox.url, client_id=client_id, client_secret=secret, transport=validating(side, sekur_sandbox.url)
    )
    side.run(own.organisation.get())
    seen = transport.seen | own._shell._transport.seen | by_client
    side.close(own)

    operations = {operation["operationId"] for item in document()["paths"].values() for operation in item.values()}
    assert seen == operations


def test_refusals_keep_to_the_document(side, client) -> None:
    run = side.run
    with pytest.raises(NotFoundError):
        run(client.shifts.get("shf_nobody"))
    shift = run(
        client.shifts.create(site_id="sit_entrepot", post="PC", starts_at=NIGHT, ends_at=NIGHT + timedelta(hours=12))
    )
    with pytest.raises(UnprocessableError):
        run(client.shifts.create(site_id="sit_entrepot", post="PC", starts_at=NIGHT, ends_at=NIGHT))
    with pytest.raises(PreconditionFailedError):
        run(client.shifts.update(shift.id, version=7, notes="?"))
    with pytest.raises(ConflictError):
        run(client.shifts.update(shift.id, version=1, status="done"))


@pytest.mark.parametrize(
    ("url", "body"),
    [
        ("/sites?limit=0", b'{"items": [], "next_cursor": null}'),
        ("/shifts?status=cancelled,done", b'{"items": [], "next_cursor": null}'),
        ("/sites", b'{"items": [{"id": "sit_1"}], "next_cursor": null}'),
        ("/health", b'{"status": "ok"}'),
        ("/healthy", b"{}"),
    ],
)
def test_what_is_not_of_the_contract_is_noticed(url, body) -> None:
    request = Request(
        method="GET",
        url=f"http://127.0.0.1/api/v1{url}",
        headers=(("Authorization", "Bearer t0ken"),),
        timeouts=Timeouts(),
        request_id="r",
    )
    headers = {"content-type": "application/json", "x-request-id": "r", "sekur-version": "2026-11-01"}

    with pytest.raises((OpenAPIError, AssertionError)):
        ValidatingTransport("http://127.0.0.1/api/v1").check(
            request, Response(status=200, headers=headers, body=body), body
        )
