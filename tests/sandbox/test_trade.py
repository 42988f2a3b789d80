"""What the resources' lives allow, and what each step does."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

from sekur_sdk.models.logbook import LogbookEntry
from sekur_sdk.models.paging import Page
from sekur_sdk.rules.logbook_chain import first_broken
from sekur_sdk.sandbox.watch import look
from sekur_sdk.wire import decode

if TYPE_CHECKING:
    from pathlib import Path

    import httpx
    from conftest import Clock

    from sekur_sdk.sandbox.server import SandboxServer


def made(answer: httpx.Response) -> dict[str, Any]:
    assert answer.status_code in (200, 201), answer.text
    return answer.json()  # type: ignore[no-any-return]  # JSON of the contract


def refused(answer: httpx.Response, status: int) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    return answer.json()  # type: ignore[no-any-return]  # as above


def event_types(api: httpx.Client, sandbox: SandboxServer, after: int) -> list[str]:
    events, _ = sandbox.feed.read(after, frozenset())
    return [type_ for _, type_, _ in events]


# shifts

SHIFT_STEPS = {
    "draft": ["published", "cancelled"],
    "published": ["acknowledged", "in_progress", "cancelled"],
    "acknowledged": ["in_progress", "cancelled"],
    "in_progress": ["done"],
    "done": [],
    "cancelled": [],
}
SHIFT_PATHS = {
    "draft": [],
    "published": ["published"],
    "acknowledged": ["published", "acknowledged"],
    "in_progress": ["published", "acknowledged", "in_progress"],
    "done": ["published", "acknowledged", "in_progress", "done"],
    "cancelled": ["cancelled"],
}


@pytest.mark.parametrize("status", SHIFT_STEPS)
def test_a_shift_takes_one_step_at_a_time(api: httpx.Client, shift_body: dict[str, object], status: str) -> None:
    shift = made(api.post("/shifts", json=shift_body))
    path = f"/shifts/{shift['id']}"
    for step in SHIFT_PATHS[status]:
        shift = made(api.patch(path, json={"status": step}, headers={"If-Match": f'"{shift["version"]}"'}))
    for target in SHIFT_STEPS:
        if target in SHIFT_STEPS[status]:
            continue
        told = refused(api.patch(path, json={"status": target}, headers={"If-Match": f'"{shift["version"]}"'}), 409)
        assert told["allowed"] == SHIFT_STEPS[status]


def test_a_cancelled_shift_is_not_changed_any_more(api: httpx.Client, shift_body: dict[str, object]) -> None:
    shift = made(api.post("/shifts", json=shift_body))
    made(api.patch(f"/shifts/{shift['id']}", json={"status": "cancelled"}, headers={"If-Match": '"1"'}))
    refused(api.patch(f"/shifts/{shift['id']}", json={"post": "x"}, headers={"If-Match": '"2"'}), 409)


def test_shifts_are_told_as_events(api: httpx.Client, sandbox: SandboxServer, shift_body: dict[str, object]) -> None:
    after = sandbox.feed.latest
    shift = made(api.post("/shifts", json=shift_body))
    api.patch(f"/shifts/{shift['id']}", json={"post": "x"}, headers={"If-Match": '"1"'})
    assert event_types(api, sandbox, after) == ["shift.created", "shift.updated"]


# duties


@pytest.fixture
def duty(api: httpx.Client) -> dict[str, Any]:
    return made(api.post("/duties", json={"employee_id": "emp_demo", "site_id": "sit_entrepot"}))


def test_a_duty_goes_on_break_and_ends(
    api: httpx.Client, sandbox: SandboxServer, duty: dict[str, Any], clock: Clock
) -> None:
    after = sandbox.feed.latest
    path = f"/duties/{duty['id']}"
    for action, status in (("break-start", "on_break"), ("break-end", "open"), ("end", "closed")):
        clock.advance(600)
        assert made(api.post(f"{path}/{action}"))["status"] == status
    ended = made(api.get(path))
    assert (len(ended["breaks"]), ended["ended_at"]) == (1, clock().isoformat().replace("+00:00", "Z"))
    assert event_types(api, sandbox, after) == ["duty.updated", "duty.updated", "duty.ended"]


@pytest.mark.parametrize(
    ("before", "action", "allowed"),
    [
        ([], "break-end", ["break-start", "end", "correct"]),
        (["break-start"], "break-start", ["break-end", "end", "correct"]),
        (["end"], "end", ["correct", "validate"]),
        (["end"], "break-start", ["correct", "validate"]),
    ],
)
def test_a_step_that_the_dutys_state_forbids_is_409(
    api: httpx.Client, duty: dict[str, Any], clock: Clock, before: list[str], action: str, allowed: list[str]
) -> None:
    for step in before:
        clock.advance(60)
        made(api.post(f"/duties/{duty['id']}/{step}"))
    assert refused(api.post(f"/duties/{duty['id']}/{action}"), 409)["allowed"] == allowed


def test_ending_a_duty_on_break_ends_the_break(api: httpx.Client, duty: dict[str, Any], clock: Clock) -> None:
    clock.advance(60)
    made(api.post(f"/duties/{duty['id']}/break-start"))
    clock.advance(60)
    ended = made(api.post(f"/duties/{duty['id']}/end"))
    assert ended["breaks"][0]["ended_at"] == ended["ended_at"]


def test_nobody_is_on_duty_twice(api: httpx.Client, duty: dict[str, Any]) -> None:
    refused(api.post("/duties", json={"employee_id": duty["employee_id"], "site_id": "sit_tour"}), 409)


def test_a_step_in_the_future_or_before_the_start_is_422(api: httpx.Client, duty: dict[str, Any]) -> None:
    for at in ("2026-11-07T23:00:00Z", "2026-11-07T18:00:00Z"):
        told = refused(api.post(f"/duties/{duty['id']}/end", json={"at": at}), 422)
        assert told["errors"][0]["path"] == "$.at"


# quotes and invoices


def accepted_quote(api: httpx.Client, body: dict[str, object]) -> dict[str, Any]:
    quote = made(api.post("/quotes", json=body))
    for action in ("send", "accept"):
        quote = made(api.post(f"/quotes/{quote['id']}/{action}", json={}))
    return quote


def draft_invoice(api: httpx.Client, body: dict[str, object]) -> dict[str, Any]:
    quote = accepted_quote(api, body)
    return made(api.post(f"/quotes/{quote['id']}/convert", json={}))


def test_a_quote_has_the_contracts_amounts(api: httpx.Client, quote_body: dict[str, object], examples: Path) -> None:
    written = json.loads((examples / "quote.json").read_text())
    quote = made(api.post("/quotes", json=quote_body))
    assert (quote["lines"], quote["totals"], quote["buyer"]) == (
        written["lines"],
        written["totals"],
        written["buyer"],
    )
    assert quote["number"] == "DV-2026-000002"


def test_vat_is_at_the_standard_rate_unless_told(api: httpx.Client, quote_body: dict[str, Any]) -> None:
    del quote_body["lines"][0]["vat_rate"]
    quote_body["lines"][1]["vat_rate"] = "0.085"
    quote = made(api.post("/quotes", json=quote_body))
    assert [line["rate"] for line in quote["totals"]["vat_lines"]] == ["0.2000", "0.0850"]


def test_a_quote_becomes_an_invoice_with_number_dates_and_legal_mentions(
    api: httpx.Client, sandbox: SandboxServer, quote_body: dict[str, object]
) -> None:
    after = sandbox.feed.latest
    invoice = draft_invoice(api, quote_body)
    assert (invoice["number"], invoice["status"], invoice["notes"]) == (None, "draft", [])
    issued = made(api.post(f"/invoices/{invoice['id']}/issue", json={}))
    assert (issued["number"], issued["status"]) == ("FA-2026-000001", "issued")
    assert (issued["issued_on"], issued["due_on"]) == ("2026-11-07", "2026-12-07")
    text = " ".join(issued["notes"])
    for mention in ("40,00 €", "7,86 %", "escompte", "AUT-075-", "prérogative de puissance publique"):
        assert mention in text
    assert event_types(api, sandbox, after) == [
        "quote.created",
        "quote.updated",
        "quote.updated",
        "invoice.created",
        "quote.updated",
        "invoice.issued",
    ]
    quote = made(api.get(f"/quotes/{invoice['quote_id']}"))
    assert (quote["status"], quote["invoice_id"]) == ("converted", invoice["id"])


def test_the_date_of_an_invoice_is_the_companys_day_not_utcs(
    api: httpx.Client, quote_body: dict[str, object], clock: Clock
) -> None:
    invoice = draft_invoice(api, quote_body)
    clock.advance(4.5 * 3600)  # 23:30 UTC is 00:30 in Paris
    assert made(api.post(f"/invoices/{invoice['id']}/issue", json={}))["issued_on"] == "2026-11-08"


def test_an_issued_invoice_is_not_issued_again(api: httpx.Client, quote_body: dict[str, object]) -> None:
    invoice = draft_invoice(api, quote_body)
    made(api.post(f"/invoices/{invoice['id']}/issue", json={}))
    told = refused(api.post(f"/invoices/{invoice['id']}/issue", json={}), 409)
    assert told["allowed"] == ["send", "dispute", "pay", "credit"]


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({"issued_on": "2026-11-09"}, "$.issued_on"),
        ({"due_on": "2026-11-01"}, "$.due_on"),
        ({"issued_on": "1990-01-01"}, "$.issued_on"),
        ({"issued_on": "demain"}, "$.issued_on"),
    ],
)
def test_an_invoice_with_impossible_dates_is_422(
    api: httpx.Client, quote_body: dict[str, object], body: dict[str, str], path: str
) -> None:
    invoice = draft_invoice(api, quote_body)
    told = refused(api.post(f"/invoices/{invoice['id']}/issue", json=body), 422)
    assert told["errors"][0]["path"] == path


def test_numbers_follow_dates(api: httpx.Client, quote_body: dict[str, object]) -> None:
    first, second = draft_invoice(api, quote_body), draft_invoice(api, quote_body)
    made(api.post(f"/invoices/{first['id']}/issue", json={}))
    told = refused(api.post(f"/invoices/{second['id']}/issue", json={"issued_on": "2026-11-01"}), 422)
    assert told["errors"][0]["path"] == "$.issued_on"


def test_a_refused_issue_takes_no_number(api: httpx.Client, quote_body: dict[str, object]) -> None:
    first, second = draft_invoice(api, quote_body), draft_invoice(api, quote_body)
    refused(api.post(f"/invoices/{first['id']}/issue", json={"due_on": "2020-01-01"}), 422)
    assert made(api.post(f"/invoices/{second['id']}/issue", json={}))["number"] == "FA-2026-000001"


def test_sixteen_who_issue_at_once_get_unbroken_numbers(api: httpx.Client, quote_body: dict[str, object]) -> None:
    drafts = [draft_invoice(api, quote_body)["id"] for _ in range(16)]
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda id_: api.post(f"/invoices/{id_}/issue", json={}), drafts))
    numbers = sorted(made(answer)["number"] for answer in answers)
    assert numbers == [f"FA-2026-{n:06d}" for n in range(1, 17)]


@pytest.mark.parametrize(
    ("before", "action", "allowed"),
    [
        ([], "accept", ["update", "send", "cancel"]),
        (["send"], "send", ["accept", "refuse", "cancel"]),
        (["send", "refuse"], "accept", []),
        (["send", "accept"], "refuse", ["convert", "convert-to-contract"]),
        ([], "convert", ["update", "send", "cancel"]),
        (["send", "accept", "convert"], "convert", []),
    ],
)
def test_a_step_that_the_quotes_state_forbids_is_409(
    api: httpx.Client, quote_body: dict[str, object], before: list[str], action: str, allowed: list[str]
) -> None:
    quote = made(api.post("/quotes", json=quote_body))
    for step in before:
        made(api.post(f"/quotes/{quote['id']}/{step}", json={}))
    assert refused(api.post(f"/quotes/{quote['id']}/{action}", json={}), 409)["allowed"] == allowed


def test_a_quote_past_its_date_expires(
    api: httpx.Client, sandbox: SandboxServer, quote_body: dict[str, object], clock: Clock
) -> None:
    quote = made(api.post("/quotes", json=quote_body | {"valid_until": "2026-11-07"}))
    made(api.post(f"/quotes/{quote['id']}/send", json={}))
    clock.advance(24 * 3600)
    refused(api.post(f"/quotes/{quote['id']}/accept", json={}), 409)
    sandbox.store.write(look)
    assert made(api.get(f"/quotes/{quote['id']}"))["status"] == "expired"


# the logbook


def test_a_sites_logbook_is_one_chain(api: httpx.Client, examples: Path) -> None:
    told = json.loads((examples / "request-logbook-append.json").read_text())
    # what happened before the clock's start, and names nothing that the demo data has not
    body = {name: told[name] for name in ("category", "text", "severity", "title", "persons", "location")}
    body |= {"author_id": "emp_demo", "occurred_at": "2026-11-07T18:10:00Z"}
    entry = made(api.post("/sites/sit_entrepot/logbook", json=body))
    assert entry["text"] == body["text"]
    page = decode(api.get("/sites/sit_entrepot/logbook").content, Page[LogbookEntry])
    assert [told.seq for told in page.items] == list(range(1, len(page.items) + 1))
    assert page.items[-1].id == entry["id"]
    assert first_broken(page.items) is None


def test_times_of_another_zone_are_answered_in_utc_and_keep_the_chain_whole(api: httpx.Client) -> None:
    body = {"author_id": "emp_demo", "category": "ras", "text": "RAS", "occurred_at": "2026-11-07T19:30:00+01:00"}
    entry = made(api.post("/sites/sit_tour/logbook", json=body))
    assert entry["occurred_at"] == "2026-11-07T18:30:00Z"
    page = decode(api.get("/sites/sit_tour/logbook").content, Page[LogbookEntry])
    assert first_broken(page.items) is None


def test_each_site_has_its_own_chain(api: httpx.Client) -> None:
    body = {"author_id": "emp_lenoir", "category": "ras", "text": "RAS"}
    assert made(api.post("/sites/sit_tour/logbook", json=body))["seq"] == 1


def test_a_logbook_entry_of_nobody_is_422(api: httpx.Client) -> None:
    body = {"author_id": "emp_none", "category": "ras", "text": "RAS"}
    told = refused(api.post("/sites/sit_tour/logbook", json=body), 422)
    assert told["errors"][0]["path"] == "$.author_id"


# sites, employees, devices


def test_a_site_an_employee_and_a_device_can_be_made_and_found(api: httpx.Client) -> None:
    site = made(
        api.post(
            "/sites",
            json={"name": "Dépôt Nord", "customer_name": "Client", "address": "1 rue", "lat": 48.9, "lon": 2.3},
        )
    )
    person = made(
        api.post(
            "/employees",
            json={"staff_number": "A0999", "first_name": "Ana", "last_name": "Fictive", "job_title": "Agent"},
        )
    )
    device = made(
        api.post(
            "/devices",
            json={"label": "PTI 99", "model": "Pi", "employee_id": person["id"], "site_id": site["id"]},
        )
    )
    for path, resource in (("sites", site), ("employees", person), ("devices", device)):
        assert made(api.get(f"/{path}/{resource['id']}")) == resource


def test_two_employees_have_two_staff_numbers(api: httpx.Client) -> None:
    body = {"staff_number": "A0107", "first_name": "Ana", "last_name": "Fictive", "job_title": "Agent"}
    assert refused(api.post("/employees", json=body), 422)["errors"][0]["path"] == "$.staff_number"


@pytest.mark.parametrize("zone", ["Europe/Nowhere", "../etc/passwd", "/etc/passwd"])
def test_a_site_in_no_time_zone_is_422(api: httpx.Client, zone: str) -> None:
    body = {"name": "S", "customer_name": "C", "address": "A", "time_zone": zone}
    assert refused(api.post("/sites", json=body), 422)["errors"][0]["path"] == "$.time_zone"


def test_the_demo_data_is_a_company_with_its_legal_numbers_right(api: httpx.Client) -> None:
    organisation = made(api.get("/organisation"))
    digits = [int(digit) for digit in organisation["siret"]]
    doubled = [digit * 2 - 9 * (digit > 4) if place % 2 else digit for place, digit in enumerate(reversed(digits))]
    assert sum(doubled) % 10 == 0
    siren = int(organisation["siren"])
    assert organisation["siret"].startswith(organisation["siren"])
    assert organisation["vat_number"] == f"FR{(12 + 3 * (siren % 97)) % 97:02d}{organisation['siren']}"
    assert len(made(api.get("/employees"))["items"]) == 8
    assert len(made(api.get("/sites"))["items"]) == 4


# alerts


@pytest.fixture
def alert(api: httpx.Client, sandbox: SandboxServer, clock: Clock) -> dict[str, Any]:
    from wearable import Wearable

    device = Wearable(sandbox.ingest.handle, clock)
    device.send("alert", device.alert())
    return api.get("/alerts").json()["items"][0]  # type: ignore[no-any-return]  # as above


def test_an_alert_is_acknowledged_then_resolved(
    api: httpx.Client, sandbox: SandboxServer, alert: dict[str, Any], clock: Clock, examples: Path
) -> None:
    sent: list[Any] = []
    sandbox.store.on_commit(lambda tx: sent.extend(tx.publications))
    after = sandbox.feed.latest
    clock.advance(19)
    taken = made(api.post(f"/alerts/{alert['id']}/acknowledge", json={"by": "Sophie"}))
    assert (taken["status"], taken["acknowledged_by"]) == ("acknowledged", "Sophie")
    body = json.loads((examples / "request-alert-resolve.json").read_text())
    over = made(api.post(f"/alerts/{alert['id']}/resolve", json=body))
    assert (over["status"], over["resolution"]) == ("resolved", body["resolution"])
    assert event_types(api, sandbox, after) == ["alert.acknowledged", "alert.resolved"]
    assert [json.loads(publication.payload)["state"] for publication in sent] == ["acknowledged", "resolved"]
    assert {publication.topic for publication in sent} == {"sekur/v1/demo/dev_demo/alert/state"}


def test_without_a_name_it_is_the_tokens(api: httpx.Client, alert: dict[str, Any]) -> None:
    assert made(api.post(f"/alerts/{alert['id']}/acknowledge"))["acknowledged_by"] == "Poste central"


def test_an_open_alert_may_be_resolved_at_once_as_a_false_alarm(api: httpx.Client, alert: dict[str, Any]) -> None:
    body = {"resolution": "Chute du boîtier", "false_alarm": True}
    assert made(api.post(f"/alerts/{alert['id']}/resolve", json=body))["status"] == "false_alarm"


def test_a_step_that_the_alerts_state_forbids_is_409(api: httpx.Client, alert: dict[str, Any]) -> None:
    path = f"/alerts/{alert['id']}"
    made(api.post(f"{path}/acknowledge"))
    assert refused(api.post(f"{path}/acknowledge"), 409)["allowed"] == ["resolve"]
    made(api.post(f"{path}/resolve", json={"resolution": "RAS"}))
    assert refused(api.post(f"{path}/resolve", json={"resolution": "RAS"}), 409)["allowed"] == []
