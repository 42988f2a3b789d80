"""Webhooks: signed, in order, tried again, dead at last, replayed; one receiver's trouble is nobody else's."""

from __future__ import annotations

import json
import logging
import socket
import threading
import time
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
from killed_server import served_until_killed
from people_bodies import at_fault, create, made, refused
from receiver import Answer, Received, Receiver

from sekur_sdk.client.errors import WebhookError
from sekur_sdk.sandbox.delivery.addresses import AddressRefusedError, Policy
from sekur_sdk.sandbox.delivery.courier import Courier
from sekur_sdk.sandbox.delivery.line import KEPT_OF_ANSWER
from sekur_sdk.sandbox.delivery.signing import new_secret, sign
from sekur_sdk.sandbox.server import SandboxServer
from sekur_sdk.sandbox.store import outside_tables
from sekur_sdk.sandbox.store.database import Store
from sekur_sdk.sandbox.store.records import webhook_deliveries
from sekur_sdk.sandbox.trade.deliveries import KEPT, PAUSES
from sekur_sdk.sandbox.watch import look
from sekur_sdk.webhooks import verify

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import httpx
    from conftest import Clock

    from sekur_sdk.models.webhooks import WebhookDelivery
    from sekur_sdk.sandbox.settings import Settings

PUBLIC_VECTORS = [
    (
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        1614265330,
        b'{"test": 2432232314}',
        "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    ),
    (
        "whsec_plJ3nmyCDGBKInavdOK15jsl",
        "msg_loFOjxBNrRLzqYUf",
        1731705121,
        b'{"event_type":"ping","data":{"success":true}}',
        "v1,rAvfW3dJ/X/qxhsaXPOyyCGmRKsaKWcsNccKXlIktD0=",
    ),
]


@pytest.mark.parametrize(("secret", "id_", "at", "body", "signature"), PUBLIC_VECTORS)
def test_a_signature_is_that_of_the_schemes_own_examples(
    secret: str, id_: str, at: int, body: bytes, signature: str
) -> None:
    assert sign(body, id_, at, [secret]) == signature


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as one:
        yield one


def hook(api: httpx.Client, receiver: Receiver, **fields: Any) -> dict[str, Any]:
    return made(api.post("/webhooks", json={"url": receiver.url} | fields))


def happen(api: httpx.Client, count: int = 1) -> list[dict[str, Any]]:
    """So many events: clients that come."""
    return [create(api, "/clients") for _ in range(count)]


def deliveries(api: httpx.Client, **filters: object) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = api.get("/webhook-deliveries", params={"limit": 200} | filters).json()["items"]
    return items


def settle(api: httpx.Client, status: str, count: int = 1) -> list[dict[str, Any]]:
    """The deliveries, once so many have the status."""
    until = time.monotonic() + 10
    while len(found := deliveries(api, status=status)) < count:
        assert time.monotonic() < until, deliveries(api)
        time.sleep(0.01)  # the courier's commit can't be awaited from outside
    return found


def test_an_event_comes_signed_with_its_number_and_the_sdk_reads_it(
    api: httpx.Client, receiver: Receiver, clock: Clock
) -> None:
    own = hook(api, receiver, event_types=["client.created"])
    [client] = happen(api)
    receiver.wait_for(1)
    [came] = receiver.received
    event = verify(came.body, came.headers, own["secret"], now=clock().timestamp())
    assert (event.type, event.subject.id, str(event.id)) == ("client.created", client["id"], came.headers["webhook-id"])
    assert (came.path, came.headers["content-type"]) == ("/hook?key=receivers-own", "application/json")
    with pytest.raises(WebhookError):
        verify(came.body, came.headers, new_secret(), now=clock().timestamp())
    [delivery] = settle(api, "delivered")
    [attempt] = delivery["attempts"]
    assert (attempt["status"], attempt["answer"], delivery["event_id"]) == (200, "thanks", event.id)


def test_a_secret_is_shown_once_and_two_are_good_while_it_is_replaced(
    api: httpx.Client, receiver: Receiver, clock: Clock, sandbox: SandboxServer
) -> None:
    key = {"Idempotency-Key": "hook"}
    body = {"url": receiver.url, "event_types": ["client.created"]}
    first = made(api.post("/webhooks", json=body, headers=key))
    assert made(api.post("/webhooks", json=body, headers=key)) == first | {"secret": None}
    path = f"/webhooks/{first['id']}"
    again = made(api.post(f"{path}/rotate-secret", json={"overlap_hours": 2}, headers=key))
    assert made(api.post(f"{path}/rotate-secret", json={"overlap_hours": 2}, headers=key))["secret"] is None
    assert first["secret"] != again["secret"]
    shown = api.get(path).text + api.get("/webhooks").text + api.get("/webhook-deliveries").text
    events = sandbox.feed.read(0, frozenset())[0]
    for secret in (first["secret"], again["secret"]):
        assert secret not in shown + repr(events)
    happen(api)
    receiver.wait_for(1)
    for secret in (first["secret"], again["secret"]):
        assert verify(receiver.received[0].body, receiver.received[0].headers, secret, now=clock().timestamp())
    clock.advance(2 * 3600)
    sandbox.store.write(look)
    happen(api)
    receiver.wait_for(2)
    assert verify(receiver.received[1].body, receiver.received[1].headers, again["secret"], now=clock().timestamp())
    with pytest.raises(WebhookError):
        verify(receiver.received[1].body, receiver.received[1].headers, first["secret"], now=clock().timestamp())
    with sandbox.store.read() as connection:
        assert connection.execute(sa.select(outside_tables.webhook.c.previous_secret)).scalar_one() is None
    assert made(api.post(f"{path}/rotate-secret", json={"overlap_hours": 0}))["previous_secret_until"] is None


def test_a_webhook_is_sent_what_its_token_may_read_and_no_more(api: httpx.Client, receiver: Receiver) -> None:
    weak = create(api, "/tokens", scopes=["webhooks:write", "sites:read"])["secret"]
    headers = {"Authorization": f"Bearer {weak}"}
    all_of_it = made(api.post("/webhooks", json={"url": receiver.url}, headers=headers))
    happen(api)
    create(api, "/sites")
    receiver.wait_for(1)
    assert json.loads(receiver.received[0].body)["type"] == "site.created"
    body = {"url": receiver.url, "event_types": ["site.created", "client.created"]}
    at_fault(api.post("/webhooks", json=body, headers=headers), "$.event_types[1]")
    # a strong token's webhook, led elsewhere by a weak one: from then on the weak one's
    strong = hook(api, receiver, event_types=["client.created", "site.created"])
    path, match = f"/webhooks/{strong['id']}", {"If-Match": "*"}
    elsewhere = {"url": receiver.url.replace("hook", "other")}
    at_fault(api.patch(path, json=elsewhere, headers=headers | match), "$.event_types[0]")
    made(api.patch(path, json=elsewhere | {"event_types": []}, headers=headers | match))
    made(api.post(f"/webhooks/{all_of_it['id']}/disable"))
    happen(api)
    create(api, "/sites")
    receiver.wait_for(2 + 1)
    assert {json.loads(one.body)["type"].split(".")[0] for one in receiver.received} <= {"site", "webhook"}


def test_what_waits_or_came_before_does_not_follow_a_webhook_to_a_weaker_token(
    api: httpx.Client, receiver: Receiver
) -> None:
    weak = create(api, "/tokens", scopes=["webhooks:write", "sites:read"])["secret"]
    headers = {"Authorization": f"Bearer {weak}"}
    own = hook(api, receiver)
    happen(api)
    [came] = [one for one in settle(api, "delivered") if one["event_type"] == "client.created"]
    receiver.answer = lambda _received: Answer(500)
    happen(api)
    create(api, "/sites")
    receiver.wait_for(3)
    elsewhere = {"url": receiver.url.replace("hook", "other")}
    made(api.patch(f"/webhooks/{own['id']}", json=elsewhere, headers=headers | {"If-Match": "*"}))
    statuses = {one["event_type"]: one["status"] for one in deliveries(api) if one["id"] != came["id"]}
    assert (statuses["client.created"], statuses["site.created"]) == ("dead", "pending")
    for one in [*deliveries(api, status="dead"), came]:
        refused(api.post(f"/webhook-deliveries/{one['id']}/replay", headers=headers), 409)


def test_first_tries_come_in_order_and_a_failed_one_holds_up_nothing(
    api: httpx.Client, receiver: Receiver, clock: Clock, sandbox: SandboxServer
) -> None:
    failing: set[int] = set()

    def answer(received: Received) -> Answer:
        return Answer(503, b"x" * 1000) if received.id in failing else Answer()

    receiver.answer = answer
    hook(api, receiver, event_types=["client.created"])
    failing.update(range(sandbox.feed.latest + 1, sandbox.feed.latest + 3))
    happen(api, 6)
    receiver.wait_for(6)
    assert receiver.ids == sorted(receiver.ids)
    settle(api, "delivered", 4)
    waiting = settle(api, "pending", 2)
    assert {one["event_id"] for one in waiting} == failing
    assert len(waiting[0]["attempts"][0]["answer"]) == KEPT_OF_ANSWER
    failing.clear()
    clock.advance(PAUSES[0].total_seconds())
    sandbox.courier.wake()
    settle(api, "delivered", 6)
    assert receiver.ids[6:] == receiver.ids[:2]


def test_a_delivery_is_tried_by_its_schedule_then_dead_and_replayed(
    api: httpx.Client, receiver: Receiver, clock: Clock, sandbox: SandboxServer
) -> None:
    receiver.answer = lambda _: Answer(500, b"")
    own = hook(api, receiver, event_types=["client.created"])
    happen(api)
    for number, pause in enumerate(PAUSES, 1):
        receiver.wait_for(number)
        until = time.monotonic() + 10
        while len((waiting := deliveries(api)[0])["attempts"]) < number:
            assert time.monotonic() < until
        assert waiting["status"] == "pending"
        clock.advance(pause.total_seconds() - 1)
        sandbox.courier.wake()
        clock.advance(1)
        sandbox.courier.wake()
    receiver.wait_for(len(PAUSES) + 1)
    [dead] = settle(api, "dead")
    assert (len(dead["attempts"]), dead["next_attempt_at"]) == (len(PAUSES) + 1, None)
    assert {attempt["status"] for attempt in dead["attempts"]} == {500}
    assert len(set(receiver.ids)) == 1
    receiver.answer = lambda _: Answer()
    made(api.post(f"/webhook-deliveries/{dead['id']}/replay"))
    [delivered] = settle(api, "delivered")
    assert (delivered["id"], receiver.ids[-1]) == (dead["id"], receiver.ids[0])
    clock.advance(KEPT.total_seconds() + 1)
    sandbox.store.write(look)
    assert deliveries(api, webhook_id=own["id"]) == []


def test_a_range_of_time_is_replayed_with_what_a_disabled_webhook_missed(
    api: httpx.Client, receiver: Receiver, clock: Clock
) -> None:
    own = hook(api, receiver, event_types=["client.created"])
    path = f"/webhooks/{own['id']}"
    happen(api)
    settle(api, "delivered", 1)
    made(api.post(f"{path}/disable"))
    clock.advance(60)
    missed_from = clock()
    happen(api, 2)
    told = refused(api.post(f"{path}/replay", json={"occurred_from": missed_from.isoformat()}), 409)
    assert told["allowed"] == ["enable"]
    made(api.post(f"{path}/enable"))
    clock.advance(60)
    happen(api)
    receiver.wait_for(2)
    span = {"occurred_from": missed_from.isoformat(), "occurred_before": clock().isoformat()}
    assert made(api.post(f"{path}/replay", json=span)) == {"deliveries": 2}
    receiver.wait_for(4)
    assert sorted(receiver.ids[2:]) == [receiver.ids[0] + 2, receiver.ids[0] + 3][:2] or len(set(receiver.ids)) == 4
    assert made(api.post(f"{path}/replay", json={"occurred_from": "2026-11-07T00:00:00Z"}))["deliveries"] == 3
    receiver.wait_for(7)
    backwards = {"occurred_from": span["occurred_before"], "occurred_before": span["occurred_from"]}
    at_fault(api.post(f"{path}/replay", json=backwards), "$.occurred_before")
    at_fault(api.post(f"{path}/replay", json={"occurred_from": "2026-11-07T00:00:00"}), "$.occurred_from")


def test_a_receiver_that_hangs_holds_up_no_other_and_its_try_ends_in_time(store: Store) -> None:
    with Receiver() as good, Receiver() as slow, socket.socket() as dead:
        dead.bind(("127.0.0.1", 0))
        nobody = f"http://127.0.0.1:{dead.getsockname()[1]}/"

        def hang(_received: Received) -> Answer:
            slow.released.wait(20)
            return Answer()

        slow.answer = hang
        courier = Courier(store, Policy(), 3600, timeout_s=0.4)
        urls = (slow.url, nobody, good.url)
        for url in urls:
            store.write(lambda tx, url=url: _hook(tx, url))
        courier.start()
        store.write(_event)
        good.wait_for(1)
        slow.wait_for(1)
        store.write(_event)
        good.wait_for(2, timeout_s=0.35)
        assert len(slow.received) == 1
        slow.wait_for(2)
        courier.stop()
        with store.read() as connection:
            errors = {attempt.error for delivery in webhook_deliveries.all(connection) for attempt in delivery.attempts}
    assert {"timeout", "connection_failed"} <= errors


def _hook(tx: Any, url: str) -> None:
    from sekur_sdk.sandbox.access import ALL_SCOPES, Caller
    from sekur_sdk.sandbox.inputs.webhooks import WebhookCreate
    from sekur_sdk.sandbox.trade.webhooks import create_webhook

    caller = Caller("t", "t", frozenset(ALL_SCOPES))
    create_webhook(tx, WebhookCreate(url=url, event_types=["client.updated"]), caller, Policy())


def _event(tx: Any) -> None:
    from sekur_sdk.models.events import EventType
    from sekur_sdk.sandbox.store.records import clients

    tx.record(EventType.CLIENT_UPDATED, clients.find(tx.connection, "clt_belvedere"))


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        (Answer(302, b"", {"Location": "/elsewhere"}), 302),
        (Answer(307, b"", {"Location": "/elsewhere"}), 307),
        (Answer(404), 404),
    ],
)
def test_a_redirect_is_not_followed_nor_a_refusal_taken_for_success(store: Store, answer: Answer, status: int) -> None:
    with Receiver(lambda _: answer) as receiver:
        courier = Courier(store, Policy(), 3600)
        store.write(lambda tx: _hook(tx, receiver.url))
        store.write(_event)
        courier.deliver_due()
        assert [one.path for one in receiver.received] == ["/hook?key=receivers-own"]
    with store.read() as connection:
        [delivery] = webhook_deliveries.all(connection)
    assert (delivery.status, [attempt.status for attempt in delivery.attempts]) == ("pending", [status])


