"""Rounds that wearables walk: scans without HTTP, which land in the round of their time."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
from round_bodies import told
from wearable import Wearable

from sekur_sdk.models.rounds import RoundStatus
from sekur_sdk.sandbox.store.records import checkpoints, round_templates, rounds, scans
from sekur_sdk.sandbox.trade.round_plan import plan_round
from sekur_sdk.sandbox.watch import look

if TYPE_CHECKING:
    from conftest import Clock
    from people_bodies import Json

    from sekur_sdk.models.rounds import Round, Scan
    from sekur_sdk.sandbox.store.database import Store


class Patrol:
    """A site with checkpoints of known tags and a template over them, without HTTP."""

    def __init__(self, store: Store, wearable: Wearable) -> None:
        self.store = store
        self.wearable = wearable

    def template(self, *tags: str, **changes: Any) -> str:
        def write(tx: Any) -> str:
            places = [
                checkpoints.create(
                    tx,
                    site_id="sit_entrepot",
                    name=tag,
                    tag_kind="nfc",
                    tag_hash=hashlib.sha256(tag.encode()).hexdigest(),
                    photo_required=False,
                    answer_required=False,
                    status="active",
                    **changes,
                ).id
                for tag in tags
            ]
            return round_templates.create(
                tx,
                site_id="sit_entrepot",
                name="Ronde",
                mode="ordered",
                checkpoint_ids=tuple(places),
                expected_minutes=30,
                grace_minutes=10,
                status="active",
            ).id

        return self.store.write(write)

    def round(self, template_id: str, *, minutes: float = 0, **fields: Any) -> str:
        def write(tx: Any) -> str:
            template = round_templates.find(tx.connection, template_id)
            assert template is not None
            at = tx.now + timedelta(minutes=minutes)
            return plan_round(tx, template, at, scheduled=False, **fields).id

        return self.store.write(write)

    def scan(self, tag: str, *, ago_s: float = 0, wearable: Wearable | None = None, **envelope: Any) -> None:
        sender = wearable or self.wearable
        at = (sender.now() - timedelta(seconds=ago_s)).isoformat()
        body = {"kind": "scan", "method": "nfc", "tag": tag, "occurred_at": at, "fix": None}
        message = sender.envelope(body, **envelope)
        [(channel, receipt)] = sender.send("event", message)
        assert (channel, receipt["outcome"]) == ("receipt", "stored")
        # sent again it is a duplicate
        assert sender.send("event", message)[0][1]["outcome"] == "duplicate"

    def rounds(self) -> list[Round]:
        with self.store.read() as connection:
            return rounds.all(connection)

    def scans(self) -> list[Scan]:
        with self.store.read() as connection:
            return scans.all(connection)


@pytest.fixture
def patrol(store: Store, wearable: Wearable) -> Patrol:
    return Patrol(store, wearable)


def test_a_wearables_scans_begin_and_fill_the_round_of_their_time(patrol: Patrol, clock: Clock) -> None:
    template = patrol.template("a", "b")
    patrol.round(template, minutes=-300)
    mine = patrol.round(template)
    patrol.round(template, minutes=240)
    patrol.wearable.send("event", patrol.wearable.duty_step("start"))
    patrol.scan("a")
    clock.advance(120)
    patrol.scan("b")
    [_, round_, _] = patrol.rounds()
    assert (round_.id, round_.status, round_.scanned) == (mine, RoundStatus.RUNNING, 2)
    assert (round_.employee_id, round_.device_id) == ("emp_demo", "dev_demo")
    assert [(scan.round_id, scan.order_ok, scan.valid) for scan in patrol.scans()] == [(mine, True, True)] * 2
    assert told(patrol.store, "checkpoint.") == ["scanned", "scanned"]


def test_a_wearables_late_scans_land_in_the_round_that_was_missed(patrol: Patrol, store: Store, clock: Clock) -> None:
    patrol.round(patrol.template("a", "b"))
    clock.advance(3 * 3600)
    store.write(look)
    assert patrol.rounds()[0].status == RoundStatus.MISSED
    patrol.scan("a", ago_s=3 * 3600 - 60)
    patrol.scan("b", ago_s=3 * 3600 - 120)
    [round_] = patrol.rounds()
    assert (round_.status, round_.is_late) == (RoundStatus.COMPLETED, False)


def test_a_round_given_to_one_wearable_is_not_anothers(patrol: Patrol, store: Store) -> None:
    template = patrol.template("a")
    mine, theirs = patrol.round(template, device_id="dev_demo"), patrol.round(template, device_id="dev_pti_08")
    other = Wearable(patrol.wearable.handle, patrol.wearable.now, device="dev_pti_08")
    patrol.scan("a", wearable=other)
    patrol.scan("a")
    assert [scan.round_id for scan in patrol.scans()] == [theirs, mine]
    del store


@pytest.mark.parametrize(
    ("tag", "ago_s", "envelope", "kept"),
    [
        ("nowhere", 0, {}, (None, False, False)),
        ("a", 40 * 3600, {}, (None, True, False)),
        ("a", -3600, {}, (None, False, False)),
        ("a", 0, {"clock": "unsynced"}, ("round", True, True)),
    ],
)
def test_what_belongs_to_no_round_is_kept_all_the_same(
    patrol: Patrol, tag: str, ago_s: float, envelope: Json, kept: tuple[str | None, bool, bool]
) -> None:
    mine = patrol.round(patrol.template("a"))
    patrol.scan(tag, ago_s=ago_s, **envelope)
    [scan] = patrol.scans()
    assert (scan.round_id, scan.valid, scan.clock_drifted) == (mine if kept[0] else None, *kept[1:])
    assert (scan.checkpoint_id is None) == (tag == "nowhere")


def test_a_wearable_can_give_no_photo_so_its_scan_does_not_count_where_one_is_asked_for(
    patrol: Patrol, store: Store
) -> None:
    patrol.round(patrol.template("a"))
    store.write(lambda tx: tx.connection.execute(sa.update(checkpoints.table).values(photo_required=True)))
    patrol.scan("a")
    [round_] = patrol.rounds()
    assert (round_.status, round_.scanned) == (RoundStatus.RUNNING, 0)
