"""Shifts: made, published after their labour check, acknowledged, worked."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import attrs
import sqlalchemy as sa

from sekur_sdk.models.employees import EmployeeStatus
from sekur_sdk.models.events import EventType
from sekur_sdk.models.planning import Shift, ShiftStatus
from sekur_sdk.models.sites import PostStatus, SiteStatus
from sekur_sdk.sandbox.problems import RefusalError, forbidden_step, rule_broken
from sekur_sdk.sandbox.store.records import employees, posts, shifts, sites
from sekur_sdk.sandbox.trade import labour
from sekur_sdk.sandbox.trade.steps import Life, step
from sekur_sdk.sandbox.trade.times import check_year

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sekur_sdk.sandbox.access import Caller
    from sekur_sdk.sandbox.inputs.planning import ShiftAssign, ShiftCreate, ShiftReplace, ShiftSwap, ShiftUpdate
    from sekur_sdk.sandbox.store.writer import Transaction

LIFE: Life[ShiftStatus] = {
    ShiftStatus.DRAFT: {
        "publish": ShiftStatus.PUBLISHED,
        "assign": ShiftStatus.DRAFT,
        "unassign": ShiftStatus.DRAFT,
        "swap": ShiftStatus.DRAFT,
        "cancel": ShiftStatus.CANCELLED,
    },
    ShiftStatus.PUBLISHED: {
        "assign": ShiftStatus.PUBLISHED,
        "unassign": ShiftStatus.PUBLISHED,
        "swap": ShiftStatus.ACKNOWLEDGED,
        "acknowledge": ShiftStatus.ACKNOWLEDGED,
        "replace": ShiftStatus.REPLACED,
        "no-show": ShiftStatus.NO_SHOW,
        "cancel": ShiftStatus.CANCELLED,
    },
    ShiftStatus.ACKNOWLEDGED: {
        "assign": ShiftStatus.PUBLISHED,
        "unassign": ShiftStatus.PUBLISHED,
        "swap": ShiftStatus.ACKNOWLEDGED,
        "replace": ShiftStatus.REPLACED,
        "no-show": ShiftStatus.NO_SHOW,
        "cancel": ShiftStatus.CANCELLED,
    },
    ShiftStatus.IN_PROGRESS: {},
    ShiftStatus.DONE: {},
    ShiftStatus.CANCELLED: {},
    ShiftStatus.NO_SHOW: {"replace": ShiftStatus.NO_SHOW},
    ShiftStatus.REPLACED: {},
}
"""The actions of each state; a duty that starts or ends takes its shift along besides."""

STEPS: dict[ShiftStatus, tuple[ShiftStatus, ...]] = {
    ShiftStatus.DRAFT: (ShiftStatus.PUBLISHED, ShiftStatus.CANCELLED),
    ShiftStatus.PUBLISHED: (ShiftStatus.ACKNOWLEDGED, ShiftStatus.IN_PROGRESS, ShiftStatus.CANCELLED),
    ShiftStatus.ACKNOWLEDGED: (ShiftStatus.IN_PROGRESS, ShiftStatus.CANCELLED),
    ShiftStatus.IN_PROGRESS: (ShiftStatus.DONE,),
    ShiftStatus.DONE: (),
    ShiftStatus.CANCELLED: (),
    ShiftStatus.NO_SHOW: (ShiftStatus.IN_PROGRESS,),
    ShiftStatus.REPLACED: (),
}
"""The states that a change of `status` may lead to."""

LONGEST = timedelta(hours=48)
_OVER = (ShiftStatus.DONE, ShiftStatus.CANCELLED, ShiftStatus.NO_SHOW, ShiftStatus.REPLACED)
NOT_WORKED = (ShiftStatus.CANCELLED, ShiftStatus.NO_SHOW, ShiftStatus.REPLACED)
TOLD = (ShiftStatus.PUBLISHED, ShiftStatus.ACKNOWLEDGED)
_OF_INTEREST = ("employee_id", "starts_at", "ends_at")
"""What an employee is told anew when it changes."""


def create_shift(tx: Transaction, data: ShiftCreate, *, at: str = "$", **internal: object) -> Shift:
    """A new draft; `at` is where it stands in the body."""
    post, post_id = post_of(tx, data.site_id, data.post, data.post_id, at=at)
    check_employee(tx, data.employee_id, f"{at}.employee_id")
    wanted = Shift(
        id=tx.new_id(shifts.prefix),
        site_id=data.site_id,
        employee_id=data.employee_id,
        post=post,
        post_id=post_id,
        starts_at=data.starts_at,
        ends_at=data.ends_at,
        break_minutes=data.break_minutes,
        notes=data.notes,
        status=ShiftStatus.DRAFT,
        version=1,
        created_at=tx.now,
        updated_at=tx.now,
    )
    _check_times(wanted, at)
    _refuse_overlap(tx, wanted, f"{at}.starts_at")
    shift = shifts.insert(tx, wanted, **internal)
    tx.record(EventType.SHIFT_CREATED, shift)
    return shift


def update_shift(tx: Transaction, shift: Shift, data: ShiftUpdate) -> Shift:
    """The shift with the sent fields changed; a `status` takes one step. Who was told of it is told anew."""
    changes = data.changes()
    target = changes.pop("status", None)
    if target is not None and target not in STEPS[shift.status]:
        raise forbidden_step("shift", shift.status, STEPS[shift.status], shift)
    if target is None and not changes:
        return shift
    if target is None and shift.status in _OVER:
        raise RefusalError(
            409,
            f"The shift is {shift.status}: it can't be changed any more.",
            allowed=LIFE[shift.status],
            current=shift,
        )
    changes |= _post_changes(tx, shift, changes)
    wanted: Shift = attrs.evolve(shift, **changes)  # type: ignore[arg-type]  # the input class has checked their types
    if shift.status == ShiftStatus.IN_PROGRESS and changes.keys() & {"employee_id", "starts_at"}:
        raise RefusalError(409, "The shift has begun: its end can be changed, not who works it.", current=shift)
    if wanted.employee_id != shift.employee_id:
        check_employee(tx, wanted.employee_id, "$.employee_id")
    _check_times(wanted, "$")
    is_moved = any(getattr(wanted, name) != getattr(shift, name) for name in _OF_INTEREST)
    if is_moved:
        _refuse_overlap(tx, wanted, "$.starts_at" if wanted.employee_id == shift.employee_id else "$.employee_id")
    event = EventType.SHIFT_UPDATED
    if target is not None:
        wanted, event = _stepped(tx, wanted, ShiftStatus(str(target)))
    if wanted.status in TOLD and (is_moved or target == ShiftStatus.PUBLISHED):
        if target != ShiftStatus.ACKNOWLEDGED:
            wanted = published(tx, wanted)
        moved = "employee_id" if wanted.employee_id != shift.employee_id else "starts_at"
        refuse_unfit(tx, [wanted], "$.status" if target == ShiftStatus.PUBLISHED else f"$.{moved}")
    return write_shift(tx, shift, wanted, event)


def assign(tx: Transaction, shift: Shift, data: ShiftAssign, caller: Caller) -> Shift:
    """The shift, given to an employee, who is told of it if it is published."""
    employee_id = data.employee_id
    status = step(LIFE, "shift", shift, "assign")
    check_employee(tx, employee_id, "$.employee_id")
    if shift.employee_id == employee_id:
        return shift
    wanted = attrs.evolve(shift, employee_id=employee_id, status=status)
    _refuse_overlap(tx, wanted, "$.employee_id")
    if status == ShiftStatus.PUBLISHED:
        wanted = published(tx, wanted)
        refuse_unfit(tx, [wanted], "$.employee_id", labour.Acceptance(frozenset(data.accept or ()), caller))
    return write_shift(tx, shift, wanted)


def unassign(tx: Transaction, shift: Shift) -> Shift:
    """The shift, nobody's."""
    status = step(LIFE, "shift", shift, "unassign")
    if shift.employee_id is None:
        return shift
    return write_shift(tx, shift, attrs.evolve(shift, employee_id=None, acknowledged_at=None, status=status))