def test_a_receiver_that_says_410_is_sent_no_more(api: httpx.Client, receiver: Receiver) -> None:
    receiver.answer = lambda _: Answer(410)
    own = hook(api, receiver, event_types=["client.created"])
    happen(api)
    settle(api, "dead")
    assert api.get(f"/webhooks/{own['id']}").json()["status"] == "disabled"
    happen(api)
    assert len(receiver.received) == 1


def test_what_was_committed_before_a_kill_is_delivered_after_it(
    settings: Settings, tmp_path: Any, clock: Clock, receiver: Receiver
) -> None:
    # the store alone, closed without a courier: what a kill between the commit and the delivery leaves behind
    store = Store(settings.database, clock)
    store.write(lambda tx: _hook(tx, receiver.url))
    for _ in range(3):
        store.write(_event)
    store.close()
    with SandboxServer(settings):
        receiver.wait_for(3)
    assert receiver.ids == sorted(set(receiver.ids))


def test_a_try_that_the_end_broke_off_is_made_again(store: Store, clock: Clock) -> None:
    with Receiver() as receiver:

        def hang(_received: Received) -> Answer:
            receiver.released.wait(20)
            return Answer()

        receiver.answer = hang
        first = Courier(store, Policy(), 3600)
        first.start()
        store.write(lambda tx: _hook(tx, receiver.url))
        store.write(_event)
        receiver.wait_for(1)
        first.stop()
        receiver.released.set()
        second = Courier(store, Policy(), 3600)
        second.deliver_due()
        assert len(receiver.received) == 2
        assert len(set(receiver.ids)) == 1
    with store.read() as connection:
        [delivery] = webhook_deliveries.all(connection)
    assert (delivery.status, len(delivery.attempts)) == ("delivered", 1)


