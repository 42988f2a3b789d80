"""One test for each row in which other SDKs fail, and for each complaint of their users; sync and async.

`test_row_…` are the rows, `test_complaint_…` the complaints, the latter with the issue in which they were made.
"""

from __future__ import annotations

import asyncio
import copy
import gc
import io
import json
import logging
import pickle
import subprocess
import sys
import threading
import time
import warnings
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from email.utils import format_datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import attrs
import pytest
from scripted_http import SHIFT, Answer, event_stream, json_answer, page, problem, shift

from sekur_sdk import AsyncSekurClient, RetryPolicy, Secret, SekurClient, Timeouts, models
from sekur_sdk.client import errors
from sekur_sdk.client._async import seam as async_seam
from sekur_sdk.client._sync import seam as sync_seam

EXAMPLES = Path(__file__).resolve().parents[2] / "docs" / "contract" / "examples"
PARIS = ZoneInfo("Europe/Paris")
NIGHT = datetime(2026, 11, 7, 19, tzinfo=UTC)


def example(name, **changes):
    return json.loads((EXAMPLES / f"{name}.json").read_text("utf-8")) | changes


def event(number, type_="robot.started", **subject):
    body = {"id": number, "type": type_, "at": "2026-11-07T22:00:00Z", "subject": subject}
    return f"id: {number}\ndata: {json.dumps(body)}\n\n".encode()


@pytest.fixture
def pauses(monkeypatch):
    """The pauses that were made, without waiting for them: real ones would take minutes."""
    made = []

    async def pause(seconds):
        made.append(seconds)

    monkeypatch.setattr(sync_seam, "sleep", made.append)
    monkeypatch.setattr(async_seam, "sleep", pause)
    return made


def all_subclasses(base):
    yield base
    for child in base.__subclasses__():
        yield from all_subclasses(child)


# rows


def test_row_immutable_models(client, side, server):
    server.answer(json_answer(SHIFT))
    found = side.run(client.shifts.get("shf_1"))
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        found.post = "another"
    assert hash(found) == hash(copy.copy(found))


def test_row_unknown_enum_value(client, side, server):
    server.answer(json_answer(SHIFT | {"status": "swapped"}))
    found = side.run(client.shifts.get("shf_1"))
    assert (found.status, found.status.is_known, type(found.status)) == ("swapped", False, models.ShiftStatus)


def test_row_wrong_type_in_an_answer(client, side, server):
    server.answer(json_answer(SHIFT | {"break_minutes": "thirty"}))
    with pytest.raises(errors.ResponseDecodeError) as caught:
        side.run(client.shifts.get("shf_1"))
    assert caught.value.path == "$.break_minutes"


def test_row_decimal_and_money(client, side, server):
    invoice = example("invoice")
    server.answer(json_answer(invoice))
    totals = side.run(client.invoices.get("inv_1")).totals
    assert isinstance(totals.net, Decimal)
    assert f"{totals.net:f}" == invoice["totals"]["net"]
    assert totals.net + totals.vat == totals.gross


@pytest.mark.parametrize("amount", ["1e3", "NaN", "1_000", "1.005", 12.5])
def test_row_decimal_and_money_that_is_not_exact_is_refused(client, side, server, amount):
    invoice = example("invoice")
    invoice["totals"]["net"] = amount
    server.answer(json_answer(invoice))
    with pytest.raises(errors.ResponseDecodeError) as caught:
        side.run(client.invoices.get("inv_1"))
    assert caught.value.path == "$.totals.net"


def test_row_idempotency_key_sent_on_a_retried_post(client, side, server):
    server.answer(Answer(drop=True), problem(503), json_answer(SHIFT, status=201))
    side.run(client.shifts.create(site_id="sit_1", post="PC", starts_at=NIGHT, ends_at=NIGHT + timedelta(hours=8)))
    keys = [request.headers["idempotency-key"] for request in server.received]
    assert (len(keys), len(set(keys))) == (3, 1)


