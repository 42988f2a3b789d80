"""The rules that hold for every route: tokens, problems, strict inputs, idempotency, versions, pages."""

from __future__ import annotations

import json
import logging
import threading
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from sekur_sdk.models.problem import Problem
from sekur_sdk.sandbox.inputs.billing import QuoteCreate
from sekur_sdk.sandbox.inputs.duties import DutyStart
from sekur_sdk.sandbox.inputs.operations import AlertResolve, EntryAcknowledge, EntryAppend, EntryErase
from sekur_sdk.sandbox.inputs.planning import ShiftCreate, ShiftUpdate
from sekur_sdk.sandbox.inputs.rounds import (
    AnomalyReport,
    CheckpointCreate,
    CheckpointUpdate,
    RoundCreate,
    RoundEnd,
    RoundStart,
    RoundUpdate,
    ScanCreate,
    TemplateCreate,
    TemplateUpdate,
)
from sekur_sdk.wire import decode

if TYPE_CHECKING:
    from conftest import Clock

    from sekur_sdk.sandbox.server import SandboxServer

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "openapi.json"


def problem(answer: httpx.Response, status: int) -> Problem:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    told = decode(answer.content, Problem)
    assert told.status == status
    assert told.request_id == answer.headers["x-request-id"]
    assert told.instance == answer.request.url.path
    return told


# tokens


def test_without_a_token_it_is_401_with_a_challenge(sandbox: SandboxServer) -> None:
    answer = httpx.get(f"{sandbox.url}/api/v1/sites")
    problem(answer, 401)
    assert answer.headers["www-authenticate"].startswith("Bearer")


def test_a_wrong_token_is_401_and_is_not_repeated(api: httpx.Client) -> None:
    answer = api.get("/sites", headers={"Authorization": "Bearer wrong-secret"})
    problem(answer, 401)
    assert "wrong-secret" not in answer.text


def test_health_needs_no_token(sandbox: SandboxServer) -> None:
    assert httpx.get(f"{sandbox.url}/api/v1/health").json()["status"] == "ok"


def oauth(sandbox: SandboxServer, form: dict[str, str], auth: tuple[str, str] | None = None) -> httpx.Response:
    return httpx.post(f"{sandbox.url}/api/v1/oauth/token", data=form, auth=auth)


def test_client_credentials_give_a_token_that_expires(sandbox: SandboxServer, api: httpx.Client, clock: Clock) -> None:
    client_id, secret = sandbox.access.register_client(name="Export paie", scopes=("planning:write", "duties:read"))
    for form, auth in (
        ({"grant_type": "client_credentials"}, (client_id, secret)),
        ({"grant_type": "client_credentials", "client_id": client_id, "client_secret": secret}, None),
    ):
        answer = oauth(sandbox, form, auth)
        assert answer.status_code == 200
        issued = answer.json()
        assert (issued["token_type"], issued["expires_in"]) == ("bearer", 3600)
        headers = {"Authorization": f"Bearer {issued['access_token']}"}
        assert api.get("/shifts", headers=headers).status_code == 200
        problem(api.get("/alerts", headers=headers), 403)
    clock.advance(3600)
    problem(api.get("/shifts", headers=headers), 401)


def test_an_oauth_client_gets_no_scope_that_it_does_not_have(sandbox: SandboxServer, api: httpx.Client) -> None:
    client_id, secret = sandbox.access.register_client(name="Lecture", scopes=("planning:read",))
    form = {"grant_type": "client_credentials", "scope": "planning:write"}
    problem(oauth(sandbox, form, (client_id, secret)), 400)
    narrow = oauth(sandbox, form | {"scope": "planning:read"}, (client_id, secret)).json()
    headers = {"Authorization": f"Bearer {narrow['access_token']}"}
    problem(api.post("/shifts", json={}, headers=headers), 403)


def test_a_wrong_client_secret_is_401(sandbox: SandboxServer) -> None:
    client_id, _ = sandbox.access.register_client(name="Export")
    problem(oauth(sandbox, {"grant_type": "client_credentials"}, (client_id, "no")), 401)