GOOD_URLS = [
    "https://example.org",
    "https://example.org:8443/a?b=c",
    "http://localhost:9000/x",
    "http://127.0.0.1/",
    "http://[::1]:8/",
    "https://93.184.216.34/",
]
BAD_URLS = [
    "",
    "ftp://example.org/",
    "example.org",
    "https://",
    "https:///x",
    "https://a:b@example.org/",
    "https://example.org/#x",
    "https://example.org:99999/",
    "https://exa mple.org/",
    "https://example.org/\u00e9",
    "http://example.org/",
    "https://10.0.0.1/",
    "https://192.168.1.1/",
    "https://172.16.0.1/",
    "https://169.254.169.254/latest",
    "https://[fe80::1]/",
    "https://[fd00::1]/",
    "https://[::ffff:10.0.0.1]/",
    "https://[64:ff9b::a00:1]/",
    "https://[2002:a00:1::]/",
    "https://0.0.0.0/",
    "https://100.64.0.1/",
    "https://[::]/",
    "https://x/" + "x" * 2000,
    5,
]


@pytest.mark.parametrize("url", GOOD_URLS)
def test_a_url_may_be_public_or_this_machine(shared_api: httpx.Client, url: str) -> None:
    own = made(shared_api.post("/webhooks", json={"url": url, "event_types": ["alert.opened"]}))
    made(shared_api.post(f"/webhooks/{own['id']}/disable"))


