"""Every call of the SDK against a live sandbox, each request and answer held against docs/openapi.json."""

from __future__ import annotations

from datetime import timedelta

import pytest
from client_sides import AsyncSide, SyncSide
from openapi_core.exceptions import OpenAPIError
from stories.billing import Administration, Billing
from stories.company import Company
from stories.outside import Outside
from stories.safety import Safety
from stories.teller import NIGHT
from stories.work import Work
from validating_transport import ValidatingTransport, document, validating

from sekur_sdk import (
    ConflictError,
    NotFoundError,
    PreconditionFailedError,
    Request,
    Response,
    Timeouts,
    UnprocessableError,
)

pytestmark = pytest.mark.services


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


def test_every_operation_is_called_and_each_keeps_to_the_document(
    side, client, transport, sekur_sandbox, tmp_path
) -> None:
    told_by = (side, client, sekur_sandbox)
    company, work, safety, outside = Company(*told_by), Work(*told_by), Safety(*told_by), Outside(*told_by)
    billing, administration = Billing(*told_by), Administration(*told_by)
    company.service()
    site, guard = company.people_and_places()
    company.accounts()
    company.clients_and_sites()
    company.instructions(site, guard)
    company.papers(tmp_path)
    work.planning(site, guard)
    work.duties(site, guard)
    work.logbook(site, guard)
    work.rounds(site, guard)
    work.attachments(tmp_path)
    invoice = billing.quotes(side.run(client.sites.get("sit_tour")))
    billing.quotes_that_change()
    billing.contracts()
    billing.drafts()
    billing.invoices()
    administration.payroll()
    administration.subscription()
    administration.availability()
    safety.alerts()
    safety.safety(site, guard)
    safety.wearables()
    report = outside.signatures(tmp_path)
    by_client = outside.client_access(invoice, report, tmp_path)
    outside.outside(tmp_path)
    lists(side, client, site)
    events(side, client)
    safety.privacy(guard)
    client_id, secret = sekur_sandbox.register_client()
    own = side.client_class(
        sekur_sandbox.url, client_id=client_id, client_secret=secret, transport=validating(side, sekur_sandbox.url)
    )
    side.run(own.organisation.get())
    seen = transport.seen | own._shell._transport.seen | by_client
    side.close(own)

    operations = {operation["operationId"] for item in document()["paths"].values() for operation in item.values()}
    missing = ", ".join(sorted(operations - seen))
    assert not missing


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


def events(side, client):
    stream = client.events.stream(after=0, types=["shift.created"])
    assert side.collect(stream, 2)
    side.close(stream)


def lists(side, client, site):
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
        "contracts",
        "credit_notes",
        "payments",
        "payroll_runs",
        "availability_incidents",
    ):
        side.collect(getattr(client, name).list(page_size=3))
    assert side.collect(client.logbook.list(site.id))
    side.collect(client.shifts.list(starts_from=NIGHT, sort="-starts_at", updated_since=NIGHT))