def acknowledge(tx: Transaction, shift: Shift) -> Shift:
    """The shift, which its employee has seen and takes."""
    step(LIFE, "shift", shift, "acknowledge")
    wanted, event = _stepped(tx, shift, ShiftStatus.ACKNOWLEDGED)
    return write_shift(tx, shift, wanted, event)


def cancel(tx: Transaction, shift: Shift) -> Shift:
    """The shift, given up."""
    return write_shift(tx, shift, attrs.evolve(shift, status=step(LIFE, "shift", shift, "cancel")))


def swap(tx: Transaction, shift: Shift, data: ShiftSwap) -> Shift:
    """The shift, its employee exchanged for that of another shift; both have consented, so that both are acknowledged."""
    status = step(LIFE, "shift", shift, "swap")
    other = shifts.find(tx.connection, data.other_shift_id)
    if other is None:
        raise rule_broken("$.other_shift_id", "There is no such shift")
    if other.employee_id is None or shift.employee_id is None or other.employee_id == shift.employee_id:
        raise rule_broken("$.other_shift_id", "Two shifts of two employees are swapped")
    other_status = step(LIFE, "shift", other, "swap")
    if not data.agreed:
        raise rule_broken("$.agreed", "Shifts are swapped when both employees consent in writing")
    pair = [
        _swapped(tx, shift, other.employee_id, status),
        _swapped(tx, other, shift.employee_id, other_status),
    ]
    for wanted in pair:
        check_employee(tx, wanted.employee_id, "$.other_shift_id")
        _refuse_overlap(tx, wanted, "$.other_shift_id", besides=(shift.id, other.id))
    refuse_unfit(tx, [wanted for wanted in pair if wanted.status != ShiftStatus.DRAFT], "$.other_shift_id")
    write_shift(tx, other, pair[1])
    return write_shift(tx, shift, pair[0])