@pytest.mark.parametrize("url", BAD_URLS)
def test_a_url_that_leads_into_a_private_network_or_nowhere_is_refused(shared_api: httpx.Client, url: object) -> None:
    at_fault(shared_api.post("/webhooks", json={"url": url}), "$.url")


def test_the_address_that_a_name_leads_to_is_what_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    def lead_to(*addresses: str) -> None:
        # a name server of our own would need the machine's configuration
        found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 443)) for address in addresses]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_kwargs: found)

    lead_to("10.0.0.1", "169.254.169.254")
    for secure in (True, False):
        with pytest.raises(AddressRefusedError):
            Policy().reachable("rebound.example", 443, secure=secure)
    assert Policy(private=True).reachable("rebound.example", 443, secure=False) == ["10.0.0.1"]
    lead_to("93.184.216.34", "10.0.0.1", "127.0.0.1")
    assert Policy().reachable("x.example", 443, secure=True) == ["93.184.216.34", "127.0.0.1"]
    assert Policy().reachable("x.example", 443, secure=False) == ["127.0.0.1"]
    Policy(private=True).check_url("http://10.0.0.1/")
    with pytest.raises(ValueError, match="public address"):
        Policy(private=True).check_url("https://169.254.169.254/")


@pytest.mark.parametrize(
    ("url", "error"),
    [
        ("https://127.0.0.1:{port}/", "tls_failed"),
        ("http://localhost:{port}/", None),
        ("https://nobody.invalid/", "name_not_found"),
    ],
)
def test_what_failed_is_said_in_a_word(store: Store, url: str, error: str | None) -> None:
    with Receiver() as receiver:
        port = receiver.url.split(":")[2].split("/")[0]
        store.write(lambda tx: _hook(tx, url.format(port=port)))
        store.write(_event)
        Courier(store, Policy(), 3600).deliver_due()
    with store.read() as connection:
        [delivery] = webhook_deliveries.all(connection)
    assert [attempt.error for attempt in delivery.attempts] == [error]