@pytest.mark.parametrize("form", ["seconds", "http-date"])
def test_row_retry_after_seconds_and_http_date(client, side, server, pauses, form):
    text = "20" if form == "seconds" else format_datetime(datetime.now(UTC) + timedelta(seconds=20), usegmt=True)
    server.answer(problem(429, headers={"Retry-After": text}), json_answer(SHIFT))
    side.run(client.shifts.get("shf_1"))
    assert pauses == [pytest.approx(20, abs=1.5)]


def test_row_default_timeout(client, side, server):
    assert Timeouts().read == 10.0
    assert client._shell.read_options({}).timeouts.read == 10.0
    assert client._shell.read_options({}).deadline == 60.0


def test_row_rfc_9457_errors(client, side, server):
    server.answer(
        problem(422, title="No", detail="why", errors=[{"path": "$.post", "message": "too long"}], request_id="r")
    )
    with pytest.raises(errors.UnprocessableError) as caught:
        side.run(client.shifts.get("shf_1"))
    told = caught.value.problem
    assert (told.title, told.detail, told.errors[0].path, caught.value.request_id) == ("No", "why", "$.post", "r")


def test_row_errors_survive_pickle(client, side, server):
    server.answer(problem(409, current=SHIFT, allowed=["send"], request_id="r"))
    with pytest.raises(errors.ConflictError) as caught:
        side.run(client.shifts.update("shf_1", version=1, status="published"))
    for twin in (pickle.loads(pickle.dumps(caught.value)), copy.deepcopy(caught.value)):
        assert (type(twin), twin.problem, twin.current.id, twin.request_id) == (
            errors.ConflictError,
            caught.value.problem,
            "shf_1",
            "r",
        )


def test_row_resumable_paging(client, side, server):
    server.answer(
        json_answer(page(shift(1), next_cursor="c2")), problem(403), json_answer(page(shift(2), next_cursor=None))
    )
    found = []
    with pytest.raises(errors.PermissionDeniedError) as caught:
        side.collect_into(found, client.shifts.list())
    side.collect_into(found, client.shifts.list(cursor=caught.value.cursor))
    assert [item.id for item in found] == ["shf_1", "shf_2"]


def test_row_event_stream_with_resume(client, side, server):
    server.answer(event_stream(event(1), event(2)), event_stream(event(2), event(3), 20.0))
    stream = client.events.stream(after=0)
    assert [found.id for found in side.collect(stream, count=3)] == [1, 2, 3]
    assert stream.last_event_id == 3
    side.close(stream)
    assert [request.headers["last-event-id"] for request in server.received] == ["0", "2"]


def test_row_if_match(client, side, server):
    server.answer(problem(412, current_version=7, current=shift(1, version=7)))
    with pytest.raises(errors.PreconditionFailedError) as caught:
        side.run(client.shifts.update("shf_1", version=3, status="published"))
    assert server.received[0].headers["if-match"] == '"3"'
    assert (caught.value.current_version, caught.value.current.version) == (7, 7)


def test_row_redaction(make_client, side, server, caplog):
    caplog.set_level(logging.DEBUG)
    server.answer(
        json_answer({"access_token": "gr4nted", "token_type": "bearer", "expires_in": 3600}),
        json_answer(SHIFT | {"notes": "Chez Madame Martin"}, X_Anything="p3rsonal"),
    )
    client = make_client(client_id="c", client_secret="s3cret")
    found = side.run(client.shifts.get("shf_1"))
    ours = "\n".join(str(record.__dict__) for record in caplog.records if record.name == "sekur_sdk")
    shown = ours + repr(found) + repr(client) + str(vars(client))
    assert "request_id" in ours
    for secret in ("gr4nted", "s3cret", "Martin", "p3rsonal"):
        assert secret not in shown