def test_another_grant_is_400(sandbox: SandboxServer) -> None:
    problem(oauth(sandbox, {"grant_type": "password"}), 400)


def test_tokens_and_secrets_are_kept_as_hashes_alone(sandbox: SandboxServer, settings: Any) -> None:
    client_id, secret = sandbox.access.register_client(name="Export")
    issued = oauth(sandbox, {"grant_type": "client_credentials"}, (client_id, secret)).json()["access_token"]
    files = b"".join(path.read_bytes() for path in settings.database.parent.glob("sandbox.sqlite3*"))
    assert settings.token.encode() not in files
    assert secret.encode() not in files
    assert issued.encode() not in files


# problems


def test_an_unknown_path_is_404(api: httpx.Client) -> None:
    problem(api.get("/nowhere?name=Rochefontaine"), 404)


def test_an_unknown_id_is_404(api: httpx.Client) -> None:
    problem(api.get("/shifts/shf_none"), 404)


def test_another_method_is_405_and_names_those_allowed(api: httpx.Client) -> None:
    answer = api.delete("/shifts")
    problem(answer, 405)
    assert "GET" in answer.headers["allow"]


def test_a_body_that_is_no_json_is_400(api: httpx.Client) -> None:
    told = problem(api.post("/shifts", content=b'{"site_id":'), 400)
    assert "JSON" in (told.detail or "")


@pytest.mark.parametrize(("body", "status"), [(b"\xff\xfe", 400), (b"[" * 100_000, 422), (b'{"a":"\\ud800"}', 422)])
def test_hostile_json_is_refused(api: httpx.Client, body: bytes, status: int) -> None:
    problem(api.post("/shifts", content=body), status)


def test_a_body_that_is_too_large_is_413(api: httpx.Client) -> None:
    problem(api.post("/shifts", content=b" " * (1024 * 1024 + 1)), 413)


def test_an_unexpected_failure_is_500_without_details_and_logged_without_data(
    api: httpx.Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("Rochefontaine, 48.9072")

    monkeypatch.setattr("sekur_sdk.sandbox.routes.reading.encode", broken)
    with caplog.at_level(logging.DEBUG):
        answer = api.get("/employees/emp_demo")
    told = problem(answer, 500)
    assert "Rochefontaine" not in answer.text
    assert "Rochefontaine" not in caplog.text
    assert told.request_id in caplog.text
    assert "ZeroDivisionError" in caplog.text


def test_a_query_string_is_in_no_problem_and_in_no_log(api: httpx.Client, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        for path, status in (
            ("/shifts?limit=Rochefontaine", 400),
            ("/shifts?Rochefontaine=1", 400),
            ("/nowhere?q=Rochefontaine", 404),
        ):
            answer = api.get(path)
            problem(answer, status)
            assert "limit=" not in answer.text
            assert "q=Roch" not in answer.text
    ours = [record.getMessage() for record in caplog.records if record.name.startswith(("sekur", "uvicorn"))]
    assert not any("Rochefontaine" in message for message in ours)


def test_a_value_that_is_refused_is_not_repeated(api: httpx.Client) -> None:
    body = {"author_id": "emp_demo", "category": "Rochefontaine", "text": "x"}
    answer = api.post("/sites/sit_entrepot/logbook", json=body)
    told = problem(answer, 422)
    assert [error.path for error in told.errors] == ["$.category"]
    assert "Rochefontaine" not in answer.text


def test_the_callers_request_id_is_used_when_it_is_a_good_one(api: httpx.Client) -> None:
    assert api.get("/health", headers={"X-Request-Id": "mine-1"}).headers["x-request-id"] == "mine-1"
    for bad in ("a" * 65, "no spaces", "é"):
        answer = api.get("/health", headers={"X-Request-Id": bad.encode()})
        assert answer.headers["x-request-id"].startswith("req_")


# strict inputs


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"surprise": 1}, "$"),
        ({"site_id": 5}, "$.site_id"),
        ({"site_id": "sit_none"}, "$.site_id"),
        ({"starts_at": "2026-11-08T19:00:00"}, "$.starts_at"),
        ({"starts_at": "tomorrow"}, "$.starts_at"),
        ({"ends_at": "2026-11-08T18:00:00Z"}, "$.ends_at"),
        ({"break_minutes": -1}, "$.break_minutes"),
        ({"break_minutes": "20"}, "$.break_minutes"),
        ({"break_minutes": 720}, "$.break_minutes"),
        ({"post": ""}, "$.post"),
        ({"post": " "}, "$.post"),
        ({"employee_id": "emp_none"}, "$.employee_id"),
    ],
)
def test_a_shift_that_breaks_a_rule_is_422_with_the_path(
    api: httpx.Client, shift_body: dict[str, object], change: dict[str, object], path: str
) -> None:
    told = problem(api.post("/shifts", json=shift_body | change), 422)
    assert [error.path for error in told.errors] == [path]


