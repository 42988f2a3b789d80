"""Secrets and people's data, put wherever they can be, show up in no log, no repr, no error."""

from __future__ import annotations

import logging
import pickle
import traceback
from datetime import UTC, datetime

import pytest
from client_sides import AsyncSide, SyncSide
from hypothesis import given, settings
from hypothesis import strategies as st
from scripted_http import Answer, ScriptedServer, event_stream, json_answer, page, problem, shift

from sekur_sdk import RetryPolicy, models
from sekur_sdk.client import errors

TOKEN, SECRET, GRANTED = "t0ken-Xq71", "s3cret-Xq72", "gr4nted-Xq73"
NAME, TEXT, PLACE, ADDRESS = "Zoé-Xq74", "texte-Xq75", 48.767676, "rue-Xq77"
PERSONAL = ("Xq7", "48.7676", "%A9-Xq")
QUICK = RetryPolicy(retries=1, first_pause=0.001, longest_pause=0.001)
GRANT = json_answer({"access_token": GRANTED, "token_type": "bearer", "expires_in": 3600})
NIGHT = datetime(2026, 11, 7, 19, tzinfo=UTC)

BODY = shift(1, notes=TEXT, holder=NAME, lat=PLACE, address=ADDRESS)
ANSWERS = [
    json_answer(BODY),
    json_answer(BODY | {"version": TEXT}),
    json_answer(BODY | {"starts_at": NAME}),
    json_answer(page(BODY | {"starts_at": NAME})),
    json_answer([TEXT]),
    Answer(body=f"<p>{NAME}".encode(), headers={"Content-Type": "text/html"}),
    Answer(status=502, body=TEXT.encode()),
    Answer(
        status=500,
        body=f'{{"title": 3, "detail": "{TEXT}"}}'.encode(),
        headers={"Content-Type": "application/problem+json"},
    ),
    problem(409, current=BODY),
    problem(412, current=BODY, current_version=3),
    problem(404),
    problem(429, headers={"Retry-After": "0"}),
    Answer(drop=True),
    Answer(body=TEXT.encode() * 10, stop_after=5),
    event_stream(f"id: 1\ndata: {TEXT}\n\n".encode()),
]

CALLS = [
    lambda c: c.shifts.get("shf_1"),
    lambda c: c.shifts.create(site_id="sit_1", post=NAME, starts_at=NIGHT, ends_at=NIGHT, notes=TEXT),
    lambda c: c.shifts.update("shf_1", version=1, notes=TEXT),
    lambda c: c.logbook.append("sit_1", author_id="emp_1", category="ras", text=TEXT),
    lambda c: c.employees.create(staff_number="1", first_name=NAME, last_name=NAME, job_title="ADS", card_number=TEXT),
    lambda c: c.sites.create(name="A", customer_name="B", address=ADDRESS, lat=PLACE, lon=PLACE),
    lambda c: c.alerts.resolve("alt_1", resolution=TEXT, by=NAME),
    lambda c: c.attachments.upload(TEXT.encode(), name=NAME),
    lambda c: c.shifts.get(TEXT + "/../" + NAME),
    lambda c: c.shifts.list(status=TEXT).page(),
    lambda c: c.shifts.get("shf_1", headers={"X-Note": TEXT}),
    lambda c: c.shifts.get("shf_1", request_id=TEXT + " "),
    lambda c: c.quotes.create(
        buyer=models.Party(name=NAME, address=ADDRESS, email=TEXT), title="t", lines=[]
    ),
    lambda c: c.quotes.send("quo_1", idempotency_key=TEXT + " "),
    lambda c: c.shifts.list().page(),
]  # fmt: skip


class Records(logging.Handler):
    def __init__(self):
        super().__init__(logging.DEBUG)
        self.lines = []
        self.ours = []

    def emit(self, record):
        self.lines.append(record.getMessage() + str(record.__dict__))
        if record.name == "sekur_sdk":
            self.ours.append(record)


@pytest.fixture(scope="module")
def server():
    server = ScriptedServer()
    yield server
    server.close()


@pytest.fixture
def records():
    handler, root = Records(), logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield handler
    root.removeHandler(handler)
    root.setLevel(level)


def shown(error):
    """All that an error shows or carries to a log: with what it was made from, pickled and printed."""
    texts = [repr(error), str(error), "".join(traceback.format_exception(error, chain=True)), str(error.args)]
    texts.append(str(pickle.loads(pickle.dumps(error))))
    return texts


@pytest.mark.parametrize("make_side", [SyncSide, AsyncSide], ids=["sync", "async"])
@pytest.mark.parametrize(
    "credentials", [{"token": TOKEN}, {"client_id": "c", "client_secret": SECRET}], ids=["token", "oauth"]
)
def test_nothing_secret_or_personal_is_shown(make_side, credentials, server, records):
    side = make_side()

    @settings(max_examples=60)
    @given(st.sampled_from(CALLS), st.sampled_from(ANSWERS))
    def check(call, answer):
        server.script.clear()
        server.answer(lambda received: GRANT if received.path.endswith("token") else answer)
        client = side.client_class(server.url, retries=QUICK, **credentials)
        texts = [repr(client), repr(vars(client))]
        try:
            made = side.run(call(client))
        except errors.SekurError as error:
            texts += shown(error)
        else:
            assert made is not None
        finally:
            side.close(client)
        for text in [*texts, *records.lines]:
            for secret in (TOKEN, SECRET, GRANTED, *PERSONAL):
                assert secret not in text, text
        records.lines.clear()

    check()
    side.stop()
    assert records.ours


@pytest.mark.parametrize("make_side", [SyncSide, AsyncSide], ids=["sync", "async"])
def test_the_request_id_is_in_every_line(make_side, server, records):
    side = make_side()
    server.script.clear()
    server.answer(problem(503), Answer(drop=True), json_answer(shift(1)))
    client = side.client_class(server.url, token="t", retries=RetryPolicy(first_pause=0.001))
    side.run(client.shifts.get("shf_1", request_id="mine"))
    side.close(client)
    side.stop()
    assert len(records.ours) == 5
    for record in records.ours:
        assert record.getMessage().endswith("request_id=mine")
        assert record.request_id == "mine"
