"""Cycles: patterns of shifts, from which drafts are made."""

from __future__ import annotations

from collections import Counter
from datetime import date, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import attrs
import sqlalchemy as sa

from sekur_sdk.models.cycles import Cycle, CycleSlot, CycleStatus
from sekur_sdk.models.events import EventType
from sekur_sdk.models.planning import PlannedShifts, Shift
from sekur_sdk.rules.civil_time import ONE_DAY, local_time
from sekur_sdk.sandbox.inputs.body import fields_of
from sekur_sdk.sandbox.inputs.planning import MAX_SHIFTS, ShiftCreate
from sekur_sdk.sandbox.problems import RefusalError, rule_broken
from sekur_sdk.sandbox.store.records import cycles, employees, shifts, sites
from sekur_sdk.sandbox.trade.planning import create_shift, post_of
from sekur_sdk.sandbox.trade.references import named
from sekur_sdk.sandbox.trade.steps import Life, refuse_ended, step
from sekur_sdk.sandbox.trade.times import check_year

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sekur_sdk.models.problem import FieldError
    from sekur_sdk.sandbox.inputs.planning import CycleCreate, CycleGenerate, CycleUpdate
    from sekur_sdk.sandbox.store.writer import Transaction

LIFE: Life[CycleStatus] = {
    CycleStatus.ACTIVE: {"generate": CycleStatus.ACTIVE, "archive": CycleStatus.ARCHIVED},
    CycleStatus.ARCHIVED: {"restore": CycleStatus.ACTIVE},
}
_LONGEST_PERIOD = timedelta(days=366)


@attrs.frozen
class _Place:
    """A day on which a slot of a cycle falls; `key` tells it from all others of the cycle."""

    index: int
    slot: CycleSlot
    day: date
    key: str


def create_cycle(tx: Transaction, data: CycleCreate) -> Cycle:
    """A new cycle."""
    post, post_id = post_of(tx, data.site_id, data.post, data.post_id)
    fields = fields_of(data) | {"post": post, "post_id": post_id, "slots": _slots(data)}
    _check(tx, data.anchor_on, data.length_days, fields["slots"])
    cycle = cycles.create(tx, **fields, status=CycleStatus.ACTIVE)
    tx.record(EventType.CYCLE_CREATED, cycle)
    return cycle


def update_cycle(tx: Transaction, cycle: Cycle, data: CycleUpdate) -> Cycle:
    """The cycle with the sent fields changed; what was made from it stays."""
    refuse_ended(LIFE, "cycle", cycle)
    changes = data.changes()
    if not changes:
        return cycle
    if "slots" in changes:
        changes["slots"] = _slots(data)
    wanted: Cycle = attrs.evolve(cycle, **changes)  # type: ignore[arg-type]  # the input class has checked their types
    _check(tx, wanted.anchor_on, wanted.length_days, wanted.slots)
    return _change(tx, cycle, **changes)


def step_cycle(tx: Transaction, cycle: Cycle, action: str) -> Cycle:
    """The cycle after a step."""
    return _change(tx, cycle, status=step(LIFE, "cycle", cycle, action))


def generate(tx: Transaction, cycle: Cycle, data: CycleGenerate) -> PlannedShifts:
    """The drafts of a period, by their start; those that were made before, whatever became of them, are not made again."""
    step(LIFE, "cycle", cycle, "generate")
    check_year(data.first_on, "$.first_on")
    check_year(data.last_on, "$.last_on")
    if data.last_on < data.first_on:
        raise rule_broken("$.last_on", "The last day is not before the first")
    if data.last_on - data.first_on >= _LONGEST_PERIOD:
        raise rule_broken("$.last_on", f"At most {_LONGEST_PERIOD.days} days at once")
    site = sites.find(tx.connection, cycle.site_id)
    assert site is not None
    zone = ZoneInfo(site.time_zone)
    table = shifts.table
    known = set(
        tx.connection.execute(sa.select(table.c.cycle_slot).where(table.c.cycle_id == cycle.id)).scalars().all()
    )
    places = [place for place in _places(cycle, data.first_on, data.last_on) if place.key not in known]
    if len(places) > MAX_SHIFTS:
        raise rule_broken("$.last_on", f"More than {MAX_SHIFTS} shifts: choose a shorter period")
    made: list[Shift] = []
    errors: list[FieldError] = []
    for place in places:
        try:
            made.append(_make(tx, cycle, place, zone))
        except RefusalError as refusal:
            errors += refusal.problem.errors
    if errors:
        raise RefusalError(422, "Some shifts break rules of the contract: none was made.", errors=errors[:100])
    return PlannedShifts(shifts=tuple(made))


def _make(tx: Transaction, cycle: Cycle, place: _Place, zone: ZoneInfo) -> Shift:
    slot = place.slot
    starts_at = local_time(place.day, time.fromisoformat(slot.start), zone)
    last = place.day + ONE_DAY if slot.end <= slot.start else place.day
    data = ShiftCreate(
        site_id=cycle.site_id,
        employee_id=slot.employee_id,
        post=cycle.post,
        post_id=cycle.post_id,
        starts_at=starts_at,
        ends_at=local_time(last, time.fromisoformat(slot.end), zone),
        break_minutes=slot.break_minutes,
    )
    # the slot is what the caller can change about a shift that can't be made
    at = f"$.slots[{place.index}]"
    return create_shift(tx, data, at=at, cycle_id=cycle.id, cycle_slot=place.key)


def _places(cycle: Cycle, first_on: date, last_on: date) -> Iterator[_Place]:
    day = first_on
    while day <= last_on:
        number = (day - cycle.anchor_on).days % cycle.length_days + 1
        same: Counter[str] = Counter()
        for index, slot in enumerate(cycle.slots):
            if slot.day == number:
                same[slot.start] += 1
                yield _Place(index, slot, day, f"{day.isoformat()}T{slot.start}#{same[slot.start]}")
        day += ONE_DAY


def _slots(data: CycleCreate | CycleUpdate) -> tuple[CycleSlot, ...]:
    assert isinstance(data.slots, list)
    return tuple(CycleSlot(**fields_of(slot)) for slot in data.slots)


def _check(tx: Transaction, anchor_on: date, length_days: int, slots: tuple[CycleSlot, ...]) -> None:
    check_year(anchor_on, "$.anchor_on")
    for index, slot in enumerate(slots):
        if slot.day > length_days:
            raise rule_broken(f"$.slots[{index}].day", f"The cycle has {length_days} days")
        named(tx.connection, employees, slot.employee_id, f"$.slots[{index}].employee_id", "employee")


def _change(tx: Transaction, cycle: Cycle, **changes: object) -> Cycle:
    changed = cycles.update(tx, cycle, **changes)
    tx.record(EventType.CYCLE_UPDATED, changed)
    return changed