@pytest.mark.parametrize("value", ["NaN", "1e3", "1_000", "-1", "0", "1.00001", "9" * 13, 5, "", " 1", "Infinity"])
def test_a_quantity_that_is_no_plain_decimal_is_422_with_the_path(
    api: httpx.Client, quote_body: dict[str, Any], value: object
) -> None:
    quote_body["lines"][1]["quantity"] = value
    told = problem(api.post("/quotes", json=quote_body), 422)
    assert told.errors[0].path.startswith("$.lines[1]")


def test_an_unknown_kind_of_line_is_422(api: httpx.Client, quote_body: dict[str, Any]) -> None:
    quote_body["lines"][0]["kind"] = "twilight"
    told = problem(api.post("/quotes", json=quote_body), 422)
    assert told.errors[0].path == "$.lines[0].kind"


def test_amounts_that_the_wire_cant_carry_are_422(api: httpx.Client, quote_body: dict[str, Any]) -> None:
    quote_body["lines"][0] |= {"quantity": "99999999", "unit_price": "99999999"}
    told = problem(api.post("/quotes", json=quote_body), 422)
    assert told.errors[0].path == "$.lines"


@pytest.mark.parametrize(
    "query",
    [
        "foo=1",
        "limit=0",
        "limit=201",
        "limit=x",
        "cursor=x",
        "sort=nope",
        "status=nope",
        "starts_from=2026-11-07T19:00:00",
    ],
)
def test_a_parameter_that_is_unknown_or_out_of_range_is_400(api: httpx.Client, query: str) -> None:
    told = problem(api.get(f"/shifts?{query}"), 400)
    assert [error.path for error in told.errors] == [f"query.{query.partition('=')[0]}"]


def test_an_action_needs_no_body(api: httpx.Client, quote_body: dict[str, object]) -> None:
    quote = api.post("/quotes", json=quote_body).json()
    assert api.post(f"/quotes/{quote['id']}/send").json()["status"] == "sent"


@pytest.mark.parametrize(
    ("name", "input_class"),
    [
        ("request-alert-resolve", AlertResolve),
        ("request-duty-start", DutyStart),
        ("request-logbook-append", EntryAppend),
        ("request-entry-acknowledge", EntryAcknowledge),
        ("request-entry-erase", EntryErase),
        ("request-checkpoint-create", CheckpointCreate),
        ("request-checkpoint-update", CheckpointUpdate),
        ("request-template-create", TemplateCreate),
        ("request-template-update", TemplateUpdate),
        ("request-round-create", RoundCreate),
        ("request-round-update", RoundUpdate),
        ("request-round-start", RoundStart),
        ("request-round-end", RoundEnd),
        ("request-scan-create", ScanCreate),
        ("request-anomaly-report", AnomalyReport),
        ("request-quote-create", QuoteCreate),
        ("request-shift-create", ShiftCreate),
        ("request-shift-update", ShiftUpdate),
    ],
)
def test_the_contracts_example_requests_are_read(examples: Path, name: str, input_class: type[object]) -> None:
    assert decode((examples / f"{name}.json").read_bytes(), input_class)


