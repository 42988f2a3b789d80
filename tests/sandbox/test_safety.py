"""Safety: alerts that apps raise and nobody acknowledges, PTI sessions, what wearables are told."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest
from people_bodies import Json, at_fault, made, refused
from wearable import Wearable, uid

from sekur_sdk.models.fleet import DeviceStatus
from sekur_sdk.sandbox.store.records import devices
from sekur_sdk.sandbox.watch import look

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx
    from conftest import Clock

    from sekur_sdk.sandbox.server import SandboxServer

SITE, GUARD = "sit_entrepot", "emp_demo"


def sos(**changes: object) -> Json:
    return {"uid": uid(), "kind": "sos", "employee_id": GUARD, "site_id": SITE} | changes


def duty(api: httpx.Client, **changes: object) -> Json:
    return made(api.post("/duties", json={"employee_id": GUARD, "site_id": SITE} | changes))


def session(api: httpx.Client, duty_id: str, **changes: object) -> Json:
    return made(api.post("/pti-sessions", json={"duty_id": duty_id} | changes))


def types_of(sandbox: SandboxServer, prefix: str) -> list[str]:
    return [type_ for _, type_, _ in sandbox.feed.read(0, frozenset())[0] if type_.startswith(prefix)]


@pytest.fixture
def later(sandbox: SandboxServer, clock: Clock) -> Callable[[float], None]:
    """Time passes, and the server looks."""

    def pass_(seconds: float) -> None:
        clock.advance(seconds)
        sandbox.store.write(look)

    return pass_


@pytest.fixture
def device(sandbox: SandboxServer, clock: Clock) -> Wearable:
    return Wearable(sandbox.ingest.handle, clock)


# alerts


def test_an_alert_raised_again_under_its_uid_is_the_first(api: httpx.Client, sandbox: SandboxServer) -> None:
    body = sos()
    first, again = made(api.post("/alerts", json=body)), made(api.post("/alerts", json=body))
    assert first == again
    assert (first["status"], first["employee_id"], first["site_id"]) == ("open", GUARD, SITE)
    assert types_of(sandbox, "alert.") == ["alert.opened"]
    entries = api.get(f"/sites/{SITE}/logbook?sort=-seq&limit=1").json()["items"]
    assert (entries[0]["alert_id"], entries[0]["author_id"]) == (first["id"], GUARD)
    at_fault(api.post("/alerts", json=body | {"kind": "fall"}), "$.uid")


def test_an_alert_raised_by_many_at_once_is_one(api: httpx.Client, sandbox: SandboxServer) -> None:
    body = sos()
    with ThreadPoolExecutor(8) as pool:
        raised = list(pool.map(lambda _: made(api.post("/alerts", json=body))["id"], range(24)))
    assert len(set(raised)) == 1
    assert types_of(sandbox, "alert.") == ["alert.opened"]


def test_an_alarm_that_an_app_relays_first_is_one_with_the_wearables_own(api: httpx.Client, device: Wearable) -> None:
    alarm = device.alert("sos")
    raised = made(api.post("/alerts", json={"uid": alarm["uid"], "kind": "sos", "device_id": "dev_demo"}))
    assert (raised["employee_id"], raised["site_id"]) == (GUARD, SITE)
    told = device.send("alert", alarm)
    assert [body.get("outcome") or body.get("state") for _, body in told] == ["stored", "received"]
    assert len(api.get("/alerts?device_id=dev_demo").json()["items"]) == 1


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"kind": "boredom"}, "$.kind"),
        ({"kind": "technical"}, "$.fault"),
        ({"fault": "gps_off"}, "$.fault"),
        ({"kind": "technical", "fault": "GPS off"}, "$.fault"),
        ({"uid": "one"}, "$.uid"),
        ({"occurred_at": "2026-11-07T19:01:01Z"}, "$.occurred_at"),
        ({"occurred_at": "2026-11-07T19:00:00"}, "$.occurred_at"),
        ({"employee_id": None}, "$.employee_id"),
        ({"employee_id": "emp_nobody"}, "$.employee_id"),
        ({"site_id": "sit_nowhere"}, "$.site_id"),
        ({"duty_id": "dty_none"}, "$.duty_id"),
        ({"device_id": "dev_none"}, "$.device_id"),
        ({"fix": {"lat": 0, "lon": 0, "fix_at": "2026-11-07T19:00:00Z"}}, "$.fix"),
        ({"fix": {"lat": 48.9, "lon": 2.3, "fix_at": "2026-11-07T19:01:01Z"}}, "$.fix.fix_at"),
        ({"fix": {"lat": 90.1, "lon": 2.3, "fix_at": "2026-11-07T19:00:00Z"}}, "$.fix.lat"),
    ],
)
def test_an_alert_that_can_not_be_is_refused(shared_api: httpx.Client, changes: Json, path: str) -> None:
    at_fault(shared_api.post("/alerts", json=sos(**changes)), path)


def test_an_alert_of_anothers_duty_is_refused(api: httpx.Client) -> None:
    own = duty(api)
    at_fault(api.post("/alerts", json=sos(employee_id="emp_benali", duty_id=own["id"])), "$.duty_id")
    at_fault(api.post("/alerts", json=sos(site_id="sit_tour", duty_id=own["id"])), "$.duty_id")
    raised = made(api.post("/alerts", json=sos(employee_id=None, site_id=None, duty_id=own["id"])))
    assert (raised["employee_id"], raised["site_id"]) == (GUARD, SITE)


ACTIONS: dict[str, Json] = {
    "acknowledge": {"by": "PC"},
    "escalate": {"by": "PC"},
    "resolve": {"resolution": "Levée de doute faite"},
}
ALLOWED = {
    "open": ["acknowledge", "escalate", "resolve"],
    "escalated": ["acknowledge", "escalate", "resolve"],
    "acknowledged": ["escalate", "resolve"],
    "resolved": [],
    "false_alarm": [],
}


def alert_in(api: httpx.Client, status: str) -> Json:
    alert = made(api.post("/alerts", json=sos()))
    for action, body in {
        "open": (),
        "escalated": (("escalate", {}),),
        "acknowledged": (("acknowledge", {}),),
        "resolved": (("resolve", {"resolution": "RAS"}),),
        "false_alarm": (("resolve", {"resolution": "Fausse manœuvre", "false_alarm": True}),),
    }[status]:
        alert = made(api.post(f"/alerts/{alert['id']}/{action}", json=body))
    assert alert["status"] == status
    return alert


@pytest.mark.parametrize("status", ALLOWED)
@pytest.mark.parametrize("action", ACTIONS)
def test_an_alert_takes_the_steps_of_its_state_alone(shared_api: httpx.Client, status: str, action: str) -> None:
    alert = alert_in(shared_api, status)
    answer = shared_api.post(f"/alerts/{alert['id']}/{action}", json=ACTIONS[action])
    if action in ALLOWED[status]:
        assert made(answer)["version"] == alert["version"] + 1
    else:
        told = refused(answer, 409)
        assert (told["allowed"], told["current"]) == (ALLOWED[status], alert)


def test_a_false_alarm_needs_its_reason(shared_api: httpx.Client) -> None:
    alert = alert_in(shared_api, "open")
    for body in ({"false_alarm": True}, {"false_alarm": True, "resolution": " "}):
        refused(shared_api.post(f"/alerts/{alert['id']}/resolve", json=body), 422)


def test_an_alert_that_nobody_acknowledges_is_escalated_in_its_sites_delay_three_times(
    api: httpx.Client, sandbox: SandboxServer, later: Callable[[float], None]
) -> None:
    site = api.get(f"/sites/{SITE}").json()
    assert site["alert_delay_s"] == 120
    made(api.patch(f"/sites/{SITE}", json={"alert_delay_s": 60}, headers={"If-Match": "*"}))
    alert = made(api.post("/alerts", json=sos()))
    elsewhere = made(api.post("/alerts", json=sos(site_id="sit_tour")))
    later(59)
    assert api.get(f"/alerts/{alert['id']}").json()["status"] == "open"
    for level, seconds in ((1, 1), (2, 60), (3, 60), (3, 60)):
        later(seconds)
        now = api.get(f"/alerts/{alert['id']}").json()
        assert (now["status"], now["escalation_level"], now["escalated_by"]) == ("escalated", level, "sekur")
    assert api.get(f"/alerts/{elsewhere['id']}").json()["escalation_level"] == 2
    told = refused(api.post(f"/alerts/{alert['id']}/escalate"), 409)
    assert told["allowed"] == ["acknowledge", "resolve"]
    assert types_of(sandbox, "alert.esc") == ["alert.escalated"] * 5
    taken = made(api.post(f"/alerts/{elsewhere['id']}/acknowledge"))
    later(600)
    assert api.get(f"/alerts/{elsewhere['id']}").json() == taken


def test_tests_and_low_batteries_are_not_escalated_and_acknowledged_ones_by_people_alone(
    api: httpx.Client, later: Callable[[float], None]
) -> None:
    waiting = [made(api.post("/alerts", json=sos(kind=kind))) for kind in ("test", "low_battery")]
    taken = alert_in(api, "acknowledged")
    later(3600)
    assert {api.get(f"/alerts/{alert['id']}").json()["escalation_level"] for alert in (*waiting, taken)} == {0}
    called = made(api.post(f"/alerts/{taken['id']}/escalate", json={"by": "Chef de poste"}))
    assert (called["escalated_by"], called["acknowledged_by"]) == ("Chef de poste", taken["acknowledged_by"])


@pytest.mark.parametrize("delay", [29, 3601, 60.5, None])
def test_a_sites_delay_has_its_limits(shared_api: httpx.Client, delay: object) -> None:
    at_fault(
        shared_api.patch(f"/sites/{SITE}", json={"alert_delay_s": delay}, headers={"If-Match": "*"}), "$.alert_delay_s"
    )


# PTI sessions


def test_a_session_that_falls_silent_is_lost_and_its_alert_resolved_when_it_is_heard_again(
    api: httpx.Client, sandbox: SandboxServer, later: Callable[[float], None]
) -> None:
    own = session(api, duty(api)["id"], heartbeat_s=60)
    assert (own["employee_id"], own["site_id"], own["device_id"], own["status"]) == (GUARD, SITE, None, "open")
    later(60)
    made(api.post(f"/pti-sessions/{own['id']}/heartbeat"))
    later(60)
    assert api.get(f"/pti-sessions/{own['id']}").json()["status"] == "open"
    later(1)
    later(1)
    lost = api.get(f"/pti-sessions/{own['id']}").json()
    (alert,) = api.get(f"/alerts?employee_id={GUARD}").json()["items"]
    assert (lost["status"], lost["alert_id"], alert["kind"], alert["fault"]) == (
        "lost",
        alert["id"],
        "technical",
        "no_heartbeat",
    )
    assert (alert["duty_id"], alert["site_id"]) == (own["duty_id"], SITE)
    heard = made(api.post(f"/pti-sessions/{own['id']}/heartbeat"))
    assert (heard["status"], heard["lost_at"], heard["alert_id"]) == ("open", None, None)
    assert api.get(f"/alerts/{alert['id']}").json()["status"] == "resolved"
    assert types_of(sandbox, "pti_session.") == ["pti_session.started", "pti_session.lost", "pti_session.recovered"]


def test_a_session_ends_with_its_duty_and_is_silent_then(api: httpx.Client, later: Callable[[float], None]) -> None:
    own_duty = duty(api)
    own = session(api, own_duty["id"])
    made(api.post(f"/duties/{own_duty['id']}/break-start"))
    assert api.get(f"/pti-sessions/{own['id']}").json()["status"] == "open"
    made(api.post(f"/duties/{own_duty['id']}/end"))
    ended = api.get(f"/pti-sessions/{own['id']}").json()
    assert (ended["status"], ended["ended_at"]) == ("ended", "2026-11-07T19:00:00Z")
    later(3600)
    assert api.get(f"/alerts?employee_id={GUARD}").json()["items"] == []
    at_fault(api.post("/pti-sessions", json={"duty_id": own_duty["id"]}), "$.duty_id")
    for action in ("heartbeat", "end"):
        told = refused(api.post(f"/pti-sessions/{own['id']}/{action}"), 409)
        assert (told["allowed"], told["current"]) == ([], ended)


def test_the_alert_of_a_lost_session_outlives_its_end(api: httpx.Client, later: Callable[[float], None]) -> None:
    own_duty = duty(api)
    own = session(api, own_duty["id"], heartbeat_s=30)
    later(31)
    assert made(api.post(f"/pti-sessions/{own['id']}/end"))["status"] == "ended"
    (alert,) = api.get(f"/alerts?employee_id={GUARD}").json()["items"]
    assert alert["status"] == "open"


def test_an_employee_and_a_wearable_have_one_session_at_a_time(api: httpx.Client) -> None:
    own = duty(api)
    session(api, own["id"], device_id="dev_demo")
    assert refused(api.post("/pti-sessions", json={"duty_id": own["id"]}), 409)["allowed"] == ["heartbeat", "end"]
    other = duty(api, employee_id="emp_benali")
    refused(api.post("/pti-sessions", json={"duty_id": other["id"], "device_id": "dev_demo"}), 409)
    session(api, other["id"])


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"duty_id": "dty_none"}, "$.duty_id"),
        ({"device_id": "dev_none"}, "$.device_id"),
        ({"heartbeat_s": 29}, "$.heartbeat_s"),
        ({"heartbeat_s": 3601}, "$.heartbeat_s"),
        ({"employee_id": "emp_demo"}, "$"),
    ],
)
def test_a_session_that_can_not_be_is_refused(api: httpx.Client, changes: Json, path: str) -> None:
    at_fault(api.post("/pti-sessions", json={"duty_id": duty(api)["id"]} | changes), path)


def test_the_health_of_a_wearable_is_the_heartbeat_of_its_session(
    api: httpx.Client, device: Wearable, later: Callable[[float], None]
) -> None:
    device.send("event", device.duty_step("start"))
    (running,) = api.get(f"/duties?employee_id={GUARD}&status=open").json()["items"]
    own = session(api, running["id"], device_id="dev_demo", heartbeat_s=90)
    for _ in range(3):
        later(60)
        device.send("health", device.health())
    assert api.get(f"/pti-sessions/{own['id']}").json()["status"] == "open"
    later(91)
    assert api.get(f"/pti-sessions/{own['id']}").json()["status"] == "lost"
    device.send("health", device.health())
    assert api.get(f"/pti-sessions/{own['id']}").json()["status"] == "open"
    device.send("event", device.duty_step("end"))
    assert api.get(f"/pti-sessions/{own['id']}").json()["status"] == "ended"


def test_a_server_that_was_down_first_listens_as_long_as_a_session_may_be_silent(
    api: httpx.Client, sandbox: SandboxServer, clock: Clock
) -> None:
    own = session(api, duty(api)["id"], heartbeat_s=60)
    clock.advance(3600)
    back = clock.at
    sandbox.store.write(lambda tx: look(tx, listening_since=back))
    assert api.get(f"/pti-sessions/{own['id']}").json()["status"] == "open"
    clock.advance(61)
    sandbox.store.write(lambda tx: look(tx, listening_since=back))
    assert api.get(f"/pti-sessions/{own['id']}").json()["status"] == "lost"


# what wearables are told


def sent(sandbox: SandboxServer, change: Callable[[], Any]) -> list[tuple[str, bytes, bool]]:
    published = []

    def note(tx: Any) -> None:
        published.extend((one.topic.split("/", 4)[4], one.payload, one.retain) for one in tx.publications)

    sandbox.store.on_commit(note)
    change()
    return published


LOCATE = {"kind": "locate", "args": {"seconds": "30"}, "expires_at": "2026-11-07T19:10:00Z"}


def test_a_command_is_published_and_shows_what_the_wearable_answered(
    api: httpx.Client, sandbox: SandboxServer, device: Wearable
) -> None:
    answers: list[Json] = []
    ((topic, payload, retain),) = sent(
        sandbox, lambda: answers.append(made(api.post("/devices/dev_demo/commands", json=LOCATE)))
    )
    (command,) = answers
    assert (topic, retain, b'"seconds":"30"' in payload) == (f"cmd/{command['id']}", False, True)
    # back after a break of the line: it may have missed it
    assert [channel for channel, _ in device.send("status", device.status())] == [topic]
    result = {"v": 1, "id": command["id"], "outcome": "refused", "at": "2026-11-07T19:00:05Z", "detail": "inconnue"}
    device.send(f"{topic}/result", _json(result))
    device.send(f"{topic}/result", _json(result | {"outcome": "done"}))
    now = api.get(f"/devices/dev_demo/commands/{command['id']}").json()
    assert (now["status"], now["detail"], now["answered_at"]) == ("refused", "inconnue", "2026-11-07T19:00:00Z")
    assert api.get("/devices/dev_demo/commands?status=refused").json()["items"] == [now]
    assert device.send("status", device.status()) == []
    assert types_of(sandbox, "command.") == ["command.sent", "command.answered"]
    refused(api.get(f"/devices/dev_pti_08/commands/{command['id']}"), 404)


def test_a_command_that_is_not_answered_expires_and_a_late_answer_still_counts(
    api: httpx.Client, device: Wearable, later: Callable[[float], None]
) -> None:
    command = made(api.post("/devices/dev_demo/commands", json=LOCATE))
    later(600)
    assert api.get(f"/devices/dev_demo/commands/{command['id']}").json()["status"] == "expired"
    result = {"v": 1, "id": command["id"], "outcome": "done", "at": "2026-11-07T19:09:59Z"}
    device.send(f"cmd/{command['id']}/result", _json(result))
    assert api.get(f"/devices/dev_demo/commands/{command['id']}").json()["status"] == "done"


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"kind": "Locate!"}, "$.kind"),
        ({"expires_at": "2026-11-07T19:00:00Z"}, "$.expires_at"),
        ({"expires_at": "2026-11-07T19:10:00"}, "$.expires_at"),
        ({"args": {"seconds": 30}}, "$.args[...]"),
        ({"args": {"seconds": "x" * 501}}, "$.args[...]"),
        ({"args": {f"a{number}": "" for number in range(21)}}, "$.args"),
    ],
)
def test_a_command_that_can_not_be_is_refused(shared_api: httpx.Client, changes: Json, path: str) -> None:
    at_fault(shared_api.post("/devices/dev_demo/commands", json=LOCATE | changes), path)
    refused(shared_api.post("/devices/dev_none/commands", json=LOCATE), 404)


def test_a_configuration_is_retained_and_told_again_until_the_wearable_has_it_or_refuses_it(
    api: httpx.Client, sandbox: SandboxServer, device: Wearable
) -> None:
    path, if_match = "/devices/dev_demo/config", {"If-Match": '"0"'}
    empty = api.get(path)
    assert (empty.headers["etag"], empty.json()["version"], empty.json()["reported"]) == ('"0"', 0, None)
    refused(api.patch(path, json={"tilt_deg": 50}), 428)
    answers: list[Json] = []
    ((topic, payload, retain),) = sent(
        sandbox, lambda: answers.append(made(api.patch(path, json={"tilt_deg": 50}, headers=if_match)))
    )
    assert (topic, retain, b'"tilt_deg":50.0' in payload, answers[0]["version"]) == ("config/desired", True, True, 1)
    refused(api.patch(path, json={"tilt_deg": 60}, headers=if_match), 412)
    report: Json = {"v": 1, "version": 0, "settings": {"tilt_deg": 45.0}}
    assert [channel for channel, _ in device.send("config/reported", _json(report))] == ["config/desired"]
    assert device.send("config/reported", _json(report | {"refused": 1, "reason": "non"})) == []
    assert api.get(path).json()["reported"]["refused"] == 1
    # one that comes from another server runs with a higher version, which it must be outbid
    device.send("config/reported", _json(report | {"version": 7}))
    changed = made(api.patch(path, json={"tilt_deg": None, "silent_sos": True}, headers={"If-Match": "*"}))
    assert (changed["version"], changed["settings"]["tilt_deg"], changed["settings"]["silent_sos"]) == (8, None, True)
    unchanged = made(api.patch(path, json={"silent_sos": True}, headers={"If-Match": "*"}))
    assert unchanged == changed


def test_a_retired_wearable_is_told_nothing(api: httpx.Client, sandbox: SandboxServer) -> None:
    sandbox.store.write(
        lambda tx: devices.update(tx, devices.find(tx.connection, "dev_demo"), status=DeviceStatus.RETIRED)
    )
    assert refused(api.post("/devices/dev_demo/commands", json=LOCATE), 409)["current"]["id"] == "dev_demo"
    answer = api.patch("/devices/dev_demo/config", json={"tilt_deg": 50}, headers={"If-Match": "*"})
    assert refused(answer, 409)["current"]["version"] == 0
    at_fault(api.post("/pti-sessions", json={"duty_id": duty(api)["id"], "device_id": "dev_demo"}), "$.device_id")


@pytest.mark.parametrize(
    ("field", "low", "high"),
    [
        ("pre_alarm_s", -1, 91),
        ("tilt_deg", 19, 91),
        ("tilt_hold_s", 0, 601),
        ("no_motion_mg", 19, 1000),
        ("no_motion_hold_s", 4, 1801),
        ("check_in_s", 59, 86401),
        ("position_interval_s", 4, 3601),
    ],
)
def test_a_setting_has_its_limits(shared_api: httpx.Client, field: str, low: float, high: float) -> None:
    for value in (low, high, "1"):
        answer = shared_api.patch("/devices/dev_demo/config", json={field: value}, headers={"If-Match": "*"})
        at_fault(answer, f"$.{field}")


def _json(body: Json) -> bytes:
    return json.dumps(body).encode()