def test_an_answer_that_is_no_http_or_never_ends_is_a_failed_try(store: Store) -> None:
    def serve(listening: socket.socket, said: bytes, *, drip: bool) -> None:
        line, _ = listening.accept()
        with line:
            line.recv(65536)
            try:
                line.sendall(said)
                while drip:
                    line.sendall(b"x-more: 1\r\n")
                    time.sleep(0.05)  # slower than a reader waits, faster than it gives up on one read
            except OSError:
                return

    errors = []
    for said, drip in ((b"hello\r\n\r\n", False), (b"HTTP/1.1 200 OK\r\n", True), (b"", False)):
        with socket.create_server(("127.0.0.1", 0)) as listening:
            thread = threading.Thread(target=serve, args=(listening, said), kwargs={"drip": drip})
            thread.start()
            url = f"http://127.0.0.1:{listening.getsockname()[1]}/"
            store.write(lambda tx, url=url: _hook(tx, url))
            store.write(_event)
            Courier(store, Policy(), 3600, timeout_s=0.3).deliver_due()
            thread.join()
            with store.read() as connection:
                newest: list[WebhookDelivery] = webhook_deliveries.all(connection)
            errors.append(newest[-1].attempts[-1].error)
        store.write(lambda tx: tx.connection.execute(sa.update(outside_tables.webhook).values(status="disabled")))
    assert errors == ["no_http", "timeout", "no_http"]