# idempotency


def test_the_same_key_and_body_replay_the_answer(api: httpx.Client, shift_body: dict[str, object]) -> None:
    first = api.post("/shifts", json=shift_body, headers={"Idempotency-Key": "k1"})
    again = api.post("/shifts", json=shift_body, headers={"Idempotency-Key": "k1"})
    assert (again.status_code, again.content) == (201, first.content)
    assert again.headers["idempotency-replayed"] == "true"
    assert "idempotency-replayed" not in first.headers
    assert {name: again.headers[name] for name in ("etag", "location")} == {
        "etag": '"1"',
        "location": f"/api/v1/shifts/{first.json()['id']}",
    }


def test_the_same_key_with_another_body_is_422(api: httpx.Client, shift_body: dict[str, object]) -> None:
    api.post("/shifts", json=shift_body, headers={"Idempotency-Key": "k1"})
    problem(api.post("/shifts", json=shift_body | {"post": "Autre"}, headers={"Idempotency-Key": "k1"}), 422)


def test_the_same_key_on_another_route_is_another_request(
    api: httpx.Client, shift_body: dict[str, object], quote_body: dict[str, object]
) -> None:
    assert api.post("/shifts", json=shift_body, headers={"Idempotency-Key": "k1"}).status_code == 201
    assert api.post("/quotes", json=quote_body, headers={"Idempotency-Key": "k1"}).status_code == 201


def test_a_key_of_another_caller_is_another_key(
    api: httpx.Client, sandbox: SandboxServer, shift_body: dict[str, object]
) -> None:
    sandbox.access.allow("another-token", name="Autre")
    shift_body["employee_id"] = None  # who can't have it twice
    first = api.post("/shifts", json=shift_body, headers={"Idempotency-Key": "k1"})
    other = api.post(
        "/shifts", json=shift_body, headers={"Idempotency-Key": "k1", "Authorization": "Bearer another-token"}
    )
    assert other.json()["id"] != first.json()["id"]


def test_a_key_is_forgotten_after_a_day(api: httpx.Client, shift_body: dict[str, object], clock: Clock) -> None:
    shift_body["employee_id"] = None  # who can't have it twice
    first = api.post("/shifts", json=shift_body, headers={"Idempotency-Key": "k1"})
    clock.advance(24 * 3600)
    again = api.post("/shifts", json=shift_body, headers={"Idempotency-Key": "k1"})
    assert again.json()["id"] != first.json()["id"]


def test_a_refused_request_leaves_its_key_free(api: httpx.Client, shift_body: dict[str, object]) -> None:
    problem(api.post("/shifts", json=shift_body | {"site_id": "sit_none"}, headers={"Idempotency-Key": "k1"}), 422)
    assert api.post("/shifts", json=shift_body, headers={"Idempotency-Key": "k1"}).status_code == 201


@pytest.mark.parametrize("key", ["", "a" * 201, "é"])
def test_a_key_that_is_none_is_400(api: httpx.Client, shift_body: dict[str, object], key: str) -> None:
    problem(api.post("/shifts", json=shift_body, headers={"Idempotency-Key": key.encode()}), 400)


def test_while_the_first_is_running_the_key_is_409_and_later_replays(
    api: httpx.Client, sandbox: SandboxServer, shift_body: dict[str, object]
) -> None:
    running, go_on = threading.Event(), threading.Event()

    def hold(_tx: object) -> None:
        running.set()
        go_on.wait(10)

    with ThreadPoolExecutor(3) as pool:
        holding = pool.submit(sandbox.store.write, hold)
        assert running.wait(10)
        # whichever comes first waits for the writer; the other meets its key
        both = [pool.submit(api.post, "/shifts", json=shift_body, headers={"Idempotency-Key": "k1"}) for _ in "12"]
        done, waiting = wait(both, timeout=10, return_when=FIRST_COMPLETED)
        told = done.pop().result()
        problem(told, 409)
        assert told.headers["retry-after"] == "1"
        go_on.set()
        holding.result(10)
        assert waiting.pop().result(10).status_code == 201
    again = api.post("/shifts", json=shift_body, headers={"Idempotency-Key": "k1"})
    assert again.headers["idempotency-replayed"] == "true"


