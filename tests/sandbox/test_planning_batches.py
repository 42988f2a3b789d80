"""Shifts made together: in one body, from a file, by a cycle; and the calendar that they are read as."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from people_bodies import at_fault, create, made, refused
from planning_bodies import a_guard, a_shift, at, cycle_body, publish, shift_body

if TYPE_CHECKING:
    import httpx

PARIS = ZoneInfo("Europe/Paris")


def count_of(api: httpx.Client, site_id: str) -> int:
    return len(made(api.get(f"/shifts?site_id={site_id}&limit=200"))["items"])


def faults(answer: httpx.Response) -> list[str]:
    return [error["path"] for error in refused(answer, 422)["errors"]]


# in one body


def days(number: int, **changes: object) -> list[dict[str, Any]]:
    start = datetime(2027, 5, 3, 7, tzinfo=UTC)
    return [
        shift_body(
            starts_at=at(start + timedelta(days=day)), ends_at=at(start + timedelta(days=day, hours=8)), **changes
        )
        for day in range(number)
    ]


def test_hundreds_of_shifts_are_made_at_once(shared_api: httpx.Client) -> None:
    made_ = made(shared_api.post("/shifts/bulk", json={"shifts": days(200, employee_id=a_guard(shared_api)["id"])}))
    assert len({shift["id"] for shift in made_["shifts"]}) == 200
    assert {shift["status"] for shift in made_["shifts"]} == {"draft"}


def test_what_is_wrong_with_each_of_many_is_told_and_none_is_made(shared_api: httpx.Client) -> None:
    site, guard = create(shared_api, "/sites"), a_guard(shared_api)
    wanted = days(5, site_id=site["id"], employee_id=guard["id"])
    wanted[1]["employee_id"] = "emp_none"
    wanted[2] |= {"starts_at": wanted[0]["starts_at"], "ends_at": wanted[0]["ends_at"]}
    wanted[3]["ends_at"] = wanted[3]["starts_at"]
    body = {"shifts": wanted}
    assert faults(shared_api.post("/shifts/bulk", json=body)) == [
        "$.shifts[1].employee_id",
        "$.shifts[2].starts_at",
        "$.shifts[3].ends_at",
    ]
    wanted[3]["ends_at"] = "2027-01-04T07:00:00"
    assert faults(shared_api.post("/shifts/bulk", json=body)) == ["$.shifts[3].ends_at"]
    assert count_of(shared_api, site["id"]) == 0


@pytest.mark.parametrize("number", [0, 501])
def test_neither_none_nor_more_than_500_are_made_at_once(shared_api: httpx.Client, number: int) -> None:
    at_fault(shared_api.post("/shifts/bulk", json={"shifts": days(1) * number}), "$.shifts")


def test_a_batch_under_one_key_happens_once(shared_api: httpx.Client) -> None:
    body, key = {"shifts": days(2, site_id=create(shared_api, "/sites")["id"])}, {"Idempotency-Key": "bulk"}
    first, again = (shared_api.post("/shifts/bulk", json=body, headers=key) for _ in range(2))
    assert (first.status_code, again.headers["idempotency-replayed"]) == (200, "true")
    assert first.content == again.content


# from a file


def send(api: httpx.Client, text: str | bytes, **headers: str) -> httpx.Response:
    return api.post("/shifts/import", content=text, headers={"Content-Type": "text/csv"} | headers)


def test_a_french_file_is_read_on_the_sites_clock(shared_api: httpx.Client) -> None:
    guard = a_guard(shared_api)
    text = (
        "\ufeffSite;Matricule;Poste;Date;Début;Fin;Pause;Remarques\r\n"
        f'Tour Belvédère;{guard["staff_number"]};PC sécurité jour;27/03/2027;19:00;07h;20;"Clés au PC ;\r\nbadge"\r\n'
        "\r\n"
        "sit_tour;;Renfort;2027-10-30;19h00;07:00;;\r\n"
    )
    first, second = made(send(shared_api, text))["shifts"]
    assert (first["starts_at"], first["ends_at"]) == ("2027-03-27T18:00:00Z", "2027-03-28T05:00:00Z")
    assert (first["employee_id"], first["break_minutes"], first["notes"]) == (guard["id"], 20, "Clés au PC ;\r\nbadge")
    assert first["post_id"] is not None
    assert (second["starts_at"], second["ends_at"]) == ("2027-10-30T17:00:00Z", "2027-10-31T06:00:00Z")
    assert (second["employee_id"], second["break_minutes"], second["post_id"]) == (None, None, None)


def test_an_english_file_tells_moments(shared_api: httpx.Client) -> None:
    text = "site_id,post,starts_at,ends_at\nsit_tour,PC,2027-01-04T19:00:00+01:00,05/01/2027 07:00\n"
    [shift] = made(send(shared_api, text))["shifts"]
    assert (shift["starts_at"], shift["ends_at"]) == ("2027-01-04T18:00:00Z", "2027-01-05T06:00:00Z")


HEAD = "site;matricule;poste;date;début;fin;pause\n"
GOOD = "sit_tour;;PC;04/01/2027;07:00;19:00;20\n"


@pytest.mark.parametrize(
    ("text", "paths"),
    [
        (HEAD + "sit_none;;PC;04/01/2027;07:00;19:00;20\n" + GOOD, ["$.lines[2].site"]),
        (HEAD + GOOD + "sit_tour;Z9;PC;04/01/2027;07:00;19:00;20\n", ["$.lines[3].matricule"]),
        (HEAD + GOOD + "sit_tour;;;04/01/2027;07:00;19:00;20\n", ["$.lines[3].poste"]),
        (HEAD + "sit_tour;;PC;30/02/2027;07:00;19:00;20\n", ["$.lines[2].date"]),
        (HEAD + "sit_tour;;PC;04/01/2027;25:00;19:00;20\n", ["$.lines[2].début"]),
        (HEAD + "sit_tour;;PC;28/03/2027;02:30;09:00;20\n", ["$.lines[2].début"]),
        (HEAD + "sit_tour;;PC;04/01/2027;07:00;soir;20\n", ["$.lines[2].fin"]),
        (HEAD + "sit_tour;;PC;04/01/2027;07:00;19:00;-5\n", ["$.lines[2].pause"]),
        (HEAD + "sit_tour;;PC;04/01/2027;07:00;19:00;721\n", ["$.lines[2].pause"]),
        (HEAD + "sit_tour;;PC;04/01/2027;07:00;07:30;30\n", ["$.lines[2].pause"]),
        (HEAD + "sit_tour;emp_demo;PC;09/11/2026;20:00;23:00;\n", ["$.lines[2].début"]),
        (HEAD + "sit_tour;;PC;01/01/0001;07:00;19:00;\n", ["$.lines[2].début"]),
        (HEAD + "sit_tour;;PC;31/12/9999;19:00;07:00;\n", ["$.lines[2].date"]),
        (HEAD + "sit_tour;;PC;04/01/2027;07:00;19:00;20;x\n", ["$.lines[2]"]),
        (HEAD + GOOD.replace("PC", "P" * 201) + "sit_none;;;;;;\n", ["$.lines[2].poste", "$.lines[3].site"]),
        (HEAD, ["$.lines[2]"]),
        ("", ["$.lines[1]"]),
        ("site;poste;début\n", ["$.lines[1]"]),
        ("site;site_id;poste;début;fin\n", ["$.lines[1]"]),
        ("site;poste;début;fin;salaire\n", ["$.lines[1]"]),
        ('site;poste;début;fin\n"sit_tour;PC\n', ["$.lines[2]"]),
        ("site;poste;début;fin\nsit_tour;PC;2027-01-04T07:00:00X;2027-01-04T09:00:00\n", ["$.lines[2].début"]),
        ((HEAD + GOOD).encode("cp1252"), ["$.lines[1]"]),
        (HEAD + GOOD * 501, ["$.lines[502]"]),
        ("\x00", ["$.lines[1]"]),
    ],
)
def test_a_file_that_can_not_be_read_is_told_by_line_and_column(
    shared_api: httpx.Client, text: str | bytes, paths: list[str]
) -> None:
    before = count_of(shared_api, "sit_tour")
    assert faults(send(shared_api, text)) == paths
    assert count_of(shared_api, "sit_tour") == before


def test_a_file_under_one_key_is_read_once(shared_api: httpx.Client) -> None:
    first, again = (send(shared_api, HEAD + GOOD, **{"Idempotency-Key": "file"}) for _ in range(2))
    assert first.content == again.content


# by a cycle


def test_a_cycle_makes_its_drafts_once(shared_api: httpx.Client) -> None:
    cycle = made(shared_api.post("/cycles", json=cycle_body()))
    own = f"/cycles/{cycle['id']}/generate"
    first = made(shared_api.post(own, json={"first_on": "2027-01-03", "last_on": "2027-01-11"}))["shifts"]
    assert [(shift["starts_at"], shift["ends_at"]) for shift in first] == [
        ("2027-01-04T06:00:00Z", "2027-01-04T18:00:00Z"),
        ("2027-01-05T18:00:00Z", "2027-01-06T06:00:00Z"),
        ("2027-01-10T06:00:00Z", "2027-01-10T18:00:00Z"),
        ("2027-01-11T18:00:00Z", "2027-01-12T06:00:00Z"),
    ]
    assert {shift["post_id"] for shift in first} == {cycle["post_id"]} != {None}
    made(shared_api.post(f"/shifts/{first[0]['id']}/cancel"))
    again = made(shared_api.post(own, json={"first_on": "2027-01-04", "last_on": "2027-01-16"}))["shifts"]
    assert [shift["starts_at"] for shift in again] == ["2027-01-16T06:00:00Z"]


@pytest.mark.parametrize(("day", "hours"), [("2027-03-27", 11), ("2027-10-30", 13), ("2027-01-04", 12)])
def test_a_cycles_shift_is_on_the_sites_clock(shared_api: httpx.Client, day: str, hours: int) -> None:
    slots = [{"day": 1, "start": "19:00", "end": "07:00"}]
    cycle = made(shared_api.post("/cycles", json=cycle_body(length_days=1, slots=slots)))
    body = {"first_on": day, "last_on": day}
    [shift] = made(shared_api.post(f"/cycles/{cycle['id']}/generate", json=body))["shifts"]
    start, end = (datetime.fromisoformat(shift[name]) for name in ("starts_at", "ends_at"))
    assert end - start == timedelta(hours=hours)
    assert [moment.astimezone(PARIS).hour for moment in (start, end)] == [19, 7]


def test_a_cycle_that_clashes_makes_nothing_and_names_its_slot(shared_api: httpx.Client) -> None:
    guard = a_guard(shared_api)
    slots = cycle_body()["slots"]
    slots[1]["employee_id"] = guard["id"]
    cycle = made(shared_api.post("/cycles", json=cycle_body(slots=slots)))
    a_shift(shared_api, employee_id=guard["id"], starts_at="2027-01-05T20:00:00Z", ends_at="2027-01-05T23:00:00Z")
    body = {"first_on": "2027-01-04", "last_on": "2027-01-05"}
    before = count_of(shared_api, "sit_chantier")
    at_fault(shared_api.post(f"/cycles/{cycle['id']}/generate", json=body), "$.slots[1].starts_at")
    assert count_of(shared_api, "sit_chantier") == before


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"length_days": 1}, "$.slots[1].day"),
        ({"length_days": 85}, "$.length_days"),
        ({"slots": []}, "$.slots"),
        ({"slots": [{"day": 1, "start": "24:00", "end": "07:00"}]}, "$.slots[0].start"),
        ({"slots": [{"day": 1, "start": "19:00", "end": "7:00"}]}, "$.slots[0].end"),
        ({"slots": [{"day": 0, "start": "19:00", "end": "07:00"}]}, "$.slots[0].day"),
        (
            {"slots": [{"day": 1, "start": "19:00", "end": "07:00", "employee_id": "emp_none"}]},
            "$.slots[0].employee_id",
        ),
        ({"anchor_on": "0001-01-01"}, "$.anchor_on"),
        ({"site_id": "sit_none"}, "$.site_id"),
        ({"post": None}, "$.post"),
    ],
)
def test_a_cycle_that_can_not_be_is_422(shared_api: httpx.Client, change: dict[str, object], path: str) -> None:
    at_fault(shared_api.post("/cycles", json=cycle_body(**change)), path)
    if change.keys() <= {"length_days", "slots", "anchor_on"}:
        cycle = made(shared_api.post("/cycles", json=cycle_body()))
        at_fault(shared_api.patch(f"/cycles/{cycle['id']}", json=change, headers={"If-Match": '"1"'}), path)


@pytest.mark.parametrize(
    ("first_on", "last_on", "path"),
    [
        ("2027-01-05", "2027-01-04", "$.last_on"),
        ("2027-01-01", "2028-01-02", "$.last_on"),
        ("0001-01-01", "2027-01-04", "$.first_on"),
        ("2027-01-01", "9999-12-31", "$.last_on"),
    ],
)
def test_a_period_that_can_not_be_is_422(shared_api: httpx.Client, first_on: str, last_on: str, path: str) -> None:
    cycle = made(shared_api.post("/cycles", json=cycle_body()))
    at_fault(shared_api.post(f"/cycles/{cycle['id']}/generate", json={"first_on": first_on, "last_on": last_on}), path)


# as a calendar


def calendar(api: httpx.Client, query: str) -> list[dict[str, str]]:
    answer = api.get(f"/planning/ics?{query}")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/calendar; charset=utf-8")
    lines = answer.content.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert lines[-1] == b""
    unfolded = answer.content.replace(b"\r\n ", b"").decode().split("\r\n")
    assert (unfolded[0], unfolded[-2]) == ("BEGIN:VCALENDAR", "END:VCALENDAR")
    events: list[dict[str, str]] = []
    for line in unfolded[1:-2]:
        name, _, value = line.partition(":")
        if line == "BEGIN:VEVENT":
            events.append({})
        elif events and name != "END":
            events[-1][name] = value
    return events


def test_a_calendar_has_published_shifts_in_utc_escaped_and_folded(shared_api: httpx.Client) -> None:
    name, notes = f"Zone é; Nord, quai \\ {'é' * 60}", "Clés au PC ;\r\nbadge, code\n"
    site = create(shared_api, "/sites", name=name)
    guard = a_guard(shared_api)
    night = {"starts_at": "2027-03-27T19:00:00+01:00", "ends_at": "2027-03-28T07:00:00+02:00", "post": "Ronde"}
    shift = a_shift(shared_api, site_id=site["id"], employee_id=guard["id"], notes=notes, **night)
    draft = a_shift(shared_api, site_id=site["id"])
    publish(shared_api, shift)
    [event] = calendar(shared_api, f"site_id={site['id']}")
    assert event == {
        "UID": f"{shift['id']}@sekur",
        "SEQUENCE": "2",
        "DTSTAMP": "20261107T190000Z",
        "DTSTART": "20270327T180000Z",
        "DTEND": "20270328T050000Z",
        "SUMMARY": f"Ronde\\, Zone é\\; Nord\\, quai \\\\ {'é' * 60}",
        "LOCATION": "2 rue d'Essai",
        "DESCRIPTION": "Clés au PC \\;\\nbadge\\, code\\n",
        "STATUS": "CONFIRMED",
    }
    assert calendar(shared_api, f"employee_id={guard['id']}") == [event]
    for one in (shift, draft):
        made(shared_api.post(f"/shifts/{one['id']}/cancel"))
    assert {one["STATUS"] for one in calendar(shared_api, f"site_id={site['id']}")} == {"CANCELLED"}
    assert calendar(shared_api, f"site_id={site['id']}&starts_from=2027-03-28T00:00:00Z") == []
    assert calendar(shared_api, "site_id=sit_none") == []
    for wrong in ("2027-03-28", "0001-01-01T00:00:00%2B14:00", "9999-12-31T23:59:59-12:00", "1793998800", "null"):
        refused(shared_api.get(f"/planning/ics?starts_from={wrong}"), 400)


def test_a_calendar_begins_a_month_ago(shared_api: httpx.Client) -> None:
    site = create(shared_api, "/sites")
    for day in (date(2026, 10, 7), date(2026, 10, 8)):
        start = datetime(day.year, day.month, day.day, 18, tzinfo=UTC)
        publish(
            shared_api,
            a_shift(shared_api, site_id=site["id"], starts_at=at(start), ends_at=at(start + timedelta(hours=6))),
        )
    assert [event["DTSTART"] for event in calendar(shared_api, f"site_id={site['id']}")] == ["20261008T180000Z"]