def test_nothing_of_a_webhook_is_in_a_log(
    api: httpx.Client, receiver: Receiver, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    receiver.answer = lambda _: Answer(500, b"the receiver's own")
    own = hook(api, receiver, event_types=["client.created"])
    happen(api)
    settle(api, "pending")
    receiver.wait_for(1)
    for hidden in (own["secret"], "receivers-own", "the receiver's own", "rue d'Essai"):
        assert hidden not in caplog.text


def test_no_more_than_a_hundred_webhooks_are_active(store: Store) -> None:
    from sekur_sdk.sandbox.problems import RefusalError

    def many(tx: Any) -> None:
        for _ in range(100):
            _hook(tx, "https://example.org/")

    store.write(many)
    with pytest.raises(RefusalError):
        store.write(lambda tx: _hook(tx, "https://example.org/"))


def test_a_retry_waits_for_its_time(store: Store, clock: Clock) -> None:
    with Receiver(lambda _: Answer(500)) as receiver:
        courier = Courier(store, Policy(), 3600)
        store.write(lambda tx: _hook(tx, receiver.url))
        store.write(_event)
        counts = []
        for pause in (timedelta(0), PAUSES[0] - timedelta(seconds=1), timedelta(seconds=1), PAUSES[1]):
            clock.advance(pause.total_seconds())
            courier.deliver_due()
            counts.append(len(receiver.received))
        assert counts == [1, 1, 2, 3]


@pytest.mark.services
def test_a_kill_between_commit_and_delivery_loses_nothing(tmp_path: Path, receiver: Receiver) -> None:
    database = tmp_path / "killed.sqlite3"
    committed: list[str] = []

    def hang(_received: Received) -> Answer:
        receiver.released.wait(30)
        return Answer()

    receiver.answer = hang
    with served_until_killed(database) as api:
        made(api.post("/webhooks", json={"url": receiver.url, "event_types": ["client.created"]}))
        committed += [client["id"] for client in happen(api, 5)]
        receiver.wait_for(1)
    receiver.released.set()
    with served_until_killed(database) as api:
        settle(api, "delivered", 5)
        committed += [client["id"] for client in happen(api)]
    with served_until_killed(database) as api:
        settle(api, "delivered", 6)
    told = [json.loads(one.body)["subject"]["id"] for one in receiver.received]
    assert list(dict.fromkeys(told)) == committed
    assert len(set(receiver.ids)) == 6


def test_what_is_replayed_while_it_is_on_its_way_goes_once_more(api: httpx.Client, receiver: Receiver) -> None:
    def hold(received: Received) -> Answer:
        if len(receiver.received) == 1:
            receiver.released.wait(10)
        return Answer()

    receiver.answer = hold
    own = hook(api, receiver, event_types=["client.created"])
    happen(api)
    receiver.wait_for(1)
    [delivery] = deliveries(api, webhook_id=own["id"])
    made(api.post(f"/webhook-deliveries/{delivery['id']}/replay"))
    receiver.released.set()
    receiver.wait_for(2)
    [delivered] = settle(api, "delivered")
    assert len(delivered["attempts"]) == 2