# versions


def test_an_update_needs_the_version_and_the_current_one(api: httpx.Client, shift_body: dict[str, object]) -> None:
    made = api.post("/shifts", json=shift_body)
    path = f"/shifts/{made.json()['id']}"
    assert made.headers["etag"] == '"1"'
    problem(api.patch(path, json={"post": "Autre"}), 428)
    changed = api.patch(path, json={"post": "Autre"}, headers={"If-Match": '"1"'})
    assert (changed.status_code, changed.headers["etag"], changed.json()["version"]) == (200, '"2"', 2)
    told = problem(api.patch(path, json={"post": "Encore"}, headers={"If-Match": '"1"'}), 412)
    assert told.current_version == 2
    assert api.get(path).json()["post"] == "Autre"


def test_actions_honour_a_version_that_is_given(api: httpx.Client, quote_body: dict[str, object]) -> None:
    quote = api.post("/quotes", json=quote_body).json()
    problem(api.post(f"/quotes/{quote['id']}/send", json={}, headers={"If-Match": '"7"'}), 412)
    assert api.post(f"/quotes/{quote['id']}/send", json={}, headers={"If-Match": '"1"'}).status_code == 200


def test_null_clears_what_may_be_cleared_and_nothing_else(api: httpx.Client, shift_body: dict[str, object]) -> None:
    shift = api.post("/shifts", json=shift_body | {"notes": "Clés"}).json()
    path, headers = f"/shifts/{shift['id']}", {"If-Match": '"1"'}
    told = problem(api.patch(path, json={"post": None}, headers=headers), 422)
    assert told.errors[0].path == "$.post"
    cleared = api.patch(path, json={"employee_id": None, "notes": None}, headers=headers).json()
    assert (cleared["employee_id"], cleared["notes"]) == (None, None)


# pages


def walk(api: httpx.Client, path: str, **params: Any) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = []
    cursor: str | None = None
    while True:
        page = api.get(path, params=params | ({"cursor": cursor} if cursor else {})).json()
        items += page["items"]
        cursor = page["next_cursor"]
        if cursor is None:
            return items


@pytest.mark.parametrize("sort", ["starts_at", "-starts_at", "created_at", "-updated_at"])
def test_pages_make_the_whole_list_in_order(api: httpx.Client, sort: str) -> None:
    whole = api.get("/shifts", params={"limit": 200, "sort": sort}).json()["items"]
    paged = walk(api, "/shifts", limit=5, sort=sort)
    assert [item["id"] for item in paged] == [item["id"] for item in whole]
    values = [item[sort.removeprefix("-")] for item in whole]
    assert values == sorted(values, reverse=sort.startswith("-"))


def test_inserts_between_pages_neither_repeat_nor_hide_a_row(api: httpx.Client, shift_body: dict[str, object]) -> None:
    before = {item["id"] for item in walk(api, "/shifts", limit=200)}
    seen: list[str] = []
    cursor: str | None = None
    while True:
        page = api.get("/shifts", params={"limit": 7} | ({"cursor": cursor} if cursor else {})).json()
        seen += [item["id"] for item in page["items"]]
        for day in ("01", "30"):
            times = {"starts_at": f"2026-11-{day}T08:00:00Z", "ends_at": f"2026-11-{day}T09:00:00Z"}
            if len(seen) < 30:
                api.post("/shifts", json=shift_body | times)
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert len(seen) == len(set(seen))
    assert before <= set(seen)


