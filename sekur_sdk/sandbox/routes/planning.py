"""Shifts, absences, cycles, the calendar."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any

from litestar import Request, Response, get, patch, post
from litestar.concurrency import sync_to_thread
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, HeaderParameter, JSONBody

from sekur_sdk.models.paging import Page
from sekur_sdk.models.planning import PlannedShifts, Shift, ShiftStatus
from sekur_sdk.sandbox.access import needs
from sekur_sdk.sandbox.idempotency import Change, make_change
from sekur_sdk.sandbox.inputs.billing import Nothing
from sekur_sdk.sandbox.inputs.body import Body
from sekur_sdk.sandbox.inputs.planning import (
    AbsenceCreate,
    AbsenceDecide,
    AbsenceKindName,
    AbsenceStatusName,
    AbsenceUpdate,
    CycleCreate,
    CycleGenerate,
    CycleStatusName,
    CycleUpdate,
    ShiftAssign,
    ShiftCreate,
    ShiftPublish,
    ShiftReplace,
    ShiftsCreate,
    ShiftSelection,
    ShiftStatusName,
    ShiftSwap,
    ShiftUpdate,
)
from sekur_sdk.sandbox.paging import Listing, PageQuery, aware
from sekur_sdk.sandbox.problems import declared
from sekur_sdk.sandbox.routes.reading import at_or_after, before, equals, listed, one
from sekur_sdk.sandbox.routes.resource import Filter, Routes
from sekur_sdk.sandbox.store.database import Store
from sekur_sdk.sandbox.store.records import absences, cycles, shifts, sites
from sekur_sdk.sandbox.trade import absences as leave
from sekur_sdk.sandbox.trade import cycles as patterns
from sekur_sdk.sandbox.trade import planning, roster
from sekur_sdk.sandbox.trade.calendar_feed import calendar_of
from sekur_sdk.sandbox.trade.planning_import import import_shifts as import_csv
from sekur_sdk.sandbox.trade.references import get as find

if TYPE_CHECKING:
    from sekur_sdk.sandbox.store.writer import Transaction

_SHIFTS = Listing(
    shifts, sorts=("starts_at", "ends_at", "created_at", "updated_at"), default="starts_at", changed="updated_at"
)

_SHOWN_FOR = timedelta(days=31)


@get(
    "/shifts",
    guards=[needs("planning:read")],
    sync_to_thread=True,
    operation_id="list_shifts",
    opt=_SHIFTS.told,
    responses=declared(400, 401, 403),
)
def list_shifts(
    store: NamedDependency[Store],
    paging: NamedDependency[PageQuery],
    site_id: FromQuery[str | None] = None,
    employee_id: FromQuery[str | None] = None,
    status: FromQuery[ShiftStatusName | None] = None,
    starts_from: FromQuery[datetime | None] = None,
    starts_before: FromQuery[datetime | None] = None,
) -> Response[Page[Shift]]:
    """The shifts, by their start."""
    table = shifts.table
    return listed(
        store,
        _SHIFTS,
        paging,
        equals(table.c.site_id, site_id),
        equals(table.c.employee_id, employee_id),
        equals(table.c.status, status),
        at_or_after(table.c.starts_at, "starts_from", starts_from),
        before(table.c.starts_at, "starts_before", starts_before),
    )


@get(
    "/shifts/{id:str}",
    guards=[needs("planning:read")],
    sync_to_thread=True,
    operation_id="get_shift",
    responses=declared(400, 401, 403, 404),
)
def get_shift(store: NamedDependency[Store], id: FromPath[str]) -> Response[Shift]:  # noqa: A002  # the path parameter's name in the contract
    """One shift."""
    return one(store, shifts, id, "shift")


@post(
    "/shifts",
    guards=[needs("planning:write")],
    dto=Body[ShiftCreate],
    return_dto=None,
    sync_to_thread=True,
    operation_id="create_shift",
    responses=declared(400, 401, 403, 409, 422),
)
def create_shift(data: JSONBody[ShiftCreate], change: NamedDependency[Change]) -> Response[Shift]:
    """A new shift, a draft."""
    return change.created(lambda tx: planning.create_shift(tx, data), "/api/v1/shifts")


@patch(
    "/shifts/{id:str}",
    guards=[needs("planning:write")],
    dto=Body[ShiftUpdate],
    return_dto=None,
    sync_to_thread=True,
    operation_id="update_shift",
    responses=declared(400, 401, 403, 404, 409, 412, 422, 428),
)
def update_shift(id: FromPath[str], data: JSONBody[ShiftUpdate], change: NamedDependency[Change]) -> Response[Shift]:  # noqa: A002  # as above
    """The shift with the sent fields changed."""

    def update(tx: Transaction) -> Shift:
        shift = find(tx.connection, shifts, id, "shift")
        change.require_version(shift)
        return planning.update_shift(tx, shift, data)

    return change.done(update)


@post(
    "/shifts/bulk",
    guards=[needs("planning:write")],
    dto=Body[ShiftsCreate],
    return_dto=None,
    status_code=200,
    sync_to_thread=True,
    operation_id="create_shifts",
    responses=declared(400, 401, 403, 409, 422),
)
def create_shifts(data: JSONBody[ShiftsCreate], change: NamedDependency[Change]) -> Response[PlannedShifts]:
    """New shifts, drafts, all of them or none."""
    return change.done(lambda tx: roster.create_shifts(tx, data.shifts))


@post(
    "/shifts/import",
    guards=[needs("planning:write")],
    status_code=200,
    operation_id="import_shifts",
    responses=declared(400, 401, 403, 409, 413, 422),
)
async def import_shifts(
    request: Request[Any, Any, Any],
    idempotency_key: Annotated[str | None, HeaderParameter(name="Idempotency-Key")] = None,
) -> Response[PlannedShifts]:
    """New shifts, drafts, from a CSV file; all of them or none."""
    content = b"".join([piece async for piece in request.stream()])
    change = make_change(request, key=idempotency_key, body=content, if_match=None)
    return await sync_to_thread(lambda: change.done(lambda tx: import_csv(tx, content)))


@post(
    "/shifts/check",
    guards=[needs("planning:read")],
    dto=Body[ShiftSelection],
    return_dto=None,
    status_code=200,
    sync_to_thread=True,
    operation_id="check_shifts",
    responses=declared(400, 401, 403, 409, 422),
)
def check_shifts(data: JSONBody[ShiftSelection], change: NamedDependency[Change]) -> Response[PlannedShifts]:
    """Shifts and what their labour check finds."""
    return change.done(lambda tx: roster.check(tx, data))


@post(
    "/shifts/publish",
    guards=[needs("planning:write")],
    dto=Body[ShiftPublish],
    return_dto=None,
    status_code=200,
    sync_to_thread=True,
    operation_id="publish_shifts",
    responses=declared(400, 401, 403, 409, 422),
)
def publish_shifts(data: JSONBody[ShiftPublish], change: NamedDependency[Change]) -> Response[PlannedShifts]:
    """Shifts, published after their labour check, all of them or none."""
    return change.done(lambda tx: roster.publish(tx, data, change.caller))


@get(
    "/planning/ics",
    guards=[needs("planning:read")],
    media_type="text/calendar",
    sync_to_thread=True,
    operation_id="get_calendar",
    responses=declared(400, 401, 403),
)
def get_calendar(
    store: NamedDependency[Store],
    site_id: FromQuery[str | None] = None,
    employee_id: FromQuery[str | None] = None,
    starts_from: FromQuery[datetime | None] = None,
    starts_before: FromQuery[datetime | None] = None,
) -> Response[bytes]:
    """The planning as a calendar (RFC 5545), from a month ago on unless told; drafts are not in it."""
    table = shifts.table
    conditions = (
        table.c.status != ShiftStatus.DRAFT,
        equals(table.c.site_id, site_id),
        equals(table.c.employee_id, employee_id),
        at_or_after(table.c.starts_at, "starts_from", starts_from or store.now() - _SHOWN_FOR),
        before(table.c.starts_at, "starts_before", starts_before),
    )
    with store.read() as connection:
        found = shifts.all(connection, *(condition for condition in conditions if condition is not None))
        known = {site.id: site for site in sites.all(connection)}
    return Response(calendar_of(found, known), media_type="text/calendar")


_ROUTES = Routes(path="/shifts", module="planning", what="shift", records=shifts)
_ABSENCES = Routes(path="/absences", module="planning", what="absence", records=absences)
_CYCLES = Routes(path="/cycles", module="planning", what="cycle", records=cycles)
_TIMES = ("created_at", "updated_at")


HANDLERS = (
    list_shifts,
    get_shift,
    create_shift,
    create_shifts,
    import_shifts,
    check_shifts,
    publish_shifts,
    get_calendar,
    update_shift,
    _ROUTES.step(
        "assign", ShiftAssign, lambda tx, shift, data, change: planning.assign(tx, shift, data, change.caller)
    ),
    _ROUTES.step("unassign", Nothing, lambda tx, shift, *_: planning.unassign(tx, shift)),
    _ROUTES.step("acknowledge", Nothing, lambda tx, shift, *_: planning.acknowledge(tx, shift)),
    _ROUTES.step("swap", ShiftSwap, lambda tx, shift, data, _: planning.swap(tx, shift, data)),
    _ROUTES.step("no-show", Nothing, lambda tx, shift, *_: planning.miss(tx, shift)),
    _ROUTES.step(
        "replace", ShiftReplace, lambda tx, shift, data, change: planning.replace(tx, shift, data, change.caller)
    ),
    _ROUTES.step("cancel", Nothing, lambda tx, shift, *_: planning.cancel(tx, shift)),
    _ABSENCES.list(
        sorts=("starts_at", "ends_at", *_TIMES),
        default="starts_at",
        equal={"employee_id": str, "kind": AbsenceKindName, "status": AbsenceStatusName},
        more={
            "ends_from": Filter(datetime, lambda at, _: absences.table.c.ends_at >= aware("ends_from", at)),
            "starts_before": Filter(datetime, lambda at, _: absences.table.c.starts_at < aware("starts_before", at)),
        },
    ),
    _ABSENCES.get(),
    _ABSENCES.create(AbsenceCreate, lambda tx, data, _: leave.create_absence(tx, data)),
    _ABSENCES.update(AbsenceUpdate, lambda tx, absence, data, _: leave.update_absence(tx, absence, data)),
    _ABSENCES.step(
        "approve",
        AbsenceDecide,
        lambda tx, absence, data, change: leave.decide(tx, absence, "approve", by=data.by or change.caller.name),
    ),
    _ABSENCES.step(
        "refuse",
        AbsenceDecide,
        lambda tx, absence, data, change: leave.decide(tx, absence, "refuse", by=data.by or change.caller.name),
    ),
    _ABSENCES.step("cancel", Nothing, lambda tx, absence, *_: leave.cancel(tx, absence)),
    _CYCLES.list(sorts=("name", *_TIMES), equal={"site_id": str, "status": CycleStatusName}),
    _CYCLES.get(),
    _CYCLES.create(CycleCreate, lambda tx, data, _: patterns.create_cycle(tx, data)),
    _CYCLES.update(CycleUpdate, lambda tx, cycle, data, _: patterns.update_cycle(tx, cycle, data)),
    _CYCLES.step(
        "generate", CycleGenerate, lambda tx, cycle, data, _: patterns.generate(tx, cycle, data), answer=PlannedShifts
    ),
    _CYCLES.step("archive", Nothing, lambda tx, cycle, *_: patterns.step_cycle(tx, cycle, "archive")),
    _CYCLES.step("restore", Nothing, lambda tx, cycle, *_: patterns.step_cycle(tx, cycle, "restore")),
)
