"""Stories of money: quotes, contracts, invoices and what is paid of them, pre-payroll, the subscription to SEKUR."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from sekur_sdk import ConflictError, CreditedLine, NewLine, NewPrice, UnprocessableError, models
from stories.teller import Teller

PARIS = ZoneInfo("Europe/Paris")
LINE = NewLine(kind="day", description="Jour", quantity=10, unit_price=25, vat_rate=Decimal("0.2"))


def last_month():
    """Its first and its last day."""
    last = datetime.now(PARIS).date().replace(day=1) - timedelta(days=1)
    return last.replace(day=1), last


def work(teller, employee_id, site_id):
    """A closed duty of last month, of 8 hours by day."""
    begins = datetime(*last_month()[0].timetuple()[:3], 9, tzinfo=PARIS)
    duty = teller.run(teller.client.duties.start(employee_id=employee_id, site_id=site_id, started_at=begins))
    return teller.run(teller.client.duties.end(duty.id, at=begins + timedelta(hours=8)))


class Billing(Teller):
    """What is sold to clients."""

    def quotes(self, site):
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

    def quotes_that_change(self):
        run, quotes, buyer = self.run, self.client.quotes, models.Party(name="ACME", address="Lyon")
        given_up = run(quotes.create(buyer=buyer, title="Automne", lines=[LINE]))
        given_up = run(quotes.update(given_up.id, version=1, title="Hiver", valid_until=date(2099, 1, 1)))
        assert run(quotes.cancel(given_up.id)).title == "Hiver"
        with pytest.raises(ConflictError) as refusal:
            run(quotes.send(given_up.id))
        assert refusal.value.current.status == "cancelled"

    def contracts(self):
        run, contracts = self.run, self.client.contracts
        agent = run(self.client.employees.create(staff_number="C1", first_name="Lou", last_name="Val", job_title="ADS"))
        first, last = last_month()
        customer = run(self.client.clients.create(name="ACME", billing_address="Lyon"))
        site = run(self.client.sites.create(name="Dock 4", client_id=customer.id, address="Lyon"))
        prices = [
            *(NewPrice(kind=kind, description=kind, unit_price=30) for kind in ("day", "night", "sunday", "holiday")),
            NewPrice(kind="flat", description="PTI", unit_price=Decimal("35.5"), quantity=2),
        ]
        asked = {"client_id": customer.id, "site_id": site.id, "title": "Quai", "prices": prices, "starts_on": first}
        contract = run(contracts.create(**asked))
        contract = run(contracts.update(contract.id, version=1, title="Quais", ends_on=last + timedelta(days=400)))
        contract = run(contracts.sign(contract.id))
        assert run(contracts.get(contract.id)) == contract
        assert contract.status == "active"
        work(self, agent.id, site.id)
        draft = run(contracts.invoice(contract.id, period_start=first, period_end=last))
        assert [line.quantity for line in draft.lines] == [8, 2]
        with pytest.raises(ConflictError) as refusal:
            run(contracts.invoice(contract.id, period_start=first, period_end=last))
        assert refusal.value.current == contract
        assert run(contracts.end(contract.id, reason="Travaux")).status == "ended"
        assert run(contracts.cancel(run(contracts.create(**asked)).id)).status == "cancelled"
        assert len(self.side.collect(contracts.list(client_id=customer.id))) == 2
        quote = run(self.client.quotes.create(client_id=customer.id, site_id=site.id, title="Été", lines=[LINE]))
        quote = run(self.client.quotes.accept(run(self.client.quotes.send(quote.id)).id))
        quoted = run(self.client.quotes.convert_to_contract(quote.id, starts_on=last))
        assert (quoted.quote_id, quoted.prices[0].unit_price) == (quote.id, 25)

    def drafts(self):
        run, invoices = self.run, self.client.invoices
        draft = run(invoices.create(buyer=models.Party(name="ACME", address="Lyon"), title="Renfort", lines=[LINE]))
        draft = run(invoices.update(draft.id, version=1, title="Renforts", period_start=date(2026, 7, 1)))
        assert run(invoices.discard(draft.id)).title == "Renforts"

    def invoices(self):
        """From the draft to a credit note, over all that may be said and paid of it."""
        run, invoices = self.run, self.client.invoices
        buyer = models.Party(name="ACME", address="Lyon")
        invoice = run(invoices.issue(run(invoices.create(buyer=buyer, title="Renfort", lines=[LINE])).id))
        assert run(invoices.send(invoice.id)).status == "sent"
        assert run(invoices.dispute(invoice.id, reason="Trop cher")).dispute_reason == "Trop cher"
        assert run(invoices.settle(invoice.id)).status == "sent"
        penalty = run(invoices.late_penalty(invoice.id, on=invoice.due_on + timedelta(days=30)))
        assert (penalty.days_late, penalty.balance, penalty.recovery_fee) == (30, 300, 40)
        self.payments(invoice)
        self.einvoice(invoice)
        note = run(invoices.credit(invoice.id, reason="Une heure", lines=[CreditedLine(line=1, quantity=1)]))
        assert run(self.client.credit_notes.get(note.id)) == note
        assert self.side.collect(self.client.credit_notes.list(invoice_id=invoice.id)) == [note]
        assert run(invoices.get(invoice.id)).balance == 300 - 30

    def payments(self, invoice):
        run, payments = self.run, self.client.payments
        first, second = (
            run(payments.create(invoice_id=invoice.id, amount=amount, method="transfer")) for amount in (100, 200)
        )
        with pytest.raises(UnprocessableError) as refusal:
            run(payments.create(invoice_id=invoice.id, amount=1, method="cheque"))
        assert [error.path for error in refusal.value.problem.errors] == ["$.amount"]
        assert run(payments.confirm(first.id)).status == "confirmed"
        assert run(self.client.invoices.get(invoice.id)).status == "partially_paid"
        assert run(payments.reject(second.id, reason="Sans provision")).status == "rejected"
        assert run(payments.refund(first.id, reason="Erreur", amount=40)).status == "confirmed"
        refunded = run(payments.refund(first.id, reason="Erreur"))
        assert (refunded.status, refunded.refunded) == ("refunded", 100)
        assert run(payments.get(first.id)) == refunded
        assert len(self.side.collect(payments.list(invoice_id=invoice.id))) == 2

    def einvoice(self, invoice):
        run, invoices = self.run, self.client.invoices
        record = invoices.record_einvoice_status
        first = run(record(invoice.id, code="200", by="Plateforme"))
        second = run(record(invoice.id, code="210", reason="Adresse fausse"))
        assert self.side.collect(invoices.einvoice_statuses(invoice.id)) == [first, second]
        with pytest.raises(ConflictError) as refusal:
            run(record(invoice.id, code="212"))
        assert refusal.value.current.einvoice_code == "210"


class Administration(Teller):
    """What the company owes: to those who work for it, and for SEKUR."""

    def payroll(self):
        run, runs, (first, _) = self.run, self.client.payroll_runs, last_month()
        hired_on, month = first.replace(year=first.year - 5), f"{first:%Y-%m}"
        agent = run(
            self.client.employees.create(
                staff_number="P1",
                first_name="Noé",
                last_name="Val",
                job_title="ADS",
                coefficient=140,
                hired_on=hired_on,
            )
        )
        contract = run(
            self.client.employment_contracts.create(
                employee_id=agent.id, kind="cdi", job_title="ADS", coefficient=140, weekly_hours=35, starts_on=hired_on
            )
        )
        run(self.client.employment_contracts.sign(contract.id, signed_on=hired_on))
        work(self, agent.id, "sit_entrepot")
        given_up = run(runs.create(period=month, employee_ids=[agent.id]))
        assert run(runs.cancel(given_up.id, reason="Trop tôt")).cancel_reason == "Trop tôt"
        own = run(runs.compute(run(runs.create(period=month, employee_ids=[agent.id])).id))
        [hours] = self.side.collect(runs.hours(own.id))
        assert (hours.employee_id, hours.worked) == (agent.id, 8)
        problems = self.side.collect(runs.problems(own.id, code="duty_not_validated"))
        assert [problem.employee_id for problem in problems] == [agent.id]
        with pytest.raises(UnprocessableError):
            run(runs.check(own.id))
        run(runs.check(own.id, accept_problems=True))
        with pytest.raises(ConflictError) as refusal:
            run(runs.export(own.id))
        assert refusal.value.current.status == "checked"
        run(runs.lock(own.id))
        lines = self.side.collect(runs.lines(own.id))
        settings = run(self.client.payroll_settings.get())
        codes = {**settings.codes, lines[0].code: "1315"}
        assert run(self.client.payroll_settings.update(version=settings.version, codes=codes)).codes == codes
        assert b"P1;1315;" in run(runs.export(own.id, format="csv", decimal="comma"))
        done = run(runs.mark_exported(own.id))
        assert run(runs.get(own.id)) == done
        assert {one.status for one in self.side.collect(runs.list(period=month))} == {"cancelled", "exported"}

    def subscription(self):
        run, subscription, users = self.run, self.client.subscription, self.client.users
        ordered = run(subscription.get())
        changed = run(subscription.update(version=ordered.version, overage_billing="daily"))
        assert changed.overage_billing == "daily"
        price = run(subscription.price(licences=12, signatures=50, trainings=["online_5h"]))
        assert price.gross == price.net + price.vat
        role = run(self.client.roles.create(name="Accueil", scopes=["sites:read"]))
        for number in range(ordered.quota - ordered.used + 1):
            user = run(users.invite(email=f"n{number}@a.example", first_name="N", last_name="Vald", role_ids=[role.id]))
            run(users.activate(user.id, version=user.version))
        [overage] = self.side.collect(subscription.overages())
        assert (overage.user_id, overage.ended_at) == (user.id, None)

    def availability(self):
        run, incidents = self.run, self.client.availability_incidents
        begins = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=3)
        before = run(incidents.report())
        outage = run(incidents.create(kind="outage", started_at=begins, notes="Panne"))
        outage = run(incidents.update(outage.id, version=1, notes="Panne de disque"))
        outage = run(incidents.end(outage.id, ended_at=begins + timedelta(minutes=2)))
        assert run(incidents.get(outage.id)) == outage
        assert outage in self.side.collect(incidents.list(kind="outage", status="ended"))
        report = run(incidents.report(yearly_fee=1200))
        assert (report.downtime_minutes, report.yearly_fee) == (before.downtime_minutes + 2, 1200)
        assert run(incidents.withdraw(outage.id)).status == "withdrawn"
        assert run(incidents.report()).downtime_minutes == before.downtime_minutes