def test_a_cursor_of_other_filters_is_400(api: httpx.Client) -> None:
    cursor = api.get("/shifts", params={"limit": 1}).json()["next_cursor"]
    told = problem(api.get("/shifts", params={"limit": 1, "cursor": cursor, "site_id": "sit_tour"}), 400)
    assert told.errors[0].path == "query.cursor"


def test_filters_and_updated_since_choose_rows(api: httpx.Client, shift_body: dict[str, object], clock: Clock) -> None:
    clock.advance(60)
    made = api.post("/shifts", json=shift_body).json()
    since = api.get("/shifts", params={"updated_since": clock().isoformat()}).json()["items"]
    assert [item["id"] for item in since] == [made["id"]]
    drafts = api.get("/shifts", params={"status": "draft"}).json()["items"]
    assert [item["id"] for item in drafts] == [made["id"]]
    at_tour = walk(api, "/shifts", site_id="sit_tour")
    assert {item["site_id"] for item in at_tour} == {"sit_tour"}


# the document


def test_the_openapi_document_is_31_and_each_route_declares_its_problems(api: httpx.Client) -> None:
    document = api.get("/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            if path.endswith("/health"):
                continue
            refusals = {status: told for status, told in operation["responses"].items() if status.startswith("4")}
            assert refusals, (method, path)
            for status, told in refusals.items():
                assert list(told["content"]) == ["application/problem+json"], (method, path, status)


def test_the_openapi_document_keeps_the_inputs_strictness(api: httpx.Client) -> None:
    text = json.dumps(api.get("/openapi.json").json()["components"]["schemas"])
    assert '"maximum": 720' in text
    assert '"prise_de_service"' in text
    assert text.count('"additionalProperties": false') >= 14


def test_the_openapi_document_tells_decimals_headers_and_tokens(api: httpx.Client) -> None:
    document = api.get("/openapi.json").json()
    assert document["components"]["schemas"]["Totals"]["properties"]["gross"]["type"] == "string"
    headers = {p["name"] for p in document["paths"]["/api/v1/shifts"]["post"]["parameters"] if p["in"] == "header"}
    assert {"Idempotency-Key", "X-Request-Id", "Sekur-Version"} <= headers
    assert document["components"]["securitySchemes"]["token"]["scheme"] == "bearer"
    assert document["paths"]["/api/v1/health"]["get"]["security"] == [{}]


def test_the_contracts_example_problem_is_what_the_server_says(
    api: httpx.Client, shift_body: dict[str, object], examples: Path
) -> None:
    written = json.loads((examples / "problem.json").read_text())
    told = api.post("/shifts", json=shift_body | {"ends_at": "2026-11-08T18:00:00Z"}).json()
    assert told | {"request_id": written["request_id"]} == written


@pytest.mark.parametrize(
    "query",
    ["updated_since=null", "updated_since=0.5", "starts_from=1700000000", "limit=5&limit=6", "site_id=a&site_id=a"],
)
def test_a_parameter_that_the_framework_would_read_otherwise_is_refused(api: httpx.Client, query: str) -> None:
    told = api.get(f"/shifts?{query}")
    assert told.status_code == 400
    assert told.json()["errors"][0]["path"] == f"query.{query.partition('=')[0]}"


@pytest.mark.parametrize("given", ["1", '"abc"', "", "W/1", '"1" "2"'])
def test_an_if_match_that_is_no_version_is_refused(api: httpx.Client, given: str) -> None:
    told = api.patch("/sites/sit_tour", json={"name": "Tour"}, headers={"If-Match": given})
    assert told.status_code == 400
    assert told.json()["errors"][0]["path"] == "header.If-Match"


@pytest.mark.parametrize("path", ["/shifts", "/sites/sit_tour"])
def test_options_names_every_method_of_a_path(api: httpx.Client, path: str) -> None:
    document = json.loads(DOCUMENT.read_text(encoding="utf-8"))
    allowed = set(api.options(path).headers["allow"].split(", "))
    template = "/api/v1" + path.replace("sit_tour", "{id}")
    assert allowed == {method.upper() for method in document["paths"][template]} | {"OPTIONS"}
