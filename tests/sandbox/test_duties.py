"""Duties: started with their shift and their device, corrected, validated; lateness and ends that were forgotten."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest
from people_bodies import at_fault, create, made, refused
from planning_bodies import a_guard, a_shift, publish
from wearable import Wearable

from sekur_sdk.sandbox.ingest.ingest import Ingest
from sekur_sdk.sandbox.watch import look

if TYPE_CHECKING:
    import httpx
    from conftest import Clock

    from sekur_sdk.sandbox.server import SandboxServer
    from sekur_sdk.sandbox.store.database import Store

# The clock of these tests begins at 2026-11-07T19:00Z.
TIMES = {"starts_at": "2026-11-07T19:00:00Z", "ends_at": "2026-11-08T01:00:00Z", "post": "Renfort"}


def start(api: httpx.Client, guard: dict[str, Any], **body: object) -> httpx.Response:
    return api.post("/duties", json={"employee_id": guard["id"], "site_id": "sit_tour"} | body)


def planned(api: httpx.Client, guard: dict[str, Any], **changes: object) -> dict[str, Any]:
    shift = a_shift(api, employee_id=guard["id"], **TIMES | changes)
    publish(api, shift)
    return shift


def status_of(api: httpx.Client, shift: dict[str, Any]) -> str:
    return str(made(api.get(f"/shifts/{shift['id']}"))["status"])


def told(sandbox: SandboxServer, after: int, *types: str) -> list[str]:
    events, _ = sandbox.feed.read(after, frozenset(types))
    return [type_ for _, type_, _ in events]


# with a shift


@pytest.mark.parametrize(
    ("after_s", "lasts_s", "late", "early"),
    [
        (-3600, 7 * 3600, 0, 0),
        (0, 6 * 3600, 0, 0),
        (299, 6 * 3600, 4, 0),
        (300, 5 * 3600, 5, 55),
        (3600, 7200, 60, 180),
    ],
)
def test_a_duty_takes_its_shift_along_and_tells_how_late_and_early_it_was(
    api: httpx.Client, sandbox: SandboxServer, clock: Clock, after_s: int, lasts_s: int, late: int, early: int
) -> None:
    guard = a_guard(api)
    shift = planned(api, guard)
    clock.advance(after_s)
    after = sandbox.feed.latest
    duty = made(start(api, guard, shift_id=shift["id"], method="qr"))
    assert (duty["late_minutes"], duty["left_early_minutes"], duty["method"]) == (late, None, "qr")
    assert status_of(api, shift) == "in_progress"
    assert told(sandbox, after, "duty.late") == ["duty.late"] * (late >= 5)
    clock.advance(lasts_s)
    ended = made(api.post(f"/duties/{duty['id']}/end"))
    assert (ended["left_early_minutes"], status_of(api, shift)) == (early, "done")


def test_a_shift_that_was_called_missed_is_taken_up_late_all_the_same(api: httpx.Client, clock: Clock) -> None:
    guard = a_guard(api)
    shift = planned(api, guard)
    clock.advance(5400)
    made(api.post(f"/shifts/{shift['id']}/no-show"))
    made(start(api, guard, shift_id=shift["id"]))
    assert status_of(api, shift) == "in_progress"


def test_a_duty_is_of_a_published_shift_of_its_employee_there_and_then(api: httpx.Client) -> None:
    guard, other = a_guard(api), a_guard(api)
    draft = a_shift(api, employee_id=guard["id"], **TIMES)
    theirs, elsewhere = planned(api, other), planned(api, a_guard(api), site_id="sit_chantier")
    later = planned(api, a_guard(api), starts_at="2026-11-08T07:30:00Z", ends_at="2026-11-08T15:00:00Z")
    for shift in (draft, theirs):
        at_fault(start(api, guard, shift_id=shift["id"]), "$.shift_id")
    for shift in (elsewhere, later):
        at_fault(start(api, {"id": shift["employee_id"]}, shift_id=shift["id"]), "$.shift_id")
    at_fault(start(api, guard, shift_id="shf_none"), "$.shift_id")
    at_fault(start(api, create(api, "/employees")), "$.employee_id")
    at_fault(start(api, guard, started_at="0001-01-01T00:00:00+14:00"), "$.started_at")
    assert api.get(f"/duties?employee_id={guard['id']}").json()["items"] == []


def test_a_duty_that_names_no_shift_is_of_the_one_that_is_due(api: httpx.Client) -> None:
    soon = {"starts_at": "2026-11-07T20:00:00Z", "ends_at": "2026-11-08T02:00:00Z"}
    later = {"starts_at": "2026-11-07T20:00:01Z", "ends_at": "2026-11-08T02:00:01Z"}
    for times, is_due in ((soon, True), (later, False)):
        guard = a_guard(api)
        shift = planned(api, guard, **times)
        duty = made(start(api, guard))
        assert (duty["shift_id"], status_of(api, shift)) == (
            (shift["id"], "in_progress") if is_due else (None, "published")
        )


def test_a_shift_that_has_begun_keeps_its_employee_and_its_start(api: httpx.Client) -> None:
    guard = a_guard(api)
    shift = planned(api, guard)
    made(start(api, guard, shift_id=shift["id"]))
    own, headers = f"/shifts/{shift['id']}", {"If-Match": "*"}
    for change in ({"employee_id": None}, {"starts_at": "2026-11-07T18:00:00Z"}):
        assert refused(api.patch(own, json=change, headers=headers), 409)["current"]["id"] == shift["id"]
    made(api.patch(own, json={"ends_at": "2026-11-08T02:00:00Z"}, headers=headers))


def test_a_duty_does_not_begin_within_one_before(api: httpx.Client, clock: Clock) -> None:
    guard = a_guard(api)
    duty = made(start(api, guard))
    clock.advance(3600)
    made(api.post(f"/duties/{duty['id']}/end"))
    at_fault(start(api, guard, started_at="2026-11-07T19:59:00Z"), "$.started_at")
    made(start(api, guard, started_at="2026-11-07T20:00:00Z"))


# who wears which device


def test_a_device_is_handed_over_at_the_start_and_given_back_at_the_end(api: httpx.Client, clock: Clock) -> None:
    pool = made(api.post("/devices", json={"label": "PTI 20", "model": "Zero 2 W"}))
    wearer, other = a_guard(api), a_guard(api)

    def worn_by(device_id: str = pool["id"]) -> str | None:
        return made(api.get(f"/devices/{device_id}"))["employee_id"]  # type: ignore[no-any-return]  # an id

    first = made(start(api, wearer, device_id=pool["id"]))
    assert worn_by() == wearer["id"]
    told = refused(start(api, other, device_id=pool["id"]), 409)
    assert told["allowed"] == []
    clock.advance(60)
    made(api.post(f"/duties/{first['id']}/end"))
    assert worn_by() is None
    second = made(start(api, other, device_id=pool["id"]))
    assert worn_by() == other["id"]
    clock.advance(60)
    made(api.post(f"/duties/{second['id']}/correct", json={"ended_at": "2026-11-07T19:01:30Z", "reason": "Oubli"}))
    assert worn_by() is None
    owned = made(start(api, wearer, device_id="dev_pti_08"))
    assert worn_by("dev_pti_08") == wearer["id"]
    made(api.post(f"/duties/{owned['id']}/end"))
    assert worn_by("dev_pti_08") == "emp_benali"
    at_fault(start(api, wearer, device_id="dev_none"), "$.device_id")


def test_one_of_many_who_take_a_device_at_once_has_it(api: httpx.Client) -> None:
    pool = made(api.post("/devices", json={"label": "PTI 21", "model": "Zero 2 W"}))
    guards = [a_guard(api) for _ in range(8)]
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda guard: start(api, guard, device_id=pool["id"]), guards))
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 7


def test_a_wearable_that_tells_its_own_duty_keeps_working(store: Store, wearable: Wearable, clock: Clock) -> None:
    def state() -> tuple[object, ...]:
        with store.read() as connection:
            duty = connection.exec_driver_sql("SELECT employee_id, status, method FROM duty").one()
            device = connection.exec_driver_sql("SELECT employee_id FROM device WHERE id = 'dev_demo'").one()
        return (*duty, *device)

    def tell(action: str, **who: str) -> None:
        body = {"kind": "duty", "action": action, "duty": wearable.duty, "occurred_at": clock().isoformat()}
        wearable.send("event", wearable.envelope(body | who))

    wearable.duty = "019a5f3c-2b00-7a10-8f00-0123456789ab"
    tell("start", employee_id="emp_silva", site_id="sit_tour")
    assert state() == ("emp_silva", "open", "device", "emp_silva")
    clock.advance(60)
    tell("end")
    assert state() == ("emp_silva", "closed", "device", "emp_demo")


# corrected and validated


@pytest.fixture
def closed(api: httpx.Client, clock: Clock) -> dict[str, Any]:
    """A duty of 19:00 to 01:00 with a break, of a shift that ended then."""
    guard = a_guard(api)
    duty = made(start(api, guard, shift_id=planned(api, guard)["id"]))
    for seconds, action in ((7200, "break-start"), (1200, "break-end"), (4 * 3600 - 1200, "end")):
        clock.advance(seconds)
        duty = made(api.post(f"/duties/{duty['id']}/{action}"))
    clock.advance(3600)
    return duty


def test_a_correction_keeps_what_was_told_before(api: httpx.Client, closed: dict[str, Any]) -> None:
    own = f"/duties/{closed['id']}/correct"
    body = {"started_at": "2026-11-07T19:20:00Z", "ended_at": "2026-11-08T00:30:00Z", "reason": "Badge oublié"}
    first = made(api.post(own, json=body | {"by": "Planification"}))
    assert (first["started_at"], first["ended_at"], first["breaks"]) == (
        body["started_at"],
        body["ended_at"],
        closed["breaks"],
    )
    assert (first["late_minutes"], first["left_early_minutes"], first["version"]) == (20, 30, closed["version"] + 1)
    breaks = [{"started_at": "2026-11-07T20:00:00Z", "ended_at": "2026-11-07T20:20:00Z"}]
    second = made(api.post(own, json={"breaks": breaks, "reason": "Pause déplacée"}))
    assert second["breaks"] == breaks
    assert second["corrections"] == [
        {
            "at": "2026-11-08T02:00:00Z",
            "by": "Planification",
            "reason": "Badge oublié",
            "started_at": closed["started_at"],
            "ended_at": closed["ended_at"],
            "breaks": closed["breaks"],
        },
        {
            "at": "2026-11-08T02:00:00Z",
            "by": second["corrections"][1]["by"],
            "reason": "Pause déplacée",
            "started_at": body["started_at"],
            "ended_at": body["ended_at"],
            "breaks": closed["breaks"],
        },
    ]


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({"reason": ""}, "$.reason"),
        ({"reason": " ", "ended_at": "2026-11-08T00:30:00Z"}, "$.reason"),
        ({"reason": "Rien"}, "$.ended_at"),
        ({"started_at": "2026-11-08T01:00:00Z"}, "$.ended_at"),
        ({"ended_at": "2026-11-08T02:06:00Z"}, "$.ended_at"),
        ({"started_at": "2026-11-07T19:00:00"}, "$.started_at"),
        ({"started_at": "0001-01-01T00:00:00+14:00"}, "$.started_at"),
        ({"started_at": "2026-11-07T22:00:00Z"}, "$.breaks"),
        (
            {"breaks": [{"started_at": "2026-11-07T20:00:00Z", "ended_at": "2026-11-07T20:00:00Z"}]},
            "$.breaks[0].ended_at",
        ),
        ({"breaks": [{"started_at": "2026-11-07T18:00:00Z", "ended_at": "2026-11-07T20:00:00Z"}]}, "$.breaks[0]"),
        (
            {
                "breaks": [
                    {"started_at": "2026-11-07T21:00:00Z", "ended_at": "2026-11-07T21:20:00Z"},
                    {"started_at": "2026-11-07T20:00:00Z", "ended_at": "2026-11-07T20:20:00Z"},
                ]
            },
            "$.breaks[1]",
        ),
    ],
)
def test_a_correction_that_can_not_be_is_422(
    api: httpx.Client, closed: dict[str, Any], body: dict[str, object], path: str
) -> None:
    at_fault(api.post(f"/duties/{closed['id']}/correct", json={"reason": "Essai"} | body), path)
    assert made(api.get(f"/duties/{closed['id']}")) == closed


def test_a_correction_does_not_reach_into_another_duty(api: httpx.Client, closed: dict[str, Any]) -> None:
    made(start(api, {"id": closed["employee_id"]}, started_at="2026-11-08T01:30:00Z"))
    body = {"ended_at": "2026-11-08T01:45:00Z", "reason": "Essai"}
    at_fault(api.post(f"/duties/{closed['id']}/correct", json=body), "$.started_at")


def test_a_duty_is_validated_once_closed_and_anew_after_a_correction(api: httpx.Client, closed: dict[str, Any]) -> None:
    own = f"/duties/{closed['id']}"
    valid = made(api.post(f"{own}/validate", json={"by": "Paie"}))
    assert (valid["status"], valid["validated_by"]) == ("validated", "Paie")
    for action in ("validate", "end", "break-start"):
        assert refused(api.post(f"{own}/{action}"), 409)["allowed"] == ["correct"]
    again = made(api.post(f"{own}/correct", json={"ended_at": "2026-11-08T00:55:00Z", "reason": "Erreur"}))
    assert (again["status"], again["validated_by"]) == ("closed", None)


def test_a_duty_that_goes_on_is_corrected_with_its_end_alone(api: httpx.Client, clock: Clock) -> None:
    guard = a_guard(api)
    duty = made(start(api, guard))
    clock.advance(7200)
    own = f"/duties/{duty['id']}"
    assert refused(api.post(f"{own}/validate"), 409)["allowed"] == ["break-start", "end", "correct"]
    at_fault(api.post(f"{own}/correct", json={"started_at": "2026-11-07T18:55:00Z", "reason": "Essai"}), "$.ended_at")
    body = {"started_at": "2026-11-07T18:55:00Z", "ended_at": "2026-11-07T20:00:00Z", "reason": "Oubli"}
    corrected = made(api.post(f"{own}/correct", json=body))
    assert (corrected["status"], corrected["corrections"][0]["ended_at"]) == ("closed", None)


def test_a_late_step_of_a_wearable_does_not_undo_a_correction(
    api: httpx.Client, sandbox: SandboxServer, clock: Clock
) -> None:
    own = Wearable(Ingest(sandbox.store).handle, clock)
    own.duty = "019a5f3c-2b00-7a10-8f00-0123456789ab"

    def tell(action: str) -> None:
        body = {"kind": "duty", "action": action, "duty": own.duty, "occurred_at": clock().isoformat()}
        own.send("event", own.envelope(body))

    tell("start")
    [duty] = made(api.get("/duties"))["items"]
    clock.advance(7200)
    body = {"ended_at": "2026-11-07T20:00:00Z", "reason": "Parti à 20 h (UTC), boîtier oublié"}
    corrected = made(api.post(f"/duties/{duty['id']}/correct", json=body))
    tell("end")
    assert made(api.get(f"/duties/{duty['id']}")) == corrected


# forgotten ends


@pytest.mark.parametrize(("with_shift", "due_s"), [(True, 6 * 3600 + 1800), (False, 13 * 3600)])
def test_a_forgotten_end_is_told_once_and_nothing_is_ended(
    api: httpx.Client, sandbox: SandboxServer, clock: Clock, with_shift: bool, due_s: int
) -> None:
    guard = a_guard(api)
    duty = made(start(api, guard, shift_id=planned(api, guard)["id"] if with_shift else None))
    after = sandbox.feed.latest
    clock.advance(due_s - 1)
    sandbox.store.write(look)
    assert made(api.get(f"/duties/{duty['id']}"))["forgotten_end"] is False
    clock.advance(1)
    for _ in range(2):
        sandbox.store.write(look)
    flagged = made(api.get(f"/duties/{duty['id']}"))
    assert (flagged["forgotten_end"], flagged["status"]) == (True, "open")
    assert told(sandbox, after, "duty.forgotten_end") == ["duty.forgotten_end"]
    listed = made(api.get(f"/duties?forgotten_end=true&employee_id={guard['id']}"))["items"]
    assert listed == [flagged]
    assert made(api.post(f"/duties/{duty['id']}/end"))["forgotten_end"] is True


def test_the_whole_of_a_duty_is_listed_by_its_shift(api: httpx.Client) -> None:
    guard = a_guard(api)
    shift = planned(api, guard)
    duty = made(start(api, guard, shift_id=shift["id"]))
    assert made(api.get(f"/duties?shift_id={shift['id']}"))["items"] == [duty]
