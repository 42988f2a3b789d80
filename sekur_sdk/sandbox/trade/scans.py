"""Scans of checkpoints: told over HTTP for a round, or by a wearable for whichever round it belongs to."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import attrs
import sqlalchemy as sa

from sekur_sdk.models.device import ClockState, ScanMethod
from sekur_sdk.models.events import EventType
from sekur_sdk.models.logbook import EntryLocation, Severity
from sekur_sdk.models.rounds import CheckpointStatus, RoundMode, RoundStatus, Scan
from sekur_sdk.models.scalars import Rate
from sekur_sdk.rules.patrol import completion, in_order, in_zone, is_late
from sekur_sdk.sandbox.problems import RefusalError, rule_broken
from sekur_sdk.sandbox.store.records import checkpoints, devices, employees, rounds, scans
from sekur_sdk.sandbox.trade.attachments import bind
from sekur_sdk.sandbox.trade.checkpoints import TAGGED, tag_hash
from sekur_sdk.sandbox.trade.references import named
from sekur_sdk.sandbox.trade.round_plan import NOT_BEGUN
from sekur_sdk.sandbox.trade.rounds import CLOCK_SLACK, EARLY, LIFE, begin, change, finish, note_anomaly, window_end
from sekur_sdk.sandbox.trade.steps import step

if TYPE_CHECKING:
    from datetime import datetime

    from sekur_sdk.models.device import ScanBody
    from sekur_sdk.models.rounds import Checkpoint, Round
    from sekur_sdk.sandbox.access import Caller
    from sekur_sdk.sandbox.inputs.rounds import ScanCreate
    from sekur_sdk.sandbox.store.writer import Transaction

PLACES_KEPT = timedelta(days=365)
"""How long it is kept where a scan was made: a year, as proof of the service (CNIL, délibération 2015-165)."""

_REMEMBERED = timedelta(days=366)
DRIFT = timedelta(seconds=60)
"""How far a device's clock may be from the server's before its times are mended and flagged."""


def scan_checkpoint(tx: Transaction, round_: Round, data: ScanCreate, *, caller: Caller) -> Scan:
    """A checkpoint of the round that was read; sent again it is the first."""
    known = scans.first(tx.connection, scans.table.c.uid == data.uid)
    step(LIFE, "round", round_, "scan")
    checkpoint = _checkpoint_told(tx, round_, data)
    if known is not None:
        if (known.round_id, known.checkpoint_id, known.method) != (round_.id, checkpoint.id, data.method):
            raise RefusalError(409, "Another scan has this uid.", allowed=(), current=round_)
        return known
    _check_proof(data, checkpoint)
    named(tx.connection, employees, data.employee_id, "$.employee_id", "employee")
    named(tx.connection, devices, data.device_id, "$.device_id", "device")
    scanned_at, drift_s = _when(tx, data)
    _check_window(round_, scanned_at)
    id_ = tx.new_id(scans.prefix)
    if data.photo_id is not None:
        bind(tx, data.photo_id, "$.photo_id", owner_id=id_, caller=caller)
    zone = _zone(checkpoint, data.lat, data.lon, data.accuracy_m)
    scan = Scan(
        id=id_,
        uid=data.uid,
        round_id=round_.id,
        checkpoint_id=checkpoint.id,
        employee_id=data.employee_id or round_.employee_id,
        device_id=data.device_id or round_.device_id,
        method=ScanMethod(data.method),
        tag_hash=None if data.tag is None else checkpoint.tag_hash,
        scanned_at=scanned_at,
        received_at=tx.now,
        drift_s=drift_s,
        clock_drifted=drift_s is not None and abs(drift_s) > DRIFT.total_seconds(),
        lat=data.lat,
        lon=data.lon,
        accuracy_m=data.accuracy_m,
        in_zone=zone,
        valid=zone is not False,
        manual_reason=data.manual_reason,
        answer=data.answer,
        photo_id=data.photo_id,
    )
    if data.anomaly is not None:
        scan, round_ = _with_anomaly(tx, round_, scan, checkpoint, data.anomaly)
    return _take(tx, round_, scan)


def take_scan(
    tx: Transaction,
    device_id: str,
    body: ScanBody,
    *,
    uid: str,
    employee_id: str | None,
    device_ref: str | None,
    clock: ClockState,
) -> None:
    """What a wearable has read: kept in any case, and taken into the round that it belongs to."""
    if scans.first(tx.connection, scans.table.c.uid == uid) is not None:
        # the same scan came over HTTP
        return
    hashed = tag_hash(body.tag)
    table = checkpoints.table
    checkpoint = checkpoints.first(tx.connection, table.c.tag_hash == hashed, table.c.status == CheckpointStatus.ACTIVE)
    if checkpoint is not None and body.method not in (checkpoint.tag_kind, ScanMethod.MANUAL):
        checkpoint = None
    fix = body.fix
    lat, lon, accuracy_m = (None, None, None) if fix is None else (fix.lat, fix.lon, fix.accuracy_m)
    zone = None if checkpoint is None else _zone(checkpoint, lat, lon, accuracy_m)
    lacking = checkpoint is None or checkpoint.photo_required or checkpoint.answer_required
    # mended as far as possible already: what still can't be belongs to no round
    possible = -CLOCK_SLACK <= tx.now - body.occurred_at <= _REMEMBERED
    scan = Scan(
        id=tx.new_id(scans.prefix),
        uid=uid,
        checkpoint_id=None if checkpoint is None else checkpoint.id,
        employee_id=employee_id,
        device_id=device_id,
        method=body.method,
        tag_hash=hashed,
        scanned_at=body.occurred_at,
        received_at=tx.now,
        clock_drifted=clock not in (ClockState.SYNCED, ClockState.GNSS),
        lat=lat,
        lon=lon,
        accuracy_m=accuracy_m,
        in_zone=zone,
        valid=possible and not lacking and zone is not False,
    )
    round_ = None if checkpoint is None or not possible else _round_of(tx, checkpoint, scan)
    if round_ is None:
        scans.insert(tx, scan, device_ref=device_ref)
        _tell(tx, scan)
    else:
        _take(tx, round_, attrs.evolve(scan, round_id=round_.id), device_ref=device_ref)


def forget_places(tx: Transaction) -> None:
    """Drop from old scans where they were made; whether that was in the zone stays."""
    table = scans.table
    old = sa.and_(table.c.received_at <= tx.now - PLACES_KEPT, table.c.lat.is_not(None))
    tx.connection.execute(sa.update(table).where(old).values(lat=None, lon=None, accuracy_m=None))


def _tell(tx: Transaction, scan: Scan) -> None:
    # without the place: events are kept for longer than that may be
    tx.record(EventType.CHECKPOINT_SCANNED, attrs.evolve(scan, lat=None, lon=None, accuracy_m=None))


def _take(tx: Transaction, round_: Round, scan: Scan, **internal: object) -> Scan:
    """The scan as it is judged among the others of its round, and the round with it."""
    scans.insert(tx, scan, **internal)
    table = scans.table
    made = sorted(scans.all(tx.connection, table.c.round_id == round_.id), key=lambda one: (one.scanned_at, one.id))
    if round_.mode != RoundMode.FREE:
        judged = in_order(round_.checkpoint_ids, (one.checkpoint_id or "" for one in made))
        for one, order_ok in zip(made, judged, strict=True):
            if one.order_ok != order_ok:
                tx.connection.execute(sa.update(table).where(table.c.id == one.id).values(order_ok=order_ok))
    taken = scans.find(tx.connection, scan.id)
    assert taken is not None
    _tell(tx, taken)
    valid = [one.checkpoint_id for one in made if one.valid and one.checkpoint_id is not None]
    _follow(tx, round_, taken, valid)
    return taken


def _follow(tx: Transaction, round_: Round, scan: Scan, valid: list[str]) -> None:
    done: dict[str, Any] = {
        "scanned": len(set(valid)),
        "completion": Rate(completion(round_.checkpoint_ids, valid)),
    }
    if round_.status in NOT_BEGUN:
        begun = begin(tx, round_, scan.scanned_at, employee_id=scan.employee_id, device_id=scan.device_id)
        change(tx, begun, EventType.ROUND_UPDATED, **done)
        return
    started_at = min(round_.started_at or scan.scanned_at, scan.scanned_at)
    done |= {
        "started_at": started_at,
        "is_late": is_late(round_.planned_at, started_at, timedelta(minutes=round_.grace_minutes)),
        "employee_id": round_.employee_id or scan.employee_id,
        "device_id": round_.device_id or scan.device_id,
    }
    if round_.status == RoundStatus.INCOMPLETE:
        done["ended_at"] = max(round_.ended_at or scan.scanned_at, scan.scanned_at)
    changed = change(tx, round_, EventType.ROUND_UPDATED, **done)
    complete = changed.scanned == len(changed.checkpoint_ids)
    if round_.status == RoundStatus.MISSED or (round_.status == RoundStatus.INCOMPLETE and complete):
        finish(tx, changed, changed.ended_at or scan.scanned_at)


def _checkpoint_told(tx: Transaction, round_: Round, data: ScanCreate) -> Checkpoint:
    method = ScanMethod(data.method)
    if method in TAGGED:
        if data.checkpoint_id is not None:
            raise rule_broken("$.checkpoint_id", "A checkpoint that was read is told by its tag")
        if data.tag is None:
            raise rule_broken("$.tag", "A checkpoint that was read is told by its tag")
        hashed = tag_hash(data.tag)
        for id_ in round_.checkpoint_ids:
            found = checkpoints.find(tx.connection, id_)
            if found is not None and found.tag_hash == hashed:
                if found.tag_kind != method:
                    raise rule_broken("$.method", f"The checkpoint's tag is of kind {found.tag_kind}")
                return found
        raise rule_broken("$.tag", "No checkpoint of the round has this tag")
    if data.tag is not None:
        raise rule_broken("$.tag", "A tag is read by nfc, qr or ble")
    found = None if data.checkpoint_id is None else checkpoints.find(tx.connection, data.checkpoint_id)
    if found is None or found.id not in round_.checkpoint_ids:
        raise rule_broken("$.checkpoint_id", "The round has no such checkpoint")
    if method == ScanMethod.GPS and found.tag_kind != ScanMethod.GPS:
        raise rule_broken("$.method", f"The checkpoint is of kind {found.tag_kind}")
    return found


def _check_proof(data: ScanCreate, checkpoint: Checkpoint) -> None:
    method = ScanMethod(data.method)
    if (data.manual_reason is None) == (method == ScanMethod.MANUAL):
        raise rule_broken("$.manual_reason", "A manual scan tells why, no other one does")
    if (data.lat is None) != (data.lon is None):
        raise rule_broken("$.lat" if data.lat is None else "$.lon", "Latitude and longitude go together")
    if data.accuracy_m is not None and data.lat is None:
        raise rule_broken("$.accuracy_m", "An accuracy belongs to a place on the map")
    if method == ScanMethod.GPS and data.lat is None:
        raise rule_broken("$.lat", "A scan by gps tells where")
    if checkpoint.photo_required and data.photo_id is None:
        raise rule_broken("$.photo_id", "The checkpoint asks for a photo")
    if checkpoint.answer_required and data.answer is None:
        raise rule_broken("$.answer", "The checkpoint asks for an answer")


def _when(tx: Transaction, data: ScanCreate) -> tuple[datetime, float | None]:
    """When the scan was, by the server's clock as far as the device told its own, and how far that was behind."""
    scanned_at = data.scanned_at or tx.now
    drift = None if data.device_at is None else tx.now - data.device_at
    if drift is not None and abs(drift) > DRIFT and data.scanned_at is not None:
        try:
            scanned_at += drift
        except OverflowError as error:
            raise rule_broken("$.scanned_at", "A time that no clock tells") from error
    if scanned_at > tx.now + CLOCK_SLACK:
        raise rule_broken("$.scanned_at", "A scan from the future")
    return scanned_at, None if drift is None else drift.total_seconds()


