"""The commands that call a server."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from pathlib import Path

from scripted_http import Answer, event_stream, json_answer, page, problem, shift

EXAMPLES = Path(__file__).resolve().parents[2] / "docs" / "contract" / "examples"


def example(name, **changes):
    return json.loads((EXAMPLES / f"{name}.json").read_text("utf-8")) | changes


def test_shifts_are_listed_between_two_days_of_the_companys_time_zone(sekur, server):
    server.answer(json_answer(page()))
    ended = sekur(
        "shifts", "list", "--from", "2026-10-24", "--to", "2026-10-25", "--site", "sit_1", "--status", "draft"
    )
    assert ended.code == 0
    assert server.received[0].query == {
        "site_id": "sit_1",
        "status": "draft",
        "starts_from": "2026-10-23T22:00:00Z",
        "starts_before": "2026-10-25T23:00:00Z",
    }


def test_a_moment_is_taken_as_typed(sekur, server):
    server.answer(json_answer(page()))
    sekur("shifts", "list", "--from", "2026-11-07T20:00", "--to", "2026-11-08T08:00+02:00")
    query = server.received[0].query
    assert (query["starts_from"], query["starts_before"]) == ("2026-11-07T19:00:00Z", "2026-11-08T06:00:00Z")


def test_a_table_shows_local_times(sekur, server):
    server.answer(json_answer(page(shift(1))))
    header, row = sekur("shifts", "list").out.splitlines()
    assert header.split() == ["id", "site_id", "employee_id", "post", "starts_at", "ends_at", "status"]
    assert "2026-11-07 20:00" in row
    assert "PC sécurité" in row


def test_a_table_in_a_pipe_is_not_cut(sekur, server):
    server.answer(json_answer(page(shift(1, post="p" * 300))))
    assert "p" * 300 in sekur("shifts", "list").out


def test_a_text_can_not_steer_the_terminal(sekur, server):
    server.answer(json_answer(page(example("logbook-entry", text="RAS \x1b[2J[red]fin"))))
    out = sekur("logbook", "list", "sit_1").out
    assert "RAS  [2J[red]fin" in out
    assert "\x1b" not in out


def test_csv_is_one_line_a_shift(sekur, server):
    server.answer(json_answer(page(shift(1, post='PC, "nuit"'), shift(2))))
    rows = list(csv.DictReader(io.StringIO(sekur("shifts", "list", "--format", "csv").out)))
    assert [row["post"] for row in rows] == ['PC, "nuit"', "PC sécurité"]
    assert rows[0]["starts_at"] == "2026-11-07T19:00:00+00:00"


def test_an_empty_list_is_empty_json(sekur, server):
    server.answer(json_answer(page()))
    assert json.loads(sekur("shifts", "list", "--format", "json").out) == []


def test_alerts_are_listed(sekur, server):
    server.answer(json_answer(page(example("alert"))))
    ended = sekur("alerts", "list", "--status", "open", "--kind", "fall")
    assert server.received[0].query == {"status": "open", "kind": "fall"}
    assert example("alert")["id"] in ended.out


def test_an_alert_is_acknowledged(sekur, server):
    server.answer(json_answer(example("alert", status="acknowledged", id="alt_9")))
    ended = sekur("alerts", "acknowledge", "alt_9", "--by", "PC")
    assert (ended.code, ended.out) == (0, "alt_9 acknowledged\n")
    assert (server.received[0].path, server.received[0].json) == ("/api/v1/alerts/alt_9/acknowledge", {"by": "PC"})


def test_an_alert_is_resolved(sekur, server):
    server.answer(json_answer(example("alert", status="false_alarm", id="alt_9")))
    ended = sekur("alerts", "resolve", "alt_9", "--resolution", "Chute du boîtier", "--false-alarm")
    assert (ended.code, ended.out) == (0, "alt_9 false_alarm\n")
    assert server.received[0].json == {"resolution": "Chute du boîtier", "false_alarm": True}


def test_alerts_are_watched_as_they_happen(sekur, server):
    def event(number, type_):
        body = {"id": number, "type": type_, "at": "2026-11-07T22:00:00Z", "subject": example("alert", id="alt_9")}
        return f"id: {number}\ndata: {json.dumps(body)}\n\n".encode()

    server.answer(event_stream(event(7, "alert.opened"), event(8, "alert.acknowledged")), problem(403))
    ended = sekur("alerts", "watch", "--after", "6")
    assert [line.split()[:4] for line in ended.out.splitlines()] == [
        ["7", "2026-11-07", "23:00", "alert.opened"],
        ["8", "2026-11-07", "23:00", "alert.acknowledged"],
    ]
    assert "alt_9" in ended.out
    assert ended.code == 1
    first = server.received[0]
    assert first.headers["last-event-id"] == "6"
    assert first.query["types"].split(",")[0] == "alert.opened"


def test_a_logbook_entry_is_appended_from_standard_input(sekur, server, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("Ronde faite, RAS\n"))
    server.answer(json_answer(example("logbook-entry", id="log_3", seq=12), status=201))
    ended = sekur("logbook", "append", "sit_1", "--author", "emp_1", "--category", "ronde")
    assert (ended.code, ended.out) == (0, "log_3 seq 12\n")
    assert server.received[0].json == {"author_id": "emp_1", "category": "ronde", "text": "Ronde faite, RAS"}


def test_invoices_are_listed_with_exact_amounts(sekur, server):
    invoice = example("invoice")
    server.answer(json_answer(page(invoice)))
    [row] = csv.DictReader(io.StringIO(sekur("invoices", "list", "--format", "csv").out))
    assert (row["net"], row["gross"]) == (invoice["totals"]["net"], invoice["totals"]["gross"])


def test_a_text_can_not_be_a_formula_in_a_spreadsheet(sekur, server):
    texts = ["=HYPERLINK(1)", "+33 6", "-1+2", "@SUM(A1)", "\t=1", "RAS"]
    entries = [example("logbook-entry", text=text, seq=number) for number, text in enumerate(texts, 1)]
    server.answer(json_answer(page(*entries)))
    rows = list(csv.DictReader(io.StringIO(sekur("logbook", "list", "sit_1", "--format", "csv").out)))
    assert [row["text"] for row in rows] == ["'=HYPERLINK(1)", "'+33 6", "'-1+2", "'@SUM(A1)", "'\t=1", "RAS"]


def test_a_negative_amount_stays_a_number_in_a_spreadsheet(sekur, server):
    invoice = example("invoice")
    invoice["totals"] |= {"net": "-12.50"}
    server.answer(json_answer(page(invoice)))
    [row] = csv.DictReader(io.StringIO(sekur("invoices", "list", "--format", "csv").out))
    assert row["net"] == "-12.50"


def test_an_attachment_goes_up_and_comes_down(sekur, server, tmp_path):
    content = b"%PDF-1.7" * 1000
    digest = hashlib.sha256(content).hexdigest()
    attachment = {
        "id": "att_1",
        "name": "rapport.pdf",
        "content_type": "application/pdf",
        "size": len(content),
        "sha256": digest,
        "created_at": "2026-11-07T22:00:00Z",
    }
    (tmp_path / "rapport.pdf").write_bytes(content)
    server.answer(json_answer(attachment, status=201))
    ended = sekur("attachments", "upload", str(tmp_path / "rapport.pdf"))
    assert (ended.code, ended.out, ended.err) == (0, f"att_1 8000 bytes sha256 {digest}\n", "")
    assert server.received[0].body == content
    server.script.clear()
    server.answer(json_answer(attachment), Answer(body=content, headers={"Content-Type": "application/pdf"}))
    ended = sekur("attachments", "download", "att_1", "--to", str(tmp_path / "got.pdf"))
    assert ended.code == 0
    assert (tmp_path / "got.pdf").read_bytes() == content


def test_a_file_that_is_not_there_is_wrong_usage(sekur, server):
    ended = sekur("attachments", "upload", "/nowhere/x.pdf")
    assert (ended.code, ended.err.count("\n")) == (2, 1)
    assert server.received == []


def test_a_person_sees_how_far_a_long_list_is(sekur, server, monkeypatch):
    """A terminal is pretended: capturing what is written is what the test is about."""
    server.answer(json_answer(page(*[shift(number) for number in range(120)])))
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    ended = sekur("shifts", "list", "--format", "csv")
    assert "\r50 \r100 " in ended.err
    assert ended.err.endswith("\r\x1b[K")
    assert len(ended.out.splitlines()) == 121
