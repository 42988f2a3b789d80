"""Stories of those outside: other systems, signers, the client."""

from __future__ import annotations

import hashlib
import time
from datetime import UTC, datetime, timedelta

import pytest
from validating_transport import validating

from sekur_sdk import (
    NotFoundError,
    PermissionDeniedError,
    models,
)
from stories.teller import Teller


class Outside(Teller):
    """Webhooks, exports, signatures, the client portal."""

    def outside(self, folder):
        hook = self.run(self.client.webhooks.create(url="http://127.0.0.1:9/", event_types=["share.created"]))
        assert hook.secret
        assert hook.secret not in repr(hook)
        hook = self.run(self.client.webhooks.update(hook.id, version=hook.version, description="Essai"))
        self.run(self.client.webhooks.rotate_secret(hook.id, overlap_hours=1))
        self.run(self.client.shares.create(kind="shifts", subject_id="sit_chantier"))
        again = self.run(self.client.webhooks.replay(hook.id, occurred_from=datetime.now(UTC) - timedelta(hours=1)))
        assert again.deliveries >= 4
        until = time.monotonic() + 10
        while not (sent := self.side.collect(self.client.webhook_deliveries.list(webhook_id=hook.id))):
            assert time.monotonic() < until  # each look is a call to the sandbox, which is at it
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