def _check_window(round_: Round, scanned_at: datetime) -> None:
    if scanned_at < min(round_.started_at or round_.planned_at, round_.planned_at) - EARLY:
        raise rule_broken("$.scanned_at", "A scan from long before the round")
    if round_.status not in (*NOT_BEGUN, RoundStatus.RUNNING) and scanned_at > window_end(round_):
        raise rule_broken("$.scanned_at", "The round had ended by then")


def _zone(checkpoint: Checkpoint, lat: float | None, lon: float | None, accuracy_m: float | None) -> bool | None:
    if checkpoint.lat is None or checkpoint.lon is None or checkpoint.radius_m is None or lat is None or lon is None:
        return None
    return in_zone(checkpoint.lat, checkpoint.lon, checkpoint.radius_m, lat, lon, accuracy_m)


def _with_anomaly(tx: Transaction, round_: Round, scan: Scan, checkpoint: Checkpoint, text: str) -> tuple[Scan, Round]:
    author_id = scan.employee_id or scan.device_id
    if author_id is None:
        raise rule_broken("$.employee_id", "Nobody is known to make the round: an anomaly has an author")
    entry = note_anomaly(
        tx,
        round_,
        author_id=author_id,
        text=text,
        title=checkpoint.name,
        severity=Severity.MEDIUM,
        occurred_at=scan.scanned_at,
        location=EntryLocation(lat=scan.lat, lon=scan.lon, accuracy_m=scan.accuracy_m, zone=checkpoint.name),
    )
    counted = rounds.find(tx.connection, round_.id)
    assert counted is not None
    return attrs.evolve(scan, entry_id=entry.id), counted


