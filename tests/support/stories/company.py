"""Stories of the company itself: its people, accounts, clients, sites and papers."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from sekur_sdk import (
    ConflictError,
    PermissionDeniedError,
)
from stories.teller import NIGHT, Teller


class Company(Teller):
    """People and places."""

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