def test_row_fork_safe_pool(client, side, server):
    import os

    server.answer(json_answer(SHIFT))
    ports = []
    original = server.handle
    server.handle = lambda handler: (ports.append(handler.client_address[1]), original(handler))
    side.run(client.shifts.get("shf_1"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # Python 3.12 warns of forking beside threads: the case
        child = os.fork()
    if child == 0:
        try:
            if side.name == "sync":
                code = client.shifts.get("shf_1").id != "shf_1"
            else:
                code = asyncio.new_event_loop().run_until_complete(client.shifts.get("shf_1")).id != "shf_1"
            os._exit(code)
        finally:
            os._exit(9)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    side.run(client.shifts.get("shf_1"))
    assert ports[0] == ports[2] != ports[1]


def test_row_frames_and_arrow_export(client, side, server):
    """A pager goes in as it is; what an async one gave is collected first. Frames are made of the table and have tests of their own."""
    from sekur_sdk.reports import to_arrow

    first, second = example("invoice"), example("invoice", id="inv_2", status="factored", number=None)
    server.answer(json_answer(page(first, next_cursor="c2")), json_answer(page(second)))
    pager = client.invoices.list()
    table = to_arrow(pager if side.name == "sync" else side.collect(pager))
    assert [f"{totals['net']:f}" for totals in table["totals"].to_pylist()] == [first["totals"]["net"]] * 2
    assert table["status"].to_pylist() == [first["status"], "factored"]
    assert table["created_at"].to_pylist() == [datetime.fromisoformat(first["created_at"])] * 2
    assert table["number"].to_pylist() == [first["number"], None]


def test_row_frames_and_arrow_export_of_an_empty_list_has_its_columns(client, side, server):
    from sekur_sdk.reports import to_arrow

    server.answer(json_answer(page()))
    pager = client.invoices.list()
    table = to_arrow(pager) if side.name == "sync" else to_arrow(side.collect(pager), model=pager.item_type)
    assert (table.num_rows, table.column_names) == (0, [field.name for field in attrs.fields(models.Invoice)])


def test_row_frames_and_arrow_export_tells_who_gives_an_async_list_to_collect_it(server):
    from sekur_sdk.reports import to_arrow

    client = AsyncSekurClient(server.url, token="t")
    with pytest.raises(errors.ArgumentError, match=r"collect it first, as in \[record async for record in pager\]"):
        to_arrow(client.invoices.list())
    asyncio.run(client.aclose())


def test_row_cli():
    run = subprocess.run(
        [sys.executable, "-c", "from sekur_sdk.cli import main; main()", "--help"],
        capture_output=True,
        text=True,
        check=True,
    )
    for command in ("login", "shifts", "alerts", "logbook", "invoices", "completion"):
        assert f"\n  {command} " in run.stdout


def test_row_shipped_test_double(client, side, server):
    """The double itself has tests of its own; here, that it comes with the package and loads nothing until asked."""
    script = (
        "import sekur_sdk.testing.plugin, sys; print({'litestar', 'sqlalchemy', 'uvicorn', 'httpx'} & set(sys.modules))"
    )
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert run.stdout == "set()\n"


def test_row_typed_package():
    import sekur_sdk

    assert (Path(sekur_sdk.__file__).parent / "py.typed").is_file()


# also from them


def test_row_raw_response_and_headers(client, side, server):
    server.answer(json_answer(SHIFT | {"new": 1}, X_RateLimit_Limit="60", X_RateLimit_Remaining="59"))
    seen = []
    side.run(client.shifts.get("shf_1", on_response=seen.append))
    assert (json.loads(seen[0].body)["new"], seen[0].rate_limit.remaining) == (1, 59)


def test_row_version_pin_and_dated_deprecation_warnings(client, side, server):
    server.answer(json_answer(SHIFT, Deprecation="@1782864000", Sunset="Fri, 01 Jan 2027 00:00:00 GMT"))
    with pytest.warns(DeprecationWarning, match="since 2026-07-01, ends on 2027-01-01"):
        side.run(client.shifts.get("shf_1"))
    assert server.received[0].headers["sekur-version"] == "2026-11-01"


def test_row_webhook_signature_check():
    from sekur_sdk.webhooks import sign, verify

    payload, secret = (EXAMPLES / "event.json").read_bytes(), "whsec_" + "QUFB" * 8
    headers = {
        "webhook-id": "m",
        "webhook-timestamp": "1794000000",
        "webhook-signature": sign(payload, "m", 1794000000, secret),
    }
    assert verify(payload, headers, secret, now=1794000000).id == json.loads(payload)["id"]
    with pytest.raises(errors.WebhookError):
        verify(payload + b" ", headers, secret, now=1794000000)


def test_row_streaming_up_and_downloads_with_progress(client, side, server):
    content = b"0123456789" * 50_000
    import hashlib

    attachment = {
        "id": "att_1",
        "name": "x.bin",
        "content_type": "a/b",
        "size": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
        "created_at": "2026-11-07T22:00:00Z",
    }
    server.answer(
        json_answer(attachment, status=201),
        json_answer(attachment),
        Answer(body=content, headers={"Content-Type": "a/b"}, stop_after=200_000),
        lambda received: Answer(
            status=206,
            body=content[int(received.headers["range"][6:-1]) :],
            headers={"Content-Type": "a/b", "Content-Range": f"bytes {received.headers['range'][6:]}499999/500000"},
        ),
    )
    sent, received = [], []
    side.run(client.attachments.upload(content, name="x.bin", progress=lambda *step: sent.append(step)))
    target = io.BytesIO()
    side.run(client.attachments.download("att_1", target, progress=lambda *step: received.append(step)))
    assert (sent[-1], received[-1]) == ((500_000, 500_000), (500_000, 500_000))
    assert target.getvalue() == content


# complaints


@pytest.mark.parametrize("module", ["sekur_sdk", "sekur_sdk.models", "sekur_sdk.client.errors"])
def test_complaint_slow_import_openai_2339_2819_stripe_1427(module):
    script = f"import {module}, sys; print({{'httpx', 'msgspec', 'asyncio', 'ssl', 'pydantic'}} & set(sys.modules))"
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert run.stdout == "set()\n"


def test_complaint_closed_enums_break_githubkit_299(client, side, server):
    server.answer(json_answer(page(shift(1, status="swapped", colour="blue"))), event_stream(event(1), 20.0))
    [found] = side.collect(client.shifts.list())
    assert not found.status.is_known
    stream = client.events.stream()
    [told] = side.collect(stream, count=1)
    side.close(stream)
    assert isinstance(told.subject, models.UnknownSubject)


def test_complaint_a_retried_post_duplicates_apify_990(client, side, server):
    """No key, no retry: an update can't be repeated, and is not once it may have arrived."""
    server.answer(Answer(drop=True))
    with pytest.raises(errors.ConnectionLostError):
        side.run(client.shifts.update("shf_1", version=1, status="published"))
    assert len(server.received) == 1


def test_complaint_only_the_first_page_gitlab_93(client, side, server):
    server.answer(*[json_answer(page(shift(n), next_cursor=f"c{n}" if n < 5 else None)) for n in range(1, 6)])
    assert len(side.collect(client.shifts.list())) == 5


def test_complaint_an_empty_page_ends_early_openai_3915(client, side, server):
    server.answer(
        json_answer(page(next_cursor="c2")), json_answer(page(shift(1), next_cursor="c3")), json_answer(page())
    )
    assert [item.id for item in side.collect(client.shifts.list())] == ["shf_1"]


def test_complaint_a_repeated_cursor_never_ends(client, side, server):
    server.answer(json_answer(page(shift(1), next_cursor="c2")), json_answer(page(shift(2), next_cursor="c2")))
    with pytest.raises(errors.RepeatedCursorError):
        side.collect(client.shifts.list())
    assert len(server.received) == 2


def test_complaint_event_loop_is_closed_openai_1254(server):
    server.answer(json_answer(SHIFT))
    client = AsyncSekurClient(server.url, token="t")

    async def call():
        return (await client.shifts.get("shf_1")).id

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # asyncio's own, for what the first loop left open
        assert [asyncio.run(call()), asyncio.run(call())] == ["shf_1"] * 2
        asyncio.run(client.aclose())
        gc.collect()


def test_complaint_a_client_left_open_is_warned_about_and_nothing_is_done_in_a_destructor(side, server):
    assert not hasattr(side.client_class, "__del__")
    clients = [side.client_class(server.url, token="t")]
    with pytest.warns(ResourceWarning, match="was not closed"):
        clients.clear()


def test_complaint_endless_timeouts_openai_809(client, side, server):
    server.answer(Answer(pause_s=0.2, drop=True))
    started = time.monotonic()
    with pytest.raises(errors.DeadlineExceededError):
        side.run(client.shifts.get("shf_1", deadline=0.3))
    assert time.monotonic() - started < 0.8


@pytest.mark.parametrize("error_class", sorted(all_subclasses(errors.SekurError), key=lambda found: found.__name__))
def test_complaint_unpicklable_errors_hang_pools(error_class):
    arguments = {
        errors.ArgumentError: ("starts_at", "naive"),
        errors.ResponseDecodeError: ("$.id", "wrong", 200),
        errors.ExportFailedError: ("failed", "no space"),
    }
    made = (models.Problem(title="No", status=409), 409) if issubclass(error_class, errors.APIError) else ("what",)
    error = error_class(*arguments.get(error_class, made))
    error.request_id, error.cursor = "r", "c"
    twin = pickle.loads(pickle.dumps(error))
    assert (type(twin), str(twin), twin.request_id, twin.cursor) == (error_class, str(error), "r", "c")


def test_complaint_key_in_logs_openai_1196(client, side, server, caplog):
    caplog.set_level(logging.DEBUG)
    server.answer(problem(401))
    with pytest.raises(errors.AuthenticationError) as caught:
        side.run(client.shifts.get("shf_1"))
    assert "t0ken" not in caplog.text + repr(caught.value) + repr(Secret("t0ken")) + str(Secret("t0ken"))


def test_complaint_naive_datetimes(client, side, server):
    with pytest.raises(errors.ArgumentError, match="naive"):
        client.shifts.list(starts_from=datetime(2026, 11, 7, 20))  # noqa: DTZ001  # the case
    server.answer(json_answer(SHIFT | {"starts_at": "2026-11-07T19:00:00"}))
    with pytest.raises(errors.ResponseDecodeError) as caught:
        side.run(client.shifts.get("shf_1"))
    assert caught.value.path == "$.starts_at"


def test_complaint_the_night_when_clocks_change(client, side, server):
    server.answer(json_answer(SHIFT))
    for fold in (0, 1):
        start = datetime(2026, 10, 25, 2, 30, tzinfo=PARIS, fold=fold)
        side.run(client.shifts.create(site_id="sit_1", post="PC", starts_at=start, ends_at=NIGHT))
    assert [request.json["starts_at"] for request in server.received] == [
        "2026-10-25T00:30:00Z",
        "2026-10-25T01:30:00Z",
    ]


def test_complaint_a_connection_for_each_request_githubkit_79(client, side, server):
    server.answer(json_answer(SHIFT))
    ports = set()
    original = server.handle
    server.handle = lambda handler: (ports.add(handler.client_address[1]), original(handler))
    for _ in range(5):
        side.run(client.shifts.get("shf_1"))
    assert len(ports) == 1


def test_complaint_a_retry_storm(make_client, side, server):
    from sekur_sdk import RetryBudget

    server.answer(problem(503))
    client = make_client(retries=RetryPolicy(first_pause=0.001, budget=RetryBudget(capacity=2, refill=0.0001)))
    for _ in range(4):
        with pytest.raises(errors.ServerError):
            side.run(client.shifts.get("shf_1"))
    assert len(server.received) == 4 + 2


def test_complaint_one_bad_record_poisons_the_page(client, side, server):
    server.answer(json_answer(page(shift(1), shift(2, version="x"), shift(3))))
    bad = []
    assert [found.id for found in side.collect(client.shifts.list(on_bad_record=bad.append))] == ["shf_1", "shf_3"]
    assert [record.path for record in bad] == ["$.items[1].version"]


def test_complaint_many_threads_renew_a_token_many_times(server):
    server.answer(
        lambda received: (
            json_answer({"access_token": "a", "token_type": "bearer", "expires_in": 3600})
            if received.path.endswith("token")
            else json_answer(SHIFT)
        )
    )
    with SekurClient(server.url, client_id="c", client_secret="s") as client:
        threads = [threading.Thread(target=lambda: client.shifts.get("shf_1")) for _ in range(16)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sum(request.path.endswith("token") for request in server.received) == 1