def _round_of(tx: Transaction, checkpoint: Checkpoint, scan: Scan) -> Round | None:
    """The round that a scan belongs to: of its time, with its checkpoint, of its wearable or its wearer rather than anybody's."""
    table = rounds.table
    candidates = rounds.all(
        tx.connection,
        table.c.site_id == checkpoint.site_id,
        table.c.status != RoundStatus.CANCELLED,
        # no round lasts longer, with its grace
        table.c.planned_at.between(scan.scanned_at - 2 * _LONGEST, scan.scanned_at + EARLY),
    )
    fitting = [
        round_
        for round_ in candidates
        if checkpoint.id in round_.checkpoint_ids
        and round_.device_id in (None, scan.device_id)
        and _is_of_its_time(round_, scan.scanned_at)
    ]

    def strangeness(round_: Round) -> tuple[bool, bool, bool, timedelta]:
        made = (scans.table.c.round_id == round_.id, scans.table.c.checkpoint_id == checkpoint.id, scans.table.c.valid)
        return (
            round_.device_id is None,
            round_.employee_id != scan.employee_id,
            scans.first(tx.connection, *made) is not None,
            abs(round_.planned_at - scan.scanned_at),
        )

    return min(fitting, key=strangeness, default=None)


_LONGEST = timedelta(minutes=1440 + 2 * 720)


def _is_of_its_time(round_: Round, at: datetime) -> bool:
    grace = timedelta(minutes=round_.grace_minutes)
    if at < (round_.started_at or round_.planned_at) - grace:
        return False
    return round_.status == RoundStatus.RUNNING or at <= window_end(round_)