def miss(tx: Transaction, shift: Shift) -> Shift:
    """The shift, to which its employee did not come."""
    status = step(LIFE, "shift", shift, "no-show")
    if shift.employee_id is None or shift.starts_at > tx.now:
        allowed = [action for action in LIFE[shift.status] if action != "no-show"]
        raise RefusalError(409, "Nobody is missed at a shift before it starts.", allowed=allowed, current=shift)
    return write_shift(tx, shift, attrs.evolve(shift, status=status), EventType.SHIFT_NO_SHOW)


def replace(tx: Transaction, shift: Shift, data: ShiftReplace, caller: Caller) -> Shift:
    """A new shift, published, of who stands in."""
    status = step(LIFE, "shift", shift, "replace")
    table = shifts.table
    stand_in = shifts.first(tx.connection, table.c.replaces_id == shift.id, table.c.status.not_in(NOT_WORKED))
    if stand_in is not None:
        raise RefusalError(409, "Another shift stands in for this one already.", allowed=(), current=shift)
    check_employee(tx, data.employee_id, "$.employee_id")
    if data.employee_id == shift.employee_id:
        raise rule_broken("$.employee_id", "Somebody else stands in")
    starts_at = data.starts_at or shift.starts_at
    is_whole = starts_at == shift.starts_at
    if not is_whole and (shift.status != ShiftStatus.NO_SHOW or not shift.starts_at < starts_at < shift.ends_at):
        raise rule_broken("$.starts_at", "Within the shift that was missed, or from its start on")
    wanted = attrs.evolve(
        shift,
        id=tx.new_id(shifts.prefix),
        employee_id=data.employee_id,
        starts_at=starts_at,
        break_minutes=shift.break_minutes if is_whole else None,
        acknowledged_at=None,
        published_at=tx.now,
        replaces_id=shift.id,
        status=ShiftStatus.PUBLISHED,
        version=1,
        created_at=tx.now,
        updated_at=tx.now,
    )
    _refuse_overlap(tx, wanted, "$.employee_id")
    refuse_unfit(tx, [wanted], "$.employee_id", labour.Acceptance(frozenset(data.accept or ()), caller))
    if status != shift.status:
        write_shift(tx, shift, attrs.evolve(shift, status=status))
    shifts.insert(tx, wanted)
    tx.record(EventType.SHIFT_CREATED, wanted)
    tx.record(EventType.SHIFT_PUBLISHED, wanted)
    return shifts.find(tx.connection, wanted.id) or wanted


def post_of(
    tx: Transaction, site_id: str, name: str | None, post_id: str | None, *, at: str = "$"
) -> tuple[str, str | None]:
    """The name and the id of the post that a body means, by either; a name that no post of the site has stands for itself."""
    site = sites.find(tx.connection, site_id)
    if site is None:
        raise rule_broken(f"{at}.site_id", "There is no such site")
    if site.status == SiteStatus.CLOSED:
        raise rule_broken(f"{at}.site_id", "The site is closed")
    if post_id is not None:
        post = posts.find(tx.connection, post_id)
        if post is None or post.site_id != site_id or post.status != PostStatus.ACTIVE:
            raise rule_broken(f"{at}.post_id", "There is no such post in use at the site")
        return name or post.name, post.id
    if name is None:
        raise rule_broken(f"{at}.post", "Say the post, by its name or its id")
    table = posts.table
    post = posts.first(
        tx.connection, table.c.site_id == site_id, table.c.name == name, table.c.status == PostStatus.ACTIVE
    )
    return name, None if post is None else post.id


def refuse_unfit(
    tx: Transaction, wanted: Sequence[Shift], path: str, accepted: labour.Acceptance | None = None
) -> None:
    """Refuse what the labour check finds, where it stands against publishing and is not accepted."""
    labour.settle(tx, labour.findings(tx.connection, wanted, now=tx.now), lambda _: path, accepted)


def _post_changes(tx: Transaction, shift: Shift, changes: Mapping[str, object]) -> dict[str, object]:
    """What the sent post or its id make of both."""
    if not changes.keys() & {"post", "post_id"}:
        return {}
    post_id = changes.get("post_id")
    name = changes.get("post", shift.post if post_id is None else None)
    found, found_id = post_of(
        tx, shift.site_id, None if name is None else str(name), None if post_id is None else str(post_id)
    )
    # null for the post unlinks the shift, even where its name is that of one
    is_linked = "post_id" not in changes or post_id is not None
    return {"post": found, "post_id": found_id if is_linked else None}


def published(tx: Transaction, shift: Shift) -> Shift:
    """The shift as its employee is told of it now."""
    return attrs.evolve(shift, status=ShiftStatus.PUBLISHED, published_at=tx.now, acknowledged_at=None)


def _swapped(tx: Transaction, shift: Shift, employee_id: str, status: ShiftStatus) -> Shift:
    told = None if status == ShiftStatus.DRAFT else tx.now
    return attrs.evolve(shift, employee_id=employee_id, status=status, published_at=told, acknowledged_at=told)


def _stepped(tx: Transaction, shift: Shift, target: ShiftStatus) -> tuple[Shift, EventType]:
    """The shift in its next state, and the event that tells of it."""
    if target == ShiftStatus.PUBLISHED:
        return attrs.evolve(shift, status=target), EventType.SHIFT_PUBLISHED
    if target == ShiftStatus.ACKNOWLEDGED:
        if shift.employee_id is None:
            raise RefusalError(
                409, "Nobody has the shift: assign it first.", allowed=("assign", "cancel"), current=shift
            )
        return attrs.evolve(shift, status=target, acknowledged_at=tx.now), EventType.SHIFT_ACKNOWLEDGED
    return attrs.evolve(shift, status=target), EventType.SHIFT_UPDATED


def write_shift(tx: Transaction, shift: Shift, wanted: Shift, event: EventType = EventType.SHIFT_UPDATED) -> Shift:
    """Write what differs, and tell of it."""
    changes = {name: getattr(wanted, name) for name in shifts.fields if getattr(wanted, name) != getattr(shift, name)}
    changed = shifts.update(tx, shift, **changes)
    if changes.keys() & set(_OF_INTEREST):
        table = shifts.table
        tx.connection.execute(sa.update(table).where(table.c.id == shift.id).values(late_told_at=None))
    tx.record(event, changed)
    return changed


def check_employee(tx: Transaction, employee_id: str | None, path: str) -> None:
    """Refuse an employee who is not at work; nobody is fine."""
    if employee_id is None:
        return
    employee = employees.find(tx.connection, employee_id)
    if employee is None:
        raise rule_broken(path, "There is no such employee")
    if employee.status != EmployeeStatus.ACTIVE:
        raise rule_broken(path, "The employee is not active")


def _check_times(shift: Shift, at: str) -> None:
    check_year(shift.starts_at, f"{at}.starts_at")
    check_year(shift.ends_at, f"{at}.ends_at")
    if shift.ends_at <= shift.starts_at:
        raise rule_broken(f"{at}.ends_at", "A shift ends after it starts")
    if shift.ends_at - shift.starts_at > LONGEST:
        raise rule_broken(f"{at}.ends_at", f"A shift lasts at most {LONGEST // timedelta(hours=1)} hours")
    if (shift.break_minutes or 0) * 60 >= (shift.ends_at - shift.starts_at).total_seconds():
        raise rule_broken(f"{at}.break_minutes", "A break is shorter than its shift")


def _refuse_overlap(tx: Transaction, wanted: Shift, path: str, *, besides: tuple[str, ...] = ()) -> None:
    table = shifts.table
    if wanted.employee_id is None:
        return
    other = shifts.first(
        tx.connection,
        table.c.employee_id == wanted.employee_id,
        table.c.starts_at < wanted.ends_at,
        table.c.ends_at > wanted.starts_at,
        table.c.id.not_in((wanted.id, *besides)),
        table.c.status.not_in(NOT_WORKED),
    )
    if other is not None:
        raise rule_broken(path, "The employee has another shift at that time")
